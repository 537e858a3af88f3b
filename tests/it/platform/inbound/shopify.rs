//! Shopify's payloads, as Shopify sends them.
use super::{Sender, is, text, the_order};
use crate::support::{Town, json};

#[test]
fn an_order_is_one_order_and_comes_to_what_the_shop_says() {
    let town = Town::start();
    let owner = town.owner();
    let shop = Sender::of(&town, "shopify", json!({}));
    shop.processed(&owner, "orders/create", "shopify/order_created");
    let (order, lines) = the_order(&town, &owner);
    assert!(is(&order["total"], "581.35") && is(&order["tax"], "43.95") && is(&order["discount"], "58.60"), "{order}");
    assert!(is(&order["subtotal"], "586.00") && is(&order["shipping"], "10.00"), "{order}");
    assert_eq!(
        (&order["number"], &order["status"], &order["source"]),
        (&json!("shop #1001"), &json!("confirmed"), &json!("web"))
    );
    assert_eq!(order["placed_at"], "2026-11-20T15:00:00Z");
    assert_eq!((lines.len(), &lines[0]["sku"], &lines[0]["quantity"]), (2, &json!("IPOD2008GREEN"), &json!("2")));
    let buyer = owner.get(&format!("/v1/contacts/{}", order["contact_id"].as_str().unwrap())).ok();
    assert_eq!(
        (&buyer["display_name"], &buyer["email"]),
        (&json!("Ada Norman"), &json!("ada.norman@mail.example.com"))
    );
    assert_eq!(buyer["phone"], "+16136120707");
    // the same state under another name changes nothing
    let version = order["version"].clone();
    shop.processed(&owner, "orders/paid", "shopify/order_created");
    assert_eq!(the_order(&town, &owner).0["version"], version);
    shop.processed(&owner, "orders/fulfilled", "shopify/order_fulfilled");
    let (order, _) = the_order(&town, &owner);
    assert_eq!((&order["status"], &order["description"]), (&json!("fulfilled"), &json!("Left at the door")));
    // an older state finds a newer one
    assert_eq!(shop.tell(&owner, "orders/create", "shopify/order_created")["status"], "superseded");
    assert_eq!(the_order(&town, &owner).0["status"], "fulfilled");
}

#[test]
fn the_newest_state_stays_whatever_comes_first() {
    let town = Town::start();
    let owner = town.owner();
    let shop = Sender::of(&town, "shopify", json!({}));
    shop.processed(&owner, "orders/updated", "shopify/order_refunded");
    assert_eq!(shop.tell(&owner, "orders/create", "shopify/order_created")["status"], "superseded");
    assert_eq!(shop.tell(&owner, "orders/fulfilled", "shopify/order_fulfilled")["status"], "superseded");
    shop.processed(&owner, "refunds/create", "shopify/refund_created");
    let (order, lines) = the_order(&town, &owner);
    assert!(is(&order["total"], "484.70"), "{order}");
    assert_eq!(lines.len(), 4, "{lines:?}");
}

#[test]
fn a_refund_takes_back_what_it_gives_back() {
    let town = Town::start();
    let owner = town.owner();
    let shop = Sender::of(&town, "shopify", json!({}));
    shop.processed(&owner, "orders/create", "shopify/order_created");
    shop.processed(&owner, "refunds/create", "shopify/refund_created");
    let (order, lines) = the_order(&town, &owner);
    assert!(is(&order["total"], "484.70"), "{order}");
    assert!(lines.iter().any(|line| line["quantity"] == "-1" && is(&line["total"], "-91.65")), "{lines:?}");
    shop.processed(&owner, "orders/updated", "shopify/order_refunded");
    let (order, again) = the_order(&town, &owner);
    assert!(is(&order["total"], "484.70") && again.len() == lines.len(), "{order}");
}

/// Tax in the prices, another currency for the buyer, a product without a SKU, and nobody who has an account.
#[test]
fn a_guest_buys_with_the_tax_in_the_price() {
    let town = Town::start();
    let owner = town.owner();
    let shop = Sender::of(&town, "shopify", json!({}));
    shop.processed(&owner, "orders/create", "shopify/order_guest");
    let (order, lines) = the_order(&town, &owner);
    assert!(is(&order["total"], "48.20") && order["total"]["currency"] == "EUR" && is(&order["shipping"], "4.90"));
    // what the shipping holds of it stays in the shipping
    assert!(is(&order["tax"], "6.91") && lines.len() == 2, "{order} {lines:?}");
    assert_eq!(order["status"], "pending");
    let guest = owner.get(&format!("/v1/contacts/{}", order["contact_id"].as_str().unwrap())).ok();
    assert_eq!((&guest["given_name"], &guest["email"]), (&json!("Grace"), &json!("guest@mail.example.com")));
}

#[test]
fn customers_and_products_come_change_and_go() {
    let town = Town::start();
    let owner = town.owner();
    let shop = Sender::of(&town, "shopify", json!({}));
    shop.processed(&owner, "customers/update", "shopify/customer_updated");
    // the order holds the customer as it was before
    shop.processed(&owner, "orders/create", "shopify/order_created");
    let contacts = owner.get("/v1/contacts").ok()["data"].as_array().unwrap().clone();
    assert_eq!((contacts.len(), &contacts[0]["family_name"]), (1, &json!("Lovelace")));
    shop.processed(&owner, "products/create", "shopify/product_created");
    let products = owner.get("/v1/products?sort=sku").ok()["data"].as_array().unwrap().clone();
    assert_eq!((products.len(), &products[0]["name"]), (2, &json!("Example T-Shirt / Medium")));
    assert!(is(&products[0]["unit_price"], "19.99") && products[0]["category"] == "Shirts");
    let gone = shop.tell_text(&owner, "products/delete", "{\"id\": 788032119674292922}");
    assert_eq!((&gone["status"], owner.get("/v1/products").ids().len()), (&json!("processed"), 0), "{gone}");
    let unknown = shop.tell_text(&owner, "customers/delete", "{\"id\": 1}");
    assert_eq!((&unknown["status"], owner.get("/v1/contacts").ids().len()), (&json!("superseded"), 1));
    shop.tell_text(&owner, "customers/delete", "{\"id\": 115310627314723954}");
    assert_eq!(owner.get("/v1/contacts").ids().len(), 0);
    assert_eq!(shop.tell_text(&owner, "themes/publish", "{\"id\": 1}")["status"], "ignored");
}

#[test]
fn what_people_ask_of_their_data_becomes_a_request() {
    let town = Town::start();
    let owner = town.owner();
    let shop = Sender::of(&town, "shopify", json!({}));
    shop.processed(&owner, "customers/update", "shopify/customer_updated");
    let done = shop.processed(&owner, "customers/data_request", "shopify/data_request");
    shop.processed(&owner, "customers/redact", "shopify/data_request");
    shop.tell_text(&owner, "shop/redact", "{\"shop_id\": 954889, \"shop_domain\": \"jsmith.myshopify.example\"}");
    owner.act(&format!("/v1/inbound-deliveries/{}/replay", done["id"].as_str().unwrap())).ok();
    super::settled(&owner, done["id"].as_str().unwrap());
    let asked = owner.get("/v1/privacy-requests?sort=created_at").ok()["data"].as_array().unwrap().clone();
    let kinds: Vec<&str> = asked.iter().map(|one| one["kind"].as_str().unwrap()).collect();
    assert_eq!(kinds, ["access", "erasure", "erasure"]);
    let contact = owner.get("/v1/contacts").ids()[0].clone();
    assert_eq!((&asked[0]["subject_id"], &asked[2]["subject_id"]), (&json!(contact), &json!(null)));
}

#[test]
fn what_is_not_what_its_topic_says_fails_with_a_reason() {
    let town = Town::start();
    let owner = town.owner();
    let shop = Sender::of(&town, "shopify", json!({}));
    let bodies = ["[]", "{}", "null", "nonsense", "{\"id\": []}", "{\"id\": {\"id\": 1}}", "\"x\""];
    for body in bodies {
        let done = shop.tell_text(&owner, "orders/create", body);
        assert!(done["status"] == "failed" && done["error"].is_string(), "{body}: {done}");
    }
    let strange = text("shopify/order_created").replace("\"USD\"", "\"XXY\"");
    let done = shop.tell_text(&owner, "orders/create", &strange);
    assert!(done["status"] == "failed" && done["error"].as_str().unwrap().contains("currency"), "{done}");
    assert_eq!(town.database.count("SELECT count(*) FROM orders"), 0);
    assert_eq!(town.database.count("SELECT count(*) FROM contacts"), 0, "all or nothing");
}
