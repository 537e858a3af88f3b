//! Figures by stretches of time: by the clock of whoever asks, also where it is put forward and back, and beside those of
//! an earlier time.
use super::ask;
use crate::support::{Client, Town, Value, json, make};

fn placed(owner: &Client, at: &str) {
    make::order(owner, json!({"placed_at": at}));
}

fn by(bucket: &str, zone: &str) -> Value {
    json!({"resource": "order", "measures": [{"op": "count"}],
        "dimensions": [{"field": "placed_at", "bucket": bucket, "time_zone": zone, "as": "at"}]})
}

#[test]
fn a_day_is_one_of_the_zone() {
    let town = Town::idle();
    let owner = town.owner();
    for at in ["2026-01-31T15:59:00Z", "2026-01-31T16:00:00Z", "2026-02-28T16:00:00Z"] {
        placed(&owner, at);
    }
    let rows = |bucket, zone| ask(&owner, by(bucket, zone)).ok()["rows"].clone();
    let row = |at: &str, count: i32| json!({"at": at, "count": count});
    assert_eq!(rows("month", "UTC"), json!([row("2026-01-01", 2), row("2026-02-01", 1)]));
    assert_eq!(
        rows("month", "Asia/Shanghai"),
        json!([row("2026-01-01", 1), row("2026-02-01", 1), row("2026-03-01", 1)])
    );
    assert_eq!(rows("quarter", "Asia/Shanghai"), json!([row("2026-01-01", 3)]));
    // from Monday
    assert_eq!(rows("week", "UTC"), json!([row("2026-01-26", 2), row("2026-02-23", 1)]));
    assert_eq!(rows("year", "Asia/Shanghai"), json!([row("2026-01-01", 3)]));
}

#[test]
fn an_hour_that_is_there_twice_is_two() {
    let town = Town::idle();
    let owner = town.owner();
    // clocks are put back at one o'clock UTC, and forward on the 29th of March
    for at in ["2026-10-25T00:30:00Z", "2026-10-25T01:30:00Z", "2026-10-24T22:30:00Z", "2026-03-28T23:30:00Z"] {
        placed(&owner, at);
    }
    let told = ask(&owner, by("hour", "Europe/Berlin")).ok();
    let hours: Vec<&str> = told["rows"].as_array().unwrap().iter().filter_map(|row| row["at"].as_str()).collect();
    assert_eq!(hours, ["2026-03-28T23:00:00Z", "2026-10-24T22:00:00Z", "2026-10-25T00:00:00Z", "2026-10-25T01:00:00Z"]);
    let days = ask(&owner, by("day", "Europe/Berlin")).ok();
    assert_eq!(days["rows"], json!([{"at": "2026-03-29", "count": 1}, {"at": "2026-10-25", "count": 3}]));
}

#[test]
fn an_earlier_time_stands_beside() {
    let town = Town::idle();
    let owner = town.owner();
    for at in ["2026-01-10T00:00:00Z", "2026-02-10T00:00:00Z", "2026-02-11T00:00:00Z", "2026-03-10T00:00:00Z"] {
        placed(&owner, at);
    }
    let compare = json!({"to": "previous_period", "field": "placed_at", "from": "2026-02-01", "until": "2026-03-01"});
    let told = ask(&owner, make::with(by("month", "UTC"), json!({"compare": compare}))).ok();
    assert_eq!(told["rows"], json!([{"at": "2026-02-01", "count": 2, "count_previous": 1, "count_change": "1"}]));
    let compare = json!({"to": "previous_year", "field": "placed_at", "from": "2027-01-01", "until": "2027-02-01"});
    let told = ask(&owner, make::with(by("month", "UTC"), json!({"compare": compare}))).ok();
    // of this time there is nothing, of the one before there is
    assert_eq!(told["rows"], json!([{"at": "2027-01-01", "count": 0, "count_previous": 1, "count_change": "-1"}]));
    let wrong = json!({"to": "previous_year", "field": "number", "from": "2027-02-01", "until": "2027-02-01"});
    let pointers = ask(&owner, make::with(by("month", "UTC"), json!({"compare": wrong}))).pointers();
    assert_eq!(pointers, ["/compare/until", "/compare/field"]);
}
