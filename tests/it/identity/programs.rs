//! Service accounts, and keys that are bound to addresses or get a new text.
use super::{out_soon, tokens, with};
use crate::support::people::PASSWORD;
use crate::support::{Client, Person, Town, Value, fresh, json, make};

fn key(client: &Client, extra: Value) -> Value {
    client.post("/v1/api-keys", make::with(json!({"name": "test", "scopes": ["contacts:read"]}), extra)).created()
}

fn bearing(town: &Town, key: &Value) -> Client {
    town.anonymous().bearing(make::id(key, "key"))
}

fn account(town: &Town, role: &str) -> Value {
    make::user(&town.owner(), json!({"kind": "service", "role_ids": [town.role(role)]}))
}

#[test]
fn a_key_is_good_from_its_addresses_only() {
    let town = Town::start();
    let owner = town.owner();
    let here = key(&owner, json!({"addresses": ["10.0.0.0/8", "127.0.0.1/32"]}));
    assert_eq!(here["addresses"], json!(["10.0.0.0/8", "127.0.0.1"]));
    bearing(&town, &here).get("/v1/contacts").ok();
    let elsewhere = bearing(&town, &key(&owner, json!({"addresses": ["203.0.113.0/24", "2001:db8::/32"]})));
    for _ in 0..2 {
        elsewhere.get("/v1/contacts").refused(403, "address_not_allowed");
        elsewhere.with("x-forwarded-for", "203.0.113.7").get("/v1/contacts").refused(403, "address_not_allowed");
    }
    for wrong in ["10.0.0.0/33", "example.com", "", "10.0.0", "*"] {
        let refused = owner.post("/v1/api-keys", json!({"name": "x", "scopes": ["*"], "addresses": [wrong]}));
        refused.refused(422, "invalid");
        assert_eq!(refused.pointers(), ["/addresses"], "{wrong}");
    }
}

#[test]
fn a_trusted_proxy_says_where_a_caller_is() {
    let town = Town::configured(|config| config.trusted_proxies = "127.0.0.0/8".parse().unwrap());
    let program = bearing(&town, &key(&town.owner(), json!({"addresses": ["203.0.113.0/24"]})));
    program.with("x-forwarded-for", "203.0.113.7").get("/v1/contacts").ok();
    program.with("x-forwarded-for", "203.0.113.7, 127.0.0.3").get("/v1/contacts").ok();
    for named in ["198.51.100.1", "203.0.113.7, 198.51.100.1", "nonsense", "203.0.113.7, nonsense", ""] {
        program.with("x-forwarded-for", named).get("/v1/contacts").refused(403, "address_not_allowed");
    }
    program.get("/v1/contacts").refused(403, "address_not_allowed");
}

#[test]
fn both_texts_of_a_key_are_good_while_they_overlap() {
    let town = Town::start();
    let owner = town.owner();
    let first = key(&owner, json!({}));
    bearing(&town, &first).get("/v1/contacts").ok();
    let path = format!("/v1/api-keys/{}", make::id(&first, "id"));
    let second = owner.post(&format!("{path}/rotate"), json!({"overlap_seconds": 3600})).ok();
    assert_eq!(second["previous_hint"], first["hint"]);
    assert_ne!(second["key"], first["key"]);
    for text in [&first, &second] {
        bearing(&town, text).get("/v1/contacts").ok();
    }
    let listed = owner.get(&path).ok();
    assert_eq!((&listed["hint"], &listed["previous_hint"]), (&second["hint"], &first["hint"]));
    assert!(listed["previous_expires_at"].is_string() && listed["key"].is_null());
    let third = owner.post(&format!("{path}/rotate"), json!({"overlap_seconds": 1})).ok();
    out_soon(&bearing(&town, &first), "/v1/contacts", 401);
    out_soon(&bearing(&town, &second), "/v1/contacts", 401);
    bearing(&town, &third).get("/v1/contacts").ok();
    owner.post(&format!("{path}/rotate"), json!({"overlap_seconds": -1})).refused(422, "invalid");
    owner.delete(&path).is(204);
    owner.post(&format!("{path}/rotate"), json!({})).refused(404, "not_found");
}

/// Who rotates a key comes to hold it.
#[test]
fn nobody_comes_by_more_through_a_new_text() {
    let town = Town::start();
    let owner = town.owner();
    let wide = key(&owner, json!({"scopes": ["*"]}));
    let narrow = bearing(&town, &key(&owner, json!({"scopes": ["api_keys:update", "api_keys:read", "contacts:read"]})));
    let rotate = |key: &Value| format!("/v1/api-keys/{}/rotate", make::id(key, "id"));
    narrow.post(&rotate(&wide), json!({})).refused(403, "beyond_own_rights");
    let own = key(&owner, json!({}));
    narrow.post(&rotate(&own), json!({})).ok();
    let reps = key(&town.client(Person::Rep), json!({}));
    owner.post(&rotate(&reps), json!({})).refused(422, "unknown_reference");
    town.client(Person::Mate).post(&rotate(&reps), json!({})).refused(404, "not_found");
}

#[test]
fn a_service_account_works_through_keys_and_never_logs_in() {
    let town = Town::start();
    let owner = town.owner();
    let robot = account(&town, "read_only");
    assert_eq!(robot["kind"], "service");
    let made = key(&owner, json!({"user_id": robot["id"], "scopes": ["*"]}));
    assert_eq!(made["user_id"], robot["id"]);
    let program = bearing(&town, &made);
    program.get("/v1/contacts").ok();
    program.post("/v1/contacts", json!({"display_name": "x"})).refused(403, "forbidden");
    assert_eq!(program.get("/v1/me").ok()["user"]["id"], robot["id"]);
    assert_eq!(owner.get("/v1/users?kind=service").ids(), [make::id(&robot, "id")]);
    owner.post(&format!("/v1/api-keys/{}/rotate", make::id(&made, "id")), json!({})).ok();
    let path = format!("/v1/users/{}", make::id(&robot, "id"));
    owner.patch(&path, json!({"password": PASSWORD})).refused(422, "user_without_password");
    let new = json!({"email": format!("{}@town.example", fresh("robot")), "display_name": "x", "kind": "service", "password": PASSWORD});
    owner.post("/v1/users", new).refused(422, "user_without_password");
    // even with a password from somewhere
    let hash = format!(
        "INSERT INTO passwords SELECT tenant_id, '{}', hash, changed_at FROM passwords WHERE user_id = '{}'",
        make::id(&robot, "id"),
        town.user(Person::Rep)
    );
    town.database.run(&hash);
    let login = json!({"email": robot["email"], "password": PASSWORD});
    town.anonymous().post("/v1/auth/login", login).refused(401, "invalid_credentials");
    owner.patch(&path, json!({"is_active": false})).ok();
    out_soon(&program, "/v1/contacts", 401);
}

#[test]
fn keys_for_a_service_account_are_made_by_who_holds_its_rights() {
    let town = Town::start();
    let robot = account(&town, "owner");
    let ask = |client: &Client, id: &Value| {
        client.post("/v1/api-keys", json!({"name": "x", "scopes": ["contacts:read"], "user_id": id}))
    };
    ask(&town.client(Person::Admin), &robot["id"]).refused(403, "beyond_own_rights");
    ask(&town.client(Person::Rep), &robot["id"]).refused(403, "forbidden");
    let owner = town.owner();
    for person in [Person::Rep, Person::Admin] {
        ask(&owner, &json!(town.user(person))).refused(422, "unknown_reference");
    }
    let theirs = make::user(&town.client(Person::Foreigner), json!({"kind": "service"}));
    ask(&owner, &theirs["id"]).refused(422, "unknown_reference");
    owner
        .post("/v1/users", json!({"email": "q@town.example", "display_name": "x", "kind": "queue"}))
        .refused(422, "invalid");
}

/// A program that is an owner could let nobody back in.
#[test]
fn the_last_owner_is_a_person() {
    let town = Town::start();
    account(&town, "owner");
    let me = with(&town, &tokens(&town, Person::Owner));
    me.delete(&format!("/v1/users/{}", town.user(Person::Owner))).refused(409, "last_owner");
}
