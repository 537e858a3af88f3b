//! A stage says how far a sale has come, how probable it is, and what has to be known of an opportunity that comes there.
//!
//! A stage is part of its pipeline. Its `key` is what files, programs and transitions call it, and stays; one that is won
//! has a probability of 100, one that is lost of 0. Nothing said of transitions, all stages may come next.
mod deeds;
mod store;

pub use crate::schema::stages::table as Table;
pub use deeds::{add, find, fit, of, remove, update};
pub(super) use store::insert;
pub(crate) use store::{begun, meant};
pub use store::{list, many, of_all};

use crate::schema::stages;
use chrono::{DateTime, Utc};
use customer::choices::one_of;
use diesel::prelude::{AsChangeset, Queryable, Selectable};
use kernel::catalogue::{Catalogue, Field, Kind as Holds, Owned, Relation};
use kernel::custom::Labels;
use kernel::{Code, Kind, Noun, PipelineId, Record, StageId, Tidy, patch, tidy};
use platform::custom::option_set::{Named, are_labels, is_key};
use platform::filter::Listed;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use validator::{Validate, ValidationError};

pub const KEY_TAKEN: Code =
    Code::new("stage_key_taken", Kind::Conflict, "Another stage of the pipeline has this key: `existing` says which.");
pub const KINDS_MISSING: Code = Code::new(
    "stage_kinds_missing",
    Kind::Conflict,
    "A pipeline has a stage that is open, one that is won and one that is lost, always.",
);

pub const KINDS: &[&str] = &["open", "won", "lost"];
pub const CATEGORIES: &[&str] = &["pipeline", "best_case", "commit", "closed", "omitted"];

/// How far a sale has come.
#[derive(Clone, Debug, Queryable, Selectable, Serialize, ToSchema)]
#[diesel(table_name = stages, check_for_backend(diesel::pg::Pg))]
#[schema(example = json!({
    "id": "0192f0c1-5555-7000-8000-00000000000c", "pipeline_id": "0192f0c1-5555-7000-8000-00000000000b",
    "key": "proposal", "position": 4, "name": "Proposal", "labels": {"en": "Proposal", "zh-Hans": "方案报价"},
    "kind": "open", "probability": 60, "forecast_category": "best_case", "required_fields": ["amount"],
    "transitions": [], "rotting_days": 14, "version": 1, "created_at": "2026-11-21T08:00:00Z",
    "updated_at": "2026-11-21T08:00:00Z"
}))]
pub struct Stage {
    pub id: StageId,
    pub pipeline_id: PipelineId,
    /// what files, programs and transitions call it
    pub key: String,
    pub position: i32,
    pub name: String,
    /// what it is called in which language
    #[schema(value_type = Labels)]
    pub labels: Named,
    #[schema(example = "open")]
    pub kind: String,
    /// per cent
    #[schema(minimum = 0, maximum = 100)]
    pub probability: i32,
    #[schema(example = "best_case")]
    pub forecast_category: String,
    /// fields of an opportunity that whoever comes here has to have, `custom.…` too
    pub required_fields: Vec<String>,
    /// keys of the stages that may come next; none are all
    pub transitions: Vec<String>,
    /// after so many days here without an activity an opportunity is rotten (`rots_at`)
    pub rotting_days: Option<i32>,
    pub version: i32,
    pub created_at: DateTime<Utc>,
    pub updated_at: DateTime<Utc>,
}

/// What a new stage is made of.
#[derive(Clone, Debug, Default, Serialize, Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({
    "key": "trial", "name": "Trial", "kind": "open", "probability": 50, "required_fields": ["amount", "account_id"],
    "transitions": ["negotiation", "closed_lost"], "rotting_days": 30
}))]
pub struct NewStage {
    /// made by the client, when it creates offline
    #[validate(custom(function = "kernel::id::is_of_its_time"))]
    pub id: Option<StageId>,
    #[validate(custom(function = "is_key"))]
    #[schema(pattern = "^[a-z][a-z0-9_]{0,39}$", max_length = 40)]
    pub key: String,
    /// behind the others, unless said otherwise
    #[validate(range(min = 1, max = 10000))]
    #[schema(minimum = 1, maximum = 10000)]
    pub position: Option<i32>,
    #[validate(length(min = 1, max = 100), custom(function = "tidy::is_filled"))]
    #[schema(min_length = 1, max_length = 100)]
    pub name: String,
    #[serde(default)]
    #[validate(custom(function = "are_labels"))]
    #[schema(value_type = Labels, required = false)]
    pub labels: Named,
    #[validate(custom(function = "is_kind"))]
    #[schema(example = "open")]
    pub kind: String,
    /// per cent; 100 where it is won, 0 where it is lost
    #[validate(range(min = 0, max = 100))]
    #[schema(minimum = 0, maximum = 100)]
    pub probability: Option<i32>,
    /// `pipeline` where it is open, `closed` where it is won, `omitted` where it is lost, unless said otherwise
    #[validate(custom(function = "is_category"))]
    #[schema(example = "best_case")]
    pub forecast_category: Option<String>,
    #[serde(default)]
    #[validate(length(max = 50))]
    #[schema(required = false, max_items = 50)]
    pub required_fields: Vec<String>,
    #[serde(default)]
    #[validate(length(max = 50))]
    #[schema(required = false, max_items = 50)]
    pub transitions: Vec<String>,
    #[validate(range(min = 1, max = 3650))]
    #[schema(minimum = 1, maximum = 3650)]
    pub rotting_days: Option<i32>,
}

/// A merge patch of a stage. Its key stays.
#[derive(Clone, Debug, Default, Deserialize, AsChangeset, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
#[diesel(table_name = stages)]
#[schema(example = json!({"probability": 55, "required_fields": ["amount", "expected_close_on"]}))]
pub struct StagePatch {
    #[serde(default, deserialize_with = "patch::value")]
    #[validate(range(min = 1, max = 10000))]
    #[schema(value_type = i32, required = false, minimum = 1, maximum = 10000)]
    pub position: Option<i32>,
    #[serde(default, deserialize_with = "patch::value")]
    #[validate(length(min = 1, max = 100), custom(function = "tidy::is_filled"))]
    #[schema(value_type = String, required = false, min_length = 1, max_length = 100)]
    pub name: Option<String>,
    #[serde(default, deserialize_with = "patch::value")]
    #[validate(custom(function = "are_labels"))]
    #[schema(value_type = Labels, required = false)]
    pub labels: Option<Named>,
    #[serde(default, deserialize_with = "patch::value")]
    #[validate(range(min = 0, max = 100))]
    #[schema(value_type = i32, required = false, minimum = 0, maximum = 100)]
    pub probability: Option<i32>,
    #[serde(default, deserialize_with = "patch::value")]
    #[validate(custom(function = "is_category"))]
    #[schema(value_type = String, required = false)]
    pub forecast_category: Option<String>,
    #[serde(default, deserialize_with = "patch::value")]
    #[validate(length(max = 50))]
    #[schema(value_type = Vec<String>, required = false, max_items = 50)]
    pub required_fields: Option<Vec<String>>,
    #[serde(default, deserialize_with = "patch::value")]
    #[validate(length(max = 50))]
    #[schema(value_type = Vec<String>, required = false, max_items = 50)]
    pub transitions: Option<Vec<String>>,
    #[serde(default, deserialize_with = "patch::nullable")]
    #[validate(range(min = 1, max = 3650))]
    #[schema(value_type = Option<i32>, minimum = 1, maximum = 3650)]
    pub rotting_days: Option<Option<i32>>,
}

pub static CATALOGUE: Catalogue = Catalogue {
    noun: "stage",
    table: "stages",
    fields: &[
        Field::new("id", Holds::Id),
        Field::new("pipeline_id", Holds::Id),
        Field::new("key", Holds::Text),
        Field::new("position", Holds::Int),
        Field::new("name", Holds::Text),
        Field::new("labels", Holds::Text).unfilterable().unsortable(),
        Field::new("kind", Holds::Choice(KINDS)),
        Field::new("probability", Holds::Int),
        Field::new("forecast_category", Holds::Choice(CATEGORIES)),
        Field::new("required_fields", Holds::Tags),
        Field::new("transitions", Holds::Tags),
        Field::new("rotting_days", Holds::Int).nullable(),
        Field::new("version", Holds::Int),
        Field::new("created_at", Holds::Instant),
        Field::new("updated_at", Holds::Instant),
    ],
    relations: &[
        Relation::one("pipeline", "pipeline", "pipeline_id"),
        Relation::many("opportunities", "opportunity", "stage_id"),
    ],
    custom: None,
    owned: Owned::Part { of: "pipeline", column: "pipeline_id" },
};

impl Noun for Stage {
    const NAME: &'static str = "stage";
}
impl Record for Stage {
    type Id = StageId;
    fn id(&self) -> StageId {
        self.id
    }
    fn version(&self) -> i32 {
        self.version
    }
}
impl Listed for stages::table {
    const CATALOGUE: &'static Catalogue = &CATALOGUE;
    const ENDURES: bool = true;
}

impl Stage {
    /// Whether an opportunity may go on from here to `next`.
    pub fn leads_to(&self, next: &Self) -> bool {
        self.pipeline_id != next.pipeline_id || self.transitions.is_empty() || self.transitions.contains(&next.key)
    }
    pub fn is_open(&self) -> bool {
        self.kind == "open"
    }
}

impl Tidy for NewStage {
    fn tidy(&mut self) {
        [&mut self.key, &mut self.name].into_iter().for_each(tidy::trim);
    }
}
impl Tidy for StagePatch {
    fn tidy(&mut self) {
        self.name.iter_mut().for_each(tidy::trim);
    }
}

fn is_kind(text: &str) -> Result<(), ValidationError> {
    one_of(text, KINDS)
}
/// The rule behind forecast categories, of opportunities too.
pub fn is_category(text: &str) -> Result<(), ValidationError> {
    one_of(text, CATEGORIES)
}
