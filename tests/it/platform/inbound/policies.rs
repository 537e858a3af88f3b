//! Whose word counts, field by field.
use super::{Sender, is, the_order};
use crate::support::{Person, Town, Value, json, make};

#[test]
fn a_field_goes_by_a_policy_of_its_own() {
    let town = Town::start();
    let owner = town.owner();
    let mapping = json!({"resource": "contacts", "columns": {"id": "external_id", "name": "display_name",
        "job": "job_title", "dept": "department"}});
    let policies = json!({"contact.display_name": "ours_wins", "contact.department": "newest_wins"});
    let more = json!({"mapping": mapping, "field_policies": policies, "changed_at_path": "at",
        "user_id": town.user(Person::Admin)});
    let erp = Sender::of(&town, "generic", more);
    let told = |word: &str, at: &str| json!({"id": "1", "name": word, "job": word, "dept": word, "at": at}).to_string();
    let now = || {
        let one = owner.get("/v1/contacts").ok()["data"][0].clone();
        [&one["display_name"], &one["job_title"], &one["department"]].map(|field| field.as_str().unwrap().to_owned())
    };
    erp.tell_text(&owner, "", &told("First", "2026-11-01T00:00:00Z"));
    assert_eq!(now(), ["First", "First", "First"]);
    let id = owner.get("/v1/contacts").ids()[0].clone();
    let ours = json!({"display_name": "Ours", "job_title": "Ours", "department": "Ours"});
    owner.patch(&format!("/v1/contacts/{id}"), ours).ok();
    assert_eq!(erp.tell_text(&owner, "", &told("Second", "2026-11-02T00:00:00Z"))["status"], "processed");
    assert_eq!(now(), ["Ours", "Second", "Ours"]);
    erp.tell_text(&owner, "", &told("Third", "2099-01-01T00:00:00Z"));
    assert_eq!(now(), ["Ours", "Third", "Third"]);
}

/// What a shop says of its orders is taken, but for how far they are here.
#[test]
fn a_shop_has_policies_of_fields_too() {
    let town = Town::start();
    let owner = town.owner();
    let shop = Sender::of(&town, "shopify", json!({"field_policies": {"order.status": "ours_wins"}}));
    shop.processed(&owner, "orders/create", "shopify/order_created");
    let id = make::id(&the_order(&town, &owner).0, "id");
    owner.patch(&format!("/v1/orders/{id}"), json!({"status": "completed"})).ok();
    shop.processed(&owner, "orders/updated", "shopify/order_refunded");
    let (order, lines) = the_order(&town, &owner);
    assert!(order["status"] == "completed" && is(&order["total"], "484.70") && lines.len() == 4, "{order}");
    // and the other way about
    let town = Town::start();
    let owner = town.owner();
    let policies = json!({"conflict_policy": "ours_wins", "field_policies": {"order.status": "source_wins"}});
    let shop = Sender::of(&town, "shopify", policies);
    shop.processed(&owner, "orders/create", "shopify/order_created");
    let before = the_order(&town, &owner).0;
    assert_ne!(before["status"], "fulfilled");
    shop.processed(&owner, "orders/updated", "shopify/order_refunded");
    let (order, lines) = the_order(&town, &owner);
    assert!(order["status"] == "fulfilled" && is(&order["total"], "581.35") && lines.len() == 2, "{order}");
}

#[test]
fn policies_are_looked_at_when_they_are_given() {
    let town = Town::idle();
    let owner = town.owner();
    let basis = json!({"name": "Shop", "kind": "shopify", "source_system": "s"});
    let with = |policies: Value| make::with(basis.clone(), json!({"field_policies": policies}));
    for strange in ["contact.horn", "contact", "phone", "lizard.name", "contact.external_id", "order_line.sku", ""] {
        let answer = owner.post("/v1/connections", with(json!({strange: "ours_wins"})));
        answer.refused(422, "invalid");
        assert_eq!(answer.pointers(), [format!("/field_policies/{strange}")]);
    }
    for strange in [json!({"contact.phone": "theirs"}), json!({"contact.phone": 1}), json!([]), json!("x")] {
        owner.post("/v1/connections", with(strange)).refused(422, "invalid");
    }
    let good = json!({"contact.phone": "ours_wins", "product.unit_price": "newest_wins", "order.account": "ours_wins"});
    let id = make::id(&owner.post("/v1/connections", with(good.clone())).created(), "id");
    let path = format!("/v1/connections/{id}");
    assert_eq!(owner.get(&path).ok()["field_policies"], good);
    owner.patch(&path, json!({"field_policies": {"contact.horn": "ours_wins"}})).refused(422, "invalid");
    assert_eq!(owner.patch(&path, json!({"field_policies": null})).ok()["field_policies"], json!(null));
}
