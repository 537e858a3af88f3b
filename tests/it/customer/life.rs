//! Archived, restored, gone for good.
use crate::support::{Person, Town, json, make};

#[test]
fn what_is_archived_is_out_of_sight_and_can_come_back() {
    let town = Town::start();
    let owner = town.owner();
    for (resource, made) in
        [("contacts", make::contact(&owner, json!({}))), ("accounts", make::account(&owner, json!({})))]
    {
        let (list, path) = (format!("/v1/{resource}"), format!("/v1/{resource}/{}", make::id(&made, "id")));
        owner.delete(&path).is(204);
        owner.get(&path).refused(404, "not_found");
        owner.patch(&path, json!({"description": "x"})).refused(404, "not_found");
        owner.delete(&path).refused(404, "not_found");
        let ids = |deleted: &str| owner.get(&format!("{list}{deleted}")).ids().len();
        assert_eq!([ids(""), ids("?deleted=exclude"), ids("?deleted=only"), ids("?deleted=include")], [0, 0, 1, 1]);
        let back = owner.act(&format!("{path}/restore")).ok();
        assert_eq!((back["deleted_at"].is_null(), back["version"].as_i64()), (true, Some(3)));
        assert_eq!(owner.act(&format!("{path}/restore")).ok()["version"], 3, "what is in use is answered as it is");
        assert_eq!([ids(""), ids("?deleted=only")], [1, 0]);
    }
}

#[test]
fn an_archived_contact_gives_its_address_free() {
    let town = Town::start();
    let owner = town.owner();
    let first = make::contact(&owner, json!({"email": "ada@example.com"}));
    let path = format!("/v1/contacts/{}", make::id(&first, "id"));
    owner.delete(&path).is(204);
    let second = make::contact(&owner, json!({"email": "ada@example.com"}));
    let refused = owner.act(&format!("{path}/restore")).refused(409, "contact_email_taken");
    assert_eq!(refused["existing"][0]["id"], second["id"]);
    owner.delete(&format!("/v1/contacts/{}", make::id(&second, "id"))).is(204);
    owner.act(&format!("{path}/restore")).ok();
}

#[test]
fn an_archived_account_gives_its_tax_number_free() {
    let town = Town::start();
    let owner = town.owner();
    let first = make::account(&owner, json!({"tax_number": "91310000MA1FL00000"}));
    let path = format!("/v1/accounts/{}", make::id(&first, "id"));
    owner.delete(&path).is(204);
    make::account(&owner, json!({"tax_number": "91310000MA1FL00000"}));
    owner.act(&format!("{path}/restore")).refused(409, "account_tax_number_taken");
}

#[test]
fn to_purge_is_a_permission_of_its_own() {
    let town = Town::start();
    let owner = town.owner();
    let contact = make::contact(&owner, json!({"email": "a@example.com"}));
    make::address(&owner, "contacts", &contact, json!({}));
    let path = format!("/v1/contacts/{}", make::id(&contact, "id"));
    town.client(Person::Admin).delete(&format!("{path}?purge=true")).refused(403, "forbidden");
    owner.get(&path).ok();
    town.client(Person::Admin).delete(&path).is(204);
    owner.delete(&format!("{path}?purge=true")).is(204);
    owner.act(&format!("{path}/restore")).refused(404, "not_found");
    let parts = ["contact_points", "contact_addresses", "contact_lifecycle_changes", "memberships", "external_refs"];
    for table in std::iter::once("contacts").chain(parts) {
        assert_eq!(town.database.count(&format!("SELECT count(*) FROM {table}")), 0, "{table}");
    }
}

#[test]
fn what_others_refer_to_is_not_purged() {
    let town = Town::start();
    let owner = town.owner();
    let account = make::account(&owner, json!({}));
    make::contact(&owner, json!({"account_id": account["id"]}));
    let path = format!("/v1/accounts/{}", make::id(&account, "id"));
    owner.delete(&format!("{path}?purge=true")).refused(409, "in_use");
    owner.get(&path).ok();
}

#[test]
fn a_purge_takes_the_names_elsewhere_with_it() {
    let town = Town::start();
    let owner = town.owner();
    let made = owner.put("/v1/contacts/by/ext:shopify/c-1", json!({"display_name": "x"})).created();
    owner.delete(&format!("/v1/contacts/{}?purge=true", make::id(&made, "id"))).is(204);
    assert_eq!(town.database.count("SELECT count(*) FROM external_refs"), 0);
    let again = owner.put("/v1/contacts/by/ext:shopify/c-1", json!({"display_name": "y"})).created();
    assert_ne!(again["id"], made["id"]);
}
