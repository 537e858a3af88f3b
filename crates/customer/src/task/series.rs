//! When a task is due, and when the next of its series is.
//!
//! The rule is reckoned on the clocks of the task's place, so that nine in the morning stays nine in the morning. The next
//! is due at the first moment of the rule after the one that is completed was due, and that is not past already: whoever
//! comes back from a holiday has one task to do, not three.
use super::{NewTask, Task};
use chrono::{DateTime, Datelike, NaiveDate, NaiveTime, Utc};
use chrono_tz::Tz;
use kernel::{Ctx, Error, Fault, Noun, Result, rule, text};
use platform::custom::Custom;
use platform::job::schedule::{Recurrence, moment};
use validator::ValidationError;

/// Of a day.
pub const LAST_SECOND: NaiveTime = match NaiveTime::from_hms_opt(23, 59, 59) {
    Some(time) => time,
    None => NaiveTime::MIN,
};
const EARLIEST: i32 = 1990;
const LATEST: i32 = 2200;

/// The beginning of a rule in a calendar, which is none of it.
const PREFIX: &str = "RRULE:";

pub(super) fn tidy(rule: &mut String) {
    let plain = rule.trim().to_ascii_uppercase();
    *rule = plain.strip_prefix(PREFIX).unwrap_or(&plain).to_owned();
}

pub(super) fn is_zone(name: &str) -> std::result::Result<(), ValidationError> {
    match name.parse::<Tz>() {
        Ok(_) => Ok(()),
        Err(_) => Err(rule!("time_zone", "is not the IANA name of a time zone")),
    }
}

/// Within the years that clocks and calendars are known for.
pub(super) fn is_day(day: &NaiveDate) -> std::result::Result<(), ValidationError> {
    match (EARLIEST..=LATEST).contains(&day.year()) {
        true => Ok(()),
        false => Err(rule!("range", "is from {earliest} to {latest}", earliest = EARLIEST, latest = LATEST)),
    }
}

pub(super) fn is_moment(at: &DateTime<Utc>) -> std::result::Result<(), ValidationError> {
    is_day(&at.date_naive())
}

pub(super) fn zone(name: Option<&str>) -> Tz {
    name.and_then(|name| name.parse().ok()).unwrap_or(Tz::UTC)
}

/// When something is due: of a whole day, when that begins.
pub fn due(at: Option<DateTime<Utc>>, on: Option<NaiveDate>, time_zone: Option<&str>) -> Option<DateTime<Utc>> {
    at.or_else(|| on.map(|day| moment(zone(time_zone), day.and_time(NaiveTime::MIN))))
}

/// A rule, from its first moment on.
pub(super) fn read(rule: &str, time_zone: Option<&str>, starts_at: Option<DateTime<Utc>>) -> Result<Recurrence> {
    let Some(starts_at) = starts_at else {
        return Err(Error::invalid("/recurrence", "required", text!("what recurs is due at some time")));
    };
    Recurrence::read(&reckoned(rule), zone(time_zone).name(), starts_at).map_err(|error| Error {
        faults: error.faults.into_iter().map(|fault| Fault { pointer: "/recurrence".into(), ..fault }).collect(),
        ..error
    })
}

/// The end of a rule stands on the clocks of its place, as the rule does; a day ends with its last second.
fn reckoned(rule: &str) -> String {
    let part = |part: &str| match part.strip_prefix("UNTIL=") {
        Some(day) if day.len() == 8 => format!("UNTIL={day}T{}Z", LAST_SECOND.format("%H%M%S")),
        Some(moment) => format!("UNTIL={}Z", moment.trim_end_matches('Z')),
        None => part.to_owned(),
    };
    rule.split(';').map(part).collect::<Vec<_>>().join(";")
}

/// When the next of its series is due, if there is one.
pub(super) fn next(task: &Task, now: DateTime<Utc>) -> Result<Option<Due>> {
    let zone_name = task.time_zone.as_deref();
    let due = due(task.due_at, task.due_on, zone_name);
    let (Some(rule), Some(due)) = (&task.recurrence, due) else { return Ok(None) };
    let series = read(rule, zone_name, task.series_starts_at.or(Some(due)))?;
    // today's is not past for being due all day
    let now = match task.due_on {
        Some(_) => moment(zone(zone_name), now.with_timezone(&zone(zone_name)).date_naive().and_time(NaiveTime::MIN)),
        None => now,
    };
    let just_before = now - chrono::TimeDelta::seconds(1);
    Ok(series.next(due.max(just_before)).map(|at| match task.due_on {
        Some(_) => (None, Some(at.with_timezone(&zone(zone_name)).date_naive())),
        None => (Some(at), None),
    }))
}

/// At a moment, or all of a day.
pub(super) type Due = (Option<DateTime<Utc>>, Option<NaiveDate>);

/// The next of a series is as this one; what is unique of the tenant's own fields cannot be there twice.
pub(super) fn following(ctx: &Ctx, done: &Task, (due_at, due_on): Due) -> NewTask {
    let own = ctx.grants.own();
    let mut custom = done.custom.0.clone();
    custom.retain(|key, _| !own.get(Task::NAME, key).is_some_and(|own| own.is_unique));
    NewTask {
        id: None,
        assignee_id: Some(done.assignee_id),
        team_id: done.team_id,
        subject: done.subject.clone(),
        description: done.description.clone(),
        status: None,
        priority: Some(done.priority.clone()),
        due_at,
        due_on,
        time_zone: done.time_zone.clone(),
        recurrence: done.recurrence.clone(),
        reminders: done.reminders.of_next(),
        links: done.links.clone(),
        custom: Custom(custom),
    }
}
