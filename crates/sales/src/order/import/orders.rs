//! The orders that rows of lines belong to: found by what they are called, or made of the first of their rows.
use super::super::{CATALOGUE, Order, STATUSES, store};
use super::line::Head;
use crate::lifecycle::{self, Placed};
use crate::order::amounts::{Amounts, Sums};
use crate::order::deeds::words;
use crate::schema::orders;
use chrono::{DateTime, Utc};
use customer::choices::SOURCES;
use customer::{account, contact};
use diesel::prelude::*;
use kernel::{AccountId, Action, ContactId, Ctx, Fault, Money, OrderId, Result, text};
use platform::import::many::{self, Columns};
use platform::import::records::lexemes;
use platform::import::{At, Holds, Plan, Row, Target, Work, Written};
use platform::{Conn, external};
use rust_decimal::Decimal;
use serde_json::{Value, json};
use std::collections::HashMap;
use uuid::Uuid;

/// Where the columns of an order may go.
pub const TARGETS: [Target; 12] = [
    Target::text("order.external_id"),
    Target::text("order.number"),
    Target::new("order.placed_at", Holds::Instant),
    Target::new("order.currency", Holds::Currency),
    Target::new("order.status", Holds::Choice(STATUSES)),
    Target::new("order.source", Holds::Choice(SOURCES)),
    Target::new("order.shipping", Holds::Decimal),
    Target::text("order.account.external_id"),
    Target::text("order.account.tax_number"),
    Target::text("order.account.name"),
    Target::text("order.contact.external_id"),
    Target::new("order.contact.email", Holds::Email),
];
const PREFIX: &str = "order.";

/// How rows name their order.
#[derive(Clone, Copy, Debug)]
pub struct Named {
    id: Option<At>,
    external_id: Option<At>,
    number: Option<At>,
}

/// The orders about to be made, by what they are called.
pub type Made = HashMap<String, NewHead>;

/// An order about to be made.
#[derive(Clone, Debug)]
pub struct NewHead {
    pub head: Head,
    external_id: Option<String>,
    columns: Columns,
    shipping: Decimal,
    placed: Option<Placed>,
}

impl Named {
    pub fn of(plan: &Plan) -> Self {
        Self { id: plan.at("order_id"), external_id: plan.at("order.external_id"), number: plan.at("order.number") }
    }

    /// What the order of a row is called.
    pub fn key<'a>(&self, row: &'a Row) -> Option<&'a str> {
        row.text(self.id).or_else(|| row.text(self.external_id)).or_else(|| row.text(self.number))
    }

    /// The orders of these rows that are there and may be changed, locked, by what they are called. Those that are there
    /// and may not are nothing.
    pub fn find(
        &self,
        conn: &mut Conn,
        ctx: &Ctx,
        work: &Work,
        rows: &[&Row],
    ) -> Result<HashMap<String, Option<Order>>> {
        let mut names: Vec<String> = rows.iter().filter_map(|row| self.key(row).map(str::to_owned)).collect();
        names.sort_unstable();
        names.dedup();
        let mut found = HashMap::new();
        let living = store::scope(ctx, Action::Update).filter(orders::deleted_at.is_null());
        if self.id.is_some() {
            let ids: Vec<OrderId> = names.iter().filter_map(|name| name.parse().ok()).collect();
            let locked = living.filter(orders::id.eq_any(ids)).order(orders::id).for_update();
            let locked: Vec<Order> = locked.select(Order::as_select()).load(conn)?;
            found.extend(locked.into_iter().map(|order| (order.id.to_string(), Some(order))));
        } else if self.external_id.is_some() {
            let called = external::find_all::<Order>(conn, ctx, work.plan.source_system(), &names)?;
            let ids: Vec<OrderId> = called.iter().map(|(_, id)| OrderId(*id)).collect();
            let locked = living.filter(orders::id.eq_any(ids)).order(orders::id).for_update();
            let locked: Vec<Order> = locked.select(Order::as_select()).load(conn)?;
            let mut locked: HashMap<Uuid, Order> = locked.into_iter().map(|order| (order.id.0, order)).collect();
            found.extend(called.into_iter().map(|(name, id)| (name, locked.remove(&id))));
        } else {
            let locked = living.filter(orders::number.eq_any(names)).order(orders::id).for_update();
            let locked: Vec<Order> = locked.select(Order::as_select()).load(conn)?;
            found.extend(locked.into_iter().map(|order| (order.number.clone(), Some(order))));
        }
        Ok(found)
    }

    /// The orders that are missing, by what they are called; what is wrong with rows is told by their places.
    pub fn make(
        &self,
        conn: &mut Conn,
        ctx: &Ctx,
        work: &Work,
        rows: &[(usize, &Row)],
        written: &mut Written,
    ) -> Result<(Made, Vec<(usize, Fault)>)> {
        let (mut made, mut faults) = (HashMap::new(), Vec::new());
        let bare: Vec<&Row> = rows.iter().map(|(_, row)| *row).collect();
        let accounts = account::import::Named::of(&work.plan, PREFIX).find(conn, ctx, work, &bare, written)?;
        let contacts = contact::import::Named::of(&work.plan, PREFIX).find(conn, ctx, work, &bare)?;
        let column = account::import::column(&work.plan, PREFIX);
        for (((place, row), account), contact) in rows.iter().zip(accounts).zip(contacts) {
            let Some(key) = self.key(row) else { continue };
            let head = account.id(column.as_str()).and_then(|account| Ok((account, contact?)));
            match head.and_then(|(account, contact)| self.head(ctx, &work.plan, row, account, contact)) {
                Err(fault) => faults.push((*place, fault)),
                Ok(head) => drop(made.entry(key.to_owned()).or_insert(head)),
            }
        }
        Ok((made, faults))
    }

    fn head(
        &self,
        ctx: &Ctx,
        plan: &Plan,
        row: &Row,
        account: Option<AccountId>,
        contact: Option<ContactId>,
    ) -> std::result::Result<NewHead, Fault> {
        let missing = |target: &str| {
            Fault::new(plan.column(target), "required", text!("{target} is needed for a new order", target))
        };
        let currency = row.text(plan.at("order.currency")).ok_or_else(|| missing("order.currency"))?;
        let number = row.text(self.number).or_else(|| self.key(row)).ok_or_else(|| missing("order.number"))?;
        if number.chars().count() > 100 {
            return Err(Fault::new(plan.column("order.number"), "length", text!("has more than 100 characters")));
        }
        let placed: DateTime<Utc> = row.get(plan.at("order.placed_at")).and_then(|at| at.instant()).unwrap_or(ctx.now);
        let shipping = row.get(plan.at("order.shipping")).and_then(|value| value.decimal()).unwrap_or_default();
        if kernel::money::round(shipping, currency) != shipping {
            return Err(Fault::new(
                plan.column("order.shipping"),
                "decimals",
                text!("has more decimals than its currency"),
            ));
        }
        let head = Head { id: OrderId::new(), currency: currency.to_owned(), is_new: true };
        let mut columns = made_by(ctx, &head);
        let status = row.text(plan.at("order.status")).unwrap_or("confirmed");
        let own = [
            ("number", json!(number)),
            ("account_id", json!(account)),
            ("contact_id", json!(contact)),
            ("status", json!(status)),
            ("source", json!(row.text(plan.at("order.source")))),
            ("placed_at", json!(placed)),
            ("search", lexemes(&words(number)).into()),
        ];
        columns.extend(own.map(|(name, value)| (name.to_owned(), value)));
        let placed = Placed::new(head.id, status, account, contact);
        Ok(NewHead { head, external_id: row.text(self.external_id).map(str::to_owned), columns, shipping, placed })
    }
}

/// What every new order has.
fn made_by(ctx: &Ctx, head: &Head) -> Columns {
    let columns = [
        ("id", json!(head.id)),
        ("currency", json!(head.currency)),
        ("owner_id", json!(ctx.actor.user)),
        ("version", json!(1)),
        ("created_at", json!(ctx.now)),
        ("updated_at", json!(ctx.now)),
        ("created_by", json!(ctx.actor.user)),
        ("updated_by", json!(ctx.actor.user)),
    ];
    columns.into_iter().map(|(name, value)| (name.to_owned(), value)).collect()
}

/// Writes new orders with the sums of their lines.
pub fn insert(
    conn: &mut Conn,
    ctx: &Ctx,
    work: &Work,
    new: Vec<(NewHead, Vec<Amounts>)>,
    written: &mut Written,
) -> Result<()> {
    let (mut names, mut placed) = (Vec::new(), Vec::new());
    let mut rows = Vec::with_capacity(new.len());
    for (mut order, lines) in new {
        let sums = Sums::over(&lines, order.shipping).ok_or_else(|| {
            kernel::Error::invalid("", "range", text!("the lines come to more than an order can hold"))
        })?;
        let text = |amount: Decimal| -> Value {
            json!(Money::new(amount, &order.head.currency)).get("amount").cloned().unwrap_or_default()
        };
        let amounts = [
            ("subtotal_amount", text(sums.subtotal)),
            ("discount_amount", text(sums.discount)),
            ("tax_amount", text(sums.tax)),
            ("shipping_amount", text(sums.shipping)),
            ("total_amount", text(sums.total)),
            ("line_count", json!(sums.line_count)),
        ];
        order.columns.extend(amounts.map(|(name, value)| (name.to_owned(), value)));
        names.extend(order.external_id.map(|name| (name, order.head.id.0)));
        written.created.push((CATALOGUE.noun, order.head.id.0));
        placed.extend(order.placed);
        rows.push(order.columns);
    }
    many::insert(conn, ctx, &CATALOGUE, rows)?;
    lifecycle::placed(conn, ctx, placed)?;
    if !names.is_empty() && external::put_all::<Order>(conn, ctx, work.plan.source_system(), &names)? < names.len() {
        return Err(external::EXTERNAL_ID_TAKEN.into());
    }
    Ok(())
}
