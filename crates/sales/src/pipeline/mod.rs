//! A pipeline is a way of selling: the stages that an opportunity goes through, in their order.
//!
//! It always has a stage that is won and one that is lost, and one that is open to begin with. A tenant has exactly one
//! that is the default, where opportunities go that name none; it is there from the tenant's beginning ([`furnish`]).
//! Pipelines belong to nobody: whoever may read them sees them all.
mod deeds;
mod furnish;
pub mod stage;
mod store;

pub use crate::schema::pipelines::table as Table;
pub use deeds::{archive, create, purge, restore, update, upsert};
pub use furnish::furnish;
pub use stage::of_all as stages_of;
pub(crate) use store::{all, default};
pub use store::{find, list, many};

use crate::schema::pipelines;
use chrono::{DateTime, Utc};
use diesel::prelude::{AsChangeset, Insertable, Queryable, Selectable};
use kernel::catalogue::{Catalogue, Field, Kind as Holds, Owned, Relation, Searched};
use kernel::custom::Labels;
use kernel::{Code, Kind, Noun, PipelineId, Record, Tidy, UserId, patch, tidy};
use platform::custom::option_set::{Named, are_labels};
use platform::filter::Listed;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use validator::Validate;

pub const NAME_TAKEN: Code = Code::new("pipeline_name_taken", Kind::Conflict, "Another pipeline has this name.");
pub const DEFAULT_STAYS: Code = Code::new(
    "pipeline_default_stays",
    Kind::Conflict,
    "There is always a default pipeline: make another one the default first.",
);
pub const CODES: &[Code] = &[NAME_TAKEN, DEFAULT_STAYS, stage::KEY_TAKEN, stage::KINDS_MISSING];

/// A way of selling.
#[derive(Clone, Debug, Queryable, Selectable, Serialize, ToSchema)]
#[diesel(table_name = pipelines, check_for_backend(diesel::pg::Pg))]
#[schema(example = json!({
    "id": "0192f0c1-5555-7000-8000-00000000000b", "name": "Sales", "labels": {"en": "Sales", "zh-Hans": "销售"},
    "is_default": true, "version": 1, "created_at": "2026-11-21T08:00:00Z", "updated_at": "2026-11-21T08:00:00Z",
    "created_by": "0192f0c1-0000-7000-8000-000000000001", "updated_by": "0192f0c1-0000-7000-8000-000000000001",
    "deleted_at": null
}))]
pub struct Pipeline {
    pub id: PipelineId,
    pub name: String,
    /// what it is called in which language
    #[schema(value_type = Labels)]
    pub labels: Named,
    /// whether opportunities go here that name no pipeline
    pub is_default: bool,
    pub version: i32,
    pub created_at: DateTime<Utc>,
    pub updated_at: DateTime<Utc>,
    pub created_by: UserId,
    pub updated_by: UserId,
    /// when it was archived
    pub deleted_at: Option<DateTime<Utc>>,
}

/// What a new pipeline is made of.
#[derive(Clone, Debug, Default, Deserialize, Insertable, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
#[diesel(table_name = pipelines, treat_none_as_default_value = false)]
#[schema(example = json!({
    "name": "Partners", "labels": {"en": "Partners", "zh-Hans": "渠道"},
    "stages": [{"key": "first_talk", "name": "First talk", "kind": "open", "probability": 20},
               {"key": "signed", "name": "Signed", "kind": "won"}, {"key": "gone", "name": "Gone", "kind": "lost"}]
}))]
pub struct NewPipeline {
    /// made by the client, when it creates offline
    #[diesel(skip_insertion)]
    #[validate(custom(function = "kernel::id::is_of_its_time"))]
    pub id: Option<PipelineId>,
    #[validate(length(min = 1, max = 100), custom(function = "tidy::is_filled"))]
    #[schema(min_length = 1, max_length = 100)]
    pub name: String,
    #[serde(default)]
    #[validate(custom(function = "are_labels"))]
    #[schema(value_type = Labels, required = false)]
    pub labels: Named,
    /// whether it takes the place of the default one
    #[diesel(skip_insertion)]
    pub is_default: Option<bool>,
    /// in their order; those of the first pipeline of every tenant, unless said otherwise
    #[diesel(skip_insertion)]
    #[validate(nested, length(min = 1, max = 50))]
    #[schema(min_items = 1, max_items = 50)]
    pub stages: Option<Vec<stage::NewStage>>,
}

/// A merge patch: what is absent stays.
#[derive(Clone, Debug, Default, Deserialize, AsChangeset, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
#[diesel(table_name = pipelines)]
#[schema(example = json!({"name": "Partners and resellers"}))]
pub struct PipelinePatch {
    #[serde(default, deserialize_with = "patch::value")]
    #[validate(length(min = 1, max = 100), custom(function = "tidy::is_filled"))]
    #[schema(value_type = String, required = false, min_length = 1, max_length = 100)]
    pub name: Option<String>,
    #[serde(default, deserialize_with = "patch::value")]
    #[validate(custom(function = "are_labels"))]
    #[schema(value_type = Labels, required = false)]
    pub labels: Option<Named>,
    /// `true` takes the place of the default one
    #[serde(default, deserialize_with = "patch::value")]
    #[schema(value_type = bool, required = false)]
    pub is_default: Option<bool>,
}

pub static CATALOGUE: Catalogue = Catalogue {
    noun: "pipeline",
    table: "pipelines",
    fields: &[
        Field::new("id", Holds::Id),
        Field::new("name", Holds::Text).searched(Searched::Name),
        Field::new("labels", Holds::Text).unfilterable().unsortable(),
        Field::new("is_default", Holds::Bool),
        Field::new("version", Holds::Int),
        Field::new("created_at", Holds::Instant),
        Field::new("updated_at", Holds::Instant),
        Field::new("created_by", Holds::Id),
        Field::new("updated_by", Holds::Id),
        Field::new("deleted_at", Holds::Instant).nullable(),
    ],
    relations: &[
        Relation::many("stages", "stage", "pipeline_id"),
        Relation::many("opportunities", "opportunity", "pipeline_id"),
    ],
    custom: None,
    owned: Owned::Shared,
};

impl Noun for Pipeline {
    const NAME: &'static str = "pipeline";
}
impl Record for Pipeline {
    type Id = PipelineId;
    fn id(&self) -> PipelineId {
        self.id
    }
    fn version(&self) -> i32 {
        self.version
    }
}
impl Listed for pipelines::table {
    const CATALOGUE: &'static Catalogue = &CATALOGUE;
}

impl Tidy for NewPipeline {
    fn tidy(&mut self) {
        tidy::trim(&mut self.name);
        self.stages.iter_mut().flatten().for_each(Tidy::tidy);
    }
}
impl Tidy for PipelinePatch {
    fn tidy(&mut self) {
        self.name.iter_mut().for_each(tidy::trim);
    }
}
