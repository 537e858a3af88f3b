//! Who takes part in a sale, and as what. One contact may be the primary one. It is part of the opportunity: whatever changes
//! here is a change of that.
mod deeds;
mod store;

pub use super::schema::opportunity_contacts::table as Table;
pub use deeds::{add, find, of, remove, update};
pub use store::{list, of_all};

use super::schema::opportunity_contacts;
use chrono::{DateTime, Utc};
use customer::choices::one_of;
use diesel::prelude::{AsChangeset, Queryable, Selectable};
use kernel::catalogue::{Catalogue, Field, Kind as Holds, Owned, Relation};
use kernel::{ContactId, Noun, OpportunityContactId, OpportunityId, Record, Tidy, patch};
use platform::filter::Listed;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use validator::{Validate, ValidationError};

pub const ROLES: &[&str] =
    &["decision_maker", "economic_buyer", "influencer", "champion", "evaluator", "user", "blocker", "other"];

/// That a contact takes part in a sale.
#[derive(Clone, Debug, Queryable, Selectable, Serialize, ToSchema)]
#[diesel(table_name = opportunity_contacts, check_for_backend(diesel::pg::Pg))]
#[schema(example = json!({
    "id": "0192f0c1-6666-7000-8000-000000000012", "opportunity_id": "0192f0c1-6666-7000-8000-00000000000e",
    "contact_id": "0192f0c1-7a3b-7c4d-8e5f-a1b2c3d4e5f6", "role": "champion", "is_primary": true, "version": 1,
    "created_at": "2026-11-21T08:00:00Z", "updated_at": "2026-11-21T08:00:00Z"
}))]
pub struct OpportunityContact {
    pub id: OpportunityContactId,
    pub opportunity_id: OpportunityId,
    pub contact_id: ContactId,
    #[schema(example = "champion")]
    pub role: Option<String>,
    pub is_primary: bool,
    pub version: i32,
    pub created_at: DateTime<Utc>,
    pub updated_at: DateTime<Utc>,
}

/// Who takes part, and as what.
#[derive(Clone, Debug, Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({"contact_id": "0192f0c1-7a3b-7c4d-8e5f-a1b2c3d4e5f6", "role": "decision_maker"}))]
pub struct NewOpportunityContact {
    pub contact_id: ContactId,
    #[validate(custom(function = "is_role"))]
    #[schema(example = "decision_maker")]
    pub role: Option<String>,
    /// takes the place of the one that is
    #[serde(default)]
    pub is_primary: bool,
}

/// A merge patch of how somebody takes part.
#[derive(Clone, Debug, Default, Deserialize, AsChangeset, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
#[diesel(table_name = opportunity_contacts)]
#[schema(example = json!({"role": "champion", "is_primary": true}))]
pub struct OpportunityContactPatch {
    #[serde(default, deserialize_with = "patch::nullable")]
    #[validate(custom(function = "is_role"))]
    #[schema(value_type = Option<String>)]
    pub role: Option<Option<String>>,
    #[serde(default, deserialize_with = "patch::value")]
    #[schema(value_type = bool, required = false)]
    pub is_primary: Option<bool>,
}

pub static CATALOGUE: Catalogue = Catalogue {
    noun: "opportunity_contact",
    table: "opportunity_contacts",
    fields: &[
        Field::new("id", Holds::Id),
        Field::new("opportunity_id", Holds::Id),
        Field::new("contact_id", Holds::Id),
        Field::new("role", Holds::Choice(ROLES)).nullable(),
        Field::new("is_primary", Holds::Bool),
        Field::new("version", Holds::Int),
        Field::new("created_at", Holds::Instant),
        Field::new("updated_at", Holds::Instant),
    ],
    relations: &[
        Relation::one("opportunity", "opportunity", "opportunity_id"),
        Relation::one("contact", "contact", "contact_id"),
    ],
    custom: None,
    owned: Owned::Part { of: "opportunity", column: "opportunity_id" },
};

impl Noun for OpportunityContact {
    const NAME: &'static str = "opportunity_contact";
}
impl Record for OpportunityContact {
    type Id = OpportunityContactId;
    fn id(&self) -> OpportunityContactId {
        self.id
    }
    fn version(&self) -> i32 {
        self.version
    }
}
impl Listed for opportunity_contacts::table {
    const CATALOGUE: &'static Catalogue = &CATALOGUE;
    const ENDURES: bool = true;
}
impl Tidy for NewOpportunityContact {}
impl Tidy for OpportunityContactPatch {}

fn is_role(text: &str) -> Result<(), ValidationError> {
    one_of(text, ROLES)
}
