//! One time that all customers are sorted: a job, which reads what is known of them, finds by what to sort, and writes down
//! who is something else than before, some at a time. Whatever stops it, it begins anew and writes what is lacking.
//!
//! It looks at all customers of the tenant, whoever asks for it. A day that is asked for makes it look from there: what was
//! ordered later counts for nothing. What was ordered ahead of today was ordered today.
mod deeds;
pub(crate) mod fit;
pub(crate) mod model;
pub(crate) mod store;
mod work;

pub use crate::schema::segmentation_runs::table as Table;
pub use deeds::{begin, give_up, put_down_due};
pub use store::{find, list, many};
pub use work::run;

use crate::schema::segmentation_runs;
use chrono::{DateTime, NaiveDate, Utc};
use diesel::prelude::{Queryable, Selectable};
use kernel::catalogue::{Catalogue, Field, Kind as Holds, Owned, Relation};
use kernel::{JobId, Noun, Record, SegmentationId, SegmentationRunId, Tidy, UserId};
use platform::filter::Listed;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;
use utoipa::ToSchema;
use validator::Validate;

/// The kind of the job.
pub const KIND: &str = "segmentation_run";
pub const STATUSES: &[&str] = &["queued", "running", "succeeded", "failed"];

/// How many customers came from one class to another.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize, ToSchema)]
pub struct ClassTransition {
    /// nothing for those who were of none
    #[schema(example = "champion")]
    pub from: Option<String>,
    /// nothing for those who are of none
    #[schema(example = "at_risk")]
    pub to: Option<String>,
    #[schema(example = 12)]
    pub count: i64,
}

platform::jsonb!(ClassCounts(BTreeMap<String, i64>), "Class → how many customers, as a column keeps it.");
platform::jsonb!(Transitions(Vec<ClassTransition>), "Who came from where, as a column keeps it.");

/// One time that all customers were sorted.
#[derive(Clone, Debug, Queryable, Selectable, Serialize, ToSchema)]
#[diesel(table_name = segmentation_runs, check_for_backend(diesel::pg::Pg))]
#[schema(example = json!({
    "id": "0192f0c1-9999-7000-8000-000000000003", "segmentation_id": "0192f0c1-9999-7000-8000-000000000002",
    "job_id": "0192f0c1-5555-7000-8000-000000000006", "status": "succeeded", "as_of_on": "2026-11-27",
    "is_dated": false, "currency": "CNY", "error_code": null, "customer_count": 1200, "changed_count": 37,
    "class_counts": {"champion": 110, "lost": 400}, "transitions": [{"from": "champion", "to": "at_risk", "count": 12}],
    "metrics": {"buyer_count": 900}, "started_at": "2026-11-27T08:00:00Z", "finished_at": "2026-11-27T08:00:02Z",
    "version": 3, "created_at": "2026-11-27T08:00:00Z", "updated_at": "2026-11-27T08:00:02Z",
    "created_by": "0192f0c1-0000-7000-8000-000000000001"
}))]
pub struct SegmentationRun {
    pub id: SegmentationRunId,
    pub segmentation_id: SegmentationId,
    /// the job that does it
    pub job_id: Option<JobId>,
    /// `queued`, `running`, `succeeded` or `failed`
    #[schema(example = "succeeded")]
    pub status: String,
    /// the day that it looks from
    pub as_of_on: NaiveDate,
    /// whether that was asked for, so that what was ordered later counts for nothing
    pub is_dated: bool,
    #[schema(example = "CNY")]
    pub currency: String,
    /// why nobody was sorted: a code of the list of errors
    #[schema(example = "segmentation_too_few_customers")]
    pub error_code: Option<String>,
    /// how many customers were looked at
    pub customer_count: i32,
    /// how many of them are something else than before
    pub changed_count: i32,
    /// how many are in each class
    #[schema(value_type = BTreeMap<String, i64>)]
    pub class_counts: ClassCounts,
    /// how many came from one class to another
    #[schema(value_type = Vec<ClassTransition>)]
    pub transitions: Transitions,
    /// by what they were sorted, and how well: thresholds, shares of tiers, silhouette and centres
    #[schema(value_type = Object)]
    pub metrics: serde_json::Value,
    pub started_at: Option<DateTime<Utc>>,
    pub finished_at: Option<DateTime<Utc>>,
    pub version: i32,
    pub created_at: DateTime<Utc>,
    pub updated_at: DateTime<Utc>,
    pub created_by: UserId,
}

/// A run that is asked for.
#[derive(Clone, Debug, Default, Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({"as_of_on": null}))]
pub struct SegmentationRunRequest {
    /// the day to look from: today, where it is absent
    pub as_of_on: Option<NaiveDate>,
}
impl Tidy for SegmentationRunRequest {}

pub static CATALOGUE: Catalogue = Catalogue {
    noun: "segmentation_run",
    table: "segmentation_runs",
    fields: &[
        Field::new("id", Holds::Id),
        Field::new("segmentation_id", Holds::Id),
        Field::new("job_id", Holds::Id).nullable(),
        Field::new("status", Holds::Choice(STATUSES)),
        Field::new("as_of_on", Holds::Date),
        Field::new("is_dated", Holds::Bool),
        Field::new("currency", Holds::Text),
        Field::new("error_code", Holds::Text).nullable(),
        Field::new("customer_count", Holds::Int),
        Field::new("changed_count", Holds::Int),
        Field::new("class_counts", Holds::Text).unfilterable().unsortable(),
        Field::new("transitions", Holds::Text).unfilterable().unsortable(),
        Field::new("metrics", Holds::Text).unfilterable().unsortable(),
        Field::new("started_at", Holds::Instant).nullable(),
        Field::new("finished_at", Holds::Instant).nullable(),
        Field::new("version", Holds::Int),
        Field::new("created_at", Holds::Instant),
        Field::new("updated_at", Holds::Instant),
        Field::new("created_by", Holds::Id),
    ],
    relations: &[Relation::one("segmentation", "segmentation", "segmentation_id")],
    custom: None,
    owned: Owned::Part { of: "segmentation", column: "segmentation_id" },
};

impl Noun for SegmentationRun {
    const NAME: &'static str = "segmentation_run";
}
impl Record for SegmentationRun {
    type Id = SegmentationRunId;
    fn id(&self) -> SegmentationRunId {
        self.id
    }
    fn version(&self) -> i32 {
        self.version
    }
}
impl Listed for segmentation_runs::table {
    const CATALOGUE: &'static Catalogue = &CATALOGUE;
    const ENDURES: bool = true;
}
