//! What other systems call our records.
use crate::support::{Town, json, make};

#[test]
fn a_record_has_names_in_other_systems() {
    let town = Town::start();
    let owner = town.owner();
    for (resource, made) in [
        ("contact", make::contact(&owner, json!({}))),
        ("account", make::account(&owner, json!({}))),
        ("product", make::product(&owner, json!({}))),
        ("order", make::order(&owner, json!({}))),
    ] {
        let name = |system: &str, id: &str| json!({"resource": resource, "record_id": made["id"], "source_system": system, "external_id": id});
        assert_eq!(owner.post("/v1/external-refs", name("shopify", "1")).created().as_array().map(Vec::len), Some(1));
        assert_eq!(owner.post("/v1/external-refs", name("shopify", "1")).created().as_array().map(Vec::len), Some(1));
        assert_eq!(owner.post("/v1/external-refs", name("erp", "A/1 ä")).created().as_array().map(Vec::len), Some(2));
        let record = format!("resource={resource}&record_id={}", make::id(&made, "id"));
        let list = owner.get(&format!("/v1/external-refs?{record}")).ok();
        assert_eq!(list[0]["external_id"], "A/1 ä");
        let found = owner.put(&format!("/v1/{resource}s/by/ext:erp/A%2F1%20%C3%A4?mode=update_only"), json!({})).ok();
        assert_eq!(found["id"], made["id"]);
        owner.delete(&format!("/v1/external-refs?{record}&source_system=erp")).is(204);
        owner.delete(&format!("/v1/external-refs?{record}&source_system=erp")).refused(404, "not_found");
    }
}

#[test]
fn a_name_stands_for_one_record() {
    let town = Town::start();
    let owner = town.owner();
    let (a, b) = (make::contact(&owner, json!({})), make::contact(&owner, json!({})));
    let name = |id: &serde_json::Value| json!({"resource": "contact", "record_id": id, "source_system": "erp", "external_id": "1"});
    owner.post("/v1/external-refs", name(&a["id"])).created();
    let refused = owner.post("/v1/external-refs", name(&b["id"])).refused(409, "external_id_taken");
    assert_eq!(refused["existing"][0]["id"], a["id"]);
    owner.post("/v1/external-refs", name(&json!(crate::support::nobodys_id()))).refused(404, "not_found");
    owner.get("/v1/external-refs?resource=contact").is(400);
    owner.get("/v1/external-refs?resource=nope&record_id=x").is(400);
}

/// Of every noun that is made or changed by such a name. Whoever sees the record is told which it is, and what to do.
#[test]
fn a_name_of_an_archived_record_is_told_with_it() {
    let town = Town::start();
    let owner = town.owner();
    let own = ["read", "create", "update"].map(|action| ("contact", action, "own"));
    let stranger = make::holder(&town, &own);
    let named = json!({"display_name": "Ada"});
    let money = json!({"amount": "1.00", "currency": "USD"});
    let line = json!([{"name": "Tea", "quantity": "2", "unit_price": "12.50"}]);
    for (place, new) in [
        ("accounts", json!({"name": "Acme"})),
        ("contacts", named.clone()),
        ("leads", named.clone()),
        ("activities", json!({"kind": "call", "subject": "Call"})),
        ("tasks", json!({"subject": "Task"})),
        ("products", json!({"sku": "TEA", "name": "Tea", "unit_price": money})),
        ("price-books", json!({"name": "Book", "currency": "USD"})),
        ("opportunities", json!({"name": "Deal", "amount": money})),
        ("orders", json!({"currency": "USD", "lines": line})),
        ("quotes", json!({"currency": "USD", "lines": line})),
        ("contracts", json!({"title": "Contract", "value": money})),
        ("payments", json!({"amount": money})),
    ] {
        let path = format!("/v1/{place}/by/ext:rv/1");
        let id = make::id(&owner.put(&path, new.clone()).created(), "id");
        owner.delete(&format!("/v1/{place}/{id}")).is(204);
        let refused = owner.put(&path, new.clone()).refused(409, "external_id_taken");
        let existing = json!([{"id": id, "match_rule": "external_id", "score": 100}]);
        assert_eq!(refused["existing"], existing, "{place}");
        assert!(refused["detail"].as_str().unwrap().contains(&format!("POST …/{id}/restore")), "{refused}");
        if place == "contacts" {
            let refused = stranger.put(&path, new.clone()).refused(409, "external_id_taken");
            assert_eq!((&refused["existing"], &refused["detail"]), (&json!(null), &json!(null)));
        }
        owner.act(&format!("/v1/{place}/{id}/restore")).ok();
        assert_eq!(owner.put(&path, new).ok()["id"], id, "{place}");
    }
}
