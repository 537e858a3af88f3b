//! What somebody sets of a business calendar, and the rules that it has to keep.
use super::year::YEARS;
use crate::Faults;
use chrono::{Datelike, NaiveDate, Weekday};
use chrono_tz::Tz;
use serde::{Deserialize, Serialize};
use std::collections::BTreeSet;

/// The minutes of a day by its clock: a shift may end at the last, which is 24:00.
pub const MINUTES: u16 = 1440;
/// The shifts that a day may have.
pub const MOST_SHIFTS: usize = 24;
/// The holidays that a calendar may have.
pub const MOST_HOLIDAYS: usize = 2_000;

/// A stretch of work of a day, from `start` to `end` in minutes of the local day: 540 is 09:00, 1440 is 24:00.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Shift {
    /// 0 to 1439
    pub start: u16,
    /// after `start`, up to 1440
    pub end: u16,
}

impl Shift {
    pub const fn new(start: u16, end: u16) -> Self {
        Self { start, end }
    }
}

/// The shifts of each day of the week, in any order; a day without any is closed.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Week {
    pub monday: Vec<Shift>,
    pub tuesday: Vec<Shift>,
    pub wednesday: Vec<Shift>,
    pub thursday: Vec<Shift>,
    pub friday: Vec<Shift>,
    pub saturday: Vec<Shift>,
    pub sunday: Vec<Shift>,
}

impl Week {
    pub fn of(&self, day: Weekday) -> &[Shift] {
        match day {
            Weekday::Mon => &self.monday,
            Weekday::Tue => &self.tuesday,
            Weekday::Wed => &self.wednesday,
            Weekday::Thu => &self.thursday,
            Weekday::Fri => &self.friday,
            Weekday::Sat => &self.saturday,
            Weekday::Sun => &self.sunday,
        }
    }

    fn named(&self) -> [(&'static str, &[Shift]); 7] {
        [
            ("monday", &self.monday),
            ("tuesday", &self.tuesday),
            ("wednesday", &self.wednesday),
            ("thursday", &self.thursday),
            ("friday", &self.friday),
            ("saturday", &self.saturday),
            ("sunday", &self.sunday),
        ]
    }
}

/// A local date that is not as its day of the week says: closed where it has no shifts, otherwise open in these alone,
/// as on a day that is worked to make up for another (调休).
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Holiday {
    pub on: NaiveDate,
    #[serde(default)]
    pub name: String,
    #[serde(default)]
    pub shifts: Vec<Shift>,
}

/// A calendar as it is set, in any order.
///
/// Codes of what is wrong: `time_zone` (no name of the IANA database), `range` (a minute that is none of a day, or a
/// date outside of the years that calendars know), `order` (a shift does not end after it starts), `overlap` (a shift
/// begins before another of its day has ended), `duplicate` (two holidays on a date), `too_many`.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Terms {
    /// a name of the IANA time zone database, such as `Asia/Shanghai`
    pub time_zone: String,
    #[serde(default)]
    pub weekly: Week,
    #[serde(default)]
    pub holidays: Vec<Holiday>,
}

/// The zone of sound terms; otherwise all that is wrong with them.
pub(super) fn check(terms: &Terms) -> Result<Tz, Faults> {
    let mut faults = Faults::default();
    let zone = terms.time_zone.parse::<Tz>();
    if zone.is_err() {
        faults.add("/time_zone", "time_zone");
    }
    for (name, shifts) in terms.weekly.named() {
        check_day(shifts, &format!("/weekly/{name}"), &mut faults);
    }
    if terms.holidays.len() > MOST_HOLIDAYS {
        faults.add("/holidays", "too_many");
    }
    let mut dates = BTreeSet::new();
    for (at, holiday) in terms.holidays.iter().enumerate() {
        if !YEARS.contains(&holiday.on.year()) {
            faults.add(format!("/holidays/{at}/on"), "range");
        }
        if !dates.insert(holiday.on) {
            faults.add(format!("/holidays/{at}/on"), "duplicate");
        }
        check_day(&holiday.shifts, &format!("/holidays/{at}/shifts"), &mut faults);
    }
    // a zone that is not there is a fault already
    faults.or(zone.unwrap_or(Tz::UTC))
}

fn check_day(shifts: &[Shift], pointer: &str, faults: &mut Faults) {
    if shifts.len() > MOST_SHIFTS {
        return faults.add(pointer, "too_many");
    }
    for (at, shift) in shifts.iter().enumerate() {
        let here = || format!("{pointer}/{at}");
        if shift.start >= MINUTES {
            faults.add(format!("{}/start", here()), "range");
        }
        if shift.end > MINUTES {
            faults.add(format!("{}/end", here()), "range");
        }
        if shift.end <= shift.start {
            faults.add(format!("{}/end", here()), "order");
        }
        // the later of two says so
        let before = shifts.iter().take(at);
        if before.into_iter().any(|other| other.start < shift.end && shift.start < other.end) {
            faults.add(here(), "overlap");
        }
    }
}
