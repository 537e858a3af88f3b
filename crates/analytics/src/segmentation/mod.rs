//! A segmentation sorts all customers of a tenant into classes: by how recently, how often and for how much they have
//! bought (`rfm`), by what they bring (`value`), by groups that their numbers make (`clusters`), or by filters (`rules`).
//!
//! A [`run`](self::run) sorts everybody; in between, customers whose orders change are sorted by what the last run has
//! found ([`sweep`](self::sweep)). What somebody was sorted as stands in [`crate::classification`], and accounts are given
//! the labels of their classes. It belongs to nobody: who is in which class does not depend on who looks.
mod body;
mod deeds;
pub mod run;
mod settings;
pub(crate) mod store;
pub mod sweep;

pub use crate::schema::segmentations::table as Table;
pub use body::{NewSegmentation, SegmentationPatch};
pub use deeds::{archive, create, purge, restore, update, upsert};
pub use settings::{
    ClusterSettings, Clusters, Rfm, RfmClass, RfmSettings, RuleSettings, Rules, ScoreBand, SegmentationRule, Value,
    ValueSettings, ValueTier,
};
pub use store::{find, list, many};

use crate::schema::segmentations;
use chrono::{DateTime, Utc};
use diesel::prelude::{Queryable, Selectable};
use kernel::catalogue::{Catalogue, Field, Kind as Holds, Owned, Relation, Searched};
use kernel::{Code, Kind, Noun, Record, SegmentationId, SegmentationRunId, UserId};
use platform::filter::Listed;
use serde::Serialize;
use utoipa::ToSchema;

pub const KEY_TAKEN: Code =
    Code::new("segmentation_key_taken", Kind::Conflict, "Another segmentation has this key: `existing` says which.");
pub const INACTIVE: Code =
    Code::new("segmentation_inactive", Kind::Conflict, "The segmentation is not active: nobody is sorted by it.");
pub const RUNNING: Code = Code::new(
    "segmentation_running",
    Kind::Conflict,
    "The segmentation is being run already: that run has to end before the next begins.",
);
pub const TOO_FEW: Code = Code::new(
    "segmentation_too_few_customers",
    Kind::Conflict,
    "There are too few customers with orders to tell them apart.",
);
pub const ONE_VALUE: Code = Code::new(
    "segmentation_one_value",
    Kind::Conflict,
    "All customers are the same in what they are sorted by: there is nothing to tell them apart by.",
);
pub const TOO_MANY_GROUPS: Code = Code::new(
    "segmentation_too_many_groups",
    Kind::Conflict,
    "More groups are asked for than there are different customers.",
);
pub const TOO_MANY: Code = Code::new(
    "segmentation_too_many_customers",
    Kind::Conflict,
    "There are more customers than one run can hold in its memory.",
);
pub const UNREADABLE: Code = Code::new(
    "segmentation_unreadable",
    Kind::Conflict,
    "What the segmentation asks for cannot be read any more: a field that a filter names has gone, or a sum is too large.",
);
pub const CODES: &[Code] = &[KEY_TAKEN, INACTIVE, RUNNING, TOO_FEW, ONE_VALUE, TOO_MANY_GROUPS, TOO_MANY, UNREADABLE];

pub const RFM: &str = "rfm";
pub const VALUE: &str = "value";
pub const CLUSTERS: &str = "clusters";
pub const RULES: &str = "rules";
pub const KINDS: &[&str] = &[RFM, VALUE, CLUSTERS, RULES];
pub const SCHEDULES: &[&str] = &["none", "daily", "weekly", "monthly"];

/// How customers are sorted.
#[derive(Clone, Debug, Queryable, Selectable, Serialize, ToSchema)]
#[diesel(table_name = segmentations, check_for_backend(diesel::pg::Pg))]
#[schema(example = json!({
    "id": "0192f0c1-9999-7000-8000-000000000002", "key": "rfm", "name": "RFM", "description": null, "kind": "rfm",
    "rfm": {"scoring": "quantiles", "preset": "eleven", "classes": null, "rest": null, "prospect": null},
    "value": null, "clusters": null, "rules": null, "currency": "CNY", "window_days": 365, "schedule": "daily",
    "is_labelling": true, "is_active": true, "last_run_id": null, "next_run_at": "2026-11-28T08:00:00Z", "version": 1,
    "created_at": "2026-11-27T08:00:00Z", "updated_at": "2026-11-27T08:00:00Z",
    "created_by": "0192f0c1-0000-7000-8000-000000000001", "updated_by": "0192f0c1-0000-7000-8000-000000000001",
    "deleted_at": null
}))]
pub struct Segmentation {
    pub id: SegmentationId,
    /// what its labels begin with: `rfm:champion`
    #[schema(example = "rfm")]
    pub key: String,
    pub name: String,
    pub description: Option<String>,
    /// `rfm`, `value`, `clusters` or `rules`
    #[schema(example = "rfm")]
    pub kind: String,
    /// how, of kind `rfm`
    #[schema(value_type = Option<RfmSettings>)]
    pub rfm: Option<Rfm>,
    /// how, of kind `value`
    #[schema(value_type = Option<ValueSettings>)]
    pub value: Option<Value>,
    /// how, of kind `clusters`
    #[schema(value_type = Option<ClusterSettings>)]
    pub clusters: Option<Clusters>,
    /// how, of kind `rules`
    #[schema(value_type = Option<RuleSettings>)]
    pub rules: Option<Rules>,
    /// only orders in it count; the tenant's own, where it is absent
    #[schema(example = "CNY")]
    pub currency: Option<String>,
    /// only the orders of so many days count; all of them, where it is absent
    #[schema(example = 365)]
    pub window_days: Option<i32>,
    /// how often it is run by itself: `none`, `daily`, `weekly` or `monthly`
    #[schema(example = "daily")]
    pub schedule: String,
    /// whether accounts are given the labels of their classes
    pub is_labelling: bool,
    pub is_active: bool,
    /// the last run that came to its end
    pub last_run_id: Option<SegmentationRunId>,
    /// when it is run by itself the next time
    pub next_run_at: Option<DateTime<Utc>>,
    pub version: i32,
    pub created_at: DateTime<Utc>,
    pub updated_at: DateTime<Utc>,
    pub created_by: UserId,
    pub updated_by: UserId,
    /// when it was archived: nobody is sorted by it since
    pub deleted_at: Option<DateTime<Utc>>,
}

pub static CATALOGUE: Catalogue = Catalogue {
    noun: "segmentation",
    table: "segmentations",
    fields: &[
        Field::new("id", Holds::Id),
        Field::new("key", Holds::Text),
        Field::new("name", Holds::Text).searched(Searched::Name),
        Field::new("description", Holds::Text).nullable().unsortable(),
        Field::new("kind", Holds::Choice(KINDS)),
        Field::new("rfm", Holds::Text).nullable().unfilterable().unsortable(),
        Field::new("value", Holds::Text).nullable().unfilterable().unsortable(),
        Field::new("clusters", Holds::Text).nullable().unfilterable().unsortable(),
        Field::new("rules", Holds::Text).nullable().unfilterable().unsortable(),
        Field::new("currency", Holds::Text).nullable(),
        Field::new("window_days", Holds::Int).nullable(),
        Field::new("schedule", Holds::Choice(SCHEDULES)),
        Field::new("is_labelling", Holds::Bool),
        Field::new("is_active", Holds::Bool),
        Field::new("last_run_id", Holds::Id).nullable(),
        Field::new("next_run_at", Holds::Instant).nullable(),
        Field::new("version", Holds::Int),
        Field::new("created_at", Holds::Instant),
        Field::new("updated_at", Holds::Instant),
        Field::new("created_by", Holds::Id),
        Field::new("updated_by", Holds::Id),
        Field::new("deleted_at", Holds::Instant).nullable(),
    ],
    relations: &[
        Relation::many("runs", "segmentation_run", "segmentation_id"),
        Relation::many("labels", "label", "segmentation_id"),
    ],
    custom: None,
    owned: Owned::Shared,
};

impl Noun for Segmentation {
    const NAME: &'static str = "segmentation";
}
impl Record for Segmentation {
    type Id = SegmentationId;
    fn id(&self) -> SegmentationId {
        self.id
    }
    fn version(&self) -> i32 {
        self.version
    }
}
impl Listed for segmentations::table {
    const CATALOGUE: &'static Catalogue = &CATALOGUE;
}
