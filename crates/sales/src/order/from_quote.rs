//! The order that comes of a quote; and how orders, quotes and the like are numbered.
use super::amounts::Sums;
use super::deeds::{counted, named, too_large, words};
use super::line::{self, pricing};
use super::{NewOrder, Order, QUOTE_ORDERED, store};
use crate::lifecycle::{self, Placed};
use kernel::{Ctx, Error, QuoteId, Result};
use platform::Conn;
use platform::deed::Upserted;

/// The order that comes of a quote: once, with the amounts that were agreed upon.
pub(crate) fn of_quote(
    conn: &mut Conn,
    ctx: &Ctx,
    quote: QuoteId,
    new: &NewOrder,
    lines: &[pricing::Priced],
) -> Result<Upserted<Order>> {
    if let Some(id) = store::of_quote(conn, ctx, quote)? {
        let found = store::find(conn, ctx, id).map_err(|_| Error::from(QUOTE_ORDERED))?;
        return Ok(Upserted::Updated(found));
    }
    let shipping = new.shipping.unwrap_or_default();
    let sums = Sums::over(lines.iter().map(|line| &line.amounts), shipping).ok_or_else(too_large)?;
    let number = counted(conn, ctx)?;
    let order = store::insert(conn, ctx, new, &number, &sums, Some(quote), words(&number)).map_err(named)?;
    line::write(conn, ctx, &order, lines, &[])?;
    lifecycle::placed(conn, ctx, Placed::of(&order))?;
    Ok(Upserted::Created(order))
}

/// The next number of this name that nobody has given by hand: `of` makes it of a count, unless it is taken.
pub(crate) fn next_number(
    conn: &mut Conn,
    ctx: &Ctx,
    name: &str,
    of: impl Fn(&mut Conn, i64) -> Result<Option<String>>,
) -> Result<String> {
    loop {
        let count = store::count_on(conn, ctx, name)?;
        if let Some(number) = of(conn, count)? {
            return Ok(number);
        }
    }
}
