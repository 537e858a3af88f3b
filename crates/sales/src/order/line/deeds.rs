//! What may be done with the lines of an order. Each deed is one transaction: it locks the order, writes the lines, and
//! sums the order up anew.
use super::pricing::{self, Priced};
use super::{NewOrderLine, OrderLine, OrderLinePatch, store};
use crate::order::{self, LINE_KEY_TAKEN, Order, deeds};
use diesel::Connection;
use kernel::existing::conflict;
use kernel::{Ctx, Error, Existing, OrderId, OrderLineId, Result, error};
use platform::Conn;
use platform::deed::untouched;

/// The lines of an order that the caller may see, by position.
pub fn of(conn: &mut Conn, ctx: &Ctx, order: OrderId) -> Result<Vec<OrderLine>> {
    order::find(conn, ctx, order)?;
    of_all(conn, ctx, &[order])
}

/// The lines of many orders, which the caller may see; each order's by position.
pub fn of_all(conn: &mut Conn, ctx: &Ctx, orders: &[OrderId]) -> Result<Vec<OrderLine>> {
    Ok(store::of(conn, ctx, orders)?)
}

/// A line of an order that the caller may see.
pub fn find(conn: &mut Conn, ctx: &Ctx, id: OrderLineId) -> Result<OrderLine> {
    let line = store::find(conn, ctx, id)?.ok_or(error::NOT_FOUND)?;
    order::find(conn, ctx, line.order_id)?;
    Ok(line)
}

/// Adds a line at the end; with a `base`, only if the order is still at that version.
pub fn add(conn: &mut Conn, ctx: &Ctx, order: OrderId, base: Option<i32>, new: &NewOrderLine) -> Result<OrderLine> {
    conn.transaction(|conn| {
        let order = deeds::changeable(conn, ctx, order, base)?;
        let there = store::keys(conn, ctx, order.id)?;
        if let Some(key) = &new.line_key {
            is_free(&there, key)?;
        }
        let position = there.iter().map(|(_, _, position)| *position).max().unwrap_or_default().saturating_add(1);
        let taken = there.into_iter().map(|(key, ..)| key).collect();
        let line = pricing::price_one(conn, ctx, &order.currency, new, taken, position)?;
        let added = store::insert(conn, ctx, &order, &[line], &[])?.pop().ok_or(error::INTERNAL)?;
        summed_anew(conn, ctx, &order)?;
        Ok(added)
    })
}

/// Changes a line; with a `base`, only if it is still at that version.
pub fn update(
    conn: &mut Conn,
    ctx: &Ctx,
    id: OrderLineId,
    base: Option<i32>,
    patch: &OrderLinePatch,
) -> Result<OrderLine> {
    conn.transaction(|conn| {
        let (order, line) = changeable(conn, ctx, id, base)?;
        if let Some(key) = patch.line_key.as_ref().filter(|key| **key != line.line_key) {
            is_free(&store::keys(conn, ctx, order.id)?, key)?;
        }
        let amounts = patch.terms(&line).amounts(&order.currency);
        let amounts = amounts.ok_or_else(|| Error::from(error::INVALID).fault(pricing::too_large()))?;
        let changed = store::update(conn, ctx, &line, patch, &amounts)?;
        summed_anew(conn, ctx, &order)?;
        Ok(changed)
    })
}

/// Removes a line; with a `base`, only if it is still at that version.
pub fn remove(conn: &mut Conn, ctx: &Ctx, id: OrderLineId, base: Option<i32>) -> Result<()> {
    conn.transaction(|conn| {
        let (order, line) = changeable(conn, ctx, id, base)?;
        store::remove(conn, ctx, order.id, line.id)?;
        summed_anew(conn, ctx, &order).map(drop)
    })
}

/// Locks the order of a line, and the line with it.
fn changeable(conn: &mut Conn, ctx: &Ctx, id: OrderLineId, base: Option<i32>) -> Result<(Order, OrderLine)> {
    let order = find(conn, ctx, id)?.order_id;
    let order = deeds::changeable(conn, ctx, order, None)?;
    match store::find(conn, ctx, id)? {
        Some(line) if base.is_none_or(|version| version == line.version) => Ok((order, line)),
        _ => Err(untouched(conn, ctx, find, id, base)),
    }
}

/// Puts these lines in place of all that are there, with a `base` only if the order is still at that version. A line
/// whose key was there goes on with its id.
pub fn replace(
    conn: &mut Conn,
    ctx: &Ctx,
    order: OrderId,
    base: Option<i32>,
    lines: &[NewOrderLine],
) -> Result<Vec<OrderLine>> {
    conn.transaction(|conn| {
        let order = deeds::changeable(conn, ctx, order, base)?;
        let priced = pricing::price(conn, ctx, &order.currency, lines)?;
        replace_with(conn, ctx, &order, &priced)?;
        summed_anew(conn, ctx, &order)?;
        of_all(conn, ctx, &[order.id])
    })
}

/// Puts these lines in place of all that are there; the order itself is the caller's to change.
pub(in crate::order) fn replace_with(conn: &mut Conn, ctx: &Ctx, order: &Order, lines: &[Priced]) -> Result<()> {
    let before = store::clear(conn, ctx, order.id)?;
    write(conn, ctx, order, lines, &before)
}

/// Writes lines of an order that has none; one that has the key of a line in `before` goes on as that line.
pub(in crate::order) fn write(
    conn: &mut Conn,
    ctx: &Ctx,
    order: &Order,
    lines: &[Priced],
    before: &[OrderLine],
) -> Result<()> {
    if !lines.is_empty() {
        store::insert(conn, ctx, order, lines, before)?;
    }
    Ok(())
}

fn summed_anew(conn: &mut Conn, ctx: &Ctx, order: &Order) -> Result<Order> {
    let sums = store::sums(conn, ctx, order.id)?;
    deeds::summed_anew(conn, ctx, order, sums)
}

fn is_free(there: &[(String, OrderLineId, i32)], key: &str) -> Result<()> {
    match there.iter().find(|(one, ..)| one == key) {
        Some((_, id, _)) => Err(conflict(LINE_KEY_TAKEN, &[Existing::new(*id, "line_key", 100)])),
        None => Ok(()),
    }
}
