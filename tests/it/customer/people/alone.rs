//! One of both by itself: an account that was archived alone, and what is asked of the one when the other changes.
use super::life::by_age;
use super::{at, whose};
use crate::customer::without;
use crate::platform::own::field;
use crate::support::{Client, Town, Value, json, make};

/// The account of a contact who was there before, which is archived while they live.
fn left(owner: &Client) -> Value {
    let contact = make::contact(owner, json!({"email": "ada@example.com"}));
    let lead = make::lead(owner, json!({"email": "ada@example.com"}));
    let path = format!("/v1/leads/{}", make::id(&lead, "id"));
    let into = json!({"account": {"person": true}, "contact": {"id": contact["id"]}});
    let done = owner.post(&format!("{path}/convert"), into).ok();
    let account = owner.get(&format!("/v1/accounts/{}", make::id(&done, "account_id"))).ok();
    owner.act(&format!("{path}/unconvert")).ok();
    owner.get(&at(&account)).refused(404, "not_found");
    account
}

#[test]
fn an_account_that_was_archived_alone_goes_alone() {
    for by_policy in [false, true] {
        let town = Town::start();
        let owner = town.owner();
        let account = left(&owner);
        if by_policy {
            town.database.run("UPDATE accounts SET created_at = now() - interval '2 years'");
            assert_eq!(by_age(&owner, "account", "anonymise"), json!([0, 1]), "what it says is the contact's");
            assert_eq!(by_age(&owner, "account", "purge"), json!([1, 0]));
        } else {
            owner.delete(&format!("{}?purge=true", at(&account))).is(204);
        }
        assert_eq!(owner.get(&whose(&account)).ok()["email"], "ada@example.com");
        assert_eq!(town.database.count("SELECT count(*) FROM accounts"), 0);
        let purged = "SELECT count(*) FROM event_log WHERE name = 'account.purged'";
        assert_eq!(town.database.count(purged), 1);
    }
}

/// Whoever changes a contact has said nothing of the account, and may not even see it.
#[test]
fn a_change_of_the_contact_does_not_ask_the_rules_of_the_account() {
    let town = Town::start();
    let owner = town.owner();
    field(&owner, "account", "credit", "decimal", json!({"rule": "phone != null"}));
    let account = make::person(&owner, json!({"phone": "+4930123456"}));
    owner.patch(&at(&account), json!({"custom": {"credit": "100"}})).ok();
    owner.patch(&whose(&account), json!({"phone": null})).ok();
    assert_eq!(owner.get(&at(&account)).ok()["phone"], Value::Null);
    assert_eq!(owner.patch(&at(&account), json!({"custom": {"credit": "200"}})).pointers(), ["/custom/credit"]);
}

#[test]
fn what_is_taken_is_told_of_the_contact_by_no_other_door() {
    let town = Town::start();
    let owner = town.owner();
    let account = make::person(&owner, json!({"email": "ada@example.com"}));
    owner.delete(&at(&account)).is(204);
    make::contact(&owner, json!({"email": "ada@example.com"}));
    let blind = without(&town, &[("contact", "email", "hidden")]);
    for path in [at(&account), whose(&account)] {
        owner.act(&format!("{path}/restore")).refused(409, "contact_email_taken");
        let told = blind.act(&format!("{path}/restore")).refused(409, "already_exists");
        assert!(told.get("existing").is_none_or(|all| all == &json!([])), "{told}");
    }
}

#[test]
fn an_upsert_makes_nobody_of_an_organisation_and_nobody_else_of_somebody() {
    let town = Town::start();
    let owner = town.owner();
    let by = |id: u8, body: Value| owner.put(&format!("/v1/accounts/by/ext:shop/{id}"), body);
    by(1, json!({"name": "Acme"})).created();
    let ada = json!({"person": {"display_name": "Ada"}});
    assert_eq!(by(1, ada.clone()).pointers(), ["/person"]);
    let account = by(2, ada.clone()).created();
    by(2, ada).ok();
    let other = make::contact(&owner, json!({}));
    for id in [1, 2] {
        assert_eq!(by(id, json!({"person_id": other["id"]})).pointers(), ["/person_id"]);
    }
    by(2, json!({"person_id": account["person_id"], "rating": "hot"})).ok();
    assert_eq!(owner.get(&at(&account)).ok()["rating"], "hot");
}
