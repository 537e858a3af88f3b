//! What Shopify sends: orders, customers, products, refunds, and what people ask of their data.
//!
//! Amounts are those in the currency of the shop; what the buyer saw in another (`presentment_money`) stays in the
//! delivery. A refund is lines with negative quantities, named by the refund, so that the order that Shopify sends after
//! it says the same again.
use super::json::{amount, at, id, instant, list, sum, text};
use super::lines::{Line, Told};
use super::{Buyer, Change, Order, Record, Row};
use kernel::Result;
use platform::connection::Connection;
use rust_decimal::Decimal;
use serde_json::Value;

pub fn read(connection: &Connection, topic: &str, payload: &Value) -> Result<Vec<Change>> {
    let gone =
        |resource| -> Result<Vec<Change>> { Ok(vec![Change::Gone { resource, external_id: id(payload, "id")? }]) };
    match topic {
        "orders/delete" => gone("orders"),
        "customers/delete" => gone("contacts"),
        "products/delete" => gone("products"),
        "customers/create" | "customers/update" | "customers/enable" | "customers/disable" => {
            Ok(vec![Change::Record(customer(payload)?)])
        }
        "products/create" | "products/update" => products(connection, payload),
        "refunds/create" => {
            let currency = currency(connection, payload);
            let lines = refund(payload, is_included(payload), &currency)?;
            Ok(vec![Change::Refund { order: id(payload, "order_id")?, id: id(payload, "id")?, lines }])
        }
        "customers/data_request" => Ok(vec![asked("access", payload)]),
        "customers/redact" | "shop/redact" => Ok(vec![asked("erasure", payload)]),
        topic if topic.starts_with("orders/") => Ok(vec![Change::Order(Box::new(order(connection, payload)?))]),
        _ => Ok(Vec::new()),
    }
}

fn asked(kind: &'static str, payload: &Value) -> Change {
    let shop = text(payload, "shop_domain").unwrap_or_default();
    let words = match at(payload, "customer") {
        Some(_) => format!("Shopify passes on what a customer of {shop} asks."),
        None => format!("Shopify asks for all that came from {shop} to be erased."),
    };
    Change::Privacy { kind, customer: text(payload, "customer.id"), email: text(payload, "customer.email"), words }
}

fn customer(payload: &Value) -> Result<Record> {
    let external_id = id(payload, "id")?;
    Ok(Record {
        resource: "contacts",
        changed_at: instant(payload, "updated_at"),
        row: person(payload, payload).named(&external_id).with("external_id", &external_id),
        external_id,
    })
}

/// Names from the one, else from the other; how to reach them from the other.
fn person(names: &Value, reach: &Value) -> Row {
    let phone = text(reach, "phone").or_else(|| text(reach, "default_address.phone"));
    Row::default()
        .maybe("given_name", text(names, "first_name"))
        .maybe("family_name", text(names, "last_name"))
        .maybe("email", text(reach, "email"))
        .maybe("phone", phone)
}

impl Row {
    /// Somebody has to have a name.
    pub(super) fn named(self, otherwise: &str) -> Self {
        let has = self.names_somebody();
        if has { self } else { self.with("display_name", otherwise) }
    }
}

/// One product a variant: that is what has a SKU and a price.
fn products(connection: &Connection, payload: &Value) -> Result<Vec<Change>> {
    let (product, changed_at) = (id(payload, "id")?, instant(payload, "updated_at"));
    let title = text(payload, "title");
    let is_active = text(payload, "status").is_none_or(|status| status == "active").to_string();
    let one = |variant: &Value| -> Result<Change> {
        let external_id = format!("{product}/{}", id(variant, "id")?);
        let own = text(variant, "title").filter(|title| title != "Default Title");
        let name: Vec<String> = title.clone().into_iter().chain(own).collect();
        let price = text(variant, "price").filter(|_| connection.currency.is_some());
        let row = Row::default()
            .with("external_id", &external_id)
            .with("sku", text(variant, "sku").unwrap_or_else(|| external_id.clone()))
            .with("name", name.join(" / "))
            .maybe("category", text(payload, "product_type"))
            .maybe("unit_price.currency", connection.currency.clone().filter(|_| price.is_some()))
            .maybe("unit_price", price)
            .with("is_active", &is_active);
        Ok(Change::Record(Record { resource: "products", external_id, changed_at, row }))
    };
    list(payload, "variants").iter().map(one).collect()
}

fn order(connection: &Connection, payload: &Value) -> Result<Order> {
    let (external_id, currency) = (id(payload, "id")?, currency(connection, payload));
    let included = at(payload, "taxes_included").and_then(Value::as_bool).unwrap_or_default();
    let mut lines = Vec::new();
    for line in list(payload, "line_items") {
        lines.extend(bought(line, included, &currency)?);
    }
    for one in list(payload, "refunds") {
        lines.extend(refund(one, included, &currency)?);
    }
    let buyer = buyer(payload)?;
    let refunded: Decimal = list(payload, "refunds").iter().map(|one| sum(one, "transactions", "amount")).sum();
    let total = amount(payload, "current_total_price")
        .unwrap_or_else(|| amount(payload, "total_price").unwrap_or_default() - refunded);
    let number = text(payload, "name").unwrap_or_else(|| external_id.clone());
    let placed = text(payload, "processed_at").or_else(|| text(payload, "created_at"));
    let row = Row::default()
        .with("external_id", &external_id)
        // two shops number alike
        .with("number", format!("{} {number}", connection.source_system))
        .with("status", status(payload))
        .with("source", if text(payload, "source_name").as_deref() == Some("pos") { "store" } else { "web" })
        .maybe("placed_at", placed)
        .with("currency", &currency)
        .with("shipping", kernel::money::round(shipping(payload, included), &currency).to_string())
        .maybe("description", text(payload, "note"));
    let row = buyer.iter().fold(row, |row, buyer| buyer.name(row));
    let head = Record { resource: "orders", external_id, changed_at: instant(payload, "updated_at"), row };
    Ok(Order { head, buyer, lines, total })
}

impl Buyer {
    /// How an order names them.
    pub(super) fn name(&self, order: Row) -> Row {
        match self {
            Self::Known(record) => order.with("contact.external_id", &record.external_id),
            Self::Guest(row) => order.maybe("contact.email", row.get("email").map(str::to_owned)),
        }
    }
}

/// Who bought: a customer, or a guest with an address.
fn buyer(payload: &Value) -> Result<Option<Buyer>> {
    if let Some(known) = at(payload, "customer").filter(|known| text(known, "id").is_some()) {
        return Ok(Some(Buyer::Known(customer(known)?)));
    }
    let names = at(payload, "billing_address").or_else(|| at(payload, "shipping_address")).unwrap_or(payload);
    let guest = text(payload, "email").or_else(|| text(payload, "contact_email"));
    Ok(guest.map(|email| {
        let row = Row::default()
            .maybe("given_name", text(names, "first_name"))
            .maybe("family_name", text(names, "last_name"))
            .maybe("phone", text(payload, "phone").or_else(|| text(names, "phone")));
        Buyer::Guest(row.with("email", email.to_lowercase()))
    }))
}

fn status(payload: &Value) -> &'static str {
    let is = |path: &str, status: &str| text(payload, path).as_deref() == Some(status);
    match () {
        () if at(payload, "cancelled_at").is_some() => "cancelled",
        () if is("financial_status", "refunded") => "returned",
        () if is("fulfillment_status", "fulfilled") => "fulfilled",
        () if is("financial_status", "pending") || is("financial_status", "voided") => "pending",
        () => "confirmed",
    }
}

fn bought(line: &Value, included: bool, currency: &str) -> Result<Option<Line>> {
    let quantity = amount(line, "quantity").unwrap_or_default();
    if quantity.is_zero() {
        return Ok(None);
    }
    let discount = match list(line, "discount_allocations") {
        [] => amount(line, "total_discount").unwrap_or_default(),
        _ => sum(line, "discount_allocations", "amount"),
    };
    let list_price = quantity * amount(line, "price").unwrap_or_default();
    let tax = sum(line, "tax_lines", "price");
    let told = Told { quantity, list: list_price, discount, tax, included, currency };
    let name = text(line, "name").or_else(|| text(line, "title"));
    Ok(Some(Line::of(id(line, "id")?, text(line, "sku"), name, &told)))
}

/// What is paid for shipping, tax and all: an order keeps it as one amount.
fn shipping(payload: &Value, included: bool) -> Decimal {
    let one = |line: &Value| {
        let allocated = sum(line, "discount_allocations", "amount");
        let price = amount(line, "discounted_price");
        let price = price.unwrap_or_else(|| amount(line, "price").unwrap_or_default() - allocated);
        price + if included { Decimal::ZERO } else { sum(line, "tax_lines", "price") }
    };
    list(payload, "shipping_lines").iter().map(one).sum()
}

/// What came back, and what was given back beside that (shipping, goodwill).
fn refund(payload: &Value, included: bool, currency: &str) -> Result<Vec<Line>> {
    let mut lines = Vec::new();
    for item in list(payload, "refund_line_items") {
        let quantity = amount(item, "quantity").unwrap_or_default();
        if quantity.is_zero() {
            continue;
        }
        let (subtotal, tax) =
            (amount(item, "subtotal").unwrap_or_default(), amount(item, "total_tax").unwrap_or_default());
        let told =
            Told { quantity: -quantity, list: -subtotal, discount: Decimal::ZERO, tax: -tax, included, currency };
        let name = text(item, "line_item.name").or_else(|| text(item, "line_item.title"));
        lines.push(Line::of(format!("refund:{}", id(item, "id")?), text(item, "line_item.sku"), name, &told));
    }
    for given in list(payload, "order_adjustments") {
        let back = amount(given, "amount").unwrap_or_default() + amount(given, "tax_amount").unwrap_or_default();
        let name = text(given, "reason").or_else(|| text(given, "kind")).unwrap_or_else(|| "Refund".to_owned());
        if !back.is_zero() {
            lines.push(Line::plain(format!("refund:adjustment:{}", id(given, "id")?), &name, back));
        }
    }
    Ok(lines)
}

/// A refund by itself does not say whether its subtotals hold the tax; what was paid back does. The order that follows
/// it says so outright.
fn is_included(refund: &Value) -> bool {
    let goods = sum(refund, "refund_line_items", "subtotal");
    let given = sum(refund, "order_adjustments", "amount") + sum(refund, "order_adjustments", "tax_amount");
    let paid = sum(refund, "transactions", "amount");
    !paid.is_zero() && paid == goods - given
}

fn currency(connection: &Connection, payload: &Value) -> String {
    let told = text(payload, "currency").or_else(|| text(payload, "transactions.0.currency"));
    told.or_else(|| connection.currency.clone()).unwrap_or_default()
}
