//! What is sent to make a territory, and to change it.
use super::schema::territories;
use diesel::prelude::{AsChangeset, Insertable};
use kernel::{TeamId, TerritoryId, Tidy, UserId, patch, rule, tidy};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use validator::{Validate, ValidationError};

const MOST_MEMBERS: usize = 200;

/// Who looks after a territory: somebody, or those who are in a team.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({"user_id": "0192f0c1-0000-7000-8000-000000000001", "capacity": 40}))]
pub struct TerritoryMember {
    /// somebody, or a queue
    pub user_id: Option<UserId>,
    /// all people of a team, as they are when a lead is given out
    pub team_id: Option<TeamId>,
    /// how many open leads each of them has in hand at most; as many as come, where it is absent
    #[schema(minimum = 1, example = 40)]
    pub capacity: Option<i32>,
}

platform::jsonb!(TerritoryMembers(Vec<TerritoryMember>), "Who looks after a territory, as a column keeps it.");

/// What a new territory is made of.
#[derive(Clone, Debug, Deserialize, Insertable, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
#[diesel(table_name = territories, treat_none_as_default_value = false)]
#[schema(example = json!({"name": "上海", "filter": "country == \"CN\" && region == \"上海市\""}))]
pub struct NewTerritory {
    /// made by the client, when it creates offline
    #[diesel(skip_insertion)]
    #[validate(custom(function = "kernel::id::is_of_its_time"))]
    pub id: Option<TerritoryId>,
    #[validate(length(max = 200), custom(function = "tidy::is_filled"))]
    #[schema(min_length = 1, max_length = 200)]
    pub name: String,
    #[validate(length(max = 2000))]
    #[schema(max_length = 2000)]
    pub description: Option<String>,
    pub parent_id: Option<TerritoryId>,
    /// over fields that leads and accounts both have, such as `country`, `region`, `city` and `industry`
    #[validate(length(min = 1, max = 4000))]
    #[schema(min_length = 1, max_length = 4000, example = "country == \"CN\"")]
    pub filter: Option<String>,
    #[serde(default)]
    #[validate(custom(function = "are_members"))]
    #[schema(value_type = Vec<TerritoryMember>, required = false, max_items = 200)]
    pub members: TerritoryMembers,
}

/// A merge patch: what is absent stays, what is null is cleared.
#[derive(Clone, Debug, Default, Deserialize, AsChangeset, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
#[diesel(table_name = territories)]
#[schema(example = json!({"description": "with Suzhou until further notice"}))]
pub struct TerritoryPatch {
    #[serde(default, deserialize_with = "patch::value")]
    #[validate(length(max = 200), custom(function = "tidy::is_filled"))]
    #[schema(value_type = String, required = false, min_length = 1, max_length = 200)]
    pub name: Option<String>,
    #[serde(default, deserialize_with = "patch::nullable")]
    #[validate(length(max = 2000))]
    #[schema(value_type = Option<String>, max_length = 2000)]
    pub description: Option<Option<String>>,
    #[serde(default, deserialize_with = "patch::nullable")]
    #[schema(value_type = Option<TerritoryId>)]
    pub parent_id: Option<Option<TerritoryId>>,
    #[serde(default, deserialize_with = "patch::nullable")]
    #[validate(length(min = 1, max = 4000))]
    #[schema(value_type = Option<String>, min_length = 1, max_length = 4000)]
    pub filter: Option<Option<String>>,
    /// all of them, in place of those that are there
    #[serde(default, deserialize_with = "patch::value")]
    #[validate(custom(function = "are_members"))]
    #[schema(value_type = Vec<TerritoryMember>, required = false, max_items = 200)]
    pub members: Option<TerritoryMembers>,
}

impl Tidy for NewTerritory {
    fn tidy(&mut self) {
        tidy::trim(&mut self.name);
    }
}
impl Tidy for TerritoryPatch {
    fn tidy(&mut self) {
        self.name.iter_mut().for_each(tidy::trim);
    }
}

fn are_members(members: &TerritoryMembers) -> Result<(), ValidationError> {
    let members = &members.0;
    if members.len() > MOST_MEMBERS {
        return Err(rule!("too_many", "at most {most} of them", most = MOST_MEMBERS));
    }
    if members.iter().any(|one| one.user_id.is_some() == one.team_id.is_some()) {
        return Err(rule!("one_of", "each is either somebody or a team"));
    }
    let same =
        |one: &TerritoryMember, other: &TerritoryMember| (one.user_id, one.team_id) == (other.user_id, other.team_id);
    let twice = |(at, one): (usize, &TerritoryMember)| members.iter().take(at).any(|other| same(one, other));
    if members.iter().enumerate().any(twice) {
        return Err(rule!("twice", "names somebody twice"));
    }
    match members.iter().all(|one| one.capacity.is_none_or(|most| most > 0)) {
        true => Ok(()),
        false => Err(rule!("range", "a capacity is above zero")),
    }
}
