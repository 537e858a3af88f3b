use super::working_week;
use crate::Fault;
use crate::calendar::{Calendar, Holiday, Shift, Terms};

fn wrong(terms: Terms) -> Vec<(String, &'static str)> {
    let faults = Calendar::new(terms).map(|_| ()).unwrap_err();
    faults.0.into_iter().map(|Fault { pointer, code }| (pointer, code)).collect()
}

#[test]
fn all_that_is_wrong_is_said_at_once() {
    let mut terms = working_week("Mars/Olympus", &[(9, 12)]);
    terms.weekly.monday = vec![Shift::new(540, 720), Shift::new(700, 800), Shift::new(60, 60)];
    terms.weekly.sunday = vec![Shift::new(1440, 1441)];
    let on = "2026-10-01".parse().unwrap();
    terms.holidays = vec![
        Holiday { on, name: String::new(), shifts: Vec::new() },
        Holiday { on, name: String::new(), shifts: vec![Shift::new(10, 5)] },
        Holiday { on: "2100-01-01".parse().unwrap(), name: String::new(), shifts: Vec::new() },
    ];
    let all = [
        ("/time_zone", "time_zone"),
        ("/weekly/monday/1", "overlap"),
        ("/weekly/monday/2/end", "order"),
        ("/weekly/sunday/0/start", "range"),
        ("/weekly/sunday/0/end", "range"),
        ("/holidays/1/on", "duplicate"),
        ("/holidays/1/shifts/0/end", "order"),
        ("/holidays/2/on", "range"),
    ];
    assert_eq!(wrong(terms), all.map(|(pointer, code)| (pointer.to_owned(), code)));
}

#[test]
fn shifts_may_touch_and_end_at_midnight() {
    let mut terms = working_week("UTC", &[(0, 12), (12, 24)]);
    assert!(Calendar::new(terms.clone()).is_ok());
    terms.weekly.friday = (0..25).map(|at| Shift::new(at, at + 1)).collect();
    assert_eq!(wrong(terms), [("/weekly/friday".to_owned(), "too_many")]);
}

#[test]
fn json_of_unsound_terms_is_no_calendar() {
    let json = |end: u16| format!(r#"{{"time_zone":"UTC","weekly":{{"monday":[{{"start":540,"end":{end}}}]}}}}"#);
    assert!(serde_json::from_str::<Calendar>(&json(720)).is_ok());
    let error = serde_json::from_str::<Calendar>(&json(540)).unwrap_err().to_string();
    assert!(error.contains("/weekly/monday/0/end order"), "{error}");
}
