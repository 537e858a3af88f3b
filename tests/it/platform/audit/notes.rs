//! What is no change of a record is noted too: who came in or failed to, rights given and taken, what was refused.
use super::newest;
use crate::support::{Person, Town, fresh, json, make, people::PASSWORD};

fn count(town: &Town, action: &str) -> i64 {
    town.database.count(&format!("SELECT count(*) FROM audit_log WHERE action = '{action}'"))
}

#[test]
fn a_login_that_fails_is_noted_where_it_was_meant_for() {
    let town = Town::idle();
    let wrong = json!({"email": Person::Rep.email(), "password": "no idea at all"});
    let refused = town.anonymous().post("/v1/auth/login", &wrong);
    refused.refused(401, "invalid_credentials");
    let row = newest(&town.owner(), "login.failed");
    assert_eq!(row["object_id"], town.user(Person::Rep));
    assert_eq!(row["address"], "127.0.0.1");
    assert_eq!(row["request_id"], super::request_of(&refused));
    assert!(!row.to_string().contains("no idea"), "{row}");
    // who is nobody has no tenant
    let nobody = json!({"email": "nobody@nowhere.example", "password": "no idea at all"});
    town.anonymous().post("/v1/auth/login", &nobody).refused(401, "invalid_credentials");
    std::thread::sleep(std::time::Duration::from_millis(300));
    assert_eq!(count(&town, "login.failed"), 1);
}

#[test]
fn rights_given_and_taken_are_noted_with_what_they_were() {
    let town = Town::idle();
    let owner = town.owner();
    let (user, role) = (make::user(&owner, json!({})), make::role(&owner, &[("contact", "read", "own")]));
    let place = format!("/v1/users/{}/roles/{}", make::id(&user, "id"), make::id(&role, "id"));
    owner.put(&place, json!({})).is_one_of(&[200, 204]);
    let given = newest(&owner, "user.role_given");
    assert_eq!(
        (given["object_id"].clone(), given["details"]["role_id"].clone()),
        (user["id"].clone(), role["id"].clone())
    );
    owner.delete(&place).is_one_of(&[200, 204]);
    assert_eq!(newest(&owner, "user.role_taken")["details"]["role_id"], role["id"]);
    let hired = make::user(&owner, json!({"role_ids": [role["id"]], "team_ids": [town.team("north")]}));
    assert_eq!(newest(&owner, "user.role_given")["object_id"], hired["id"]);
    assert_eq!(newest(&owner, "team.member_added")["details"]["user_id"], hired["id"]);
}

#[test]
fn passwords_sessions_and_keys_leave_rows() {
    let town = Town::idle();
    let owner = town.owner();
    let user = make::user(&owner, json!({"password": PASSWORD, "role_ids": [town.role("representative")]}));
    let login = json!({"email": user["email"], "password": PASSWORD});
    let client =
        town.anonymous().bearing(make::id(&town.anonymous().post("/v1/auth/login", &login).ok(), "access_token"));
    let entered = newest(&owner, "session.created");
    assert_eq!((entered["actor_id"].clone(), entered["address"].clone()), (user["id"].clone(), json!("127.0.0.1")));
    let another = json!({"current_password": PASSWORD, "new_password": format!("{PASSWORD} and more")});
    client.post("/v1/me/password", another).is(204);
    let row = newest(&owner, "user.password_changed");
    assert_eq!((row["actor_id"].clone(), row["object_id"].clone()), (user["id"].clone(), user["id"].clone()));
    assert!(!row.to_string().contains(PASSWORD));
    let key = client.post("/v1/api-keys", json!({"name": "x", "scopes": ["contacts:read"]})).created();
    client.post(&format!("/v1/api-keys/{}/rotate", make::id(&key, "id")), json!({})).is_one_of(&[200, 201]);
    client.delete(&format!("/v1/api-keys/{}", make::id(&key, "id"))).is(204);
    for action in ["api_key.created", "api_key.updated", "api_key.deleted"] {
        assert_eq!(newest(&owner, action)["object_id"], key["id"], "{action}");
    }
    client.act("/v1/auth/logout").is(204);
    assert_eq!(newest(&owner, "session.deleted")["actor_id"], user["id"]);
    let texts = town.database.text("SELECT string_agg(data::text, '') FROM event_log");
    assert!(!texts.contains(&make::id(&key, "key")) && !texts.contains("argon2"), "a secret stands in an event");
}

/// Once in a while: whoever tries again and again fills nothing.
#[test]
fn what_was_refused_is_noted_once() {
    let town = Town::idle();
    let rep = town.client(Person::Rep);
    for _ in 0..5 {
        rep.post("/v1/products", json!({"sku": fresh("S"), "name": "x"})).refused(403, "forbidden");
    }
    let row = newest(&town.owner(), "request.refused");
    assert_eq!(row["actor_id"], town.user(Person::Rep));
    assert_eq!(row["details"], json!({"operation": "POST /v1/products", "code": "forbidden"}));
    assert_eq!(count(&town, "request.refused"), 1);
    rep.get("/v1/audit-logs").refused(403, "forbidden");
    assert_eq!(count(&town, "request.refused"), 2);
}

#[test]
fn a_key_from_elsewhere_is_noted() {
    let town = Town::idle();
    let new = json!({"name": "x", "scopes": ["contacts:read"], "addresses": ["203.0.113.0/24"]});
    let made = town.owner().post("/v1/api-keys", new).created();
    let client = town.anonymous().bearing(make::id(&made, "key"));
    for _ in 0..3 {
        client.get("/v1/contacts").refused(403, "address_not_allowed");
    }
    let row = newest(&town.owner(), "api_key.refused");
    assert_eq!((row["object_id"].clone(), row["address"].clone()), (made["id"].clone(), json!("127.0.0.1")));
    assert_eq!(count(&town, "api_key.refused"), 1);
}
