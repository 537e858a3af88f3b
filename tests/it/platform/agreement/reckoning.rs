//! Who sees what, reckoned once more from what was made, by the words of the documentation and nothing of the program.
use super::Records;
use super::world::{Grantee, User, World};

impl World {
    pub fn seen(&self, user: &User) -> Records {
        (0..self.contacts.len()).filter(|at| self.may(user, *at, "read")).collect()
    }

    pub fn may(&self, user: &User, contact: usize, action: &str) -> bool {
        let held = user.holds("read") && user.holds(action);
        let seen = self.reaches(user, contact, "read") || self.is_shared(user, contact, false);
        let lent = action == "read" || action == "update" && self.is_shared(user, contact, true);
        held && seen && (self.reaches(user, contact, action) || lent)
    }

    /// As far as a permission alone goes.
    fn reaches(&self, user: &User, contact: usize, action: &str) -> bool {
        let (owner, team) = self.held[contact];
        let own = match owner {
            Grantee::User(at) => self.users[at].id == user.id,
            Grantee::Queue(at) => self.serves(user, at),
            Grantee::Team(_) => false,
        };
        let of_team = team.is_some_and(|team| user.teams.contains(&team));
        let below = team.is_some_and(|team| self.upwards(team).iter().any(|above| user.teams.contains(above)));
        match user.reach(action) {
            "own" => own,
            "team" => own || of_team,
            "subtree" => own || below,
            "all" => true,
            _ => false,
        }
    }

    fn is_shared(&self, user: &User, contact: usize, to_update: bool) -> bool {
        self.shares.iter().any(|share| {
            let with = match share.with {
                Grantee::User(at) => self.users[at].id == user.id,
                Grantee::Team(at) => user.teams.contains(&at),
                Grantee::Queue(at) => self.serves(user, at),
            };
            with && share.contact == contact && share.in_force && (share.to_update || !to_update)
        })
    }

    fn serves(&self, user: &User, queue: usize) -> bool {
        self.members[queue].iter().any(|member| match member {
            Grantee::User(at) => self.users[*at].id == user.id,
            Grantee::Team(at) => user.teams.contains(at),
            Grantee::Queue(_) => false,
        })
    }

    /// The team and all above it.
    fn upwards(&self, team: usize) -> Vec<usize> {
        let mut all = vec![team];
        while let Some(above) = all.last().and_then(|last| self.above[*last]) {
            all.push(above);
        }
        all
    }
}
