//! How well cases are served: equal to a reckoning of its own over the rows that are there, and of what the caller sees.
use crate::support::{Client, Person, Town, Value, json, make};
use chrono::{DateTime, Duration, NaiveDate, Utc};

/// A Monday, and far from the clocks of the tests.
const DAY: &str = "2026-03-02";

fn at(minute: i64) -> DateTime<Utc> {
    DAY.parse::<NaiveDate>().unwrap().and_hms_opt(9, 0, 0).unwrap().and_utc() + Duration::minutes(minute)
}

/// A case that came at a minute, with its statuses and what was said, as if it had been so.
fn case(
    town: &Town,
    owner: &Client,
    extra: Value,
    opened: i64,
    statuses: &[(i64, &str)],
    said: &[(i64, &str)],
) -> String {
    let case = make::id(&make::case(owner, extra), "id");
    for (minute, who) in said {
        let new = json!({"body": "x", "author_kind": who, "channel": "phone"});
        let id = make::id(&owner.post(&format!("/v1/cases/{case}/messages"), new).created(), "id");
        town.database.run(&format!("UPDATE case_messages SET created_at = '{}' WHERE id = '{id}'", at(*minute)));
    }
    let answered = said.iter().find(|(_, who)| *who == "agent").map(|(minute, _)| at(*minute));
    let first = (opened, "new");
    let last = statuses.last().unwrap_or(&first);
    let done = (last.1 == "resolved").then(|| at(last.0));
    let quoted = |moment: Option<DateTime<Utc>>| moment.map_or_else(|| "NULL".to_owned(), |at| format!("'{at}'"));
    town.database.run(&format!(
        "UPDATE cases SET created_at = '{}', first_response_at = {}, status = '{}', resolved_at = {}, closed_at = NULL
         WHERE id = '{case}';
         DELETE FROM case_statuses WHERE case_id = '{case}';
         INSERT INTO case_statuses SELECT tenant_id, id, 0, 'new', created_at FROM cases WHERE id = '{case}'",
        at(opened),
        quoted(answered),
        last.1,
        quoted(done)
    ));
    for (version, (minute, status)) in statuses.iter().enumerate() {
        town.database.run(&format!(
            "INSERT INTO case_statuses SELECT tenant_id, id, {}, '{status}', '{}' FROM cases WHERE id = '{case}'",
            version + 1,
            at(*minute)
        ));
    }
    case
}

fn levels(client: &Client, more: &str) -> Value {
    client.get(&format!("/v1/service-levels/figures?from={DAY}&until={DAY}&time_zone=UTC{more}")).ok()
}

#[test]
fn figures_are_what_the_rows_say() {
    let town = Town::idle();
    let owner = town.owner();
    let short = json!([{"start": "09:00", "end": "10:00"}]);
    make::business_calendar(&owner, json!({"is_default": true, "weekly": {"monday": short}}));
    let low = || json!({"priority": "low"});
    case(&town, &owner, low(), 0, &[(100, "resolved")], &[(10, "agent"), (20, "customer"), (50, "agent")]);
    case(&town, &owner, low(), 0, &[(30, "resolved"), (40, "open")], &[(20, "agent")]);
    case(&town, &owner, json!({"priority": "urgent"}), 5, &[(65, "resolved")], &[(35, "agent")]);
    // the day before, and open still
    case(&town, &owner, json!({"priority": "urgent"}), -1440, &[], &[]);
    let told = levels(&owner, "&group_by=priority");
    let total = &told["total"];
    let counts = ["opened_count", "resolved_count", "reopened_count", "backlog_count"].map(|one| total[one].clone());
    assert_eq!(counts, [json!(3), json!(3), json!(1), json!(2)]);
    let first = &total["first_response"];
    assert_eq!((&first["count"], &first["wall_clock"]["average"]), (&json!(3), &json!("20.00")));
    assert_eq!((&first["wall_clock"]["median"], &first["wall_clock"]["p90"]), (&json!("20.00"), &json!("30.00")));
    let next = &total["next_response"];
    assert_eq!((&next["count"], &next["wall_clock"]["median"]), (&json!(1), &json!("30.00")));
    let solved = &total["resolution"];
    assert_eq!((&solved["count"], &solved["wall_clock"]["average"]), (&json!(2), &json!("80.00")));
    // of a hundred minutes sixty are business, of the other sixty fifty-five
    assert_eq!(solved["business"]["average"], "57.50");
    let groups = told["groups"].as_array().unwrap();
    let backlog: Vec<_> = groups.iter().map(|one| (&one["value"], &one["backlog_count"])).collect();
    assert_eq!(backlog, [(&json!("low"), &json!(1)), (&json!("urgent"), &json!(1))]);
    let by_day = levels(&owner, "&group_by=day");
    assert_eq!((&by_day["groups"][0]["day_on"], &by_day["groups"][0]["backlog_count"]), (&json!(DAY), &json!(2)));
    assert_eq!(levels(&town.client(Person::Rep), "")["total"]["opened_count"], 0, "of what the caller sees");
    assert_eq!(levels(&town.client(Person::Foreigner), "")["total"]["opened_count"], 0);
}

#[test]
fn promises_count_when_they_were_kept_or_broken() {
    let town = Town::idle();
    let owner = town.owner();
    make::sla_policy(&owner, json!({}));
    let [kept, broken, open] = [(); 3].map(|()| make::id(&make::case(&owner, json!({})), "id"));
    service::case_sla::watch(&mut town.database.conn()).unwrap();
    town.database.run(&format!(
        "DELETE FROM case_slas WHERE metric <> 'resolution';
         UPDATE case_slas SET status = 'met', met_at = '{0}' WHERE case_id = '{kept}';
         UPDATE case_slas SET status = 'late', met_at = '{1}', breached_at = '{0}' WHERE case_id = '{broken}';
         UPDATE case_slas SET status = 'breached', breached_at = '{0}' WHERE case_id = '{open}';
         UPDATE cases SET created_at = '{0}'",
        at(10),
        at(3000)
    ));
    let promises = levels(&owner, "")["total"]["promises"].clone();
    assert_eq!(promises, json!({"kept_count": 1, "broken_count": 2, "kept_percent": "33.33"}));
}

#[test]
fn a_period_that_is_none_is_refused() {
    let town = Town::idle();
    let owner = town.owner();
    let get = |asked: &str| owner.get(&format!("/v1/service-levels/figures?{asked}"));
    get("from=2026-03-02&until=2026-03-01").refused(400, "unknown_parameter");
    get("from=2020-03-02&until=2026-03-01").refused(400, "unknown_parameter");
    get("from=2026-03-02&until=2026-03-02&time_zone=Mars").refused(400, "unknown_parameter");
    get("from=2026-03-02").is(400);
    get("from=2026-03-02&until=2026-03-02&group_by=shoe_size").is(400);
}
