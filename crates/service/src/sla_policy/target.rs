//! What of a case is promised by when.
use crate::promise::Metric;
use customer::choices::one_of;
use kernel::{Error, Fault, Result, error, rule, text};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use validator::{Validate, ValidationError};

pub const METRICS: &[&str] = &["first_response", "next_response", "resolution"];
pub const HOURS: &[&str] = &["business", "wall_clock"];
/// In which a clock may stand still: somebody else is waited for.
pub const WAITING: &[&str] = &["pending", "on_hold"];

/// A target of cases of one priority, or of all that have none of their own.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({"priority": "urgent", "metric": "first_response", "minutes": 30, "hours": "wall_clock",
    "warn_at_percent": 80}))]
pub struct SlaTarget {
    /// `low`, `normal`, `high` or `urgent`; null: of every priority that has no target of this metric of its own
    #[validate(custom(function = "is_priority"))]
    #[schema(example = "urgent")]
    pub priority: Option<String>,
    /// `first_response`, `next_response` or `resolution`
    #[validate(custom(function = "is_metric"))]
    #[schema(example = "first_response")]
    pub metric: String,
    #[validate(range(min = 1, max = 5256000))]
    #[schema(minimum = 1, maximum = 5_256_000, example = 30)]
    pub minutes: i32,
    /// which time counts: `business`, while the calendar is open, or `wall_clock`
    #[serde(default = "business")]
    #[validate(custom(function = "is_hours"))]
    #[schema(required = false, default = "business", example = "business")]
    pub hours: String,
    /// after how much of its time the owner is warned, of a hundred; not at all, where it is null
    #[validate(range(min = 1, max = 99))]
    #[schema(minimum = 1, maximum = 99, example = 80)]
    pub warn_at_percent: Option<i32>,
    /// whether its clock stands still while the case waits, as the policy says
    #[serde(default = "yes")]
    #[schema(required = false, default = true)]
    pub is_pausable: bool,
}

platform::jsonb!(Targets(Vec<SlaTarget>), "The targets of a policy, as a column keeps them.");
platform::jsonb!(Statuses(Vec<String>), "Statuses of a case, as a column keeps them.");

impl Targets {
    /// The target of a metric for cases of a priority: their own, else that of all.
    pub(crate) fn of(&self, name: &str, priority: &str) -> Option<&SlaTarget> {
        let of =
            |wanted: Option<&str>| self.0.iter().find(|one| one.metric == name && one.priority.as_deref() == wanted);
        of(Some(priority)).or_else(|| of(None))
    }
}

/// A metric by its name.
pub(crate) fn metric(name: &str) -> Option<Metric> {
    match name {
        "first_response" => Some(Metric::FirstResponse),
        "next_response" => Some(Metric::NextResponse),
        "resolution" => Some(Metric::Resolution),
        _ => None,
    }
}

/// Refused where two targets are of one metric and one priority: each says so.
pub(super) fn differ(targets: &[SlaTarget]) -> Result<()> {
    let is_twice = |(at, one): &(usize, &SlaTarget)| {
        targets.iter().take(*at).any(|other| (&other.metric, &other.priority) == (&one.metric, &one.priority))
    };
    let told = |(at, _): (usize, &SlaTarget)| {
        let message = text!("another target is of this metric and this priority");
        Fault::new(format!("/targets/{at}"), "duplicate", message)
    };
    let faults: Vec<Fault> = targets.iter().enumerate().filter(is_twice).map(told).collect();
    if faults.is_empty() { Ok(()) } else { Err(Error::from(error::INVALID).faults(faults)) }
}

pub(super) fn are_waiting(statuses: &[String]) -> std::result::Result<(), ValidationError> {
    statuses.iter().try_for_each(|status| one_of(status, WAITING))?;
    let is_twice = |(at, one): (usize, &String)| statuses.iter().take(at).any(|other| other == one);
    match statuses.iter().enumerate().any(is_twice) {
        true => Err(rule!("twice", "names a status twice")),
        false => Ok(()),
    }
}

fn is_priority(text: &str) -> std::result::Result<(), ValidationError> {
    one_of(text, crate::case::PRIORITIES)
}

fn is_metric(text: &str) -> std::result::Result<(), ValidationError> {
    one_of(text, METRICS)
}

fn is_hours(text: &str) -> std::result::Result<(), ValidationError> {
    one_of(text, HOURS)
}

fn business() -> String {
    "business".to_owned()
}

fn yes() -> bool {
    true
}
