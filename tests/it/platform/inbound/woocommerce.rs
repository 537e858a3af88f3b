//! WooCommerce's payloads, as WooCommerce sends them.
use super::{Sender, is, the_order};
use crate::support::{Town, json};

#[test]
fn an_order_is_one_order_and_comes_to_what_the_shop_says() {
    let town = Town::start();
    let owner = town.owner();
    let shop = Sender::of(&town, "woocommerce", json!({}));
    shop.processed(&owner, "order.created", "woocommerce/order_created");
    shop.processed(&owner, "order.updated", "woocommerce/order_created");
    let (order, lines) = the_order(&town, &owner);
    assert!(is(&order["total"], "64.03") && is(&order["tax"], "9.38") && is(&order["discount"], "4.96"), "{order}");
    assert_eq!(
        (&order["number"], lines.len(), &order["placed_at"]),
        (&json!("shop 727"), 3, &json!("2026-11-18T17:00:00Z"))
    );
    // the customer is named by the order, and tells more of themselves
    let named = owner.get("/v1/contacts").ok()["data"][0].clone();
    assert_eq!((&named["email"], &named["family_name"]), (&json!("jose@mail.example.com"), &json!("García")));
    shop.processed(&owner, "customer.created", "woocommerce/customer_created");
    shop.processed(&owner, "order.updated", "woocommerce/order_refunded");
    let (order, lines) = the_order(&town, &owner);
    assert!(is(&order["total"], "50.53") && lines.len() == 4 && order["status"] == "completed", "{order}");
    let contacts = owner.get("/v1/contacts").ok()["data"].as_array().unwrap().clone();
    assert_eq!((contacts.len(), &contacts[0]["family_name"]), (1, &json!("García Márquez")));
    assert_eq!(shop.tell(&owner, "order.created", "woocommerce/order_created")["status"], "superseded");
    shop.processed(&owner, "product.updated", "woocommerce/product_updated");
    assert_eq!(owner.get("/v1/products").each("sku"), ["WOO-1"]);
    shop.tell_text(&owner, "order.deleted", "{\"id\": 727}");
    assert_eq!(owner.get("/v1/orders").ids().len(), 0);
}

/// Unsigned, as a form: WooCommerce keeps no webhook whose door does not answer it.
#[test]
fn a_ping_is_answered_and_leaves_nothing() {
    let town = Town::start();
    let shop = Sender::of(&town, "woocommerce", json!({}));
    let form = |body: &str| {
        let kind = "application/x-www-form-urlencoded";
        town.anonymous().raw("POST", &shop.path(), Some((kind, body.as_bytes().to_vec())))
    };
    assert_eq!(form("webhook_id=1").ok()["id"], json!(null));
    for other in ["webhook_id=", "webhook_id=1&x=2", "webhook_id=x", "x=1", ""] {
        form(other).refused(415, "unsupported_media_type");
    }
    assert_eq!(town.database.count("SELECT count(*) FROM inbound_deliveries"), 0);
}
