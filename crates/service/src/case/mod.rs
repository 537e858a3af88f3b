//! A case is what a customer asks for, from its first word until it is solved and over.
//!
//! It has a number that counts on, by which people and mails name it. It goes its way by the table of [`standing`]
//! alone. What was said about it stands in its messages ([`message`]), which move it too: whoever has an answer writes
//! once more, and a case that was solved is open again. Cases that are one become one; a case may be a part
//! of another, and go on from one that is closed.
pub(crate) mod body;
pub(crate) mod deeds;
pub mod import;
mod merge;
pub mod message;
pub mod milestone;
mod moving;
mod named;
mod row;
pub(crate) mod schema;
pub mod standing;
pub(crate) mod store;
pub mod summary;

pub use body::{CasePatch, NewCase};
pub(crate) use deeds::changeable;
pub use deeds::{archive, create, duplicates, purge, restore, update, upsert};
pub use merge::{merge, undo};
pub use moving::{CaseClosing, CaseResolution, CaseSplit, CaseTransition, close, reopen, resolve, transition};
pub use schema::cases::table as Table;
pub use store::{find, find_by, list, many};

use chrono::{DateTime, Utc};
use kernel::catalogue::{Catalogue, Field, Kind as Holds, Owned, Relation, Searched};
use kernel::{
    AccountId, CaseCategoryId, CaseId, Code, ContactId, Kind, Noun, OrderId, ProductId, Record, TeamId, UserId,
};
use platform::custom::Custom;
use platform::filter::Listed;
use schema::cases;
use serde::Serialize;
use standing::STATUSES;
use utoipa::ToSchema;

pub const NUMBER_TAKEN: Code =
    Code::new("case_number_taken", Kind::Conflict, "Another case has this number: `existing` says which.");
pub const TRANSITION_REFUSED: Code =
    Code::new("case_transition_refused", Kind::Conflict, "The case is in a status that does not lead there.");
pub const OWN_PARENT: Code = Code::new("case_own_parent", Kind::Invalid, "A case cannot be a part of itself.");
pub const CODES: &[Code] = &[NUMBER_TAKEN, TRANSITION_REFUSED, OWN_PARENT];

pub const TYPES: &[&str] = &["inquiry", "complaint", "suggestion", "request", "problem", "other"];
pub const PRIORITIES: &[&str] = &["low", "normal", "high", "urgent"];
pub const SEVERITIES: &[&str] = &["minor", "moderate", "major", "critical"];
pub const CHANNELS: &[&str] = &["email", "portal", "phone", "chat", "web", "api", "social", "other"];

/// What a customer asks for.
#[derive(Clone, Debug, Serialize, ToSchema)]
#[schema(example = json!({
    "id": "0192f0c1-aaaa-7000-8000-000000000001", "owner_id": "0192f0c1-0000-7000-8000-000000000001", "team_id": null,
    "number": "1042", "subject": "茶叶受潮，要求换货", "description": "收到的两箱茶叶包装破损。", "case_type": "complaint",
    "status": "open", "priority": "high", "severity": "major", "channel": "email",
    "category_id": "0192f0c1-aaaa-7000-8000-000000000010", "account_id": "0192f0c1-1111-7000-8000-000000000002",
    "contact_id": "0192f0c1-7a3b-7c4d-8e5f-a1b2c3d4e5f6", "order_id": null, "product_id": null, "queue_id": null,
    "parent_id": null, "follows_id": null, "required_skills": ["mandarin"],
    "first_response_at": "2026-11-27T08:12:00Z", "resolved_at": null, "closed_at": null, "reopened_count": 0,
    "resolution": null, "root_cause": null, "last_customer_message_at": "2026-11-27T08:00:00Z",
    "last_agent_message_at": "2026-11-27T08:12:00Z", "auto_replied_at": null, "custom": {}, "version": 3,
    "created_at": "2026-11-27T08:00:00Z", "updated_at": "2026-11-27T08:12:00Z",
    "created_by": "0192f0c1-0000-7000-8000-000000000001", "updated_by": "0192f0c1-0000-7000-8000-000000000001",
    "deleted_at": null
}))]
pub struct Case {
    pub id: CaseId,
    /// who looks after it: somebody, or the queue in which it lies
    pub owner_id: UserId,
    pub team_id: Option<TeamId>,
    /// by which people and mails name it
    #[schema(example = "1042")]
    pub number: String,
    pub subject: String,
    pub description: Option<String>,
    #[schema(example = "complaint")]
    pub case_type: String,
    /// `new` until somebody begins with it, `open`, `pending` while it waits for its customer, `on_hold` while it waits
    /// for something else, `resolved`, `closed`
    #[schema(example = "open")]
    pub status: String,
    #[schema(example = "high")]
    pub priority: String,
    #[schema(example = "major")]
    pub severity: Option<String>,
    /// by which it came in
    #[schema(example = "email")]
    pub channel: String,
    pub category_id: Option<CaseCategoryId>,
    pub account_id: Option<AccountId>,
    /// who asks
    pub contact_id: Option<ContactId>,
    /// the order that it is about
    pub order_id: Option<OrderId>,
    /// the product that it is about
    pub product_id: Option<ProductId>,
    /// the queue by which it is given out
    pub queue_id: Option<UserId>,
    /// the case that it is a part of
    pub parent_id: Option<CaseId>,
    /// the case that it goes on from: one that was closed, or that it was split off
    pub follows_id: Option<CaseId>,
    /// what whoever gets it has to know
    pub required_skills: Vec<String>,
    /// when its customer was answered first
    pub first_response_at: Option<DateTime<Utc>>,
    pub resolved_at: Option<DateTime<Utc>>,
    pub closed_at: Option<DateTime<Utc>>,
    pub reopened_count: i32,
    /// how it was solved
    pub resolution: Option<String>,
    /// what it came of
    pub root_cause: Option<String>,
    pub last_customer_message_at: Option<DateTime<Utc>>,
    pub last_agent_message_at: Option<DateTime<Utc>>,
    /// when its customer was answered without anybody's doing
    pub auto_replied_at: Option<DateTime<Utc>>,
    /// fields of the tenant's own
    pub custom: Custom,
    pub version: i32,
    pub created_at: DateTime<Utc>,
    pub updated_at: DateTime<Utc>,
    pub created_by: UserId,
    pub updated_by: UserId,
    pub deleted_at: Option<DateTime<Utc>>,
}

pub static CATALOGUE: Catalogue = Catalogue {
    noun: "case",
    table: "cases",
    fields: &[
        Field::new("id", Holds::Id),
        Field::new("owner_id", Holds::Id),
        Field::new("team_id", Holds::Id).nullable(),
        Field::new("number", Holds::Text).searched(Searched::Whole),
        Field::new("subject", Holds::Text).searched(Searched::Text),
        Field::new("description", Holds::Text).nullable().unsortable().mentions(),
        Field::new("case_type", Holds::Choice(TYPES)),
        Field::new("status", Holds::Choice(STATUSES)),
        Field::new("priority", Holds::Choice(PRIORITIES)),
        Field::new("severity", Holds::Choice(SEVERITIES)).nullable(),
        Field::new("channel", Holds::Choice(CHANNELS)),
        Field::new("category_id", Holds::Id).nullable(),
        Field::new("account_id", Holds::Id).nullable(),
        Field::new("contact_id", Holds::Id).nullable(),
        Field::new("order_id", Holds::Id).nullable(),
        Field::new("product_id", Holds::Id).nullable(),
        Field::new("queue_id", Holds::Id).nullable(),
        Field::new("parent_id", Holds::Id).nullable(),
        Field::new("follows_id", Holds::Id).nullable(),
        Field::new("required_skills", Holds::Tags),
        Field::new("first_response_at", Holds::Instant).nullable(),
        Field::new("resolved_at", Holds::Instant).nullable(),
        Field::new("closed_at", Holds::Instant).nullable(),
        Field::new("reopened_count", Holds::Int),
        Field::new("resolution", Holds::Text).nullable().unsortable(),
        Field::new("root_cause", Holds::Text).nullable(),
        Field::new("last_customer_message_at", Holds::Instant).nullable(),
        Field::new("last_agent_message_at", Holds::Instant).nullable(),
        Field::new("auto_replied_at", Holds::Instant).nullable(),
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
        Relation::one("category", "case_category", "category_id"),
        Relation::one("order", "order", "order_id"),
        Relation::one("product", "product", "product_id"),
        Relation::one("parent", "case", "parent_id"),
        Relation::one("follows", "case", "follows_id"),
        Relation::one("queue", "user", "queue_id"),
        Relation::one("owner", "user", "owner_id"),
        Relation::one("team", "team", "team_id"),
        Relation::many("children", "case", "parent_id"),
        Relation::many("messages", "case_message", "case_id"),
        Relation::through("activities", "activity", "activity_links", ("record_id", "activity_id"), "case"),
        Relation::through("tasks", "task", "task_links", ("record_id", "task_id"), "case"),
        Relation::through("tags", "tag", "taggings", ("record_id", "tag_id"), "case"),
        Relation::many("external_refs", "external_ref", "record_id"),
    ],
    custom: Some("custom"),
    owned: Owned::Rows { owner: "owner_id", team: "team_id" },
};

impl Noun for Case {
    const NAME: &'static str = "case";
}
impl Record for Case {
    type Id = CaseId;
    fn id(&self) -> CaseId {
        self.id
    }
    fn version(&self) -> i32 {
        self.version
    }
}
impl Listed for cases::table {
    const CATALOGUE: &'static Catalogue = &CATALOGUE;
}

/// The unique fields by which a case may be asked for and upserted.
#[derive(Clone, Debug, PartialEq)]
pub enum Key {
    Number(String),
    External { source_system: String, external_id: String },
}
