//! Users have data of their own: where they log in from, by what, and when. Records that they made keep their ids.
use super::canary::Bird;
use super::{begun, erased, told};
use crate::support::idp::Idp;
use crate::support::{Person, Town, json, make, people};

#[test]
fn a_user_is_told_everything_but_secrets_and_then_erased() {
    let town = Town::start();
    let owner = town.owner();
    let user = make::user(&owner, json!({"password": people::PASSWORD, "role_ids": [town.role("representative")]}));
    let id = make::id(&user, "id");
    let login = json!({"email": user["email"], "password": people::PASSWORD, "device": "canary device"});
    let tokens = town.anonymous().post("/v1/auth/login", login).ok();
    let themselves = town.anonymous().bearing(make::id(&tokens, "access_token"));
    let key = themselves.post("/v1/api-keys", json!({"name": "canary key", "scopes": ["contacts:read"]})).created();
    themselves.post("/v1/me/factors", json!({"kind": "totp", "name": "canary factor"})).created();
    let device = json!({"platform": "ios", "token": "a token of a canary", "app_version": "1", "locale": "en"});
    themselves.post("/v1/me/devices", device).created();
    let contact = make::contact(&themselves, json!({"display_name": "Sparrow"}));
    let links = format!(
        "INSERT INTO links SELECT tenant_id, id, 'verification', decode(repeat('ab', 32), 'hex'), 'x', TRUE, now(), now() FROM users WHERE id = '{id}';
         INSERT INTO login_challenges SELECT tenant_id, gen_random_uuid(), id, '\\x00', 'x', now() FROM users WHERE id = '{id}'"
    );
    town.database.run(&links);
    let provider = make::id(&Idp::start().provider(&owner, json!({})), "id");
    town.database.run(&format!(
        "INSERT INTO sso_identities SELECT tenant_id, gen_random_uuid(), '{provider}', id, 'x', 'x', now(), 1, now(), now()
         FROM users WHERE id = '{id}'"
    ));
    let secrets = town.database.column(&format!(
        "SELECT encode(refresh_hash, 'hex') FROM sessions WHERE user_id = '{id}' UNION SELECT hash FROM passwords WHERE user_id = '{id}'
         UNION SELECT encode(sealed, 'hex') FROM factor_secrets UNION SELECT encode(hash, 'hex') FROM api_key_secrets"
    ));
    assert!(secrets.len() >= 4);
    let mut bird = Bird { id: id.clone(), kind: "user", word: "canary".into(), planted: Vec::new() };
    bird.plant(&town);
    owner.patch(&format!("/v1/users/{id}"), json!({"is_active": true})).ok();
    let document = told(&owner, "access", "user", &id);
    assert!(bird.missing(&document).is_empty(), "not told: {:?}", bird.missing(&document));
    let text = document.to_string();
    assert!(!secrets.iter().any(|secret| text.contains(secret.as_str())), "a secret is told");
    erased(&owner, "user", &id);
    let left = bird.left(&town);
    assert!(left.is_empty(), "{left:#?}");
    for table in ["sessions", "factors", "api_keys", "passwords", "links", "login_challenges", "devices", "user_roles"]
    {
        let rows = town.database.count(&format!("SELECT count(*) FROM {table} WHERE user_id = '{id}'"));
        assert_eq!(rows, 0, "{table}");
    }
    town.anonymous().bearing(make::id(&key, "key")).get("/v1/contacts").refused(401, "unauthenticated");
    let kept = owner.get(&format!("/v1/contacts/{}", make::id(&contact, "id"))).ok();
    assert_eq!((kept["created_by"].clone(), kept["display_name"].clone()), (json!(id), json!("Sparrow")));
}

/// Somebody has to be left who may do everything, and nobody erases whom they could not archive.
#[test]
fn the_last_owner_stays() {
    let town = Town::start();
    let owner = town.owner();
    let request = begun(&owner, "erasure", "user", &town.user(Person::Owner));
    let refused = owner.act(&format!("/v1/privacy-requests/{request}/complete"));
    assert_eq!(refused.status, 409, "{}", refused.text());
    assert_eq!(owner.get(&format!("/v1/privacy-requests/{request}")).ok()["job_id"], json!(null));
    let admin = town.client(Person::Admin);
    let request = begun(&admin, "erasure", "user", &town.user(Person::Owner));
    admin.act(&format!("/v1/privacy-requests/{request}/complete")).refused(403, "beyond_own_rights");
}
