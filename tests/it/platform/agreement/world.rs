//! A world of random teams, users, queues, contacts and shares, made through the doors.
use super::{Records, id};
use crate::support::{Client, Person, Town, Value, json, make};
use std::collections::BTreeMap;

const USERS: usize = 5;
const TEAMS: usize = 5;
const QUEUES: usize = 2;
const CONTACTS: usize = 16;
const SHARES: usize = 14;

/// Whoever may own a record, serve a queue or be shown a record, by its place.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Grantee {
    User(usize),
    Team(usize),
    Queue(usize),
}

pub struct User {
    pub id: String,
    pub client: Client,
    pub teams: Vec<usize>,
    reaches: BTreeMap<&'static str, &'static str>,
}

#[derive(Debug)]
pub struct Share {
    pub contact: usize,
    pub with: Grantee,
    pub to_update: bool,
    pub in_force: bool,
}

pub struct World {
    pub users: Vec<User>,
    /// the team above each team
    pub above: Vec<Option<usize>>,
    /// who serves each queue
    pub members: Vec<Vec<Grantee>>,
    pub accounts: Vec<String>,
    pub contacts: Vec<String>,
    /// owner and team of each contact
    pub held: Vec<(Grantee, Option<usize>)>,
    pub shares: Vec<Share>,
    pub owner: Client,
    pub owner_id: String,
}

impl World {
    pub fn random(town: &Town, seed: u64) -> Self {
        let (mut dice, owner) = (Dice(seed), town.owner());
        let (teams, above) = teams(&owner, &mut dice);
        let users: Vec<User> = (0..USERS).map(|at| user(town, at, &teams, &mut dice)).collect();
        let (queues, members) = queues(&owner, &users, &teams, &mut dice);
        let mut world = Self {
            users,
            above,
            members,
            accounts: Vec::new(),
            contacts: Vec::new(),
            held: Vec::new(),
            shares: Vec::new(),
            owner_id: town.user(Person::Owner),
            owner,
        };
        world.contacts(&teams, &queues, &mut dice);
        world.shares(town, &teams, &queues, &mut dice);
        world
    }

    fn contacts(&mut self, teams: &[String], queues: &[String], dice: &mut Dice) {
        for _ in 0..CONTACTS {
            let owner =
                if dice.one_in(4) { Grantee::Queue(dice.below(QUEUES)) } else { Grantee::User(dice.below(USERS)) };
            self.held.push((owner, dice.one_in(2).then(|| dice.below(TEAMS))));
        }
        let accounts = (0..CONTACTS).map(|at| json!({"name": format!("Account {at}")}));
        self.accounts = make::many(&self.owner, "accounts", accounts).iter().map(id).collect();
        let contacts = self.held.iter().enumerate().map(|(at, (owner, team))| {
            json!({"display_name": format!("Contact {at}"), "email": format!("{at}@world.example"),
                "account_id": self.accounts[at], "owner_id": self.id(*owner, teams, queues),
                "team_id": team.map(|team| &teams[team])})
        });
        self.contacts = make::many(&self.owner, "contacts", contacts).iter().map(id).collect();
        for contact in &self.contacts {
            make::order(&self.owner, json!({"contact_id": contact}));
        }
    }

    fn shares(&mut self, town: &Town, teams: &[String], queues: &[String], dice: &mut Dice) {
        for _ in 0..SHARES {
            let with = match dice.below(8) {
                0..4 => Grantee::User(dice.below(USERS)),
                4..7 => Grantee::Team(dice.below(TEAMS)),
                _ => Grantee::Queue(dice.below(QUEUES)),
            };
            let share =
                Share { contact: dice.below(CONTACTS), with, to_update: dice.one_in(2), in_force: !dice.one_in(4) };
            if self.shares.iter().any(|known| known.contact == share.contact && known.with == share.with) {
                continue;
            }
            let member = if matches!(with, Grantee::Team(_)) { "team_id" } else { "user_id" };
            let new = json!({"resource": "contact", "record_id": self.contacts[share.contact],
                member: self.id(with, teams, queues), "access": if share.to_update { "update" } else { "read" },
                "expires_at": "2999-01-01T00:00:00Z"});
            let made = id(&self.owner.post("/v1/shares", new).created());
            match (share.in_force, dice.one_in(2)) {
                (true, _) => {}
                (false, true) => drop(self.owner.delete(&format!("/v1/shares/{made}")).is(204)),
                (false, false) => {
                    town.database.run(&format!("UPDATE shares SET expires_at = now() WHERE id = '{made}'"))
                }
            }
            self.shares.push(share);
        }
    }

    fn id(&self, who: Grantee, teams: &[String], queues: &[String]) -> String {
        match who {
            Grantee::User(at) => self.users[at].id.clone(),
            Grantee::Team(at) => teams[at].clone(),
            Grantee::Queue(at) => queues[at].clone(),
        }
    }

    pub fn places(&self, contacts: impl IntoIterator<Item = String>) -> Records {
        let place = |contact: String| self.contacts.iter().position(|known| *known == contact).unwrap();
        contacts.into_iter().map(place).collect()
    }

    /// What the owner is told of a user and a contact.
    pub fn explain(&self, user: &User, contact: &str) -> Value {
        let ask = format!("/v1/permissions/explain?resource=contact&record_id={contact}&user_id={}", user.id);
        self.owner.get(&ask).ok()
    }
}

impl User {
    pub fn reach(&self, action: &str) -> &'static str {
        self.reaches.get(action).copied().unwrap_or("none")
    }

    pub fn holds(&self, action: &str) -> bool {
        self.reach(action) != "none"
    }
}

impl std::fmt::Debug for User {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{} in {:?} may {:?}", self.id, self.teams, self.reaches)
    }
}

impl std::fmt::Debug for World {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let ids: Vec<&String> = self.users.iter().map(|user| &user.id).collect();
        let contacts: Vec<_> = self.contacts.iter().zip(&self.held).enumerate().collect();
        write!(f, "users {ids:?}\nabove {:?}\nqueues {:?}\n", self.above, self.members)?;
        write!(f, "contacts {contacts:?}\nshares {:?}", self.shares)
    }
}

/// A forest: each team stands below an earlier one, or at the top.
fn teams(owner: &Client, dice: &mut Dice) -> (Vec<String>, Vec<Option<usize>>) {
    let (mut teams, mut above): (Vec<String>, Vec<Option<usize>>) = (Vec::new(), Vec::new());
    for at in 0..TEAMS {
        let parent = (at > 0 && !dice.one_in(4)).then(|| dice.below(at));
        let new = json!({"name": format!("Team {at}"), "parent_id": parent.map(|parent| &teams[parent])});
        teams.push(id(&owner.post("/v1/teams", new).created()));
        above.push(parent);
    }
    (teams, above)
}

/// A program, for it comes in by a key: no password has to be reckoned with.
fn user(town: &Town, at: usize, teams: &[String], dice: &mut Dice) -> User {
    let owner = town.owner();
    let mut reaches = BTreeMap::from([("read", dice.of(&["own", "own", "team", "subtree", "all"]))]);
    for action in ["update", "delete", "share"] {
        reaches.insert(action, dice.of(&["none", "own", "own", "team", "subtree", "all"]));
    }
    let mut permissions: Vec<(&str, &str, &str)> = vec![("account", "read", "all"), ("order", "read", "all")];
    // what may be taken out is what is seen
    permissions.extend([("contact", "export", "all"), ("export", "create", "own"), ("export", "read", "own")]);
    permissions
        .extend(reaches.iter().map(|(action, reach)| ("contact", *action, *reach)).filter(|one| one.2 != "none"));
    let role = make::role(&owner, &permissions);
    let mine: Vec<usize> = (0..teams.len()).filter(|_| dice.one_in(3)).collect();
    let of_teams: Vec<&String> = mine.iter().map(|team| &teams[*team]).collect();
    let new = json!({"email": format!("{at}@users.example"), "kind": "service", "role_ids": [role["id"]], "team_ids": of_teams});
    let user = id(&make::user(&owner, new));
    let key = json!({"name": "world", "scopes": ["*"], "user_id": user});
    let key = make::id(&owner.post("/v1/api-keys", key).created(), "key");
    User { id: user, client: town.anonymous().bearing(key), teams: mine, reaches }
}

fn queues(owner: &Client, users: &[User], teams: &[String], dice: &mut Dice) -> (Vec<String>, Vec<Vec<Grantee>>) {
    let (mut queues, mut members) = (Vec::new(), Vec::new());
    for at in 0..QUEUES {
        let queue = id(&owner.post("/v1/queues", json!({"display_name": format!("Queue {at}")})).created());
        let mut serving = Vec::new();
        for user in (0..USERS).filter(|_| dice.one_in(4)) {
            owner.put(&format!("/v1/queues/{queue}/users/{}", users[user].id), json!({})).ok();
            serving.push(Grantee::User(user));
        }
        for team in (0..TEAMS).filter(|_| dice.one_in(5)) {
            owner.put(&format!("/v1/queues/{queue}/teams/{}", teams[team]), json!({})).ok();
            serving.push(Grantee::Team(team));
        }
        queues.push(queue);
        members.push(serving);
    }
    (queues, members)
}

/// Chance that is the same each time (SplitMix64).
struct Dice(u64);

impl Dice {
    fn below(&mut self, many: usize) -> usize {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut mixed = (self.0 ^ (self.0 >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        usize::try_from((mixed ^ (mixed >> 31)) % many as u64).unwrap()
    }

    fn one_in(&mut self, many: usize) -> bool {
        self.below(many) == 0
    }

    fn of(&mut self, words: &[&'static str]) -> &'static str {
        words[self.below(words.len())]
    }
}
