//! What may be done with an exchange rate.
use super::{DAY_TAKEN, ExchangeRate, ExchangeRatePatch, Key, NewExchangeRate, store};
use crate::others;
use diesel::result::{DatabaseErrorKind::UniqueViolation, Error as Sql};
use kernel::existing::conflict;
use kernel::{Ctx, Error, ExchangeRateId, Existing, Result, error, text};
use platform::Conn;
use platform::deed::{self, Called, Upsert, Upserted, attempt, untouched};

/// Into the tenant's own currency.
pub fn create(conn: &mut Conn, ctx: &Ctx, new: &NewExchangeRate) -> Result<ExchangeRate> {
    let to = others::store::base_currency(conn, ctx)?;
    if new.from_currency == to {
        return Err(Error::invalid("/from_currency", "same", text!("is the currency that totals are reckoned in")));
    }
    let key = Key { from_currency: new.from_currency.clone(), valid_on: new.valid_on };
    attempt(conn, |conn| store::insert(conn, ctx, new, &to)).map_err(|error| named(conn, ctx, error, (&key, &to)))
}

/// With a `base`, only if the rate is still at that version; without, on whatever is there now.
pub fn update(
    conn: &mut Conn,
    ctx: &Ctx,
    id: ExchangeRateId,
    base: Option<i32>,
    patch: &ExchangeRatePatch,
) -> Result<ExchangeRate> {
    match attempt(conn, |conn| store::update(conn, ctx, id, base, patch)) {
        Ok(Some(rate)) => Ok(rate),
        Ok(None) => Err(untouched(conn, ctx, store::find, id, base)),
        Err(error) => {
            let before = store::find(conn, ctx, id)?;
            let day = patch.valid_on.unwrap_or(before.valid_on);
            let key = Key { from_currency: before.from_currency, valid_on: day };
            Err(named(conn, ctx, error, (&key, &before.to_currency)))
        }
    }
}

/// The rate with this key is changed, or made where there is none.
pub fn upsert(
    conn: &mut Conn,
    ctx: &Ctx,
    key: &Key,
    ask: &Upsert<NewExchangeRate, ExchangeRatePatch>,
) -> Result<Upserted<ExchangeRate>> {
    deed::upsert(
        conn,
        ctx,
        key,
        ask,
        (store::find_by, store::find_any),
        |conn, new| create(conn, ctx, new),
        |conn, found, patch| update(conn, ctx, found.id, ask.base, patch),
    )
}

impl Called for Key {
    fn called(&self) -> Option<(&str, &str)> {
        None
    }
}

/// Nothing is reckoned by it any more; what was reckoned by it stays so.
pub fn archive(conn: &mut Conn, ctx: &Ctx, id: ExchangeRateId, base: Option<i32>) -> Result<ExchangeRate> {
    match store::set_archived(conn, ctx, id, base, true)? {
        Some(rate) => Ok(rate),
        None => Err(untouched(conn, ctx, store::find, id, base)),
    }
}

/// A rate that is not archived is answered as it is.
pub fn restore(conn: &mut Conn, ctx: &Ctx, id: ExchangeRateId) -> Result<ExchangeRate> {
    let found = store::find_any(conn, ctx, id)?;
    if found.deleted_at.is_none() {
        return Ok(found);
    }
    let key = Key { from_currency: found.from_currency, valid_on: found.valid_on };
    let done = attempt(conn, |conn| store::set_archived(conn, ctx, id, None, false));
    let done = done.map_err(|error| named(conn, ctx, error, (&key, &found.to_currency)))?;
    done.ok_or_else(|| error::FORBIDDEN.into())
}

/// Gone for good: what was reckoned by it stays so.
pub fn purge(conn: &mut Conn, ctx: &Ctx, id: ExchangeRateId, base: Option<i32>) -> Result<()> {
    deed::purge(conn, ctx, id, base, store::find_any, store::delete)
}

/// The constraints of the table, by the codes of the room.
fn named(conn: &mut Conn, ctx: &Ctx, error: Sql, (key, to): (&Key, &str)) -> Error {
    match &error {
        Sql::DatabaseError(UniqueViolation, info) if info.constraint_name() == Some("exchange_rates_day_key") => {
            let found = store::into(conn, ctx, key, to).unwrap_or_default();
            let existing: Vec<Existing> = found.iter().map(|one| Existing::new(one.id, "valid_on", 100)).collect();
            conflict(DAY_TAKEN, &existing).source(error)
        }
        _ => error.into(),
    }
}
