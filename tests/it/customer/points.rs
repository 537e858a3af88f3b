//! The ways to reach a contact: many, of which one of a kind is primary; the contact's e-mail and phone are those.
use crate::support::{Client, Town, Value, json, make};

fn points(client: &Client, contact: &Value, kind: &str) -> Vec<(String, bool)> {
    let all = client.get(&format!("/v1/contacts/{}/contact-points", make::id(contact, "id"))).ok();
    let of_kind = all.as_array().unwrap().iter().filter(|point| point["kind"] == kind);
    of_kind.map(|point| (make::id(point, "value_norm"), point["is_primary"].as_bool().unwrap())).collect()
}

fn yes(value: &str) -> (String, bool) {
    (value.to_owned(), true)
}

fn no(value: &str) -> (String, bool) {
    (value.to_owned(), false)
}

#[test]
fn the_address_of_a_contact_is_its_primary_point() {
    let town = Town::start();
    let owner = town.owner();
    let contact = make::contact(&owner, json!({"email": "a@example.com", "phone": "+8613800138000"}));
    let path = format!("/v1/contacts/{}", make::id(&contact, "id"));
    assert_eq!(points(&owner, &contact, "email"), [yes("a@example.com")]);
    assert_eq!(points(&owner, &contact, "phone"), [yes("+8613800138000")]);
    owner.patch(&path, json!({"email": "b@example.com"})).ok();
    assert_eq!(points(&owner, &contact, "email")[0], yes("b@example.com"));
    assert_eq!(points(&owner, &contact, "email").iter().filter(|(_, primary)| *primary).count(), 1);
    owner.patch(&path, json!({"phone": null})).ok();
    assert!(points(&owner, &contact, "phone").is_empty());
}

#[test]
fn a_point_made_primary_is_the_contacts_address() {
    let town = Town::start();
    let owner = town.owner();
    let contact = make::contact(&owner, json!({"email": "a@example.com"}));
    let path = format!("/v1/contacts/{}", make::id(&contact, "id"));
    let add = |body: Value| owner.post(&format!("{path}/contact-points"), body).created();
    let second = add(json!({"kind": "email", "value": "B@Example.com", "label": "work"}));
    assert_eq!(
        (&second["value"], &second["value_norm"], &second["is_primary"]),
        (&json!("B@Example.com"), &json!("b@example.com"), &json!(false))
    );
    assert_eq!(owner.get(&path).ok()["email"], "a@example.com");
    let point = format!("/v1/contact-points/{}", make::id(&second, "id"));
    assert_eq!(owner.patch(&point, json!({"is_primary": true})).ok()["is_primary"], true);
    assert_eq!(owner.get(&path).ok()["email"], "b@example.com");
    assert_eq!(points(&owner, &contact, "email"), [yes("b@example.com"), no("a@example.com")]);
    let third = add(json!({"kind": "email", "value": "c@example.com", "is_primary": true}));
    assert_eq!(owner.get(&path).ok()["email"], "c@example.com");
    owner.patch(&format!("/v1/contact-points/{}", make::id(&third, "id")), json!({"is_primary": false})).is(422);
    owner.delete(&format!("/v1/contact-points/{}", make::id(&third, "id"))).is(204);
    assert_eq!(owner.get(&path).ok()["email"], Value::Null);
}

#[test]
fn a_change_of_a_point_is_a_change_of_the_contact() {
    let town = Town::start();
    let owner = town.owner();
    let contact = make::contact(&owner, json!({}));
    let path = format!("/v1/contacts/{}", make::id(&contact, "id"));
    let point = owner.post(&format!("{path}/contact-points"), json!({"kind": "wechat", "value": "ada_88"})).created();
    assert_eq!(owner.get(&path).ok()["version"], 2);
    let same = owner.post(&format!("{path}/contact-points"), json!({"kind": "wechat", "value": "ada_88"})).created();
    assert_eq!(same["id"], point["id"], "the same value is the same point");
    let before = owner.get(&path).ok()["version"].as_i64().unwrap();
    let point = format!("/v1/contact-points/{}", make::id(&point, "id"));
    owner.patch(&point, json!({"label": "home", "status": "bounced"})).ok();
    assert_eq!(owner.get(&path).ok()["version"], before + 1);
    assert_eq!(owner.get(&point).ok()["status"], "bounced");
    owner.delete(&point).is(204);
    owner.get(&point).refused(404, "not_found");
    assert_eq!(owner.get(&path).ok()["version"], before + 2);
}

#[test]
fn points_come_with_a_new_contact() {
    let town = Town::start();
    let owner = town.owner();
    let more = json!([{"kind": "email", "value": "a@example.com"}, {"kind": "email", "value": "b@example.com", "is_primary": true},
        {"kind": "wechat", "value": "ada_88"}, {"kind": "phone", "value": "+86 139 1234 5678"}]);
    let contact = make::contact(&owner, json!({"email": "a@example.com", "contact_points": more}));
    assert_eq!(contact["email"], "a@example.com");
    assert_eq!(points(&owner, &contact, "email"), [yes("a@example.com"), no("b@example.com")]);
    assert_eq!(points(&owner, &contact, "wechat").len(), 1);
    assert_eq!(points(&owner, &contact, "phone"), [no("+8613912345678")]);
    assert!(contact["phone"].is_null());
}

/// `email` and the primary point are one fact.
#[test]
fn a_primary_point_at_creation_is_the_contacts_address() {
    let town = Town::start();
    let owner = town.owner();
    let more = json!([{"kind": "email", "value": "b@example.com", "is_primary": true}]);
    let contact = make::contact(&owner, json!({"contact_points": more}));
    assert_eq!(contact["email"], "b@example.com");
}

#[test]
fn a_point_has_to_fit_its_kind() {
    let town = Town::start();
    let owner = town.owner();
    let path = format!("/v1/contacts/{}/contact-points", make::id(&make::contact(&owner, json!({})), "id"));
    for (kind, value) in [("email", "nobody"), ("phone", "12"), ("pigeon", "x"), ("wechat", " "), ("social", "")] {
        owner.post(&path, json!({"kind": kind, "value": value})).refused(422, "invalid");
    }
    owner.post(&path, json!({"kind": "wechat"})).refused(422, "invalid");
}

#[test]
fn two_contacts_cannot_make_one_address_primary() {
    let town = Town::start();
    let owner = town.owner();
    make::contact(&owner, json!({"email": "a@example.com"}));
    let other = make::contact(&owner, json!({}));
    let path = format!("/v1/contacts/{}/contact-points", make::id(&other, "id"));
    owner
        .post(&path, json!({"kind": "email", "value": "a@example.com", "is_primary": true}))
        .refused(409, "contact_email_taken");
    owner.post(&path, json!({"kind": "email", "value": "a@example.com"})).created();
}
