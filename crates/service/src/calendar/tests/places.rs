//! Calendars by chance, and times at which the clocks of their places do something.
use super::super::{Holiday, Shift, Terms, Week};
use super::at;
use chrono::{DateTime, TimeDelta, Utc};
use proptest::prelude::*;

/// A zone, and a moment near which its clocks are moved or its offset is odd.
const MOVED: &[(&str, &str)] = &[
    ("UTC", "2026-01-01T00:00:00Z"),
    ("Asia/Shanghai", "2026-10-01T00:00:00Z"),
    ("Asia/Kathmandu", "2026-03-01T00:00:00Z"),
    ("Asia/Kathmandu", "1985-12-31T18:30:00Z"), // a quarter of an hour forward, at New Year
    ("America/New_York", "2026-03-08T07:00:00Z"), // an hour forward
    ("America/New_York", "2026-11-01T06:00:00Z"), // an hour back
    ("Australia/Lord_Howe", "2026-04-04T15:00:00Z"), // half an hour back
    ("Australia/Lord_Howe", "2026-10-03T15:30:00Z"), // half an hour forward
    ("Pacific/Apia", "2011-12-30T10:00:00Z"),   // a day left out
    ("Pacific/Kiritimati", "1995-01-01T10:00:00Z"), // a day left out, at New Year
    ("America/St_Johns", "2005-04-03T03:31:00Z"), // forward a minute after midnight
    ("America/St_Johns", "2005-10-30T02:31:00Z"), // back into the day before
    ("Asia/Beirut", "2024-10-26T21:00:00Z"),    // back at midnight
    ("Asia/Beirut", "2024-03-30T22:00:00Z"),    // no midnight
    ("America/Sao_Paulo", "2018-11-04T03:00:00Z"), // no midnight
    ("Antarctica/Troll", "2026-03-29T01:00:00Z"), // two hours forward
    ("Antarctica/Troll", "2026-10-25T01:00:00Z"), // two hours back
    ("America/Caracas", "2007-12-09T07:00:00Z"), // half an hour back for good
    ("Asia/Pyongyang", "2015-08-14T15:00:00Z"), // half an hour back at midnight
    ("Africa/Casablanca", "2026-02-15T02:00:00Z"), // summer time that stops for a month
];

fn shifts(grid: u16) -> impl Strategy<Value = Vec<Shift>> {
    let ends = prop::collection::btree_set(0..=1440 / grid, 0..7);
    ends.prop_map(move |ends| {
        let ends: Vec<u16> = ends.into_iter().map(|end| end * grid).collect();
        ends.chunks_exact(2).map(|pair| Shift::new(pair[0], pair[1])).collect()
    })
}

/// The days are shuffled, so that the order in which shifts are set is of no account.
fn day(grid: u16) -> impl Strategy<Value = Vec<Shift>> {
    let whole = Just(vec![Shift::new(0, 1440)]);
    let halves = Just(vec![Shift::new(720, 1440), Shift::new(0, 720)]);
    prop_oneof![6 => shifts(grid).prop_shuffle(), 1 => whole, 1 => halves, 1 => Just(Vec::new())]
}

fn week(grid: u16) -> impl Strategy<Value = Week> {
    prop::array::uniform7(day(grid)).prop_map(|[monday, tuesday, wednesday, thursday, friday, saturday, sunday]| Week {
        monday,
        tuesday,
        wednesday,
        thursday,
        friday,
        saturday,
        sunday,
    })
}

/// A calendar whose shifts and changes of clocks lie on a grid of so many minutes, and a moment of interest to it. Its
/// holidays are near.
pub(crate) fn terms(grid: u16) -> impl Strategy<Value = (Terms, DateTime<Utc>)> {
    let holidays = prop::collection::btree_map(-8_i64..=8, day(grid), 0..5);
    let moved = MOVED.iter().filter(|(_, moment)| at(moment).timestamp() % (i64::from(grid) * 60) == 0);
    let moved: Vec<_> = moved.copied().collect();
    (prop::sample::select(moved), week(grid), holidays).prop_map(|((zone, moment), weekly, holidays)| {
        let moment = at(moment);
        let own = holidays.into_iter().map(|(days, shifts)| Holiday {
            on: (moment + TimeDelta::days(days)).date_naive(),
            name: String::new(),
            shifts,
        });
        (Terms { time_zone: zone.to_owned(), weekly, holidays: own.collect() }, moment)
    })
}
