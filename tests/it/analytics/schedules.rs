//! Schedules of reports: sent to people by the clock, as each of them sees it, and once.
use crate::support::{Person, Smtp, Town, Value, json, make};
use std::time::{Duration, Instant};

fn ended(town: &Town, count: i64) -> Vec<Value> {
    let since = Instant::now();
    loop {
        let runs = town.owner().get("/v1/report-runs").ok()["data"].as_array().unwrap().clone();
        if i64::try_from(runs.len()).unwrap() >= count {
            return runs;
        }
        assert!(since.elapsed() < Duration::from_secs(60), "{runs:?}");
        std::thread::sleep(Duration::from_millis(200));
    }
}

#[test]
fn a_report_goes_to_each_as_they_see_it() {
    let smtp = Smtp::start();
    let town = Town::mailing(&smtp);
    let (owner, rep) = (town.owner(), town.client(Person::Rep));
    make::account(&owner, json!({"industry": "hidden"}));
    let report = make::report(&owner, json!({"is_public": true}));
    let me = owner.get("/v1/me").ok()["user"]["id"].clone();
    let recipients = json!([me, town.user(Person::Rep)]);
    let schedule = make::report_schedule(&owner, json!({"report_id": report["id"], "recipient_ids": recipients}));
    let id = make::id(&schedule, "id");
    // a month ago: what was missed is made up for once
    town.database.run(&format!("UPDATE report_schedules SET next_at = now() - interval '30 days' WHERE id = '{id}'"));
    let runs = ended(&town, 2);
    let of = |user: &Value| runs.iter().find(|run| run["recipient_id"] == *user).unwrap();
    assert_eq!((&of(&me)["status"], &of(&me)["row_count"]), (&json!("succeeded"), &json!(1)));
    // a seller takes nothing out
    assert_eq!(of(&json!(town.user(Person::Rep)))["error"], "forbidden");
    let now = owner.get(&format!("/v1/report-schedules/{id}")).ok();
    assert!(now["next_at"].as_str() > now["last_at"].as_str(), "{now}");
    assert_eq!(town.database.count("SELECT count(*) FROM report_runs"), 2);
    assert!(rep.get("/v1/report-runs").ok()["data"].as_array().unwrap().is_empty());
}

#[test]
fn a_schedule_of_somebody_who_has_left_is_paused() {
    let town = Town::start();
    let owner = town.owner();
    let schedule = make::id(&make::report_schedule(&town.client(Person::Manager), json!({})), "id");
    owner.patch(&format!("/v1/users/{}", town.user(Person::Manager)), json!({"is_active": false})).ok();
    town.database.run(&format!("UPDATE report_schedules SET next_at = now() WHERE id = '{schedule}'"));
    let since = Instant::now();
    loop {
        let now = owner.get(&format!("/v1/report-schedules/{schedule}")).ok();
        if now["status"] == "paused" {
            assert_eq!(now["status_reason"], "owner_gone");
            break;
        }
        assert!(since.elapsed() < Duration::from_secs(60), "{now}");
        std::thread::sleep(Duration::from_millis(200));
    }
    assert_eq!(town.database.count("SELECT count(*) FROM report_runs"), 0);
}

#[test]
fn a_schedule_says_when_and_to_whom() {
    let town = Town::idle();
    let owner = town.owner();
    let report = make::report(&owner, json!({}));
    let basis = json!({"report_id": report["id"], "name": "x", "format": "csv", "rule": "FREQ=DAILY",
        "recipient_ids": [town.user(Person::Rep)]});
    for (member, value, pointer) in [
        ("rule", json!("FREQ=MINUTELY"), "/rule"),
        ("time_zone", json!("Mars"), "/time_zone"),
        ("format", json!("doc"), "/format"),
        ("recipient_ids", json!([crate::support::nobodys_id()]), "/recipient_ids/0"),
        ("report_id", json!(crate::support::nobodys_id()), "/report_id"),
    ] {
        let refused = owner.post("/v1/report-schedules", make::with(basis.clone(), json!({member: value})));
        refused.refused(422, "invalid");
        assert_eq!(refused.pointers(), [pointer]);
    }
    let made = owner.post("/v1/report-schedules", basis).created();
    assert!(made["next_at"].is_string(), "{made}");
    let path = format!("/v1/report-schedules/{}", make::id(&made, "id"));
    assert_eq!(owner.patch(&path, json!({"status": "paused"})).ok()["status"], "paused");
    town.client(Person::Foreigner).get(&path).refused(404, "not_found");
}
