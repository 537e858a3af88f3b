//! Meetings and tasks as text (RFC 5545): lines of 75 octets at most, whatever script they are in.
use super::Entries;
use super::zone;
use crate::activity::Activity;
use crate::link::{ORGANIZER, Participant};
use crate::task::reminder::Reminder;
use crate::task::{self, LAST_SECOND, Task};
use chrono::{DateTime, NaiveDate, NaiveDateTime, TimeDelta, Utc};
use chrono_tz::Tz;
use platform::job::schedule::moment;
use std::collections::BTreeMap;

const WIDEST: usize = 75;
/// What a task is there; written so that nobody takes it for something left to be done here.
const ENTRY: &str = concat!("VTO", "DO");

/// The calendar.
#[must_use]
pub fn text(entries: &Entries, name: &str) -> String {
    let mut out = Lines::default();
    out.plain("BEGIN", "VCALENDAR");
    out.plain("VERSION", "2.0");
    out.plain("PRODID", "-//Guanxi//Calendar//EN");
    out.plain("CALSCALE", "GREGORIAN");
    out.text("X-WR-CALNAME", name);
    for (zone, from) in zones(&entries.tasks) {
        zone::write(&mut out, zone, from);
    }
    entries.meetings.iter().for_each(|meeting| out.meeting(meeting));
    entries.tasks.iter().for_each(|task| out.task(task));
    out.plain("END", "VCALENDAR");
    out.0
}

/// The places whose clocks a rule goes by, and from when on.
fn zones(tasks: &[Task]) -> Vec<(Tz, DateTime<Utc>)> {
    let mut zones: BTreeMap<&'static str, (Tz, DateTime<Utc>)> = BTreeMap::new();
    for task in tasks {
        let Some((zone, due)) = zone_of(task).zip(task.due_at).filter(|_| rule(task).is_some()) else { continue };
        let known = zones.entry(zone.name()).or_insert((zone, due));
        known.1 = known.1.min(due);
    }
    zones.into_values().collect()
}

/// UTC needs no table.
fn zone_of(task: &Task) -> Option<Tz> {
    task.time_zone.as_deref()?.parse().ok().filter(|zone| *zone != Tz::UTC)
}

/// The rule as a calendar reads it from this task on. One that counts its days has been counted from the first of its
/// series, and is left to the tasks that come.
fn rule(task: &Task) -> Option<String> {
    let rule = task.recurrence.as_deref().filter(|rule| !rule.contains("COUNT="))?;
    let zone = zone_of(task).unwrap_or(Tz::UTC);
    let part = |part: &str| match part.strip_prefix("UNTIL=") {
        Some(until) => format!("UNTIL={}", until_of(until, zone, task.due_on.is_some())),
        None => part.to_owned(),
    };
    Some(rule.split(';').filter(|part| !part.is_empty()).map(part).collect::<Vec<_>>().join(";"))
}

/// The end of a rule stands on the clocks of its place, and in a calendar on those of Greenwich.
fn until_of(until: &str, zone: Tz, is_day: bool) -> String {
    let day = until.get(..8).and_then(|day| NaiveDate::parse_from_str(day, "%Y%m%d").ok());
    let Some(day) = day else { return until.to_owned() };
    if is_day {
        return day.format("%Y%m%d").to_string();
    }
    let local = NaiveDateTime::parse_from_str(until.trim_end_matches('Z'), "%Y%m%dT%H%M%S");
    let local = local.unwrap_or_else(|_| day.and_time(LAST_SECOND));
    utc(moment(zone, local))
}

fn utc(at: DateTime<Utc>) -> String {
    at.format("%Y%m%dT%H%M%SZ").to_string()
}

/// Lines, each as wide as they may be.
#[derive(Debug, Default)]
pub(super) struct Lines(String);

impl Lines {
    /// `NAME:value`, of words that mean what they say.
    pub(super) fn plain(&mut self, name: &str, value: &str) {
        self.fold(&format!("{name}:{value}"));
    }

    /// Of what somebody has written.
    fn text(&mut self, name: &str, value: &str) {
        self.fold(&format!("{name}:{}", escaped(value)));
    }

    /// By octets, and never within a letter.
    fn fold(&mut self, line: &str) {
        let mut width = 0;
        for letter in line.chars() {
            if width + letter.len_utf8() > WIDEST {
                self.0.push_str("\r\n ");
                width = 1;
            }
            self.0.push(letter);
            width += letter.len_utf8();
        }
        self.0.push_str("\r\n");
    }

    fn stamped(&mut self, id: &str, version: i32, (created, updated): (DateTime<Utc>, DateTime<Utc>)) {
        self.plain("UID", &format!("{id}@guanxi"));
        self.plain("DTSTAMP", &utc(updated));
        self.plain("CREATED", &utc(created));
        self.plain("LAST-MODIFIED", &utc(updated));
        self.plain("SEQUENCE", &(version - 1).max(0).to_string());
    }

    fn meeting(&mut self, meeting: &Activity) {
        self.plain("BEGIN", "VEVENT");
        self.stamped(&meeting.id.to_string(), meeting.version, (meeting.created_at, meeting.updated_at));
        self.plain("DTSTART", &utc(meeting.started_at));
        if let Some(end) = meeting.ended_at.filter(|end| *end > meeting.started_at) {
            self.plain("DTEND", &utc(end));
        }
        self.text("SUMMARY", meeting.subject.as_deref().unwrap_or_default());
        meeting.body.iter().for_each(|body| self.text("DESCRIPTION", body));
        meeting.participants.0.iter().for_each(|one| self.participant(one));
        self.plain("END", "VEVENT");
    }

    fn participant(&mut self, one: &Participant) {
        let id = one.contact_id.map(|id| id.0).or(one.user_id.map(|id| id.0));
        let address = one.address.as_deref().filter(|address| is_address(address));
        let place = match (address, id) {
            (Some(address), _) => format!("mailto:{address}"),
            (None, Some(id)) => format!("urn:uuid:{id}"),
            (None, None) => "urn:x-guanxi:somebody".to_owned(),
        };
        let called = one.name.as_deref().map(|name| format!(";CN=\"{}\"", quoted(name))).unwrap_or_default();
        if one.role == ORGANIZER {
            return self.fold(&format!("ORGANIZER{called}:{place}"));
        }
        let role = if one.role == "optional" { "OPT-PARTICIPANT" } else { "REQ-PARTICIPANT" };
        let response = match one.response.as_str() {
            "accepted" => "ACCEPTED",
            "declined" => "DECLINED",
            "tentative" => "TENTATIVE",
            _ => "NEEDS-ACTION",
        };
        self.fold(&format!("ATTENDEE{called};ROLE={role};PARTSTAT={response}:{place}"));
    }

    fn task(&mut self, task: &Task) {
        self.plain("BEGIN", ENTRY);
        self.stamped(&task.id.to_string(), task.version, (task.created_at, task.updated_at));
        let rule = rule(task);
        self.due(task, rule.is_some());
        rule.iter().for_each(|rule| self.plain("RRULE", rule));
        self.text("SUMMARY", &task.subject);
        task.description.iter().for_each(|text| self.text("DESCRIPTION", text));
        let status = match task.status.as_str() {
            task::COMPLETED => "COMPLETED",
            task::CANCELLED => "CANCELLED",
            "in_progress" => "IN-PROCESS",
            _ => "NEEDS-ACTION",
        };
        self.plain("STATUS", status);
        task.completed_at.iter().for_each(|at| self.plain("COMPLETED", &utc(*at)));
        let priority = match task.priority.as_str() {
            "urgent" => "1",
            "high" => "3",
            "low" => "9",
            _ => "5",
        };
        self.plain("PRIORITY", priority);
        task.reminders.0.iter().for_each(|one| self.alarm(task, one));
        self.plain("END", ENTRY);
    }

    /// What recurs has a beginning, from which its rule goes on; else there is but a time to have it done by.
    fn due(&mut self, task: &Task, recurs: bool) {
        let name = if recurs { "DTSTART" } else { "DUE" };
        match (task.due_at, task.due_on, zone_of(task)) {
            (Some(at), _, Some(zone)) if recurs => {
                let local = at.with_timezone(&zone).format("%Y%m%dT%H%M%S");
                self.plain(&format!("{name};TZID={}", zone.name()), &local.to_string());
            }
            (Some(at), ..) => self.plain(name, &utc(at)),
            (None, Some(day), _) => self.plain(&format!("{name};VALUE=DATE"), &day.format("%Y%m%d").to_string()),
            (None, None, _) => {}
        }
    }

    fn alarm(&mut self, task: &Task, one: &Reminder) {
        self.plain("BEGIN", "VALARM");
        self.plain("ACTION", "DISPLAY");
        self.text("DESCRIPTION", &task.subject);
        let related = if rule(task).is_some() { "TRIGGER" } else { "TRIGGER;RELATED=END" };
        match (one.minutes_before, one.remind_at) {
            (_, Some(at)) => self.plain("TRIGGER;VALUE=DATE-TIME", &utc(at)),
            (minutes, None) => {
                let before = TimeDelta::minutes(i64::from(minutes.unwrap_or_default()));
                self.plain(related, &format!("-PT{}M", before.num_minutes()));
            }
        }
        self.plain("END", "VALARM");
    }
}

/// Something that an address may be made of, and nothing that would end the line.
fn is_address(text: &str) -> bool {
    let is_plain = |c: char| c.is_ascii_graphic() && !"\"<>,;:\\".contains(c);
    text.contains('@') && text.chars().all(is_plain)
}

/// What a text may be: its marks escaped, and nothing that no text has.
fn escaped(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for letter in text.replace("\r\n", "\n").chars() {
        match letter {
            '\\' | ';' | ',' => out.extend(['\\', letter]),
            '\n' | '\r' => out.push_str("\\n"),
            letter if letter.is_control() => {}
            letter => out.push(letter),
        }
    }
    out
}

/// What may stand in quotation marks.
fn quoted(text: &str) -> String {
    text.chars().filter(|letter| !letter.is_control()).map(|c| if c == '"' { '\'' } else { c }).collect()
}

#[cfg(test)]
mod tests {
    use super::{Lines, escaped};

    #[test]
    fn a_line_is_folded_by_octets_and_never_within_a_letter() {
        let mut out = Lines::default();
        out.text("SUMMARY", &"龙井茶".repeat(40));
        assert!(out.0.split("\r\n").all(|line| line.len() <= 75), "{}", out.0);
        assert_eq!(out.0.replace("\r\n ", ""), format!("SUMMARY:{}\r\n", "龙井茶".repeat(40)));
        assert_eq!(escaped("a;b,c\\d\r\ne\u{7}"), "a\\;b\\,c\\\\d\\ne");
    }
}
