//! What is sent to make an agent, and to change them.
use super::CHANNELS;
use super::schema::agents;
use crate::skill::{AgentSkill, SkillsOf, are_skills};
use customer::choices::one_of;
use diesel::prelude::{AsChangeset, Insertable};
use kernel::{AgentId, Tidy, UserId, patch, rule};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use validator::{Validate, ValidationError};

/// How many open cases of a channel somebody is given at most.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({"channel": "chat", "capacity": 3}))]
pub struct ChannelCapacity {
    /// `email`, `portal`, `phone`, `chat`, `web`, `api`, `social` or `other`
    #[schema(example = "chat")]
    pub channel: String,
    #[schema(minimum = 0, maximum = 10000, example = 3)]
    pub capacity: i32,
}

platform::jsonb!(ChannelCapacities(Vec<ChannelCapacity>), "Capacities by channel, as a column keeps them.");

/// What a new agent is made of.
#[derive(Clone, Debug, Deserialize, Insertable, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
#[diesel(table_name = agents, treat_none_as_default_value = false)]
#[schema(example = json!({"user_id": "0192f0c1-0000-7000-8000-000000000001", "capacity": 8}))]
pub struct NewAgent {
    /// made by the client, when it creates offline
    #[diesel(skip_insertion)]
    #[validate(custom(function = "kernel::id::is_of_its_time"))]
    pub id: Option<AgentId>,
    /// a person, who is no agent yet; it stays
    pub user_id: UserId,
    /// as many as come, where it is absent
    #[validate(range(min = 1, max = 10000))]
    #[schema(minimum = 1, maximum = 10000)]
    pub capacity: Option<i32>,
    #[serde(default)]
    #[validate(custom(function = "are_capacities"))]
    #[schema(value_type = Vec<ChannelCapacity>, required = false, max_items = 8)]
    pub channel_capacities: ChannelCapacities,
    #[serde(default)]
    #[validate(custom(function = "are_skills"))]
    #[schema(value_type = Vec<AgentSkill>, required = false, max_items = 100)]
    pub skills: SkillsOf,
    #[serde(default = "yes")]
    #[schema(default = true, required = false)]
    pub is_active: bool,
}

/// A merge patch: what is absent stays, what is null is cleared.
#[derive(Clone, Debug, Default, Deserialize, AsChangeset, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
#[diesel(table_name = agents)]
#[schema(example = json!({"capacity": 10}))]
pub struct AgentPatch {
    #[serde(default, deserialize_with = "patch::nullable")]
    #[validate(range(min = 1, max = 10000))]
    #[schema(value_type = Option<i32>, minimum = 1, maximum = 10000)]
    pub capacity: Option<Option<i32>>,
    /// all of them, in place of those that are there
    #[serde(default, deserialize_with = "patch::value")]
    #[validate(custom(function = "are_capacities"))]
    #[schema(value_type = Vec<ChannelCapacity>, required = false, max_items = 8)]
    pub channel_capacities: Option<ChannelCapacities>,
    /// all of them, in place of those that are there
    #[serde(default, deserialize_with = "patch::value")]
    #[validate(custom(function = "are_skills"))]
    #[schema(value_type = Vec<AgentSkill>, required = false, max_items = 100)]
    pub skills: Option<SkillsOf>,
    #[serde(default, deserialize_with = "patch::value")]
    #[schema(value_type = bool, required = false)]
    pub is_active: Option<bool>,
}

impl Tidy for NewAgent {}
impl Tidy for AgentPatch {}

fn yes() -> bool {
    true
}

fn are_capacities(all: &ChannelCapacities) -> Result<(), ValidationError> {
    all.0.iter().try_for_each(|one| one_of(&one.channel, CHANNELS))?;
    let twice = |(at, one): (usize, &ChannelCapacity)| all.0.iter().take(at).any(|other| other.channel == one.channel);
    if all.0.iter().enumerate().any(twice) {
        return Err(rule!("twice", "names a channel twice"));
    }
    match all.0.iter().all(|one| (0..=10000).contains(&one.capacity)) {
        true => Ok(()),
        false => Err(rule!("range", "a capacity of a channel is from 0 to 10000")),
    }
}
