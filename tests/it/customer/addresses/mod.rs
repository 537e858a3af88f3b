//! Where accounts and contacts are found by post: many addresses, of which one of a kind is primary, each written in the
//! order of its country.
mod begun;
mod files;
mod whose;

use crate::support::{Answer, Client, Town, Value, encoded, json, make};

fn parents(owner: &Client) -> [(&'static str, Value); 2] {
    [("contacts", make::contact(owner, json!({}))), ("accounts", make::account(owner, json!({})))]
}

fn at(parents: &str, parent: &Value) -> String {
    format!("/v1/{parents}/{}", make::id(parent, "id"))
}

fn place(parents: &str, parent: &Value) -> String {
    format!("{}/addresses", at(parents, parent))
}

fn path(parents: &str, one: &Value) -> String {
    format!("/v1/{}-addresses/{}", parents.trim_end_matches('s'), make::id(one, "id"))
}

/// The ids of the primary ones.
fn primary(client: &Client, place: &str) -> Vec<Value> {
    let all = client.get(place).ok();
    let all = all.as_array().unwrap().iter();
    all.filter(|one| one["is_primary"] == true).map(|one| one["id"].clone()).collect()
}

fn pointers(answer: &Answer) -> Vec<String> {
    answer.refused(422, "invalid");
    let mut all = answer.pointers();
    all.sort();
    all.dedup();
    all
}

#[test]
fn an_address_is_kept_as_it_was_given_and_written_in_the_order_of_its_country() {
    let town = Town::start();
    let owner = town.owner();
    for (name, parent) in parents(&owner) {
        let new = json!({"kind": "shipping", "country": "cn", "region": " 上海市 ", "city": "上海市", "district": "黄浦区",
            "division_code": "310101", "street": "南京东路100号", "detail": "5楼502室", "postal_code": "200001",
            "recipient": "王伟", "phone": "+86 138-0013-8000", "label": "", "raw_text": "上海南京东路100号5楼"});
        let answer = owner.post(&place(name, &parent), new);
        let made = answer.created();
        assert_eq!((answer.header("location"), answer.header("etag")), (path(name, &made).as_str(), "\"1\""));
        assert_eq!(made["formatted"], "中国上海市黄浦区南京东路100号5楼502室 200001");
        assert_eq!((&made["phone"], &made["phone_text"]), (&json!("+8613800138000"), &json!("+86 138-0013-8000")));
        assert_eq!((&made["country"], &made["region"], &made["label"]), (&json!("CN"), &json!("上海市"), &Value::Null));
        assert_eq!((&made["raw_text"], &made["is_primary"]), (&json!("上海南京东路100号5楼"), &json!(false)));
        assert_eq!(owner.get(&path(name, &made)).ok(), made);
        assert_eq!(owner.get(&place(name, &parent)).ok(), json!([made]));
        let whole = owner.get(&format!("{}?include=addresses", at(name, &parent))).ok();
        assert_eq!((&whole["addresses"], &whole["version"]), (&json!([made]), &json!(2)));
        assert_eq!(owner.get(&format!("{}/360", at(name, &parent))).ok()["addresses"], json!([made]));
        let filter = encoded("addresses.exists(a, a.city == \"上海市\" && a.division_code == \"310101\")");
        assert_eq!(owner.get(&format!("/v1/{name}?filter={filter}")).ids(), [make::id(&parent, "id")]);
        let list = format!("/v1/{}-addresses", name.trim_end_matches('s'));
        assert_eq!(
            owner.get(&format!("{list}?filter={}", encoded("country == \"CN\""))).ids(),
            [make::id(&made, "id")]
        );
        assert_eq!(owner.get(&format!("{list}?filter={}", encoded("country == \"DE\""))).ids(), Vec::<String>::new());
        let moved = json!({"country": "DE", "region": null, "city": "Berlin", "district": null, "division_code": null,
            "street": "Unter den Linden 1", "detail": " ", "postal_code": "10117", "phone": null});
        let moved = owner.patch(&path(name, &made), moved).ok();
        assert_eq!(moved["formatted"], "Unter den Linden 1\n10117 Berlin\nDE");
        assert_eq!(
            (&moved["phone"], &moved["phone_text"], &moved["detail"]),
            (&Value::Null, &Value::Null, &Value::Null)
        );
        assert_eq!((&moved["recipient"], &moved["version"]), (&json!("王伟"), &json!(2)));
        owner.delete(&path(name, &made)).is(204);
        owner.get(&path(name, &made)).refused(404, "not_found");
        assert_eq!(owner.get(&at(name, &parent)).ok()["version"], 4, "a change of its parts is a change of it");
    }
}

#[test]
fn what_came_as_one_text_is_told_as_it_came() {
    let town = Town::start();
    let owner = town.owner();
    for (name, parent) in parents(&owner) {
        let new = json!({"kind": "other", "country": "US", "raw_text": "c/o Ada, somewhere in Springfield"});
        let made = owner.post(&place(name, &parent), new).created();
        assert_eq!(made["formatted"], made["raw_text"]);
    }
}

#[test]
fn all_that_is_wrong_with_an_address_is_told_at_once() {
    let town = Town::start();
    let owner = town.owner();
    for (name, parent) in parents(&owner) {
        let place = place(name, &parent);
        let wrong = json!({"kind": "castle", "country": "XX", "phone": "12", "division_code": "990101",
            "label": "x".repeat(51), "recipient": "x".repeat(201)});
        let wrong = owner.post(&place, wrong);
        assert_eq!(pointers(&wrong), ["", "/country", "/division_code", "/kind", "/label", "/phone", "/recipient"]);
        for country in ["CHN", "UK", "", "中国"] {
            let answer = owner.post(&place, json!({"kind": "home", "country": country, "city": "x"}));
            assert_eq!(pointers(&answer), ["/country"], "{country}");
        }
        for code in ["31010", "3101010", "000000", "99010a"] {
            let new = json!({"kind": "home", "country": "CN", "division_code": code, "city": "x"});
            assert_eq!(pointers(&owner.post(&place, new)), ["/division_code"], "{code}");
        }
        let elsewhere = json!({"kind": "home", "country": "DE", "division_code": "310101", "city": "Berlin"});
        assert_eq!(pointers(&owner.post(&place, elsewhere)), ["/division_code"]);
        owner.post(&place, json!({"kind": "home", "country": "CN", "city": "x", "geo": 1})).refused(422, "invalid");
        owner.post(&place, json!({"kind": "home", "city": "x"})).refused(422, "invalid");
        assert_eq!(owner.get(&place).ok(), json!([]));
        // what a patch leaves has to be an address still
        let new = json!({"kind": "home", "country": "CN", "division_code": "310101", "city": "上海市"});
        let made = owner.post(&place, new).created();
        let answer = owner.patch(&path(name, &made), json!({"country": "DE", "city": null}));
        assert_eq!(pointers(&answer), ["", "/division_code"]);
        owner.patch(&path(name, &made), json!({"country": null})).refused(422, "invalid");
        assert_eq!(owner.get(&path(name, &made)).ok(), made);
        assert_eq!(owner.get(&at(name, &parent)).ok()["version"], 2, "what was refused has changed nothing");
    }
}

#[test]
fn of_each_kind_one_is_primary() {
    let town = Town::start();
    let owner = town.owner();
    for (name, parent) in parents(&owner) {
        let place = place(name, &parent);
        let add = |kind: &str| make::address(&owner, name, &parent, json!({"kind": kind, "is_primary": true}));
        let (first, billing, second) = (add("shipping"), add("billing"), add("shipping"));
        assert_eq!(primary(&owner, &place), [billing["id"].clone(), second["id"].clone()]);
        let before = owner.get(&path(name, &first)).ok();
        assert_eq!((&before["is_primary"], &before["version"]), (&json!(false), &json!(2)));
        owner.patch(&path(name, &first), json!({"is_primary": true})).ok();
        assert_eq!(primary(&owner, &place), [first["id"].clone(), billing["id"].clone()]);
        // with its kind it takes the place of the one of that kind
        owner.patch(&path(name, &first), json!({"kind": "billing"})).ok();
        assert_eq!(primary(&owner, &place), [first["id"].clone()]);
        assert_eq!(pointers(&owner.patch(&path(name, &first), json!({"is_primary": false}))), ["/is_primary"]);
        owner.delete(&path(name, &first)).is(204);
        assert_eq!(primary(&owner, &place), Vec::<Value>::new());
    }
}

#[test]
fn of_many_who_make_one_primary_at_once_one_has() {
    let town = Town::start();
    let owner = town.owner();
    for (name, parent) in parents(&owner) {
        let all: Vec<Value> = (0..6).map(|_| make::address(&owner, name, &parent, json!({}))).collect();
        std::thread::scope(|scope| {
            for one in &all {
                let (client, parent) = (town.owner(), &parent);
                scope.spawn(move || {
                    client.patch(&path(name, one), json!({"is_primary": true})).ok();
                    make::address(&client, name, parent, json!({"is_primary": true}));
                });
            }
        });
        assert_eq!(owner.get(&place(name, &parent)).ok().as_array().map(Vec::len), Some(12));
        assert_eq!(primary(&owner, &place(name, &parent)).len(), 1);
        // each of the eighteen changes was one of its owner
        assert_eq!(owner.get(&at(name, &parent)).ok()["version"], 19);
    }
}

#[test]
fn a_change_of_another_version_is_refused() {
    let town = Town::start();
    let owner = town.owner();
    for (name, parent) in parents(&owner) {
        let made = make::address(&owner, name, &parent, json!({}));
        let path = path(name, &made);
        owner.if_match(1).patch(&path, json!({"label": "Laden"})).ok();
        let stale = owner.if_match(1).patch(&path, json!({"label": "Lager"})).refused(412, "stale");
        assert_eq!(stale["conflicts"]["label"]["current"], "Laden");
        owner.if_match(1).delete(&path).refused(412, "stale");
        owner.with("if-none-match", "\"2\"").get(&path).is(304);
        owner.if_match(2).delete(&path).is(204);
    }
}
