use crate::Fault;
use crate::promise::{Hours, Metric, Promise, Target, Warning};

#[test]
fn all_that_is_wrong_is_said_at_once() {
    let target = |minutes, warning| Target { warning, ..Target::new(Metric::Resolution, minutes) };
    let targets = vec![
        target(0, None),
        target(60, Some(Warning::Percent(100))),
        target(60, Some(Warning::MinutesBefore(60))),
        target(3_650 * 24 * 60 + 1, None),
    ];
    let faults = Promise::new(targets).unwrap_err().0;
    let all = [
        ("/targets/0/minutes", "range"),
        ("/targets/1/metric", "duplicate"),
        ("/targets/1/warning", "range"),
        ("/targets/2/metric", "duplicate"),
        ("/targets/2/warning", "range"),
        ("/targets/3/metric", "duplicate"),
        ("/targets/3/minutes", "range"),
    ];
    assert_eq!(faults, all.map(|(pointer, code)| Fault { pointer: pointer.to_owned(), code }));
    assert_eq!(Promise::new(Vec::new()).unwrap_err().0[0].code, "required");
}

#[test]
fn json_says_little_where_little_is_meant() {
    let json = r#"{"targets":[
        {"metric":"first_response","minutes":120},
        {"metric":"resolution","minutes":2880,"hours":"wall_clock","warning":{"minutes_before":60},"is_pausable":false}]}"#;
    let promise: Promise = serde_json::from_str(json).unwrap();
    assert_eq!(promise.target(Metric::FirstResponse), Some(&Target::new(Metric::FirstResponse, 120)));
    let warning = Some(Warning::MinutesBefore(60));
    let long =
        Target { metric: Metric::Resolution, minutes: 2880, hours: Hours::WallClock, warning, is_pausable: false };
    assert_eq!(promise.target(Metric::Resolution), Some(&long));
    assert_eq!(promise.target(Metric::NextResponse), None);
    let again: Promise = serde_json::from_value(serde_json::to_value(&promise).unwrap()).unwrap();
    assert_eq!(promise, again);
    assert!(serde_json::from_str::<Promise>(r#"{"targets":[{"metric":"resolution","minutes":0}]}"#).is_err());
}
