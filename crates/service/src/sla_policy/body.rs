//! What is sent to make an SLA policy, and to change it.
use super::schema::sla_policies;
use super::target::{SlaTarget, are_waiting};
use diesel::prelude::{AsChangeset, Insertable};
use kernel::{BusinessCalendarId, SlaPolicyId, Tidy, patch, tidy};
use serde::Deserialize;
use utoipa::ToSchema;
use validator::Validate;

/// What a new policy is made of.
#[derive(Clone, Debug, Deserialize, Insertable, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
#[diesel(table_name = sla_policies, treat_none_as_default_value = false)]
#[schema(example = json!({
    "name": "Complaints", "position": 10, "filter": "case_type == \"complaint\"",
    "targets": [{"metric": "first_response", "minutes": 60, "warn_at_percent": 80}]
}))]
pub struct NewSlaPolicy {
    /// made by the client, when it creates offline
    #[diesel(skip_insertion)]
    #[validate(custom(function = "kernel::id::is_of_its_time"))]
    pub id: Option<SlaPolicyId>,
    #[validate(length(max = 200), custom(function = "tidy::is_filled"))]
    #[schema(min_length = 1, max_length = 200)]
    pub name: String,
    #[validate(length(max = 2000))]
    #[schema(max_length = 2000)]
    pub description: Option<String>,
    #[serde(default)]
    #[validate(range(min = 0, max = 1000000))]
    #[schema(required = false, minimum = 0, maximum = 1_000_000, example = 10)]
    pub position: i32,
    /// over the case alone
    #[validate(length(min = 1, max = 4000))]
    #[schema(min_length = 1, max_length = 4000, example = "case_type == \"complaint\"")]
    pub filter: Option<String>,
    pub calendar_id: Option<BusinessCalendarId>,
    /// of `pending` and `on_hold`; `pending`, unless said otherwise
    #[serde(default = "pending")]
    #[diesel(skip_insertion)]
    #[validate(custom(function = "are_statuses"))]
    #[schema(required = false, max_items = 2, example = json!(["pending"]))]
    pub pausing_statuses: Vec<String>,
    #[serde(default)]
    #[diesel(skip_insertion)]
    #[validate(nested, length(max = 15))]
    #[schema(required = false, max_items = 15)]
    pub targets: Vec<SlaTarget>,
    #[serde(default = "yes")]
    #[schema(default = true, required = false)]
    pub is_active: bool,
}

/// A merge patch: what is absent stays, what is null is cleared.
#[derive(Clone, Debug, Default, Deserialize, AsChangeset, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
#[diesel(table_name = sla_policies)]
#[schema(example = json!({"targets": [{"metric": "resolution", "minutes": 480}]}))]
pub struct SlaPolicyPatch {
    #[serde(default, deserialize_with = "patch::value")]
    #[validate(length(max = 200), custom(function = "tidy::is_filled"))]
    #[schema(value_type = String, required = false, min_length = 1, max_length = 200)]
    pub name: Option<String>,
    #[serde(default, deserialize_with = "patch::nullable")]
    #[validate(length(max = 2000))]
    #[schema(value_type = Option<String>, max_length = 2000)]
    pub description: Option<Option<String>>,
    #[serde(default, deserialize_with = "patch::value")]
    #[validate(range(min = 0, max = 1000000))]
    #[schema(value_type = i32, required = false, minimum = 0, maximum = 1_000_000)]
    pub position: Option<i32>,
    #[serde(default, deserialize_with = "patch::nullable")]
    #[validate(length(min = 1, max = 4000))]
    #[schema(value_type = Option<String>, min_length = 1, max_length = 4000)]
    pub filter: Option<Option<String>>,
    #[serde(default, deserialize_with = "patch::nullable")]
    #[schema(value_type = Option<BusinessCalendarId>)]
    pub calendar_id: Option<Option<BusinessCalendarId>>,
    /// all of them, in place of those that are there
    #[serde(default, deserialize_with = "patch::value")]
    #[diesel(skip_update)]
    #[validate(custom(function = "are_statuses"))]
    #[schema(value_type = Vec<String>, required = false, max_items = 2)]
    pub pausing_statuses: Option<Vec<String>>,
    /// all of them, in place of those that are there
    #[serde(default, deserialize_with = "patch::value")]
    #[diesel(skip_update)]
    #[validate(nested, length(max = 15))]
    #[schema(value_type = Vec<SlaTarget>, required = false, max_items = 15)]
    pub targets: Option<Vec<SlaTarget>>,
    #[serde(default, deserialize_with = "patch::value")]
    #[schema(value_type = bool, required = false)]
    pub is_active: Option<bool>,
}

impl Tidy for NewSlaPolicy {
    fn tidy(&mut self) {
        tidy::trim(&mut self.name);
    }
}
impl Tidy for SlaPolicyPatch {
    fn tidy(&mut self) {
        self.name.iter_mut().for_each(tidy::trim);
    }
}

fn pending() -> Vec<String> {
    vec!["pending".to_owned()]
}

fn yes() -> bool {
    true
}

fn are_statuses(statuses: &[String]) -> Result<(), validator::ValidationError> {
    are_waiting(statuses)
}
