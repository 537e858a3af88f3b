//! What is sent to make an assignment rule, and to change it.
use super::{LOAD, ROUND_ROBIN, STRATEGIES, TERRITORY};
use crate::lead::schema::assignment_rules;
use customer::choices::one_of;
use diesel::prelude::{AsChangeset, Insertable};
use kernel::{AssignmentRuleId, Error, Result, TeamId, TerritoryId, Tidy, UserId, patch, rule, text, tidy};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use validator::{Validate, ValidationError};

const MOST_MEMBERS: usize = 200;

/// Somebody among whom leads are given out.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct AssignmentMember {
    pub user_id: UserId,
    /// how many open leads they have in hand at most; as many as come, where it is absent
    #[schema(minimum = 1, example = 40)]
    pub capacity: Option<i32>,
}

platform::jsonb!(Members(Vec<AssignmentMember>), "Among whom leads are given out, as a column keeps it.");

/// What a new rule is made of.
#[derive(Clone, Debug, Deserialize, Insertable, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
#[diesel(table_name = assignment_rules, treat_none_as_default_value = false)]
#[schema(example = json!({
    "name": "From forms", "position": 10, "filter": "source == \"form\"", "strategy": "territory", "response_minutes": 30
}))]
pub struct NewAssignmentRule {
    /// made by the client, when it creates offline
    #[diesel(skip_insertion)]
    #[validate(custom(function = "kernel::id::is_of_its_time"))]
    pub id: Option<AssignmentRuleId>,
    #[validate(length(max = 200), custom(function = "tidy::is_filled"))]
    #[schema(min_length = 1, max_length = 200)]
    pub name: String,
    #[validate(range(min = 0, max = 1000000))]
    #[schema(minimum = 0, maximum = 1_000_000, example = 10)]
    pub position: i32,
    /// over the lead alone
    #[validate(length(min = 1, max = 4000))]
    #[schema(min_length = 1, max_length = 4000, example = "source == \"form\"")]
    pub filter: Option<String>,
    #[validate(custom(function = "is_strategy"))]
    #[schema(example = "round_robin")]
    pub strategy: String,
    /// of `round_robin` and `load`
    #[serde(default)]
    #[validate(custom(function = "are_members"))]
    #[schema(value_type = Vec<AssignmentMember>, required = false, max_items = 200)]
    pub members: Members,
    /// of `territory`: the one whose leads are given out, with those below it; all of them, unless said otherwise
    pub territory_id: Option<TerritoryId>,
    pub team_id: Option<TeamId>,
    #[validate(range(min = 1, max = 525600))]
    #[schema(minimum = 1, maximum = 525_600, example = 30)]
    pub response_minutes: Option<i32>,
    #[serde(default = "yes")]
    #[schema(default = true, required = false)]
    pub is_active: bool,
}

/// A merge patch: what is absent stays, what is null is cleared.
#[derive(Clone, Debug, Default, Deserialize, AsChangeset, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
#[diesel(table_name = assignment_rules)]
#[schema(example = json!({"response_minutes": 15}))]
pub struct AssignmentRulePatch {
    #[serde(default, deserialize_with = "patch::value")]
    #[validate(length(max = 200), custom(function = "tidy::is_filled"))]
    #[schema(value_type = String, required = false, min_length = 1, max_length = 200)]
    pub name: Option<String>,
    #[serde(default, deserialize_with = "patch::value")]
    #[validate(range(min = 0, max = 1000000))]
    #[schema(value_type = i32, required = false, minimum = 0, maximum = 1_000_000)]
    pub position: Option<i32>,
    #[serde(default, deserialize_with = "patch::nullable")]
    #[validate(length(min = 1, max = 4000))]
    #[schema(value_type = Option<String>, min_length = 1, max_length = 4000)]
    pub filter: Option<Option<String>>,
    #[serde(default, deserialize_with = "patch::value")]
    #[validate(custom(function = "is_strategy"))]
    #[schema(value_type = String, required = false)]
    pub strategy: Option<String>,
    /// all of them, in place of those that are there
    #[serde(default, deserialize_with = "patch::value")]
    #[validate(custom(function = "are_members"))]
    #[schema(value_type = Vec<AssignmentMember>, required = false, max_items = 200)]
    pub members: Option<Members>,
    #[serde(default, deserialize_with = "patch::nullable")]
    #[schema(value_type = Option<TerritoryId>)]
    pub territory_id: Option<Option<TerritoryId>>,
    #[serde(default, deserialize_with = "patch::nullable")]
    #[schema(value_type = Option<TeamId>)]
    pub team_id: Option<Option<TeamId>>,
    #[serde(default, deserialize_with = "patch::nullable")]
    #[validate(range(min = 1, max = 525600))]
    #[schema(value_type = Option<i32>, minimum = 1, maximum = 525_600)]
    pub response_minutes: Option<Option<i32>>,
    #[serde(default, deserialize_with = "patch::value")]
    #[schema(value_type = bool, required = false)]
    pub is_active: Option<bool>,
}

/// By territories leads go to those who look after them; else there is somebody to give to.
pub(super) fn fits(strategy: &str, members: &Members, territory: Option<TerritoryId>) -> Result<()> {
    let wrong = |pointer: &str, code: &str, message| Err(Error::invalid(pointer, code, message));
    match (strategy, members.0.is_empty(), territory) {
        (TERRITORY, true, _) | (ROUND_ROBIN | LOAD, false, None) => Ok(()),
        (TERRITORY, ..) => wrong("/members", "strategy", text!("leads go to the members of their territories")),
        (_, true, _) => wrong("/members", "required", text!("says among whom leads are given out")),
        _ => wrong("/territory_id", "strategy", text!("goes with the strategy territory alone")),
    }
}

impl Tidy for NewAssignmentRule {
    fn tidy(&mut self) {
        tidy::trim(&mut self.name);
    }
}
impl Tidy for AssignmentRulePatch {
    fn tidy(&mut self) {
        self.name.iter_mut().for_each(tidy::trim);
    }
}

fn yes() -> bool {
    true
}

fn is_strategy(text: &str) -> std::result::Result<(), ValidationError> {
    one_of(text, STRATEGIES)
}

fn are_members(members: &Members) -> std::result::Result<(), ValidationError> {
    if members.0.len() > MOST_MEMBERS {
        return Err(rule!("too_many", "at most {most} of them", most = MOST_MEMBERS));
    }
    let twice =
        |(at, one): (usize, &AssignmentMember)| members.0.iter().take(at).any(|other| other.user_id == one.user_id);
    if members.0.iter().enumerate().any(twice) {
        return Err(rule!("twice", "names somebody twice"));
    }
    match members.0.iter().all(|one| one.capacity.is_none_or(|most| most > 0)) {
        true => Ok(()),
        false => Err(rule!("range", "a capacity is above zero")),
    }
}
