use crate::promotion::reckoning::share::{Share, parted};
use proptest::prelude::*;

fn shares<'a>(all: &[(i128, i128, &'a str)]) -> Vec<Share<'a>> {
    all.iter().map(|(weight, most, key)| Share { weight: *weight, most: *most, key }).collect()
}

/// Seats by Hamilton's method, as in the usual example of it: 100,000 votes for 10 seats.
#[test]
fn the_largest_remainders_get_what_is_left() {
    let votes = [47_000, 16_000, 15_800, 12_000, 6_100, 3_100];
    let all: Vec<(i128, i128, &str)> = votes.into_iter().map(|votes| (votes, 10, "")).collect();
    assert_eq!(parted(10, &shares(&all)), Some(vec![5, 2, 1, 1, 1, 0]));
}

#[test]
fn like_remainders_are_decided_by_the_key() {
    assert_eq!(parted(1, &shares(&[(1, 1, "b"), (1, 1, "a")])), Some(vec![0, 1]));
}

#[test]
fn nobody_gets_more_than_they_can_take() {
    assert_eq!(parted(9, &shares(&[(8, 2, "a"), (1, 20, "b")])), Some(vec![2, 7]));
    assert_eq!(parted(9, &shares(&[(8, 2, "a"), (0, 20, "b")])), None);
    assert_eq!(parted(0, &shares(&[(0, 0, "a")])), Some(vec![0]));
    assert_eq!(parted(-1, &shares(&[(1, 1, "a")])), None);
}

proptest! {
    /// The quota rule: where there is room, a part is the exact one, rounded down or up.
    #[test]
    fn parts_are_the_sum_and_within_one_of_exact(
        weights in prop::collection::vec(0_i128..1_000_000, 1..20), part in 0_i128..=1_000,
    ) {
        let keys: Vec<String> = (0..weights.len()).map(|at| at.to_string()).collect();
        let shares: Vec<Share> =
            weights.iter().zip(&keys).map(|(weight, key)| Share { weight: *weight, most: *weight, key }).collect();
        let whole: i128 = weights.iter().sum();
        let sum = whole * part / 1_000;
        let parts = parted(sum, &shares).unwrap();
        prop_assert_eq!(parts.iter().sum::<i128>(), sum);
        for (part, weight) in parts.iter().zip(&weights) {
            prop_assert!((part * whole - sum * weight).abs() < whole.max(1), "{part} of {weight}");
            prop_assert!(*part >= 0 && part <= weight);
        }
    }
}
