#![allow(clippy::float_cmp, clippy::unwrap_used, clippy::indexing_slicing, clippy::as_conversions)]
use super::*;
use proptest::prelude::*;

fn worths(amounts: &[i128]) -> Vec<Worth<usize>> {
    amounts.iter().enumerate().map(|(customer, amount)| Worth { customer, amount: *amount }).collect()
}

fn keys(tiers: &Tiers, amounts: &[i128]) -> Vec<String> {
    let mut sorted = tiers.sort(worths(amounts)).unwrap();
    sorted.sort_by_key(|tiered| tiered.customer);
    sorted.into_iter().map(|tiered| tiered.key).collect()
}

#[test]
fn the_one_in_whom_the_line_lies_is_above_it() {
    // 80 is reached exactly by the first two, 95 within the fourth
    assert_eq!(keys(&Tiers::default(), &[50, 30, 10, 6, 4]), ["high", "high", "medium", "medium", "low"]);
    assert_eq!(keys(&Tiers::default(), &[100]), ["high"]);
    assert_eq!(keys(&Tiers::default(), &[1, 999]), ["low", "high"]);
}

#[test]
fn a_line_that_floats_would_miss_is_met_exactly() {
    // ten times 0.1 is not 1 in floats; here the eighth ends on the line and the ninth is behind it
    let by_id = Tiers { ties: Ties::ById, ..Tiers::default() };
    let expected = ["high"; 8].into_iter().chain(["medium"; 2]).collect::<Vec<_>>();
    assert_eq!(keys(&by_id, &[1; 10]), expected);
}

#[test]
fn equal_amounts_are_in_one_tier_unless_ids_decide() {
    assert_eq!(keys(&Tiers::default(), &[5; 4]), ["high"; 4]);
    let sorted = Tiers::default().sort(worths(&[7, 9, 7])).unwrap();
    assert_eq!(
        sorted.iter().map(|tiered| (tiered.customer, tiered.rank)).collect::<Vec<_>>(),
        [(1, 1), (0, 2), (2, 2)]
    );
}

#[test]
fn who_brings_nothing_is_in_the_last_tier_and_takes_nothing_from_the_others() {
    let sorted = Tiers::default().sort(worths(&[-50, 80, 0, 20])).unwrap();
    let told: Vec<_> = sorted.iter().map(|tiered| (tiered.amount, tiered.key.as_str(), tiered.share)).collect();
    assert_eq!(told, [(80, "high", 0.8), (20, "medium", 0.2), (0, "low", 0.0), (-50, "low", 0.0)]);
    assert!(sorted[1..].iter().all(|tiered| tiered.cumulated == 1.0));
    assert_eq!(keys(&Tiers::default(), &[0, 0, -1]), ["low"; 3]);
    assert!(Tiers::default().sort(worths(&[0, -1])).unwrap().iter().all(|tiered| tiered.cumulated == 0.0));
    assert_eq!(Tiers::default().sort::<u8>(vec![]), Ok(vec![]));
}

#[test]
fn tiers_that_make_no_sense_and_sums_that_do_not_fit_are_refused() {
    let tier = |key: &str, until| Tier { key: key.to_owned(), until };
    for tiers in [
        vec![],
        vec![tier("a", 9999)],
        vec![tier("a", 0), tier("b", 10_000)],
        vec![tier("a", 5000), tier("b", 5000), tier("c", 10_000)],
        vec![tier(" ", 10_000)],
    ] {
        assert!(Tiers::new(tiers.clone(), Ties::Together).is_err(), "{tiers:?}");
    }
    assert!(Tiers::new(vec![tier("a", 1), tier("b", 10_000)], Ties::ById).is_ok());
    for amounts in [vec![i128::MAX], vec![i128::MAX, 1], vec![i128::MAX / 9_999]] {
        assert_eq!(Tiers::default().sort(worths(&amounts)), Err(Error::TooLarge));
    }
    assert!(Tiers::default().sort(worths(&[i128::MIN, i128::MAX / 10_000])).is_ok());
}

proptest! {
    /// Said anew by the definition: who is worth more than I brings so much of the whole.
    #[test]
    fn a_tier_is_where_those_before_leave_off(amounts in prop::collection::vec(-20_i128..60, 1..40)) {
        let whole: i128 = amounts.iter().filter(|amount| **amount > 0).sum();
        for tiered in Tiers::default().sort(worths(&amounts)).unwrap() {
            let before: i128 = amounts.iter().filter(|amount| **amount > tiered.amount.max(0)).sum();
            let expected = match (tiered.amount > 0, before * 100) {
                (true, before) if before < whole * 80 => "high",
                (true, before) if before < whole * 95 => "medium",
                _ => "low",
            };
            prop_assert_eq!(tiered.key, expected);
        }
    }

    #[test]
    fn the_order_of_the_rows_does_not_matter(amounts in prop::collection::vec(-3_i128..6, 0..20)) {
        for ties in [Ties::Together, Ties::ById] {
            let tiers = Tiers { ties, ..Tiers::default() };
            let mut turned = worths(&amounts);
            turned.reverse();
            prop_assert_eq!(tiers.sort(worths(&amounts)), tiers.sort(turned));
        }
    }
}
