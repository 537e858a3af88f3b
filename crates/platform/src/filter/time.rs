//! Days, moments and spans: read from text, and settled when a filter is applied.
//!
//! A day is not a moment: which day it is depends on the zone, and `today()` without one means UTC. All times lie in
//! the years 1 to 9999, spans within a century.
use super::literal::{Bad, bad, whole};
use super::tree::Value;
use chrono::{DateTime, Datelike, Days, NaiveDate, NaiveTime, TimeDelta, Utc};
use chrono_tz::Tz;
use kernel::text;
use rust_decimal::Decimal;

const DAY: i64 = 86_400;
const CENTURY: i64 = 100 * 366 * DAY;

pub fn date(s: &str) -> Result<NaiveDate, Bad> {
    let read = NaiveDate::parse_from_str(s, "%Y-%m-%d").ok().filter(in_range);
    read.ok_or_else(|| bad(text!("a date like 2026-01-31")))
}

pub fn instant(s: &str) -> Result<DateTime<Utc>, Bad> {
    let read = DateTime::parse_from_rfc3339(s).ok().map(|t| t.with_timezone(&Utc));
    read.filter(in_range).ok_or_else(|| bad(text!("a moment like 2026-01-31T08:00:00Z")))
}

/// A name of the IANA list.
pub fn zone(s: &str) -> Result<Tz, Bad> {
    s.parse().map_err(|_| bad(text!("a time zone like Asia/Shanghai")))
}

/// `720h`, `1h30m`, `45s`, at most 100 years.
pub fn duration(s: &str) -> Result<TimeDelta, Bad> {
    let read = || {
        let (sign, mut rest) = s.strip_prefix('-').map_or((1, s), |rest| (-1, rest));
        let mut seconds = 0i64;
        while !rest.is_empty() {
            let end = rest.find(|c: char| !c.is_ascii_digit())?;
            let count: i64 = rest.get(..end)?.parse().ok()?;
            let unit = match rest.as_bytes().get(end)? {
                b'h' => 3600,
                b'm' => 60,
                b's' => 1,
                _ => return None,
            };
            seconds = count.checked_mul(unit)?.checked_add(seconds)?;
            rest = rest.get(end + 1..)?;
        }
        span(sign * seconds).filter(|_| !s.is_empty())
    };
    read().ok_or_else(|| bad(text!("a duration like 720h or 1h30m")))
}

pub fn days(count: Decimal) -> Result<TimeDelta, Bad> {
    let seconds = whole(count).and_then(|n| n.checked_mul(DAY));
    seconds.and_then(span).ok_or_else(|| bad(text!("a count of days")))
}

/// A day moved by whole days; what is left of the span counts as the day it falls on.
pub fn moved(day: NaiveDate, by: TimeDelta) -> Option<NaiveDate> {
    let days = by.num_seconds().div_euclid(DAY);
    let count = Days::new(days.unsigned_abs());
    let day = if days < 0 { day.checked_sub_days(count) } else { day.checked_add_days(count) };
    day.filter(in_range)
}

/// The sum of two spans, if it is one.
pub fn sum(a: TimeDelta, b: TimeDelta) -> Option<TimeDelta> {
    a.checked_add(&b).and_then(|sum| span(sum.num_seconds()))
}

/// What a relative value is now. Out of the years that there are, now itself.
pub fn settle(value: &Value, now: DateTime<Utc>) -> Option<Value> {
    let then = |delta: &TimeDelta| now.checked_add_signed(*delta).filter(in_range).unwrap_or(now);
    let today = |delta: &TimeDelta, zone: &Tz| {
        let today = now.with_timezone(zone).date_naive();
        moved(today, *delta).unwrap_or(today)
    };
    Some(match value {
        Value::FromNow(delta) => Value::Instant(then(delta)),
        Value::DayFromNow(delta) => Value::Date(then(delta).date_naive()),
        Value::FromToday(delta, zone) => Value::Date(today(delta, zone)),
        Value::FromMidnight(delta, zone) => {
            let rest = TimeDelta::seconds(delta.num_seconds().rem_euclid(DAY));
            Value::Instant(midnight(today(delta, zone), *zone).unwrap_or(now) + rest)
        }
        _ => return None,
    })
}

/// When the day begins there. Where clocks skip midnight, the hour after it.
pub fn midnight(day: NaiveDate, zone: Tz) -> Option<DateTime<Utc>> {
    let start = day.and_time(NaiveTime::MIN);
    let begins = |hour| start.checked_add_signed(TimeDelta::hours(hour))?.and_local_timezone(zone).earliest();
    (0..=3).find_map(begins).map(|t| t.with_timezone(&Utc))
}

fn in_range(day: &impl Datelike) -> bool {
    (1..=9999).contains(&day.year())
}

fn span(seconds: i64) -> Option<TimeDelta> {
    TimeDelta::try_seconds(seconds).filter(|_| seconds.abs() <= CENTURY)
}
