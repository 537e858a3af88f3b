//! An endpoint is sent what its user sees, as they see it, and nothing once they are let in no more.
use super::{endpoint, path, types, until};
use crate::support::people::PASSWORD;
use crate::support::{Client, Person, Receiver, Town, Value, fresh, json, make};

/// Somebody in place of a role of their own, logged in.
fn somebody(town: &Town, permissions: &[(&str, &str, &str)], fields: &Value) -> (Value, Client) {
    let owner = town.owner();
    let wires = [
        ("webhook_endpoint", "create", "all"),
        ("webhook_endpoint", "read", "all"),
        ("webhook_endpoint", "update", "all"),
        ("webhook_delivery", "read", "all"),
    ];
    let all: Vec<Value> = permissions
        .iter()
        .chain(&wires)
        .map(|(object, action, reach)| json!({"object": object, "action": action, "reach": reach}))
        .collect();
    let role = json!({"name": fresh("Role "), "permissions": all, "fields": fields});
    let role = owner.post("/v1/roles", role).created();
    let user = make::user(&owner, json!({"password": PASSWORD, "role_ids": [role["id"]]}));
    let tokens = town.anonymous().post("/v1/auth/login", json!({"email": user["email"], "password": PASSWORD})).ok();
    (user, town.anonymous().bearing(make::id(&tokens, "access_token")))
}

#[test]
fn what_is_not_seen_is_not_sent() {
    let town = Town::start();
    let owner = town.owner();
    let hidden = json!([{"object": "contact", "field": "phone", "access": "hidden"}]);
    let (user, seller) = somebody(&town, &[("contact", "read", "own")], &hidden);
    let receiver = Receiver::start();
    endpoint(&seller, &receiver, json!({"events": ["*"]}));
    make::contact(&owner, json!({"display_name": "Somebody else's"}));
    make::account(&owner, json!({}));
    let own = make::contact(&owner, json!({"owner_id": user["id"], "phone": "+8613800138000"}));
    let place = format!("/v1/contacts/{}", make::id(&own, "id"));
    owner.patch(&place, json!({"phone": "+8613800138001"})).ok();
    owner.patch(&place, json!({"phone": "+8613800138002", "job_title": "Buyer"})).ok();
    let came = receiver.parcels(2);
    std::thread::sleep(std::time::Duration::from_millis(800));
    let contacts: Vec<Value> =
        receiver.kept().iter().map(|one| one.json()).filter(|one| one["resource"] == "contact").collect();
    assert_eq!(contacts.len(), 2, "{:?}", types(&came));
    for event in &contacts {
        assert_eq!(event["record_id"], own["id"]);
        assert!(!event.to_string().contains("8613800138"), "{event}");
    }
    let updated = contacts.iter().find(|event| event["type"] == "contact.updated").unwrap();
    assert_eq!(updated["changed"], json!(["job_title"]));
    // out of sight, it is told that it is; and nothing more
    owner.patch(&place, json!({"owner_id": town.user(Person::Owner)})).ok();
    until("that it has gone", || types(&receiver.kept()).contains(&"contact.access_lost".to_owned()));
    owner.patch(&place, json!({"job_title": "Director"})).ok();
    std::thread::sleep(std::time::Duration::from_millis(800));
    assert!(receiver.kept().iter().all(|one| !String::from_utf8_lossy(&one.body).contains("Director")));
}

/// Whoever says where to is sent what they see, and not what the one before them saw.
#[test]
fn whoever_says_where_to_is_in_whose_eyes() {
    let town = Town::start();
    let owner = town.owner();
    let (user, seller) = somebody(&town, &[("contact", "read", "own")], &json!([]));
    let (theirs, taken) = (Receiver::start(), Receiver::start());
    let endpoint = endpoint(&owner, &theirs, json!({}));
    assert_eq!(endpoint["user_id"].as_str(), Some(town.user(Person::Owner).as_str()));
    let kept = seller.patch(&path(&endpoint), json!({"description": "no change of what is sent"})).ok();
    assert_eq!(kept["user_id"], endpoint["user_id"]);
    let moved = seller.patch(&path(&endpoint), json!({"url": taken.url()})).ok();
    assert_eq!(moved["user_id"], user["id"]);
    make::contact(&owner, json!({"display_name": "Not theirs"}));
    let own = make::contact(&owner, json!({"owner_id": user["id"]}));
    assert_eq!(taken.parcels(1)[0].json()["record_id"], own["id"]);
    std::thread::sleep(std::time::Duration::from_millis(500));
    assert_eq!((taken.kept().len(), theirs.kept().len()), (1, 0));
}

/// A key sets up no more than it may read itself.
#[test]
fn a_key_has_nothing_sent_that_it_could_not_read() {
    let (town, receiver) = (Town::start(), Receiver::start());
    let owner = town.owner();
    let scopes = json!(["webhook-endpoints:create", "webhook-endpoints:read", "accounts:read"]);
    let scopes = match owner.post("/v1/api-keys", json!({"name": "hooks", "scopes": scopes})) {
        made if made.status == 201 => made.json(),
        _ => owner
            .post("/v1/api-keys", json!({"name": "hooks", "scopes": ["webhook_endpoint:create", "webhook_endpoint:read", "account:read"]}))
            .created(),
    };
    let key = town.anonymous().bearing(make::id(&scopes, "key"));
    endpoint(&key, &receiver, json!({"events": ["*"]}));
    make::contact(&owner, json!({}));
    make::account(&owner, json!({}));
    let came = receiver.parcels(1);
    std::thread::sleep(std::time::Duration::from_millis(800));
    assert!(types(&receiver.kept()).iter().all(|name| !name.starts_with("contact.")), "{:?}", types(&receiver.kept()));
    assert!(types(&receiver.kept()).contains(&"account.created".to_owned()), "{:?}", types(&came));
}

#[test]
fn nothing_is_sent_for_those_who_are_suspended() {
    let (town, receiver) = (Town::start(), Receiver::start());
    let owner = town.owner();
    let (user, seller) = somebody(&town, &[("contact", "read", "all")], &json!([]));
    let endpoint = endpoint(&seller, &receiver, json!({}));
    make::contact(&owner, json!({}));
    receiver.parcels(1);
    owner.patch(&format!("/v1/users/{}", make::id(&user, "id")), json!({"is_active": false})).ok();
    // what they may do is known for four seconds
    std::thread::sleep(std::time::Duration::from_secs(5));
    make::contact(&owner, json!({}));
    owner.act(&format!("{}/test", path(&endpoint))).is(202);
    std::thread::sleep(std::time::Duration::from_millis(1500));
    assert_eq!(receiver.kept().len(), 1);
    let tried = owner.get(&super::deliveries(&endpoint, "&status=pending")).ok();
    assert_eq!(tried["data"][0]["attempts"][0]["error"], "sender_inactive", "{tried}");
}

#[test]
fn tenants_are_told_of_themselves() {
    let town = Town::start();
    let (owner, neighbour) = (town.owner(), town.client(Person::Foreigner));
    let [here, there] = [(); 2].map(|()| Receiver::start());
    endpoint(&owner, &here, json!({"events": ["*"]}));
    let theirs = endpoint(&neighbour, &there, json!({}));
    make::contact(&neighbour, json!({"display_name": "canary"}));
    make::contact(&owner, json!({}));
    there.parcels(1);
    here.parcels(1);
    std::thread::sleep(std::time::Duration::from_millis(500));
    assert!(here.kept().iter().all(|one| !String::from_utf8_lossy(&one.body).contains("canary")));
    assert_eq!(there.kept().len(), 1);
    owner.get(&path(&theirs)).refused(404, "not_found");
    let delivery = neighbour.get(&super::deliveries(&theirs, "")).ids();
    owner.get(&format!("/v1/webhook-deliveries/{}", delivery[0])).refused(404, "not_found");
    assert!(owner.get(&super::deliveries(&theirs, "")).ids().is_empty());
}
