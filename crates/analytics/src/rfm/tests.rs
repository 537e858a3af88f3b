#![allow(clippy::float_cmp, clippy::unwrap_used, clippy::indexing_slicing, clippy::as_conversions)]
use super::*;
use proptest::prelude::*;

fn day(text: &str) -> NaiveDate {
    text.parse().unwrap()
}

fn bought(customer: u32, last_on: &str, count: u32, total: f64) -> History<u32> {
    let orders = Orders { last_on: day(last_on), count: NonZeroU32::new(count).unwrap(), total };
    History { customer, orders: Some(orders) }
}

fn on(histories: &[History<u32>], scoring: &Scoring, table: &Table) -> Outcome<u32> {
    classify(histories, day("2024-03-01"), scoring, table).unwrap()
}

fn codes(histories: &[History<u32>], scoring: &Scoring) -> Vec<u16> {
    let known = |classified: Classified<u32>| classified.known.map_or(0, |(_, scores)| scores.code());
    on(histories, scoring, &Table::ten()).customers.into_iter().map(known).collect()
}

#[test]
fn recency_is_whole_days_of_the_calendar() {
    let outcome = on(&[bought(1, "2024-02-28", 2, 5.0)], &Scoring::Quantiles, &Table::ten());
    let (measures, _) = outcome.customers[0].known.unwrap();
    assert_eq!(measures, Measures { recency: 2, frequency: 2, monetary: 5.0 });
}

#[test]
fn a_last_order_placed_ahead_is_of_today() {
    let ahead = [bought(1, "2024-03-09", 1, 5.0), bought(2, "2024-03-01", 1, 5.0)];
    let outcome = on(&ahead, &Scoring::Quantiles, &Table::ten());
    assert!(outcome.customers.iter().all(|classified| classified.known.unwrap().0.recency == 0));
    assert_eq!(outcome.customers[0].known, outcome.customers[1].known);
}

#[test]
fn one_customer_and_equal_customers_are_recent_seldom_and_small() {
    assert_eq!(codes(&[bought(1, "2020-01-01", 9, 900.0)], &Scoring::Quantiles), [511]);
    let equal: Vec<_> = (0..12).map(|id| bought(id, "2024-01-01", 3, 10.0)).collect();
    assert_eq!(codes(&equal, &Scoring::Quantiles), [511; 12]);
    assert_eq!(codes(&[], &Scoring::Quantiles), [0_u16; 0]);
    assert_eq!(on(&[], &Scoring::Quantiles, &Table::ten()).thresholds, None);
}

#[test]
fn totals_below_zero_are_less_than_any_other() {
    let rows: Vec<_> = (0..5).map(|id| bought(id, "2024-01-01", 1, -100.0 + 50.0 * f64::from(id))).collect();
    for scoring in [Scoring::Quantiles, Scoring::EqualGroups] {
        let monetary: Vec<u16> = codes(&rows, &scoring).into_iter().map(|code| code % 10).collect();
        assert!(monetary.is_sorted() && monetary[0] == 1 && monetary[4] > 3, "{monetary:?}");
    }
}

#[test]
fn who_has_never_ordered_is_a_prospect_and_moves_no_threshold() {
    let buyers: Vec<_> = (0..9).map(|id| bought(id, "2024-01-01", id + 1, f64::from(id) * 40.0)).collect();
    let mut all = buyers.clone();
    all.insert(4, History { customer: 99, orders: None });
    let outcome = on(&all, &Scoring::Quantiles, &Table::eleven());
    assert_eq!(outcome.thresholds, on(&buyers, &Scoring::Quantiles, &Table::ten()).thresholds);
    let prospect = outcome.customers[4].clone();
    let expected = Classified { customer: 99, known: None, class: Some("prospect".to_owned()), rule: None };
    assert_eq!(prospect, expected);
    assert_eq!(on(&all, &Scoring::Quantiles, &Table::ten()).customers[4].class, None);
    assert!(on(&all, &Scoring::EqualGroups, &Table::ten()).customers[5].known.is_some());
}

#[test]
fn a_total_that_is_no_number_is_refused_with_its_row() {
    for wrong in [f64::NAN, f64::INFINITY, f64::NEG_INFINITY] {
        let rows = [bought(1, "2024-01-01", 1, 1.0), bought(2, "2024-01-01", 1, wrong)];
        let answer = classify(&rows, day("2024-03-01"), &Scoring::Quantiles, &Table::ten());
        assert_eq!(answer, Err(Error::NotFinite { row: 1 }));
    }
}

#[test]
fn groups_of_equal_size_settle_ties_by_id() {
    let rows: Vec<_> = [6, 2, 5, 1, 7, 3, 4].into_iter().map(|id| bought(id, "2024-01-01", 1, 1.0)).collect();
    // ids 1 and 2 make the first group, 3 and 4 the second, then one each
    assert_eq!(codes(&rows, &Scoring::EqualGroups), [444, 111, 333, 111, 555, 222, 222]);
    assert_eq!(codes(&rows[..2], &Scoring::EqualGroups), [222, 111]);
}

#[test]
fn thresholds_of_an_earlier_run_score_whoever_comes_later() {
    let rows: Vec<_> = (1..=30).map(|id| bought(id, "2024-01-01", id % 7 + 1, f64::from(id * id))).collect();
    let first = on(&rows, &Scoring::Quantiles, &Table::ten());
    let fixed = Scoring::Fixed(first.thresholds.unwrap());
    assert_eq!(on(&rows, &fixed, &Table::ten()), first);
    assert_eq!(codes(&[bought(7, "2001-01-01", 999, 1e9)], &fixed), [155]);
    let mut unordered = first.thresholds.unwrap();
    unordered.monetary = [3.0, 2.0, 1.0, 0.0];
    let answer = classify(&rows, day("2024-03-01"), &Scoring::Fixed(unordered), &Table::ten());
    assert!(matches!(answer, Err(Error::Setting { .. })));
}

#[test]
fn the_first_rule_that_holds_counts_and_the_rest_is_other() {
    let class = |recency, frequency, monetary| {
        let table = Table::ten();
        let rule = table.rule(Scores { recency, frequency, monetary });
        table.class(true, rule).unwrap().to_owned()
    };
    // 333 is a potential loyalist, loyal and promising; the first of them counts
    assert_eq!(class(3, 3, 3), "potential_loyalist");
    assert_eq!(class(5, 5, 5), "champion");
    assert_eq!(class(1, 1, 1), "lost");
    assert_eq!(class(5, 4, 1), "other");
}

#[test]
fn rules_that_make_no_sense_are_refused() {
    let whole = Band { from: 1, to: 5 };
    let rule = |class: &str, band| Rule { class: class.to_owned(), recency: band, frequency: whole, monetary: whole };
    for band in [Band { from: 0, to: 5 }, Band { from: 1, to: 6 }, Band { from: 4, to: 3 }] {
        assert!(Table::new(vec![rule("a", band)], None, None).is_err(), "{band:?}");
    }
    assert!(Table::new(vec![rule(" ", whole)], None, None).is_err());
    assert!(Table::new(vec![rule("a", whole)], Some(String::new()), None).is_err());
    let ten = Table::ten();
    assert_eq!(Table::new(ten.rules().to_vec(), Some("other".to_owned()), None), Ok(ten));
}

/// How many of the values lie below a cut, said by the definition of type 7 with a sort of its own.
fn quantile(values: &[f64], p: f64) -> f64 {
    let mut sorted = values.to_vec();
    sorted.sort_by(|a, b| a.partial_cmp(b).unwrap());
    let place = (sorted.len() - 1) as f64 * p;
    let (low, high) = (sorted[place.floor() as usize], sorted[place.ceil() as usize]);
    low + (high - low) * place.fract()
}

fn some_rows() -> impl Strategy<Value = Vec<History<u32>>> {
    let row = (0_u64..400, 1_u32..9, -300_i32..900);
    prop::collection::vec(row, 1..60).prop_map(|rows| {
        let history = |(id, (ago, count, total)): (u32, (u64, u32, i32))| {
            let last_on = day("2024-03-01") - chrono::Days::new(ago);
            bought(id, &last_on.to_string(), count, f64::from(total))
        };
        (0..).zip(rows).map(history).collect()
    })
}

proptest! {
    #[test]
    fn thresholds_are_one_above_the_quantiles(rows in some_rows()) {
        let thresholds = on(&rows, &Scoring::Quantiles, &Table::ten()).thresholds.unwrap();
        let totals: Vec<f64> = rows.iter().map(|row| row.orders.unwrap().total).collect();
        for (cut, p) in thresholds.monetary.iter().zip([0.2, 0.4, 0.6, 0.8]) {
            prop_assert!((cut - 1.0 - quantile(&totals, p)).abs() < 1e-6);
        }
    }

    #[test]
    fn whoever_is_better_scores_no_worse(rows in some_rows()) {
        for scoring in [Scoring::Quantiles, Scoring::EqualGroups] {
            let known: Vec<_> =
                on(&rows, &scoring, &Table::ten()).customers.into_iter().map(|row| row.known.unwrap()).collect();
            for (a, x) in &known {
                for (b, y) in &known {
                    prop_assert!(a.recency >= b.recency || x.recency >= y.recency);
                    prop_assert!(a.frequency <= b.frequency || x.frequency >= y.frequency);
                    prop_assert!(a.monetary <= b.monetary || x.monetary >= y.monetary);
                    if scoring == Scoring::Quantiles && a.monetary == b.monetary {
                        prop_assert_eq!(x.monetary, y.monetary);
                    }
                }
            }
        }
    }

    #[test]
    fn equal_groups_differ_by_one_at_most_whatever_the_order(rows in some_rows()) {
        let all = codes(&rows, &Scoring::EqualGroups);
        for digit in [100, 10, 1] {
            let sizes = [1, 2, 3, 4, 5].map(|score| all.iter().filter(|code| **code / digit % 10 == score).count());
            prop_assert!(sizes.is_sorted_by(|a, b| a >= b) && sizes[0] - sizes[4] <= 1, "{:?}", sizes);
        }
        let mut turned = rows.clone();
        turned.reverse();
        let mut again = codes(&turned, &Scoring::EqualGroups);
        again.reverse();
        prop_assert_eq!(again, all);
    }
}
