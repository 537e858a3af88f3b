//! What WooCommerce sends: orders, customers and products, as its REST API (version 3) has them. Amounts of lines are
//! without tax, whatever the prices of the shop are.
use super::json::{amount, id, instant, list, sum, text};
use super::lines::{Line, Told};
use super::{Buyer, Change, NAMED, Order, Record, Row};
use kernel::Result;
use platform::connection::Connection;
use rust_decimal::Decimal;
use serde_json::Value;

pub fn read(connection: &Connection, topic: &str, payload: &Value) -> Result<Vec<Change>> {
    let gone =
        |resource| -> Result<Vec<Change>> { Ok(vec![Change::Gone { resource, external_id: id(payload, "id")? }]) };
    match topic {
        "order.deleted" => gone("orders"),
        "customer.deleted" => gone("contacts"),
        "product.deleted" => gone("products"),
        "order.created" | "order.updated" | "order.restored" => {
            // a cart under way is no order
            if text(payload, "status").is_some_and(|status| status.ends_with("draft")) {
                return Ok(Vec::new());
            }
            Ok(vec![Change::Order(Box::new(order(connection, payload)?))])
        }
        "customer.created" | "customer.updated" => Ok(vec![Change::Record(customer(payload)?)]),
        "product.created" | "product.updated" | "product.restored" => {
            Ok(vec![Change::Record(product(connection, payload)?)])
        }
        _ => Ok(Vec::new()),
    }
}

fn person(names: &Value, reach: &Value) -> Row {
    Row::default()
        .maybe("given_name", text(names, "first_name").or_else(|| text(reach, "first_name")))
        .maybe("family_name", text(names, "last_name").or_else(|| text(reach, "last_name")))
        .maybe("email", text(names, "email").or_else(|| text(reach, "email")).map(|email| email.to_lowercase()))
        .maybe("phone", text(reach, "phone"))
}

fn customer(payload: &Value) -> Result<Record> {
    let (external_id, billing) = (id(payload, "id")?, payload.get("billing").unwrap_or(payload));
    let row = person(payload, billing).named(&text(payload, "username").unwrap_or_else(|| external_id.clone()));
    let changed_at = instant(payload, "date_modified_gmt").or_else(|| instant(payload, "date_created_gmt"));
    Ok(Record { resource: "contacts", changed_at, row: row.with("external_id", &external_id), external_id })
}

fn product(connection: &Connection, payload: &Value) -> Result<Record> {
    let external_id = id(payload, "id")?;
    let price = text(payload, "regular_price").or_else(|| text(payload, "price"));
    let price = price.filter(|_| connection.currency.is_some());
    let row = Row::default()
        .with("external_id", &external_id)
        .with("sku", text(payload, "sku").unwrap_or_else(|| format!("{} {external_id}", connection.source_system)))
        .with("name", text(payload, "name").unwrap_or_else(|| external_id.clone()))
        .maybe("category", text(payload, "categories.0.name"))
        .maybe("unit_price.currency", connection.currency.clone().filter(|_| price.is_some()))
        .maybe("unit_price", price)
        .with("is_active", text(payload, "status").is_none_or(|status| status == "publish").to_string());
    Ok(Record { resource: "products", changed_at: instant(payload, "date_modified_gmt"), row, external_id })
}

fn order(connection: &Connection, payload: &Value) -> Result<Order> {
    let external_id = id(payload, "id")?;
    let currency = text(payload, "currency").or_else(|| connection.currency.clone()).unwrap_or_default();
    let buyer = buyer(payload);
    let given_back = sum(payload, "refunds", "total");
    let number = text(payload, "number").unwrap_or_else(|| external_id.clone());
    let placed = instant(payload, "date_created_gmt").map(|at| at.to_rfc3339());
    let shipping: Decimal = sum(payload, "shipping_lines", "total") + sum(payload, "shipping_lines", "total_tax");
    let row = Row::default()
        .with("external_id", &external_id)
        // two shops number alike
        .with("number", format!("{} {number}", connection.source_system))
        .with("status", status(payload))
        .with("source", "web")
        .maybe("placed_at", placed)
        .with("currency", &currency)
        .with("shipping", kernel::money::round(shipping, &currency).to_string())
        .maybe("description", text(payload, "customer_note"));
    let row = buyer.iter().fold(row, |row, buyer| buyer.name(row));
    let head = Record { resource: "orders", external_id, changed_at: instant(payload, "date_modified_gmt"), row };
    let total = amount(payload, "total").unwrap_or_default() + given_back;
    Ok(Order { head, buyer, lines: lines(payload, &currency)?, total })
}

/// An order names its customer and has a bill; the customer's own record is sent by itself.
fn buyer(payload: &Value) -> Option<Buyer> {
    let billing = payload.get("billing")?;
    let row = person(billing, billing);
    match text(payload, "customer_id").filter(|id| id != "0") {
        Some(external_id) => {
            let row = row.named(&external_id).with("external_id", &external_id);
            Some(Buyer::Known(Record { resource: "contacts", external_id, changed_at: Some(NAMED), row }))
        }
        None => row.get("email").is_some().then_some(Buyer::Guest(row)),
    }
}

fn status(payload: &Value) -> &'static str {
    match text(payload, "status").as_deref() {
        Some("pending" | "on-hold") => "pending",
        Some("completed") => "completed",
        Some("cancelled" | "failed" | "trash") => "cancelled",
        Some("refunded") => "returned",
        _ => "confirmed",
    }
}

fn lines(payload: &Value, currency: &str) -> Result<Vec<Line>> {
    let mut lines = Vec::new();
    for item in list(payload, "line_items") {
        let quantity = amount(item, "quantity").unwrap_or_default();
        if quantity.is_zero() {
            continue;
        }
        let paid = amount(item, "total").unwrap_or_default();
        let before = amount(item, "subtotal").unwrap_or(paid);
        let tax = amount(item, "total_tax").unwrap_or_default();
        let told = Told { quantity, list: before, discount: before - paid, tax, included: false, currency };
        lines.push(Line::of(id(item, "id")?, text(item, "sku"), text(item, "name"), &told));
    }
    for fee in list(payload, "fee_lines") {
        let (list_price, tax) =
            (amount(fee, "total").unwrap_or_default(), amount(fee, "total_tax").unwrap_or_default());
        let (quantity, discount) = (Decimal::ONE, Decimal::ZERO);
        let told = Told { quantity, list: list_price, discount, tax, included: false, currency };
        lines.push(Line::of(format!("fee:{}", id(fee, "id")?), None, text(fee, "name"), &told));
    }
    for refund in list(payload, "refunds") {
        let name = text(refund, "reason").unwrap_or_else(|| "Refund".to_owned());
        let total = amount(refund, "total").unwrap_or_default();
        lines.push(Line::plain(format!("refund:{}", id(refund, "id")?), &name, total));
    }
    Ok(lines)
}
