//! Tiers by value: who brings the first 80 percent of all revenue, or of all profit (Pareto, *Cours d'économie
//! politique*, 1896; in stores of goods: ABC analysis).
//!
//! Customers are put in the order of their amounts, largest first. Whoever begins before a tier's line is in the tier,
//! so the one in whom the line lies is above it, and somebody who brings everything is in the first. Amounts are whole
//! numbers of some smallest unit, so that no rounding puts anybody across a line.
//!
//! * **Equal amounts** are one step ([`Ties::Together`]): all who bring the same are in one tier. Or the smaller id
//!   comes first ([`Ties::ById`]).
//! * **Amounts of zero and below** bring nothing and are in the last tier, and a loss takes nothing from what the
//!   others bring: shares are of the sum of all amounts above zero.
//! * **Where nobody brings anything** all are in the last tier, and every share is 0.
#[cfg(test)]
mod tests;

use crate::number::nearest;
use crate::{Error, Result};

/// What a customer brings.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Worth<K> {
    pub customer: K,
    /// in whole units of one size: cents, or millionths, of one currency
    pub amount: i128,
}

/// A tier, and where it ends.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Tier {
    pub key: String,
    /// the cumulated share at which it ends, in hundredths of a percent: 8000 is 80 %
    pub until: u32,
}

/// What becomes of equal amounts.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Ties {
    /// they are in one tier
    #[default]
    Together,
    /// the smaller id comes first
    ById,
}

/// The tiers in their order, the best first.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Tiers {
    tiers: Vec<Tier>,
    ties: Ties,
}

/// A customer and their tier.
#[derive(Clone, Debug, PartialEq)]
pub struct Tiered<K> {
    pub customer: K,
    pub amount: i128,
    /// which tier, from 0, the best
    pub tier: usize,
    /// the key of the tier
    pub key: String,
    /// from 1; equal amounts have one rank where they are kept together
    pub rank: usize,
    /// what they bring of all that is brought, 0 to 1
    pub share: f64,
    /// what they and all before them bring, 0 to 1
    pub cumulated: f64,
}

/// All hundredths of a percent.
const WHOLE: u32 = 10_000;

impl Default for Tiers {
    /// `high` until 80 %, `medium` until 95 %, `low`.
    fn default() -> Self {
        let tier = |key: &str, until| Tier { key: key.to_owned(), until };
        Self { tiers: vec![tier("high", 8000), tier("medium", 9500), tier("low", WHOLE)], ties: Ties::Together }
    }
}

impl Tiers {
    /// # Errors
    /// [`Error::Setting`] where there is no tier, where one has no name, where each does not end after the one before
    /// it, or where the last does not end at 10000.
    pub fn new(tiers: Vec<Tier>, ties: Ties) -> Result<Self> {
        if tiers.iter().any(|tier| tier.key.trim().is_empty()) {
            return Err(Error::Setting { name: "tier", why: "needs a name" });
        }
        let rising = tiers.iter().zip(tiers.iter().skip(1)).all(|(tier, next)| tier.until < next.until);
        let whole = tiers.last().is_some_and(|tier| tier.until == WHOLE);
        if rising && whole && tiers.iter().all(|tier| tier.until > 0) {
            return Ok(Self { tiers, ties });
        }
        Err(Error::Setting { name: "tiers", why: "have to rise from above 0 to 10000" })
    }

    pub fn tiers(&self) -> &[Tier] {
        &self.tiers
    }

    /// All customers with their tiers, the one who brings most first, equal ones by id.
    ///
    /// # Errors
    /// [`Error::TooLarge`] where the amounts above zero come to more than 10^34 or so.
    pub fn sort<K: Ord>(&self, worths: Vec<Worth<K>>) -> Result<Vec<Tiered<K>>> {
        let sum = worths.iter().try_fold(0_i128, |sum, worth| sum.checked_add(worth.amount.max(0)));
        let sum = sum.filter(|sum| sum.checked_mul(i128::from(WHOLE)).is_some()).ok_or(Error::TooLarge)?;
        let mut worths = worths;
        worths.sort_by(|a, b| b.amount.cmp(&a.amount).then_with(|| a.customer.cmp(&b.customer)));
        let mut sorted = Vec::with_capacity(worths.len());
        // what all before the step bring, and they with it
        let (mut before, mut brought, mut rank) = (0, 0, 0);
        let mut last = None;
        for (place, Worth { customer, amount }) in (1..).zip(worths) {
            if self.ties == Ties::ById || last != Some(amount) {
                (before, rank, last) = (brought, place, Some(amount));
            }
            brought += amount.max(0);
            let (tier, key) = self.tier(amount, before, sum);
            let (share, cumulated) = (part(amount.max(0), sum), part(brought, sum));
            sorted.push(Tiered { customer, amount, tier, key, rank, share, cumulated });
        }
        Ok(sorted)
    }

    /// The first tier whose line lies after what is brought before; the last for those who bring nothing.
    fn tier(&self, amount: i128, before: i128, sum: i128) -> (usize, String) {
        let within = |tier: &Tier| amount > 0 && before * i128::from(WHOLE) < sum * i128::from(tier.until);
        let last = self.tiers.len().saturating_sub(1);
        let at = self.tiers.iter().position(within).unwrap_or(last);
        (at, self.tiers.get(at).map(|tier| tier.key.clone()).unwrap_or_default())
    }
}

/// A share; 0 where there is nothing to share.
fn part(amount: i128, sum: i128) -> f64 {
    if sum == 0 { 0.0 } else { nearest(amount) / nearest(sum) }
}
