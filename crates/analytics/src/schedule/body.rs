//! What a schedule is made of and changed by.
use super::rhythm::Rhythm;
use super::{FORMATS, STATUSES};
use crate::schema::report_schedules;
use chrono_tz::Tz;
use diesel::prelude::{AsChangeset, Insertable};
use kernel::{ReportId, ReportScheduleId, TeamId, Tidy, UserId, patch, rule, tidy};
use serde::Deserialize;
use serde_json::{Map, Value};
use utoipa::ToSchema;
use uuid::Uuid;
use validator::{Validate, ValidationError};

/// What a new schedule is made of.
#[derive(Clone, Debug, Deserialize, Insertable, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
#[diesel(table_name = report_schedules, treat_none_as_default_value = false)]
#[schema(example = json!({
    "report_id": "0192f0c1-8888-7000-8000-00000000000e", "name": "Every Monday", "rule": "FREQ=WEEKLY;BYDAY=MO;BYHOUR=8",
    "time_zone": "Asia/Shanghai", "recipient_ids": ["0192f0c1-0000-7000-8000-000000000001"], "format": "pdf"
}))]
pub struct NewReportSchedule {
    #[diesel(skip_insertion)]
    #[validate(custom(function = "kernel::id::is_of_its_time"))]
    pub id: Option<ReportScheduleId>,
    /// the caller, unless said otherwise
    #[diesel(skip_insertion)]
    pub owner_id: Option<UserId>,
    pub team_id: Option<TeamId>,
    pub report_id: ReportId,
    #[validate(length(max = 100), custom(function = "tidy::is_filled"))]
    #[schema(min_length = 1, max_length = 100)]
    pub name: String,
    #[validate(length(max = 200), custom(function = "is_rule"))]
    #[schema(max_length = 200, example = "FREQ=WEEKLY;BYDAY=MO;BYHOUR=8")]
    pub rule: String,
    #[serde(default = "utc")]
    #[validate(length(max = 60), custom(function = "is_zone"))]
    #[schema(required = false, max_length = 60, example = "Asia/Shanghai")]
    pub time_zone: String,
    #[validate(length(min = 1, max = 50))]
    #[schema(min_items = 1, max_items = 50)]
    pub recipient_ids: Vec<Uuid>,
    /// `csv`, `xlsx` or `pdf`
    #[validate(custom(function = "is_format"))]
    #[schema(example = "pdf")]
    pub format: String,
    #[serde(default)]
    #[diesel(skip_insertion)]
    #[schema(required = false, value_type = Object)]
    pub parameters: Map<String, Value>,
}

/// A merge patch: what is absent stays, what is null is cleared.
#[derive(Clone, Debug, Default, Deserialize, AsChangeset, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
#[diesel(table_name = report_schedules)]
#[schema(example = json!({"name": "Every Friday", "rule": "FREQ=WEEKLY;BYDAY=FR", "status": "active"}))]
pub struct ReportSchedulePatch {
    #[serde(default, deserialize_with = "patch::value")]
    #[schema(value_type = UserId, required = false)]
    pub owner_id: Option<UserId>,
    #[serde(default, deserialize_with = "patch::nullable")]
    #[schema(value_type = Option<TeamId>)]
    pub team_id: Option<Option<TeamId>>,
    #[serde(default, deserialize_with = "patch::value")]
    #[validate(length(max = 100), custom(function = "tidy::is_filled"))]
    #[schema(value_type = String, required = false, min_length = 1, max_length = 100)]
    pub name: Option<String>,
    #[serde(default, deserialize_with = "patch::value")]
    #[validate(length(max = 200), custom(function = "is_rule"))]
    #[schema(value_type = String, required = false, max_length = 200)]
    pub rule: Option<String>,
    #[serde(default, deserialize_with = "patch::value")]
    #[validate(length(max = 60), custom(function = "is_zone"))]
    #[schema(value_type = String, required = false, max_length = 60)]
    pub time_zone: Option<String>,
    #[serde(default, deserialize_with = "patch::value")]
    #[validate(length(min = 1, max = 50))]
    #[schema(value_type = Vec<Uuid>, required = false, min_items = 1, max_items = 50)]
    pub recipient_ids: Option<Vec<Uuid>>,
    #[serde(default, deserialize_with = "patch::value")]
    #[validate(custom(function = "is_format"))]
    #[schema(value_type = String, required = false, example = "csv")]
    pub format: Option<String>,
    #[serde(default, deserialize_with = "patch::value")]
    #[diesel(skip_update)]
    #[schema(value_type = Object, required = false)]
    pub parameters: Option<Map<String, Value>>,
    /// `paused`, or `active` again
    #[serde(default, deserialize_with = "patch::value")]
    #[validate(custom(function = "is_status"))]
    #[schema(value_type = String, required = false, example = "active")]
    pub status: Option<String>,
}

fn utc() -> String {
    "UTC".to_owned()
}

fn is_rule(text: &str) -> Result<(), ValidationError> {
    match Rhythm::read(text) {
        Some(_) => Ok(()),
        None => Err(rule!("rule", "is no rule like FREQ=WEEKLY;BYDAY=MO;BYHOUR=8")),
    }
}
fn is_zone(text: &str) -> Result<(), ValidationError> {
    text.parse::<Tz>().map(drop).map_err(|_| rule!("time_zone", "is no time zone like Asia/Shanghai"))
}
fn is_format(text: &str) -> Result<(), ValidationError> {
    one_of(text, FORMATS)
}
fn is_status(text: &str) -> Result<(), ValidationError> {
    one_of(text, STATUSES)
}
fn one_of(text: &str, choices: &[&str]) -> Result<(), ValidationError> {
    if choices.contains(&text) {
        return Ok(());
    }
    Err(rule!("choice", "is none of {choices}", choices))
}

impl Tidy for NewReportSchedule {
    fn tidy(&mut self) {
        tidy::trim(&mut self.name);
    }
}
impl Tidy for ReportSchedulePatch {
    fn tidy(&mut self) {
        self.name.iter_mut().for_each(tidy::trim);
    }
}
