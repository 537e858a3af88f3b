//! A lead is somebody who may become a customer: who they are as far as they have said, where they came from, how
//! promising they are, and who looks after them by when.
//!
//! Its status says how far it has come ([`standing`]); it is rated ([`score`]) and given out ([`crate::assignment`]) by
//! rules, and whoever gets it has promised to answer in time ([`response`]). It ends as an account, a contact and an
//! opportunity ([`conversion`]), or with a reason why not. What has become a customer changes no more. What nobody works on
//! may lie in a pool ([`pooling`]).
mod body;
pub mod conversion;
mod deeds;
mod duplicates;
pub mod from_form;
pub mod import;
mod patch;
pub mod pooling;
pub mod response;
mod row;
pub(crate) mod schema;
pub mod score;
mod standing;
pub(crate) mod store;
pub mod summary;
mod utm;

pub use body::{Disqualification, NewLead};
pub use deeds::{archive, create, disqualify, purge, reopen, restore, update, upsert};
pub(crate) use deeds::{changeable, words};
pub use duplicates::duplicates;
pub use patch::LeadPatch;
pub use schema::leads::table as Table;
pub(crate) use standing::Given;
pub use standing::{OPEN, STATUSES};
pub use store::{find, find_by, list, many};
pub use utm::{LeadUtm, Utm};

use chrono::{DateTime, Utc};
use customer::choices::{RATINGS, SOURCES};
use kernel::catalogue::{Catalogue, Field, Kind as Holds, Owned, Relation, Searched};
use kernel::{AccountId, Code, ContactId, Kind, LeadId, Noun, OpportunityId, PoolId, Record, TeamId, UserId};
use platform::custom::Custom;
use platform::filter::Listed;
use schema::leads;
use serde::Serialize;
use utoipa::ToSchema;

pub const CONVERTED: Code = Code::new(
    "lead_converted",
    Kind::Conflict,
    "The lead has become a customer already, and changes no more: `existing` says what it has become.",
);
pub const NOT_CONVERTED: Code = Code::new(
    "lead_not_converted",
    Kind::Conflict,
    "The lead has not become a customer: there is nothing to take back.",
);
pub const CONVERSION_STANDS: Code = Code::new(
    "lead_conversion_stands",
    Kind::Conflict,
    "What the lead has become was worked with since, and is not taken back: `existing` says what stands in the way.",
);
pub const CODES: &[Code] = &[CONVERTED, NOT_CONVERTED, CONVERSION_STANDS];

/// A filter over leads.
pub(crate) type Condition = platform::filter::Filter<Table>;

pub const RESPONSES: &[&str] = &["pending", "met", "breached"];

/// Somebody who may become a customer.
#[derive(Clone, Debug, Serialize, ToSchema)]
#[schema(example = json!({
    "id": "0192f0c1-8888-7000-8000-00000000000a", "owner_id": "0192f0c1-0000-7000-8000-000000000001", "team_id": null,
    "status": "assigned", "given_name": "伟", "family_name": "王", "display_name": "王伟", "company_name": "晨光商贸",
    "job_title": "采购经理", "email": "wang.wei@example.cn", "phone": "+8613800138000", "phone_text": "138 0013 8000",
    "industry": "retail", "country": "CN", "region": "上海市", "city": "上海市", "source": "form",
    "rating": "warm", "score": 35, "description": null, "utm": {"source": "wechat", "campaign": "autumn"},
    "assigned_at": "2026-11-26T08:00:00Z", "response_due_at": "2026-11-26T08:30:00Z", "first_response_at": null,
    "response_status": "pending", "converted_at": null, "account_id": null, "contact_id": null, "opportunity_id": null,
    "disqualify_reason": null, "pool_id": null, "pooled_at": null, "is_masked": false, "custom": {}, "version": 2, "created_at": "2026-11-26T08:00:00Z",
    "updated_at": "2026-11-26T08:00:00Z", "created_by": "0192f0c1-0000-7000-8000-000000000001",
    "updated_by": "0192f0c1-0000-7000-8000-000000000001", "deleted_at": null
}))]
pub struct Lead {
    pub id: LeadId,
    pub owner_id: UserId,
    pub team_id: Option<TeamId>,
    #[schema(example = "working")]
    pub status: String,
    pub given_name: Option<String>,
    pub family_name: Option<String>,
    /// the whole name, in the order of its language; of the company, where nobody is named
    pub display_name: String,
    pub company_name: Option<String>,
    pub job_title: Option<String>,
    /// in lower case
    pub email: Option<String>,
    /// in E.164
    pub phone: Option<String>,
    /// the number as it was given; null where that was not kept, or a pool covers it
    pub phone_text: Option<String>,
    pub industry: Option<String>,
    /// ISO 3166-1 alpha-2
    pub country: Option<String>,
    /// the province, state or prefecture
    pub region: Option<String>,
    pub city: Option<String>,
    pub source: Option<String>,
    pub rating: Option<String>,
    /// what the rules that hold of it come to: `GET /v1/leads/{id}/score` says which
    pub score: i32,
    pub description: Option<String>,
    /// by which campaign it has come
    #[schema(value_type = LeadUtm)]
    pub utm: Utm,
    /// since when somebody looks after it
    pub assigned_at: Option<DateTime<Utc>>,
    /// by when somebody has promised to answer
    pub response_due_at: Option<DateTime<Utc>>,
    /// when somebody has called, written or met them first
    pub first_response_at: Option<DateTime<Utc>>,
    /// `pending`, `met` or `breached`; none where nothing was promised
    pub response_status: Option<String>,
    /// when it became a customer
    pub converted_at: Option<DateTime<Utc>>,
    /// the account that it has become
    pub account_id: Option<AccountId>,
    /// the contact that it has become
    pub contact_id: Option<ContactId>,
    /// the opportunity that it has become
    pub opportunity_id: Option<OpportunityId>,
    /// why it will not become a customer
    pub disqualify_reason: Option<String>,
    /// the pool that it came from, and goes back to
    pub pool_id: Option<PoolId>,
    /// since when it lies there, and nobody works on it
    pub pooled_at: Option<DateTime<Utc>>,
    /// of address and number there is a hint alone, until somebody claims it
    pub is_masked: bool,
    /// fields of the tenant's own
    pub custom: Custom,
    pub version: i32,
    pub created_at: DateTime<Utc>,
    pub updated_at: DateTime<Utc>,
    pub created_by: UserId,
    pub updated_by: UserId,
    /// when it was archived
    pub deleted_at: Option<DateTime<Utc>>,
}

pub static CATALOGUE: Catalogue = Catalogue {
    noun: "lead",
    table: "leads",
    fields: &[
        Field::new("id", Holds::Id),
        Field::new("owner_id", Holds::Id),
        Field::new("team_id", Holds::Id).nullable(),
        Field::new("status", Holds::Choice(STATUSES)),
        Field::new("given_name", Holds::Text).nullable().searched(Searched::Name),
        Field::new("family_name", Holds::Text).nullable().searched(Searched::Name),
        Field::new("display_name", Holds::Text).searched(Searched::Name),
        Field::new("company_name", Holds::Text).nullable().searched(Searched::Name),
        Field::new("job_title", Holds::Text).nullable(),
        Field::new("email", Holds::Text).nullable().searched(Searched::Whole),
        Field::new("phone", Holds::Text).nullable().searched(Searched::Phone),
        Field::new("phone_text", Holds::Text).nullable().text_of("phone"),
        Field::new("industry", Holds::Text).nullable(),
        Field::new("country", Holds::Text).nullable(),
        Field::new("region", Holds::Text).nullable().searched(Searched::Text),
        Field::new("city", Holds::Text).nullable().searched(Searched::Text),
        Field::new("source", Holds::Choice(SOURCES)).nullable(),
        Field::new("rating", Holds::Choice(RATINGS)).nullable(),
        Field::new("score", Holds::Int),
        Field::new("description", Holds::Text).nullable().unsortable().mentions(),
        Field::new("utm", Holds::Text).unfilterable().unsortable(),
        Field::new("assigned_at", Holds::Instant).nullable(),
        Field::new("response_due_at", Holds::Instant).nullable(),
        Field::new("first_response_at", Holds::Instant).nullable(),
        Field::new("response_status", Holds::Choice(RESPONSES)).nullable(),
        Field::new("converted_at", Holds::Instant).nullable(),
        Field::new("account_id", Holds::Id).nullable(),
        Field::new("contact_id", Holds::Id).nullable(),
        Field::new("opportunity_id", Holds::Id).nullable(),
        Field::new("disqualify_reason", Holds::Text).nullable(),
        Field::new("pool_id", Holds::Id).nullable(),
        Field::new("pooled_at", Holds::Instant).nullable(),
        Field::new("is_masked", Holds::Bool),
        Field::new("version", Holds::Int),
        Field::new("created_at", Holds::Instant),
        Field::new("updated_at", Holds::Instant),
        Field::new("created_by", Holds::Id),
        Field::new("updated_by", Holds::Id),
        Field::new("deleted_at", Holds::Instant).nullable(),
    ],
    relations: &[
        Relation::one("account", "account", "account_id"),
        Relation::one("contact", "contact", "contact_id"),
        Relation::one("opportunity", "opportunity", "opportunity_id"),
        Relation::one("owner", "user", "owner_id"),
        Relation::one("pool", "pool", "pool_id"),
        Relation::one("team", "team", "team_id"),
        Relation::through("activities", "activity", "activity_links", ("record_id", "activity_id"), "lead"),
        Relation::through("tasks", "task", "task_links", ("record_id", "task_id"), "lead"),
        Relation::through("tags", "tag", "taggings", ("record_id", "tag_id"), "lead"),
        Relation::many("form_submissions", "form_submission", "lead_id"),
        Relation::many("external_refs", "external_ref", "record_id"),
    ],
    custom: Some("custom"),
    owned: Owned::Rows { owner: "owner_id", team: "team_id" },
};

impl Noun for Lead {
    const NAME: &'static str = "lead";
}
impl Record for Lead {
    type Id = LeadId;
    fn id(&self) -> LeadId {
        self.id
    }
    fn version(&self) -> i32 {
        self.version
    }
}
impl Listed for leads::table {
    const CATALOGUE: &'static Catalogue = &CATALOGUE;
}

/// The fields by which a lead may be asked for and upserted.
#[derive(Clone, Debug, PartialEq)]
pub enum Key {
    Email(String),
    Phone(String),
    External { source_system: String, external_id: String },
}
