//! A period of time as people plan in: a year (`2026`), a quarter (`2026-Q4`), a month (`2026-11`).
use chrono::{DateTime, Datelike, Months, NaiveDate, Utc};
use kernel::rule;
use std::fmt;
use validator::ValidationError;

/// From its first day to its last one.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Period {
    pub first: NaiveDate,
    months: u32,
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
        Some(Self { first: NaiveDate::from_ymd_opt(year.parse().ok()?, month, 1)?, months })
    }

    /// The first day after it.
    pub fn end(self) -> NaiveDate {
        self.first.checked_add_months(Months::new(self.months)).unwrap_or(NaiveDate::MAX)
    }

    pub fn holds(self, day: NaiveDate) -> bool {
        (self.first..self.end()).contains(&day)
    }

    /// Its moments: days of those who forecast are days in UTC.
    pub fn moments(self) -> (DateTime<Utc>, DateTime<Utc>) {
        let moment = |day: NaiveDate| day.and_time(chrono::NaiveTime::MIN).and_utc();
        (moment(self.first), moment(self.end()))
    }
}

impl fmt::Display for Period {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let year = self.first.year();
        match self.months {
            12 => write!(f, "{year:04}"),
            3 => write!(f, "{year:04}-Q{}", self.first.month0() / 3 + 1),
            _ => write!(f, "{year:04}-{:02}", self.first.month()),
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

    #[test]
    fn periods_are_years_quarters_and_months() {
        for (text, first, end) in [
            ("2026", "2026-01-01", "2027-01-01"),
            ("2026-Q1", "2026-01-01", "2026-04-01"),
            ("2026-Q4", "2026-10-01", "2027-01-01"),
            ("2024-02", "2024-02-01", "2024-03-01"),
            ("9999-12", "9999-12-01", "+10000-01-01"),
        ] {
            let period = Period::read(text).unwrap();
            assert_eq!((period.first.to_string(), period.end().to_string()), (first.into(), end.into()));
            assert_eq!(period.to_string(), text);
        }
        for bad in
            ["", "26", "2026-", "2026-Q0", "2026-Q5", "2026-Q44", "2026-13", "2026-00", "2026-1", "2026-q1", "20é6"]
        {
            assert_eq!(Period::read(bad), None, "{bad}");
        }
    }
}
