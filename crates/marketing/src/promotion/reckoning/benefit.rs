//! What a promotion gives on the lines as the promotions before it have left them.
use super::cart::Standing;
use super::condition::counts;
use super::share::{Share, parted};
use super::{Benefit, Promotion, Reason};
use kernel::ProductId;
use kernel::money::{decimals, round};
use rust_decimal::Decimal;
use rust_decimal::prelude::ToPrimitive;

pub(super) enum Off {
    Gift(ProductId, Decimal),
    /// the parts as the lines stand
    Amount {
        amount: Decimal,
        is_capped: bool,
        parts: Vec<Decimal>,
    },
    Nothing(Reason),
}

/// How much finer than the currency the weights are by which a sum is parted.
const FINER: u32 = 4;

/// `None` where it comes to more than can be reckoned.
pub(super) fn off(promotion: &Promotion, lines: &[Standing], currency: &str) -> Option<Off> {
    let left = |line: &Standing| if counts(promotion, line) { line.left } else { Decimal::ZERO };
    let whole: Decimal = lines.iter().map(left).sum();
    let lefts = || lines.iter().map(left).collect::<Vec<_>>();
    let (amount, weights) = match &promotion.benefit {
        Benefit::FreeGift { product_id, quantity } => return Some(Off::Gift(*product_id, *quantity)),
        Benefit::Percentage { rate } => (round(whole.checked_mul(*rate)?, currency), lefts()),
        Benefit::FixedAmount { amount } => (amount.amount, lefts()),
        Benefit::BuyXGetY { buy, get, rate, most } => {
            let set = u64::from(*buy) + u64::from(*get);
            let units = lines.iter().filter(|line| counts(promotion, line));
            let units = units.map(|line| line.quantity.trunc()).try_fold(Decimal::ZERO, Decimal::checked_add)?;
            let sets = (units / Decimal::from(set)).trunc().min(most.map_or(Decimal::MAX, Decimal::from));
            if sets.is_zero() {
                return Some(Off::Nothing(Reason::TooFewUnits));
            }
            let weights = cheapest(promotion, lines, sets.checked_mul(Decimal::from(*get))?, *rate)?;
            (round(weights.iter().sum(), currency), weights)
        }
    };
    let most = promotion.cap.as_ref().map_or(whole, |cap| cap.amount.min(whole));
    let taken = amount.min(most);
    if taken <= Decimal::ZERO {
        return Some(Off::Nothing(Reason::NothingLeft));
    }
    let parts = shared(taken, lines, &weights, currency)?;
    Some(Off::Amount { amount: taken, is_capped: taken < amount, parts })
}

/// What is off each line if so many units, the cheapest, are cheaper by the rate.
fn cheapest(promotion: &Promotion, lines: &[Standing], mut units: Decimal, rate: Decimal) -> Option<Vec<Decimal>> {
    let counted = lines.iter().enumerate().filter(|(_, line)| counts(promotion, line));
    let priced = counted.map(|(at, line)| Some((line.left.checked_div(line.quantity)?, line.key.as_str(), at)));
    let mut priced: Vec<(Decimal, &str, usize)> = priced.collect::<Option<_>>()?;
    priced.sort_unstable();
    let mut weights = vec![Decimal::ZERO; lines.len()];
    for (.., at) in priced {
        let Some((line, weight)) = lines.get(at).zip(weights.get_mut(at)) else { continue };
        let here = line.quantity.trunc().min(units);
        units -= here;
        // multiplied first, so that halves stay halves
        let worth = line.left.checked_mul(here)?.checked_div(line.quantity)?;
        *weight = worth.checked_mul(rate)?;
    }
    Some(weights)
}

fn shared(sum: Decimal, lines: &[Standing], weights: &[Decimal], currency: &str) -> Option<Vec<Decimal>> {
    let scale = decimals(currency)?;
    let shares = lines.iter().zip(weights).map(|(line, weight)| {
        Some(Share { weight: units(*weight, scale + FINER)?, most: units(line.left, scale)?, key: &line.key })
    });
    let parts = parted(units(sum, scale)?, &shares.collect::<Option<Vec<_>>>()?)?;
    parts.into_iter().map(|part| Decimal::try_from_i128_with_scale(part, scale).ok()).collect()
}

/// In units of that many decimals.
fn units(amount: Decimal, scale: u32) -> Option<i128> {
    amount.checked_mul(Decimal::from(10_u64.checked_pow(scale)?))?.round().to_i128()
}
