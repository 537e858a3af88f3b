//! The numbers that people and organisations are known by: sealed, shown by their ends, found by their equals, and told
//! to whoever may see them, which is written down.
use crate::support::{Client, Person, Town, Value, json, make};

const RESIDENT: &str = "11010519491231002X";

fn place(parents: &str, parent: &Value) -> String {
    format!("/v1/{parents}/{}/identifiers", make::id(parent, "id"))
}

fn path(parents: &str, one: &Value) -> String {
    format!("/v1/{}-identifiers/{}", parents.trim_end_matches('s'), make::id(one, "id"))
}

fn parents(owner: &Client) -> [(&'static str, Value); 2] {
    [("contacts", make::contact(owner, json!({}))), ("accounts", make::account(owner, json!({})))]
}

#[test]
fn a_number_is_kept_and_shown_by_its_end() {
    let town = Town::start();
    let owner = town.owner();
    for (name, parent) in parents(&owner) {
        let new = json!({"kind": "cn_resident_id", "value": " 110105 19491231-002x", "label": "card",
            "issued_on": "2021-05-17", "expires_on": "2041-05-16"});
        let made = owner.post(&place(name, &parent), &new);
        assert!(!made.text().contains("1949"), "{}", made.text());
        let made = made.created();
        assert_eq!((&made["kind"], &made["hint"], &made["label"]), (&new["kind"], &json!("002X"), &json!("card")));
        let own = path(name, &made);
        assert_eq!(owner.get(&own).ok(), made);
        assert_eq!(owner.get(&place(name, &parent)).ok(), json!([made]));
        let whole = owner.get(&format!("/v1/{name}/{}?include=identifiers", make::id(&parent, "id"))).ok();
        assert_eq!(whole["identifiers"], json!([made]));
        assert_eq!(whole["version"], 2, "a change of its parts is a change of it");
        let filter =
            crate::support::encoded("identifiers.exists(i, i.kind == \"cn_resident_id\" && i.hint == \"002X\")");
        assert_eq!(owner.get(&format!("/v1/{name}?filter={filter}")).ids(), [make::id(&parent, "id")]);
        let changed = owner.patch(&own, json!({"label": null, "expires_on": "2031-05-16"})).ok();
        assert_eq!((&changed["label"], &changed["version"]), (&Value::Null, &json!(2)));
        assert_eq!(owner.patch(&own, json!({"expires_on": "2020-01-01"})).pointers(), ["/expires_on"]);
        owner.patch(&own, json!({"value": "E1234567"})).refused(422, "invalid");
        owner.delete(&own).is(204);
        owner.get(&own).refused(404, "not_found");
        assert_eq!(owner.get(&format!("/v1/{name}/{}", make::id(&parent, "id"))).ok()["version"], 4);
    }
}

#[test]
fn a_number_has_to_fit_its_kind() {
    let town = Town::start();
    let owner = town.owner();
    let path = place("contacts", &make::contact(&owner, json!({})));
    for (kind, value) in [
        ("cn_resident_id", "110105194912310021"),
        ("cn_credit_code", "91350100M000100Y44"),
        ("iban", "GB82WEST12345698765433"),
        ("passport", "E12"),
        ("passport", "E1234567!"),
        ("shoe_size", "E1234567"),
    ] {
        let refused = owner.post(&path, json!({"kind": kind, "value": value}));
        refused.refused(422, "invalid");
        assert!(!refused.text().contains(value), "{}", refused.text());
    }
    let days = json!({"kind": "passport", "value": "E1234567", "issued_on": "2026-01-02", "expires_on": "2026-01-01"});
    assert_eq!(owner.post(&path, days).pointers(), ["/expires_on"]);
}

#[test]
fn the_same_number_comes_once() {
    let town = Town::start();
    let owner = town.owner();
    for (name, parent) in parents(&owner) {
        let own = place(name, &parent);
        let new = json!({"kind": "passport", "value": "E7654321"});
        let first = owner.post(&own, &new).created();
        let again = owner.post(&own, json!({"kind": "passport", "value": "e 765-4321"})).refused(409, "already_exists");
        assert_eq!(again["existing"], json!([{"id": first["id"], "match_rule": "passport", "score": 100}]));
        owner.post(&own, json!({"kind": "national_id", "value": "E7654321"})).created();
        let other =
            if name == "contacts" { make::contact(&owner, json!({})) } else { make::account(&owner, json!({})) };
        let theirs = place(name, &other);
        let probably = owner.post(&theirs, &new).refused(409, "duplicate");
        assert_eq!(probably["existing"], json!([{"id": parent["id"], "match_rule": "passport", "score": 100}]));
        owner.post(&format!("{theirs}?duplicates=allow"), &new).created();
        owner.post(&theirs, &new).refused(409, "already_exists");
        // a household has one account
        let account = json!({"kind": "iban", "value": "DE89370400440532013000"});
        owner.post(&own, &account).created();
        owner.post(&theirs, &account).created();
    }
}

/// Of any number who add the same at once, one comes through.
#[test]
fn of_many_who_add_the_same_one_does() {
    let town = Town::start();
    let owner = town.owner();
    let path = place("contacts", &make::contact(&owner, json!({})));
    let new = json!({"kind": "passport", "value": "E7654321"});
    let made = std::thread::scope(|scope| {
        let all: Vec<_> = (0..6).map(|_| scope.spawn(|| owner.post(&path, &new).is_one_of(&[201, 409]))).collect();
        all.into_iter().map(|one| one.join().unwrap()).filter(|answer| answer["hint"].is_string()).count()
    });
    assert_eq!(made, 1);
}

#[test]
fn people_are_found_by_their_numbers_as_far_as_they_are_seen() {
    let town = Town::start();
    let (rep, stranger) = (town.client(Person::Rep), town.client(Person::Stranger));
    for name in ["contacts", "accounts"] {
        let parent = if name == "contacts" { make::contact(&rep, json!({})) } else { make::account(&rep, json!({})) };
        rep.post(&place(name, &parent), json!({"kind": "cn_resident_id", "value": RESIDENT})).created();
        let find = format!("/v1/{}-identifiers/find", name.trim_end_matches('s'));
        let ask = |client: &Client, kind: &str, value: &str| -> Vec<String> {
            let found = client.post(&find, json!({"kind": kind, "value": value})).ok();
            found.as_array().unwrap().iter().map(|one| make::id(one, "id")).collect()
        };
        assert_eq!(ask(&rep, "cn_resident_id", "110105-19491231-002x"), [make::id(&parent, "id")]);
        assert!(ask(&rep, "national_id", RESIDENT).is_empty(), "of another kind");
        assert!(ask(&stranger, "cn_resident_id", RESIDENT).is_empty());
        assert!(ask(&town.client(Person::Foreigner), "cn_resident_id", RESIDENT).is_empty());
        // whom they do not see, they are not told of
        let own =
            if name == "contacts" { make::contact(&stranger, json!({})) } else { make::account(&stranger, json!({})) };
        stranger.post(&place(name, &own), json!({"kind": "cn_resident_id", "value": RESIDENT})).created();
        rep.delete(&format!("/v1/{name}/{}", make::id(&parent, "id"))).is(204);
        assert!(ask(&rep, "cn_resident_id", RESIDENT).is_empty(), "archived");
        rep.get(&place(name, &parent)).refused(404, "not_found");
    }
}

#[test]
fn a_number_is_told_to_who_may_see_it_and_that_is_written_down() {
    let town = Town::start();
    let (owner, rep) = (town.owner(), town.client(Person::Rep));
    for name in ["contacts", "accounts"] {
        let noun = name.trim_end_matches('s');
        let parent = if name == "contacts" { make::contact(&rep, json!({})) } else { make::account(&rep, json!({})) };
        let one = rep.post(&place(name, &parent), json!({"kind": "cn_resident_id", "value": RESIDENT})).created();
        let reveal = format!("{}/reveal", path(name, &one));
        for person in [Person::Rep, Person::Manager, Person::ReadOnly] {
            town.client(person).act(&reveal).refused(403, "forbidden");
        }
        town.client(Person::Foreigner).act(&reveal).refused(404, "not_found");
        let noted = || town.database.count("SELECT count(*) FROM audit_log WHERE action = 'identifier.revealed'");
        let before = noted();
        let told = owner.act(&reveal);
        assert_eq!(told.ok(), json!({"kind": "cn_resident_id", "value": RESIDENT}));
        assert_eq!(told.header("cache-control"), "no-store");
        assert_eq!(noted(), before + 1);
        let row = format!(
            "SELECT actor_id FROM audit_log WHERE action = 'identifier.revealed' AND object_id = '{}'",
            make::id(&one, "id")
        );
        assert_eq!(town.database.text(&row), town.user(Person::Owner));
        // as far as the permission reaches
        let holder = make::holder(&town, &[(noun, "read", "all"), (noun, "reveal", "own")]);
        holder.get(&path(name, &one)).ok();
        holder.act(&reveal).refused(403, "forbidden");
        // a key needs the scope
        let key = |scopes: Value| {
            let made = owner.post("/v1/api-keys", json!({"name": "x", "scopes": scopes})).created();
            town.anonymous().bearing(make::id(&made, "key"))
        };
        key(json!([format!("{noun}:read"), format!("{noun}:update")])).act(&reveal).refused(403, "forbidden");
        key(json!([format!("{noun}:read"), format!("{noun}:reveal")])).act(&reveal).ok();
        assert_eq!(noted(), before + 2);
    }
}

#[test]
fn no_event_and_no_page_tells_a_number() {
    let town = Town::start();
    let owner = town.owner();
    for (name, parent) in parents(&owner) {
        let one = owner.post(&place(name, &parent), json!({"kind": "cn_resident_id", "value": RESIDENT})).created();
        owner.patch(&path(name, &one), json!({"label": "x"})).ok();
        for page in [format!("/v1/{name}?include=identifiers"), place(name, &parent), path(name, &one)] {
            let told = owner.get(&page);
            assert!(told.status == 200 && !told.text().contains("1949"), "{}", told.text());
        }
        assert!(owner.get(&format!("/v1/{name}?q={RESIDENT}")).ids().is_empty());
    }
    let events = "SELECT count(*) FROM event_log WHERE data::text ~ '1949|fingerprint|sealed'";
    assert_eq!(town.database.count(events), 0);
}
