//! What is bought with what: association rules over baskets, such as "who buys bread and butter buys milk".
//!
//! A rule has any number of conditions and one consequence. Its **support** is the share of all baskets that hold all
//! of it, its **confidence** the share of those with the conditions that hold the consequence too, its **lift** how
//! many times that is what it would be if they had nothing to do with each other (Agrawal, Imieliński & Swami 1993;
//! Agrawal & Srikant 1994). Itemsets are found depth first with the places where they occur (Zaki's Eclat, 2000;
//! occurrence deliver of Uno et al.'s LCM, 2004): no itemset is counted that is not in some basket, and counting one
//! looks only at the baskets of the one it extends.
//!
//! Counts and thresholds are whole numbers, so what lies exactly on a threshold is above it, and the order of rules
//! does not depend on rounding. The rules are those of R's `arules::apriori` with the same settings.
//!
//! * An item that is twice in a basket counts once. A basket with nothing in it is a basket.
//! * Where there are no baskets there are no rules.
//! * Low thresholds make more itemsets than any machine holds; [`Limits`] says how many are too many, and then the
//!   answer is [`Error::TooMany`].
mod itemsets;
mod rules;
mod share;
#[cfg(test)]
mod tests;

pub use rules::{Recommendation, Rule, Rules};
pub use share::Share;

use crate::{Error, Result};
use std::collections::HashMap;
use std::hash::Hash;

/// Baskets of items, each item a number in the order of its ids.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Baskets<K> {
    /// ascending, each once
    items: Vec<K>,
    /// the items of all baskets, one after the other
    flat: Vec<u32>,
    /// where each basket ends in them
    ends: Vec<usize>,
}

/// What makes a rule.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Settings {
    /// the least share of baskets that hold all of a rule; one basket at least
    pub support: Share,
    /// the least confidence
    pub confidence: Share,
    /// the fewest items of a rule, conditions and consequence together. With 1 there are rules without a condition,
    /// which say how often an item is bought at all
    pub min_length: usize,
    /// the most items of a rule
    pub max_length: usize,
    pub limits: Limits,
}

impl Settings {
    /// Rules of any length up to 10, as `arules` has them where nothing is said.
    pub fn new(support: Share, confidence: Share) -> Self {
        Self { support, confidence, min_length: 1, max_length: 10, limits: Limits::default() }
    }
}

/// Where the work stops with [`Error::TooMany`].
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Limits {
    /// itemsets that are counted, frequent or not
    pub candidates: u64,
    /// frequent itemsets, which are kept: some hundred bytes each
    pub itemsets: u64,
    /// items that are looked at while counting: what takes the time, half a thousand million a second or so
    pub steps: u64,
    /// rules
    pub rules: u64,
}

impl Default for Limits {
    fn default() -> Self {
        Self { candidates: 20_000_000, itemsets: 1_000_000, steps: 5_000_000_000, rules: 1_000_000 }
    }
}

impl<K: Ord + Hash> Baskets<K> {
    /// Takes baskets as they come.
    ///
    /// # Errors
    /// [`Error::TooMany`] beyond 2^32 - 2 baskets or different items.
    pub fn collect<B: IntoIterator<Item = K>>(baskets: impl IntoIterator<Item = B>) -> Result<Self> {
        let mut numbers: HashMap<K, u32> = HashMap::new();
        let (mut flat, mut ends) = (Vec::new(), Vec::new());
        for basket in baskets {
            for item in basket {
                let next = narrow("items", numbers.len())?;
                flat.push(*numbers.entry(item).or_insert(next));
            }
            ends.push(flat.len());
        }
        narrow("baskets", ends.len())?;
        let mut items: Vec<(K, u32)> = numbers.into_iter().collect();
        items.sort_unstable();
        // the numbers by which items came become those of their order
        let mut places = vec![0; items.len()];
        for (place, (_, came)) in (0..).zip(&items) {
            if let Some(slot) = places.get_mut(crate::number::wide(*came)) {
                *slot = place;
            }
        }
        flat.iter_mut().for_each(|item| *item = places.get(crate::number::wide(*item)).copied().unwrap_or_default());
        Ok(Self { items: items.into_iter().map(|(item, _)| item).collect(), flat, ends })
    }

    /// The rules, best first: by lift, then confidence, then support, all falling, then by the ids.
    ///
    /// # Errors
    /// [`Error::Setting`] for lengths that hold nothing; [`Error::TooMany`] where a limit is passed.
    pub fn rules(self, settings: &Settings) -> Result<Rules<K>> {
        if settings.min_length < 1 || settings.max_length < settings.min_length {
            return Err(Error::Setting {
                name: "length",
                why: "has to be 1 or more, the largest no less than the least",
            });
        }
        let baskets = narrow("baskets", self.ends.len())?;
        let least = settings.support.least(baskets).max(1);
        let found = itemsets::find(&self, least, settings)?;
        Ok(Rules { rules: rules::of(&found, baskets, settings)?, items: self.items })
    }

    /// Each basket as the numbers of its items, as they came.
    fn iter(&self) -> impl Iterator<Item = &[u32]> {
        let mut from = 0;
        self.ends.iter().map(move |end| self.flat.get(std::mem::replace(&mut from, *end)..*end).unwrap_or_default())
    }
}

impl<K> Baskets<K> {
    /// The items that are in any basket, in the order of their ids.
    pub fn items(&self) -> &[K] {
        &self.items
    }

    /// How many baskets there are.
    pub fn len(&self) -> usize {
        self.ends.len()
    }

    pub fn is_empty(&self) -> bool {
        self.ends.is_empty()
    }
}

impl Baskets<String> {
    /// Takes baskets of names: white space around a name is none of it, and an empty one is none.
    ///
    /// # Errors
    /// Those of [`Baskets::collect`].
    pub fn of_names<'a, B: IntoIterator<Item = &'a str>>(baskets: impl IntoIterator<Item = B>) -> Result<Self> {
        let named =
            |basket: B| basket.into_iter().map(str::trim).filter(|name| !name.is_empty()).collect::<Vec<&str>>();
        let Baskets { items, flat, ends } = Baskets::collect(baskets.into_iter().map(named))?;
        Ok(Self { items: items.into_iter().map(str::to_owned).collect(), flat, ends })
    }
}

/// A number below 2^32 - 1, which marks the end of a basket.
fn narrow(of: &'static str, count: usize) -> Result<u32> {
    let limit = u32::MAX - 1;
    u32::try_from(count).ok().filter(|count| *count < limit).ok_or(Error::TooMany { of, limit: limit.into() })
}
