//! Territories: a tree of filters over leads and accounts. How leads are given out by them is told elsewhere
//! ([`super::by_territory`]).
use super::place;
use crate::support::{Client, Person, Town, Value, json, make, nobodys_id};

pub fn path(territory: &Value) -> String {
    format!("/v1/territories/{}", make::id(territory, "id"))
}

pub fn named(all: &Value, member: &str) -> Vec<String> {
    all.as_array().unwrap().iter().map(|one| make::id(one, member)).collect()
}

/// China, its east, and whatever there is anywhere.
pub fn tree(owner: &Client) -> [Value; 3] {
    let china = make::territory(owner, json!({"name": "China", "filter": "country == \"CN\""}));
    let east = json!({"name": "East", "parent_id": china["id"], "filter": "region in [\"上海市\", \"江苏省\"]"});
    let east = make::territory(owner, east);
    [china, east, make::territory(owner, json!({"name": "World"}))]
}

/// A rule that gives out by territories, of all of them or of one and those below it.
pub fn rule(owner: &Client, extra: Value) -> Value {
    make::assignment_rule(owner, make::with(json!({"strategy": "territory", "members": []}), extra))
}

#[test]
fn each_territory_narrows_the_one_above_it() {
    let town = Town::start();
    let owner = town.owner();
    let [china, east, _] = tree(&owner);
    let silk =
        make::territory(&owner, json!({"name": "Silk", "parent_id": east["id"], "filter": "industry == \"silk\""}));
    for (there, names) in [
        (json!({"country": "CN", "region": "江苏省", "industry": "silk"}), vec!["Silk", "East", "China", "World"]),
        (json!({"country": "CN", "region": "上海市"}), vec!["East", "China", "World"]),
        (json!({"country": "CN", "region": "四川省", "industry": "silk"}), vec!["China", "World"]),
        (json!({"country": "DE", "region": "上海市"}), vec!["World"]),
        (json!({}), vec!["World"]),
    ] {
        let lead = make::lead(&owner, there.clone());
        assert_eq!(named(&owner.get(&format!("{}/territories", place(&lead))).ok(), "name"), names, "{there}");
        let account = format!("/v1/accounts/{}", make::id(&make::account(&owner, there), "id"));
        assert_eq!(named(&owner.get(&format!("{account}/territories")).ok(), "name"), names);
    }
    let below = owner.get(&format!("{}?include=parent", path(&silk))).ok();
    assert_eq!(below["parent"]["id"], east["id"]);
    let filter = crate::support::encoded("parent.name == \"China\"");
    assert_eq!(owner.get(&format!("/v1/territories?filter={filter}")).ids(), [make::id(&east, "id")]);
    let lead = make::lead(&owner, json!({"country": "CN", "region": "上海市"}));
    owner.patch(&path(&east), json!({"filter": "region == \"江苏省\""})).ok();
    assert_eq!(named(&owner.get(&format!("{}/territories", place(&lead))).ok(), "name"), ["China", "World"]);
    assert_eq!(owner.get("/v1/territories?q=chi").ids(), [make::id(&china, "id")]);
}

#[test]
fn a_territory_is_refused_for_what_is_wrong_with_it() {
    let town = Town::start();
    let owner = town.owner();
    let [china, east, _] = tree(&owner);
    let ask = |extra: Value| owner.post("/v1/territories", make::with(json!({"name": "x"}), extra));
    // what leads alone have, or accounts alone, or what is not of the record itself
    for bad in ["score > 5", "legal_name == \"x\"", "country ==", "owner.email == \"x\""] {
        assert_eq!(ask(json!({"filter": bad})).pointers(), ["/filter"], "{bad}");
    }
    let rep = town.user(Person::Rep);
    for (members, pointer) in [
        (json!([{"user_id": rep, "team_id": town.team("north")}]), "/members"),
        (json!([{"capacity": 3}]), "/members"),
        (json!([{"user_id": rep}, {"user_id": rep, "capacity": 2}]), "/members"),
        (json!([{"user_id": rep, "capacity": 0}]), "/members"),
        (json!([{"user_id": rep}, {"user_id": nobodys_id()}]), "/members/1/user_id"),
        (json!([{"team_id": nobodys_id()}]), "/members/0/team_id"),
    ] {
        assert_eq!(ask(json!({"members": members})).pointers(), [pointer], "{members}");
        assert_eq!(owner.patch(&path(&china), json!({"members": members})).pointers(), [pointer]);
    }
    let taken = ask(json!({"name": " East "})).refused(409, "territory_name_taken");
    assert_eq!(taken["existing"][0]["id"], east["id"]);
    owner.patch(&path(&china), json!({"name": "East"})).refused(409, "territory_name_taken");
    let unknown = ask(json!({"parent_id": nobodys_id()}));
    unknown.refused(422, "unknown_reference");
    assert_eq!(unknown.pointers(), ["/parent_id"]);
    for above in [&china, &east] {
        let round = owner.patch(&path(&china), json!({"parent_id": above["id"]}));
        round.refused(422, "territory_own_parent");
    }
    owner.if_match(7).patch(&path(&china), json!({"description": "x"})).refused(412, "stale");
    assert_eq!(owner.patch(&path(&east), json!({"parent_id": null, "filter": null})).ok()["parent_id"], json!(null));
}

/// Of two that are each put below the other at once, one is.
#[test]
fn the_tree_stays_a_tree_whoever_moves_at_once() {
    let town = Town::start();
    let owner = town.owner();
    for _ in 0..5 {
        let [one, other] = [1, 2].map(|_| make::territory(&owner, json!({})));
        let go =
            |below: &Value, above: &Value| town.owner().patch(&path(below), json!({"parent_id": above["id"]})).status;
        let statuses = std::thread::scope(|scope| {
            let both = [scope.spawn(|| go(&one, &other)), scope.spawn(|| go(&other, &one))];
            both.map(|one| one.join().unwrap())
        });
        assert_eq!(statuses.iter().sum::<u16>(), 200 + 422, "{statuses:?}");
    }
}

#[test]
fn a_territory_goes_last_and_comes_back_first() {
    let town = Town::start();
    let owner = town.owner();
    let [china, east, _] = tree(&owner);
    let lead = make::lead(&owner, json!({"country": "CN", "region": "上海市"}));
    owner.delete(&path(&china)).refused(409, "in_use");
    owner.if_match(2).delete(&path(&china)).refused(412, "stale");
    owner.if_match(1).delete(&path(&east)).is(204);
    owner.get(&path(&east)).refused(404, "not_found");
    assert_eq!(named(&owner.get(&format!("{}/territories", place(&lead))).ok(), "name"), ["China", "World"]);
    owner.delete(&path(&china)).is(204);
    assert_eq!(owner.get("/v1/territories?deleted=only").ids().len(), 2);
    let unknown = owner.act(&format!("{}/restore", path(&east)));
    unknown.refused(422, "unknown_reference");
    assert_eq!(owner.act(&format!("{}/restore", path(&china))).ok()["version"], 3);
    // its name is free for as long as it is gone
    let again = make::territory(&owner, json!({"name": "East"}));
    let taken = owner.act(&format!("{}/restore", path(&east))).refused(409, "territory_name_taken");
    assert_eq!(taken["existing"][0]["id"], again["id"]);
    let rule = rule(&owner, json!({"territory_id": again["id"]}));
    owner.delete(&format!("{}?purge=true", path(&again))).refused(409, "in_use");
    owner.delete(&format!("/v1/assignment-rules/{}?purge=true", make::id(&rule, "id"))).is(204);
    owner.delete(&format!("{}?purge=true", path(&again))).is(204);
    owner.act(&format!("{}/restore", path(&east))).ok();
    owner.delete(&format!("{}?purge=true", path(&china))).refused(409, "in_use");
    assert_eq!(named(&owner.get(&format!("{}/territories", place(&lead))).ok(), "name"), ["East", "China", "World"]);
}

#[test]
fn territories_are_read_by_sellers_and_are_a_tenants_own() {
    let town = Town::start();
    let (owner, rep, foreigner) = (town.owner(), town.client(Person::Rep), town.client(Person::Foreigner));
    let territory = make::territory(&owner, json!({"name": "East"}));
    assert_eq!(rep.get(&path(&territory)).ok(), territory);
    rep.patch(&path(&territory), json!({"members": []})).refused(403, "forbidden");
    rep.post("/v1/territories", json!({"name": "x"})).refused(403, "forbidden");
    rep.put("/v1/territories/by/name/East", json!({"description": "x"})).refused(403, "forbidden");
    foreigner.get(&path(&territory)).refused(404, "not_found");
    foreigner.post("/v1/territories", json!({"name": "East"})).created();
    let theirs = json!({"members": [{"user_id": town.user(Person::Foreigner)}]});
    assert_eq!(owner.patch(&path(&territory), theirs).pointers(), ["/members/0/user_id"]);
    let hidden = make::lead(&owner, json!({"owner_id": town.user(Person::Mate)}));
    let stranger = town.client(Person::Stranger);
    stranger.get(&format!("{}/territories", place(&hidden))).refused(404, "not_found");
    let blind = make::holder(&town, &[("lead", "read", "all")]);
    blind.get(&format!("{}/territories", place(&hidden))).refused(403, "forbidden");
    assert_eq!(named(&owner.get(&format!("{}/territories", place(&hidden))).ok(), "name"), ["East"]);
}
