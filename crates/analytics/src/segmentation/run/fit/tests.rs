#![allow(clippy::unwrap_used, clippy::indexing_slicing)]
use super::{How, Row, Verdict, fit};
use crate::segmentation::{ClusterSettings, ONE_VALUE, RfmSettings, TOO_FEW, TOO_MANY_GROUPS, ValueSettings};
use chrono::{Days, NaiveDate};
use uuid::Uuid;

fn day() -> NaiveDate {
    NaiveDate::from_ymd_opt(2026, 11, 27).unwrap()
}

/// Somebody of this number who ordered so many days ago, so often and for so much.
fn row(id: u128, days: u64, count: u32, amount: i128) -> Row {
    let last_on = (count > 0).then(|| day() - Days::new(days));
    Row { id: Uuid::from_u128(id), last_on, count, amount: amount * 1_000_000 }
}

fn many() -> Vec<Row> {
    (0..200_u32)
        .map(|at| row(at.into(), u64::from(at * 37 % 400), 1 + at * 13 % 17, i128::from(at) * 7919 % 1000 - 30))
        .chain([row(1000, 0, 0, 0)])
        .collect()
}

fn alike(how: &How<'_>) {
    let rows = many();
    let found = fit(how, &rows, day()).unwrap();
    let kept = serde_json::from_value(serde_json::to_value(&found.sorter).unwrap()).unwrap();
    assert_eq!(found.sorter, kept);
    let again: Vec<Verdict> = rows.iter().map(|row| found.sorter.sort(row, day())).collect();
    assert_eq!(found.verdicts, again);
}

#[test]
fn by_what_was_found_everybody_is_sorted_as_they_were() {
    alike(&How::Rfm(&RfmSettings::default()));
    alike(&How::Value(&ValueSettings::default()));
    alike(&How::Clusters(&ClusterSettings { k: Some(3), ..ClusterSettings::default() }));
}

#[test]
fn groups_of_one_size_are_fifths() {
    let settings = RfmSettings { scoring: "equal_groups".into(), ..RfmSettings::default() };
    let rows: Vec<Row> = (0..10_u32).map(|at| row(at.into(), u64::from(at), 1 + at, i128::from(at))).collect();
    let found = fit(&How::Rfm(&settings), &rows, day()).unwrap();
    let monetary: Vec<u8> = found.verdicts.iter().map(|one| one.scores.unwrap()[2]).collect();
    assert_eq!(monetary, [1, 1, 2, 2, 3, 3, 4, 4, 5, 5]);
    let again: Vec<Verdict> = rows.iter().map(|row| found.sorter.sort(row, day())).collect();
    assert_eq!(found.verdicts, again);
}

#[test]
fn who_cannot_be_told_apart_is_not_sorted() {
    let rfm = RfmSettings::default();
    assert_eq!(fit(&How::Rfm(&rfm), &[], day()).unwrap_err(), TOO_FEW);
    assert_eq!(fit(&How::Rfm(&rfm), &[row(1, 1, 1, 1)], day()).unwrap_err(), TOO_FEW);
    let same: Vec<Row> = (0..9).map(|at| row(at, 3, 2, 50)).collect();
    assert_eq!(fit(&How::Rfm(&rfm), &same, day()).unwrap_err(), ONE_VALUE);
    assert_eq!(fit(&How::Value(&ValueSettings::default()), &same, day()).unwrap_err(), ONE_VALUE);
    let two: Vec<Row> = (0..9).map(|at| row(at, 3, 2, 50 + i128::try_from(at % 2).unwrap())).collect();
    let three = ClusterSettings { k: Some(3), ..ClusterSettings::default() };
    assert_eq!(fit(&How::Clusters(&three), &same, day()).unwrap_err(), ONE_VALUE);
    assert_eq!(fit(&How::Clusters(&three), &two, day()).unwrap_err(), TOO_MANY_GROUPS);
    assert_eq!(fit(&How::Clusters(&three), &two[..2], day()).unwrap_err(), TOO_FEW);
}

#[test]
fn a_loss_is_the_last_tier_and_what_was_ordered_ahead_is_of_today() {
    let rows = [row(1, 1, 1, 100), row(2, 1, 1, -5), row(3, 1, 1, 1)];
    let found = fit(&How::Value(&ValueSettings::default()), &rows, day()).unwrap();
    let classes: Vec<&str> =
        found.verdicts.iter().map(|one| found.classes[usize::from(one.class.unwrap())].as_str()).collect();
    assert_eq!(classes, ["high", "low", "low"]);
    let mut rows = many();
    rows[0].last_on = Some(day() + Days::new(30));
    let found = fit(&How::Rfm(&RfmSettings::default()), &rows, day()).unwrap();
    assert_eq!(found.verdicts[0].scores.unwrap()[0], 5);
}
