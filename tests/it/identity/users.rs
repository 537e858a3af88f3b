//! Users: an address of their own, a password that nobody sees, out at once when they go.
use super::{out_soon, tokens, with};
use crate::support::people::PASSWORD;
use crate::support::{Person, Town, encoded, json, make};

#[test]
fn a_user_goes_through_their_life() {
    let town = Town::start();
    let owner = town.owner();
    let user = make::user(
        &owner,
        json!({"email": "Li.Na@Example.cn", "display_name": "李娜", "password": PASSWORD,
        "role_ids": [town.role("representative")], "team_ids": [town.team("north")]}),
    );
    assert_eq!(user["email"], "li.na@example.cn");
    assert!(user.get("password").is_none());
    let path = format!("/v1/users/{}", make::id(&user, "id"));
    assert_eq!(owner.get(&path).ok(), user);
    assert_eq!(owner.get(&format!("{path}/roles")).ok()[0]["builtin"], "representative");
    assert_eq!(owner.get(&format!("/v1/users?q={}", encoded("李娜"))).ids(), [make::id(&user, "id")]);
    let login = json!({"email": "li.na@example.cn", "password": PASSWORD});
    let tokens = town.anonymous().post("/v1/auth/login", &login).ok();
    let client = with(&town, &tokens);
    client.get("/v1/contacts").ok();
    assert_eq!(owner.if_match(1).patch(&path, json!({"display_name": "李娜娜"})).ok()["display_name"], "李娜娜");
    owner.if_match(1).patch(&path, json!({"display_name": "x"})).refused(412, "stale");
    owner.delete(&path).is(204);
    out_soon(&client, "/v1/me", 401);
    town.anonymous().post("/v1/auth/login", &login).refused(401, "invalid_credentials");
    owner.act(&format!("{path}/restore")).ok();
    town.anonymous().post("/v1/auth/login", &login).ok();
}

#[test]
fn an_address_is_one_users() {
    let town = Town::start();
    let owner = town.owner();
    let refused = owner
        .post("/v1/users", json!({"email": "REP@town.example", "display_name": "x"}))
        .refused(409, "user_email_taken");
    assert_eq!(refused["existing"][0]["id"], town.user(Person::Rep));
    let path = format!("/v1/users/{}", town.user(Person::Mate));
    owner.patch(&path, json!({"email": "rep@town.example"})).refused(409, "user_email_taken");
}

#[test]
fn a_weak_password_is_refused() {
    let town = Town::start();
    for password in ["short", "password123", "new@town.example", "1234567890", "aaaaaaaaaaaaaaa"] {
        let new = json!({"email": "new@town.example", "display_name": "x", "password": password});
        let answer = town.owner().post("/v1/users", new);
        answer.refused(422, "invalid");
        assert_eq!(answer.pointers(), ["/password"], "{password}");
        assert!(password.len() < 10 || !answer.text().contains(password), "the password is told: {}", answer.text());
    }
}

/// Neither hash nor password stands anywhere but where it must.
#[test]
fn a_password_is_kept_as_a_hash_alone() {
    let town = Town::start();
    tokens(&town, Person::Rep);
    for table in ["users", "passwords", "event_log", "audit_log", "sessions"] {
        let found = format!("SELECT count(*) FROM {table} t WHERE t::text LIKE '%{PASSWORD}%'");
        assert_eq!(town.database.count(&found), 0, "{table} holds a password");
        if table != "passwords" {
            assert_eq!(
                town.database.count(&format!("SELECT count(*) FROM {table} t WHERE t::text LIKE '%argon2%'")),
                0,
                "{table} holds a hash"
            );
        }
    }
    let kept = town.database.column("SELECT hash FROM passwords");
    assert!(kept.iter().all(|hash| hash.starts_with("$argon2id$v=19$m=19456,t=2,p=1$")), "{kept:?}");
}

#[test]
fn sellers_see_who_there_is_and_change_nobody() {
    let town = Town::start();
    let rep = town.client(Person::Rep);
    assert!(rep.get("/v1/users?limit=200").ids().len() >= 8);
    let path = format!("/v1/users/{}", town.user(Person::Mate));
    rep.patch(&path, json!({"display_name": "x"})).refused(403, "forbidden");
    rep.delete(&path).refused(403, "forbidden");
    rep.post("/v1/users", json!({"email": "x@town.example", "display_name": "x"})).refused(403, "forbidden");
    assert_eq!(rep.patch("/v1/me", json!({"display_name": "Repp"})).ok()["display_name"], "Repp");
    rep.patch("/v1/me", json!({"is_active": true})).refused(422, "invalid");
    rep.patch("/v1/tenant", json!({"name": "Mine"})).refused(403, "forbidden");
    assert_eq!(rep.get("/v1/tenant").ok()["name"], "Town");
    assert_eq!(town.client(Person::Foreigner).get("/v1/tenant").ok()["name"], "Next door");
}
