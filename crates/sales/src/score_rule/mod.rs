//! A rule by which leads are rated: so many points to those of which it holds. It looks at the lead alone, and is asked at
//! each change of one; what it gave before it was changed or archived stands until the lead changes next.
mod deeds;
mod store;

pub use crate::lead::schema::lead_score_rules::table as Table;
pub use deeds::{archive, create, purge, restore, update, upsert};
pub(crate) use store::{active, filters};
pub use store::{find, list};

use crate::lead::schema::lead_score_rules;
use chrono::{DateTime, Utc};
use diesel::prelude::{AsChangeset, Insertable, Queryable, Selectable};
use kernel::catalogue::{Catalogue, Field, Kind as Holds, Owned, Searched};
use kernel::{LeadScoreRuleId, Noun, Record, Tidy, UserId, patch, rule, tidy};
use platform::filter::Listed;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use validator::{Validate, ValidationError};

/// So many points to leads of which it holds.
#[derive(Clone, Debug, Queryable, Selectable, Serialize, ToSchema)]
#[diesel(table_name = lead_score_rules, check_for_backend(diesel::pg::Pg))]
#[schema(example = json!({
    "id": "0192f0c1-8888-7000-8000-00000000000b", "name": "Came from a form", "filter": "source == \"form\"",
    "points": 20, "is_active": true, "version": 1, "created_at": "2026-11-26T08:00:00Z",
    "updated_at": "2026-11-26T08:00:00Z", "created_by": "0192f0c1-0000-7000-8000-000000000001",
    "updated_by": "0192f0c1-0000-7000-8000-000000000001", "deleted_at": null
}))]
pub struct LeadScoreRule {
    pub id: LeadScoreRuleId,
    pub name: String,
    /// of which leads it holds, in the language of filters
    #[schema(example = "source == \"form\"")]
    pub filter: String,
    /// below zero, it takes some
    #[schema(example = 20)]
    pub points: i32,
    pub is_active: bool,
    pub version: i32,
    pub created_at: DateTime<Utc>,
    pub updated_at: DateTime<Utc>,
    pub created_by: UserId,
    pub updated_by: UserId,
    /// when it was archived: no lead is rated by it then
    pub deleted_at: Option<DateTime<Utc>>,
}

/// What a new rule is made of.
#[derive(Clone, Debug, Deserialize, Insertable, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
#[diesel(table_name = lead_score_rules, treat_none_as_default_value = false)]
#[schema(example = json!({"name": "Came from a form", "filter": "source == \"form\"", "points": 20}))]
pub struct NewLeadScoreRule {
    /// made by the client, when it creates offline
    #[diesel(skip_insertion)]
    #[validate(custom(function = "kernel::id::is_of_its_time"))]
    pub id: Option<LeadScoreRuleId>,
    #[validate(length(max = 200), custom(function = "tidy::is_filled"))]
    #[schema(min_length = 1, max_length = 200)]
    pub name: String,
    /// over the lead alone
    #[validate(length(min = 1, max = 4000))]
    #[schema(min_length = 1, max_length = 4000, example = "source == \"form\"")]
    pub filter: String,
    #[validate(range(min = -1000, max = 1000), custom(function = "counts"))]
    #[schema(minimum = -1000, maximum = 1000, example = 20)]
    pub points: i32,
    #[serde(default = "yes")]
    #[schema(default = true, required = false)]
    pub is_active: bool,
}

/// A merge patch: what is absent stays.
#[derive(Clone, Debug, Default, Deserialize, AsChangeset, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
#[diesel(table_name = lead_score_rules)]
#[schema(example = json!({"points": 25}))]
pub struct LeadScoreRulePatch {
    #[serde(default, deserialize_with = "patch::value")]
    #[validate(length(max = 200), custom(function = "tidy::is_filled"))]
    #[schema(value_type = String, required = false, min_length = 1, max_length = 200)]
    pub name: Option<String>,
    #[serde(default, deserialize_with = "patch::value")]
    #[validate(length(min = 1, max = 4000))]
    #[schema(value_type = String, required = false, min_length = 1, max_length = 4000)]
    pub filter: Option<String>,
    #[serde(default, deserialize_with = "patch::value")]
    #[validate(range(min = -1000, max = 1000), custom(function = "counts"))]
    #[schema(value_type = i32, required = false, minimum = -1000, maximum = 1000)]
    pub points: Option<i32>,
    #[serde(default, deserialize_with = "patch::value")]
    #[schema(value_type = bool, required = false)]
    pub is_active: Option<bool>,
}

pub static CATALOGUE: Catalogue = Catalogue {
    noun: "lead_score_rule",
    table: "lead_score_rules",
    fields: &[
        Field::new("id", Holds::Id),
        Field::new("name", Holds::Text).searched(Searched::Name),
        Field::new("filter", Holds::Text),
        Field::new("points", Holds::Int),
        Field::new("is_active", Holds::Bool),
        Field::new("version", Holds::Int),
        Field::new("created_at", Holds::Instant),
        Field::new("updated_at", Holds::Instant),
        Field::new("created_by", Holds::Id),
        Field::new("updated_by", Holds::Id),
        Field::new("deleted_at", Holds::Instant).nullable(),
    ],
    relations: &[],
    custom: None,
    owned: Owned::Shared,
};

impl Noun for LeadScoreRule {
    const NAME: &'static str = "lead_score_rule";
}
impl Record for LeadScoreRule {
    type Id = LeadScoreRuleId;
    fn id(&self) -> LeadScoreRuleId {
        self.id
    }
    fn version(&self) -> i32 {
        self.version
    }
}
impl Listed for lead_score_rules::table {
    const CATALOGUE: &'static Catalogue = &CATALOGUE;
}

impl Tidy for NewLeadScoreRule {
    fn tidy(&mut self) {
        tidy::trim(&mut self.name);
    }
}
impl Tidy for LeadScoreRulePatch {
    fn tidy(&mut self) {
        self.name.iter_mut().for_each(tidy::trim);
    }
}

fn yes() -> bool {
    true
}

fn counts(points: i32) -> Result<(), ValidationError> {
    if points == 0 { Err(rule!("zero", "is zero")) } else { Ok(()) }
}
