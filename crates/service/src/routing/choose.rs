//! Who gets a case, and what is said of those who might have. Pure: what is known of them was asked for before
//! ([`super::ground`]).
use super::{LEAST_LOAD, MANUAL};
use crate::agent::{Agent, ONLINE};
use crate::skill::AgentSkill;
use kernel::{SkillId, UserId};
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;
use utoipa::ToSchema;

pub(super) const CHOSEN: &str = "chosen";
const FREE: &str = "free";

/// What was said of somebody who serves the queue.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, ToSchema)]
#[schema(example = json!({
    "user_id": "0192f0c1-0000-7000-8000-000000000001", "status": "online", "open_cases": 3, "capacity": 8,
    "outcome": "chosen"
}))]
pub struct CaseCandidate {
    pub user_id: UserId,
    #[schema(example = "online")]
    pub status: String,
    /// how many they had in hand
    #[schema(example = 3)]
    pub open_cases: i64,
    pub capacity: Option<i32>,
    /// `chosen`; `free`, and not their turn; `full`; `unskilled`; `absent`, where they are not online; `inactive`;
    /// `tried`, where they had it before and have not answered
    #[schema(example = "chosen")]
    pub outcome: String,
}

platform::jsonb!(Candidates(Vec<CaseCandidate>), "What was said of those who might get a case, as a column keeps it.");

/// What a case asks of whoever gets it.
#[derive(Clone, Copy, Debug)]
pub(super) struct Wanted<'a> {
    pub channel: &'a str,
    /// by the rule
    pub skills: &'a [AgentSkill],
    /// by the case, each by its name
    pub names: &'a [String],
    /// who is not to have it
    pub without: &'a [UserId],
}

/// How many open cases somebody has in hand, by channel.
pub(super) type InHand = BTreeMap<String, i64>;

/// Those who serve a queue, and what they have in hand.
#[derive(Clone, Debug, Default)]
pub(super) struct Ground {
    /// the oldest user first
    pub agents: Vec<Agent>,
    pub in_hand: BTreeMap<UserId, InHand>,
    /// the living ones
    pub skills: BTreeMap<SkillId, String>,
    /// whose turn it was last
    pub last: Option<UserId>,
}

impl Ground {
    /// Whoever gets it, if anybody is free, and what is said of each.
    pub fn pick(&self, strategy: &str, wanted: Wanted) -> (Option<UserId>, Vec<CaseCandidate>) {
        let mut told: Vec<CaseCandidate> = self.agents.iter().map(|one| self.told(one, wanted)).collect();
        let after = |last: UserId| told.iter().position(|one| one.user_id > last).unwrap_or_default();
        let begin = self.last.map_or(0, after);
        let mut turns = told.iter().cycle().skip(begin).take(told.len()).filter(|one| one.outcome == FREE);
        let next = match strategy {
            LEAST_LOAD | MANUAL => turns.min_by_key(|one| share(one)),
            _ => turns.next(),
        };
        let next = next.map(|one| one.user_id);
        let chosen = told.iter_mut().filter(|one| Some(one.user_id) == next);
        chosen.for_each(|one| CHOSEN.clone_into(&mut one.outcome));
        (next, told)
    }

    /// Their turn is over, and they have one more.
    pub fn took(&mut self, user: UserId, channel: &str) {
        *self.in_hand.entry(user).or_default().entry(channel.to_owned()).or_default() += 1;
        self.last = Some(user);
    }

    /// Whether it is any use to look at what waits.
    pub fn is_anybody_free(&self) -> bool {
        self.agents.iter().any(|one| one.is_active && one.status == ONLINE && !self.is_full(one))
    }

    /// Why somebody does not get it, if anything speaks against it.
    pub fn against(&self, agent: &Agent, wanted: Wanted) -> Option<&'static str> {
        if self.lacks(agent, wanted) {
            return Some("unskilled");
        }
        if self.is_full(agent) || self.is_full_of(agent, wanted.channel) {
            return Some("full");
        }
        wanted.without.contains(&agent.user_id).then_some("tried")
    }

    fn told(&self, agent: &Agent, wanted: Wanted) -> CaseCandidate {
        let outcome = match (agent.is_active, agent.status.as_str()) {
            (false, _) => "inactive",
            (true, ONLINE) => self.against(agent, wanted).unwrap_or(FREE),
            _ => "absent",
        };
        CaseCandidate {
            user_id: agent.user_id,
            status: agent.status.clone(),
            open_cases: self.open_cases(agent.user_id),
            capacity: agent.capacity,
            outcome: outcome.to_owned(),
        }
    }

    fn lacks(&self, agent: &Agent, wanted: Wanted) -> bool {
        let living = |one: &&AgentSkill| self.skills.contains_key(&one.skill_id);
        let own = || agent.skills.0.iter().filter(living);
        let by_rule = |asked: &AgentSkill| own().any(|one| one.skill_id == asked.skill_id && one.level >= asked.level);
        let by_name = |asked: &String| own().any(|one| self.skills.get(&one.skill_id) == Some(asked));
        !wanted.skills.iter().all(by_rule) || !wanted.names.iter().all(by_name)
    }

    fn open_cases(&self, user: UserId) -> i64 {
        self.in_hand.get(&user).map_or(0, |by| by.values().sum())
    }

    fn is_full(&self, agent: &Agent) -> bool {
        agent.capacity.is_some_and(|most| self.open_cases(agent.user_id) >= i64::from(most))
    }

    fn is_full_of(&self, agent: &Agent, channel: &str) -> bool {
        let most = agent.channel_capacities.0.iter().find(|one| one.channel == channel);
        let has = self.in_hand.get(&agent.user_id).and_then(|by| by.get(channel)).copied().unwrap_or_default();
        most.is_some_and(|most| has >= i64::from(most.capacity))
    }
}

/// How much of what they have room for they have in hand, in millionths; of those without a capacity, how much.
fn share(one: &CaseCandidate) -> (i64, i64) {
    let millionths = |most: i32| one.open_cases.saturating_mul(1_000_000) / i64::from(most.max(1));
    (one.capacity.map_or(one.open_cases, millionths), one.open_cases)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::agent::{ChannelCapacities, ChannelCapacity};
    use crate::routing::ROUND_ROBIN;
    use crate::skill::SkillsOf;
    use chrono::{DateTime, Utc};
    use kernel::AgentId;
    use uuid::Uuid;

    fn user(n: u128) -> UserId {
        UserId(Uuid::from_u128(n))
    }

    fn skill(n: u128, level: i32) -> AgentSkill {
        AgentSkill { skill_id: SkillId(Uuid::from_u128(n)), level }
    }

    fn agent(n: u128) -> Agent {
        let at = DateTime::<Utc>::UNIX_EPOCH;
        Agent {
            id: AgentId(Uuid::from_u128(n)),
            user_id: user(n),
            capacity: Some(2),
            channel_capacities: ChannelCapacities::default(),
            skills: SkillsOf::default(),
            status: ONLINE.to_owned(),
            status_changed_at: at,
            is_active: true,
            version: 1,
            created_at: at,
            updated_at: at,
            created_by: user(1),
            updated_by: user(1),
        }
    }

    const ANYTHING: Wanted = Wanted { channel: "email", skills: &[], names: &[], without: &[] };

    fn given(ground: &mut Ground, strategy: &str, wanted: Wanted) -> Option<u128> {
        let (next, _) = ground.pick(strategy, wanted);
        next.iter().for_each(|user| ground.took(*user, wanted.channel));
        next.map(|user| user.0.as_u128())
    }

    #[test]
    fn each_has_their_turn_and_nobody_gets_more_than_they_have_room_for() {
        let mut ground = Ground { agents: [1, 2, 3].map(agent).to_vec(), ..Ground::default() };
        let all: Vec<_> = (0..7).map(|_| given(&mut ground, ROUND_ROBIN, ANYTHING)).collect();
        assert_eq!(all, [Some(1), Some(2), Some(3), Some(1), Some(2), Some(3), None]);
        assert!(!ground.is_anybody_free());
    }

    #[test]
    fn the_turn_goes_on_behind_one_who_has_left() {
        let agents = [1, 3].map(agent).to_vec();
        let mut ground = Ground { agents, last: Some(user(2)), ..Ground::default() };
        assert_eq!(given(&mut ground, ROUND_ROBIN, ANYTHING), Some(3));
        assert_eq!(given(&mut ground, ROUND_ROBIN, ANYTHING), Some(1));
    }

    #[test]
    fn whoever_has_least_of_their_room_in_hand_is_next() {
        let wide = Agent { capacity: Some(10), ..agent(2) };
        let mut ground = Ground { agents: vec![agent(1), wide], ..Ground::default() };
        let all: Vec<_> = (0..4).map(|_| given(&mut ground, LEAST_LOAD, ANYTHING)).collect();
        assert_eq!(all, [Some(1), Some(2), Some(2), Some(2)], "one of two is as much as five of ten");
    }

    #[test]
    fn who_is_away_lacks_a_skill_or_is_full_of_a_channel_is_passed_over_and_told_why() {
        let chats = ChannelCapacities(vec![ChannelCapacity { channel: "chat".into(), capacity: 0 }]);
        let agents = vec![
            Agent { status: "away".into(), ..agent(1) },
            Agent { is_active: false, ..agent(2) },
            Agent { skills: SkillsOf(vec![skill(7, 1)]), ..agent(3) },
            Agent { skills: SkillsOf(vec![skill(7, 3)]), channel_capacities: chats, ..agent(4) },
            Agent { skills: SkillsOf(vec![skill(7, 3), skill(9, 5)]), ..agent(5) },
        ];
        let skills = BTreeMap::from([(SkillId(Uuid::from_u128(7)), "Tea".to_owned())]);
        let ground = Ground { agents, skills, ..Ground::default() };
        let asked = [skill(7, 2)];
        let names = ["Tea".to_owned()];
        let chat = Wanted { channel: "chat", skills: &asked, names: &names, without: &[] };
        let (next, told) = ground.pick(ROUND_ROBIN, chat);
        let outcomes: Vec<&str> = told.iter().map(|one| one.outcome.as_str()).collect();
        assert_eq!(outcomes, ["absent", "inactive", "unskilled", "full", CHOSEN]);
        assert_eq!(next, Some(user(5)));
        let gone = ["Coffee".to_owned()];
        assert_eq!(ground.pick(ROUND_ROBIN, Wanted { names: &gone, ..chat }).0, None, "nobody knows what is no skill");
        let archived = [skill(9, 1)];
        assert_eq!(ground.pick(ROUND_ROBIN, Wanted { skills: &archived, ..chat }).0, None);
        assert_eq!(ground.pick(ROUND_ROBIN, Wanted { without: &[user(5)], ..chat }).0, None);
    }
}
