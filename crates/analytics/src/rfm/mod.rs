//! RFM: how many days ago somebody last bought (recency), how often (frequency) and for how much (monetary), each as a
//! score from 1 to 5 of which 5 is best, and the three together as a named class.
//!
//! What the answer is where the rows are strange:
//!
//! * **No orders**: no measures and no scores; the class is the one that the table keeps for prospects, if it has one.
//!   Prospects have no say in where the thresholds lie.
//! * **Few customers, or few different values**: not every score is given. Where all have the same value there is
//!   nothing to tell them apart by: quantiles call all of them as recent as can be (5), and as seldom and as little
//!   as can be (1), as R's `rfm` does.
//! * **Totals below zero**, of somebody who has sent back more than they paid for within the time looked at: a number
//!   like any other, which ranks below all that are larger.
//! * **A last order after the day looked from**: it was placed ahead; recency is 0, never less.
//! * **A total that is infinite or no number**: [`Error::NotFinite`].
//! * **Nobody**: an empty answer.
mod classes;
mod scoring;
#[cfg(test)]
mod tests;

pub use classes::{Band, Rule, Table};
pub use scoring::{Scores, Scoring, Thresholds};

use crate::{Error, Result};
use chrono::NaiveDate;
use std::num::NonZeroU32;

/// What is known of a customer.
#[derive(Clone, Debug, PartialEq)]
pub struct History<K> {
    pub customer: K,
    /// nothing where they have never ordered
    pub orders: Option<Orders>,
}

/// The orders of a customer, summed up.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Orders {
    /// the day of the last one, in the calendar of the tenant
    pub last_on: NaiveDate,
    pub count: NonZeroU32,
    /// what they came to, in one currency; for amounts from decimals the nearest real number
    pub total: f64,
}

/// What is scored.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Measures {
    /// whole days from the last order to the day looked from, 0 or more
    pub recency: i64,
    /// orders
    pub frequency: u32,
    /// what they came to
    pub monetary: f64,
}

impl Measures {
    /// What `orders` come to, looked at from the day `as_of`.
    pub fn of(orders: &Orders, as_of: NaiveDate) -> Self {
        let recency = as_of.signed_duration_since(orders.last_on).num_days().max(0);
        Self { recency, frequency: orders.count.get(), monetary: orders.total }
    }
}

/// A customer with their scores and their class, and what led to them.
#[derive(Clone, Debug, PartialEq)]
pub struct Classified<K> {
    pub customer: K,
    /// nothing for prospects
    pub known: Option<(Measures, Scores)>,
    /// the key of the class; nothing for prospects where the table has no class for them, and for scores that no rule
    /// holds for where it has none for the rest
    pub class: Option<String>,
    /// which rule held, from 0; nothing for prospects and the rest
    pub rule: Option<usize>,
}

/// Everybody, classified.
#[derive(Clone, Debug, PartialEq)]
pub struct Outcome<K> {
    /// in the order in which they came
    pub customers: Vec<Classified<K>>,
    /// by what was scored; nothing for groups of equal size, and where nobody has ordered
    pub thresholds: Option<Thresholds>,
}

/// Scores and classifies all of `histories`, looked at from the day `as_of`.
///
/// # Errors
/// [`Error::NotFinite`], with the row, for a total that is infinite or no number; [`Error::Setting`] for fixed
/// thresholds that are not in order.
pub fn classify<K: Ord + Clone>(
    histories: &[History<K>],
    as_of: NaiveDate,
    scoring: &Scoring,
    table: &Table,
) -> Result<Outcome<K>> {
    let total = |history: &History<K>| history.orders.is_none_or(|orders| orders.total.is_finite());
    if let Some(row) = histories.iter().position(|history| !total(history)) {
        return Err(Error::NotFinite { row });
    }
    let buyers: Vec<(&K, Measures)> = histories
        .iter()
        .filter_map(|history| Some((&history.customer, Measures::of(history.orders.as_ref()?, as_of))))
        .collect();
    let (scores, thresholds) = scoring::score(&buyers, scoring)?;
    let mut scored = buyers.iter().zip(scores).map(|((_, measures), scores)| (*measures, scores));
    let customers = histories.iter().map(|history| {
        let known = history.orders.and_then(|_| scored.next());
        let rule = known.and_then(|(_, scores)| table.rule(scores));
        let class = table.class(known.is_some(), rule).map(str::to_owned);
        Classified { customer: history.customer.clone(), known, class, rule }
    });
    Ok(Outcome { customers: customers.collect(), thresholds })
}
