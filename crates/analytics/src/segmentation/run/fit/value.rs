//! By what customers bring. Equal amounts are of one tier, so a tier is known by the least amount that is in it.
use super::{Fitted, Result, Row, Verdict, class, unreadable};
use crate::number::nearest;
use crate::segmentation::{ONE_VALUE, TOO_FEW, ValueSettings};
use crate::value::{Tier, Tiers, Ties, Worth};
use serde::{Deserialize, Serialize};
use serde_json::json;
use std::collections::HashMap;
use uuid::Uuid;

/// The fewest customers of whom one brings more than another.
const FEWEST: usize = 2;

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Sorter {
    /// of each tier, the best first, the least amount above zero that is in it, in millionths
    bounds: Vec<Option<i64>>,
    /// the tier of those who bring nothing
    last: u16,
}

pub fn fit(settings: &ValueSettings, rows: &[Row]) -> Result<Fitted> {
    let buyers: Vec<&Row> = rows.iter().filter(|row| row.last_on.is_some()).collect();
    if buyers.len() < FEWEST {
        return Err(TOO_FEW);
    }
    if buyers.iter().all(|row| Some(row.amount) == buyers.first().map(|first| first.amount)) {
        return Err(ONE_VALUE);
    }
    let tiers = tiers(settings)?;
    let mut classes = Vec::new();
    let keys: Vec<u16> = tiers.tiers().iter().map(|tier| class(&mut classes, &tier.key)).collect();
    let worth = |row: &&Row| Worth { customer: row.id, amount: row.amount };
    let sorted = tiers.sort(buyers.iter().map(worth).collect()).map_err(unreadable)?;
    let mut bounds: Vec<Option<i128>> = vec![None; keys.len()];
    let mut sums: Vec<i128> = vec![0; keys.len()];
    let mut found: HashMap<Uuid, u16> = HashMap::with_capacity(sorted.len());
    for one in &sorted {
        if let Some((bound, sum)) = bounds.get_mut(one.tier).zip(sums.get_mut(one.tier)).filter(|_| one.amount > 0) {
            *bound = Some(bound.map_or(one.amount, |least| least.min(one.amount)));
            *sum += one.amount;
        }
        found.extend(keys.get(one.tier).map(|key| (one.customer, *key)));
    }
    let verdicts = rows.iter().map(|row| Verdict { class: found.get(&row.id).copied(), scores: None }).collect();
    let whole: i128 = sums.iter().sum();
    let share = |sum: &i128| if whole > 0 { nearest(*sum) / nearest(whole) } else { 0.0 };
    let told = tiers.tiers().iter().zip(&bounds).zip(&sums).map(|((tier, bound), sum)| {
        json!({"class": tier.key, "from": bound.map(|bound| nearest(bound) / 1e6), "share": share(sum)})
    });
    let metrics = json!({
        "buyer_count": buyers.len(), "measure": settings.measure, "tiers": told.collect::<Vec<_>>(),
        "loss_count": buyers.iter().filter(|row| row.amount < 0).count()
    });
    let last = keys.last().copied().unwrap_or_default();
    Ok(Fitted {
        sorter: super::Sorter::Value(Sorter { bounds: bounds.into_iter().map(narrow).collect(), last }),
        classes,
        verdicts,
        metrics,
    })
}

/// As a document keeps it: beyond nine million millions all are alike.
fn narrow(bound: Option<i128>) -> Option<i64> {
    bound.map(|bound| i64::try_from(bound).unwrap_or(i64::MAX))
}

fn tiers(settings: &ValueSettings) -> Result<Tiers> {
    let Some(own) = &settings.tiers else { return Ok(Tiers::default()) };
    let tier = |one: &crate::segmentation::ValueTier| Tier { key: one.class.clone(), until: one.until_percent * 100 };
    Tiers::new(own.iter().map(tier).collect(), Ties::Together).map_err(unreadable)
}

impl Sorter {
    pub fn sort(&self, row: &Row) -> Verdict {
        if row.last_on.is_none() {
            return Verdict::default();
        }
        let fits = |bound: &Option<i64>| bound.is_some_and(|bound| row.amount > 0 && row.amount >= i128::from(bound));
        let at = self.bounds.iter().position(fits).and_then(|at| u16::try_from(at).ok());
        Verdict { class: Some(at.unwrap_or(self.last)), scores: None }
    }
}
