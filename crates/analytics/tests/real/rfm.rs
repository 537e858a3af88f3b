//! The orders of R's `rfm`, and the classes and thresholds that its documentation and its tests have for them.
use crate::real;
use analytics::rfm::{Band, History, Orders, Outcome, Rule, Scoring, Table, classify};
use chrono::NaiveDate;
use std::collections::BTreeMap;
use std::num::NonZeroU32;

fn histories() -> Option<Vec<History<String>>> {
    let mut all: BTreeMap<String, Orders> = BTreeMap::new();
    for row in csv::Reader::from_path(real("rfm_data_orders.csv")?).unwrap().records() {
        let row = row.unwrap();
        let (on, total): (NaiveDate, f64) = (row[1].parse().unwrap(), row[2].parse().unwrap());
        let new = |count| Orders { last_on: on, count, total };
        all.entry(row[0].to_owned())
            .and_modify(|orders| {
                orders.last_on = orders.last_on.max(on);
                orders.count = orders.count.checked_add(1).unwrap();
                orders.total += total;
            })
            .or_insert_with(|| new(NonZeroU32::MIN));
    }
    let history = |(customer, orders)| History { customer, orders: Some(orders) };
    Some(all.into_iter().map(history).collect())
}

fn outcome(scoring: &Scoring, table: &Table) -> Option<Outcome<String>> {
    Some(classify(&histories()?, "2006-12-31".parse().unwrap(), scoring, table).unwrap())
}

fn sizes(outcome: &Outcome<String>) -> BTreeMap<&str, usize> {
    let mut sizes = BTreeMap::new();
    outcome.customers.iter().for_each(|row| *sizes.entry(row.class.as_deref().unwrap()).or_default() += 1);
    sizes
}

#[test]
fn the_ten_classes_are_as_large_as_in_r() {
    let Some(outcome) = outcome(&Scoring::Quantiles, &Table::ten()) else { return };
    let expected = [
        ("about_to_sleep", 102),
        ("at_risk", 28),
        ("cannot_lose", 47),
        ("champion", 35),
        ("lost", 148),
        ("loyal", 170),
        ("need_attention", 10),
        ("new_customer", 104),
        ("potential_loyalist", 342),
        ("promising", 9),
    ];
    assert_eq!(sizes(&outcome), BTreeMap::from(expected));
    assert_eq!(outcome.customers.len(), 995);
}

/// As its help has them, which are rounded down to whole numbers there.
#[test]
fn the_thresholds_are_those_of_r() {
    let Some(outcome) = outcome(&Scoring::Quantiles, &Table::ten()) else { return };
    let thresholds = outcome.thresholds.unwrap();
    assert_eq!(thresholds.recency.map(f64::floor), [115.0, 181.0, 297.0, 482.0]);
    assert_eq!(thresholds.frequency, [4.0, 5.0, 6.0, 8.0]);
    assert_eq!(thresholds.monetary.map(f64::round), [256.0, 382.0, 506.0, 666.0]);
}

/// The table of an earlier version, for which the package's own tests have 158 champions with 1,234 orders of 120,178.
#[test]
fn the_champions_of_the_tests_of_r_are_these() {
    let band = |from, to| Band { from, to };
    let rule = Rule { class: "champion".into(), recency: band(4, 5), frequency: band(4, 5), monetary: band(4, 5) };
    let table = Table::new(vec![rule], Some("other".into()), None).unwrap();
    let Some(outcome) = outcome(&Scoring::Quantiles, &table) else { return };
    assert_eq!(sizes(&outcome)["champion"], 158);
    let champions = outcome.customers.iter().filter(|row| row.rule == Some(0)).map(|row| row.known.unwrap().0);
    let (orders, total) = champions.fold((0, 0.0), |(orders, total), of| (orders + of.frequency, total + of.monetary));
    assert_eq!((orders, total as i64), (1234, 120_178));
}

#[test]
fn equal_groups_of_real_customers_are_equal() {
    let Some(outcome) = outcome(&Scoring::EqualGroups, &Table::eleven()) else { return };
    for score in 1..=5 {
        let with = |pick: fn(analytics::rfm::Scores) -> u8| {
            outcome.customers.iter().filter(|row| pick(row.known.unwrap().1) == score).count()
        };
        assert_eq!([with(|of| of.recency), with(|of| of.frequency), with(|of| of.monetary)], [199; 3]);
    }
}
