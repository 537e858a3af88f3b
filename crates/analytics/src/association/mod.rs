//! A look for what is bought with what: a job, which reads the orders of a tenant as baskets of products and keeps the rules
//! that it finds. Recommendations are by the last look that came to its end ([`recommend`](self::recommend)).
//!
//! It looks at all orders of the tenant, whoever asks for it, and says of products alone.
mod deeds;
mod recommend;
pub mod rule;
mod store;
mod work;

pub use crate::schema::association_runs::table as Table;
pub use deeds::{begin, give_up};
pub use recommend::{Recommended, for_account, for_product};
pub use store::{find, list, many};
pub use work::run;

use crate::exact;
use crate::schema::association_runs;
use chrono::{DateTime, Utc};
use diesel::prelude::{Queryable, Selectable};
use kernel::catalogue::{Catalogue, Field, Kind as Holds, Owned, Relation};
use kernel::{AssociationRunId, Code, JobId, Kind, Noun, Record, Tidy, UserId, rule};
use platform::filter::Listed;
use rust_decimal::Decimal;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use validator::{Validate, ValidationError};

/// The kind of the job.
pub const KIND: &str = "association_run";
pub const STATUSES: &[&str] = &["queued", "running", "succeeded", "failed"];

pub const RUNNING: Code = Code::new(
    "association_running",
    Kind::Conflict,
    "A look for what is bought with what is under way already: it has to end before the next begins.",
);
pub const TOO_MANY: Code = Code::new(
    "association_too_many_rules",
    Kind::Conflict,
    "So little support is asked for that there are more combinations than can be counted: ask for more.",
);
pub const NO_ORDERS: Code =
    Code::new("association_no_orders", Kind::Conflict, "There are no orders of products to look at.");
pub const CODES: &[Code] = &[RUNNING, TOO_MANY, NO_ORDERS];

/// One look for what is bought with what.
#[derive(Clone, Debug, Queryable, Selectable, Serialize, ToSchema)]
#[diesel(table_name = association_runs, check_for_backend(diesel::pg::Pg))]
#[schema(example = json!({
    "id": "0192f0c1-9999-7000-8000-000000000005", "job_id": "0192f0c1-5555-7000-8000-000000000006",
    "status": "succeeded", "min_support": "0.01", "min_confidence": "0.2", "max_items": 3, "window_days": 365,
    "error_code": null, "order_count": 9835, "rule_count": 231, "started_at": "2026-11-27T08:00:00Z",
    "finished_at": "2026-11-27T08:00:02Z", "version": 3, "created_at": "2026-11-27T08:00:00Z",
    "updated_at": "2026-11-27T08:00:02Z", "created_by": "0192f0c1-0000-7000-8000-000000000001"
}))]
pub struct AssociationRun {
    pub id: AssociationRunId,
    /// the job that does it
    pub job_id: Option<JobId>,
    /// `queued`, `running`, `succeeded` or `failed`
    #[schema(example = "succeeded")]
    pub status: String,
    /// the least share of orders that hold all of a rule
    #[schema(value_type = String, example = "0.01")]
    #[serde(serialize_with = "exact::plain")]
    pub min_support: Decimal,
    /// the least share of the orders with the conditions that hold the consequence too
    #[schema(value_type = String, example = "0.2")]
    #[serde(serialize_with = "exact::plain")]
    pub min_confidence: Decimal,
    /// the most products of a rule
    #[schema(example = 3)]
    pub max_items: i32,
    /// only the orders of so many days count; all of them, where it is absent
    #[schema(example = 365)]
    pub window_days: Option<i32>,
    /// why there are no rules: a code of the list of errors
    #[schema(example = "association_no_orders")]
    pub error_code: Option<String>,
    pub order_count: i32,
    pub rule_count: i32,
    pub started_at: Option<DateTime<Utc>>,
    pub finished_at: Option<DateTime<Utc>>,
    pub version: i32,
    pub created_at: DateTime<Utc>,
    pub updated_at: DateTime<Utc>,
    pub created_by: UserId,
}

/// A look that is asked for.
#[derive(Clone, Debug, Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({"min_support": "0.01", "min_confidence": "0.2", "max_items": 3, "window_days": 365}))]
pub struct NewAssociationRun {
    #[serde(default = "hundredth", deserialize_with = "kernel::money::decimal")]
    #[validate(custom(function = "is_share"))]
    #[schema(value_type = String, default = "0.01", required = false, example = "0.01")]
    pub min_support: Decimal,
    #[serde(default = "fifth", deserialize_with = "kernel::money::decimal")]
    #[validate(custom(function = "is_share"))]
    #[schema(value_type = String, default = "0.2", required = false, example = "0.2")]
    pub min_confidence: Decimal,
    #[serde(default = "three")]
    #[validate(range(min = 2, max = 5))]
    #[schema(minimum = 2, maximum = 5, default = 3, required = false)]
    pub max_items: i32,
    #[validate(range(min = 1, max = 36500))]
    #[schema(minimum = 1, maximum = 36500, example = 365)]
    pub window_days: Option<i32>,
}
impl Tidy for NewAssociationRun {}

fn hundredth() -> Decimal {
    Decimal::new(1, 2)
}
fn fifth() -> Decimal {
    Decimal::new(2, 1)
}
const fn three() -> i32 {
    3
}

fn is_share(share: &Decimal) -> Result<(), ValidationError> {
    match *share > Decimal::ZERO && *share <= Decimal::ONE && share.scale() <= 18 {
        true => Ok(()),
        false => Err(rule!("share", "lies above 0 and is 1 at most, with no more than 18 decimals")),
    }
}

pub static CATALOGUE: Catalogue = Catalogue {
    noun: "association_run",
    table: "association_runs",
    fields: &[
        Field::new("id", Holds::Id),
        Field::new("job_id", Holds::Id).nullable(),
        Field::new("status", Holds::Choice(STATUSES)),
        Field::new("min_support", Holds::Decimal),
        Field::new("min_confidence", Holds::Decimal),
        Field::new("max_items", Holds::Int),
        Field::new("window_days", Holds::Int).nullable(),
        Field::new("error_code", Holds::Text).nullable(),
        Field::new("order_count", Holds::Int),
        Field::new("rule_count", Holds::Int),
        Field::new("started_at", Holds::Instant).nullable(),
        Field::new("finished_at", Holds::Instant).nullable(),
        Field::new("version", Holds::Int),
        Field::new("created_at", Holds::Instant),
        Field::new("updated_at", Holds::Instant),
        Field::new("created_by", Holds::Id),
    ],
    relations: &[Relation::many("rules", "association_rule", "run_id")],
    custom: None,
    owned: Owned::Shared,
};

impl Noun for AssociationRun {
    const NAME: &'static str = "association_run";
}
impl Record for AssociationRun {
    type Id = AssociationRunId;
    fn id(&self) -> AssociationRunId {
        self.id
    }
    fn version(&self) -> i32 {
        self.version
    }
}
impl Listed for association_runs::table {
    const CATALOGUE: &'static Catalogue = &CATALOGUE;
    const ENDURES: bool = true;
}
