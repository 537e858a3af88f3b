//! When a report is sent: a strict part of the recurrence rules of RFC 5545, by the clock of a zone. Not oftener than once
//! an hour, and once a time: what was missed is not made up for, but for the last.
use chrono::{DateTime, Datelike, Days, NaiveDate, NaiveTime, TimeDelta, Timelike, Utc, Weekday};
use chrono_tz::Tz;

/// How often, and when then.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Rhythm {
    every: Every,
    interval: i64,
    at: NaiveTime,
}

#[derive(Clone, Debug, PartialEq, Eq)]
enum Every {
    Hour,
    Day,
    Week(Vec<Weekday>),
    /// on this day of the month; the last, where it is none
    Month(Option<u32>),
}

/// So far ahead the next time is looked for.
const AHEAD: u64 = 4_000;

impl Rhythm {
    /// `FREQ=WEEKLY;INTERVAL=2;BYDAY=MO,TH;BYHOUR=8;BYMINUTE=30`
    pub fn read(text: &str) -> Option<Self> {
        let mut parts = Vec::new();
        for part in text.trim().trim_start_matches("RRULE:").split(';') {
            let (name, value) = part.split_once('=')?;
            if parts.iter().any(|(known, _)| *known == name) {
                return None;
            }
            parts.push((name, value));
        }
        let mut take = |name: &str| {
            let at = parts.iter().position(|(known, _)| *known == name)?;
            Some(parts.swap_remove(at).1)
        };
        let frequency = take("FREQ")?;
        let interval = number(take("INTERVAL"), 1, 1..=99)?;
        let minute = number(take("BYMINUTE"), 0, 0..=59)?;
        let hour = if frequency == "HOURLY" { 0 } else { number(take("BYHOUR"), 8, 0..=23)? };
        let every = match frequency {
            "HOURLY" if interval <= 23 => Every::Hour,
            "DAILY" => Every::Day,
            "WEEKLY" => Every::Week(weekdays(take("BYDAY").unwrap_or("MO"))?),
            "MONTHLY" => match take("BYMONTHDAY") {
                Some("-1") => Every::Month(None),
                day => Every::Month(Some(u32::try_from(number(day, 1, 1..=31)?).ok()?)),
            },
            _ => return None,
        };
        let at = NaiveTime::from_hms_opt(u32::try_from(hour).ok()?, u32::try_from(minute).ok()?, 0)?;
        parts.is_empty().then_some(Self { every, interval, at })
    }

    /// The first time behind a moment.
    pub fn next(&self, after: DateTime<Utc>, zone: Tz) -> Option<DateTime<Utc>> {
        if self.every == Every::Hour {
            return (0..72).find_map(|hours| {
                let local = after.with_timezone(&zone) + TimeDelta::hours(hours);
                let at = local.with_minute(self.at.minute())?.with_second(0)?.with_nanosecond(0)?;
                let fits = i64::from(at.hour()) % self.interval == 0 && at > after;
                fits.then(|| at.with_timezone(&Utc))
            });
        }
        let today = after.with_timezone(&zone).date_naive();
        (0..AHEAD).find_map(|days| {
            let day = today.checked_add_days(Days::new(days)).filter(|day| self.is_on(*day))?;
            moment(day, self.at, zone).filter(|at| *at > after)
        })
    }

    fn is_on(&self, day: NaiveDate) -> bool {
        let days = i64::from(day.num_days_from_ce());
        match &self.every {
            Every::Hour => true,
            Every::Day => days % self.interval == 0,
            // the first day of the common era was a Monday
            Every::Week(on) => on.contains(&day.weekday()) && ((days - 1) / 7) % self.interval == 0,
            Every::Month(on) => {
                let month = i64::from(day.year()) * 12 + i64::from(day.month0());
                let is_day = match on {
                    Some(on) => day.day() == *on,
                    None => day.succ_opt().is_some_and(|next| next.day() == 1),
                };
                is_day && month % self.interval == 0
            }
        }
    }
}

/// What a clock there shows as a moment; a time that is skipped is an hour later.
fn moment(day: NaiveDate, at: NaiveTime, zone: Tz) -> Option<DateTime<Utc>> {
    let local = day.and_time(at);
    let there = |hours| local.checked_add_signed(TimeDelta::hours(hours))?.and_local_timezone(zone).earliest();
    (0..=1).find_map(there).map(|at| at.with_timezone(&Utc))
}

fn number(text: Option<&str>, otherwise: i64, within: std::ops::RangeInclusive<i64>) -> Option<i64> {
    let number = text.map_or(Some(otherwise), |text| text.parse().ok())?;
    within.contains(&number).then_some(number)
}

fn weekdays(text: &str) -> Option<Vec<Weekday>> {
    let day = |name: &str| {
        Some(match name {
            "MO" => Weekday::Mon,
            "TU" => Weekday::Tue,
            "WE" => Weekday::Wed,
            "TH" => Weekday::Thu,
            "FR" => Weekday::Fri,
            "SA" => Weekday::Sat,
            "SU" => Weekday::Sun,
            _ => return None,
        })
    };
    text.split(',').map(day).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn next(rule: &str, after: &str, zone: Tz) -> String {
        let at = Rhythm::read(rule).unwrap().next(after.parse().unwrap(), zone).unwrap();
        at.to_rfc3339_opts(chrono::SecondsFormat::Secs, true)
    }

    #[test]
    fn a_rule_says_when() {
        let shanghai = Tz::Asia__Shanghai;
        assert_eq!(next("FREQ=DAILY;BYHOUR=8", "2026-01-01T00:00:00Z", shanghai), "2026-01-02T00:00:00Z");
        assert_eq!(next("FREQ=DAILY;BYHOUR=8;BYMINUTE=30", "2026-01-01T00:00:00Z", shanghai), "2026-01-01T00:30:00Z");
        // the first of January 2026 was a Thursday
        assert_eq!(next("FREQ=WEEKLY;BYDAY=MO,FR", "2026-01-01T00:00:00Z", Tz::UTC), "2026-01-02T08:00:00Z");
        assert_eq!(next("FREQ=MONTHLY;BYMONTHDAY=-1", "2026-02-01T00:00:00Z", Tz::UTC), "2026-02-28T08:00:00Z");
        assert_eq!(next("FREQ=MONTHLY;BYMONTHDAY=31", "2026-02-01T00:00:00Z", Tz::UTC), "2026-03-31T08:00:00Z");
        assert_eq!(next("FREQ=HOURLY;INTERVAL=6;BYMINUTE=5", "2026-01-01T06:05:00Z", Tz::UTC), "2026-01-01T12:05:00Z");
        // at half past two clocks are put forward that day
        let skipped = next("FREQ=DAILY;BYHOUR=2;BYMINUTE=30", "2026-03-28T12:00:00Z", Tz::Europe__Berlin);
        assert_eq!(skipped, "2026-03-29T01:30:00Z");
    }

    #[test]
    fn what_is_no_such_rule_is_refused() {
        for rule in [
            "",
            "FREQ=MINUTELY",
            "FREQ=DAILY;COUNT=3",
            "FREQ=DAILY;BYHOUR=24",
            "FREQ=DAILY;FREQ=DAILY",
            "FREQ=HOURLY;BYHOUR=3",
            "FREQ=WEEKLY;BYDAY=1MO",
            "FREQ=DAILY;INTERVAL=0",
            "FREQ=DAILY;BYDAY=MO",
            "DAILY",
        ] {
            assert_eq!(Rhythm::read(rule), None, "{rule}");
        }
    }
}
