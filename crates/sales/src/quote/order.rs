//! What comes of a quote that was accepted: an order, once. Its lines have the amounts that were agreed upon to the cent;
//! the rates beside them are the nearest that say so, for an order knows neither sums off nor prices that hold the tax.
use super::deeds::refused;
use super::{Quote, TRANSITION_REFUSED, line, nothing_is_held_back, store};
use crate::order::amounts::{Amounts, Terms};
use crate::order::line::pricing::Priced;
use crate::order::{self, NewOrder, Order};
use diesel::Connection;
use kernel::{Action, Ctx, QuoteId, Result, error};
use line::QuoteLine;
use platform::Conn;
use platform::deed::Upserted;
use rust_decimal::Decimal;

/// How fine a rate is kept.
const DECIMALS: u32 = 6;

/// The order of a quote: the one that there is already, or a new one.
pub fn to_order(conn: &mut Conn, ctx: &Ctx, id: QuoteId) -> Result<Upserted<Order>> {
    conn.transaction(|conn| {
        let quote = accepted(conn, ctx, id)?;
        let lines = line::of_all(conn, ctx, &[quote.id])?;
        let lines: Vec<Priced> = lines.iter().map(|line| priced(&quote, line)).collect();
        let new = NewOrder {
            owner_id: Some(quote.owner_id),
            team_id: quote.team_id,
            account_id: quote.account_id,
            contact_id: quote.contact_id,
            currency: quote.currency.clone(),
            shipping: Some(quote.shipping.amount),
            ..NewOrder::default()
        };
        order::of_quote(conn, ctx, quote.id, &new, &lines)
    })
}

/// A quote that was accepted, locked: something comes of it, and none of that may be held back.
pub(crate) fn accepted(conn: &mut Conn, ctx: &Ctx, id: QuoteId) -> Result<Quote> {
    let quote = store::lock(conn, ctx, Action::Read, id)?.ok_or(error::NOT_FOUND)?;
    nothing_is_held_back(ctx)?;
    if quote.status == "accepted" { Ok(quote) } else { Err(refused(ctx, TRANSITION_REFUSED, &quote)) }
}

/// A line as orders and opportunities have it: what is off it and its tax are the quote's.
pub(super) fn priced(quote: &Quote, line: &QuoteLine) -> Priced {
    let agreed = line.amounts();
    let (net, discount) = (agreed.net(), agreed.discount + agreed.shared);
    let (unit_price, subtotal) = match quote.is_tax_included {
        false => (line.unit_price, agreed.subtotal),
        // without the tax that the prices hold
        true => {
            let kept = |figure: Decimal| figure.checked_div(Decimal::ONE + line.tax_rate).unwrap_or(figure);
            let gross = kernel::money::round(kept(agreed.subtotal), &quote.currency);
            (kept(line.unit_price).round_dp(DECIMALS), if discount.is_zero() { net } else { gross })
        }
    };
    let off = subtotal - net;
    let rate = |part: Decimal, whole: Decimal| {
        let rate = part.checked_div(whole).unwrap_or_default().round_dp(DECIMALS);
        rate.clamp(Decimal::ZERO, Decimal::ONE)
    };
    let discount_rate =
        if agreed.shared.is_zero() && line.discount_fixed.is_none() { line.discount_rate } else { rate(off, subtotal) };
    Priced {
        line_key: line.line_key.clone(),
        position: line.position,
        product_id: line.product_id,
        sku: line.sku.clone(),
        name: line.name.clone(),
        terms: Terms { quantity: line.quantity, unit_price, discount_rate, tax_rate: line.tax_rate },
        amounts: Amounts { subtotal, discount: off, tax: agreed.tax, total: agreed.total },
    }
}
