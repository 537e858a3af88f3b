//! A contact is a person the business speaks to.
//!
//! It always has a name to show and an owner. Its `email` and `phone` are its primary contact points, kept in one
//! transaction with them; the e-mail is unique among the living contacts of a tenant. Its `account_id` is its primary
//! membership, likewise.
pub mod address;
mod deeds;
mod duplicates;
pub mod identifier;
pub mod import;
pub mod lifecycle;
mod merge;
mod name;
pub mod point;
mod rules;
mod store;

pub use crate::schema::contacts::table as Table;
pub use deeds::{archive, create, is_there, purge, restore, update, upsert};
pub(crate) use deeds::{
    archive_alone, changeable, consent_changed, purge_alone, set_account, touch, unarchive, update_alone,
};
pub use duplicates::duplicates;
pub(crate) use duplicates::{score, traits};
pub use merge::merge;
pub use name::full as full_name;
pub use store::{at_addresses, find, find_by, list, many, of_account};
pub(crate) use store::{find_any, lock_any, newest_ids, seen_ids};

use crate::address::NewAddress;
use crate::choices::{GENDERS, LIFECYCLE_STAGES, SOURCES};
use crate::schema::contacts;
use chrono::{DateTime, NaiveDate, Utc};
use diesel::prelude::{AsChangeset, Insertable, Queryable, Selectable};
use kernel::catalogue::{Catalogue, Field, Kind as Holds, Owned, Relation, Searched};
use kernel::{AccountId, Code, ContactId, Kind, Noun, Record, TeamId, UserId, patch, tidy};
use platform::custom::{Custom, CustomPatch};
use platform::filter::Listed;
use rules::{is_gender, is_named, is_source, is_stage, leads_once};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use validator::Validate;

pub const EMAIL_TAKEN: Code =
    Code::new("contact_email_taken", Kind::Conflict, "Another contact has this e-mail address: `existing` says which.");
pub const CODES: &[Code] = &[EMAIL_TAKEN];

/// A person the business speaks to.
#[derive(Clone, Debug, Queryable, Selectable, Serialize, ToSchema)]
#[diesel(table_name = contacts, check_for_backend(diesel::pg::Pg))]
#[schema(example = json!({
    "id": "0192f0c1-7a3b-7c4d-8e5f-a1b2c3d4e5f6", "owner_id": "0192f0c1-0000-7000-8000-000000000001", "team_id": null,
    "account_id": "0192f0c1-1111-7000-8000-000000000002", "given_name": "伟", "family_name": "王",
    "display_name": "王伟", "job_title": "采购经理", "department": "采购部", "email": "wang.wei@example.cn",
    "phone": "+8613800138000", "phone_text": "138 0013 8000", "birth_on": "1988-05-17", "gender": "male",
    "locale": "zh-Hans", "time_zone": "Asia/Shanghai", "lifecycle_stage": "customer", "source": "web", "do_not_contact": false,
    "description": null, "custom": {}, "version": 1, "created_at": "2026-11-21T08:00:00Z", "updated_at": "2026-11-21T08:00:00Z",
    "created_by": "0192f0c1-0000-7000-8000-000000000001", "updated_by": "0192f0c1-0000-7000-8000-000000000001",
    "deleted_at": null
}))]
pub struct Contact {
    pub id: ContactId,
    pub owner_id: UserId,
    pub team_id: Option<TeamId>,
    /// the account that the contact belongs to first of all
    pub account_id: Option<AccountId>,
    pub given_name: Option<String>,
    pub family_name: Option<String>,
    /// the whole name, in the order of its language
    pub display_name: String,
    pub job_title: Option<String>,
    pub department: Option<String>,
    /// the primary address, in lower case
    pub email: Option<String>,
    /// the primary number, in E.164
    pub phone: Option<String>,
    /// the number as it was given; null where that was not kept
    pub phone_text: Option<String>,
    pub birth_on: Option<NaiveDate>,
    pub gender: Option<String>,
    pub locale: Option<String>,
    pub time_zone: Option<String>,
    pub lifecycle_stage: String,
    pub source: Option<String>,
    pub do_not_contact: bool,
    pub description: Option<String>,
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

/// What a new contact is made of: some name or an e-mail address at least.
#[derive(Clone, Debug, Default, Deserialize, Insertable, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
#[diesel(table_name = contacts, treat_none_as_default_value = false)]
#[validate(schema(function = "is_named"))]
#[validate(schema(function = "leads_once", skip_on_field_errors = false))]
#[schema(example = json!({
    "given_name": "伟", "family_name": "王", "email": "wang.wei@example.cn", "phone": "+8613800138000",
    "job_title": "采购经理", "locale": "zh-Hans", "lifecycle_stage": "lead", "source": "web"
}))]
pub struct NewContact {
    /// made by the client, when it creates offline
    #[diesel(skip_insertion)]
    #[validate(custom(function = "kernel::id::is_of_its_time"))]
    pub id: Option<ContactId>,
    /// the caller, unless said otherwise
    #[diesel(skip_insertion)]
    pub owner_id: Option<UserId>,
    pub team_id: Option<TeamId>,
    pub account_id: Option<AccountId>,
    #[validate(length(max = 100))]
    #[schema(max_length = 100)]
    pub given_name: Option<String>,
    #[validate(length(max = 100))]
    #[schema(max_length = 100)]
    pub family_name: Option<String>,
    /// made of the names where it is absent
    #[diesel(skip_insertion)]
    #[validate(length(max = 200), custom(function = "tidy::is_filled"))]
    #[schema(max_length = 200)]
    pub display_name: Option<String>,
    #[validate(length(max = 200))]
    #[schema(max_length = 200)]
    pub job_title: Option<String>,
    #[validate(length(max = 200))]
    #[schema(max_length = 200)]
    pub department: Option<String>,
    #[validate(email, length(max = 254))]
    #[schema(format = "email", max_length = 254)]
    pub email: Option<String>,
    /// with its country code, or as it is dialled in the tenant's `phone_region`
    #[validate(custom(function = "tidy::is_phone"))]
    #[schema(max_length = 40, example = "+8613800138000")]
    pub phone: Option<String>,
    #[serde(skip)]
    pub phone_text: Option<String>,
    pub birth_on: Option<NaiveDate>,
    #[validate(custom(function = "is_gender"))]
    #[schema(example = "female")]
    pub gender: Option<String>,
    #[validate(length(max = 35))]
    #[schema(max_length = 35)]
    pub locale: Option<String>,
    #[validate(length(max = 64))]
    #[schema(max_length = 64)]
    pub time_zone: Option<String>,
    /// `lead`, unless said otherwise
    #[diesel(skip_insertion)]
    #[validate(custom(function = "is_stage"))]
    #[schema(example = "customer")]
    pub lifecycle_stage: Option<String>,
    #[validate(custom(function = "is_source"))]
    #[schema(example = "web")]
    pub source: Option<String>,
    #[diesel(skip_insertion)]
    pub do_not_contact: Option<bool>,
    #[validate(length(max = 10000))]
    #[schema(max_length = 10000)]
    pub description: Option<String>,
    /// further ways to reach the contact
    #[serde(default)]
    #[diesel(skip_insertion)]
    #[validate(nested, length(max = 20))]
    #[schema(max_items = 20)]
    pub contact_points: Vec<point::NewContactPoint>,
    /// where the contact is found by post; of each kind one may be primary
    #[serde(default)]
    #[diesel(skip_insertion)]
    #[validate(nested, length(max = 20))]
    #[schema(required = false, max_items = 20)]
    pub addresses: Vec<NewAddress>,
    /// fields of the tenant's own
    #[serde(default)]
    #[schema(required = false)]
    pub custom: Custom,
}

/// A merge patch: what is absent stays, what is null is cleared.
#[derive(Clone, Debug, Default, Deserialize, AsChangeset, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
#[diesel(table_name = contacts)]
#[schema(example = json!({"job_title": "采购总监", "phone": null}))]
pub struct ContactPatch {
    #[serde(default, deserialize_with = "patch::value")]
    #[schema(value_type = UserId, required = false)]
    pub owner_id: Option<UserId>,
    #[serde(default, deserialize_with = "patch::nullable")]
    #[schema(value_type = Option<TeamId>)]
    pub team_id: Option<Option<TeamId>>,
    #[serde(default, deserialize_with = "patch::nullable")]
    #[schema(value_type = Option<AccountId>)]
    pub account_id: Option<Option<AccountId>>,
    #[serde(default, deserialize_with = "patch::nullable")]
    #[validate(length(max = 100))]
    #[schema(value_type = Option<String>, max_length = 100)]
    pub given_name: Option<Option<String>>,
    #[serde(default, deserialize_with = "patch::nullable")]
    #[validate(length(max = 100))]
    #[schema(value_type = Option<String>, max_length = 100)]
    pub family_name: Option<Option<String>>,
    #[serde(default, deserialize_with = "patch::value")]
    #[validate(length(max = 200), custom(function = "tidy::is_filled"))]
    #[schema(value_type = String, required = false, min_length = 1, max_length = 200)]
    pub display_name: Option<String>,
    #[serde(default, deserialize_with = "patch::nullable")]
    #[validate(length(max = 200))]
    #[schema(value_type = Option<String>, max_length = 200)]
    pub job_title: Option<Option<String>>,
    #[serde(default, deserialize_with = "patch::nullable")]
    #[validate(length(max = 200))]
    #[schema(value_type = Option<String>, max_length = 200)]
    pub department: Option<Option<String>>,
    #[serde(default, deserialize_with = "patch::nullable")]
    #[validate(email, length(max = 254))]
    #[schema(value_type = Option<String>, format = "email", max_length = 254)]
    pub email: Option<Option<String>>,
    #[serde(default, deserialize_with = "patch::nullable")]
    #[validate(custom(function = "tidy::is_phone"))]
    #[schema(value_type = Option<String>, max_length = 40)]
    pub phone: Option<Option<String>>,
    #[serde(skip)]
    pub phone_text: Option<Option<String>>,
    #[serde(default, deserialize_with = "patch::nullable")]
    #[schema(value_type = Option<NaiveDate>)]
    pub birth_on: Option<Option<NaiveDate>>,
    #[serde(default, deserialize_with = "patch::nullable")]
    #[validate(custom(function = "is_gender"))]
    #[schema(value_type = Option<String>)]
    pub gender: Option<Option<String>>,
    #[serde(default, deserialize_with = "patch::nullable")]
    #[validate(length(max = 35))]
    #[schema(value_type = Option<String>, max_length = 35)]
    pub locale: Option<Option<String>>,
    #[serde(default, deserialize_with = "patch::nullable")]
    #[validate(length(max = 64))]
    #[schema(value_type = Option<String>, max_length = 64)]
    pub time_zone: Option<Option<String>>,
    #[serde(default, deserialize_with = "patch::value")]
    #[validate(custom(function = "is_stage"))]
    #[schema(value_type = String, required = false)]
    pub lifecycle_stage: Option<String>,
    #[serde(default, deserialize_with = "patch::nullable")]
    #[validate(custom(function = "is_source"))]
    #[schema(value_type = Option<String>)]
    pub source: Option<Option<String>>,
    #[serde(default, deserialize_with = "patch::value")]
    #[schema(value_type = bool, required = false)]
    pub do_not_contact: Option<bool>,
    #[serde(default, deserialize_with = "patch::nullable")]
    #[validate(length(max = 10000))]
    #[schema(value_type = Option<String>, max_length = 10000)]
    pub description: Option<Option<String>>,
    /// fields of the tenant's own: what is absent stays, what is null is cleared
    #[serde(default, deserialize_with = "patch::value")]
    #[schema(value_type = Custom, required = false)]
    pub custom: Option<CustomPatch>,
}

pub static CATALOGUE: Catalogue = Catalogue {
    noun: "contact",
    table: "contacts",
    fields: &[
        Field::new("id", Holds::Id),
        Field::new("owner_id", Holds::Id),
        Field::new("team_id", Holds::Id).nullable(),
        Field::new("account_id", Holds::Id).nullable(),
        Field::new("given_name", Holds::Text).nullable().searched(Searched::Name),
        Field::new("family_name", Holds::Text).nullable().searched(Searched::Name),
        Field::new("display_name", Holds::Text).searched(Searched::Name),
        Field::new("job_title", Holds::Text).nullable(),
        Field::new("department", Holds::Text).nullable(),
        Field::new("email", Holds::Text).nullable().searched(Searched::Whole),
        Field::new("phone", Holds::Text).nullable().searched(Searched::Phone),
        Field::new("phone_text", Holds::Text).nullable().text_of("phone"),
        Field::new("birth_on", Holds::Date).nullable(),
        Field::new("gender", Holds::Choice(GENDERS)).nullable(),
        Field::new("locale", Holds::Text).nullable(),
        Field::new("time_zone", Holds::Text).nullable(),
        Field::new("lifecycle_stage", Holds::Choice(LIFECYCLE_STAGES)),
        Field::new("source", Holds::Choice(SOURCES)).nullable(),
        Field::new("do_not_contact", Holds::Bool),
        Field::new("description", Holds::Text).nullable().unsortable().mentions(),
        Field::new("version", Holds::Int),
        Field::new("created_at", Holds::Instant),
        Field::new("updated_at", Holds::Instant),
        Field::new("created_by", Holds::Id),
        Field::new("updated_by", Holds::Id),
        Field::new("deleted_at", Holds::Instant).nullable(),
    ],
    relations: &[
        Relation::one("account", "account", "account_id"),
        Relation::one("owner", "user", "owner_id"),
        Relation::one("team", "team", "team_id"),
        Relation::many("contact_points", "contact_point", "contact_id"),
        Relation::many("addresses", "contact_address", "contact_id"),
        Relation::many("identifiers", "contact_identifier", "contact_id"),
        Relation::many("memberships", "membership", "contact_id"),
        Relation::many("lifecycle_changes", "contact_lifecycle_change", "contact_id"),
        Relation::through("activities", "activity", "activity_links", ("record_id", "activity_id"), "contact"),
        Relation::through("tasks", "task", "task_links", ("record_id", "task_id"), "contact"),
        Relation::through("tags", "tag", "taggings", ("record_id", "tag_id"), "contact"),
        Relation::through("segments", "segment", "current_segment_members", ("record_id", "segment_id"), "contact"),
        Relation::many("consents", "effective_consent", "contact_id"),
        Relation::many("form_submissions", "form_submission", "contact_id"),
        Relation::many("external_refs", "external_ref", "record_id"),
    ],
    custom: Some("custom"),
    owned: Owned::Rows { owner: "owner_id", team: "team_id" },
};

impl Noun for Contact {
    const NAME: &'static str = "contact";
}
impl Record for Contact {
    type Id = ContactId;
    fn id(&self) -> ContactId {
        self.id
    }
    fn version(&self) -> i32 {
        self.version
    }
}
impl Listed for contacts::table {
    const CATALOGUE: &'static Catalogue = &CATALOGUE;
}

/// The unique fields by which a contact may be asked for and upserted.
#[derive(Clone, Debug, PartialEq)]
pub enum Key {
    Email(String),
    Phone(String),
    External { source_system: String, external_id: String },
}
