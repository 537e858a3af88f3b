//! Many at once: one makes a customer of a lead, turns are fair, and nothing is half done.
use super::place;
use crate::platform::once::deaths::Mortal;
use crate::support::{Answer, Client, Person, Town, Value, json, make};
use std::collections::BTreeMap;

/// What so many are answered who do something at once, each with their number.
pub fn at_once(town: &Town, count: usize, go: impl Fn(&Client, usize) -> Answer + Sync) -> Vec<Answer> {
    let go = &go;
    std::thread::scope(|scope| {
        let one = |at: usize| {
            let client = town.owner();
            scope.spawn(move || go(&client, at))
        };
        let all: Vec<_> = (0..count).map(one).collect();
        all.into_iter().map(|one| one.join().unwrap()).collect()
    })
}

#[test]
fn of_fifty_one_makes_a_customer_of_it() {
    let town = Town::start();
    let owner = town.owner();
    let lead = make::lead(&owner, json!({"company_name": "Tea", "email": "ada@example.com"}));
    let path = format!("{}/convert", place(&lead));
    let all = at_once(&town, 50, |client, _| client.post(&path, json!({"opportunity": {}})));
    let (won, lost): (Vec<&Answer>, Vec<&Answer>) = all.iter().partition(|one| one.status == 200);
    assert_eq!(won.len(), 1, "{:?}", all.iter().map(|one| one.status).collect::<Vec<_>>());
    let ids = won[0].ok();
    for one in lost {
        let told = one.refused(409, "lead_converted");
        assert_eq!(told["existing"][1]["id"], ids["contact_id"]);
    }
    for table in ["accounts", "contacts", "opportunities", "lead_conversions"] {
        assert_eq!(town.database.count(&format!("SELECT count(*) FROM {table}")), 1, "{table}");
    }
}

#[test]
fn the_turns_of_many_at_once_are_fair() {
    let town = Town::start();
    let people = [Person::Rep, Person::Mate, Person::Stranger].map(|one| town.user(one));
    let members: Vec<Value> = people.iter().map(|id| json!({"user_id": id, "capacity": 16})).collect();
    let rule = json!({"strategy": "round_robin", "members": members});
    make::assignment_rule(&town.owner(), rule);
    let all = at_once(&town, 50, |client, at| client.post("/v1/leads", json!({"display_name": format!("Lead {at}")})));
    let mut counts: BTreeMap<String, usize> = BTreeMap::new();
    all.iter().for_each(|one| *counts.entry(make::id(&one.created(), "owner_id")).or_default() += 1);
    let theirs: Vec<usize> = people.iter().map(|id| counts[id]).collect();
    assert_eq!((theirs, counts.len()), (vec![16, 16, 16], 4), "two are left with whoever made them");
}

#[test]
fn of_two_who_bring_the_same_address_one_is_told() {
    let town = Town::start();
    let all = at_once(&town, 20, |client, at| {
        client.post("/v1/leads", json!({"display_name": format!("Ada {at}"), "email": "ada@example.com"}))
    });
    assert_eq!(all.iter().filter(|one| one.status == 201).count(), 1);
    assert!(all.iter().all(|one| [201, 409].contains(&one.status)));
}

/// A server that dies in the middle of a conversion leaves the lead as it was.
#[test]
fn a_conversion_is_whole_or_not_at_all() {
    let town = Town::start();
    let owner = town.owner();
    let lead = make::lead(&owner, json!({"company_name": "Tea"}));
    let made = owner.post("/v1/api-keys", json!({"name": "x", "scopes": ["*"]})).created();
    let headers = format!("authorization: Bearer {}\r\nidempotency-key: until-death\r\n", make::id(&made, "key"));
    let mut mortal = Mortal::start(&town, "lead_converted");
    let path = format!("{}/convert", place(&lead));
    mortal.send(&path, &headers, &json!({"opportunity": {}}).to_string());
    assert!(!mortal.0.wait().unwrap().success(), "it lives");
    assert_eq!(owner.get(&place(&lead)).ok()["status"], "new");
    for table in ["accounts", "contacts", "opportunities", "lead_conversions"] {
        assert_eq!(town.database.count(&format!("SELECT count(*) FROM {table}")), 0, "{table}");
    }
    let client = town.anonymous().bearing(make::id(&made, "key")).with("idempotency-key", "until-death");
    client.post(&path, json!({"opportunity": {}})).ok();
    assert_eq!(town.database.count("SELECT count(*) FROM contacts"), 1);
}
