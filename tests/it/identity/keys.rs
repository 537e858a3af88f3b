//! API keys: shown once, kept as a hash, no more than their scopes, no longer than their time.
use super::out_soon;
use crate::support::{Client, Person, Town, Value, json, make};

fn key(client: &Client, scopes: &[&str]) -> Value {
    client.post("/v1/api-keys", json!({"name": "test", "scopes": scopes})).created()
}

#[test]
fn a_key_does_what_its_scopes_say() {
    let town = Town::start();
    let owner = town.owner();
    let made = key(&owner, &["contacts:read", "account:create"]);
    let text = make::id(&made, "key");
    assert!(text.starts_with("gx_live_"));
    let program = town.anonymous().bearing(&text);
    program.get("/v1/contacts").ok();
    program.post("/v1/accounts", json!({"name": "x"})).created();
    program.get("/v1/accounts").refused(403, "forbidden");
    program.post("/v1/contacts", json!({"display_name": "x"})).refused(403, "forbidden");
    program.get("/v1/users").refused(403, "forbidden");
    let me = program.get("/v1/me").ok();
    assert_eq!((&me["api_key"]["id"], &me["session"]), (&made["id"], &Value::Null));
    assert_eq!(me["permissions"].as_array().map(Vec::len), Some(2));
    program
        .post("/v1/me/password", json!({"current_password": "x", "new_password": "another good password"}))
        .refused(403, "forbidden");
    let audited = town.database.column(&format!(
        "SELECT action FROM audit_log WHERE api_key_id = '{}' ORDER BY action",
        make::id(&made, "id")
    ));
    assert_eq!(audited, [vec!["account.created"], vec!["request.refused"; 4]].concat());
}

#[test]
fn a_key_is_shown_once_and_kept_as_a_hash() {
    let town = Town::start();
    let owner = town.owner();
    let made = key(&owner, &["*"]);
    let text = make::id(&made, "key");
    for path in ["/v1/api-keys".to_owned(), format!("/v1/api-keys/{}", make::id(&made, "id"))] {
        let shown = owner.get(&path);
        assert!(!shown.text().contains(&text) && !shown.text().contains("\"key\""), "{}", shown.text());
    }
    let secret = &text[text.len() - 20..];
    for table in ["api_keys", "api_key_secrets", "event_log", "audit_log"] {
        let found = town.database.count(&format!("SELECT count(*) FROM {table} t WHERE t::text LIKE '%{secret}%'"));
        assert_eq!(found, 0, "{table} holds the key");
    }
}

#[test]
fn a_key_that_is_not_whole_lets_nobody_in() {
    let town = Town::start();
    let text = make::id(&key(&town.owner(), &["*"]), "key");
    town.anonymous().bearing(&text).get("/v1/me").ok();
    let mut swapped = text.clone().into_bytes();
    let at = swapped.len() - 12;
    swapped[at] = if swapped[at] == b'a' { b'b' } else { b'a' };
    let swapped = String::from_utf8(swapped).unwrap();
    for wrong in [
        swapped,
        text[..text.len() - 1].to_owned(),
        format!("{text}x"),
        text.replace("gx_live_", "gx_test_"),
        text.to_uppercase(),
        "gx_live_".into(),
        format!("gx_live_{}", "0".repeat(80)),
    ] {
        town.anonymous().bearing(&wrong).get("/v1/me").refused(401, "unauthenticated");
    }
}

#[test]
fn a_revoked_key_is_out() {
    let town = Town::start();
    let made = key(&town.owner(), &["*"]);
    let program = town.anonymous().bearing(make::id(&made, "key"));
    program.get("/v1/me").ok();
    town.owner().delete(&format!("/v1/api-keys/{}", make::id(&made, "id"))).is(204);
    out_soon(&program, "/v1/me", 401);
}

#[test]
fn a_key_ends_with_its_time() {
    let town = Town::start();
    let soon = (chrono::Utc::now() + chrono::Duration::seconds(2)).format("%Y-%m-%dT%H:%M:%SZ").to_string();
    let made = town.owner().post("/v1/api-keys", json!({"name": "x", "scopes": ["*"], "expires_at": soon})).created();
    let program = town.anonymous().bearing(make::id(&made, "key"));
    program.get("/v1/me").ok();
    std::thread::sleep(std::time::Duration::from_millis(2100));
    program.get("/v1/me").refused(401, "unauthenticated");
    let past = json!({"name": "x", "scopes": ["*"], "expires_at": "2020-01-01T00:00:00Z"});
    town.owner().post("/v1/api-keys", past).is(422);
}

#[test]
fn a_key_holds_no_more_than_its_maker() {
    let town = Town::start();
    let rep = town.client(Person::Rep);
    let made = key(&rep, &["contacts:read"]);
    let hidden = make::contact(&town.owner(), json!({}));
    let program = town.anonymous().bearing(make::id(&made, "key"));
    program.get(&format!("/v1/contacts/{}", make::id(&hidden, "id"))).refused(404, "not_found");
    for scopes in [
        vec!["contacts:purge"],
        vec!["users:create"],
        vec!["nope:read"],
        vec!["contacts:nope"],
        vec!["contacts"],
        vec![],
    ] {
        let answer = rep.post("/v1/api-keys", json!({"name": "x", "scopes": scopes}));
        assert!([403, 422].contains(&answer.status), "{scopes:?}: {} {}", answer.status, answer.text());
    }
    let maker = key(&town.owner(), &["contacts:read", "api_keys:create"]);
    let maker = town.anonymous().bearing(make::id(&maker, "key"));
    let more = maker.post("/v1/api-keys", json!({"name": "x", "scopes": ["accounts:read"]}));
    assert!([403, 422].contains(&more.status), "{}", more.text());
    assert_eq!(rep.get("/v1/api-keys").ids(), [make::id(&made, "id")], "others' keys are not seen");
    let of_owner = make::id(&key(&town.owner(), &["*"]), "id");
    rep.delete(&format!("/v1/api-keys/{of_owner}")).refused(404, "not_found");
}

#[test]
fn with_its_maker_goes_the_key() {
    let town = Town::start();
    let program = town.anonymous().bearing(make::id(&key(&town.client(Person::Rep), &["contacts:read"]), "key"));
    program.get("/v1/contacts").ok();
    let path = format!("/v1/users/{}", town.user(Person::Rep));
    town.owner().patch(&path, json!({"is_active": false})).ok();
    out_soon(&program, "/v1/contacts", 401);
    out_soon(&town.client(Person::Rep), "/v1/me", 401);
}
