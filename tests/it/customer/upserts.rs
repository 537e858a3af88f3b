//! Put by a key: made where there is none, changed where there is one, and one only however many ask at once.
use crate::support::{Client, Town, Value, json, make};

/// Twenty at once; the ids that came back.
fn at_once(client: &Client, path: &str, body: impl Fn(usize) -> Value + Sync) -> Vec<String> {
    std::thread::scope(|scope| {
        let put = |n: usize| {
            let body = &body;
            scope.spawn(move || {
                let answer = client.put(path, body(n));
                assert!([200, 201].contains(&answer.status), "{}", answer.text());
                (answer.status, make::id(&answer.json(), "id"))
            })
        };
        let all: Vec<_> = (0..20).map(put).collect();
        let all: Vec<(u16, String)> = all.into_iter().map(|one| one.join().unwrap()).collect();
        assert_eq!(all.iter().filter(|(status, _)| *status == 201).count(), 1, "{path}: {all:?}");
        all.into_iter().map(|(_, id)| id).collect()
    })
}

fn one_record(town: &Town, path: &str, table: &str, body: impl Fn(usize) -> Value + Sync) {
    let ids = at_once(&town.owner(), path, body);
    assert!(ids.iter().all(|id| *id == ids[0]), "{path}: {ids:?}");
    assert_eq!(town.database.count(&format!("SELECT count(*) FROM {table}")), 1, "{path}");
    assert_eq!(town.database.count(&format!("SELECT version FROM {table}")), 20, "{path}");
}

#[test]
fn twenty_at_once_by_email_make_one_contact() {
    let town = Town::start();
    one_record(&town, "/v1/contacts/by/email/ada@example.com", "contacts", |n| json!({"job_title": format!("T{n}")}));
}

#[test]
fn twenty_at_once_by_phone_make_one_contact() {
    let town = Town::start();
    one_record(
        &town,
        "/v1/contacts/by/phone/%2B8613800138000",
        "contacts",
        |n| json!({"display_name": "Ada", "job_title": format!("T{n}")}),
    );
}

#[test]
fn twenty_at_once_by_external_id_make_one_contact() {
    let town = Town::start();
    one_record(
        &town,
        "/v1/contacts/by/ext:shopify/cus_1",
        "contacts",
        |n| json!({"display_name": "Ada", "job_title": format!("T{n}")}),
    );
    assert_eq!(town.database.count("SELECT count(*) FROM external_refs"), 1);
}

#[test]
fn twenty_at_once_by_tax_number_make_one_account() {
    let town = Town::start();
    one_record(
        &town,
        "/v1/accounts/by/tax_number/9131",
        "accounts",
        |n| json!({"name": "Acme", "industry": format!("I{n}")}),
    );
}

#[test]
fn twenty_at_once_by_name_make_one_account() {
    let town = Town::start();
    one_record(&town, "/v1/accounts/by/name/Acme", "accounts", |n| json!({"industry": format!("I{n}")}));
}

#[test]
fn an_upsert_makes_and_then_changes() {
    let town = Town::start();
    let owner = town.owner();
    let path = "/v1/contacts/by/email/Ada@Example.com";
    let made = owner.put(path, json!({"display_name": "Ada", "department": "IT"}));
    let id = make::id(&made.created(), "id");
    assert_eq!((made.header("etag"), made.header("location")), ("\"1\"", format!("/v1/contacts/{id}").as_str()));
    assert_eq!(made.json()["email"], "ada@example.com");
    let changed = owner.put(path, json!({"job_title": "CTO"})).ok();
    assert_eq!(
        (&changed["id"], &changed["department"], &changed["job_title"]),
        (&json!(id), &json!("IT"), &json!("CTO"))
    );
    owner.put(path, json!({"nope": 1})).refused(422, "invalid");
    owner.put(path, json!({"gender": "robot", "birth_on": "never"})).refused(422, "invalid");
    owner.if_match(1).put(path, json!({"job_title": "CEO"})).refused(412, "stale");
    owner.if_match(2).put(path, json!({"job_title": "CEO"})).ok();
}

#[test]
fn the_mode_says_what_an_upsert_may_do() {
    let town = Town::start();
    let owner = town.owner();
    let put = |mode: &str| owner.put(&format!("/v1/contacts/by/ext:erp/7?mode={mode}"), json!({"display_name": "Ada"}));
    put("update_only").refused(404, "not_found");
    put("create_only").created();
    let refused = put("create_only").refused(409, "already_exists");
    assert_eq!(refused["existing"].as_array().map(Vec::len), Some(1));
    put("update_only").ok();
    put("upsert").ok();
    put("delete").is(400);
}

#[test]
fn more_than_one_match_is_for_people_to_decide() {
    let town = Town::start();
    let owner = town.owner();
    let first = make::contact(&owner, json!({"display_name": "He", "phone": "+8613800138000"}));
    make::contact(&owner, json!({"display_name": "She", "phone": "+8613800138000"}));
    let refused =
        owner.put("/v1/contacts/by/phone/%2B8613800138000", json!({"job_title": "x"})).refused(409, "ambiguous");
    let existing = refused["existing"].as_array().unwrap();
    assert_eq!(existing.len(), 2);
    assert!(existing.iter().any(|one| one["id"] == first["id"]));
}

#[test]
fn a_key_that_is_none_is_refused() {
    let town = Town::start();
    let owner = town.owner();
    for key in ["job_title", "id", "ext", "ext:", "nope", "email'"] {
        owner.put(&format!("/v1/contacts/by/{key}/x"), json!({"display_name": "x"})).refused(422, "invalid");
    }
    owner.put("/v1/contacts/by/email/nobody", json!({"display_name": "x"})).refused(422, "invalid");
}
