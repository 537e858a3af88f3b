//! A suppression says that nothing goes to an address or a number: for one purpose, or for all. It is about the address
//! and not about a record, so that it holds for whoever comes to have it, and outlives who was erased: an address is known
//! again by its digest, which needs the secret of the server ([`Digests`]).
//!
//! It belongs to nobody. What a bounce, a complaint or a word of the reader brought about is written by the house itself.
mod deeds;
mod store;

pub use crate::schema::suppressions::table as Table;
pub use deeds::{Digests, create, find, remove, update};
pub use store::list;
pub(crate) use store::{Cause, among, lift, put};

use crate::schema::suppressions;
use chrono::{DateTime, Utc};
use customer::choices::one_of;
use diesel::prelude::{AsChangeset, Queryable, Selectable};
use kernel::catalogue::{Catalogue, Field, Kind as Holds, Owned, Relation};
use kernel::{Code, ContactId, Kind, Noun, Record, SuppressionId, Tidy, UserId, patch, tidy};
use platform::filter::Listed;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use validator::{Validate, ValidationError};

pub const TAKEN: Code = Code::new(
    "suppression_taken",
    Kind::Conflict,
    "The address is suppressed already for this purpose, or for all: `existing` says by which suppression.",
);
pub const CODES: &[Code] = &[TAKEN];

pub const CHANNELS: &[&str] = &["email", "sms"];
pub const REASONS: &[&str] = &["hard_bounce", "complaint", "unsubscribed", "manual", "legal"];
/// What somebody may say by hand.
const BY_HAND: &[&str] = &["manual", "legal"];

/// That nothing goes to an address or a number.
#[derive(Clone, Debug, Queryable, Selectable, Serialize, ToSchema)]
#[diesel(table_name = suppressions, check_for_backend(diesel::pg::Pg))]
#[schema(example = json!({
    "id": "0192f0c1-b0b0-7000-8000-000000000005", "channel": "email", "address": "wang.wei@example.cn",
    "contact_id": "0192f0c1-7a3b-7c4d-8e5f-a1b2c3d4e5f6", "reason": "unsubscribed", "purpose": "newsletter",
    "note": null, "version": 1, "created_at": "2026-11-27T08:00:00Z", "updated_at": "2026-11-27T08:00:00Z",
    "created_by": "0192f0c1-0000-7000-8000-000000000001", "updated_by": "0192f0c1-0000-7000-8000-000000000001"
}))]
pub struct Suppression {
    pub id: SuppressionId,
    #[schema(example = "email")]
    pub channel: String,
    /// the address or number; null once whoever had it was erased: it is suppressed all the same
    pub address: Option<String>,
    /// by whose delivery it came, where it did
    pub contact_id: Option<ContactId>,
    #[schema(example = "unsubscribed")]
    pub reason: String,
    /// the one for which it is; null: for all
    #[schema(example = "newsletter")]
    pub purpose: Option<String>,
    pub note: Option<String>,
    pub version: i32,
    pub created_at: DateTime<Utc>,
    pub updated_at: DateTime<Utc>,
    pub created_by: UserId,
    pub updated_by: UserId,
}

/// An address or a number that nothing is to go to.
#[derive(Clone, Debug, Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({"channel": "email", "address": "wang.wei@example.cn", "reason": "legal"}))]
pub struct NewSuppression {
    #[validate(custom(function = "is_channel"))]
    #[schema(example = "email")]
    pub channel: String,
    /// an e-mail address, or a number in E.164
    #[validate(length(min = 3, max = 254))]
    #[schema(min_length = 3, max_length = 254)]
    pub address: String,
    /// `manual` or `legal`
    #[serde(default = "manual")]
    #[validate(custom(function = "is_by_hand"))]
    #[schema(default = "manual", required = false)]
    pub reason: String,
    /// for all, where it is absent
    #[validate(length(min = 1, max = 40))]
    #[schema(min_length = 1, max_length = 40)]
    pub purpose: Option<String>,
    #[validate(length(max = 1000))]
    #[schema(max_length = 1000)]
    pub note: Option<String>,
}

/// A merge patch: whom it is about and why stays.
#[derive(Clone, Debug, Default, Deserialize, AsChangeset, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
#[diesel(table_name = suppressions)]
#[schema(example = json!({"note": "asked by phone"}))]
pub struct SuppressionPatch {
    #[serde(default, deserialize_with = "patch::nullable")]
    #[validate(length(max = 1000))]
    #[schema(value_type = Option<String>, max_length = 1000)]
    pub note: Option<Option<String>>,
}

pub static CATALOGUE: Catalogue = Catalogue {
    noun: "suppression",
    table: "suppressions",
    fields: &[
        Field::new("id", Holds::Id),
        Field::new("channel", Holds::Choice(CHANNELS)),
        Field::new("address", Holds::Text).nullable(),
        Field::new("contact_id", Holds::Id).nullable(),
        Field::new("reason", Holds::Choice(REASONS)),
        Field::new("purpose", Holds::Text).nullable(),
        Field::new("note", Holds::Text).nullable().unsortable(),
        Field::new("version", Holds::Int),
        Field::new("created_at", Holds::Instant),
        Field::new("updated_at", Holds::Instant),
        Field::new("created_by", Holds::Id),
        Field::new("updated_by", Holds::Id),
    ],
    relations: &[Relation::one("contact", "contact", "contact_id")],
    custom: None,
    owned: Owned::Shared,
};

impl Noun for Suppression {
    const NAME: &'static str = "suppression";
}
impl Record for Suppression {
    type Id = SuppressionId;
    fn id(&self) -> SuppressionId {
        self.id
    }
    fn version(&self) -> i32 {
        self.version
    }
}
impl Listed for suppressions::table {
    const CATALOGUE: &'static Catalogue = &CATALOGUE;
    const ENDURES: bool = true;
}
impl Tidy for NewSuppression {
    fn tidy(&mut self) {
        tidy::trim(&mut self.address);
        self.purpose.iter_mut().for_each(tidy::trim);
    }
}
impl Tidy for SuppressionPatch {}

fn manual() -> String {
    "manual".to_owned()
}
fn is_channel(text: &str) -> Result<(), ValidationError> {
    one_of(text, CHANNELS)
}
fn is_by_hand(text: &str) -> Result<(), ValidationError> {
    one_of(text, BY_HAND)
}
