//! What may be done with an exchange rate.
use super::{DAY_TAKEN, ExchangeRate, ExchangeRatePatch, NewExchangeRate, store};
use crate::others;
use diesel::result::{DatabaseErrorKind::UniqueViolation, Error as Sql};
use kernel::{Ctx, Error, ExchangeRateId, Result, text};
use platform::Conn;
use platform::deed::untouched;

/// Into the tenant's own currency.
pub fn create(conn: &mut Conn, ctx: &Ctx, new: &NewExchangeRate) -> Result<ExchangeRate> {
    let to = others::store::base_currency(conn, ctx)?;
    if new.from_currency == to {
        return Err(Error::invalid("/from_currency", "same", text!("is the currency that totals are reckoned in")));
    }
    store::insert(conn, ctx, new, &to).map_err(named)
}

/// With a `base`, only if the rate is still at that version; without, on whatever is there now.
pub fn update(
    conn: &mut Conn,
    ctx: &Ctx,
    id: ExchangeRateId,
    base: Option<i32>,
    patch: &ExchangeRatePatch,
) -> Result<ExchangeRate> {
    match store::update(conn, ctx, id, base, patch).map_err(named)? {
        Some(rate) => Ok(rate),
        None => Err(untouched(conn, ctx, store::find, id, base)),
    }
}

/// Gone: what was reckoned by it stays so.
pub fn remove(conn: &mut Conn, ctx: &Ctx, id: ExchangeRateId, base: Option<i32>) -> Result<ExchangeRate> {
    match store::delete(conn, ctx, id, base)? {
        Some(rate) => Ok(rate),
        None => Err(untouched(conn, ctx, store::find, id, base)),
    }
}

/// The constraints of the table, by the codes of the room.
fn named(error: Sql) -> Error {
    match &error {
        Sql::DatabaseError(UniqueViolation, info) if info.constraint_name() == Some("exchange_rates_day_key") => {
            Error::from(DAY_TAKEN).source(error)
        }
        _ => error.into(),
    }
}
