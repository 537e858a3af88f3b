//! A calendar is fetched by a link that stands for its user, and is read by libraries of other languages.
use crate::support::{Person, Town, Value, json, make};
use std::io::Write;
use std::process::{Command, Stdio};

fn link(client: &crate::support::Client) -> String {
    make::id(&client.act("/v1/me/calendar").ok(), "path")
}

fn filled(town: &Town) -> String {
    let rep = town.client(Person::Rep);
    let long = "西湖龙井茶叶报价会议，".repeat(12);
    let there = json!([{"user_id": town.user(Person::Rep), "role": "organizer", "name": "Rep \"R\""},
        {"name": "王伟; 采购", "address": "wang.wei@example.cn", "response": "accepted"}]);
    make::activity(
        &rep,
        json!({"kind": "meeting", "subject": long, "body": "a, b; c\\d\nsecond line",
        "started_at": "2030-01-01T08:00:00Z", "ended_at": "2030-01-01T09:00:00Z", "participants": there}),
    );
    make::task(
        &rep,
        json!({"subject": "Weekly", "due_at": "2030-03-25T08:00:00Z", "time_zone": "Europe/Berlin",
        "recurrence": "FREQ=WEEKLY;UNTIL=20301231T090000", "reminders": [{"minutes_before": 15}]}),
    );
    make::task(
        &rep,
        json!({"subject": "All day", "due_on": "2030-02-01", "priority": "urgent",
        "reminders": [{"remind_at": "2030-01-31T08:00:00Z"}]}),
    );
    make::task(&rep, json!({"subject": "Of no day"}));
    make::task(&town.owner(), json!({"subject": "Somebody else's", "due_on": "2030-02-01"}));
    link(&rep)
}

#[test]
fn whoever_has_the_link_sees_what_its_user_sees() {
    let town = Town::start();
    let path = filled(&town);
    let anyone = town.anonymous();
    let answer = anyone.get(&path);
    let text = answer.text();
    assert_eq!((answer.status, answer.header("content-type")), (200, "text/calendar; charset=utf-8"), "{text}");
    assert!(text.split("\r\n").all(|line| line.len() <= 75), "{text}");
    let whole = text.replace("\r\n ", "");
    for line in [
        "DTSTART:20300101T080000Z",
        "DESCRIPTION:a\\, b\\; c\\\\d\\nsecond line",
        "DTSTART;TZID=Europe/Berlin:20300325T090000",
        "RRULE:FREQ=WEEKLY;UNTIL=20301231T080000Z",
        "TRIGGER:-PT15M",
        "DUE;VALUE=DATE:20300201",
        "TRIGGER;VALUE=DATE-TIME:20300131T080000Z",
        "ATTENDEE;CN=\"王伟; 采购\";ROLE=REQ-PARTICIPANT;PARTSTAT=ACCEPTED:mailto:wang.wei@example.cn",
        "TZID:Europe/Berlin",
    ] {
        assert!(whole.contains(&format!("\r\n{line}\r\n")), "no {line} in {whole}");
    }
    assert!(!whole.contains("Of no day") && !whole.contains("Somebody else"), "{whole}");
    assert_eq!(town.database.count("SELECT count(*) FROM calendar_feeds"), 1);
    let newer = link(&town.client(Person::Rep));
    anyone.get(&path).refused(404, "not_found");
    anyone.get(&newer).is(200);
    town.owner().patch(&format!("/v1/users/{}", town.user(Person::Rep)), json!({"is_active": false})).ok();
    std::thread::sleep(std::time::Duration::from_secs(5));
    anyone.get(&newer).refused(404, "not_found");
    let own = link(&town.owner());
    anyone.get(&own).is(200);
    for _ in 0..2 {
        town.owner().delete("/v1/me/calendar").is(204);
    }
    anyone.get(&own).refused(404, "not_found");
    anyone.get("/v1/calendar/nonsense.ics").refused(404, "not_found");
}

/// By the libraries `icalendar` and `vobject` of Python, where they are: `TEST_PYTHON` names one that has them.
#[test]
fn libraries_of_another_language_read_it() {
    let python = std::env::var("TEST_PYTHON").unwrap_or_else(|_| "python3".to_owned());
    let has = Command::new(&python).args(["-c", "import icalendar, vobject"]).stderr(Stdio::null()).status();
    if !has.is_ok_and(|status| status.success()) {
        eprintln!("left out: {python} has no icalendar and vobject; TEST_PYTHON names one that has");
        return;
    }
    let town = Town::start();
    let text = town.anonymous().get(&filled(&town)).text();
    let mut read = Command::new(&python)
        .args(["-W", "error", "-c", READ])
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .spawn()
        .unwrap();
    read.stdin.take().unwrap().write_all(text.as_bytes()).unwrap();
    let out = read.wait_with_output().unwrap();
    assert!(out.status.success(), "{}", String::from_utf8_lossy(&out.stdout));
    let told: Value = serde_json::from_slice(&out.stdout).unwrap();
    assert_eq!(told["summaries"].as_array().map(Vec::len), Some(3), "{told}");
    assert!(told["summaries"].to_string().contains("西湖龙井茶叶报价会议"), "{told}");
    assert_eq!(told["weekly"], json!(["2030-03-25T08:00:00+00:00", "2030-04-01T07:00:00+00:00"]));
}

/// What both libraries make of it; a warning ends it.
const READ: &str = r#"
import sys, json, icalendar, vobject
from dateutil.rrule import rrulestr
from datetime import timezone
text = sys.stdin.buffer.read()
calendar = icalendar.Calendar.from_ical(text)
parts = [part for part in calendar.walk() if part.name in ("VEVENT", "VTO" "DO")]
assert not any(part.errors for part in calendar.walk()), [part.errors for part in calendar.walk()]
other = vobject.readOne(text.decode())
assert sorted(str(part["SUMMARY"]) for part in parts) == sorted(
    part.summary.value for part in list(other.vevent_list) + list(other.vtodo_list))
weekly = next(part for part in parts if str(part["SUMMARY"]) == "Weekly")
start = weekly["DTSTART"].dt
days = rrulestr(weekly["RRULE"].to_ical().decode(), dtstart=start)[:2]
print(json.dumps({"summaries": [str(part["SUMMARY"]) for part in parts],
                  "weekly": [day.astimezone(timezone.utc).isoformat() for day in days]}))
"#;
