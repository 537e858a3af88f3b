//! Who is probably there already: refused with the candidates, asked for without writing, and let through on demand.
use crate::support::{Town, json, make};

#[test]
fn a_second_contact_with_the_same_address_is_refused() {
    let town = Town::start();
    let owner = town.owner();
    let first = make::contact(&owner, json!({"email": "ada@example.com"}));
    let new = json!({"display_name": "Other", "email": "ADA@example.com"});
    for query in ["", "?duplicates=reject", "?duplicates=allow"] {
        let refused = owner.post(&format!("/v1/contacts{query}"), &new).refused(409, "contact_email_taken");
        assert_eq!(refused["existing"], json!([{"id": first["id"], "match_rule": "email", "score": 100}]), "{query}");
    }
    let other = make::contact(&owner, json!({"email": "bob@example.com"}));
    let path = format!("/v1/contacts/{}", make::id(&other, "id"));
    let refused = owner.patch(&path, json!({"email": "ada@example.com"})).refused(409, "contact_email_taken");
    assert_eq!(refused["existing"][0]["id"], first["id"]);
}

#[test]
fn the_same_name_and_number_is_probably_the_same() {
    let town = Town::start();
    let owner = town.owner();
    let first = make::contact(&owner, json!({"display_name": "王伟", "phone": "+8613800138000"}));
    let new = json!({"display_name": "王伟", "phone": "+86 138 0013 8000"});
    let refused = owner.post("/v1/contacts", &new).refused(409, "duplicate");
    assert_eq!(refused["existing"][0]["id"], first["id"]);
    assert!(refused["existing"][0]["score"].as_i64().unwrap() >= 80);
    let asked = owner.post("/v1/contacts/duplicates", &new).ok();
    assert_eq!(asked, refused["existing"]);
    assert_eq!(town.database.count("SELECT count(*) FROM contacts"), 1);
    owner.post("/v1/contacts?duplicates=allow", &new).created();
    owner.post("/v1/contacts?duplicates=perhaps", &new).is(400);
}

#[test]
fn a_household_may_share_a_number() {
    let town = Town::start();
    let owner = town.owner();
    make::contact(&owner, json!({"display_name": "He", "phone": "+8613800138000"}));
    let she = json!({"display_name": "She", "phone": "+8613800138000"});
    let asked = owner.post("/v1/contacts/duplicates", &she).ok();
    assert_eq!(asked[0]["match_rule"], "phone");
    owner.post("/v1/contacts", &she).created();
}

#[test]
fn accounts_are_known_by_number_and_name() {
    let town = Town::start();
    let owner = town.owner();
    let first = make::account(&owner, json!({"name": "Acme Ltd", "tax_number": "9131"}));
    let refused = owner
        .post("/v1/accounts", json!({"name": "Other", "tax_number": "9131"}))
        .refused(409, "account_tax_number_taken");
    assert_eq!(refused["existing"][0]["id"], first["id"]);
    let asked = owner.post("/v1/accounts/duplicates", json!({"name": "Acme Ltd"})).ok();
    assert_eq!(asked[0]["id"], first["id"], "{asked}");
}

/// Twenty at once with one address: one is made, the others are told who has it.
#[test]
fn twenty_at_once_with_one_address_make_one_contact() {
    let town = Town::start();
    let owner = town.owner();
    let statuses: Vec<u16> = std::thread::scope(|scope| {
        let create = |_| {
            let owner = &owner;
            scope.spawn(move || {
                let answer = owner.post("/v1/contacts", json!({"display_name": "x", "email": "one@example.com"}));
                if answer.status == 409 {
                    assert_eq!(answer.json()["existing"].as_array().map(Vec::len), Some(1), "{}", answer.text());
                }
                answer.status
            })
        };
        let all: Vec<_> = (0..20).map(create).collect();
        all.into_iter().map(|one| one.join().unwrap()).collect()
    });
    assert_eq!(statuses.iter().filter(|status| **status == 201).count(), 1, "{statuses:?}");
    assert_eq!(statuses.iter().filter(|status| **status == 409).count(), 19, "{statuses:?}");
}
