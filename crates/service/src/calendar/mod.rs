//! A business calendar: when work is done, by the clock of a place. Pure; no clock is read and nothing is looked up.
//!
//! A shift is one unbroken stretch of time, from the instant its start means to the instant its end means. Where the
//! clocks are moved, elapsed time counts: a shift over the hour that is left out in spring is shorter, one over the hour
//! that comes twice in autumn is longer. A local time that does not exist is the instant at which the clock goes on; of
//! two, a start is the earlier and an end the later. Where shifts overlap for that reason, time counts once. A date that
//! a place has left out (Apia, 2011-12-30) has no time at all.
//!
//! A moment at which a shift ends is not open; one at which it starts is. Calendars know the local years 1970 to 2099
//! ([`YEARS`]): outside of them it is never open.
mod local;
mod terms;
#[cfg(test)]
pub(crate) mod tests;
mod year;

pub use terms::{Holiday, MINUTES, MOST_HOLIDAYS, MOST_SHIFTS, Shift, Terms, Week};
pub use year::YEARS;

use crate::Faults;
use chrono::{DateTime, Datelike, TimeDelta, Utc};
use chrono_tz::Tz;
use local::{Nanos, nanos};
use serde::{Deserialize, Serialize, Serializer};
use std::ops::RangeInclusive;
use std::sync::OnceLock;
use year::{Special, Year};

/// How far ahead an opening, or the end of a duration, is looked for: 3,653 days, which are ten years.
pub const HORIZON: TimeDelta = TimeDelta::days(3_653);

/// Sound terms, ready to be asked. Its years are summed up when they are first asked for and kept; a copy keeps them too.
/// As JSON it is its [`Terms`].
#[derive(Clone, Debug, Deserialize)]
#[serde(try_from = "Terms")]
pub struct Calendar {
    terms: Terms,
    zone: Tz,
    special: Special,
    years: Box<[OnceLock<Year>]>,
}

impl Calendar {
    /// # Errors
    /// All that is wrong with the terms at once; [`Terms`] names the codes.
    pub fn new(mut terms: Terms) -> Result<Self, Faults> {
        let zone = terms::check(&terms)?;
        let Week { monday, tuesday, wednesday, thursday, friday, saturday, sunday } = &mut terms.weekly;
        for shifts in [monday, tuesday, wednesday, thursday, friday, saturday, sunday] {
            shifts.sort_unstable();
        }
        terms.holidays.sort_by_key(|holiday| holiday.on);
        terms.holidays.iter_mut().for_each(|holiday| holiday.shifts.sort_unstable());
        let special = terms.holidays.iter().map(|holiday| (holiday.on, holiday.shifts.clone())).collect();
        Ok(Self { terms, zone, special, years: YEARS.map(|_| OnceLock::new()).collect() })
    }

    /// As they were set, but in order.
    pub fn terms(&self) -> &Terms {
        &self.terms
    }

    /// How long it is open between two instants; nothing where `to` is not after `from`.
    pub fn business_time_between(&self, from: DateTime<Utc>, to: DateTime<Utc>) -> TimeDelta {
        if to <= from {
            return TimeDelta::zero();
        }
        let (start, end) = (nanos(&from), nanos(&to));
        let years = self.near(from).start().to_owned()..=*self.near(to).end();
        let open = self.among(years).map(|year| year.open_before(end) - year.open_before(start));
        TimeDelta::nanoseconds(open.sum())
    }

    /// The first instant from `from` on by which it has been open for so long: the end of a shift rather than the start
    /// of the next. Nothing, or less, is over at `from` itself. `None` where it takes longer than the [`HORIZON`].
    pub fn add_business_time(&self, from: DateTime<Utc>, duration: TimeDelta) -> Option<DateTime<Utc>> {
        if duration <= TimeDelta::zero() {
            return Some(from);
        }
        let (start, mut left) = (nanos(&from), duration.num_nanoseconds()?);
        for year in self.ahead(from) {
            let before = year.open_before(start);
            let here = year.total - before;
            if left <= here {
                return within(from, year.reached(before + left)?);
            }
            left -= here;
        }
        None
    }

    /// Whether it is open at an instant.
    pub fn is_open(&self, at: DateTime<Utc>) -> bool {
        let moment = nanos(&at);
        self.among(self.near(at)).any(|year| year.opening(moment) == Some(moment))
    }

    /// The first instant from `at` on at which it is open: `at` itself where it is. `None` where there is none within
    /// the [`HORIZON`].
    pub fn next_opening(&self, at: DateTime<Utc>) -> Option<DateTime<Utc>> {
        let moment = nanos(&at);
        within(at, self.ahead(at).find_map(|year| year.opening(moment))?)
    }

    fn ahead(&self, from: DateTime<Utc>) -> impl Iterator<Item = &Year> {
        let end = from.checked_add_signed(HORIZON).unwrap_or(DateTime::<Utc>::MAX_UTC);
        self.among(*self.near(from).start()..=*self.near(end).end())
    }

    /// The local years that may have a shift about that moment: zones are up to fifteen hours off, and left-out days a day.
    fn near(&self, at: DateTime<Utc>) -> RangeInclusive<i32> {
        let margin = TimeDelta::days(2);
        let year = |at: Option<DateTime<Utc>>, end: i32| at.map_or(end, |at| at.year());
        year(at.checked_sub_signed(margin), i32::MIN)..=year(at.checked_add_signed(margin), i32::MAX)
    }

    fn among(&self, years: RangeInclusive<i32>) -> impl Iterator<Item = &Year> {
        YEARS
            .zip(&self.years)
            .filter(move |(year, _)| years.contains(year))
            .map(|(year, kept)| kept.get_or_init(|| Year::build(self.zone, &self.terms, &self.special, year)))
    }
}

fn within(from: DateTime<Utc>, found: Nanos) -> Option<DateTime<Utc>> {
    let found = DateTime::from_timestamp_nanos(found);
    (found - from <= HORIZON).then_some(found)
}

impl PartialEq for Calendar {
    fn eq(&self, other: &Self) -> bool {
        self.terms == other.terms
    }
}

impl TryFrom<Terms> for Calendar {
    type Error = Faults;

    fn try_from(terms: Terms) -> Result<Self, Faults> {
        Self::new(terms)
    }
}

impl Serialize for Calendar {
    fn serialize<S: Serializer>(&self, to: S) -> Result<S::Ok, S::Error> {
        self.terms.serialize(to)
    }
}
