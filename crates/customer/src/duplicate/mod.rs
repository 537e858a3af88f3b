//! Two records that are probably one, found by a scan: with how sure that is, and why. Seen by whoever sees both.
//!
//! What a new record is refused for and what a scan finds is one likeness ([`likeness`]). Pairs that somebody has dismissed
//! are not found again; those that became one say so by themselves, and are open again when that is undone.
mod deeds;
pub(crate) mod likeness;
mod scan;
mod store;

pub use crate::schema::duplicate_candidates::table as Table;
pub use deeds::{begin, dismiss};
pub use scan::{KIND, run};
pub use store::{find, list};

use crate::choices::one_of;
use crate::schema::duplicate_candidates;
use chrono::{DateTime, Utc};
use diesel::prelude::{Queryable, Selectable};
use kernel::catalogue::{Catalogue, Field, Kind as Holds, Owned};
use kernel::{DuplicateCandidateId, Noun, Record, Tidy};
use likeness::Reasons;
use platform::filter::Listed;
use rust_decimal::Decimal;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use uuid::Uuid;
use validator::{Validate, ValidationError};

pub const RESOURCES: &[&str] = &["account", "contact"];
pub const STATUSES: &[&str] = &["open", "merged", "dismissed"];

/// Two records that are probably one.
#[derive(Clone, Debug, Queryable, Selectable, Serialize, ToSchema)]
#[diesel(table_name = duplicate_candidates, check_for_backend(diesel::pg::Pg))]
#[schema(example = json!({
    "id": "0192f0c1-0000-7000-8000-0000000000e2", "resource": "contact",
    "record_id": "0192f0c1-7a3b-7c4d-8e5f-a1b2c3d4e5f6", "other_id": "0192f0c1-7a3b-7c4d-8e5f-a1b2c3d4e5f7",
    "score": "0.900", "reasons": [{"field": "phone", "kind": "same", "weight": "0.6"}], "status": "open", "version": 1,
    "created_at": "2026-11-26T08:00:00Z", "updated_at": "2026-11-26T08:00:00Z"
}))]
pub struct DuplicateCandidate {
    pub id: DuplicateCandidateId,
    /// of which noun: `account` or `contact`
    #[schema(example = "contact")]
    pub resource: String,
    pub record_id: Uuid,
    pub other_id: Uuid,
    /// how sure it is that they are one, from 0 to 1
    #[schema(value_type = String, example = "0.900")]
    pub score: Decimal,
    /// what agrees
    #[schema(value_type = Vec<likeness::DuplicateReason>)]
    pub reasons: Reasons,
    /// `open`, `merged` or `dismissed`
    #[schema(example = "open")]
    pub status: String,
    pub version: i32,
    pub created_at: DateTime<Utc>,
    pub updated_at: DateTime<Utc>,
}

/// A look for records that are probably one.
#[derive(Clone, Debug, Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({"resource": "contact"}))]
pub struct DuplicateScan {
    /// of which noun: `account` or `contact`
    #[validate(custom(function = "is_resource"))]
    #[schema(example = "contact")]
    pub resource: String,
}
impl Tidy for DuplicateScan {}

fn is_resource(text: &str) -> Result<(), ValidationError> {
    one_of(text, RESOURCES)
}

pub static CATALOGUE: Catalogue = Catalogue {
    noun: "duplicate_candidate",
    table: "duplicate_candidates",
    fields: &[
        Field::new("id", Holds::Id),
        Field::new("resource", Holds::Choice(RESOURCES)),
        Field::new("record_id", Holds::Id),
        Field::new("other_id", Holds::Id),
        Field::new("score", Holds::Decimal),
        Field::new("reasons", Holds::Text).unfilterable().unsortable(),
        Field::new("status", Holds::Choice(STATUSES)),
        Field::new("version", Holds::Int),
        Field::new("created_at", Holds::Instant),
        Field::new("updated_at", Holds::Instant),
    ],
    relations: &[],
    custom: None,
    owned: Owned::Shared,
};

impl Noun for DuplicateCandidate {
    const NAME: &'static str = "duplicate_candidate";
}
impl Record for DuplicateCandidate {
    type Id = DuplicateCandidateId;
    fn id(&self) -> DuplicateCandidateId {
        self.id
    }
    fn version(&self) -> i32 {
        self.version
    }
}
impl Listed for duplicate_candidates::table {
    const CATALOGUE: &'static Catalogue = &CATALOGUE;
    const ENDURES: bool = true;
}
