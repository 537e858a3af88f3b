//! What a key does not do.
use super::{is_replay, keyed};
use crate::support::{Person, Town, json, make};

#[test]
fn another_request_by_the_same_key_is_refused() {
    let town = Town::start();
    let owner = keyed(&town.owner());
    owner.post("/v1/accounts", json!({"name": "One"})).created();
    owner.post("/v1/accounts", json!({"name": "Two"})).refused(422, "idempotency_key_reused");
    owner.post("/v1/accounts?duplicates=allow", json!({"name": "One"})).refused(422, "idempotency_key_reused");
    owner.post("/v1/products", json!({"name": "One"})).refused(422, "invalid");
    let other = json!({"sku": "T", "name": "Tea", "unit_price": {"amount": "1", "currency": "USD"}});
    owner.post("/v1/products", other).refused(422, "idempotency_key_reused");
    assert_eq!(town.database.count("SELECT count(*) FROM products"), 0);
    assert_eq!(town.database.count("SELECT count(*) FROM accounts"), 1);
}

#[test]
fn what_was_refused_may_be_tried_again_by_the_same_key() {
    let town = Town::start();
    let taken = make::contact(&town.owner(), json!({"email": "ada@example.com"}));
    let owner = keyed(&town.owner());
    owner.post("/v1/contacts", json!({"display_name": ""})).refused(422, "invalid");
    let again = json!({"display_name": "Ada", "email": "ada@example.com"});
    for path in ["/v1/contacts", "/v1/contacts?duplicates=allow"] {
        let refused = owner.post(path, &again).refused(409, "contact_email_taken");
        assert_eq!(refused["existing"][0]["id"], taken["id"], "{path}: who has it is told as ever");
    }
    town.owner().patch(&format!("/v1/contacts/{}", make::id(&taken, "id")), json!({"email": null})).ok();
    let made = owner.post("/v1/contacts", &again);
    made.created();
    is_replay(&made, &owner.post("/v1/contacts", &again));
    assert_eq!(town.database.count("SELECT count(*) FROM idempotency_keys"), 1);
}

#[test]
fn what_is_no_key_is_refused() {
    let town = Town::start();
    let owner = town.owner();
    for key in ["", "a b", "\u{e9}", &"x".repeat(256)] {
        let answer = owner.with("idempotency-key", key).post("/v1/accounts", json!({"name": "x"}));
        answer.refused(400, "malformed");
    }
    let twice = owner.with("idempotency-key", "a").with("idempotency-key", "b");
    twice.post("/v1/accounts", json!({"name": "x"})).refused(400, "malformed");
    assert_eq!(town.database.count("SELECT count(*) FROM accounts"), 0);
    let longest = owner.with("idempotency-key", "x".repeat(255));
    longest.post("/v1/accounts", json!({"name": "x"})).created();
}

/// A key opens nothing: not to strangers, not to those who may not any more.
#[test]
fn who_may_not_learns_nothing_by_a_key() {
    let town = Town::start();
    let new = json!({"name": "x"});
    let rep = town.client(Person::Rep).with("idempotency-key", "k");
    rep.post("/v1/accounts", &new).created();
    for key in ["k", "a b"] {
        town.anonymous().with("idempotency-key", key).post("/v1/accounts", &new).refused(401, "unauthenticated");
        let reader = town.client(Person::ReadOnly).with("idempotency-key", key);
        reader.post("/v1/accounts", &new).refused(403, "forbidden");
    }
    let path = format!("/v1/users/{}/roles/{}", town.user(Person::Rep), town.role("representative"));
    town.owner().delete(&path).ok();
    rep.post("/v1/accounts", &new).refused(403, "forbidden");
}

#[test]
fn reading_and_logging_in_take_no_notice_of_a_key() {
    let town = Town::start();
    let owner = town.owner().with("idempotency-key", "k");
    for _ in 0..2 {
        assert_eq!(owner.get("/v1/accounts").header("idempotency-replayed"), "");
        let login = json!({"email": Person::Rep.email(), "password": crate::support::people::PASSWORD});
        let answer = town.anonymous().with("idempotency-key", "k").post("/v1/auth/login", login);
        answer.ok();
        assert_eq!(answer.header("idempotency-replayed"), "");
    }
    assert_eq!(town.database.count("SELECT count(*) FROM idempotency_keys"), 0);
}

/// What is only asked for may wait: a refusal gives its connection back.
#[test]
fn refusals_hold_nothing() {
    let town = Town::idle();
    let owner = town.owner();
    for _ in 0..30 {
        let nobody = crate::support::nobodys_id();
        keyed(&owner).delete(&format!("/v1/accounts/{nobody}")).refused(404, "not_found");
    }
    let open = "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND state LIKE 'idle in%'";
    assert_eq!(town.database.count(open), 0);
    keyed(&owner).post("/v1/accounts", json!({"name": "x"})).created();
}
