//! A period of time as people plan in: a year (`2026`), a quarter (`2026-Q4`), a month (`2026-11`). Years are called by the
//! year that they begin in, in the month in which the tenant's do; quarters are theirs; months are those of the calendar.
use crate::others::Clock;
use chrono::{DateTime, Datelike, Months, NaiveDate, NaiveTime, Utc};
use kernel::rule;
use std::cmp::Ordering;
use std::fmt;
use validator::ValidationError;

/// As it is called: when it is, the tenant's clock says.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Period {
    /// its first day, where years begin in January
    called: NaiveDate,
    months: u32,
}

/// When a period is: from its first day to its last one, where the tenant is.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Span {
    pub first: NaiveDate,
    /// the first day after it
    pub end: NaiveDate,
    clock: Clock,
}

/// Moments that are in a period and not in its months in UTC, or the other way round.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) struct Edge {
    /// the first, and the first one after them
    pub moments: (DateTime<Utc>, DateTime<Utc>),
    /// whether they are in the period
    pub is_in: bool,
}

impl Period {
    pub fn read(text: &str) -> Option<Self> {
        let (year, part) = text.split_once('-').map_or((text, None), |(year, part)| (year, Some(part)));
        let digits = |text: &str, many: usize| text.len() == many && text.bytes().all(|b| b.is_ascii_digit());
        if !digits(year, 4) {
            return None;
        }
        let (month, months) = match part {
            None => (1, 12),
            Some(part) => match part.strip_prefix('Q') {
                Some(quarter) if digits(quarter, 1) => {
                    (quarter.parse::<u32>().ok()?.checked_mul(3)?.checked_sub(2)?, 3)
                }
                None if digits(part, 2) => (part.parse().ok()?, 1),
                _ => return None,
            },
        };
        Some(Self { called: NaiveDate::from_ymd_opt(year.parse().ok()?, month, 1)?, months })
    }

    pub(crate) fn by(self, clock: Clock) -> Span {
        let later = |day: NaiveDate, months: u32| day.checked_add_months(Months::new(months)).unwrap_or(NaiveDate::MAX);
        let first = later(self.called, if self.months == 1 { 0 } else { clock.months_late });
        Span { first, end: later(first, self.months), clock }
    }
}

impl Span {
    pub fn holds(self, day: NaiveDate) -> bool {
        (self.first..self.end).contains(&day)
    }

    /// Whether something happens in it.
    pub fn sees(self, at: DateTime<Utc>) -> bool {
        self.holds(self.clock.day_of(at))
    }

    pub fn last(self) -> NaiveDate {
        self.end.pred_opt().unwrap_or(self.first)
    }

    /// Its moments, and the first one after it.
    pub fn moments(self) -> (DateTime<Utc>, DateTime<Utc>) {
        (self.clock.begin_of(self.first), self.clock.begin_of(self.end))
    }

    /// What makes its moments of those of its months in UTC: nothing, where its days are those of UTC.
    pub fn edges(self) -> Vec<Edge> {
        let (begin, end) = self.moments();
        let midnight = |day: NaiveDate| day.and_time(NaiveTime::MIN).and_utc();
        let edge = |here: DateTime<Utc>, there: DateTime<Utc>, begins: bool| match here.cmp(&there) {
            Ordering::Equal => None,
            Ordering::Less => Some(Edge { moments: (here, there), is_in: begins }),
            Ordering::Greater => Some(Edge { moments: (there, here), is_in: !begins }),
        };
        let both = [edge(begin, midnight(self.first), true), edge(end, midnight(self.end), false)];
        both.into_iter().flatten().collect()
    }
}

impl fmt::Display for Period {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let year = self.called.year();
        match self.months {
            12 => write!(f, "{year:04}"),
            3 => write!(f, "{year:04}-Q{}", self.called.month0() / 3 + 1),
            _ => write!(f, "{year:04}-{:02}", self.called.month()),
        }
    }
}

/// The rule behind periods.
pub fn is_period(text: &str) -> Result<(), ValidationError> {
    match Period::read(text) {
        Some(_) => Ok(()),
        None => Err(rule!("period", "is no period, such as 2026, 2026-Q4 or 2026-11")),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn days(text: &str, zone: &str, first_month: i32) -> (String, String) {
        let span = Period::read(text).unwrap().by(Clock::of(zone, first_month));
        (span.first.to_string(), span.end.to_string())
    }

    #[test]
    fn periods_are_years_quarters_and_months() {
        for (text, first, end) in [
            ("2026", "2026-01-01", "2027-01-01"),
            ("2026-Q1", "2026-01-01", "2026-04-01"),
            ("2026-Q4", "2026-10-01", "2027-01-01"),
            ("2024-02", "2024-02-01", "2024-03-01"),
            ("9999-12", "9999-12-01", "+10000-01-01"),
        ] {
            assert_eq!(days(text, "UTC", 1), (first.into(), end.into()));
            assert_eq!(Period::read(text).unwrap().to_string(), text);
        }
        for bad in
            ["", "26", "2026-", "2026-Q0", "2026-Q5", "2026-Q44", "2026-13", "2026-00", "2026-1", "2026-q1", "20é6"]
        {
            assert_eq!(Period::read(bad), None, "{bad}");
        }
    }

    #[test]
    fn years_and_quarters_begin_as_the_tenants_do() {
        for (text, first, end) in [
            ("2026", "2026-04-01", "2027-04-01"),
            ("2026-Q1", "2026-04-01", "2026-07-01"),
            ("2026-Q4", "2027-01-01", "2027-04-01"),
            ("2026-11", "2026-11-01", "2026-12-01"),
        ] {
            assert_eq!(days(text, "UTC", 4), (first.into(), end.into()), "{text}");
            assert_eq!(Period::read(text).unwrap().to_string(), text);
        }
    }

    #[test]
    fn moments_are_those_of_the_tenants_days() {
        let span = Period::read("2026-Q4").unwrap().by(Clock::of("Asia/Shanghai", 1));
        let (begin, end) = span.moments();
        assert_eq!(begin.to_rfc3339(), "2026-09-30T16:00:00+00:00");
        assert_eq!(end.to_rfc3339(), "2026-12-31T16:00:00+00:00");
        assert!(span.sees(begin) && !span.sees(end) && !span.sees("2026-09-30T15:59:59Z".parse().unwrap()));
        assert_eq!(span.last().to_string(), "2026-12-31");
    }

    #[test]
    fn edges_make_the_tenants_months_of_those_in_utc() {
        let told = |text: &str, zone: &str| -> Vec<(String, String, bool)> {
            let edges = Period::read(text).unwrap().by(Clock::of(zone, 1)).edges();
            let at = |at: DateTime<Utc>| at.format("%m-%dT%H").to_string();
            edges.into_iter().map(|edge| (at(edge.moments.0), at(edge.moments.1), edge.is_in)).collect()
        };
        let edge = |from: &str, until: &str, is_in: bool| (from.to_owned(), until.to_owned(), is_in);
        assert!(told("2026-Q4", "UTC").is_empty());
        let ahead = [edge("09-30T16", "10-01T00", true), edge("12-31T16", "01-01T00", false)];
        assert_eq!(told("2026-Q4", "Asia/Shanghai"), ahead);
        let behind = [edge("10-01T00", "10-01T04", false), edge("01-01T00", "01-01T05", true)];
        assert_eq!(told("2026-Q4", "America/New_York"), behind);
        // summer there, and winter as in UTC
        assert_eq!(told("2026-Q4", "Europe/London"), [edge("09-30T23", "10-01T00", true)]);
    }
}
