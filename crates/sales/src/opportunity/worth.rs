//! What an opportunity comes to, and what that is in the tenant's own currency.
//!
//! The rate is that of the day on which it was made or got its currency, and is kept; when it is closed, that of the day of
//! closing is taken, and kept. Where no rate was known, the next change takes one that is known by then.
use super::line::{self, NewOpportunityLine};
use super::{AMOUNT_FIXED, NewOpportunity, Opportunity, OpportunityPatch};
use crate::order::amounts::Sums;
use crate::order::line::pricing::{self, Priced};
use crate::{exchange_rate, others};
use chrono::NaiveDate;
use kernel::money::{in_range, round};
use kernel::{Ctx, Error, Money, Result, text};
use platform::Conn;
use rust_decimal::Decimal;

/// Currency and amount, and the lines that are to be written.
pub struct Worth {
    pub currency: String,
    pub amount: Option<Decimal>,
    pub lines: Option<Vec<Priced>>,
}

/// The same in the tenant's own currency.
#[derive(Clone, Debug)]
pub struct Based {
    pub currency: String,
    pub rate: Option<Decimal>,
    pub amount: Option<Decimal>,
}

/// Of a new opportunity.
pub fn of_new(conn: &mut Conn, ctx: &Ctx, new: &NewOpportunity) -> Result<Worth> {
    let currency = match said(new.currency.as_deref(), new.amount.as_ref())? {
        Some(currency) => currency.to_owned(),
        None => others::store::base_currency(conn, ctx)?,
    };
    if new.lines.is_empty() {
        return Ok(Worth { currency, amount: new.amount.as_ref().map(|money| money.amount), lines: None });
    }
    if new.amount.is_some() {
        return Err(follows());
    }
    let (lines, total) = priced(conn, ctx, &currency, &new.lines)?;
    Ok(Worth { currency, amount: Some(total), lines: Some(lines) })
}

/// Of an opportunity once it is patched.
pub fn of_patched(conn: &mut Conn, ctx: &Ctx, before: &Opportunity, patch: &OpportunityPatch) -> Result<Worth> {
    let given = patch.amount.as_ref().map(Option::as_ref);
    let currency = said(patch.currency.as_deref(), given.flatten())?.unwrap_or(&before.currency).to_owned();
    let standing = before.amount.as_ref().map(|money| money.amount);
    let stated = given.map_or(standing, |money| money.map(|money| money.amount));
    match &patch.lines {
        Some(lines) if !lines.is_empty() => {
            if given.flatten().is_some() {
                return Err(follows());
            }
            let (lines, total) = priced(conn, ctx, &currency, lines)?;
            Ok(Worth { currency, amount: Some(total), lines: Some(lines) })
        }
        Some(_) => Ok(Worth { currency, amount: stated, lines: Some(Vec::new()) }),
        None => {
            let moves = currency != before.currency || stated != standing;
            if moves && line::any(conn, ctx, before.id)? {
                return Err(AMOUNT_FIXED.into());
            }
            if currency != before.currency && given.is_none() && stated.is_some_and(|sum| round(sum, &currency) != sum)
            {
                return Err(Error::invalid("/currency", "decimals", text!("the amount has more decimals than that")));
            }
            Ok(Worth { currency, amount: stated, lines: None })
        }
    }
}

/// In the tenant's own currency, at the rate of `day`, where there is one; else at the one that was `kept`.
pub fn based(
    conn: &mut Conn,
    ctx: &Ctx,
    worth: &Worth,
    kept: Option<&Opportunity>,
    day: Option<NaiveDate>,
) -> Result<Based> {
    let kept = kept.and_then(|before| Some((before.base_currency.clone(), before.exchange_rate?)));
    let (currency, rate) = match (kept, day) {
        (Some((currency, rate)), None) => (currency, Some(rate)),
        (kept, day) => {
            let own = others::store::base_currency(conn, ctx)?;
            let rate = match own == worth.currency {
                true => Some(Decimal::ONE),
                false => {
                    let day = day.unwrap_or(ctx.now.date_naive());
                    exchange_rate::on(conn, ctx, &worth.currency, &own, day)?
                }
            };
            match (rate, kept) {
                (None, Some((currency, rate))) => (currency, Some(rate)),
                (rate, _) => (own, rate),
            }
        }
    };
    let amount = match worth.amount.zip(rate) {
        None => None,
        Some((amount, rate)) => {
            let sum = amount.checked_mul(rate).map(|sum| round(sum, &currency)).filter(|sum| in_range(*sum));
            Some(sum.ok_or_else(too_large)?)
        }
    };
    Ok(Based { currency, rate, amount })
}

/// What is to be expected of an amount.
pub fn expected(worth: &Worth, probability: i32) -> Option<Decimal> {
    let part = worth.amount?.checked_mul(Decimal::new(i64::from(probability), 2))?;
    Some(round(part, &worth.currency))
}

/// The currency that a body says, in one place or in both.
fn said<'a>(currency: Option<&'a str>, amount: Option<&'a Money>) -> Result<Option<&'a str>> {
    match (currency, amount) {
        (Some(one), Some(money)) if one != money.currency => {
            Err(Error::invalid("/currency", "currency", text!("the amount is in another currency")))
        }
        (one, money) => Ok(one.or(money.map(|money| money.currency.as_str()))),
    }
}

fn priced(conn: &mut Conn, ctx: &Ctx, currency: &str, lines: &[NewOpportunityLine]) -> Result<(Vec<Priced>, Decimal)> {
    let lines: Vec<_> = lines.iter().cloned().map(Into::into).collect();
    let priced = pricing::price(conn, ctx, currency, &lines)?;
    let sums = Sums::over(priced.iter().map(|line| &line.amounts), Decimal::ZERO).ok_or_else(too_large)?;
    Ok((priced, sums.total))
}

fn follows() -> Error {
    Error::invalid("/amount", "follows", text!("follows from the lines: one of both is enough"))
}

fn too_large() -> Error {
    Error::invalid("/amount", "range", text!("the opportunity comes to more than can be kept"))
}
