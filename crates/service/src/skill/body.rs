//! What is sent to make a skill, and to change it; and which skills somebody has, or a rule asks for.
use super::schema::skills;
use diesel::prelude::{AsChangeset, Insertable};
use kernel::{SkillId, Tidy, patch, rule, tidy};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use validator::{Validate, ValidationError};

const MOST: usize = 100;
const HIGHEST: i32 = 5;

/// What a new skill is made of.
#[derive(Clone, Debug, Deserialize, Insertable, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
#[diesel(table_name = skills, treat_none_as_default_value = false)]
#[schema(example = json!({"name": "粤语", "description": "fluent in writing"}))]
pub struct NewSkill {
    /// made by the client, when it creates offline
    #[diesel(skip_insertion)]
    #[validate(custom(function = "kernel::id::is_of_its_time"))]
    pub id: Option<SkillId>,
    #[validate(length(max = 100), custom(function = "tidy::is_filled"))]
    #[schema(min_length = 1, max_length = 100)]
    pub name: String,
    #[validate(length(max = 2000))]
    #[schema(max_length = 2000)]
    pub description: Option<String>,
}

/// A merge patch: what is absent stays, what is null is cleared.
#[derive(Clone, Debug, Default, Deserialize, AsChangeset, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
#[diesel(table_name = skills)]
#[schema(example = json!({"description": "fluent in writing and speech"}))]
pub struct SkillPatch {
    #[serde(default, deserialize_with = "patch::value")]
    #[validate(length(max = 100), custom(function = "tidy::is_filled"))]
    #[schema(value_type = String, required = false, min_length = 1, max_length = 100)]
    pub name: Option<String>,
    #[serde(default, deserialize_with = "patch::nullable")]
    #[validate(length(max = 2000))]
    #[schema(value_type = Option<String>, max_length = 2000)]
    pub description: Option<Option<String>>,
}

/// That somebody has a skill, or that it is asked for.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({"skill_id": "0192f0c1-9999-7000-8000-00000000000a", "level": 3}))]
pub struct AgentSkill {
    pub skill_id: SkillId,
    /// from 1 to 5; where it is asked for, the least
    #[serde(default = "one")]
    #[schema(minimum = 1, maximum = 5, default = 1, required = false)]
    pub level: i32,
}

platform::jsonb!(SkillsOf(Vec<AgentSkill>), "Some skills with their levels, as a column keeps them.");

impl Tidy for NewSkill {
    fn tidy(&mut self) {
        tidy::trim(&mut self.name);
    }
}
impl Tidy for SkillPatch {
    fn tidy(&mut self) {
        self.name.iter_mut().for_each(tidy::trim);
    }
}

/// Where one of several skills stands in a body.
pub(crate) fn place(member: &str, at: usize) -> String {
    format!("/{member}/{at}/skill_id")
}

/// The rule behind lists of them.
pub(crate) fn are_skills(skills: &SkillsOf) -> Result<(), ValidationError> {
    if skills.0.len() > MOST {
        return Err(rule!("too_many", "at most {most} of them", most = MOST));
    }
    let twice = |(at, one): (usize, &AgentSkill)| skills.0.iter().take(at).any(|other| other.skill_id == one.skill_id);
    if skills.0.iter().enumerate().any(twice) {
        return Err(rule!("twice", "names a skill twice"));
    }
    match skills.0.iter().all(|one| (1..=HIGHEST).contains(&one.level)) {
        true => Ok(()),
        false => Err(rule!("range", "a level is from 1 to {highest}", highest = HIGHEST)),
    }
}

fn one() -> i32 {
    1
}
