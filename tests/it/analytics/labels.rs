//! What accounts are called by people.
use super::called;
use crate::support::{Person, Town, encoded, json, make};

#[test]
fn a_label_is_given_found_by_and_taken() {
    let town = Town::idle();
    let owner = town.owner();
    let account = make::id(&make::account(&owner, json!({})), "id");
    make::account(&owner, json!({}));
    let label = make::id(&make::label(&owner, json!({"key": "vip"})), "id");
    let those = json!({"account_ids": [account], "evidence": "met"});
    assert_eq!(owner.post(&format!("/v1/labels/{label}/assign"), &those).ok()["changed_count"], 1);
    assert_eq!(owner.post(&format!("/v1/labels/{label}/assign"), &those).ok()["changed_count"], 0, "once is enough");
    assert_eq!(called(&owner, &account), ["vip"]);
    let contact = make::id(&make::contact(&owner, json!({"account_id": account})), "id");
    let by = |place: &str, filter: &str| owner.get(&format!("/v1/{place}?filter={}", encoded(filter))).ids();
    assert_eq!(by("accounts", "\"vip\" in labels"), [account.clone()]);
    assert_eq!(by("contacts", "account.labels.exists(l, l.key == \"vip\")"), [contact]);
    let shown = owner.get(&format!("/v1/accounts/{account}?include=labels")).ok();
    assert_eq!(shown["labels"][0]["evidence"], "met");
    let gone = owner.post(&format!("/v1/labels/{label}/unassign"), json!({"account_ids": [account]})).ok();
    assert_eq!((&gone["changed_count"], called(&owner, &account)), (&json!(1), vec![]));
    crate::support::seal(&town);
    let told = owner.walk(&format!("/v1/events?record_id={account}"));
    assert_eq!(told.iter().filter(|one| one["type"] == "account.classified").count(), 2);
}

#[test]
fn what_is_wrong_with_a_label_is_told_by_its_place() {
    let town = Town::idle();
    let owner = town.owner();
    let made = make::label(&owner, json!({"key": "vip"}));
    let again = owner.post("/v1/labels", json!({"key": "vip", "name": "VIP"})).refused(409, "label_key_taken");
    assert_eq!(again["existing"][0]["id"], made["id"]);
    let wrong = owner.post("/v1/labels", json!({"key": "Very Important", "name": " ", "color": "gold"}));
    let mut places = wrong.pointers();
    places.sort();
    assert_eq!(places, ["/color", "/key", "/name"]);
    let assign = format!("/v1/labels/{}/assign", make::id(&made, "id"));
    let nobody = crate::support::nobodys_id();
    let unknown = owner.post(&assign, json!({"account_ids": [nobody]}));
    assert_eq!(unknown.pointers(), ["/account_ids/0"]);
    let account = make::account(&owner, json!({}));
    let past = json!({"account_ids": [account["id"]], "expires_at": "2020-01-01T00:00:00Z"});
    assert_eq!(owner.post(&assign, past).pointers(), ["/expires_at"]);
}

#[test]
fn a_label_ends_by_itself() {
    let town = Town::idle();
    let owner = town.owner();
    let account = make::id(&make::account(&owner, json!({})), "id");
    let label = make::id(&make::label(&owner, json!({})), "id");
    let asked = json!({"account_ids": [account], "expires_at": "2099-01-01T00:00:00Z"});
    owner.post(&format!("/v1/labels/{label}/assign"), asked).ok();
    let expire = || analytics::label::account::expire(&mut town.database.conn()).unwrap();
    assert_eq!(expire(), 0);
    town.database.run("UPDATE account_labels SET expires_at = now() - interval '1 second'");
    assert_eq!((expire(), called(&owner, &account)), (1, vec![]));
}

#[test]
fn who_sees_no_account_learns_nothing_of_what_it_is_called() {
    let town = Town::idle();
    let (owner, rep) = (town.owner(), town.client(Person::Rep));
    let all: Vec<String> = (0..3).map(|_| make::id(&make::account(&owner, json!({})), "id")).collect();
    let own = make::id(&make::account(&rep, json!({})), "id");
    let label = make::id(&make::label(&owner, json!({"key": "vip"})), "id");
    let ids: Vec<&String> = all.iter().chain([&own]).collect();
    owner.post(&format!("/v1/labels/{label}/assign"), json!({"account_ids": ids})).ok();
    assert_eq!(rep.get(&format!("/v1/accounts?filter={}", encoded("\"vip\" in labels"))).ids(), [own.clone()]);
    rep.get(&format!("/v1/accounts/{}/labels", all[0])).refused(404, "not_found");
    let taken = rep.post(&format!("/v1/labels/{label}/unassign"), json!({"account_ids": [all[0]]}));
    assert_eq!(taken.pointers(), ["/account_ids/0"]);
    assert_eq!(called(&owner, &all[0]), ["vip"]);
}

#[test]
fn a_label_that_goes_is_nobodys() {
    let town = Town::idle();
    let owner = town.owner();
    let account = make::id(&make::account(&owner, json!({})), "id");
    let label = make::id(&make::label(&owner, json!({})), "id");
    owner.post(&format!("/v1/labels/{label}/assign"), json!({"account_ids": [account]})).ok();
    owner.delete(&format!("/v1/labels/{label}")).is(204);
    assert_eq!(called(&owner, &account), Vec::<String>::new());
    owner.act(&format!("/v1/labels/{label}/restore")).ok();
    assert_eq!(called(&owner, &account), Vec::<String>::new());
    owner.delete(&format!("/v1/labels/{label}?purge=true")).is(204);
}

#[test]
fn those_that_become_one_are_called_what_both_were() {
    let town = Town::idle();
    let owner = town.owner();
    let [one, other] = [1, 2].map(|_| make::id(&make::account(&owner, json!({})), "id"));
    for (key, whose) in [("a", vec![&one]), ("b", vec![&other]), ("both", vec![&one, &other])] {
        let label = make::id(&make::label(&owner, json!({"key": key, "name": key})), "id");
        owner.post(&format!("/v1/labels/{label}/assign"), json!({"account_ids": whose})).ok();
    }
    owner.post(&format!("/v1/accounts/{one}/merge"), json!({"sources": [other]})).ok();
    assert_eq!(called(&owner, &one), ["a", "b", "both"]);
}
