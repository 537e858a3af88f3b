//! What scores come to. The total is, of a hundred, the weighted mean of what was reached of each scale: the sum of
//! `weight × score ÷ scale` over the criteria that have a score, by the sum of their weights, rounded to two decimals, half
//! away from zero. A critical criterion with the score 0 fails the whole, whatever the total.
use super::evaluation::QaScore;
use super::scorecard::Criterion;
use rust_decimal::{Decimal, RoundingStrategy};

/// What some scores come to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Outcome {
    /// none, where nothing has a score
    pub total: Option<Decimal>,
    pub has_failed: bool,
    pub is_passed: bool,
}

pub(crate) fn outcome(criteria: &[Criterion], scores: &[QaScore], pass_mark: Decimal) -> Outcome {
    let scored = criteria.iter().filter_map(|one| Some((one, score_of(scores, &one.key)?)));
    let (mut reached, mut weights, mut has_failed) = (Decimal::ZERO, Decimal::ZERO, false);
    for (one, score) in scored {
        let weight = Decimal::from(one.weight);
        reached += weight * Decimal::from(score) / Decimal::from(one.scale.max(1));
        weights += weight;
        has_failed |= one.is_critical && score == 0;
    }
    let hundred = Decimal::ONE_HUNDRED;
    let total = (weights > Decimal::ZERO).then(|| {
        (reached * hundred / weights).round_dp_with_strategy(2, RoundingStrategy::MidpointAwayFromZero).min(hundred)
    });
    Outcome { total, has_failed, is_passed: !has_failed && total.is_some_and(|total| total >= pass_mark) }
}

fn score_of(scores: &[QaScore], key: &str) -> Option<i32> {
    scores.iter().find(|one| one.key == key)?.score
}

#[cfg(test)]
mod tests {
    use super::*;

    fn criterion(key: &str, weight: i32, scale: i32, is_critical: bool) -> Criterion {
        Criterion { key: key.into(), name: key.into(), weight, scale, is_critical }
    }

    fn score(key: &str, score: Option<i32>) -> QaScore {
        QaScore { key: key.into(), score, comment: None }
    }

    #[test]
    fn a_total_is_the_weighted_mean_of_a_hundred() {
        let criteria = [criterion("tone", 1, 5, false), criterion("facts", 2, 3, false)];
        let all = outcome(&criteria, &[score("tone", Some(4)), score("facts", Some(2))], Decimal::from(70));
        assert_eq!(all, Outcome { total: Some(Decimal::new(7111, 2)), has_failed: false, is_passed: true });
    }

    #[test]
    fn what_does_not_apply_counts_for_nothing() {
        let criteria = [criterion("tone", 1, 5, false), criterion("facts", 9, 3, true)];
        let some = outcome(&criteria, &[score("tone", Some(5)), score("facts", None)], Decimal::from(80));
        assert_eq!((some.total, some.has_failed), (Some(Decimal::from(100)), false));
        assert_eq!(outcome(&criteria, &[], Decimal::ZERO).total, None);
        assert!(!outcome(&criteria, &[], Decimal::ZERO).is_passed);
    }

    #[test]
    fn what_is_critical_fails_the_whole() {
        let criteria = [criterion("tone", 9, 5, false), criterion("privacy", 1, 1, true)];
        let failed = outcome(&criteria, &[score("tone", Some(5)), score("privacy", Some(0))], Decimal::from(50));
        assert_eq!(failed, Outcome { total: Some(Decimal::from(90)), has_failed: true, is_passed: false });
    }
}
