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
