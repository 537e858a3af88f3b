//! Whom a campaign is meant for, a contact or a lead, and what came of it. It is part of the campaign: whatever somebody
//! changes here is a change of that. Nobody is in a campaign twice.
mod deeds;
mod store;

pub use crate::schema::campaign_members::table as Table;
pub use deeds::{add, find, remove, update};
pub use store::list;
pub(crate) use store::reach;

use crate::schema::campaign_members;
use chrono::{DateTime, Utc};
use customer::choices::one_of;
use diesel::prelude::{AsChangeset, Queryable, Selectable};
use kernel::catalogue::{Catalogue, Field, Kind as Holds, Owned, Relation};
use kernel::{CampaignId, CampaignMemberId, Code, ContactId, Kind, LeadId, Noun, Record, Tidy, patch, rule};
use platform::filter::Listed;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use validator::{Validate, ValidationError};

pub const TAKEN: Code = Code::new(
    "campaign_member_taken",
    Kind::Conflict,
    "The contact or lead is in the campaign already: `existing` says as which member.",
);

pub const STATUSES: &[&str] =
    &["targeted", "sent", "opened", "clicked", "responded", "converted", "bounced", "unsubscribed"];

/// Somebody whom a campaign is meant for.
#[derive(Clone, Debug, Queryable, Selectable, Serialize, ToSchema)]
#[diesel(table_name = campaign_members, check_for_backend(diesel::pg::Pg))]
#[schema(example = json!({
    "id": "0192f0c1-b0b0-7000-8000-000000000003", "campaign_id": "0192f0c1-b0b0-7000-8000-000000000002",
    "contact_id": "0192f0c1-7a3b-7c4d-8e5f-a1b2c3d4e5f6", "lead_id": null, "status": "responded",
    "responded_at": "2026-11-27T09:00:00Z", "version": 2, "created_at": "2026-11-27T08:00:00Z",
    "updated_at": "2026-11-27T09:00:00Z"
}))]
pub struct CampaignMember {
    pub id: CampaignMemberId,
    pub campaign_id: CampaignId,
    /// a contact, or else a lead
    pub contact_id: Option<ContactId>,
    pub lead_id: Option<LeadId>,
    #[schema(example = "responded")]
    pub status: String,
    /// when they responded first
    pub responded_at: Option<DateTime<Utc>>,
    pub version: i32,
    pub created_at: DateTime<Utc>,
    pub updated_at: DateTime<Utc>,
}

/// Whom a campaign is meant for: a contact or a lead.
#[derive(Clone, Debug, Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
#[validate(schema(function = "is_one", skip_on_field_errors = false))]
#[schema(example = json!({"contact_id": "0192f0c1-7a3b-7c4d-8e5f-a1b2c3d4e5f6"}))]
pub struct NewCampaignMember {
    pub contact_id: Option<ContactId>,
    pub lead_id: Option<LeadId>,
    /// `targeted`, unless said otherwise
    #[validate(custom(function = "is_status"))]
    #[schema(example = "targeted")]
    pub status: Option<String>,
}

/// A merge patch of what came of it.
#[derive(Clone, Debug, Default, Deserialize, AsChangeset, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
#[diesel(table_name = campaign_members)]
#[schema(example = json!({"status": "responded"}))]
pub struct CampaignMemberPatch {
    #[serde(default, deserialize_with = "patch::value")]
    #[validate(custom(function = "is_status"))]
    #[schema(value_type = String, required = false)]
    pub status: Option<String>,
    /// now, where they come to have responded and it is not said when
    #[serde(default, deserialize_with = "patch::nullable")]
    #[schema(value_type = Option<DateTime<Utc>>)]
    pub responded_at: Option<Option<DateTime<Utc>>>,
}

pub static CATALOGUE: Catalogue = Catalogue {
    noun: "campaign_member",
    table: "campaign_members",
    fields: &[
        Field::new("id", Holds::Id),
        Field::new("campaign_id", Holds::Id),
        Field::new("contact_id", Holds::Id).nullable(),
        Field::new("lead_id", Holds::Id).nullable(),
        Field::new("status", Holds::Choice(STATUSES)),
        Field::new("responded_at", Holds::Instant).nullable(),
        Field::new("version", Holds::Int),
        Field::new("created_at", Holds::Instant),
        Field::new("updated_at", Holds::Instant),
    ],
    relations: &[
        Relation::one("campaign", "campaign", "campaign_id"),
        Relation::one("contact", "contact", "contact_id"),
        Relation::one("lead", "lead", "lead_id"),
    ],
    custom: None,
    owned: Owned::Part { of: "campaign", column: "campaign_id" },
};

impl Noun for CampaignMember {
    const NAME: &'static str = "campaign_member";
}
impl Record for CampaignMember {
    type Id = CampaignMemberId;
    fn id(&self) -> CampaignMemberId {
        self.id
    }
    fn version(&self) -> i32 {
        self.version
    }
}
impl Listed for campaign_members::table {
    const CATALOGUE: &'static Catalogue = &CATALOGUE;
    const ENDURES: bool = true;
}
impl Tidy for NewCampaignMember {}
impl Tidy for CampaignMemberPatch {}

fn is_status(text: &str) -> Result<(), ValidationError> {
    one_of(text, STATUSES)
}

fn is_one(new: &NewCampaignMember) -> Result<(), ValidationError> {
    match new.contact_id.is_some() == new.lead_id.is_some() {
        true => Err(rule!("one_of", "is either a contact or a lead")),
        false => Ok(()),
    }
}
