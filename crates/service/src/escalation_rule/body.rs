//! What is sent to make an escalation rule, and to change it.
use super::schema::escalation_rules;
use crate::sla_policy::METRICS;
use customer::choices::one_of;
use diesel::prelude::{AsChangeset, Insertable};
use kernel::{EscalationRuleId, RoleId, TagId, TeamId, Tidy, UserId, patch, rule, tidy};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use validator::{Validate, ValidationError};

/// What is done; something is.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields, default)]
#[validate(schema(function = "does_something", skip_on_field_errors = false))]
#[schema(example = json!({"notify_owner": true, "notify_managers": true, "raises_priority": true}))]
pub struct EscalationActions {
    /// whoever looks after the case is told; where that is a queue, those who serve it
    #[schema(required = false)]
    pub notify_owner: bool,
    /// those are told who have the role of a manager in the case's team, or in the one above it
    #[schema(required = false)]
    pub notify_managers: bool,
    #[validate(length(max = 50))]
    #[schema(required = false, max_items = 50)]
    pub notify_user_ids: Vec<UserId>,
    /// all who work in them
    #[validate(length(max = 50))]
    #[schema(required = false, max_items = 50)]
    pub notify_team_ids: Vec<TeamId>,
    /// all who have them
    #[validate(length(max = 50))]
    #[schema(required = false, max_items = 50)]
    pub notify_role_ids: Vec<RoleId>,
    /// somebody or a queue who gets the case
    pub owner_id: Option<UserId>,
    /// by one step, up to `urgent`
    #[schema(required = false)]
    pub raises_priority: bool,
    /// what the case is sorted by then
    #[validate(length(max = 20))]
    #[schema(required = false, max_items = 20)]
    pub tag_ids: Vec<TagId>,
}

platform::jsonb!(Actions(EscalationActions), "What an escalation does, as a column keeps it.");

/// What a new rule is made of.
#[derive(Clone, Debug, Deserialize, Insertable, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
#[diesel(table_name = escalation_rules, treat_none_as_default_value = false)]
#[schema(example = json!({
    "name": "Urgent and late", "level": 1, "metric": "first_response", "after_minutes": -15,
    "filter": "priority == \"urgent\"", "actions": {"notify_owner": true}
}))]
pub struct NewEscalationRule {
    /// made by the client, when it creates offline
    #[diesel(skip_insertion)]
    #[validate(custom(function = "kernel::id::is_of_its_time"))]
    pub id: Option<EscalationRuleId>,
    #[validate(length(max = 200), custom(function = "tidy::is_filled"))]
    #[schema(min_length = 1, max_length = 200)]
    pub name: String,
    #[serde(default = "one")]
    #[validate(range(min = 1, max = 100))]
    #[schema(required = false, default = 1, minimum = 1, maximum = 100)]
    pub level: i32,
    #[validate(custom(function = "is_metric"))]
    #[schema(example = "first_response")]
    pub metric: String,
    #[validate(range(min = -525600, max = 525600))]
    #[schema(minimum = -525600, maximum = 525_600)]
    pub after_minutes: i32,
    /// over the case alone
    #[validate(length(min = 1, max = 4000))]
    #[schema(min_length = 1, max_length = 4000, example = "priority == \"urgent\"")]
    pub filter: Option<String>,
    #[diesel(skip_insertion)]
    #[validate(nested)]
    pub actions: EscalationActions,
    #[serde(default = "yes")]
    #[schema(default = true, required = false)]
    pub is_active: bool,
}

/// A merge patch: what is absent stays, what is null is cleared.
#[derive(Clone, Debug, Default, Deserialize, AsChangeset, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
#[diesel(table_name = escalation_rules)]
#[schema(example = json!({"after_minutes": -30}))]
pub struct EscalationRulePatch {
    #[serde(default, deserialize_with = "patch::value")]
    #[validate(length(max = 200), custom(function = "tidy::is_filled"))]
    #[schema(value_type = String, required = false, min_length = 1, max_length = 200)]
    pub name: Option<String>,
    #[serde(default, deserialize_with = "patch::value")]
    #[validate(range(min = 1, max = 100))]
    #[schema(value_type = i32, required = false, minimum = 1, maximum = 100)]
    pub level: Option<i32>,
    #[serde(default, deserialize_with = "patch::value")]
    #[validate(custom(function = "is_metric"))]
    #[schema(value_type = String, required = false)]
    pub metric: Option<String>,
    #[serde(default, deserialize_with = "patch::value")]
    #[validate(range(min = -525600, max = 525600))]
    #[schema(value_type = i32, required = false, minimum = -525600, maximum = 525_600)]
    pub after_minutes: Option<i32>,
    #[serde(default, deserialize_with = "patch::nullable")]
    #[validate(length(min = 1, max = 4000))]
    #[schema(value_type = Option<String>, min_length = 1, max_length = 4000)]
    pub filter: Option<Option<String>>,
    /// all of them, in place of those that are there
    #[serde(default, deserialize_with = "patch::value")]
    #[diesel(skip_update)]
    #[validate(nested)]
    #[schema(value_type = EscalationActions, required = false)]
    pub actions: Option<EscalationActions>,
    #[serde(default, deserialize_with = "patch::value")]
    #[schema(value_type = bool, required = false)]
    pub is_active: Option<bool>,
}

impl Tidy for NewEscalationRule {
    fn tidy(&mut self) {
        tidy::trim(&mut self.name);
    }
}
impl Tidy for EscalationRulePatch {
    fn tidy(&mut self) {
        self.name.iter_mut().for_each(tidy::trim);
    }
}

fn one() -> i32 {
    1
}

fn yes() -> bool {
    true
}

fn is_metric(text: &str) -> Result<(), ValidationError> {
    one_of(text, METRICS)
}

fn does_something(actions: &EscalationActions) -> Result<(), ValidationError> {
    let told = actions.notify_owner
        || actions.notify_managers
        || !actions.notify_user_ids.is_empty()
        || !actions.notify_team_ids.is_empty()
        || !actions.notify_role_ids.is_empty();
    match told || actions.owner_id.is_some() || actions.raises_priority || !actions.tag_ids.is_empty() {
        true => Ok(()),
        false => Err(rule!("required", "says what is done")),
    }
}
