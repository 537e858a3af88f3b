//! From the clock on a wall to instants: what a local time means where the clocks are moved.
use chrono::{DateTime, MappedLocalTime, NaiveDate, Offset, TimeDelta, TimeZone};
use chrono_tz::{GapInfo, Tz};

/// Nanoseconds since 1970-01-01T00:00Z.
pub type Nanos = i64;

pub const SECOND: Nanos = 1_000_000_000;

/// The instant at which work of `minute` of `date` begins: the first of two, and where the clock leaves the time out,
/// when it goes on.
pub fn start(zone: Tz, date: NaiveDate, minute: u16) -> Nanos {
    instant(zone, date, minute, |earlier, _| earlier)
}

/// The instant at which work up to `minute` of `date` ends: the second of two, and where the clock leaves the time out,
/// when it goes on.
pub fn end(zone: Tz, date: NaiveDate, minute: u16) -> Nanos {
    instant(zone, date, minute, |_, later| later)
}

type Choice = fn(DateTime<Tz>, DateTime<Tz>) -> DateTime<Tz>;

fn instant(zone: Tz, date: NaiveDate, minute: u16, choose: Choice) -> Nanos {
    let local = date.and_time(chrono::NaiveTime::MIN) + TimeDelta::minutes(i64::from(minute));
    let seconds = match zone.from_local_datetime(&local) {
        MappedLocalTime::Single(one) => one.timestamp(),
        MappedLocalTime::Ambiguous(one, other) => choose(one.min(other), one.max(other)).timestamp(),
        MappedLocalTime::None => match GapInfo::new(&local, &zone).and_then(|gap| gap.end) {
            Some(end) => end.timestamp(),
            // the zone does not say how the gap ends: as the clock stands about then
            None => {
                let offset = zone.offset_from_utc_datetime(&local).fix().local_minus_utc();
                local.and_utc().timestamp() - i64::from(offset)
            }
        },
    };
    seconds * SECOND
}

/// Instants that nanoseconds cannot hold are as far off as they can say.
pub fn nanos<Z: TimeZone>(at: &DateTime<Z>) -> Nanos {
    at.timestamp_nanos_opt().unwrap_or(if at.timestamp() < 0 { Nanos::MIN } else { Nanos::MAX })
}
