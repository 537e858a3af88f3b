//! Jobs that come again and again: by a rule of RFC 5545 on the clocks of a place.
//!
//! Each occurrence puts its job down once, however many workers look, for the row of the schedule is locked and its next
//! moment moved in the same transaction. Windows that were missed, for nobody was there, come once together. A time that
//! the clocks skip comes when they have skipped it; one that they show twice comes the first time.
mod store;

pub use store::{put, put_down_due, remove};

use super::Priority;
use chrono::{DateTime, NaiveDateTime, TimeDelta, TimeZone, Utc};
use chrono_tz::Tz;
use kernel::{Error, Result, text};
use rrule::{Frequency, RRule, RRuleSet, Unvalidated};
use serde_json::Value;

/// A job that is to come again and again.
#[derive(Clone, Debug)]
pub struct NewSchedule<'a> {
    /// unique in its tenant: a schedule that is put again takes the place of the one that was there
    pub name: &'a str,
    pub kind: &'a str,
    pub payload: &'a Value,
    pub priority: Priority,
    /// `FREQ=WEEKLY;BYDAY=MO;BYHOUR=8`; its UNTIL is on the clocks of the place, too
    pub rule: &'a str,
    /// the IANA name of the place
    pub time_zone: &'a str,
    /// from when on; what the rule leaves open, such as the minute, is as it is here
    pub starts_at: DateTime<Utc>,
}

/// A rule with its place.
#[derive(Clone, Debug)]
pub struct Recurrence {
    set: RRuleSet,
    zone: Tz,
}

impl Recurrence {
    /// Faults: a rule that cannot be read, or comes more often than hourly; a place that there is not.
    pub fn read(rule: &str, time_zone: &str, starts_at: DateTime<Utc>) -> Result<Self> {
        let zone: Tz = time_zone
            .parse()
            .map_err(|_| Error::invalid("/time_zone", "time_zone", text!("is not the IANA name of a time zone")))?;
        let wrong = |why: &dyn std::fmt::Display| {
            Error::invalid("/rule", "rule", text!("is no rule of RFC 5545")).source(why.to_string())
        };
        let read: RRule<Unvalidated> = rule.parse().map_err(|e: rrule::RRuleError| wrong(&e))?;
        if matches!(read.get_freq(), Frequency::Minutely | Frequency::Secondly) {
            return Err(Error::invalid("/rule", "rule", text!("comes more often than hourly")));
        }
        let start = rrule::Tz::UTC.from_utc_datetime(&starts_at.with_timezone(&zone).naive_local());
        let set = read.build(start).map_err(|e| wrong(&e))?;
        Ok(Self { set, zone })
    }

    /// The first moment after this one, if there is any.
    pub fn next(&self, after: DateTime<Utc>) -> Option<DateTime<Utc>> {
        // the rule is reckoned on clocks that nobody moves; a day is more than any clock is moved by
        let from = after.with_timezone(&self.zone).naive_local() - TimeDelta::days(1);
        let set = self.set.clone().after(rrule::Tz::UTC.from_utc_datetime(&from));
        let mut moments = (&set).into_iter().map(|local| moment(self.zone, local.naive_utc()));
        moments.find(|moment| *moment > after)
    }
}

/// The moment at which the clocks of a place show this: the first, where they show it twice.
pub fn moment(zone: Tz, local: NaiveDateTime) -> DateTime<Utc> {
    if let Some(moment) = zone.from_local_datetime(&local).earliest() {
        return moment.to_utc();
    }
    // skipped: by the clock as it went before
    let before = zone.from_utc_datetime(&(local - TimeDelta::days(1)));
    let behind = chrono::Offset::fix(before.offset()).local_minus_utc();
    Utc.from_utc_datetime(&(local - TimeDelta::seconds(i64::from(behind))))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn moments(rule: &str, zone: &str, start: &str, count: usize) -> Vec<String> {
        let start: DateTime<Utc> = start.parse().unwrap();
        let rule = Recurrence::read(rule, zone, start).unwrap();
        let mut now = start - TimeDelta::seconds(1);
        let mut all = Vec::new();
        while all.len() < count
            && let Some(next) = rule.next(now)
        {
            all.push(next.format("%Y-%m-%dT%H:%MZ").to_string());
            now = next;
        }
        all
    }

    #[test]
    fn a_morning_stays_a_morning_when_the_clocks_are_moved() {
        let spring = moments("FREQ=DAILY", "Europe/Berlin", "2026-03-28T07:00:00Z", 3);
        assert_eq!(spring, ["2026-03-28T07:00Z", "2026-03-29T06:00Z", "2026-03-30T06:00Z"]);
        let autumn = moments("FREQ=DAILY", "America/New_York", "2026-10-31T12:00:00Z", 2);
        assert_eq!(autumn, ["2026-10-31T12:00Z", "2026-11-01T13:00Z"]);
        let never = moments("FREQ=DAILY;BYHOUR=8;BYMINUTE=0;BYSECOND=0", "Asia/Shanghai", "2026-03-28T07:00:00Z", 2);
        assert_eq!(never, ["2026-03-29T00:00Z", "2026-03-30T00:00Z"]);
    }

    #[test]
    fn a_time_that_is_skipped_comes_late_and_one_that_is_shown_twice_comes_once() {
        let skipped = moments("FREQ=DAILY", "Europe/Berlin", "2026-03-28T01:30:00Z", 3);
        assert_eq!(skipped, ["2026-03-28T01:30Z", "2026-03-29T01:30Z", "2026-03-30T00:30Z"]);
        let twice = moments("FREQ=DAILY", "Europe/Berlin", "2026-10-24T00:30:00Z", 3);
        assert_eq!(twice, ["2026-10-24T00:30Z", "2026-10-25T00:30Z", "2026-10-26T01:30Z"]);
        // hour by hour, on the clock: each hour that it shows once
        let hours = moments("FREQ=HOURLY", "Europe/Berlin", "2026-03-29T00:00:00Z", 3);
        assert_eq!(hours, ["2026-03-29T00:00Z", "2026-03-29T01:00Z", "2026-03-29T02:00Z"]);
    }

    #[test]
    fn odd_days_and_ends_are_kept() {
        let leap = moments("FREQ=YEARLY", "UTC", "2024-02-29T00:00:00Z", 2);
        assert_eq!(leap, ["2024-02-29T00:00Z", "2028-02-29T00:00Z"]);
        let month = moments("FREQ=MONTHLY;BYMONTHDAY=-1", "UTC", "2026-01-31T00:00:00Z", 3);
        assert_eq!(month, ["2026-01-31T00:00Z", "2026-02-28T00:00Z", "2026-03-31T00:00Z"]);
        assert_eq!(moments("FREQ=WEEKLY;COUNT=2", "UTC", "2026-01-01T00:00:00Z", 9).len(), 2);
    }

    #[test]
    fn what_is_no_rule_is_refused() {
        for (rule, zone) in
            [("", "UTC"), ("FREQ=NEVER", "UTC"), ("FREQ=SECONDLY", "UTC"), ("FREQ=DAILY", "Mars/Olympus")]
        {
            assert!(Recurrence::read(rule, zone, DateTime::UNIX_EPOCH).is_err(), "{rule} {zone}");
        }
    }
}
