#![allow(clippy::float_cmp, clippy::unwrap_used, clippy::indexing_slicing, clippy::as_conversions)]
use super::*;
use proptest::prelude::*;
use std::collections::BTreeSet;

fn share(part: u64, of: u64) -> Share {
    Share::new(part, of).unwrap()
}

fn settings(support: Share, confidence: Share, min_length: usize, max_length: usize) -> Settings {
    Settings { min_length, max_length, ..Settings::new(support, confidence) }
}

fn names(baskets: &[&str]) -> Baskets<String> {
    Baskets::of_names(baskets.iter().map(|basket| basket.split(','))).unwrap()
}

/// A rule in words: conditions, consequence, count.
fn told(rules: &Rules<String>) -> Vec<(Vec<&str>, &str, u32)> {
    let name = |item: u32| rules.item(item).unwrap().as_str();
    let tell =
        |rule: &Rule| (rule.conditions.iter().map(|item| name(*item)).collect(), name(rule.consequence), rule.count);
    rules.rules().iter().map(tell).collect()
}

#[test]
fn a_rule_is_reckoned_by_hand() {
    let baskets = names(&["bread,butter,milk", "bread,butter,milk", "bread,butter", "milk", "tea"]);
    let rules = baskets.rules(&settings(share(2, 5), share(2, 3), 3, 3)).unwrap();
    // two of the three with bread and butter, whoever has milk and one of them has the other
    assert_eq!(
        told(&rules),
        [
            (vec!["bread", "milk"], "butter", 2),
            (vec!["butter", "milk"], "bread", 2),
            (vec!["bread", "butter"], "milk", 2)
        ]
    );
    let last = &rules.rules()[2];
    assert_eq!((last.support(), last.confidence()), (0.4, 2.0 / 3.0));
    assert!((last.lift() - (2.0 / 3.0) / (3.0 / 5.0)).abs() < 1e-12);
}

#[test]
fn names_are_trimmed_and_count_once_and_empty_baskets_count() {
    let baskets = names(&[" milk , milk,", "milk\t", "", " , "]);
    assert_eq!((baskets.items(), baskets.len()), (["milk".to_owned()].as_slice(), 4));
    let rules = baskets.rules(&settings(share(1, 2), share(1, 2), 1, 10)).unwrap();
    assert_eq!(told(&rules), [(vec![], "milk", 2)]);
    assert_eq!((rules.rules()[0].confidence(), rules.rules()[0].lift()), (0.5, 1.0));
}

#[test]
fn what_lies_on_a_threshold_is_above_it() {
    // in floats, 0.07 · 100 is 7.000000000000001
    let rows: Vec<Vec<u8>> = (0..100).map(|row| if row < 7 { vec![1, 2] } else { vec![] }).collect();
    let found = |support: &str| {
        let baskets = Baskets::collect(rows.clone()).unwrap();
        baskets.rules(&settings(support.parse().unwrap(), share(1, 1), 2, 2)).unwrap().rules().len()
    };
    assert_eq!((found("0.07"), found("0.070000001"), found("0")), (2, 0, 2));
}

#[test]
fn shares_are_read_as_they_are_written() {
    assert_eq!("0.001".parse(), Ok(share(1, 1000)));
    assert_eq!("1".parse(), Ok(share(10, 10)));
    for wrong in ["", ".", "1.", ".5", "1.1", "-0.1", "1e-3", "0.0000000000000000001", "+1", "0,1"] {
        assert!(wrong.parse::<Share>().is_err(), "{wrong}");
    }
    assert!(Share::new(0, 0).is_err() && Share::new(2, 1).is_err());
}

#[test]
fn nothing_comes_of_nothing() {
    for empty in [vec![], vec![vec![], vec![]]] {
        let rules = Baskets::<u8>::collect(empty).unwrap().rules(&Settings::new(share(0, 1), share(0, 1))).unwrap();
        assert!(rules.rules().is_empty() && rules.recommendations(&1).is_empty());
    }
}

#[test]
fn lengths_that_hold_nothing_are_refused() {
    for (min, max) in [(0, 3), (3, 2), (1, 0)] {
        let answer = names(&["a,b"]).rules(&settings(share(1, 2), share(1, 2), min, max));
        assert!(matches!(answer, Err(Error::Setting { .. })), "{min} {max}");
    }
}

#[test]
fn each_bound_stops_the_work() {
    // one basket of forty items has 2^40 itemsets
    let large = || Baskets::collect([(0..40).collect::<Vec<u32>>()]).unwrap();
    let low = Settings { max_length: 40, ..Settings::new(share(0, 1), share(0, 1)) };
    let bounds = Limits { candidates: u64::MAX, itemsets: u64::MAX, steps: u64::MAX, rules: u64::MAX };
    for (of, limits) in [
        ("candidates", Limits { candidates: 1000, ..bounds }),
        ("itemsets", Limits { itemsets: 1000, ..bounds }),
        ("steps", Limits { steps: 1000, ..bounds }),
    ] {
        assert_eq!(large().rules(&Settings { limits, ..low }), Err(Error::TooMany { of, limit: 1000 }));
    }
    let limits = Limits { rules: 3, ..bounds };
    let answer = names(&["a,b", "a,b"]).rules(&Settings { limits, ..low });
    assert_eq!(answer, Err(Error::TooMany { of: "rules", limit: 3 }));
    let limits = Limits { rules: 4, ..bounds };
    assert_eq!(names(&["a,b", "a,b"]).rules(&Settings { limits, ..low }).unwrap().rules().len(), 4);
}

#[test]
fn recommendations_come_once_by_their_best_rule_and_never_what_one_has() {
    let baskets = names(&["a,b,c", "a,b,c", "a,b", "a,d", "c,e", "e"]);
    let rules = baskets.rules(&settings(share(1, 6), share(1, 10), 1, 3)).unwrap();
    let items = |basket: &[&str]| {
        let basket: Vec<String> = basket.iter().map(|item| (*item).to_owned()).collect();
        let told = rules.recommendations_with(&basket);
        told.into_iter().map(|told| (told.item.as_str(), told.rule.conditions.len())).collect::<Vec<_>>()
    };
    // of a: b has lift 6·3 / (4·3), d 6·1 / (4·1), c 6·2 / (4·3); b and d are equal in lift, b is surer
    assert_eq!(items(&["a"]), [("b", 1), ("d", 1), ("c", 1)]);
    assert_eq!(rules.recommendations(&"a".to_owned()).len(), 3);
    // with b too, c is likelier by both than by one
    assert_eq!(items(&["b"])[0], ("a", 1));
    assert!(items(&["a", "b"]).iter().all(|(item, _)| !["a", "b"].contains(item)));
    assert_eq!(items(&["unknown"]), []);
    assert_eq!(items(&[]), []);
}

type Found = BTreeSet<(Vec<u8>, u8, u32, u32, u32)>;

/// Every subset of every set of items, counted basket by basket.
fn brute(baskets: &[Vec<u8>], support: (u64, u64), confidence: (u64, u64), lengths: (usize, usize)) -> Found {
    let all = baskets.len() as u64;
    let count =
        |set: &[u8]| baskets.iter().filter(|basket| set.iter().all(|item| basket.contains(item))).count() as u32;
    let mut found = Found::new();
    for mask in 1_u32..64 {
        let set: Vec<u8> = (0..6).filter(|item| mask >> item & 1 == 1).collect();
        let here = count(&set);
        let enough = here > 0 && u64::from(here) * support.1 >= support.0 * all;
        if !enough || set.len() < lengths.0 || set.len() > lengths.1 {
            continue;
        }
        for item in &set {
            let conditions: Vec<u8> = set.iter().copied().filter(|other| other != item).collect();
            let with = count(&conditions);
            if u64::from(here) * confidence.1 >= confidence.0 * u64::from(with) {
                found.insert((conditions, *item, here, with, count(&[*item])));
            }
        }
    }
    found
}

proptest! {
    #[test]
    fn the_rules_are_those_that_trying_all_finds(
        baskets in prop::collection::vec(prop::collection::vec(0_u8..6, 0..9), 0..14),
        support in 0_u64..=14,
        confidence in 0_u64..=10,
        min in 1_usize..4,
        more in 0_usize..4,
    ) {
        let wanted = settings(share(support, 14), share(confidence, 10), min, min + more);
        let rules = Baskets::collect(baskets.clone()).unwrap().rules(&wanted).unwrap();
        let name = |item: u32| *rules.item(item).unwrap();
        let tell = |rule: &Rule| {
            let conditions: Vec<u8> = rule.conditions.iter().map(|item| name(*item)).collect();
            (conditions, name(rule.consequence), rule.count, rule.condition_count, rule.consequence_count)
        };
        let found: Found = rules.rules().iter().map(tell).collect();
        prop_assert_eq!(found.len(), rules.rules().len());
        prop_assert_eq!(found, brute(&baskets, (support, 14), (confidence, 10), (min, min + more)));
        let lifts: Vec<f64> = rules.rules().iter().map(Rule::lift).collect();
        prop_assert!(lifts.windows(2).all(|pair| pair[0] >= pair[1] - 1e-12));
    }

    #[test]
    fn the_order_of_baskets_and_of_items_in_them_does_not_matter(
        baskets in prop::collection::vec(prop::collection::vec(0_u8..6, 0..6), 1..12),
    ) {
        let mut turned = baskets.clone();
        turned.reverse();
        turned.iter_mut().for_each(|basket| basket.reverse());
        let rules = |rows: Vec<Vec<u8>>| {
            Baskets::collect(rows).unwrap().rules(&settings(share(1, 4), share(1, 3), 1, 4)).unwrap()
        };
        prop_assert_eq!(rules(baskets), rules(turned));
    }
}
