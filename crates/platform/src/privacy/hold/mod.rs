//! A legal hold keeps somebody's data where it is until it is released: erasure and retention stop there.
mod store;

pub(in crate::privacy) use store::known;
pub use store::{create, find, list, on, refuse, release, subject, update};

use crate::filter::Listed;
use crate::schema::legal_holds;
use chrono::{DateTime, Utc};
use diesel::prelude::{AsChangeset, Queryable, Selectable};
use kernel::catalogue::{Catalogue, Field, Kind as Holds, Owned, Relation, Searched};
use kernel::{Code, Kind, LegalHoldId, Noun, Record, Tidy, UserId, patch, rule, tidy};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use uuid::Uuid;
use validator::{Validate, ValidationError};

pub use crate::schema::legal_holds::table as Table;

pub const HELD: Code =
    Code::new("legal_hold", Kind::Conflict, "A legal hold keeps this data: `existing` says which; nothing was erased.");
pub const RELEASED: Code = Code::new("legal_hold_released", Kind::Conflict, "The legal hold was released before.");
pub const CODES: &[Code] = &[HELD, RELEASED];

/// Who may be meant.
pub const SUBJECTS: &[&str] = &["contact", "account", "lead", "user"];

/// What keeps somebody's data where it is.
#[derive(Clone, Debug, Queryable, Selectable, Serialize, ToSchema)]
#[diesel(table_name = legal_holds, check_for_backend(diesel::pg::Pg))]
#[schema(example = json!({
    "id": "0192f0c1-7777-7000-8000-000000000008", "subject_kind": "contact",
    "subject_id": "0192f0c1-7a3b-7c4d-8e5f-a1b2c3d4e5f6", "reason": "law suit 12/2026", "released_at": null,
    "released_by": null, "version": 1, "created_at": "2026-11-21T08:00:00Z", "updated_at": "2026-11-21T08:00:00Z",
    "created_by": "0192f0c1-0000-7000-8000-000000000001", "updated_by": "0192f0c1-0000-7000-8000-000000000001",
    "deleted_at": null
}))]
pub struct LegalHold {
    pub id: LegalHoldId,
    #[schema(example = "contact")]
    pub subject_kind: String,
    pub subject_id: Uuid,
    pub reason: String,
    /// from when on it holds nothing any more
    pub released_at: Option<DateTime<Utc>>,
    pub released_by: Option<UserId>,
    pub version: i32,
    pub created_at: DateTime<Utc>,
    pub updated_at: DateTime<Utc>,
    pub created_by: UserId,
    pub updated_by: UserId,
    pub deleted_at: Option<DateTime<Utc>>,
}

/// What a new legal hold is made of.
#[derive(Clone, Debug, Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({
    "subject_kind": "contact", "subject_id": "0192f0c1-7a3b-7c4d-8e5f-a1b2c3d4e5f6", "reason": "law suit 12/2026"
}))]
pub struct NewLegalHold {
    #[validate(custom(function = "kernel::id::is_of_its_time"))]
    pub id: Option<LegalHoldId>,
    #[validate(custom(function = "is_subject"))]
    #[schema(example = "contact")]
    pub subject_kind: String,
    pub subject_id: Uuid,
    #[validate(length(max = 2000), custom(function = "tidy::is_filled"))]
    #[schema(min_length = 1, max_length = 2000)]
    pub reason: String,
}

/// A merge patch.
#[derive(Clone, Debug, Default, Deserialize, AsChangeset, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
#[diesel(table_name = legal_holds)]
#[schema(example = json!({"reason": "law suit 12/2026, second instance"}))]
pub struct LegalHoldPatch {
    #[serde(default, deserialize_with = "patch::value")]
    #[validate(length(max = 2000), custom(function = "tidy::is_filled"))]
    #[schema(value_type = String, required = false, min_length = 1, max_length = 2000)]
    pub reason: Option<String>,
}

pub static CATALOGUE: Catalogue = Catalogue {
    noun: "legal_hold",
    table: "legal_holds",
    fields: &[
        Field::new("id", Holds::Id),
        Field::new("subject_kind", Holds::Choice(SUBJECTS)),
        Field::new("subject_id", Holds::Id),
        Field::new("reason", Holds::Text).searched(Searched::Text),
        Field::new("released_at", Holds::Instant).nullable(),
        Field::new("released_by", Holds::Id).nullable(),
        Field::new("version", Holds::Int),
        Field::new("created_at", Holds::Instant),
        Field::new("updated_at", Holds::Instant),
        Field::new("created_by", Holds::Id),
        Field::new("updated_by", Holds::Id),
        Field::new("deleted_at", Holds::Instant).nullable(),
    ],
    relations: &[Relation::one("creator", "user", "created_by")],
    custom: None,
    owned: Owned::Shared,
};

impl Noun for LegalHold {
    const NAME: &'static str = "legal_hold";
}
impl Record for LegalHold {
    type Id = LegalHoldId;
    fn id(&self) -> LegalHoldId {
        self.id
    }
    fn version(&self) -> i32 {
        self.version
    }
}
impl Listed for legal_holds::table {
    const CATALOGUE: &'static Catalogue = &CATALOGUE;
}
impl Tidy for NewLegalHold {
    fn tidy(&mut self) {
        tidy::trim(&mut self.reason);
    }
}
impl Tidy for LegalHoldPatch {
    fn tidy(&mut self) {
        self.reason.iter_mut().for_each(tidy::trim);
    }
}

pub(super) fn is_subject(kind: &str) -> std::result::Result<(), ValidationError> {
    match SUBJECTS.contains(&kind) {
        true => Ok(()),
        false => Err(rule!("choice", "is none of {choices}", choices = "contact, account, user")),
    }
}
