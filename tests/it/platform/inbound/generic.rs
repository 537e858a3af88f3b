//! What an ERP or a till sends, by a mapping of the tenant's own.
use super::{Sender, is, settled, the_order};
use crate::support::{Town, Value, json, make};

fn receipts() -> Value {
    json!({"resource": "order_lines", "create_missing": ["order"], "time_zone": "Asia/Shanghai",
        "columns": {"receipt.no": "order.external_id", "receipt.closed": "order.placed_at",
            "receipt.currency": "order.currency", "items[].pos": "line_key", "items[].article.sku": "sku",
            "items[].article.text": "name", "items[].qty": "quantity", "items[].price": "unit_price",
            "items[].vat": "tax_rate"},
        "constants": {"order.source": "store"}})
}

#[test]
fn a_receipt_of_a_till_becomes_an_order_with_its_lines() {
    let town = Town::start();
    let owner = town.owner();
    let till = Sender::of(&town, "generic", json!({"mapping": receipts(), "changed_at_path": "changed"}));
    for _ in 0..2 {
        till.processed(&owner, "", "generic/receipt");
    }
    let (order, lines) = the_order(&town, &owner);
    assert!(is(&order["total"], "650.77") && order["source"] == "store" && lines.len() == 2, "{order}");
    assert_eq!(order["placed_at"], "2026-11-25T11:31:05Z");
    let older = super::text("generic/receipt").replace("2026-11-25T11:31:05Z", "2026-11-24T11:31:05Z");
    assert_eq!(till.tell_text(&owner, "", &older)["status"], "superseded");
}

#[test]
fn a_mapping_that_was_mended_is_applied_to_what_was_kept() {
    let town = Town::start();
    let owner = town.owner();
    let mapping = |email: &str| json!({"resource": "contacts", "columns": {"id": "external_id", "name": "display_name", email: "email"}});
    let erp = Sender::of(&town, "generic", json!({"mapping": mapping("mail")}));
    let both = json!([{"id": 1, "name": "Ada", "contact": {"mail": "ada@example.com"}, "mail": "nonsense"},
        {"id": 2, "name": "Bob", "contact": {"mail": "bob@example.com"}}]);
    let failed = erp.tell_text(&owner, "", &both.to_string());
    assert!(failed["status"] == "failed" && failed["error"].as_str().unwrap().contains("mail"), "{failed}");
    assert_eq!(owner.get("/v1/contacts").ids().len(), 0);
    assert_eq!(owner.get(&format!("/v1/inbound-deliveries?connection_id={}&status=failed", erp.id)).ids().len(), 1);
    owner.patch(&format!("/v1/connections/{}", erp.id), json!({"mapping": mapping("contact.mail")})).ok();
    let id = make::id(&failed, "id");
    assert_eq!(owner.act(&format!("/v1/inbound-deliveries/{id}/replay")).ok()["status"], "queued");
    assert_eq!(settled(&owner, &id)["status"], "processed");
    assert_eq!(owner.get("/v1/contacts?sort=email").each("email"), ["ada@example.com", "bob@example.com"]);
}

#[test]
fn a_mapping_is_looked_at_when_it_is_given() {
    let town = Town::idle();
    let owner = town.owner();
    let basis = json!({"name": "ERP", "kind": "generic", "source_system": "erp"});
    let refused = |mapping: Value, pointer: &str| {
        let answer = owner.post("/v1/connections", make::with(basis.clone(), json!({"mapping": mapping})));
        answer.refused(422, "invalid");
        assert_eq!(answer.pointers(), [pointer]);
    };
    refused(json!(null), "/mapping");
    refused(json!({"resource": "contacts", "columns": {"a": "no_such_target"}}), "/mapping/columns/a");
    refused(json!({"resource": "lizards", "columns": {"a": "name"}}), "/mapping/resource");
    let two = json!({"a[].x": "email", "b[].y": "display_name"});
    refused(json!({"resource": "contacts", "columns": two}), "/mapping/columns");
    let shop = make::with(basis.clone(), json!({"kind": "shopify", "mapping": receipts()}));
    owner.post("/v1/connections", shop).refused(422, "invalid");
}

/// Whose word counts where both have changed a record.
#[test]
fn the_policy_says_whose_word_counts() {
    let town = Town::start();
    let owner = town.owner();
    for (policy, name) in [("source_wins", "Theirs"), ("ours_wins", "Ours"), ("newest_wins", "Ours")] {
        let mapping = json!({"resource": "contacts", "columns": {"id": "external_id", "name": "display_name"}});
        let admin = town.user(crate::support::Person::Admin);
        let more = json!({"mapping": mapping, "conflict_policy": policy, "changed_at_path": "at", "source_system": policy,
            "user_id": admin});
        let erp = Sender::of(&town, "generic", more);
        let told = |name: &str, at: &str| json!({"id": "1", "name": name, "at": at}).to_string();
        erp.tell_text(&owner, "", &told("First", "2026-11-01T00:00:00Z"));
        let place = format!("/v1/contacts/by/ext:{policy}/1");
        owner.put(&format!("{place}?mode=update_only"), json!({"display_name": "Ours"})).ok();
        erp.tell_text(&owner, "", &told("Theirs", "2026-11-02T00:00:00Z"));
        assert_eq!(owner.put(&format!("{place}?mode=update_only"), json!({})).ok()["display_name"], name, "{policy}");
        if policy == "newest_wins" {
            erp.tell_text(&owner, "", &told("Newer", "2099-01-01T00:00:00Z"));
            let now = owner.put(&format!("{place}?mode=update_only"), json!({})).ok();
            assert_eq!(now["display_name"], "Newer");
        }
    }
}
