//! A contact belongs to several accounts, to one of them first of all.
use crate::support::{Town, Value, json, make};

#[test]
fn the_account_of_a_contact_is_its_primary_membership() {
    let town = Town::start();
    let owner = town.owner();
    let (a, b) = (make::account(&owner, json!({})), make::account(&owner, json!({})));
    let contact = make::contact(&owner, json!({"account_id": a["id"]}));
    let path = format!("/v1/contacts/{}", make::id(&contact, "id"));
    let all = || owner.get(&format!("{path}/accounts")).ok().as_array().unwrap().clone();
    let primary = || {
        all()
            .iter()
            .filter(|one| one["is_primary"] == true)
            .map(|one| one["account_id"].clone())
            .collect::<Vec<Value>>()
    };
    assert_eq!(primary(), [a["id"].clone()]);
    let second = owner.post(
        &format!("{path}/accounts"),
        json!({"account_id": b["id"], "role": "advisor", "started_on": "2024-01-01"}),
    );
    let second = second.created();
    assert_eq!((all().len(), primary()), (2, vec![a["id"].clone()]));
    let member = format!("/v1/memberships/{}", make::id(&second, "id"));
    assert_eq!(owner.patch(&member, json!({"is_primary": true, "role": null})).ok()["is_primary"], true);
    assert_eq!(owner.get(&path).ok()["account_id"], b["id"]);
    assert_eq!(primary(), [b["id"].clone()]);
    owner.patch(&path, json!({"account_id": a["id"]})).ok();
    assert_eq!(primary(), [a["id"].clone()]);
    owner.patch(&path, json!({"account_id": null})).ok();
    assert!(primary().is_empty() && all().len() == 2);
    owner.patch(&member, json!({"is_primary": true})).ok();
    owner.delete(&member).is(204);
    assert_eq!(owner.get(&path).ok()["account_id"], Value::Null);
    owner.get(&member).refused(404, "not_found");
    assert_eq!(all().len(), 1);
}

#[test]
fn a_second_time_says_how_a_contact_belongs() {
    let town = Town::start();
    let owner = town.owner();
    let account = make::account(&owner, json!({}));
    let contact = make::contact(&owner, json!({"account_id": account["id"]}));
    let path = format!("/v1/contacts/{}/accounts", make::id(&contact, "id"));
    let again = owner.post(&path, json!({"account_id": account["id"], "role": "owner"})).created();
    assert_eq!((&again["role"], &again["is_primary"]), (&json!("owner"), &json!(true)));
    assert_eq!(owner.get(&path).ok().as_array().map(Vec::len), Some(1));
}

#[test]
fn a_membership_cannot_end_before_it_starts() {
    let town = Town::start();
    let owner = town.owner();
    let account = make::account(&owner, json!({}));
    let path = format!("/v1/contacts/{}/accounts", make::id(&make::contact(&owner, json!({})), "id"));
    let new = json!({"account_id": account["id"], "started_on": "2024-02-01", "ended_on": "2024-01-01"});
    owner.post(&path, new).refused(422, "invalid");
    let made = owner.post(&path, json!({"account_id": account["id"], "started_on": "2024-02-01"})).created();
    let member = format!("/v1/memberships/{}", make::id(&made, "id"));
    owner.patch(&member, json!({"ended_on": "2024-01-01"})).refused(422, "invalid");
    owner.patch(&member, json!({"ended_on": "2024-03-01"})).ok();
    owner.post(&path, json!({"account_id": crate::support::nobodys_id()})).refused(422, "unknown_reference");
}
