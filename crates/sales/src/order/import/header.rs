//! Rows that become orders without lines: their lines come in a file of their own.
use super::super::{CATALOGUE, NewOrder, Order, OrderPatch, STATUSES, store};
use crate::lifecycle::{self, Placed, Standing};
use crate::schema::orders;
use customer::account::{self, Account};
use customer::choices::SOURCES;
use customer::contact;
use diesel::prelude::*;
use kernel::{AccountId, Action, ContactId, Create, Ctx, Fault, Money, OrderId, Result, rules, text};
use platform::Conn;
use platform::deed::Mode;
use platform::import::many::Columns;
use platform::import::records::{self, Change, Draft, Room, faults_of};
use platform::import::{Holds, Importer, Outcome, Plan, Row, Target, Work, Written};
use rust_decimal::Decimal;
use serde_json::{Map, Value, json};
use uuid::Uuid;

pub struct Orders;

const TARGETS: &[Target] = &[
    Target::id("id"),
    Target::text("external_id"),
    Target::text("number"),
    Target::id("account_id"),
    Target::text("account.external_id"),
    Target::text("account.tax_number"),
    Target::text("account.name"),
    Target::id("contact_id"),
    Target::text("contact.external_id"),
    Target::new("contact.email", Holds::Email),
    Target::new("status", Holds::Choice(STATUSES)),
    Target::new("source", Holds::Choice(SOURCES)),
    Target::new("placed_at", Holds::Instant),
    Target::new("currency", Holds::Currency),
    Target::new("shipping", Holds::Decimal),
    Target::text("description"),
];

const AMOUNTS: [&str; 4] = ["subtotal_amount", "discount_amount", "tax_amount", "shipping_amount"];
/// What an order is called by whom it comes from, for one without a number.
const CALLED: &str = "external_id";

impl Importer for Orders {
    fn resource(&self) -> &'static str {
        "orders"
    }
    fn noun(&self) -> &'static str {
        "order"
    }
    fn targets(&self) -> &'static [Target] {
        TARGETS
    }
    fn makes(&self) -> &'static [&'static str] {
        &["account"]
    }
    fn check(&self, plan: &Plan) -> Vec<Fault> {
        match ["number", "id", "external_id"].iter().any(|target| plan.at(target).is_some()) {
            true => Vec::new(),
            false => vec![Fault::new("/mapping/columns", "required", text!("number or external_id says which order"))],
        }
    }
    fn may(&self, ctx: &Ctx, mode: Mode, makes: &dyn Fn(&str) -> bool) -> Result<()> {
        super::may(ctx, mode)?;
        if makes("account") { ctx.must::<Create<Account>>() } else { Ok(()) }
    }
    fn write(&self, conn: &mut Conn, ctx: &Ctx, work: &Work, rows: &[Row]) -> Result<Written> {
        let (mut written, mut drafts) = (Written::of(rows.len()), Vec::new());
        let all: Vec<&Row> = rows.iter().collect();
        let accounts = account::import::Named::of(&work.plan, "").find(conn, ctx, work, &all, &mut written)?;
        let contacts = contact::import::Named::of(&work.plan, "").find(conn, ctx, work, &all)?;
        for (place, ((row, account), contact)) in rows.iter().zip(accounts).zip(contacts).enumerate() {
            let account = account.id(account::import::column(&work.plan, ""));
            match (account, contact, Draft::of(&CATALOGUE, work, place, row)) {
                (Ok(account), Ok(contact), Ok(mut draft)) => {
                    draft.fields.extend(account.map(|id| ("account_id".to_owned(), json!(id))));
                    draft.fields.extend(contact.map(|id| ("contact_id".to_owned(), json!(id))));
                    draft.fields.extend(draft.external_id.clone().map(|id| (CALLED.to_owned(), id.into())));
                    drafts.push(draft);
                }
                (account, contact, draft) => {
                    let mut faults: Vec<Fault> = [account.err(), contact.err()].into_iter().flatten().collect();
                    faults.extend(draft.err().into_iter().flatten());
                    written.put(place, Outcome::Failed(faults));
                }
            }
        }
        records::write::<Orders>(conn, ctx, work, drafts, &mut written)?;
        Ok(written)
    }
}

impl Room for Orders {
    type Record = Order;
    const CATALOGUE: &'static kernel::catalogue::Catalogue = &CATALOGUE;
    const UNIQUE: &'static [&'static str] = &["number"];

    fn with(conn: &mut Conn, ctx: &Ctx, field: Option<&str>, values: &[String]) -> Result<Vec<Order>> {
        if field.is_none() {
            return Ok(Vec::new());
        }
        let living = store::scope(ctx, Action::Read).filter(orders::deleted_at.is_null());
        Ok(living.filter(orders::number.eq_any(values)).select(Order::as_select()).load(conn)?)
    }

    fn lock(conn: &mut Conn, ctx: &Ctx, ids: &[Uuid]) -> Result<Vec<Order>> {
        let living = store::scope(ctx, Action::Update).filter(orders::deleted_at.is_null());
        let found = living.filter(orders::id.eq_any(ids)).order(orders::id).for_update();
        Ok(found.select(Order::as_select()).load(conn)?)
    }

    fn check_new(fields: &Map<String, Value>) -> Vec<Fault> {
        let mut faults = faults_of::<NewOrder>(&plain(fields));
        faults.extend(shipping(fields));
        let called = fields.contains_key("number") || fields.contains_key(CALLED);
        faults.extend((!called).then(|| Fault::new("number", "required", text!("the order has no number"))));
        faults
    }

    fn check_change(before: &Columns, fields: &Map<String, Value>) -> Vec<Fault> {
        let mut faults = faults_of::<OrderPatch>(&plain(fields));
        faults.extend(shipping(fields));
        let lines = before.get("line_count").and_then(Value::as_i64).unwrap_or_default();
        let other = fields.get("currency").is_some_and(|currency| Some(currency) != before.get("currency"));
        let fixed = super::super::CURRENCY_FIXED;
        faults.extend((lines > 0 && other).then(|| Fault::of("currency", fixed)));
        faults
    }

    fn complete(ctx: &Ctx, columns: &mut Columns, fields: &Map<String, Value>, _: Option<&Columns>) {
        if let Some(called) = fields.get(CALLED) {
            columns.entry("number").or_insert_with(|| called.clone());
        }
        columns.entry("status").or_insert_with(|| json!("confirmed"));
        columns.entry("placed_at").or_insert_with(|| json!(ctx.now));
        columns.entry("line_count").or_insert_with(|| json!(0));
        let currency = columns.get("currency").and_then(Value::as_str).unwrap_or_default().to_owned();
        let written = |amount: Decimal| json!(Money::new(amount, &currency)).get("amount").cloned().unwrap_or_default();
        let amount = |columns: &Columns, name: &str| -> Decimal {
            columns.get(name).and_then(Value::as_str).and_then(|text| text.parse().ok()).unwrap_or_default()
        };
        let [subtotal, discount, tax, shipping] = AMOUNTS.map(|name| amount(columns, name));
        for (name, figure) in AMOUNTS.into_iter().zip([subtotal, discount, tax, shipping]) {
            columns.insert(name.to_owned(), written(figure));
        }
        columns.insert("total_amount".to_owned(), written(subtotal - discount + tax + shipping));
    }

    fn words(columns: &Columns, _: &Map<String, Value>) -> Vec<String> {
        crate::order::deeds::words(columns.get("number").and_then(Value::as_str).unwrap_or_default())
    }

    fn beside(conn: &mut Conn, ctx: &Ctx, changes: &mut [Change]) -> Result<()> {
        lifecycle::placed(conn, ctx, changes.iter().filter_map(newly_placed))
    }
}

/// Whoever has placed a new order, or one that was somebody else's.
fn newly_placed(change: &Change) -> Option<Placed> {
    let now = whose(&change.after);
    match &change.before {
        Some(before) => Placed::anew(OrderId(change.id), whose(before), now),
        None => Placed::new(OrderId(change.id), now.status, now.account, now.contact),
    }
}

fn whose(columns: &Columns) -> Standing<'_> {
    let id = |name: &str| -> Option<Uuid> { columns.get(name)?.as_str()?.parse().ok() };
    let status = columns.get("status").and_then(Value::as_str).unwrap_or_default();
    Standing { status, account: id("account_id").map(AccountId), contact: id("contact_id").map(ContactId) }
}

/// As a body has them: the shipping as a bare figure.
fn plain(fields: &Map<String, Value>) -> Map<String, Value> {
    let mut plain = fields.clone();
    plain.remove(CALLED);
    if let Some(shipping) = plain.get_mut("shipping") {
        *shipping = shipping.get("amount").cloned().unwrap_or_default();
    }
    plain
}

fn shipping(fields: &Map<String, Value>) -> Option<Fault> {
    let money: Money = serde_json::from_value(fields.get("shipping")?.clone()).ok()?;
    let why = rules::faults(&money).into_iter().next()?.message;
    Some(Fault::new("shipping", "decimals", text!("does not fit the currency: {why}"; why)))
}
