//! A time zone as iCalendar has it: every change of its clocks in some years, written out, so that no program needs rules
//! that it might know otherwise.
use super::ics::Lines;
use chrono::{DateTime, Datelike, NaiveDate, Offset, TimeDelta, TimeZone, Utc};
use chrono_tz::{OffsetComponents, OffsetName, Tz};

/// For so many years from the first on.
const YEARS: i32 = 6;

/// How the clocks stand from a moment on.
struct Stand {
    offset: i32,
    is_summer: bool,
    name: String,
}

pub(super) fn write(out: &mut Lines, zone: Tz, from: DateTime<Utc>) {
    let start = NaiveDate::from_ymd_opt(from.year() - 1, 1, 1).unwrap_or_default();
    let mut at = start.and_hms_opt(0, 0, 0).unwrap_or_default().and_utc();
    let end = at + TimeDelta::days(366) * YEARS;
    out.plain("BEGIN", "VTIMEZONE");
    out.plain("TZID", zone.name());
    let mut stand = stand(zone, at);
    observance(out, at, stand.offset, &stand);
    while at < end {
        let next = at + TimeDelta::days(1);
        let then = self::stand(zone, next);
        if then.offset != stand.offset {
            observance(out, changed(zone, at, next), stand.offset, &then);
            stand = then;
        }
        at = next;
    }
    out.plain("END", "VTIMEZONE");
}

/// The moment between the two at which the clocks are moved.
fn changed(zone: Tz, mut before: DateTime<Utc>, mut after: DateTime<Utc>) -> DateTime<Utc> {
    let was = stand(zone, before).offset;
    while after - before > TimeDelta::seconds(1) {
        let middle = before + (after - before) / 2;
        match stand(zone, middle).offset == was {
            true => before = middle,
            false => after = middle,
        }
    }
    // halves of a day end between seconds
    let second = after.timestamp();
    DateTime::from_timestamp(second, 0).unwrap_or(after)
}

fn stand(zone: Tz, at: DateTime<Utc>) -> Stand {
    let offset = zone.offset_from_utc_datetime(&at.naive_utc());
    Stand {
        offset: offset.fix().local_minus_utc(),
        is_summer: offset.dst_offset() != TimeDelta::zero(),
        name: offset.abbreviation().unwrap_or_default().to_owned(),
    }
}

/// By the clocks as they stood before.
fn observance(out: &mut Lines, at: DateTime<Utc>, before: i32, stand: &Stand) {
    let kind = if stand.is_summer { "DAYLIGHT" } else { "STANDARD" };
    let local = at.naive_utc() + TimeDelta::seconds(i64::from(before));
    out.plain("BEGIN", kind);
    out.plain("DTSTART", &local.format("%Y%m%dT%H%M%S").to_string());
    out.plain("TZOFFSETFROM", &offset(before));
    out.plain("TZOFFSETTO", &offset(stand.offset));
    if !stand.name.is_empty() {
        out.plain("TZNAME", &stand.name);
    }
    out.plain("END", kind);
}

fn offset(seconds: i32) -> String {
    let (sign, minutes) = (if seconds < 0 { '-' } else { '+' }, seconds.abs() / 60);
    format!("{sign}{:02}{:02}", minutes / 60, minutes % 60)
}
