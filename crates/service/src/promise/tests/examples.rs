use crate::calendar::Calendar;
use crate::calendar::tests::{at, calendar, holiday, working_week};
use crate::promise::{Entry, Event, Hours, Metric, Standing, Status, Target, Warning, standing};

fn office() -> Calendar {
    calendar(working_week("Europe/Berlin", &[(9, 12), (13, 17)]))
}

/// Hours and minutes of a day of November 2026 in Berlin, of which the 27th is a Friday.
fn berlin(day: u32, time: &str) -> chrono::DateTime<chrono::Utc> {
    at(&format!("2026-11-{day:02}T{time}:00+01:00"))
}

fn entries(all: &[(u32, &str, Event)]) -> Vec<Entry> {
    all.iter().map(|(day, time, event)| Entry::new(berlin(*day, time), *event)).collect()
}

fn first(warning: Option<Warning>) -> Target {
    Target { warning, ..Target::new(Metric::FirstResponse, 120) }
}

fn of(target: &Target, all: &[(u32, &str, Event)], day: u32, time: &str) -> Standing {
    standing(target, &office(), &entries(all), berlin(day, time)).unwrap()
}

const ASKED: (u32, &str, Event) = (27, "16:00", Event::Started);

#[test]
fn a_first_answer_within_two_business_hours() {
    let target = first(Some(Warning::Percent(75)));
    let now = of(&target, &[ASKED], 27, "16:10");
    assert_eq!((now.status, now.due_at, now.elapsed_ms), (Status::Active, Some(berlin(30, "10:00")), 600_000));
    assert_eq!((now.warning_at, now.changes_at()), (Some(berlin(30, "09:30")), Some(berlin(30, "09:30"))));
    let warned = of(&target, &[ASKED], 30, "09:30");
    assert_eq!((warned.status, warned.changes_at()), (Status::Warning, Some(berlin(30, "10:00"))));
    let kept = of(&target, &[ASKED, (30, "10:00", Event::Met)], 30, "12:00");
    assert_eq!((kept.status, kept.met_at, kept.breached_at), (Status::Met, Some(berlin(30, "10:00")), None));
    assert_eq!(kept.elapsed_ms, 2 * 3_600_000);
}

#[test]
fn what_is_answered_too_late_stays_breached() {
    let late = of(&first(None), &[ASKED, (30, "10:01", Event::Met)], 30, "12:00");
    assert_eq!((late.status, late.breached_at), (Status::Breached, Some(berlin(30, "10:00"))));
    assert_eq!((late.met_at, late.changes_at()), (Some(berlin(30, "10:01")), None));
}

#[test]
fn what_was_due_on_friday_evening_is_breached_over_the_weekend() {
    let asked = (27, "15:00", Event::Started);
    let target = first(None);
    assert_eq!(of(&target, &[asked], 27, "16:59").status, Status::Active);
    let weekend = of(&target, &[asked, (30, "09:00", Event::Met)], 30, "09:00");
    assert_eq!((weekend.status, weekend.breached_at), (Status::Breached, Some(berlin(27, "17:00"))));
}

#[test]
fn while_the_customer_is_waited_for_the_clock_stands_still() {
    let target = Target { warning: Some(Warning::MinutesBefore(60)), ..Target::new(Metric::Resolution, 240) };
    let asked = (26, "10:00", Event::Started);
    let waiting = [asked, (26, "11:00", Event::Paused)];
    let paused = of(&target, &waiting, 26, "16:00");
    assert_eq!((paused.status, paused.elapsed_ms, paused.paused_ms), (Status::Paused, 3_600_000, 5 * 3_600_000));
    // an hour on Thursday and two on Friday, if it went on now
    assert_eq!((paused.due_at, paused.changes_at()), (Some(berlin(27, "11:00")), None));
    let answered = [waiting[0], waiting[1], (27, "09:00", Event::Resumed)];
    let runs = of(&target, &answered, 27, "09:00");
    assert_eq!((runs.due_at, runs.warning_at), (Some(berlin(27, "12:00")), Some(berlin(27, "11:00"))));
    // a target that nothing stops
    let strict = Target { is_pausable: false, ..target };
    let runs = of(&strict, &answered, 26, "16:00");
    assert_eq!((runs.status, runs.due_at), (Status::Breached, Some(berlin(26, "15:00"))));
}

#[test]
fn a_request_that_is_opened_again_goes_on_where_it_stood() {
    let target = Target::new(Metric::Resolution, 180);
    let again = [(26, "09:00", Event::Started), (26, "11:00", Event::Met), (30, "09:00", Event::Resumed)];
    let open = of(&target, &again, 30, "09:30");
    assert_eq!((open.status, open.elapsed_ms, open.paused_ms), (Status::Active, 9_000_000, 0));
    assert_eq!((open.due_at, open.met_at), (Some(berlin(30, "10:00")), None));
}

#[test]
fn what_was_kept_at_the_last_moment_is_breached_when_it_is_opened_again() {
    let target = Target::new(Metric::Resolution, 120);
    let again = [(26, "09:00", Event::Started), (26, "11:00", Event::Met), (30, "09:00", Event::Resumed)];
    assert_eq!(of(&target, &again, 27, "09:00").status, Status::Met);
    let open = of(&target, &again, 30, "09:00");
    assert_eq!((open.status, open.breached_at), (Status::Breached, Some(berlin(30, "09:00"))));
    // also where we waited for them for no time at all, and then did it
    let [start, end, again] = again;
    let moment = [start, (26, "11:00", Event::Paused), (26, "11:00", Event::Resumed), end, again];
    let open = of(&target, &moment, 30, "09:00");
    assert_eq!((open.status, open.breached_at), (Status::Breached, Some(berlin(30, "09:00"))));
}

#[test]
fn every_word_of_the_customer_that_waits_starts_a_round() {
    let target = Target::new(Metric::NextResponse, 60);
    let talk = [
        (26, "09:00", Event::Started),
        (26, "09:30", Event::Started), // they wrote twice: the first waits since nine
        (26, "09:40", Event::Met),
        (26, "14:00", Event::Started),
    ];
    assert_eq!(of(&target, &talk, 26, "09:35").due_at, Some(berlin(26, "10:00")));
    let second = of(&target, &talk, 26, "14:10");
    assert_eq!((second.started_at, second.due_at), (berlin(26, "14:00"), Some(berlin(26, "15:00"))));
    assert_eq!((second.elapsed_ms, second.status), (600_000, Status::Active));
}

#[test]
fn another_calendar_or_target_reckons_anew() {
    let mut terms = working_week("Europe/Berlin", &[(9, 12), (13, 17)]);
    terms.holidays = vec![holiday("2026-11-30", &[])];
    let (asked, now) = (entries(&[ASKED]), berlin(27, "16:30"));
    let due = |calendar: &Calendar, target: &Target| standing(target, calendar, &asked, now).unwrap().due_at;
    assert_eq!(due(&office(), &first(None)), Some(berlin(30, "10:00")));
    assert_eq!(due(&calendar(terms), &first(None)), Some(at("2026-12-01T10:00:00+01:00")));
    let wall = Target { hours: Hours::WallClock, ..first(None) };
    assert_eq!(due(&office(), &wall), Some(berlin(27, "18:00")));
}

#[test]
fn what_is_no_longer_promised_is_cancelled_and_what_never_began_is_nothing() {
    let cancelled = of(&first(None), &[ASKED, (27, "16:30", Event::Cancelled)], 30, "16:00");
    assert_eq!((cancelled.status, cancelled.breached_at), (Status::Cancelled, None));
    assert_eq!((cancelled.cancelled_at, cancelled.elapsed_ms), (Some(berlin(27, "16:30")), 1_800_000));
    let early = standing(&first(None), &office(), &entries(&[ASKED]), berlin(27, "15:59"));
    assert_eq!(early, None);
    let odd = entries(&[(27, "10:00", Event::Met), (27, "11:00", Event::Paused)]);
    assert_eq!(standing(&first(None), &office(), &odd, berlin(30, "09:00")), None);
}

#[test]
fn a_calendar_that_never_opens_has_nothing_due() {
    let shut = calendar(working_week("UTC", &[]));
    let now = standing(&first(None), &shut, &entries(&[ASKED]), berlin(30, "09:00")).unwrap();
    assert_eq!((now.status, now.due_at, now.changes_at()), (Status::Active, None, None));
}
