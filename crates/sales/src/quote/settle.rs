//! What a quote comes to once it is written: the one way to its amounts, whoever asks.
use super::amounts::{Manner, Off};
use super::line::{self, NewQuoteLine, pricing, pricing::Offered};
use super::{CURRENCY_FIXED, NewQuote, Quote, QuotePatch};
use crate::opportunity::{self, Opportunity};
use crate::order::amounts::Sums;
use crate::others;
use kernel::catalogue::Field;
use kernel::money::round;
use kernel::{AccountId, Ctx, Error, PriceBookId, Result, text};
use platform::Conn;
use rust_decimal::Decimal;

/// The columns that follow, and the lines that are to be written.
pub struct Settled {
    pub account_id: Option<AccountId>,
    pub currency: String,
    pub is_tax_included: bool,
    pub rounding: String,
    pub discount_rate: Option<Decimal>,
    pub discount_fixed: Option<Decimal>,
    pub sums: Sums,
    pub lines: Vec<Offered>,
}

impl Settled {
    fn manner(&self, shipping: Decimal) -> Manner<'_> {
        let off = match (self.discount_rate, self.discount_fixed) {
            (Some(rate), _) => Off::Rate(rate),
            (None, Some(fixed)) => Off::Fixed(fixed),
            (None, None) => Off::Nothing,
        };
        Manner {
            currency: &self.currency,
            is_tax_included: self.is_tax_included,
            by_document: self.rounding == "document",
            off,
            shipping,
        }
    }
}

/// Of a new quote. What it does not say, its opportunity does.
pub fn of_new(conn: &mut Conn, ctx: &Ctx, new: &NewQuote, of: Option<&Opportunity>) -> Result<Settled> {
    let its = of.filter(|_| ctx.sees::<Opportunity>("currency")).map(|one| &one.currency);
    let currency = match new.currency.as_ref().or(its) {
        Some(currency) => currency.clone(),
        None => others::store::base_currency(conn, ctx)?,
    };
    let settled = Settled {
        account_id: new.account_id.or_else(|| of.filter(|_| ctx.sees::<Opportunity>("account_id"))?.account_id),
        currency,
        is_tax_included: new.is_tax_included.unwrap_or_default(),
        rounding: new.rounding.clone().unwrap_or_else(|| "line".to_owned()),
        discount_rate: new.discount_rate,
        discount_fixed: new.discount_fixed,
        sums: Sums::default(),
        lines: Vec::new(),
    };
    let copied = match (&new.lines, of) {
        (None, Some(of)) => copied(conn, ctx, of, &settled.currency)?,
        _ => Vec::new(),
    };
    let lines = new.lines.as_ref().unwrap_or(&copied);
    settle(conn, ctx, settled, new.shipping.unwrap_or_default(), new.price_book_id, Some(lines), &[])
}

/// Of a quote once it is patched.
pub fn of_patched(conn: &mut Conn, ctx: &Ctx, before: &Quote, patch: &QuotePatch) -> Result<Settled> {
    let currency = patch.currency.as_ref().unwrap_or(&before.currency);
    if *currency != before.currency && before.line_count > 0 && patch.lines.is_none() {
        return Err(CURRENCY_FIXED.into());
    }
    let standing = before.discount_fixed.as_ref().map(|money| money.amount);
    // one takes the place of the other
    let rate = patch.discount_rate.unwrap_or(before.discount_rate.filter(|_| patch.discount_fixed.flatten().is_none()));
    let fixed = patch.discount_fixed.unwrap_or(standing.filter(|_| patch.discount_rate.flatten().is_none()));
    let settled = Settled {
        account_id: before.account_id,
        currency: currency.clone(),
        is_tax_included: patch.is_tax_included.unwrap_or(before.is_tax_included),
        rounding: patch.rounding.as_ref().unwrap_or(&before.rounding).clone(),
        discount_rate: rate,
        discount_fixed: fixed,
        sums: Sums::default(),
        lines: Vec::new(),
    };
    let there = if patch.lines.is_none() { line::of_all(conn, ctx, &[before.id])? } else { Vec::new() };
    let shipping = patch.shipping.unwrap_or(before.shipping.amount);
    let book = patch.price_book_id.unwrap_or(before.price_book_id);
    settle(conn, ctx, settled, shipping, book, patch.lines.as_ref(), &there)
}

fn settle(
    conn: &mut Conn,
    ctx: &Ctx,
    settled: Settled,
    shipping: Decimal,
    book: Option<PriceBookId>,
    lines: Option<&Vec<NewQuoteLine>>,
    there: &[line::QuoteLine],
) -> Result<Settled> {
    fits("/shipping", shipping, &settled.currency)?;
    fits("/discount_fixed", settled.discount_fixed.unwrap_or_default(), &settled.currency)?;
    let manner = settled.manner(shipping);
    let (lines, sums) = match lines {
        // nothing is off what is not there yet
        Some(lines) if lines.is_empty() => empty(&manner)?,
        None if there.is_empty() => empty(&manner)?,
        Some(lines) => pricing::offer(conn, ctx, book, lines, &manner)?,
        None => pricing::again(there, &manner)?,
    };
    Ok(Settled { lines, sums, ..settled })
}

fn empty(manner: &Manner) -> Result<(Vec<Offered>, Sums)> {
    pricing::again(&[], &Manner { off: Off::Nothing, ..*manner })
}

/// The lines of an opportunity, as if they were said.
fn copied(conn: &mut Conn, ctx: &Ctx, of: &Opportunity, currency: &str) -> Result<Vec<NewQuoteLine>> {
    let hides = |field: &Field| ctx.grants.hides(opportunity::line::CATALOGUE.noun, field.name);
    // what somebody does not see of one record, they do not get by another
    if of.currency != currency || opportunity::line::CATALOGUE.fields.iter().any(hides) {
        return Ok(Vec::new());
    }
    let lines = opportunity::line::of_all(conn, ctx, &[of.id])?;
    let copy = |line: opportunity::line::OpportunityLine| NewQuoteLine {
        line_key: Some(line.line_key),
        product_id: line.product_id,
        sku: line.sku,
        name: Some(line.name),
        quantity: line.quantity,
        unit_price: Some(line.unit_price),
        discount_rate: Some(line.discount_rate),
        discount_fixed: None,
        tax_rate: Some(line.tax_rate),
    };
    Ok(lines.into_iter().map(copy).collect())
}

/// What it costs, and what is off, is money of the quote's currency.
fn fits(place: &str, sum: Decimal, currency: &str) -> Result<()> {
    match round(sum, currency) == sum {
        true => Ok(()),
        false => Err(Error::invalid(place, "decimals", text!("has more decimals than {currency}", currency))),
    }
}
