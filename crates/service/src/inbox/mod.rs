//! An inbox is an address of the business: what is written to it becomes a case, of the sort, in the category and in
//! the queue that it names. It is told by its address, which is unique among the living ones of a tenant.
mod deeds;
mod schema;
pub(crate) mod store;

pub use deeds::{archive, create, purge, restore, update};
pub use schema::case_inboxes::table as Table;
pub use store::{address_of, find, list, many};

use crate::case::body::{is_priority, is_type};
use crate::case::{PRIORITIES, TYPES};
use chrono::{DateTime, Utc};
use diesel::prelude::{AsChangeset, Insertable, Queryable, Selectable};
use kernel::catalogue::{Catalogue, Field, Kind as Holds, Owned, Relation, Searched};
use kernel::{CaseCategoryId, CaseInboxId, Code, Kind, Noun, Record, TeamId, Tidy, UserId, patch, tidy};
use platform::filter::Listed;
use schema::case_inboxes;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use validator::Validate;

pub const ADDRESS_TAKEN: Code =
    Code::new("case_inbox_address_taken", Kind::Conflict, "Another inbox has this address: `existing` says which.");
pub const CODES: &[Code] = &[ADDRESS_TAKEN];

/// An address by which cases come in.
#[derive(Clone, Debug, Queryable, Selectable, Serialize, ToSchema)]
#[diesel(table_name = case_inboxes, check_for_backend(diesel::pg::Pg))]
#[schema(example = json!({
    "id": "0192f0c1-aaaa-7000-8000-000000000020", "address": "help@example.com", "name": "客户服务",
    "case_type": "inquiry", "priority": "normal", "category_id": null, "queue_id": null, "team_id": null,
    "is_active": true, "version": 1, "created_at": "2026-11-27T08:00:00Z", "updated_at": "2026-11-27T08:00:00Z",
    "created_by": "0192f0c1-0000-7000-8000-000000000001", "updated_by": "0192f0c1-0000-7000-8000-000000000001",
    "deleted_at": null
}))]
pub struct CaseInbox {
    pub id: CaseInboxId,
    /// in lower case
    #[schema(example = "help@example.com")]
    pub address: String,
    pub name: String,
    /// what a case is that comes in by it
    #[schema(example = "inquiry")]
    pub case_type: String,
    #[schema(example = "normal")]
    pub priority: String,
    pub category_id: Option<CaseCategoryId>,
    /// the queue in which it lies; whoever brings the mail in has it, where there is none
    pub queue_id: Option<UserId>,
    pub team_id: Option<TeamId>,
    /// whether mails to it become cases
    pub is_active: bool,
    pub version: i32,
    pub created_at: DateTime<Utc>,
    pub updated_at: DateTime<Utc>,
    pub created_by: UserId,
    pub updated_by: UserId,
    pub deleted_at: Option<DateTime<Utc>>,
}

/// What a new inbox is made of.
#[derive(Clone, Debug, Deserialize, Insertable, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
#[diesel(table_name = case_inboxes, treat_none_as_default_value = false)]
#[schema(example = json!({"address": "help@example.com", "name": "客户服务", "case_type": "inquiry"}))]
pub struct NewCaseInbox {
    /// made by the client, when it creates offline
    #[diesel(skip_insertion)]
    #[validate(custom(function = "kernel::id::is_of_its_time"))]
    pub id: Option<CaseInboxId>,
    #[validate(email, length(max = 254))]
    #[schema(format = "email", max_length = 254)]
    pub address: String,
    #[validate(length(min = 1, max = 200), custom(function = "tidy::is_filled"))]
    #[schema(min_length = 1, max_length = 200)]
    pub name: String,
    /// `inquiry`, unless said otherwise
    #[diesel(skip_insertion)]
    #[validate(custom(function = "is_type"))]
    #[schema(example = "inquiry")]
    pub case_type: Option<String>,
    /// `normal`, unless said otherwise
    #[diesel(skip_insertion)]
    #[validate(custom(function = "is_priority"))]
    #[schema(example = "normal")]
    pub priority: Option<String>,
    pub category_id: Option<CaseCategoryId>,
    pub queue_id: Option<UserId>,
    pub team_id: Option<TeamId>,
    /// true, unless said otherwise
    #[diesel(skip_insertion)]
    pub is_active: Option<bool>,
}

/// A merge patch: what is absent stays, what is null is cleared.
#[derive(Clone, Debug, Default, Deserialize, AsChangeset, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
#[diesel(table_name = case_inboxes)]
#[schema(example = json!({"is_active": false}))]
pub struct CaseInboxPatch {
    #[serde(default, deserialize_with = "patch::value")]
    #[validate(email, length(max = 254))]
    #[schema(value_type = String, required = false, format = "email", max_length = 254)]
    pub address: Option<String>,
    #[serde(default, deserialize_with = "patch::value")]
    #[validate(length(min = 1, max = 200), custom(function = "tidy::is_filled"))]
    #[schema(value_type = String, required = false, min_length = 1, max_length = 200)]
    pub name: Option<String>,
    #[serde(default, deserialize_with = "patch::value")]
    #[validate(custom(function = "is_type"))]
    #[schema(value_type = String, required = false)]
    pub case_type: Option<String>,
    #[serde(default, deserialize_with = "patch::value")]
    #[validate(custom(function = "is_priority"))]
    #[schema(value_type = String, required = false)]
    pub priority: Option<String>,
    #[serde(default, deserialize_with = "patch::nullable")]
    #[schema(value_type = Option<CaseCategoryId>)]
    pub category_id: Option<Option<CaseCategoryId>>,
    #[serde(default, deserialize_with = "patch::nullable")]
    #[schema(value_type = Option<UserId>)]
    pub queue_id: Option<Option<UserId>>,
    #[serde(default, deserialize_with = "patch::nullable")]
    #[schema(value_type = Option<TeamId>)]
    pub team_id: Option<Option<TeamId>>,
    #[serde(default, deserialize_with = "patch::value")]
    #[schema(value_type = bool, required = false)]
    pub is_active: Option<bool>,
}

pub static CATALOGUE: Catalogue = Catalogue {
    noun: "case_inbox",
    table: "case_inboxes",
    fields: &[
        Field::new("id", Holds::Id),
        Field::new("address", Holds::Text).searched(Searched::Whole),
        Field::new("name", Holds::Text).searched(Searched::Name),
        Field::new("case_type", Holds::Choice(TYPES)),
        Field::new("priority", Holds::Choice(PRIORITIES)),
        Field::new("category_id", Holds::Id).nullable(),
        Field::new("queue_id", Holds::Id).nullable(),
        Field::new("team_id", Holds::Id).nullable(),
        Field::new("is_active", Holds::Bool),
        Field::new("version", Holds::Int),
        Field::new("created_at", Holds::Instant),
        Field::new("updated_at", Holds::Instant),
        Field::new("created_by", Holds::Id),
        Field::new("updated_by", Holds::Id),
        Field::new("deleted_at", Holds::Instant).nullable(),
    ],
    relations: &[
        Relation::one("category", "case_category", "category_id"),
        Relation::one("queue", "user", "queue_id"),
        Relation::one("team", "team", "team_id"),
    ],
    custom: None,
    owned: Owned::Shared,
};

impl Noun for CaseInbox {
    const NAME: &'static str = "case_inbox";
}
impl Record for CaseInbox {
    type Id = CaseInboxId;
    fn id(&self) -> CaseInboxId {
        self.id
    }
    fn version(&self) -> i32 {
        self.version
    }
}
impl Listed for case_inboxes::table {
    const CATALOGUE: &'static Catalogue = &CATALOGUE;
}
impl Tidy for NewCaseInbox {
    fn tidy(&mut self) {
        tidy::email(&mut self.address);
        tidy::trim(&mut self.name);
    }
}
impl Tidy for CaseInboxPatch {
    fn tidy(&mut self) {
        self.address.iter_mut().for_each(tidy::email);
        self.name.iter_mut().for_each(tidy::trim);
    }
}
