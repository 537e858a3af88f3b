//! The public pool: what lies there is taken by one of many, within quotas, and comes back.
use super::place;
use crate::platform::imports::import;
use crate::support::{Answer, Client, Person, Town, Value, json, make};

/// A pool that these people serve. Nobody's rights are known before they come for the first time.
pub fn pool(town: &Town, people: &[Person], extra: Value) -> Value {
    let (owner, pool) = (town.owner(), make::pool(&town.owner(), extra));
    for person in people {
        let queue = format!("/v1/queues/{}", make::id(&pool, "queue_id"));
        owner.put(&format!("{queue}/users/{}", town.user(*person)), json!({})).ok();
    }
    pool
}

pub fn lying(client: &Client, pool: &Value, extra: Value) -> Value {
    make::lead(client, make::with(json!({"pool_id": pool["id"]}), extra))
}

pub fn claim(client: &Client, pool: &Value) -> Answer {
    client.post(&format!("/v1/pools/{}/claim", make::id(pool, "id")), json!({}))
}

pub fn kinds(client: &Client, lead: &Value) -> Vec<String> {
    let all = client.get(&format!("{}/pool-events", place(lead))).ok();
    all.as_array().unwrap().iter().map(|one| make::id(one, "kind")).collect()
}

pub fn told(town: &Town, verb: &str) -> i64 {
    town.database.count(&format!("SELECT count(*) FROM audit_log WHERE action = 'lead.{verb}'"))
}

#[test]
fn a_lead_of_a_pool_is_taken_given_back_and_transferred() {
    let town = Town::start();
    let owner = town.owner();
    let pool = pool(&town, &[Person::Rep, Person::Mate], json!({}));
    let other = self::pool(&town, &[Person::Stranger], json!({}));
    let (rep, mate, stranger) = (town.client(Person::Rep), town.client(Person::Mate), town.client(Person::Stranger));
    let first = lying(&owner, &pool, json!({"email": "ada@example.com", "phone": "+8613800138000"}));
    let second = lying(&owner, &pool, json!({}));
    assert_eq!((&first["owner_id"], &first["status"]), (&pool["queue_id"], &json!("new")));
    assert!(first["pooled_at"].is_string() && first["assigned_at"].is_null());
    stranger.get(&place(&first)).refused(404, "not_found");
    stranger.act(&format!("{}/claim", place(&first))).refused(404, "not_found");
    claim(&stranger, &pool).refused(403, "pool_not_served");
    claim(&owner, &pool).refused(403, "pool_not_served");
    // nobody works on it: it changes by no other way
    let mine = json!({"owner_id": town.user(Person::Rep)});
    rep.patch(&place(&first), &mine).refused(409, "lead_in_pool");
    rep.patch(&place(&first), json!({"email": "b@example.com"})).refused(409, "lead_in_pool");
    owner.post(&format!("{}/convert", place(&first)), json!({})).refused(409, "lead_in_pool");
    owner
        .post(&format!("{}/disqualify", place(&first)), json!({"disqualify_reason": "x"}))
        .refused(409, "lead_in_pool");
    let could = rep.get(&format!("/v1/pools/{}/allowance", make::id(&pool, "id"))).ok();
    assert_eq!((&could["lying_count"], &could["claimable_count"]), (&json!(2), &json!(2)));
    // the one that lies there longest
    let taken = claim(&rep, &pool).ok();
    assert_eq!(
        (&taken["id"], &taken["email"], &taken["phone"]),
        (&first["id"], &json!("ada@example.com"), &json!("+8613800138000"))
    );
    assert_eq!(
        (&taken["owner_id"], &taken["status"], &taken["pooled_at"]),
        (&json!(town.user(Person::Rep)), &json!("assigned"), &json!(null))
    );
    assert_eq!(taken["team_id"], town.team("north"), "those who had it before see no more of it");
    rep.act(&format!("{}/claim", place(&taken))).refused(409, "lead_not_in_pool");
    rep.patch(&place(&taken), json!({"status": "working"})).ok();
    let back = format!("{}/return", place(&taken));
    assert_eq!(rep.post(&back, json!({"reason": " "})).pointers(), ["/reason"]);
    rep.if_match(1).post(&back, json!({"reason": "no answer"})).refused(412, "stale");
    let returned = rep.post(&back, json!({"reason": "no answer"})).ok();
    assert_eq!((&returned["status"], &returned["owner_id"]), (&json!("new"), &pool["queue_id"]));
    rep.post(&back, json!({"reason": "again"})).refused(409, "lead_in_pool");
    let by_name = json!({"lead_id": second["id"]});
    let named = mate.post(&format!("/v1/pools/{}/claim", make::id(&pool, "id")), by_name).ok();
    assert_eq!(named["id"], second["id"]);
    mate.post(&format!("{}/transfer", place(&named)), &mine).refused(403, "forbidden");
    let given = owner.post(&format!("{}/transfer", place(&first)), &mine).ok();
    assert_eq!((&given["owner_id"], &given["email"]), (&json!(town.user(Person::Rep)), &json!("ada@example.com")));
    let moved = owner.post(&format!("{}/transfer", place(&first)), json!({"pool_id": other["id"]})).ok();
    assert_eq!((&moved["pool_id"], &moved["owner_id"]), (&other["id"], &other["queue_id"]));
    assert_eq!(stranger.act(&format!("{}/claim", place(&first))).ok()["phone"], "+8613800138000");
    let story = ["claimed", "transferred", "transferred", "returned", "claimed", "pooled"];
    assert_eq!(kinds(&owner, &first), story);
    let why = owner.get(&format!("{}/pool-events", place(&first))).ok();
    assert_eq!((&why[3]["reason"], &why[3]["from_id"]), (&json!("no answer"), &json!(town.user(Person::Rep))));
    assert_eq!((told(&town, "claimed"), told(&town, "returned")), (3, 1));
    owner.post(&format!("{}/transfer", place(&first)), json!({})).refused(422, "invalid");
    // a lead that was of no pool goes into one that is named
    let loose = make::lead(&owner, json!({}));
    assert_eq!(owner.post(&format!("{}/return", place(&loose)), json!({"reason": "x"})).pointers(), ["/pool_id"]);
    owner.post(&format!("{}/transfer", place(&loose)), &mine).refused(409, "lead_not_in_pool");
    let into = json!({"reason": "x", "pool_id": pool["id"]});
    assert_eq!(owner.post(&format!("{}/return", place(&loose)), into).ok()["pool_id"], pool["id"]);
}

#[test]
fn a_pool_has_its_room() {
    let (town, other) = (Town::start(), Town::start());
    let owner = town.owner();
    let pool = pool(&town, &[Person::Rep], json!({"name": "East", "claims_per_day": 2}));
    let path = format!("/v1/pools/{}", make::id(&pool, "id"));
    assert_eq!(owner.get(&path).ok(), pool);
    assert_eq!(owner.get("/v1/pools?name=East&include=queue").ok()["data"][0]["queue"]["kind"], "queue");
    let rep = town.client(Person::Rep);
    assert_eq!(rep.get("/v1/pools").ids().len(), 1);
    rep.patch(&path, json!({"claims_per_day": null})).refused(403, "forbidden");
    other.owner().get(&path).refused(404, "not_found");
    other.owner().post(&format!("{path}/claim"), json!({})).refused(404, "not_found");
    for wrong in [json!(pool["queue_id"]), json!(town.user(Person::Rep)), pool["id"].clone()] {
        let refused = owner.post("/v1/pools", json!({"name": "Again", "queue_id": wrong}));
        assert_eq!(refused.pointers(), ["/queue_id"], "{}", refused.text());
    }
    assert_eq!(owner.patch(&path, json!({"idle_days": 0})).pointers(), ["/idle_days"]);
    let lead = lying(&owner, &pool, json!({}));
    owner.delete(&format!("{path}?purge=true")).refused(409, "in_use");
    owner.patch(&path, json!({"is_active": false})).ok();
    claim(&rep, &pool).refused(409, "pool_shut");
    owner.post("/v1/leads", json!({"display_name": "x", "pool_id": pool["id"]})).refused(409, "pool_shut");
    assert_eq!(owner.post("/v1/leads", json!({"display_name": "x", "pool_id": lead["id"]})).pointers(), ["/pool_id"]);
    owner.delete(&format!("{}?purge=true", place(&lead))).is(204);
    owner.delete(&format!("{path}?purge=true")).is(204);
    owner.act(&format!("{path}/restore")).refused(404, "not_found");
}

#[test]
fn quotas_say_when_the_next_is_free() {
    let town = Town::start();
    let owner = town.owner();
    let daily = pool(&town, &[Person::Rep], json!({"claims_per_day": 2}));
    let held = pool(&town, &[Person::Rep], json!({"held_at_most": 1}));
    let rep = town.client(Person::Rep);
    for _ in 0..3 {
        lying(&owner, &daily, json!({}));
        lying(&owner, &held, json!({}));
    }
    let all: Vec<Answer> = std::thread::scope(|scope| {
        let one = |_| scope.spawn(|| claim(&town.client(Person::Rep), &daily));
        let all: Vec<_> = (0..10).map(one).collect();
        all.into_iter().map(|one| one.join().unwrap()).collect()
    });
    assert_eq!(all.iter().filter(|one| one.status == 200).count(), 2, "however many they ask for at once");
    let refused = claim(&rep, &daily);
    let why = refused.refused(429, "pool_claims_used");
    let seconds: i64 = refused.header("retry-after").parse().unwrap();
    assert!((1..=86_400).contains(&seconds) && why["detail"].as_str().unwrap().contains("free at 2"), "{why}");
    let could = rep.get(&format!("/v1/pools/{}/allowance", make::id(&daily, "id"))).ok();
    assert_eq!((&could["claimable_count"], &could["claims_today_count"]), (&json!(0), &json!(2)));
    assert!(could["next_claim_at"].is_string());
    let mine = claim(&rep, &held).ok();
    claim(&rep, &held).refused(409, "pool_hands_full");
    rep.post(&format!("{}/disqualify", place(&mine)), json!({"disqualify_reason": "x"})).ok();
    claim(&rep, &held).ok();
    // another day
    town.database.run("UPDATE pool_events SET occurred_at = occurred_at - interval '2 days'");
    claim(&rep, &daily).ok();
    claim(&rep, &daily).refused(409, "pool_empty");
}

#[test]
fn of_fifty_one_takes_it() {
    let town = Town::start();
    let owner = town.owner();
    let all = [Person::Rep, Person::Mate, Person::Stranger, Person::Manager, Person::Admin];
    let pool = pool(&town, &all, json!({}));
    let leads: Vec<Value> = (0..3).map(|_| lying(&owner, &pool, json!({"email": "a@example.com"}))).collect();
    let at_once = |go: &(dyn Fn(&Client) -> Answer + Sync)| -> Vec<(Person, Answer)> {
        std::thread::scope(|scope| {
            let one = |at: usize| {
                let person = all[at % all.len()];
                let client = town.client(person);
                scope.spawn(move || (person, go(&client)))
            };
            let all: Vec<_> = (0..50).map(one).collect();
            all.into_iter().map(|one| one.join().unwrap()).collect()
        })
    };
    // whoever was told that it is theirs has it, and nobody else was told so
    let mut taken: Vec<String> = Vec::new();
    let mut theirs = |answers: Vec<(Person, Answer)>, refusals: &[u16]| {
        for (person, answer) in answers {
            let lead = answer.is_one_of(&[&[200][..], refusals].concat());
            if answer.status == 200 {
                let now = owner.get(&place(&lead)).ok();
                assert_eq!((&now["owner_id"], &now["pooled_at"]), (&json!(town.user(person)), &Value::Null));
                assert_eq!(now["email"], "a@example.com");
                taken.push(make::id(&lead, "id"));
            }
        }
        taken.len()
    };
    let path = format!("{}/claim", place(&leads[2]));
    assert_eq!(theirs(at_once(&|client| client.act(&path)), &[404, 409]), 1);
    assert_eq!(theirs(at_once(&|client| claim(client, &pool)), &[409]), 3, "two more, and then it is empty");
    let mut wanted: Vec<String> = leads.iter().map(|lead| make::id(lead, "id")).collect();
    wanted.sort();
    taken.sort();
    assert_eq!(taken, wanted, "each was taken once");
    assert_eq!(town.database.count("SELECT count(*) FROM pool_events WHERE kind = 'claimed'"), 3);
    assert_eq!(town.database.count("SELECT count(*) FROM lead_covers"), 0);
}

#[test]
fn rules_and_files_put_leads_into_a_pool() {
    let town = Town::start();
    let owner = town.owner();
    let pool = pool(&town, &[Person::Rep], json!({"name": "East"}));
    make::assignment_rule(
        &owner,
        json!({"filter": "source == \"web\"", "members": [{"user_id": pool["queue_id"]}], "response_minutes": 30}),
    );
    let lead = make::lead(&owner, json!({"source": "web", "phone": "+8613800138000"}));
    assert_eq!((&lead["pool_id"], &lead["phone"]), (&pool["id"], &json!("+86138****8000")));
    assert_eq!(lead["response_status"], "pending", "the promise is whose who takes it");
    let later = make::lead(&owner, json!({}));
    owner.patch(&place(&later), json!({"owner_id": pool["queue_id"]})).refused(422, "invalid");
    owner.patch(&place(&later), json!({"source": "web"})).ok();
    let given = owner.post("/v1/leads/assign", json!({"ids": [later["id"]]})).ok();
    assert_eq!((&given["assigned_count"], &owner.get(&place(&later)).ok()["pool_id"]), (&json!(1), &pool["id"]));
    let mapping = json!({"resource": "leads", "columns": {"Name": "display_name", "Mail": "email", "Pool": "pool.name",
        "Owner": "owner.email"}});
    let mine = Person::Rep.email();
    let text = format!(
        "Name,Mail,Pool,Owner\nAda,ada@x.example,East,\nBob,bob@x.example,West,\nEve,eve@x.example,East,{mine}\n"
    );
    let done = import(&owner, "leads.csv", text.as_bytes(), &mapping, &[("mode", "upsert")]);
    assert_eq!((&done["rows_created"], &done["rows_failed"]), (&json!(2), &json!(1)), "{done}");
    let all = owner.get("/v1/leads?display_name=Ada").ok()["data"][0].clone();
    assert_eq!((&all["pool_id"], &all["email"]), (&pool["id"], &json!("a****@x.example")));
    let held = owner.get("/v1/leads?display_name=Eve").ok()["data"][0].clone();
    assert_eq!(
        (&held["pool_id"], &held["pooled_at"], &held["owner_id"]),
        (&pool["id"], &json!(null), &json!(town.user(Person::Rep)))
    );
    // what lies there is given out by nobody but those who take it
    let none = owner.post("/v1/leads/assign", json!({"filter": "status == \"new\""})).ok();
    assert_eq!(none["results"], json!([]));
}
