//! Who sees what: a list is exactly what can be got one by one, a count agrees, and the rest is not there.
use crate::support::{Client, Person, Town, Value, encoded, json, make};
use std::collections::BTreeSet;

/// Records of everybody; some of them belong to a team.
fn all_over(town: &Town, resource: &str) -> Vec<Value> {
    let owner = town.owner();
    let people = [Person::Owner, Person::Rep, Person::Mate, Person::Stranger];
    let teams = [Value::Null, json!(town.team("north")), json!(town.team("south")), json!(town.team("sales"))];
    let mut all = Vec::new();
    for person in people {
        for team in &teams {
            let whose = json!({"owner_id": town.user(person), "team_id": team});
            all.push(match resource {
                "contacts" => make::contact(&owner, whose),
                "accounts" => make::account(&owner, whose),
                _ => make::order(&owner, make::with(json!({"number": crate::support::fresh("order ")}), whose)),
            });
        }
    }
    all
}

/// The list, the count, the single records, the search and a filter must agree.
fn agrees(client: &Client, resource: &str, all: &[Value], expected: usize, who: &str) {
    let list = format!("/v1/{resource}");
    let listed: BTreeSet<String> =
        client.walk(&format!("{list}?limit=3")).iter().map(|row| make::id(row, "id")).collect();
    assert_eq!(listed.len(), expected, "{who}: {resource}");
    for record in all {
        let id = make::id(record, "id");
        let status = client.get(&format!("{list}/{id}")).status;
        assert_eq!(status, if listed.contains(&id) { 200 } else { 404 }, "{who}: {record}");
        let sparse = client.get(&format!("{list}/{id}?fields=id")).status;
        assert_eq!(sparse, status, "{who}: a sparse view of {resource}");
    }
    let count = client.get(&format!("{list}?count=exact&limit=1")).ok()["page"]["count"].as_u64();
    assert_eq!(count, Some(expected as u64), "{who}: {resource}");
    let word = resource.trim_end_matches('s');
    for query in [format!("q={word}"), format!("filter={}", encoded("version >= 1")), "sort=-version".into()] {
        let found = client.get(&format!("{list}?limit=200&{query}")).ids();
        assert_eq!(found.into_iter().collect::<BTreeSet<_>>(), listed, "{who}: {resource}?{query}");
    }
}

#[test]
fn a_list_is_what_can_be_got_one_by_one() {
    let town = Town::start();
    for resource in ["contacts", "accounts", "orders"] {
        let all = all_over(&town, resource);
        // a representative: four of their own, and of the others' those of the team
        for (person, expected) in [
            (Person::Owner, 16),
            (Person::Admin, 16),
            (Person::ReadOnly, 16),
            (Person::Rep, 7),
            (Person::Mate, 7),
            (Person::Stranger, 7),
            (Person::Manager, 12),
            (Person::Foreigner, 0),
        ] {
            agrees(&town.client(person), resource, &all, expected, &format!("{person:?}"));
        }
    }
}

#[test]
fn each_reach_sees_its_part() {
    let town = Town::start();
    let all = all_over(&town, "contacts");
    for (reach, expected) in [("own", 4), ("team", 7), ("subtree", 7), ("all", 16)] {
        let client = make::reaching(&town, Person::Rep, reach);
        agrees(&client, "contacts", &all, expected, reach);
    }
    let above = make::reaching(&town, Person::Manager, "team");
    agrees(&above, "contacts", &all, 4, "the team of the manager");
}

#[test]
fn what_is_not_seen_is_not_there() {
    let town = Town::start();
    let rep = town.client(Person::Rep);
    let contact = make::contact(&town.owner(), json!({"email": "hidden@example.com", "account_id": null}));
    let id = make::id(&contact, "id");
    let path = format!("/v1/contacts/{id}");
    rep.get(&path).refused(404, "not_found");
    rep.patch(&path, json!({"job_title": "x"})).refused(404, "not_found");
    rep.if_match(9).patch(&path, json!({"job_title": "x"})).refused(404, "not_found");
    rep.delete(&path).refused(404, "not_found");
    rep.act(&format!("{path}/restore")).refused(404, "not_found");
    for below in ["/360", "/contact-points", "/accounts"] {
        rep.get(&format!("{path}{below}")).refused(404, "not_found");
    }
    let point = town.owner().get(&format!("{path}/contact-points")).ok()[0].clone();
    let point = format!("/v1/contact-points/{}", make::id(&point, "id"));
    rep.get(&point).refused(404, "not_found");
    rep.patch(&point, json!({"label": "x"})).refused(404, "not_found");
    rep.delete(&point).refused(404, "not_found");
    rep.get(&format!("/v1/external-refs?resource=contact&record_id={id}")).refused(404, "not_found");
    rep.post("/v1/contacts", json!({"display_name": "x", "account_id": id})).refused(422, "unknown_reference");
}

/// An address is unique among all, but who has it is told only to who may see them.
#[test]
fn a_conflict_tells_nothing_of_a_hidden_record() {
    let town = Town::start();
    make::contact(&town.owner(), json!({"email": "hidden@example.com"}));
    let rep = town.client(Person::Rep);
    let refused = rep.post("/v1/contacts", json!({"display_name": "x", "email": "hidden@example.com"}));
    let refused = refused.refused(409, "contact_email_taken");
    assert!(refused["existing"].is_null(), "{refused}");
    assert_eq!(
        rep.post("/v1/contacts/duplicates", json!({"display_name": "x", "email": "hidden@example.com"})).ok(),
        json!([])
    );
}

#[test]
fn a_relation_tells_nothing_of_a_hidden_record() {
    let town = Town::start();
    let owner = town.owner();
    let account = make::account(&owner, json!({"name": "Hidden Ltd"}));
    let contact = make::contact(&owner, json!({"owner_id": town.user(Person::Rep), "account_id": account["id"]}));
    let rep = town.client(Person::Rep);
    let path = format!("/v1/contacts/{}", make::id(&contact, "id"));
    assert!(rep.get(&format!("{path}?include=account")).ok()["account"].is_null());
    assert!(rep.get(&format!("{path}/360")).ok()["account"].is_null());
    let found = |filter: &str| rep.get(&format!("/v1/contacts?filter={}", encoded(filter))).ids().len();
    assert_eq!(found("account.name == \"Hidden Ltd\""), 0);
    assert_eq!(found("account == null"), 1);
    assert_eq!(rep.get("/v1/contacts?sort=account.name").ids().len(), 1);
    assert_eq!(rep.get("/v1/contacts?account.name=Hidden%20Ltd").ids().len(), 0);
}

#[test]
fn what_is_seen_may_yet_not_be_changed() {
    let town = Town::start();
    let owner = town.owner();
    let of_mate = make::contact(&owner, json!({"owner_id": town.user(Person::Mate), "team_id": town.team("north")}));
    let path = format!("/v1/contacts/{}", make::id(&of_mate, "id"));
    let rep = town.client(Person::Rep);
    rep.get(&path).ok();
    rep.patch(&path, json!({"job_title": "x"})).refused(403, "forbidden");
    rep.delete(&path).refused(403, "forbidden");
    rep.post(&format!("{path}/contact-points"), json!({"kind": "wechat", "value": "x"})).refused(403, "forbidden");
    town.client(Person::Mate).patch(&path, json!({"job_title": "x"})).ok();
    town.client(Person::Manager).patch(&path, json!({"job_title": "y"})).ok();
    town.client(Person::ReadOnly).patch(&path, json!({"job_title": "z"})).refused(403, "forbidden");
}

#[test]
fn to_give_a_record_away_is_a_permission_of_its_own() {
    let town = Town::start();
    let rep = town.client(Person::Rep);
    let own = make::contact(&rep, json!({}));
    assert_eq!(own["owner_id"], town.user(Person::Rep));
    let path = format!("/v1/contacts/{}", make::id(&own, "id"));
    let mate = json!({"owner_id": town.user(Person::Mate), "display_name": "x"});
    rep.patch(&path, &mate).refused(403, "forbidden");
    rep.post("/v1/contacts", &mate).refused(403, "forbidden");
    rep.patch(&path, json!({"owner_id": town.user(Person::Rep), "job_title": "x"})).ok();
    assert_eq!(town.owner().patch(&path, &mate).ok()["owner_id"], town.user(Person::Mate));
    rep.get(&path).refused(404, "not_found");
    town.client(Person::Mate).get(&path).ok();
}

/// A patch that hands a record beyond the reach of whoever makes it is written whole or not at all.
#[test]
fn a_record_given_away_keeps_its_search_words() {
    let town = Town::start();
    let client = make::holder(
        &town,
        &[
            ("contact", "read", "own"),
            ("contact", "create", "own"),
            ("contact", "update", "own"),
            ("contact", "assign", "own"),
        ],
    );
    let own = make::contact(&client, json!({"display_name": "Before"}));
    let path = format!("/v1/contacts/{}", make::id(&own, "id"));
    let given = client.patch(&path, json!({"owner_id": town.user(Person::Mate), "display_name": "Zanzibar"}));
    assert_eq!(given.ok()["display_name"], "Zanzibar");
    assert_eq!(town.client(Person::Mate).get("/v1/contacts?q=zanzibar").ids().len(), 1);
}
