//! Rules from frequent itemsets, their order, and what they recommend.
use super::itemsets::{Counts, within};
use super::{Limits, Settings};
use crate::number::{nearest, wide};
use crate::{Error, Result};
use std::cmp::Ordering;
use std::collections::HashSet;

/// Who buys all of the conditions buys the consequence. Items are numbers, in [`Rules::items`].
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Rule {
    /// ascending; empty in a rule without a condition
    pub conditions: Box<[u32]>,
    pub consequence: u32,
    /// baskets that hold all of it
    pub count: u32,
    /// baskets that hold the conditions
    pub condition_count: u32,
    /// baskets that hold the consequence
    pub consequence_count: u32,
    /// all baskets
    pub baskets: u32,
}

impl Rule {
    /// The share of all baskets that hold all of it.
    pub fn support(&self) -> f64 {
        f64::from(self.count) / f64::from(self.baskets)
    }

    /// The share of the baskets with the conditions that hold the consequence too.
    pub fn confidence(&self) -> f64 {
        f64::from(self.count) / f64::from(self.condition_count)
    }

    /// How many times the confidence is what it would be by chance, the share of all baskets that hold the consequence.
    pub fn lift(&self) -> f64 {
        let product = |a: u32, b: u32| nearest(i128::from(a) * i128::from(b));
        product(self.count, self.baskets) / product(self.condition_count, self.consequence_count)
    }

    /// Before another: by lift, confidence and support, all falling and in whole numbers, then by the ids. All counts
    /// have 32 bits, so three of them fit 128.
    fn compare(&self, other: &Self) -> Ordering {
        let product = |a: u32, b: u32, c: u32| u128::from(a) * u128::from(b) * u128::from(c);
        let lift = product(other.count, self.condition_count, self.consequence_count).cmp(&product(
            self.count,
            other.condition_count,
            other.consequence_count,
        ));
        let confidence =
            product(other.count, self.condition_count, 1).cmp(&product(self.count, other.condition_count, 1));
        lift.then(confidence)
            .then(other.count.cmp(&self.count))
            .then_with(|| self.conditions.cmp(&other.conditions))
            .then(self.consequence.cmp(&other.consequence))
    }
}

/// Rules, best first, and the items that they speak of.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Rules<K> {
    pub(super) items: Vec<K>,
    pub(super) rules: Vec<Rule>,
}

/// An item that goes with others, and the rule that says so.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Recommendation<'a, K> {
    pub item: &'a K,
    pub rule: &'a Rule,
}

impl<K: Ord> Rules<K> {
    /// What goes with one item: the consequences of the rules with that one condition, by lift, then confidence, then
    /// support, then id. Nothing for an item that no rule or no basket knows.
    pub fn recommendations(&self, item: &K) -> Vec<Recommendation<'_, K>> {
        self.recommendations_with(std::slice::from_ref(item))
    }

    /// What goes with the items of a basket and is not in it: the consequences of the rules whose conditions, one at
    /// least, are all in it; each once, by its best rule. Looks at every rule.
    pub fn recommendations_with(&self, basket: &[K]) -> Vec<Recommendation<'_, K>> {
        let known = basket.iter().filter_map(|item| u32::try_from(self.items.binary_search(item).ok()?).ok());
        let basket: HashSet<u32> = known.collect();
        let mut told = basket.clone();
        let holds = |rule: &&Rule| {
            !rule.conditions.is_empty() && rule.conditions.iter().all(|condition| basket.contains(condition))
        };
        let fitting = self.rules.iter().filter(holds).filter(|rule| told.insert(rule.consequence));
        fitting.filter_map(|rule| Some(Recommendation { item: self.item(rule.consequence)?, rule })).collect()
    }
}

impl<K> Rules<K> {
    /// The rules, best first.
    pub fn rules(&self) -> &[Rule] {
        &self.rules
    }

    /// The items of all baskets in the order of their ids.
    pub fn items(&self) -> &[K] {
        &self.items
    }

    /// The item of a number in a rule.
    pub fn item(&self, number: u32) -> Option<&K> {
        self.items.get(wide(number))
    }
}

/// The rules of enough confidence that frequent itemsets make, in their order.
pub(super) fn of(found: &Counts, baskets: u32, settings: &Settings) -> Result<Vec<Rule>> {
    let Limits { rules: limit, .. } = settings.limits;
    let mut rules = Vec::new();
    let mut conditions = Vec::new();
    for (itemset, count) in found.iter().filter(|(itemset, _)| itemset.len() >= settings.min_length) {
        for consequence in itemset {
            conditions.clear();
            conditions.extend(itemset.iter().copied().filter(|item| item != consequence));
            let counted = |items: &[u32]| if items.is_empty() { Some(baskets) } else { found.get(items).copied() };
            // what is part of a frequent itemset is frequent, so all of them are known
            let all = counted(&conditions).zip(counted(std::slice::from_ref(consequence)));
            let Some((condition_count, consequence_count)) = all else { continue };
            if settings.confidence.reached(*count, condition_count) {
                let (conditions, consequence) = (conditions.as_slice().into(), *consequence);
                rules.push(Rule {
                    conditions,
                    consequence,
                    count: *count,
                    condition_count,
                    consequence_count,
                    baskets,
                });
            }
        }
        within("rules", u64::try_from(rules.len()).map_err(|_| Error::TooLarge)?, limit)?;
    }
    rules.sort_unstable_by(Rule::compare);
    Ok(rules)
}
