//! When a letter, or a message, tells of what has happened now: by what somebody wants, on the clocks of where they are,
//! whatever those are moved by, and not in the hours in which they sleep.
use super::{Clock, DAILY, HOURLY, IMMEDIATELY, NotificationPreferences};
use crate::job::schedule::moment;
use chrono::{DateTime, NaiveDate, NaiveTime, TimeDelta, Timelike, Utc};
use chrono_tz::Tz;

/// Nothing, where none does.
pub fn due(wanted: &NotificationPreferences, kind: &str, zone: Tz, now: DateTime<Utc>) -> Option<DateTime<Utc>> {
    let due = match wanted.ways(kind).email.as_str() {
        IMMEDIATELY => now,
        HOURLY => now + TimeDelta::seconds(3600 - i64::from(now.minute() * 60 + now.second())),
        DAILY => next(zone, wanted.daily_at, now),
        _ => return None,
    };
    Some(awake(wanted, zone, due))
}

/// When it is shown on their devices; nothing, where it is not.
pub fn shown(wanted: &NotificationPreferences, kind: &str, zone: Tz, now: DateTime<Utc>) -> Option<DateTime<Utc>> {
    wanted.ways(kind).push.then(|| awake(wanted, zone, now))
}

/// The next time that a clock shows this.
fn next(zone: Tz, clock: Clock, after: DateTime<Utc>) -> DateTime<Utc> {
    let today = after.with_timezone(&zone).date_naive();
    let days = [today, today.succ_opt().unwrap_or(today)];
    let mut moments = days.into_iter().map(|day| at(zone, day, clock));
    moments.find(|moment| *moment > after).unwrap_or(after + TimeDelta::days(1))
}

/// As it is, or when they get up.
fn awake(wanted: &NotificationPreferences, zone: Tz, due: DateTime<Utc>) -> DateTime<Utc> {
    let (Some(from), Some(until)) = (wanted.quiet_from, wanted.quiet_until) else { return due };
    let local = due.with_timezone(&zone);
    let shown = Clock(i32::try_from(local.hour() * 60 + local.minute()).unwrap_or_default());
    let sleeps = match from <= until {
        true => from <= shown && shown < until,
        false => from <= shown || shown < until,
    };
    if sleeps { next(zone, until, due) } else { due }
}

fn at(zone: Tz, day: NaiveDate, clock: Clock) -> DateTime<Utc> {
    let time =
        u32::try_from(clock.0 * 60).ok().and_then(|seconds| NaiveTime::from_num_seconds_from_midnight_opt(seconds, 0));
    moment(zone, day.and_time(time.unwrap_or_default()))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::notify::FOLLOWED;

    fn when(email: &str, quiet: Option<(i32, i32)>, zone: &str, now: &str) -> String {
        let mut wanted = NotificationPreferences::default();
        wanted.followed.email = email.to_owned();
        wanted.quiet_from = quiet.map(|(from, _)| Clock(from * 60));
        wanted.quiet_until = quiet.map(|(_, until)| Clock(until * 60));
        let due = due(&wanted, FOLLOWED, zone.parse().unwrap(), now.parse().unwrap());
        due.map_or_else(|| "never".to_owned(), |due| due.format("%Y-%m-%dT%H:%MZ").to_string())
    }

    #[test]
    fn a_letter_comes_when_it_is_wanted() {
        for (email, quiet, zone, now, wanted) in [
            ("off", None, "UTC", "2026-11-26T10:15:00Z", "never"),
            ("immediately", None, "UTC", "2026-11-26T10:15:00Z", "2026-11-26T10:15Z"),
            ("hourly", None, "UTC", "2026-11-26T10:15:00Z", "2026-11-26T11:00Z"),
            ("daily", None, "UTC", "2026-11-26T10:15:00Z", "2026-11-27T08:00Z"),
            ("daily", None, "Asia/Shanghai", "2026-11-25T23:00:00Z", "2026-11-26T00:00Z"),
            // by night it waits until the morning, on either side of midnight
            ("immediately", Some((22, 7)), "Europe/Berlin", "2026-11-26T22:30:00Z", "2026-11-27T06:00Z"),
            ("immediately", Some((22, 7)), "Europe/Berlin", "2026-11-27T03:00:00Z", "2026-11-27T06:00Z"),
            ("immediately", Some((22, 7)), "Europe/Berlin", "2026-11-27T06:00:00Z", "2026-11-27T06:00Z"),
            ("hourly", Some((12, 14)), "UTC", "2026-11-26T11:30:00Z", "2026-11-26T14:00Z"),
            // the nights in which clocks are moved
            ("immediately", Some((22, 7)), "Europe/Berlin", "2026-03-28T22:00:00Z", "2026-03-29T05:00Z"),
            ("immediately", Some((22, 7)), "Europe/Berlin", "2026-10-24T21:00:00Z", "2026-10-25T06:00Z"),
            ("daily", None, "Europe/Berlin", "2026-03-28T08:00:00Z", "2026-03-29T06:00Z"),
            ("daily", None, "America/New_York", "2026-10-31T13:00:00Z", "2026-11-01T13:00Z"),
            // an end that no clock shows that night
            ("immediately", Some((22, 2)), "Europe/Berlin", "2026-03-28T23:00:00Z", "2026-03-29T01:00Z"),
        ] {
            assert_eq!(when(email, quiet, zone, now), wanted, "{email} {quiet:?} {zone} {now}");
        }
    }
}
