//! What a quote and its lines come to. Pure arithmetic on exact decimals; the lines begin as those of an order do
//! ([`crate::order::amounts`]).
//!
//! ```text
//! line:   subtotal = round(quantity × unit_price)
//!         discount = round(subtotal × discount_rate), or the sum that is said
//!         shared   = its part of what is off all lines, by what the lines come to after their own discounts
//!         base     = subtotal − discount − shared
//!         tax      = by line:     round(base × tax_rate)
//!                    by document: round(base × tax_rate) of all lines of a rate together, then parted among them
//!         total    = base + tax
//! quote:  subtotal, discount (of the lines, and off all), tax = sums over the lines
//!         total    = subtotal − discount + tax + shipping
//! ```
//! Where prices hold the tax, it is what of the base is tax, `base − round(base ÷ (1 + tax_rate))`, and nothing is added
//! for it: neither to the line nor to the quote. Rounding is to the decimals of the currency, halves away from zero.
//!
//! A sum is parted by rounding the running sum: what a line gets is the rounded sum up to it less the rounded sum before
//! it. The parts come to the whole, and each is within one unit of what it would be exactly.
use crate::order::amounts::{Sums, Terms};
use kernel::money::{in_range, round};
use rust_decimal::Decimal;
use std::collections::BTreeMap;

/// What the amounts of a line follow from.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct LineTerms {
    pub terms: Terms,
    /// a sum off the line, in place of the rate
    pub discount_fixed: Option<Decimal>,
}

/// What is off all lines.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub enum Off {
    #[default]
    Nothing,
    Rate(Decimal),
    Fixed(Decimal),
}

/// How a quote is reckoned.
#[derive(Clone, Copy, Debug)]
pub struct Manner<'a> {
    pub currency: &'a str,
    pub is_tax_included: bool,
    pub by_document: bool,
    pub off: Off,
    pub shipping: Decimal,
}

/// The amounts of a line.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct LineAmounts {
    pub subtotal: Decimal,
    pub discount: Decimal,
    pub shared: Decimal,
    pub tax: Decimal,
    pub total: Decimal,
}

impl LineAmounts {
    /// What of it is no tax.
    pub fn net(&self) -> Decimal {
        self.total - self.tax
    }
}

/// Why a quote cannot be reckoned.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Fault {
    /// of a line: it comes to more than a column keeps
    LineTooLarge(usize),
    /// more is off a line than it comes to
    LineDiscount(usize),
    /// more is off all lines than they come to
    Discount,
    /// all together comes to more than a column keeps
    TooLarge,
}

/// The lines and the whole, or all that is wrong with the lines.
pub fn reckon(lines: &[LineTerms], manner: &Manner) -> Result<(Vec<LineAmounts>, Sums), Vec<Fault>> {
    let mut amounts = begun(lines, manner.currency)?;
    share(&mut amounts, manner).map_err(|fault| vec![fault])?;
    tax(&mut amounts, lines, manner).map_err(|fault| vec![fault])?;
    let sums = sum(&amounts, manner).ok_or_else(|| vec![Fault::TooLarge])?;
    Ok((amounts, sums))
}

/// Quantity, price and the discount of each line.
fn begun(lines: &[LineTerms], currency: &str) -> Result<Vec<LineAmounts>, Vec<Fault>> {
    let mut faults = Vec::new();
    let mut amounts = Vec::with_capacity(lines.len());
    for (at, line) in lines.iter().enumerate() {
        match line.terms.amounts(currency) {
            None => faults.push(Fault::LineTooLarge(at)),
            Some(own) => {
                let discount = line.discount_fixed.unwrap_or(own.discount);
                if line.discount_fixed.is_some_and(|fixed| fixed > own.subtotal.max(Decimal::ZERO)) {
                    faults.push(Fault::LineDiscount(at));
                }
                amounts.push(LineAmounts { subtotal: own.subtotal, discount, ..LineAmounts::default() });
            }
        }
    }
    if faults.is_empty() { Ok(amounts) } else { Err(faults) }
}

/// Parts what is off all lines among them.
fn share(amounts: &mut [LineAmounts], manner: &Manner) -> Result<(), Fault> {
    let nets = || amounts.iter().map(|line| line.subtotal - line.discount);
    let whole: Decimal = nets().sum();
    let off = match manner.off {
        Off::Nothing => return Ok(()),
        Off::Rate(rate) => round(whole.checked_mul(rate).ok_or(Fault::TooLarge)?, manner.currency),
        Off::Fixed(fixed) if fixed.is_zero() => return Ok(()),
        Off::Fixed(fixed) => fixed,
    };
    if off > whole.max(Decimal::ZERO) && matches!(manner.off, Off::Fixed(_)) {
        return Err(Fault::Discount);
    }
    if whole.is_zero() {
        return Ok(());
    }
    let parts = parted(nets().collect(), |running| {
        let part = off.checked_mul(running)?.checked_div(whole)?;
        Some(round(part, manner.currency))
    });
    for (line, part) in amounts.iter_mut().zip(parts.ok_or(Fault::TooLarge)?) {
        line.shared = part;
    }
    Ok(())
}

/// What of each line is tax, and what the line comes to.
fn tax(amounts: &mut [LineAmounts], lines: &[LineTerms], manner: &Manner) -> Result<(), Fault> {
    let base = |line: &LineAmounts| line.subtotal - line.discount - line.shared;
    let of = |base: Decimal, rate: Decimal| match manner.is_tax_included {
        true => Some(base - round(base.checked_div(Decimal::ONE + rate)?, manner.currency)),
        false => Some(round(base.checked_mul(rate)?, manner.currency)),
    };
    let mut rates: BTreeMap<Decimal, Vec<usize>> = BTreeMap::new();
    for (at, line) in lines.iter().enumerate() {
        rates.entry(line.terms.tax_rate.normalize()).or_default().push(at);
    }
    for (rate, places) in rates {
        let bases: Vec<Decimal> = places.iter().filter_map(|at| amounts.get(*at)).map(base).collect();
        let taxes: Option<Vec<Decimal>> = match manner.by_document {
            true => parted(bases, |running| of(running, rate)),
            false => bases.into_iter().map(|base| of(base, rate)).collect(),
        };
        for (at, tax) in places.into_iter().zip(taxes.ok_or(Fault::TooLarge)?) {
            let Some(line) = amounts.get_mut(at) else { continue };
            line.tax = tax;
            line.total = base(line) + if manner.is_tax_included { Decimal::ZERO } else { tax };
        }
    }
    Ok(())
}

/// What each adds to the rounded running sum.
fn parted(figures: Vec<Decimal>, of: impl Fn(Decimal) -> Option<Decimal>) -> Option<Vec<Decimal>> {
    let (mut running, mut before) = (Decimal::ZERO, Decimal::ZERO);
    let part = |figure| {
        running += figure;
        let now = of(running)?;
        Some(now - std::mem::replace(&mut before, now))
    };
    figures.into_iter().map(part).collect()
}

fn sum(amounts: &[LineAmounts], manner: &Manner) -> Option<Sums> {
    let of = |figure: fn(&LineAmounts) -> Decimal| amounts.iter().map(figure).sum::<Decimal>();
    let total = of(|line| line.total) + manner.shipping;
    let sums = Sums {
        subtotal: of(|line| line.subtotal),
        discount: of(|line| line.discount + line.shared),
        tax: of(|line| line.tax),
        shipping: manner.shipping,
        total,
        line_count: i32::try_from(amounts.len()).ok()?,
    };
    let all = amounts.iter().flat_map(|line| [line.subtotal, line.total]);
    let all = all.chain([sums.subtotal, sums.discount, sums.tax, sums.total]);
    all.into_iter().all(in_range).then_some(sums)
}

/// The tax of each rate: rate, what is taxed, and the tax.
pub fn by_rate(lines: impl IntoIterator<Item = (Decimal, LineAmounts)>) -> Vec<(Decimal, Decimal, Decimal)> {
    let mut rates: BTreeMap<Decimal, (Decimal, Decimal)> = BTreeMap::new();
    for (rate, line) in lines {
        let one = rates.entry(rate.normalize()).or_default();
        one.0 += line.net();
        one.1 += line.tax;
    }
    rates.into_iter().map(|(rate, (base, tax))| (rate, base, tax)).collect()
}

#[cfg(test)]
mod tests;
