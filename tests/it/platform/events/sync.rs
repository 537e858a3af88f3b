//! A client that is offline now and then ends equal to the server, whatever happens meanwhile: to records, and to what
//! the client may see.
use crate::support::{Client, Town, Value, json, make, seal};
use std::collections::{BTreeMap, BTreeSet};

/// What a client keeps, and where it stands.
struct Offline {
    client: Client,
    limit: usize,
    kept: BTreeMap<String, Value>,
    token: Option<String>,
    /// what it has met since the walk began anew
    met: Option<BTreeSet<String>>,
    resets: usize,
}

impl Offline {
    fn new(client: Client, limit: usize) -> Self {
        Self { client, limit, kept: BTreeMap::new(), token: None, met: None, resets: 0 }
    }

    /// A page, as one is told to deal with it; whether there is more.
    fn page(&mut self) -> bool {
        let token = self.token.as_ref().map(|token| format!("&token={token}")).unwrap_or_default();
        let page = self.client.get(&format!("/v1/sync?resources=contacts&limit={}{token}", self.limit)).ok();
        if page["reset"] == json!(["contacts"]) {
            self.resets += 1;
            self.met = Some(BTreeSet::new());
        }
        for record in page["upserted"]["contacts"].as_array().into_iter().flatten() {
            let id = make::id(record, "id");
            if let Some(met) = &mut self.met {
                met.insert(id.clone());
            }
            self.kept.insert(id, record.clone());
        }
        for list in ["deleted", "revoked"] {
            for id in page[list]["contacts"].as_array().into_iter().flatten() {
                self.kept.remove(id.as_str().unwrap());
            }
        }
        self.token = page["token"].as_str().map(str::to_owned);
        let more = page["has_more"].as_bool().unwrap();
        if !more && let Some(met) = self.met.take() {
            self.kept.retain(|id, _| met.contains(id));
        }
        more
    }

    fn catch_up(&mut self) {
        while self.page() {}
    }
}

/// Chance that is the same each time.
struct Dice(u64);

impl Dice {
    fn below(&mut self, many: usize) -> usize {
        self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        usize::try_from((self.0 >> 33) % many as u64).unwrap()
    }
}

struct Office {
    town: Town,
    owner: Client,
    role: String,
    user: String,
    teams: Vec<String>,
    queue: String,
    contacts: Vec<String>,
    shares: Vec<String>,
    merges: Vec<String>,
}

impl Office {
    fn open() -> (Self, Client) {
        let town = Town::idle();
        let owner = town.owner();
        let top = make::id(&owner.post("/v1/teams", json!({"name": "Top"})).created(), "id");
        let below = make::id(&owner.post("/v1/teams", json!({"name": "Below", "parent_id": top})).created(), "id");
        let queue = make::id(&owner.post("/v1/queues", json!({"display_name": "Pool"})).created(), "id");
        let role = make::id(&make::role(&owner, &[("contact", "read", "team")]), "id");
        let new = json!({"email": "offline@town.example", "kind": "service", "role_ids": [role], "team_ids": [top]});
        let user = make::id(&make::user(&owner, new), "id");
        let key = json!({"name": "offline", "scopes": ["*"], "user_id": user});
        let client = town.anonymous().bearing(make::id(&owner.post("/v1/api-keys", key).created(), "key"));
        let (contacts, shares, merges) = (Vec::new(), Vec::new(), Vec::new());
        let mut office = Self { town, owner, role, user, teams: vec![top, below], queue, contacts, shares, merges };
        (0..14).for_each(|_| office.make());
        (office, client)
    }

    fn make(&mut self) {
        self.contacts.push(make::id(&make::contact(&self.owner, json!({})), "id"));
    }

    /// Some become one, or are parted again.
    fn merge(&mut self, dice: &mut Dice) {
        if dice.below(3) == 0 {
            let Some(merge) = self.merges.pop() else { return };
            self.owner.act(&format!("/v1/merges/{merge}/undo")).is_one_of(&[200, 404, 409]);
            return;
        }
        let [winner, loser] = [(); 2].map(|()| self.contacts[dice.below(self.contacts.len())].clone());
        let done = self.owner.post(&format!("/v1/contacts/{winner}/merge"), json!({"sources": [loser]}));
        let merged = done.is_one_of(&[200, 404, 409, 422]);
        self.merges.extend(merged["merge_id"].as_str().map(str::to_owned));
    }

    /// Something happens, or is refused where it cannot.
    fn turn(&mut self, dice: &mut Dice) {
        let contact = self.contacts[dice.below(self.contacts.len())].clone();
        let place = format!("/v1/contacts/{contact}");
        let patch = |body: Value| drop(self.owner.patch(&place, body).is_one_of(&[200, 404, 409]));
        match dice.below(21) {
            0..4 => patch(json!({"job_title": format!("{}", dice.below(1000))})),
            4 | 5 => {
                let owners = [&self.user, &self.queue, &self.town.user(crate::support::Person::Owner)];
                patch(json!({"owner_id": owners[dice.below(3)]}));
            }
            6 | 7 => {
                let team = [json!(self.teams[0]), json!(self.teams[1]), Value::Null];
                patch(json!({"team_id": team[dice.below(3)]}));
            }
            8 => drop(self.owner.delete(&place).is_one_of(&[204, 404, 409])),
            9 => drop(self.owner.act(&format!("{place}/restore")).is_one_of(&[200, 404, 409])),
            10 => drop(self.owner.delete(&format!("{place}?purge=true")).is_one_of(&[204, 404, 409])),
            11 => self.make(),
            12 | 13 => {
                let member = [("user_id", &self.user), ("team_id", &self.teams[0])][dice.below(2)];
                let share = json!({"resource": "contact", "record_id": contact, member.0: member.1});
                let made = self.owner.post("/v1/shares", share);
                if made.status == 201 {
                    self.shares.push(make::id(&made.json(), "id"));
                }
            }
            14 => {
                let Some(share) = self.shares.pop() else { return };
                if dice.below(2) == 0 {
                    self.owner.delete(&format!("/v1/shares/{share}")).is_one_of(&[204, 404]);
                } else {
                    self.town.database.run(&format!("UPDATE shares SET expires_at = now() WHERE id = '{share}'"));
                }
            }
            15 => {
                let reach = ["own", "team", "subtree", "all"][dice.below(4)];
                let permissions = json!([{"object": "contact", "action": "read", "reach": reach}]);
                let hidden = json!([{"object": "contact", "field": "job_title", "access": "hidden"}]);
                let fields = if dice.below(2) == 0 { json!([]) } else { hidden };
                let role = json!({"permissions": permissions, "fields": fields});
                self.owner.patch(&format!("/v1/roles/{}", self.role), role).ok();
            }
            16 => {
                let member = format!("/v1/teams/{}/members/{}", self.teams[dice.below(2)], self.user);
                let done =
                    if dice.below(2) == 0 { self.owner.put(&member, json!({})) } else { self.owner.delete(&member) };
                assert!(done.status < 500 && done.status != 405, "{}", done.text());
            }
            17..20 => self.merge(dice),
            _ => {
                let serving = format!("/v1/queues/{}/users/{}", self.queue, self.user);
                let done =
                    if dice.below(2) == 0 { self.owner.put(&serving, json!({})) } else { self.owner.delete(&serving) };
                assert!(done.status < 500 && done.status != 405, "{}", done.text());
            }
        }
    }
}

#[test]
fn who_was_offline_ends_equal_to_the_server() {
    let (mut seen, mut resets, mut merged) = (0, 0, 0);
    for seed in 0..4 {
        let (mut dice, (mut office, client)) = (Dice(seed), Office::open());
        let mut offline = Offline::new(client.sparse(), 3 + 2 * dice.below(4));
        for round in 0..14 {
            for _ in 0..dice.below(9) {
                office.turn(&mut dice);
            }
            if dice.below(3) > 0 {
                seal(&office.town);
            }
            match dice.below(3) {
                // what is not sealed comes later
                0 => drop(offline.page()),
                1 => offline.catch_up(),
                _ => {
                    seal(&office.town);
                    offline.catch_up();
                    let listed = client.sparse().walk("/v1/contacts?limit=200");
                    let listed: BTreeMap<String, Value> =
                        listed.into_iter().map(|record| (make::id(&record, "id"), record)).collect();
                    assert_eq!(offline.kept, listed, "seed {seed}, round {round}");
                    seen += listed.len();
                }
            }
        }
        resets += offline.resets;
        merged += office.town.database.count("SELECT count(*) FROM merges");
    }
    assert!(merged > 10, "{merged} merges only");
    assert!(seen > 40 && resets > 3, "{seen} records, {resets} walks anew: too little has happened");
}

#[test]
fn a_token_is_good_for_its_caller_and_its_resources() {
    let town = Town::idle();
    let owner = town.owner();
    make::contact(&owner, json!({}));
    make::account(&owner, json!({}));
    seal(&town);
    let page = owner.get("/v1/sync?resources=contacts,accounts").ok();
    assert_eq!(page["upserted"]["contacts"].as_array().map(Vec::len), Some(1));
    assert_eq!(page["upserted"]["accounts"].as_array().map(Vec::len), Some(1));
    assert_eq!((&page["has_more"], &page["reset"]), (&json!(false), &json!([])));
    let token = page["token"].as_str().unwrap();
    assert_eq!(owner.get(&format!("/v1/sync?resources=accounts,contacts&token={token}")).ok()["upserted"], json!({}));
    owner.get(&format!("/v1/sync?resources=contacts&token={token}")).refused(400, "cursor_mismatch");
    let admin = town.client(crate::support::Person::Admin);
    admin.get(&format!("/v1/sync?resources=accounts,contacts&token={token}")).refused(400, "cursor_mismatch");
    for bad in ["resources=", "resources=ghosts", "resources=contact-points", "resources=contacts&limit=0", "limit=5"] {
        owner.get(&format!("/v1/sync?{bad}")).refused(400, "unknown_parameter");
    }
    let deleted = make::contact(&owner, json!({}));
    owner.delete(&format!("/v1/contacts/{}", make::id(&deleted, "id"))).is(204);
    seal(&town);
    let page = owner.get(&format!("/v1/sync?resources=accounts,contacts&token={token}")).ok();
    assert_eq!(page["deleted"], json!({"contacts": [deleted["id"]]}));
    town.database.run("DELETE FROM audit_chain WHERE seq < (SELECT max(seq) FROM audit_chain)");
    owner.get(&format!("/v1/sync?resources=accounts,contacts&token={token}")).refused(410, "events_expired");
    assert_eq!(
        town.client(crate::support::Person::Nobody).get("/v1/sync?resources=contacts").ok()["upserted"],
        json!({})
    );
}
