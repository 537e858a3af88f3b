//! Calendars by chance, and times at which the clocks of their places do something.
use super::super::{Holiday, Shift, Terms, Week};
use super::at;
use chrono::{DateTime, Offset, TimeDelta, TimeZone, Utc};
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

/// Any zone, and the next moment at which its clocks are moved, if they are within a year.
fn any_place() -> impl Strategy<Value = (String, DateTime<Utc>)> {
    let zones = prop::sample::select(&chrono_tz::TZ_VARIANTS[..]);
    (zones, 0_i64..60 * 365).prop_map(|(zone, days)| {
        // all offsets are whole minutes from 1973 on
        let from = at("1973-01-01T00:00:00Z") + TimeDelta::days(days);
        let offset = |at: DateTime<Utc>| zone.offset_from_utc_datetime(&at.naive_utc()).fix();
        let days = (0..366).map(|day| from + TimeDelta::days(day));
        let Some(mut before) = days.into_iter().find(|day| offset(*day) != offset(*day + TimeDelta::days(1))) else {
            return (zone.name().to_owned(), from);
        };
        let was = offset(before);
        while offset(before) == was {
            before += TimeDelta::minutes(1);
        }
        (zone.name().to_owned(), before)
    })
}

/// A calendar whose shifts and changes of clocks lie on a grid of so many minutes, and a moment of interest to it. Its
/// holidays are near.
pub(crate) fn terms(grid: u16) -> impl Strategy<Value = (Terms, DateTime<Utc>)> {
    let moved = MOVED.iter().map(|(zone, moment)| ((*zone).to_owned(), at(moment)));
    let moved = moved.filter(|(_, moment)| moment.timestamp() % (i64::from(grid) * 60) == 0);
    let place = prop::sample::select(moved.collect::<Vec<_>>());
    // not every zone keeps to every grid
    let place = if grid == 1 { prop_oneof![2 => place, 1 => any_place()].boxed() } else { place.boxed() };
    let holidays = prop::collection::btree_map(-8_i64..=8, day(grid), 0..5);
    (place, week(grid), holidays).prop_map(|((zone, moment), weekly, holidays)| {
        let own = holidays.into_iter().map(|(days, shifts)| Holiday {
            on: (moment + TimeDelta::days(days)).date_naive(),
            name: String::new(),
            shifts,
        });
        (Terms { time_zone: zone, weekly, holidays: own.collect() }, moment)
    })
}
