//! What is sent to make a routing rule, and to change it.
use super::STRATEGIES;
use super::schema::routing_rules;
use crate::skill::{AgentSkill, SkillsOf, are_skills};
use customer::choices::one_of;
use diesel::prelude::{AsChangeset, Insertable};
use kernel::{RoutingRuleId, Tidy, UserId, patch, tidy};
use serde::Deserialize;
use utoipa::ToSchema;
use validator::{Validate, ValidationError};

/// What a new routing rule is made of.
#[derive(Clone, Debug, Deserialize, Insertable, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
#[diesel(table_name = routing_rules, treat_none_as_default_value = false)]
#[schema(example = json!({
    "name": "粤语客服", "queue_id": "0192f0c1-0000-7000-8000-0000000000e1", "strategy": "least_load", "reassign_minutes": 10
}))]
pub struct NewRoutingRule {
    /// made by the client, when it creates offline
    #[diesel(skip_insertion)]
    #[validate(custom(function = "kernel::id::is_of_its_time"))]
    pub id: Option<RoutingRuleId>,
    #[validate(length(max = 200), custom(function = "tidy::is_filled"))]
    #[schema(min_length = 1, max_length = 200)]
    pub name: String,
    /// a queue that has no routing rule yet
    pub queue_id: UserId,
    #[validate(custom(function = "is_strategy"))]
    #[schema(example = "least_load")]
    pub strategy: String,
    #[serde(default)]
    #[validate(custom(function = "are_skills"))]
    #[schema(value_type = Vec<AgentSkill>, required = false, max_items = 100)]
    pub required_skills: SkillsOf,
    /// nobody loses a case for being slow, where it is absent
    #[validate(range(min = 1, max = 43200))]
    #[schema(minimum = 1, maximum = 43200)]
    pub reassign_minutes: Option<i32>,
    /// another queue; goes with `overflow_minutes`
    pub overflow_queue_id: Option<UserId>,
    #[validate(range(min = 1, max = 43200))]
    #[schema(minimum = 1, maximum = 43200)]
    pub overflow_minutes: Option<i32>,
    #[serde(default = "yes")]
    #[schema(default = true, required = false)]
    pub is_active: bool,
}

/// A merge patch: what is absent stays, what is null is cleared.
#[derive(Clone, Debug, Default, Deserialize, AsChangeset, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
#[diesel(table_name = routing_rules)]
#[schema(example = json!({"reassign_minutes": 15}))]
pub struct RoutingRulePatch {
    #[serde(default, deserialize_with = "patch::value")]
    #[validate(length(max = 200), custom(function = "tidy::is_filled"))]
    #[schema(value_type = String, required = false, min_length = 1, max_length = 200)]
    pub name: Option<String>,
    #[serde(default, deserialize_with = "patch::value")]
    #[validate(custom(function = "is_strategy"))]
    #[schema(value_type = String, required = false)]
    pub strategy: Option<String>,
    /// all of them, in place of those that are there
    #[serde(default, deserialize_with = "patch::value")]
    #[validate(custom(function = "are_skills"))]
    #[schema(value_type = Vec<AgentSkill>, required = false, max_items = 100)]
    pub required_skills: Option<SkillsOf>,
    #[serde(default, deserialize_with = "patch::nullable")]
    #[validate(range(min = 1, max = 43200))]
    #[schema(value_type = Option<i32>, minimum = 1, maximum = 43200)]
    pub reassign_minutes: Option<Option<i32>>,
    #[serde(default, deserialize_with = "patch::nullable")]
    #[schema(value_type = Option<UserId>)]
    pub overflow_queue_id: Option<Option<UserId>>,
    #[serde(default, deserialize_with = "patch::nullable")]
    #[validate(range(min = 1, max = 43200))]
    #[schema(value_type = Option<i32>, minimum = 1, maximum = 43200)]
    pub overflow_minutes: Option<Option<i32>>,
    #[serde(default, deserialize_with = "patch::value")]
    #[schema(value_type = bool, required = false)]
    pub is_active: Option<bool>,
}

impl Tidy for NewRoutingRule {
    fn tidy(&mut self) {
        tidy::trim(&mut self.name);
    }
}
impl Tidy for RoutingRulePatch {
    fn tidy(&mut self) {
        self.name.iter_mut().for_each(tidy::trim);
    }
}

fn yes() -> bool {
    true
}

fn is_strategy(text: &str) -> Result<(), ValidationError> {
    one_of(text, STRATEGIES)
}
