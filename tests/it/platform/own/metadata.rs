//! What an application needs to draw lists and forms, and the document as one tenant has it.
use super::{field, one_of_each, options};
use crate::support::{Person, Town, Value, json};

fn named<'a>(object: &'a Value, name: &str) -> &'a Value {
    object["fields"].as_array().unwrap().iter().find(|one| one["name"] == name).unwrap_or(&Value::Null)
}

#[test]
fn an_object_tells_what_it_is_made_of_and_what_may_be_done() {
    let town = Town::idle();
    let owner = town.owner();
    let set = options(&owner, "regions", &["north", "south"]);
    let labels = json!({"en": "Region", "zh-Hans": "大区"});
    field(&owner, "account", "area", "option", json!({"option_set_id": set, "labels": labels, "is_required": true}));
    let account = owner.get("/v1/metadata/objects/account").ok();
    assert_eq!((&account["path"], &account["takes_fields"]), (&json!("/v1/accounts"), &json!(true)));
    let area = named(&account, "custom.area");
    assert_eq!((&area["type"], &area["is_own"], &area["labels"]), (&json!("option"), &json!(true), &labels));
    assert_eq!(
        (&area["choices"][1]["key"], &area["access"], &area["is_required"]),
        (&json!("south"), &json!("write"), &json!(true))
    );
    let stage = named(&account, "lifecycle_stage");
    assert_eq!((&stage["type"], &stage["is_own"]), (&json!("option"), &json!(false)));
    let lead = stage["choices"].as_array().unwrap().iter().find(|one| one["key"] == "lead").unwrap();
    assert_eq!(lead["labels"], json!({"en": "Lead", "zh-Hans": "线索", "zh-Hant": "潛在客戶"}));
    // somebody who is an account is called as their contact is
    assert_eq!(named(&account, "name")["is_required"], false);
    let product = owner.get("/v1/metadata/objects/product").ok();
    assert_eq!(named(&product, "name")["is_required"], true);
    assert_eq!(named(&account, "owner_id")["reference"], "user");
    assert_eq!(account["actions"]["purge"], "all");
    let relations = account["relations"].as_array().unwrap();
    assert!(relations.iter().any(|one| one["name"] == "orders" && one["is_many"] == true), "{relations:?}");
    // of what is permitted only
    let rep = town.client(Person::Rep);
    let mine = rep.get("/v1/metadata/objects/account").ok();
    assert_eq!((&mine["actions"]["read"], &mine["actions"]["purge"]), (&json!("team"), &Value::Null));
    rep.get("/v1/metadata/objects/audit_log").refused(404, "not_found");
    owner.get("/v1/metadata/objects/ghost").refused(404, "not_found");
    assert_eq!(
        named(&town.client(Person::Foreigner).get("/v1/metadata/objects/account").ok(), "custom.area"),
        &Value::Null
    );
    let all = owner.get("/v1/metadata/objects").ok();
    assert!(all["data"].as_array().unwrap().len() > 15);
    town.client(Person::Nobody).get("/v1/metadata/objects").ok();
}

#[test]
fn the_document_of_a_tenant_has_its_fields_typed() {
    let town = Town::idle();
    let owner = town.owner();
    one_of_each(&owner, "account");
    field(&owner, "account", "must", "text", json!({"is_required": true}));
    let document = owner.unheld("GET", "/openapi.json?tenant=mine", None).ok();
    let schemas = &document["components"]["schemas"];
    assert_eq!(schemas["Account"]["properties"]["custom"]["$ref"], "#/components/schemas/AccountCustom");
    let own = &schemas["AccountCustom"]["properties"];
    assert_eq!((&own["a_int"]["type"], &own["a_date"]["format"]), (&json!("integer"), &json!("date")));
    assert_eq!(own["a_option"]["enum"], json!(["a", "b", "c"]));
    assert_eq!(own["a_money"]["allOf"][0]["$ref"], "#/components/schemas/Money");
    assert_eq!(schemas["NewAccountCustom"]["required"], json!(["must"]));
    assert_eq!(schemas["AccountPatchCustom"]["properties"]["a_int"]["type"], json!(["integer", "null"]));
    let plain = owner.unheld("GET", "/openapi.json", None).ok();
    assert_eq!(plain["components"]["schemas"]["AccountCustom"], Value::Null);
    let foreign = town.client(Person::Foreigner).unheld("GET", "/openapi.json?tenant=mine", None).ok();
    assert_eq!(foreign["components"]["schemas"]["AccountCustom"]["properties"], json!({}));
    town.anonymous().unheld("GET", "/openapi.json?tenant=mine", None).refused(401, "unauthenticated");
}
