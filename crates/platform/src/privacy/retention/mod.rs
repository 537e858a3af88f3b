//! A retention policy says which records go by their age, and how: archived, purged, or made anonymous. It is carried out
//! once a day by a job, in chunks; whoever is held by law is left alone.
mod deeds;
mod run;
mod store;

pub use crate::schema::retention_policies::table as Table;
pub use deeds::{archive, begin, create, preview, restore, spread, update};
pub use run::{Reached, reached, run};
pub use store::{find, list};

use crate::filter::Listed;
use crate::schema::retention_policies;
use chrono::{DateTime, Utc};
use diesel::prelude::{AsChangeset, Insertable, Queryable, Selectable};
use kernel::catalogue::{Catalogue, Catalogues, Field, Kind as Holds, Owned, Relation, Searched};
use kernel::{Code, JobId, Kind, Noun, Record, RetentionPolicyId, Tidy, UserId, patch, rule, tidy};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use validator::{Validate, ValidationError};

pub const NAME_TAKEN: Code =
    Code::new("retention_policy_name_taken", Kind::Conflict, "Another retention policy has this name.");
pub const CODES: &[Code] = &[NAME_TAKEN];

pub const ACTIONS: &[&str] = &["archive", "purge", "anonymise"];
/// What has its own way of going.
const APART: &[&str] = &["user", "role", "team", "privacy_request", "legal_hold", "retention_policy"];

/// Which records go by their age, and how.
#[derive(Clone, Debug, Queryable, Selectable, Serialize, ToSchema)]
#[diesel(table_name = retention_policies, check_for_backend(diesel::pg::Pg))]
#[schema(example = json!({
    "id": "0192f0c1-7777-7000-8000-000000000009", "name": "Leads that never bought", "resource": "contact",
    "date_field": "updated_at", "age_days": 730, "filter": "lifecycle_stage == \"lead\"", "action": "anonymise",
    "is_active": true, "last_run_at": null, "last_done": null, "last_kept": null, "job_id": null, "version": 1,
    "created_at": "2026-11-21T08:00:00Z", "updated_at": "2026-11-21T08:00:00Z",
    "created_by": "0192f0c1-0000-7000-8000-000000000001", "updated_by": "0192f0c1-0000-7000-8000-000000000001",
    "deleted_at": null
}))]
pub struct RetentionPolicy {
    pub id: RetentionPolicyId,
    pub name: String,
    /// the noun whose records it is about
    #[schema(example = "contact")]
    pub resource: String,
    /// the field from which a record ages
    #[schema(example = "updated_at")]
    pub date_field: String,
    pub age_days: i32,
    /// a further condition, in the filter language
    pub filter: Option<String>,
    #[schema(example = "anonymise")]
    pub action: String,
    pub is_active: bool,
    pub last_run_at: Option<DateTime<Utc>>,
    /// how many records the last run reached
    pub last_done: Option<i64>,
    /// how many it had to leave, for others refer to them or they are held
    pub last_kept: Option<i64>,
    pub job_id: Option<JobId>,
    pub version: i32,
    pub created_at: DateTime<Utc>,
    pub updated_at: DateTime<Utc>,
    pub created_by: UserId,
    pub updated_by: UserId,
    pub deleted_at: Option<DateTime<Utc>>,
}

/// What a new retention policy is made of.
#[derive(Clone, Debug, Deserialize, Insertable, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
#[diesel(table_name = retention_policies, treat_none_as_default_value = false)]
#[schema(example = json!({
    "name": "Leads that never bought", "resource": "contact", "date_field": "updated_at", "age_days": 730,
    "filter": "lifecycle_stage == \"lead\"", "action": "anonymise", "is_active": false
}))]
pub struct NewRetentionPolicy {
    #[diesel(skip_insertion)]
    #[validate(custom(function = "kernel::id::is_of_its_time"))]
    pub id: Option<RetentionPolicyId>,
    #[validate(length(max = 100), custom(function = "tidy::is_filled"))]
    #[schema(min_length = 1, max_length = 100)]
    pub name: String,
    #[validate(length(min = 1, max = 50))]
    #[schema(min_length = 1, max_length = 50)]
    pub resource: String,
    #[validate(length(min = 1, max = 50))]
    #[schema(min_length = 1, max_length = 50)]
    pub date_field: String,
    #[validate(range(min = 1, max = 36500))]
    #[schema(minimum = 1, maximum = 36500)]
    pub age_days: i32,
    #[validate(length(max = 4096))]
    #[schema(max_length = 4096)]
    pub filter: Option<String>,
    #[validate(custom(function = "is_action"))]
    pub action: String,
    /// `false`, unless said otherwise: look at its preview first
    #[serde(default)]
    pub is_active: bool,
}

/// A merge patch: what is absent stays, what is null is cleared.
#[derive(Clone, Debug, Default, Deserialize, AsChangeset, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
#[diesel(table_name = retention_policies)]
#[schema(example = json!({"is_active": true, "age_days": 1095}))]
pub struct RetentionPolicyPatch {
    #[serde(default, deserialize_with = "patch::value")]
    #[validate(length(max = 100), custom(function = "tidy::is_filled"))]
    #[schema(value_type = String, required = false, min_length = 1, max_length = 100)]
    pub name: Option<String>,
    #[serde(default, deserialize_with = "patch::value")]
    #[validate(length(min = 1, max = 50))]
    #[schema(value_type = String, required = false, min_length = 1, max_length = 50)]
    pub date_field: Option<String>,
    #[serde(default, deserialize_with = "patch::value")]
    #[validate(range(min = 1, max = 36500))]
    #[schema(value_type = i32, required = false, minimum = 1, maximum = 36500)]
    pub age_days: Option<i32>,
    #[serde(default, deserialize_with = "patch::nullable")]
    #[validate(length(max = 4096))]
    #[schema(value_type = Option<String>, max_length = 4096)]
    pub filter: Option<Option<String>>,
    #[serde(default, deserialize_with = "patch::value")]
    #[validate(custom(function = "is_action"))]
    #[schema(value_type = String, required = false)]
    pub action: Option<String>,
    #[serde(default, deserialize_with = "patch::value")]
    #[schema(value_type = bool, required = false)]
    pub is_active: Option<bool>,
}

impl Tidy for NewRetentionPolicy {
    fn tidy(&mut self) {
        tidy::trim(&mut self.name);
    }
}
impl Tidy for RetentionPolicyPatch {
    fn tidy(&mut self) {
        self.name.iter_mut().for_each(tidy::trim);
    }
}

fn is_action(text: &str) -> Result<(), ValidationError> {
    match ACTIONS.contains(&text) {
        true => Ok(()),
        false => Err(rule!("choice", "is none of {choices}", choices = "archive, purge, anonymise")),
    }
}

/// The nouns that a policy may be about: records that can be archived and know who changed them.
pub fn ageing(catalogues: &'static Catalogues, noun: &str) -> Option<&'static Catalogue> {
    let catalogue = catalogues.get(noun)?;
    let known = ["deleted_at", "updated_by", "version"].iter().all(|name| catalogue.field(name).is_some());
    (known && !APART.contains(&catalogue.noun)).then_some(catalogue)
}

pub static CATALOGUE: Catalogue = Catalogue {
    noun: "retention_policy",
    table: "retention_policies",
    fields: &[
        Field::new("id", Holds::Id),
        Field::new("name", Holds::Text).searched(Searched::Name),
        Field::new("resource", Holds::Text),
        Field::new("date_field", Holds::Text),
        Field::new("age_days", Holds::Int),
        Field::new("filter", Holds::Text).nullable().unsortable(),
        Field::new("action", Holds::Choice(ACTIONS)),
        Field::new("is_active", Holds::Bool),
        Field::new("last_run_at", Holds::Instant).nullable(),
        Field::new("last_done", Holds::Int).nullable(),
        Field::new("last_kept", Holds::Int).nullable(),
        Field::new("job_id", Holds::Id).nullable(),
        Field::new("version", Holds::Int),
        Field::new("created_at", Holds::Instant),
        Field::new("updated_at", Holds::Instant),
        Field::new("created_by", Holds::Id),
        Field::new("updated_by", Holds::Id),
        Field::new("deleted_at", Holds::Instant).nullable(),
    ],
    relations: &[Relation::one("creator", "user", "created_by"), Relation::one("job", "job", "job_id")],
    custom: None,
    owned: Owned::Shared,
};

impl Noun for RetentionPolicy {
    const NAME: &'static str = "retention_policy";
}
impl Record for RetentionPolicy {
    type Id = RetentionPolicyId;
    fn id(&self) -> RetentionPolicyId {
        self.id
    }
    fn version(&self) -> i32 {
        self.version
    }
}
impl Listed for retention_policies::table {
    const CATALOGUE: &'static Catalogue = &CATALOGUE;
}
