//! Who is told what: the events of what one sees, and that it has left one's sight.
use super::{told, types_of};
use crate::support::{Client, Person, Town, Value, fresh, json, make, people::PASSWORD, seal};

fn rep(town: &Town) -> Client {
    make::reaching(town, Person::Rep, "own")
}

#[test]
fn what_one_may_not_read_gives_nothing() {
    let town = Town::idle();
    let owner = town.owner();
    let contact = make::id(&make::contact(&owner, json!({})), "id");
    let order = make::id(&make::order(&owner, json!({})), "id");
    seal(&town);
    let reader = make::holder(&town, &[("order", "read", "all")]);
    assert_eq!(types_of(&reader, &contact), [""; 0]);
    assert_eq!(types_of(&reader, &order), ["order.created"]);
    assert!(told(&reader, "").iter().all(|event| event["resource"] == "order"));
    assert_eq!(told(&town.client(Person::Nobody), "").len(), 0);
    assert_eq!(told(&town.client(Person::Foreigner), &format!("&record_id={contact}")).len(), 0);
    // a key is good for its scopes
    let key = json!({"name": "orders", "scopes": ["orders:read"]});
    let key = town.anonymous().bearing(make::id(&owner.post("/v1/api-keys", key).created(), "key"));
    assert!(types_of(&key, &contact).is_empty());
    assert_eq!(types_of(&key, &order), ["order.created"]);
}

/// A record that is given to somebody else has left, and what came before is no more to be told; given back, all is.
#[test]
fn what_leaves_ones_sight_is_told_without_data() {
    let town = Town::idle();
    let owner = town.owner();
    let rep = rep(&town);
    let mine = json!({"owner_id": town.user(Person::Rep)});
    let contact = make::id(&make::contact(&owner, mine.clone()), "id");
    let place = format!("/v1/contacts/{contact}");
    owner.patch(&place, json!({"job_title": "secret plan"})).ok();
    seal(&town);
    assert_eq!(types_of(&rep, &contact), ["contact.created", "contact.updated"]);
    owner.patch(&place, json!({"owner_id": town.user(Person::Owner)})).ok();
    owner.patch(&place, json!({"job_title": "another plan"})).ok();
    seal(&town);
    let events = told(&rep, "&types=contact.*");
    assert_eq!(types_of(&rep, &contact), ["contact.access_lost"], "{events:?}");
    assert_eq!(
        (&events[0]["data"], &events[0]["changed"], &events[0]["previous"]),
        (&Value::Null, &json!([]), &json!({}))
    );
    assert!(!json!(events).to_string().contains("plan"));
    assert_eq!(told(&rep, "&types=contact.access_lost").len(), 1);
    owner.patch(&place, mine).ok();
    seal(&town);
    assert_eq!(types_of(&rep, &contact).len(), 5);
    // what is gone is told to whom it was to be seen at last
    owner.delete(&format!("{place}?purge=true")).is_one_of(&[204, 409]);
    seal(&town);
    assert_eq!(types_of(&rep, &contact).last().unwrap(), "contact.purged");
    let stranger = make::reaching(&town, Person::Stranger, "own");
    assert_eq!(types_of(&stranger, &contact), [""; 0]);
}

#[test]
fn a_share_shows_and_its_end_is_told() {
    let town = Town::idle();
    let owner = town.owner();
    let rep = rep(&town);
    let contact = make::id(&make::contact(&owner, json!({})), "id");
    let share = json!({"resource": "contact", "record_id": contact, "user_id": town.user(Person::Rep)});
    let share = make::id(&owner.post("/v1/shares", share).created(), "id");
    seal(&town);
    assert_eq!(types_of(&rep, &contact), ["contact.created"]);
    assert_eq!(types_of(&rep, &share), ["share.created"]);
    assert_eq!(types_of(&make::reaching(&town, Person::Stranger, "own"), &share), [""; 0]);
    owner.delete(&format!("/v1/shares/{share}")).is(204);
    seal(&town);
    assert_eq!(types_of(&rep, &contact), ["contact.access_lost"]);
    assert_eq!(told(&rep, "&types=contact.access_lost&resource=contact").len(), 1);
    assert_eq!(types_of(&owner, &share), ["share.created", "share.deleted"]);
    // gone for good while it was shared
    let share = json!({"resource": "contact", "record_id": contact, "team_id": town.team("north")});
    owner.post("/v1/shares", share).created();
    seal(&town);
    assert_eq!(types_of(&rep, &contact), ["contact.created"]);
    owner.delete(&format!("/v1/contacts/{contact}?purge=true")).is(204);
    seal(&town);
    assert_eq!(types_of(&rep, &contact).last().unwrap(), "contact.access_lost");
}

/// Hidden fields are in no part of an event, and a change of them alone is none.
#[test]
fn what_is_hidden_is_told_by_no_event() {
    let town = Town::idle();
    let owner = town.owner();
    let reads = json!([{"object": "contact", "action": "read", "reach": "all"}]);
    let fields = json!([{"object": "contact", "field": "job_title", "access": "hidden"}]);
    let role = json!({"name": fresh("Role "), "permissions": reads, "fields": fields});
    let role = owner.post("/v1/roles", role).created();
    let user = make::user(&owner, json!({"password": PASSWORD, "role_ids": [role["id"]]}));
    let login = json!({"email": user["email"], "password": PASSWORD});
    let reader =
        town.anonymous().bearing(make::id(&town.anonymous().post("/v1/auth/login", login).ok(), "access_token"));
    let contact = make::id(&make::contact(&owner, json!({"job_title": "hush one"})), "id");
    let place = format!("/v1/contacts/{contact}");
    owner.patch(&place, json!({"job_title": "hush two"})).ok();
    owner.patch(&place, json!({"job_title": "hush three", "department": "Sales"})).ok();
    let point = json!({"kind": "wechat", "value": "ada_1"});
    owner.post(&format!("/v1/contacts/{contact}/contact-points"), point).created();
    seal(&town);
    let events: Vec<Value> =
        told(&reader, "&types=contact.*").into_iter().filter(|event| event["record_id"] == contact).collect();
    let changed: Vec<&Value> = events.iter().map(|event| &event["changed"]).collect();
    assert_eq!(changed, [&json!([]), &json!(["department"]), &json!([])], "a part has changed at last");
    let all = json!(events).to_string();
    assert!(!all.contains("hush") && !all.contains("job_title"), "{all}");
    assert_eq!(types_of(&owner, &contact).len(), 4);
}
