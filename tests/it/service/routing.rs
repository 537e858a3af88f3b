//! How cases are given to those who answer: as they come, as somebody has room, and anew where nobody answers.
use super::cases::path;
use crate::sales::leads::crowds::at_once;
use crate::support::{Client, Person, Town, Value, json, make};
use std::collections::BTreeMap;

pub fn online(client: &Client) -> Value {
    client.post("/v1/me/presence", json!({"status": "online"})).ok()
}

/// Nobody has heard of them for an hour.
pub fn silent(town: &Town, person: Person) {
    town.database.run(&format!(
        "UPDATE agent_presence AS p SET last_seen_at = now() - interval '1 hour' FROM agents AS a \
         WHERE a.tenant_id = p.tenant_id AND a.id = p.agent_id AND a.user_id = '{}'",
        town.user(person)
    ));
}

/// A queue with a rule, served by these people, each of whom is an agent with room for so many.
pub fn served(town: &Town, people: &[Person], capacity: u8, extra: Value) -> Value {
    let owner = town.owner();
    let rule = make::routing_rule(&owner, extra);
    for person in people {
        let user = town.user(*person);
        owner.put(&format!("/v1/queues/{}/users/{user}", make::id(&rule, "queue_id")), json!({})).ok();
        make::agent(&owner, json!({"user_id": user, "capacity": capacity}));
    }
    rule
}

pub fn lying(client: &Client, rule: &Value, extra: Value) -> Value {
    make::case(client, make::with(json!({"queue_id": rule["queue_id"]}), extra))
}

fn owner_of(client: &Client, case: &Value) -> Value {
    client.get(&path(case)).ok()["owner_id"].clone()
}

fn reasons(client: &Client, case: &Value) -> Vec<String> {
    let all = client.get(&format!("{}/assignments", path(case))).ok();
    all.as_array().unwrap().iter().map(|one| make::id(one, "reason")).collect()
}

fn watch(town: &Town) {
    ::service::agent::presence::watch(&mut town.database.conn()).unwrap();
    ::service::routing::watch(&mut town.database.conn()).unwrap();
}

/// The moment by which they have to answer is over.
fn late(town: &Town) {
    town.database.run(
        "UPDATE case_turns SET answer_by_at = now() - interval '1 minute', due_at = now() - interval '1 minute' \
         WHERE user_id IS NOT NULL",
    );
}

#[test]
fn a_case_that_comes_goes_to_whose_turn_it_is() {
    let town = Town::idle();
    let owner = town.owner();
    let rule = served(&town, &[Person::Rep, Person::Mate], 2, json!({}));
    let waits = lying(&owner, &rule, json!({}));
    assert_eq!((&waits["owner_id"], &waits["version"]), (&rule["queue_id"], &json!(1)), "nobody is there");
    online(&town.client(Person::Rep));
    assert_eq!(owner_of(&owner, &waits), json!(town.user(Person::Rep)), "whoever comes gets what waits");
    assert_eq!(reasons(&owner, &waits), ["waited"]);
    online(&town.client(Person::Mate));
    let next = lying(&owner, &rule, json!({}));
    assert_eq!(next["owner_id"], json!(town.user(Person::Mate)));
    assert_eq!((&next["queue_id"], reasons(&owner, &next)), (&rule["queue_id"], vec!["arrived".to_owned()]));
    let told = owner.get(&format!("{}/assignments", path(&next))).ok()[0]["candidates"].clone();
    let outcomes: Vec<_> = told.as_array().unwrap().iter().map(|one| &one["outcome"]).collect();
    assert_eq!(outcomes, [&json!("free"), &json!("chosen")]);
    assert_eq!(town.database.count("SELECT count(*) FROM audit_log WHERE action = 'case.assigned'"), 2);
    (0..2).for_each(|_| drop(lying(&owner, &rule, json!({}))));
    assert_eq!(lying(&owner, &rule, json!({}))["owner_id"], rule["queue_id"], "both are full");
}

#[test]
fn fifty_at_once_exceed_nobodys_room() {
    let town = Town::idle();
    let people = [Person::Rep, Person::Mate, Person::Stranger];
    let rule = served(&town, &people, 12, json!({"strategy": "least_load"}));
    people.iter().for_each(|one| drop(online(&town.client(*one))));
    let all = at_once(&town, 50, |client, at| {
        client.post("/v1/cases", json!({"subject": format!("Case {at}"), "queue_id": rule["queue_id"]}))
    });
    assert!(all.iter().all(|one| one.status == 201));
    let mut counts: BTreeMap<String, usize> = BTreeMap::new();
    let owners = town.database.column("SELECT owner_id::text FROM cases");
    owners.into_iter().for_each(|one| *counts.entry(one).or_default() += 1);
    let theirs: Vec<usize> = people.iter().map(|one| counts[&town.user(*one)]).collect();
    assert_eq!((theirs, counts[&make::id(&rule, "queue_id")]), (vec![12, 12, 12], 14));
    assert_eq!(town.database.count("SELECT count(*) FROM case_assignments"), 36);
}

#[test]
fn what_waits_goes_out_by_priority_and_age_as_soon_as_there_is_room() {
    let town = Town::idle();
    let owner = town.owner();
    let rule = served(&town, &[Person::Rep], 1, json!({}));
    online(&town.client(Person::Rep));
    let first = lying(&owner, &rule, json!({}));
    let old = lying(&owner, &rule, json!({}));
    let young = lying(&owner, &rule, json!({}));
    let urgent = lying(&owner, &rule, json!({"priority": "urgent"}));
    let rep = json!(town.user(Person::Rep));
    for (done, next) in [(&first, &urgent), (&urgent, &old), (&old, &young)] {
        assert_eq!(owner_of(&owner, done), rep);
        watch(&town);
        assert_eq!(owner_of(&owner, next), rule["queue_id"], "there is no room yet");
        owner.patch(&path(done), json!({"status": "closed"})).ok();
        watch(&town);
        assert_eq!((owner_of(&owner, next), reasons(&owner, next)), (rep.clone(), vec!["waited".to_owned()]));
    }
}

#[test]
fn skills_and_channels_decide_who_may_have_it() {
    let town = Town::idle();
    let owner = town.owner();
    let tea = make::skill(&owner, json!({"name": "Tea"}));
    let rule = served(&town, &[Person::Rep, Person::Mate], 5, json!({}));
    let mate = town.user(Person::Mate);
    let agents = owner.get("/v1/agents").ok();
    let of =
        |user: &str| agents["data"].as_array().unwrap().iter().find(|one| one["user_id"] == *user).unwrap().clone();
    let skills = json!({"skills": [{"skill_id": tea["id"], "level": 2}],
        "channel_capacities": [{"channel": "chat", "capacity": 1}]});
    owner.patch(&format!("/v1/agents/{}", make::id(&of(&mate), "id")), skills).ok();
    [Person::Rep, Person::Mate].iter().for_each(|one| drop(online(&town.client(*one))));
    let asked = json!({"required_skills": ["Tea"], "channel": "chat"});
    let one = lying(&owner, &rule, asked.clone());
    assert_eq!(one["owner_id"], json!(mate));
    let two = lying(&owner, &rule, asked);
    assert_eq!(two["owner_id"], rule["queue_id"], "one chat at a time");
    let told = owner.get(&format!("{}/routing", path(&two))).ok();
    let outcomes: Vec<_> = told["candidates"].as_array().unwrap().iter().map(|one| &one["outcome"]).collect();
    assert_eq!((outcomes, &told["owner_id"]), (vec![&json!("unskilled"), &json!("full")], &json!(null)));
    let place = format!("/v1/routing-rules/{}", make::id(&rule, "id"));
    owner.patch(&place, json!({"required_skills": [{"skill_id": tea["id"], "level": 3}]})).ok();
    assert_eq!(lying(&owner, &rule, json!({}))["owner_id"], rule["queue_id"], "nobody is as good as that");
    let load = owner.get(&format!("/v1/agents/{}/load", make::id(&of(&mate), "id"))).ok();
    assert_eq!((&load["open_cases"], &load["is_free"]), (&json!(1), &json!(true)));
    assert_eq!(load["channels"], json!([{"channel": "chat", "open_cases": 1, "capacity": 1}]));
}

#[test]
fn whoever_does_not_answer_or_has_gone_loses_it() {
    let town = Town::idle();
    let owner = town.owner();
    let rule = served(&town, &[Person::Rep, Person::Mate], 5, json!({"reassign_minutes": 10}));
    let [rep, mate] = [Person::Rep, Person::Mate].map(|one| json!(town.user(one)));
    let both = [Person::Rep, Person::Mate];
    both.iter().for_each(|one| drop(online(&town.client(*one))));
    let case = lying(&owner, &rule, json!({}));
    let answered = lying(&owner, &rule, json!({}));
    assert_eq!((&case["owner_id"], &answered["owner_id"]), (&rep, &mate));
    let said = json!({"body": "We look into it.", "visibility": "public"});
    town.client(Person::Mate).post(&format!("{}/messages", path(&answered)), said).created();
    watch(&town);
    assert_eq!(owner_of(&owner, &case), rep, "there is time yet");
    late(&town);
    watch(&town);
    assert_eq!((owner_of(&owner, &case), reasons(&owner, &case)[0].as_str()), (mate.clone(), "unanswered"));
    assert_eq!(owner_of(&owner, &answered), mate, "whoever has answered keeps it");
    silent(&town, Person::Mate);
    watch(&town);
    assert_eq!((owner_of(&owner, &case), reasons(&owner, &case)[0].as_str()), (rep, "absent"));
    town.client(Person::Rep).post("/v1/me/presence", json!({"status": "offline"})).ok();
    watch(&town);
    assert_eq!(owner_of(&owner, &case), rule["queue_id"], "nobody is left: it waits");
    assert_eq!(owner_of(&owner, &answered), mate);
}

#[test]
fn what_waits_too_long_goes_to_the_queue_behind() {
    let town = Town::idle();
    let owner = town.owner();
    let behind = served(&town, &[Person::Mate], 5, json!({}));
    let overflow = json!({"overflow_queue_id": behind["queue_id"], "overflow_minutes": 30});
    let rule = served(&town, &[Person::Rep], 5, overflow);
    online(&town.client(Person::Mate));
    let case = lying(&owner, &rule, json!({}));
    watch(&town);
    assert_eq!(owner_of(&owner, &case), rule["queue_id"]);
    town.database.run("UPDATE case_turns SET since_at = now() - interval '31 minutes'");
    watch(&town);
    watch(&town);
    assert_eq!(owner_of(&owner, &case), json!(town.user(Person::Mate)));
    assert_eq!(reasons(&owner, &case), ["waited", "overflowed"]);
}

#[test]
fn of_many_who_take_the_next_each_gets_another() {
    let town = Town::idle();
    let owner = town.owner();
    let rule = served(&town, &[Person::Rep, Person::Mate], 2, json!({"strategy": "manual"}));
    let all: Vec<Value> = (0..3).map(|_| lying(&owner, &rule, json!({}))).collect();
    let urgent = lying(&owner, &rule, json!({"priority": "urgent"}));
    assert_eq!(urgent["owner_id"], rule["queue_id"], "nobody gives it out");
    let take = |person: Person| town.client(person).post("/v1/cases/next", json!({}));
    assert_eq!(take(Person::Rep).ok()["id"], urgent["id"]);
    assert_eq!(take(Person::Mate).ok()["id"], all[0]["id"]);
    assert_eq!(take(Person::Rep).ok()["id"], all[1]["id"]);
    take(Person::Rep).refused(409, "case_hands_full");
    assert_eq!(take(Person::Mate).ok()["id"], all[2]["id"]);
    take(Person::Stranger).refused(403, "not_an_agent");
    make::agent(&owner, json!({"user_id": town.user(Person::Stranger)}));
    take(Person::Stranger).refused(409, "case_nothing_waits");
    assert_eq!(reasons(&owner, &urgent), ["taken"]);
}

#[test]
fn somebody_says_who_gets_it() {
    let town = Town::idle();
    let owner = town.owner();
    let rule = served(&town, &[Person::Rep], 1, json!({}));
    let case = make::case(&owner, json!({}));
    let place = format!("{}/assign", path(&case));
    owner.post(&place, json!({})).refused(409, "case_not_routed");
    let both = json!({"owner_id": town.user(Person::Rep), "queue_id": rule["queue_id"]});
    owner.post(&place, both).refused(422, "invalid");
    assert_eq!(owner.post(&place, json!({"owner_id": rule["queue_id"]})).pointers(), ["/owner_id"]);
    assert_eq!(owner.post(&place, json!({"queue_id": town.user(Person::Rep)})).pointers(), ["/queue_id"]);
    owner.if_match(9).post(&place, json!({"owner_id": town.user(Person::Rep)})).refused(412, "stale");
    let given = owner.post(&place, json!({"queue_id": rule["queue_id"], "comment": "tea"})).ok();
    assert_eq!(given["owner_id"], rule["queue_id"]);
    owner.post(&place, json!({})).refused(409, "case_nobody_free");
    online(&town.client(Person::Rep));
    assert_eq!(owner_of(&owner, &case), json!(town.user(Person::Rep)));
    let mate = json!({"owner_id": town.user(Person::Mate), "comment": "knows them"});
    town.client(Person::Rep).post(&place, &mate).refused(403, "forbidden");
    assert_eq!(owner.post(&place, mate).ok()["owner_id"], json!(town.user(Person::Mate)));
    assert_eq!(reasons(&owner, &case), ["named", "waited", "named"]);
    assert_eq!(owner.get(&format!("{}/assignments", path(&case))).ok()[0]["comment"], "knows them");
    owner.post(&place, json!({})).ok();
    owner.patch(&path(&case), json!({"status": "closed"})).ok();
    owner.post(&place, json!({})).refused(409, "case_done");
    town.client(Person::Foreigner).get(&format!("{}/routing", path(&case))).refused(404, "not_found");
    town.client(Person::Stranger).get(&format!("{}/assignments", path(&case))).refused(404, "not_found");
}

#[test]
fn a_rule_is_of_one_queue_and_flows_over_to_another() {
    let town = Town::idle();
    let owner = town.owner();
    let rule = make::routing_rule(&owner, json!({}));
    let again = json!({"name": "x", "strategy": "manual", "queue_id": rule["queue_id"]});
    let told = owner.post("/v1/routing-rules", again).refused(409, "routing_rule_queue_taken");
    assert_eq!(told["existing"][0]["id"], rule["id"]);
    let place = format!("/v1/routing-rules/{}", make::id(&rule, "id"));
    assert_eq!(owner.patch(&place, json!({"overflow_minutes": 5})).pointers(), ["/overflow_queue_id"]);
    let same = json!({"overflow_minutes": 5, "overflow_queue_id": rule["queue_id"]});
    assert_eq!(owner.patch(&place, same).pointers(), ["/overflow_queue_id"]);
    assert_eq!(owner.patch(&place, json!({"strategy": "dice"})).pointers(), ["/strategy"]);
    let no_queue = json!({"name": "x", "strategy": "manual", "queue_id": town.user(Person::Rep)});
    assert_eq!(owner.post("/v1/routing-rules", no_queue).pointers(), ["/queue_id"]);
    town.client(Person::Rep).patch(&place, json!({"is_active": false})).refused(403, "forbidden");
}
