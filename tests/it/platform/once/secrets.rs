//! What is kept of an answer, and for how long.
use super::{is_replay, keyed};
use crate::support::{Town, json, make, people::PASSWORD};
use kernel::TenantId;
use std::collections::BTreeSet;

#[test]
fn a_secret_is_not_given_twice_and_not_made_twice() {
    let town = Town::start();
    let owner = keyed(&town.owner());
    let new = json!({"name": "x", "scopes": ["*"]});
    let made = owner.post("/v1/api-keys", &new);
    let secret = make::id(&made.created(), "key");
    assert_eq!(made.header("cache-control"), "no-store");
    owner.post("/v1/api-keys", &new).refused(409, "idempotency_answer_gone");
    assert_eq!(town.database.count("SELECT count(*) FROM api_keys"), 1);
    let kept = town.database.text("SELECT row_to_json(k) FROM idempotency_keys k");
    assert!(!kept.contains(&secret) && kept.contains("\"body\":null"), "{kept}");
}

/// The old password is the right one no longer, and is not asked for again.
#[test]
fn a_password_is_changed_once_and_its_hash_cannot_be_guessed() {
    let town = Town::start();
    let owner = keyed(&town.owner());
    let change = json!({"current_password": PASSWORD, "new_password": "a longer walk by the lake"});
    let first = owner.post("/v1/me/password", &change);
    first.is(204);
    is_replay(&first, &owner.post("/v1/me/password", &change));
    // the same body by another key is another hash
    let rest = town.owner();
    rest.with("idempotency-key", "a").post("/v1/accounts?duplicates=allow", json!({"name": "x"})).created();
    rest.with("idempotency-key", "b").post("/v1/accounts?duplicates=allow", json!({"name": "x"})).created();
    let hashes: BTreeSet<String> =
        town.database.column("SELECT request_hash FROM idempotency_keys").into_iter().collect();
    assert_eq!(hashes.len(), 3);
}

#[test]
fn who_is_erased_stands_in_no_answer_that_is_kept() {
    let town = Town::start();
    let owner = keyed(&town.owner());
    let new = json!({"display_name": "Canary Quill", "email": "canary@example.com"});
    let id = make::id(&owner.post("/v1/contacts", &new).created(), "id");
    let point = keyed(&town.owner());
    let phone = json!({"kind": "phone", "value": "+14155550177"});
    point.post(&format!("/v1/contacts/{id}/contact-points"), &phone).created();
    let other = keyed(&town.owner());
    let stays = other.post("/v1/contacts", json!({"display_name": "Somebody else"}));
    let tenant: uuid::Uuid = town.database.text("SELECT tenant_id FROM contacts LIMIT 1").parse().unwrap();
    let forget =
        |tenant| platform::once::forget(&mut town.database.conn(), TenantId(tenant), &[id.parse().unwrap()]).unwrap();
    assert_eq!(forget(uuid::Uuid::now_v7()), 0);
    assert_eq!(forget(tenant), 2);
    let kept = town
        .database
        .column("SELECT encode(coalesce(body, ''), 'escape') || headers || record_ids::text FROM idempotency_keys");
    assert!(!kept.iter().any(|row| row.contains("anary") || row.contains(&id)), "{kept:#?}");
    // it is not made once more by somebody who has not heard of it
    town.owner().delete(&format!("/v1/contacts/{id}?purge=true")).is(204);
    owner.post("/v1/contacts", &new).refused(409, "idempotency_answer_gone");
    point.post(&format!("/v1/contacts/{id}/contact-points"), &phone).refused(409, "idempotency_answer_gone");
    is_replay(&stays, &other.post("/v1/contacts", json!({"display_name": "Somebody else"})));
}

#[test]
fn answers_are_kept_for_three_days() {
    let town = Town::start();
    let owner = keyed(&town.owner());
    owner.post("/v1/accounts", json!({"name": "x"})).created();
    keyed(&town.owner()).post("/v1/accounts", json!({"name": "y"})).created();
    let clear =
        || platform::once::clear(&mut town.database.conn(), kernel::clock::now() - platform::once::KEPT).unwrap();
    town.database.run("UPDATE idempotency_keys SET created_at = now() - interval '71 hours 59 minutes'");
    assert_eq!(clear(), 0);
    town.database.run("UPDATE idempotency_keys SET created_at = now() - interval '72 hours 1 minute' WHERE ctid = (SELECT min(ctid) FROM idempotency_keys)");
    assert_eq!(clear(), 1);
    // the worker does it by itself
    let database = town.leave();
    database.run("UPDATE idempotency_keys SET created_at = now() - interval '73 hours'");
    let town = Town::on(database);
    let since = std::time::Instant::now();
    while town.database.count("SELECT count(*) FROM idempotency_keys") > 0 {
        assert!(since.elapsed().as_secs() < 20, "nobody clears away");
        std::thread::sleep(std::time::Duration::from_millis(20));
    }
}
