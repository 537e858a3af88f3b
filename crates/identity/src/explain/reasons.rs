//! From what is the case to what is said of it, one action after the other.
use super::deeds::{beside, reaching};
use super::{Reason, Why};
use crate::role::Role;
use crate::user::User;
use kernel::{Action, Ctx, Grants, Reach, TeamId, UserId};
use platform::share::Given;
use platform::visible::Standing;
use std::collections::BTreeMap;

/// What is the case with a user and a record.
pub struct Facts<'a> {
    pub noun: &'static str,
    /// the user, as if they asked
    pub acting: &'a Ctx,
    pub who: User,
    pub roles: Vec<(Role, Grants)>,
    /// the queues that the user serves by a team
    pub serves_by_team: Vec<UserId>,
    /// what is shared with the user of the record, in force
    pub shares: Vec<Given>,
    /// names, as far as the caller may know them
    pub queues: BTreeMap<UserId, String>,
    pub teams: BTreeMap<TeamId, String>,
}

impl Facts<'_> {
    /// The permission that is missing altogether.
    pub fn lacking(&self, action: Action) -> Option<Action> {
        let needed = [Some(action), beside(action)];
        needed.into_iter().flatten().find(|needed| self.reach(*needed) == Reach::None)
    }

    /// In order: what grants it, what is missing, and what brings the record within reach.
    pub fn reasons(&self, standing: &Standing, action: Action, is_seen: bool) -> Vec<Reason> {
        if !self.who.is_active {
            return vec![Reason::new(Why::Inactive, "the user is not active")];
        }
        let mut all = self.granted(action);
        if let Some(missing) = self.lacking(action) {
            if missing != action {
                all.push(Reason::new(Why::Needs, format!("needs {} as well", self.name(missing))));
            }
            return all;
        }
        if !is_seen && action != Action::Read {
            all.push(Reason::new(Why::NotSeen, "a record that the user may not read is not there for them"));
            return all;
        }
        let ways = self.ways(standing, reaching(action));
        if ways.is_empty() {
            let text = format!(
                "the record is none of the user's own{}, and no share says more",
                if self.reach(reaching(action)) > Reach::Own { " or of the teams within reach" } else { "" }
            );
            all.push(Reason::new(Why::OutOfReach, text));
        }
        all.extend(ways);
        all
    }

    /// The roles that grant it; or that none does, or what holds it back.
    fn granted(&self, action: Action) -> Vec<Reason> {
        let granting = |(role, grants): &(Role, Grants)| {
            let reach = grants.reach(self.noun, action);
            let text = format!("the role {} grants {} as far as {}", role.name, self.name(action), reach.name());
            let reason = Reason { reach: Some(reach), role_id: Some(role.id), ..Reason::new(Why::Role, text) };
            (reach > Reach::None).then_some(reason)
        };
        let mut all: Vec<Reason> = self.roles.iter().filter_map(granting).collect();
        if all.is_empty() {
            all.push(Reason::new(Why::NoRole, format!("no role of the user grants {}", self.name(action))));
        } else if self.reach(action) == Reach::None {
            let text = "the scopes of this API key leave it out, or this session lacks a second factor";
            all.push(Reason::new(Why::Withheld, text));
        }
        all
    }

    /// What brings the record within reach of an action.
    fn ways(&self, standing: &Standing, action: Action) -> Vec<Reason> {
        let reach = self.reach(action);
        if reach == Reach::All {
            return vec![Reason::new(Why::All, "every record is within reach")];
        }
        let shares = self.shares.iter().filter(|share| match action {
            Action::Read => true,
            Action::Update => share.lets_update(),
            _ => false,
        });
        let owned = self.owned(standing.owner);
        let of_team = standing.team.and_then(|team| self.of_team(team, reach));
        owned.into_iter().chain(of_team).chain(shares.map(|share| self.shared(share))).collect()
    }

    fn owned(&self, owner: UserId) -> Option<Reason> {
        if owner == self.acting.actor.user {
            return Some(Reason::new(Why::Owner, "the user owns the record"));
        }
        self.acting.grants.queues().contains(&owner).then(|| {
            let name = self.queues.get(&owner).map_or_else(|| owner.to_string(), Clone::clone);
            let how = if self.serves_by_team.contains(&owner) {
                "which a team of the user serves"
            } else {
                "which the user serves"
            };
            let text = format!("the record is owned by the queue {name}, {how}");
            Reason { queue_id: Some(owner), ..Reason::new(Why::Queue, text) }
        })
    }

    fn of_team(&self, team: TeamId, reach: Reach) -> Option<Reason> {
        let grants = &self.acting.grants;
        let name = self.team(team);
        if reach >= Reach::Team && grants.teams().contains(&team) {
            let text = format!("the record belongs to the team {name}, which the user is in");
            return Some(Reason { team_id: Some(team), ..Reason::new(Why::Team, text) });
        }
        let below = reach >= Reach::Subtree && grants.subtree().contains(&team);
        let text = format!("the record belongs to the team {name}, below one that the user is in");
        below.then(|| Reason { team_id: Some(team), ..Reason::new(Why::Subtree, text) })
    }

    fn shared(&self, share: &Given) -> Reason {
        let with = match (share.team, share.user) {
            (Some(team), _) => format!("the team {}, which the user is in", self.team(team)),
            (None, Some(user)) if user != self.acting.actor.user => "a queue that the user serves".to_owned(),
            _ => "the user".to_owned(),
        };
        let what = if share.lets_update() { "to be read and updated" } else { "to be read" };
        let until = share.until.map_or_else(String::new, |until| format!(", until {}", until.format("%FT%TZ")));
        let text = format!("the record is shared with {with}, {what}{until}");
        Reason { share_id: Some(share.id), team_id: share.team, until: share.until, ..Reason::new(Why::Share, text) }
    }

    fn reach(&self, action: Action) -> Reach {
        self.acting.grants.reach(self.noun, action)
    }

    fn name(&self, action: Action) -> String {
        format!("{}:{}", self.noun, action.name())
    }

    fn team(&self, team: TeamId) -> String {
        self.teams.get(&team).map_or_else(|| team.to_string(), Clone::clone)
    }
}
