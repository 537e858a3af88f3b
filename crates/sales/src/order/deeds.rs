//! What may be done with an order. A deed that touches lines opens a transaction, locks the order, writes the lines, and
//! changes the order last: one version, one event.
use super::amounts::Sums;
use super::from_quote::next_number;
use super::line::{self, pricing};
use super::{CURRENCY_FIXED, Key, NUMBER_TAKEN, NewOrder, Order, OrderPatch, store};
use crate::lifecycle::{self, Placed, Standing};
use customer::{account, contact};
use diesel::Connection;
use diesel::result::{DatabaseErrorKind::UniqueViolation, Error as Sql};
use kernel::existing::conflict;
use kernel::{Ctx, Error, Existing, Noun, OrderId, Result, error, money, text};
use platform::deed::{self, Called, Upsert, Upserted, may_own, untouched};
use platform::search::Words;
use platform::{Conn, custom};
use rust_decimal::Decimal;

pub fn create(conn: &mut Conn, ctx: &Ctx, new: &NewOrder) -> Result<Order> {
    may_own::<Order>(ctx, new.owner_id)?;
    account::is_there(conn, ctx, new.account_id)?;
    contact::is_there(conn, ctx, new.contact_id)?;
    let shipping = new.shipping.unwrap_or_default();
    fits(shipping, &new.currency)?;
    let done = conn.transaction(|conn| {
        let lines = pricing::price(conn, ctx, &new.currency, &new.lines)?;
        let sums = Sums::over(lines.iter().map(|line| &line.amounts), shipping).ok_or_else(too_large)?;
        let number = match &new.number {
            Some(number) => number.clone(),
            None => counted(conn, ctx)?,
        };
        let words = custom::words(ctx, Order::NAME, &new.custom.0, words(&number));
        let order = store::insert(conn, ctx, new, &number, &sums, None, words).map_err(named)?;
        line::write(conn, ctx, &order, &lines, &[])?;
        lifecycle::placed(conn, ctx, Placed::of(&order))?;
        Ok(order)
    });
    done.map_err(|error| with_existing(conn, ctx, error, new.number.as_deref()))
}

/// The order that has the number already, if one.
pub fn duplicates(conn: &mut Conn, ctx: &Ctx, new: &NewOrder) -> Result<Vec<Existing>> {
    let Some(number) = &new.number else { return Ok(Vec::new()) };
    let found = store::find_by(conn, ctx, &Key::Number(number.clone()))?;
    Ok(found.iter().map(|one| Existing::new(one.id, "number", 100)).collect())
}

/// With a `base`, only if the order is still at that version; without, on whatever is there now.
pub fn update(conn: &mut Conn, ctx: &Ctx, id: OrderId, base: Option<i32>, patch: &OrderPatch) -> Result<Order> {
    may_own::<Order>(ctx, patch.owner_id)?;
    account::is_there(conn, ctx, patch.account_id.flatten())?;
    contact::is_there(conn, ctx, patch.contact_id.flatten())?;
    let is_priced = patch.currency.is_some() || patch.shipping.is_some() || patch.lines.is_some();
    let says_whose = patch.account_id.is_some() || patch.contact_id.is_some() || patch.status.is_some();
    let write = |conn: &mut Conn| match is_priced {
        true => update_with_sums(conn, ctx, id, base, patch),
        false => plain_update(conn, ctx, id, base, patch, None),
    };
    let done = match is_priced || says_whose {
        true => conn.transaction(|conn| {
            let before = if says_whose { store::lock(conn, ctx, id)? } else { None };
            let order = write(conn)?;
            let anew = before.and_then(|before| Placed::anew(id, Standing::of(&before), Standing::of(&order)));
            lifecycle::placed(conn, ctx, anew)?;
            Ok(order)
        }),
        false => write(conn),
    };
    done.map_err(|error| with_existing(conn, ctx, error, patch.number.as_deref()))
}

fn plain_update(
    conn: &mut Conn,
    ctx: &Ctx,
    id: OrderId,
    base: Option<i32>,
    patch: &OrderPatch,
    sums: Option<&Sums>,
) -> Result<Order> {
    let searched = patch.number.is_some() || patch.custom.is_some();
    let write = |conn: &mut Conn| match store::update(conn, ctx, id, base, patch, sums).map_err(named)? {
        Some(order) => Ok(order),
        None => Err(untouched(conn, ctx, store::find, id, base)),
    };
    if !searched {
        return write(conn);
    }
    conn.transaction(|conn| {
        let order = write(conn)?;
        let words = custom::words(ctx, Order::NAME, &order.custom.0, words(&order.number));
        store::set_words(conn, ctx, id, words)?;
        Ok(order)
    })
}

/// A change that touches the amounts.
fn update_with_sums(conn: &mut Conn, ctx: &Ctx, id: OrderId, base: Option<i32>, patch: &OrderPatch) -> Result<Order> {
    let mut order = changeable(conn, ctx, id, base)?;
    if let Some(currency) = &patch.currency
        && *currency != order.currency
    {
        if order.line_count > 0 && patch.lines.is_none() {
            return Err(CURRENCY_FIXED.into());
        }
        order.currency.clone_from(currency);
    }
    let shipping = patch.shipping.unwrap_or(order.shipping.amount);
    fits(shipping, &order.currency)?;
    let sums = match &patch.lines {
        Some(lines) => {
            let priced = pricing::price(conn, ctx, &order.currency, lines)?;
            line::replace_with(conn, ctx, &order, &priced)?;
            Sums::over(priced.iter().map(|line| &line.amounts), shipping)
        }
        None => Sums { shipping, ..standing(&order) }.closed(),
    };
    plain_update(conn, ctx, id, base, patch, Some(&sums.ok_or_else(too_large)?))
}

/// Locks the order for a change of its lines.
pub(super) fn changeable(conn: &mut Conn, ctx: &Ctx, id: OrderId, base: Option<i32>) -> Result<Order> {
    match store::lock(conn, ctx, id)? {
        Some(order) if base.is_none_or(|version| version == order.version) => Ok(order),
        _ => Err(untouched(conn, ctx, store::find, id, base)),
    }
}

/// A change of its lines is a change of the order.
pub(super) fn summed_anew(conn: &mut Conn, ctx: &Ctx, order: &Order, lines: Sums) -> Result<Order> {
    let sums = Sums { shipping: order.shipping.amount, ..lines }.closed().ok_or_else(too_large)?;
    plain_update(conn, ctx, order.id, None, &OrderPatch::default(), Some(&sums))
}

fn standing(order: &Order) -> Sums {
    Sums {
        subtotal: order.subtotal.amount,
        discount: order.discount.amount,
        tax: order.tax.amount,
        shipping: order.shipping.amount,
        total: order.total.amount,
        line_count: order.line_count,
    }
}

/// The order with this key is changed, or made where there is none; its lines are replaced where there are some in the
/// patch.
pub fn upsert(conn: &mut Conn, ctx: &Ctx, key: &Key, ask: &Upsert<NewOrder, OrderPatch>) -> Result<Upserted<Order>> {
    deed::upsert(
        conn,
        ctx,
        key,
        ask,
        (store::find_by, store::find_any),
        |conn, new| {
            let mut new = new.clone();
            if let Key::Number(number) = key {
                new.number = Some(number.clone());
            }
            create(conn, ctx, &new)
        },
        |conn, found, patch| update(conn, ctx, found.id, ask.base, patch),
    )
}

impl Called for Key {
    fn called(&self) -> Option<(&str, &str)> {
        match self {
            Self::External { source_system, external_id } => Some((source_system, external_id)),
            _ => None,
        }
    }
}

pub fn archive(conn: &mut Conn, ctx: &Ctx, id: OrderId, base: Option<i32>) -> Result<Order> {
    match store::set_archived(conn, ctx, id, base, true)? {
        Some(order) => Ok(order),
        None => Err(untouched(conn, ctx, store::find, id, base)),
    }
}

/// An order that is not archived is answered as it is.
pub fn restore(conn: &mut Conn, ctx: &Ctx, id: OrderId) -> Result<Order> {
    let found = store::find_any(conn, ctx, id)?;
    if found.deleted_at.is_none() {
        return Ok(found);
    }
    let done = store::set_archived(conn, ctx, id, None, false);
    let done = done.map_err(|e| with_existing(conn, ctx, named(e), Some(&found.number)))?;
    done.ok_or_else(|| error::FORBIDDEN.into())
}

/// Gone for good, with its lines.
pub fn purge(conn: &mut Conn, ctx: &Ctx, id: OrderId, base: Option<i32>) -> Result<()> {
    deed::purge(conn, ctx, id, base, store::find_any, store::delete)
}

pub(super) fn counted(conn: &mut Conn, ctx: &Ctx) -> Result<String> {
    next_number(conn, ctx, "order", |conn, count| {
        let number = format!("SO-{}-{count:06}", ctx.now.format("%Y%m%d"));
        let taken = store::is_taken(conn, ctx, &number)?;
        Ok((!taken).then_some(number))
    })
}

/// What the delivery costs is money of the order's currency.
fn fits(shipping: Decimal, currency: &str) -> Result<()> {
    match money::round(shipping, currency) == shipping {
        true => Ok(()),
        false => Err(Error::invalid("/shipping", "decimals", text!("has more decimals than {currency}", currency))),
    }
}

pub(super) fn too_large() -> Error {
    Error::invalid("/lines", "range", text!("the order comes to more than can be kept"))
}

/// What it is found by: the one choice of words, for imports too.
pub(super) fn words(number: &str) -> Vec<String> {
    Words::new().whole(number).lexemes()
}

/// The constraints of the table, by the codes of the room.
pub(super) fn named(error: Sql) -> Error {
    match &error {
        Sql::DatabaseError(UniqueViolation, info) if info.constraint_name() == Some("orders_number_key") => {
            Error::from(NUMBER_TAKEN).source(error)
        }
        _ => error.into(),
    }
}

/// Which order has the number, if the caller may see it: asked after the transaction that failed on it.
fn with_existing(conn: &mut Conn, ctx: &Ctx, error: Error, number: Option<&str>) -> Error {
    match number {
        Some(number) if error.code == NUMBER_TAKEN => {
            let found = store::find_by(conn, ctx, &Key::Number(number.to_owned())).unwrap_or_default();
            let existing: Vec<_> = found.iter().map(|one| Existing::new(one.id, "number", 100)).collect();
            Error { members: conflict(NUMBER_TAKEN, &existing).members, ..error }
        }
        _ => error,
    }
}
