//! From measures to scores: by thresholds, so that equal values score the same, or by groups of equal size.
use super::Measures;
use crate::number::real;
use crate::{Error, Result};
use std::cmp::Ordering;

/// How measures become scores.
#[derive(Clone, Debug, Default, PartialEq)]
pub enum Scoring {
    /// thresholds at the fifths of the values ([`Thresholds::quantiles`]); equal values score the same, so groups are
    /// as large as the values make them
    #[default]
    Quantiles,
    /// thresholds that are given: those of an earlier run, so that scores of different days compare, or a tenant's own
    Fixed(Thresholds),
    /// five groups whose sizes differ by one at most, the larger ones at the low scores, as SQL's `ntile(5)` makes
    /// them; of equal values those with the smaller id come first, so score lower or the same
    EqualGroups,
}

/// Three scores, each from 1 to 5, of which 5 is best.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Scores {
    pub recency: u8,
    pub frequency: u8,
    pub monetary: u8,
}

impl Scores {
    /// The three digits as one number, as `543`.
    pub fn code(self) -> u16 {
        u16::from(self.recency) * 100 + u16::from(self.frequency) * 10 + u16::from(self.monetary)
    }
}

/// Where the scores of each measure begin: values below the first are in the lowest group, those at or above the last
/// in the highest. For recency the lowest group is the best, and scores 5.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Thresholds {
    /// in days
    pub recency: [f64; 4],
    /// in orders
    pub frequency: [f64; 4],
    /// in the unit of the totals
    pub monetary: [f64; 4],
}

impl Thresholds {
    /// The thresholds of R's package `rfm` (Hebbali, `rfm_table_order`): one more than the quantiles of type 7
    /// (Hyndman & Fan 1996) at 1/5, 2/5, 3/5 and 4/5. The one is a whole day, order and unit of money: a value up to
    /// one above the quantile still belongs below it. So totals should be in a unit of which one is little. Nothing
    /// where there is nobody.
    pub fn quantiles(measures: &[Measures]) -> Option<Self> {
        Some(Self {
            recency: fifths(measures, days)?,
            frequency: fifths(measures, |of| f64::from(of.frequency))?,
            monetary: fifths(measures, |of| of.monetary)?,
        })
    }

    /// The scores of one customer.
    pub fn score(&self, measures: &Measures) -> Scores {
        Scores {
            recency: 6 - group(&self.recency, days(measures)),
            frequency: group(&self.frequency, f64::from(measures.frequency)),
            monetary: group(&self.monetary, measures.monetary),
        }
    }

    fn check(&self) -> Result<()> {
        let ordered = |cuts: &[f64; 4]| cuts.iter().all(|cut| cut.is_finite()) && cuts.is_sorted();
        if [&self.recency, &self.frequency, &self.monetary].into_iter().all(ordered) {
            return Ok(());
        }
        Err(Error::Setting { name: "thresholds", why: "have to be finite and must not fall" })
    }
}

/// Days fit a real number: the calendar has fewer than 2^28.
fn days(of: &Measures) -> f64 {
    i32::try_from(of.recency).map_or(f64::MAX, f64::from)
}

fn group(cuts: &[f64; 4], value: f64) -> u8 {
    cuts.iter().fold(1, |group, cut| group + u8::from(value >= *cut))
}

/// One more than each quantile. Where a quantile lies is reckoned in whole numbers, `(n - 1) · i / 5`, so that no
/// rounding moves it to another value.
fn fifths(measures: &[Measures], of: impl Fn(&Measures) -> f64) -> Option<[f64; 4]> {
    let mut values: Vec<f64> = measures.iter().map(of).collect();
    values.sort_unstable_by(f64::total_cmp);
    let last = values.len().checked_sub(1)?;
    let mut cuts = [0.0; 4];
    for (cut, fifth) in cuts.iter_mut().zip(1..) {
        let (at, rest) = (last * fifth / 5, real(last * fifth % 5) / 5.0);
        let low = *values.get(at)?;
        let high = *values.get(at + 1).unwrap_or(&low);
        *cut = if low < high { (1.0 - rest) * low + rest * high } else { low } + 1.0;
    }
    Some(cuts)
}

/// The scores of all, in their order, and by which thresholds.
pub(super) fn score<K: Ord>(buyers: &[(&K, Measures)], scoring: &Scoring) -> Result<(Vec<Scores>, Option<Thresholds>)> {
    let thresholds = match scoring {
        Scoring::EqualGroups => return Ok((equal_groups(buyers), None)),
        Scoring::Quantiles => {
            let measures: Vec<Measures> = buyers.iter().map(|(_, measures)| *measures).collect();
            Thresholds::quantiles(&measures)
        }
        Scoring::Fixed(thresholds) => {
            thresholds.check()?;
            Some(*thresholds)
        }
    };
    let scores = thresholds.map(|by| buyers.iter().map(|(_, measures)| by.score(measures)).collect());
    Ok((scores.unwrap_or_default(), thresholds))
}

fn equal_groups<K: Ord>(buyers: &[(&K, Measures)]) -> Vec<Scores> {
    let recency = ranked(buyers, |a, b| b.recency.cmp(&a.recency));
    let frequency = ranked(buyers, |a, b| a.frequency.cmp(&b.frequency));
    // 0.0 and -0.0 are one amount, which `total_cmp` would tell apart
    let monetary = ranked(buyers, |a, b| (a.monetary + 0.0).total_cmp(&(b.monetary + 0.0)));
    let joined = recency.into_iter().zip(frequency).zip(monetary);
    joined.map(|((recency, frequency), monetary)| Scores { recency, frequency, monetary }).collect()
}

/// The score of each by where they stand, worst first.
fn ranked<K: Ord>(buyers: &[(&K, Measures)], order: impl Fn(&Measures, &Measures) -> Ordering) -> Vec<u8> {
    let mut places: Vec<(usize, &(&K, Measures))> = buyers.iter().enumerate().collect();
    places.sort_by(|(_, (id, a)), (_, (other, b))| order(a, b).then_with(|| id.cmp(other)));
    let (size, larger) = (buyers.len() / 5, buyers.len() % 5);
    let groups = (1..=5_u8).flat_map(|score| {
        let extra = usize::from(usize::from(score) <= larger);
        std::iter::repeat_n(score, size + extra)
    });
    let mut scores = vec![0; buyers.len()];
    for ((at, _), score) in places.into_iter().zip(groups) {
        if let Some(slot) = scores.get_mut(at) {
            *slot = score;
        }
    }
    scores
}
