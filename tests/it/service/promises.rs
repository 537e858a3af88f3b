//! The clocks of cases: what begins, stops and ends them, and that what comes due is told once, whatever dies.
use crate::platform::until;
use crate::support::{Client, Person, Town, Value, Worker, encoded, json, make};
use chrono::{DateTime, Duration, Utc};

/// An answer in an hour, the next in two, and a solution in a day, by the wall clock; urgent ones are answered in ten
/// minutes.
fn policy(owner: &Client, extra: Value) -> Value {
    let clock = json!({"hours": "wall_clock", "warn_at_percent": 50});
    let target = |metric: &str, minutes: i64| make::with(json!({"metric": metric, "minutes": minutes}), clock.clone());
    let urgent = make::with(target("first_response", 10), json!({"priority": "urgent"}));
    let targets =
        json!([target("first_response", 60), target("next_response", 120), target("resolution", 1440), urgent]);
    make::sla_policy(owner, make::with(json!({"targets": targets}), extra))
}

fn look(town: &Town) -> usize {
    service::case_sla::watch(&mut town.database.conn()).unwrap()
}

fn moment(record: &Value, member: &str) -> DateTime<Utc> {
    make::id(record, member).parse().unwrap()
}

fn path(case: &Value) -> String {
    format!("/v1/cases/{}", make::id(case, "id"))
}

/// The clock of a metric, the newest of its rounds.
fn clock(owner: &Client, case: &Value, metric: &str) -> Value {
    let all = owner.get(&format!("{}/slas", path(case))).ok();
    let found = all.as_array().unwrap().iter().rev().find(|one| one["metric"] == metric).cloned();
    found.unwrap_or_default()
}

fn says(owner: &Client, case: &Value, who: &str) {
    let said = json!({"body": "Something.", "author_kind": who, "channel": "phone"});
    owner.post(&format!("{}/messages", path(case)), said).created();
}

/// As if so many minutes had passed since.
fn later(town: &Town, case: &Value, minutes: i64) {
    let id = make::id(case, "id");
    let back = format!("- interval '{minutes} minutes'");
    town.database.run(&format!(
        "UPDATE case_slas SET started_at = started_at {back}, due_at = due_at {back}, warn_at = warn_at {back},
            next_at = next_at {back} WHERE case_id = '{id}';
         UPDATE case_statuses SET occurred_at = occurred_at {back} WHERE case_id = '{id}';
         UPDATE case_messages SET created_at = created_at {back} WHERE case_id = '{id}';
         UPDATE cases SET created_at = created_at {back} WHERE id = '{id}'"
    ));
}

fn told(town: &Town, case: &Value, verb: &str) -> i64 {
    let id = make::id(case, "id");
    town.database.count(&format!("SELECT count(*) FROM audit_log WHERE action = 'case.{verb}' AND object_id = '{id}'"))
}

#[test]
fn a_case_is_promised_an_answer_and_a_solution() {
    let town = Town::idle();
    let owner = town.owner();
    let policy = policy(&owner, json!({"filter": "case_type == \"complaint\""}));
    let case = make::case(&owner, json!({"case_type": "complaint"}));
    let other = make::case(&owner, json!({"case_type": "inquiry"}));
    look(&town);
    let first = clock(&owner, &case, "first_response");
    assert_eq!((&first["status"], &first["policy_id"]), (&json!("running"), &policy["id"]));
    assert_eq!(moment(&first, "due_at"), moment(&case, "created_at") + Duration::minutes(60));
    assert_eq!(moment(&first, "warn_at"), moment(&case, "created_at") + Duration::minutes(30));
    let solved = clock(&owner, &case, "resolution");
    assert_eq!(moment(&solved, "due_at"), moment(&case, "created_at") + Duration::minutes(1440));
    assert_eq!(owner.get(&format!("{}/slas", path(&other))).ok(), json!([]), "no policy holds of it");
    says(&owner, &case, "agent");
    look(&town);
    assert_eq!(clock(&owner, &case, "first_response")["status"], "met");
    // a question, which is answered, and one that the solution answers
    says(&owner, &case, "customer");
    look(&town);
    assert_eq!(clock(&owner, &case, "next_response")["status"], "running");
    says(&owner, &case, "customer");
    says(&owner, &case, "agent");
    says(&owner, &case, "customer");
    look(&town);
    let next = clock(&owner, &case, "next_response");
    assert_eq!((&next["round"], &next["status"]), (&json!(2), &json!("running")), "two words are one question");
    owner.patch(&path(&case), json!({"status": "resolved"})).ok();
    look(&town);
    let ended = |metric: &str| clock(&owner, &case, metric)["status"].clone();
    assert_eq!((ended("next_response"), ended("resolution")), (json!("met"), json!("met")));
    owner.patch(&path(&case), json!({"status": "open"})).ok();
    look(&town);
    assert_eq!((ended("resolution"), ended("first_response")), (json!("running"), json!("met")));
    let found = owner.get(&format!("/v1/cases/{}?include=slas", make::id(&case, "id"))).ok();
    assert_eq!(found["slas"].as_array().unwrap().len(), 4);
    let waits = encoded("slas.exists(s, s.metric == \"resolution\" && s.status == \"running\")");
    assert_eq!(owner.get(&format!("/v1/cases?filter={waits}")).ids(), [make::id(&case, "id")]);
    assert_eq!(look(&town), 0, "nothing is left to be looked at");
}

#[test]
fn a_clock_stands_still_while_the_customer_is_waited_for() {
    let town = Town::idle();
    let owner = town.owner();
    policy(&owner, json!({}));
    let case = make::case(&owner, json!({}));
    look(&town);
    later(&town, &case, 20);
    owner.patch(&path(&case), json!({"status": "pending"})).ok();
    look(&town);
    let paused = clock(&owner, &case, "resolution");
    assert_eq!((&paused["status"], &paused["due_at"]), (&json!("paused"), &Value::Null));
    let id = make::id(&case, "id");
    town.database.run(&format!(
        "UPDATE case_statuses SET occurred_at = occurred_at - interval '30 minutes' WHERE case_id = '{id}'
             AND status = 'pending';
         UPDATE cases SET created_at = created_at - interval '30 minutes' WHERE id = '{id}';
         UPDATE case_statuses SET occurred_at = occurred_at - interval '30 minutes' WHERE case_id = '{id}'
             AND status = 'new'"
    ));
    owner.patch(&path(&case), json!({"status": "open"})).ok();
    look(&town);
    let on = clock(&owner, &case, "resolution");
    assert_eq!(on["status"], "running");
    let stood = Duration::milliseconds(on["paused_ms"].as_i64().unwrap());
    assert!(stood >= Duration::minutes(30) && stood < Duration::minutes(31), "{stood}");
    let promised = moment(&on, "due_at") - moment(&on, "started_at") - stood;
    assert!((promised - Duration::minutes(1440)).num_milliseconds().abs() <= 1, "{promised}");
}

#[test]
fn other_terms_are_other_terms_for_what_runs() {
    let town = Town::idle();
    let owner = town.owner();
    let policy = policy(&owner, json!({}));
    let [case, over] = [(); 2].map(|()| make::case(&owner, json!({})));
    says(&owner, &over, "agent");
    look(&town);
    let due = |case: &Value| moment(&clock(&owner, case, "first_response"), "due_at") - moment(case, "created_at");
    assert_eq!(due(&case), Duration::minutes(60));
    owner.patch(&path(&case), json!({"priority": "urgent"})).ok();
    look(&town);
    assert_eq!(due(&case), Duration::minutes(10));
    let place = format!("/v1/sla-policies/{}", make::id(&policy, "id"));
    let targets = json!([{"metric": "first_response", "minutes": 90, "hours": "business"}]);
    owner.patch(&place, json!({"targets": targets})).ok();
    look(&town);
    assert_eq!((due(&case), due(&over)), (Duration::minutes(90), Duration::minutes(60)), "what is over stays");
    assert_eq!(clock(&owner, &case, "resolution")["status"], "cancelled", "it is promised no more");
    // a calendar that is never open makes it due never
    let calendar = make::business_calendar(&owner, json!({"is_default": true, "weekly": {}}));
    look(&town);
    let first = clock(&owner, &case, "first_response");
    assert_eq!((&first["due_at"], &first["calendar_id"]), (&Value::Null, &calendar["id"]));
    owner.delete(&place).is(204);
    look(&town);
    assert_eq!(clock(&owner, &case, "first_response")["status"], "cancelled");
    owner.act(&format!("{place}/restore")).ok();
    look(&town);
    assert_eq!(clock(&owner, &case, "first_response")["status"], "running");
}

#[test]
fn what_comes_due_is_told_once() {
    let town = Town::idle();
    let owner = town.owner();
    policy(&owner, json!({}));
    let case = make::case(&owner, json!({}));
    look(&town);
    later(&town, &case, 40);
    assert!(look(&town) > 0);
    assert_eq!((told(&town, &case, "sla_warned"), told(&town, &case, "sla_breached")), (1, 0));
    later(&town, &case, 25);
    look(&town);
    look(&town);
    let first = clock(&owner, &case, "first_response");
    assert_eq!((&first["status"], &first["breached_at"]), (&json!("breached"), &first["due_at"]));
    assert_eq!((told(&town, &case, "sla_warned"), told(&town, &case, "sla_breached")), (1, 1));
    says(&owner, &case, "agent");
    look(&town);
    assert_eq!(clock(&owner, &case, "first_response")["status"], "late");
    assert_eq!(told(&town, &case, "sla_breached"), 1);
    // answered in time, though nobody has looked until then
    let kept = make::case(&owner, json!({}));
    says(&owner, &kept, "agent");
    look(&town);
    assert_eq!(
        (told(&town, &kept, "sla_breached"), &clock(&owner, &kept, "first_response")["status"]),
        (0, &json!("met"))
    );
}

#[test]
fn promises_are_seen_with_their_case() {
    let town = Town::idle();
    let owner = town.owner();
    policy(&owner, json!({}));
    let mine = make::case(&owner, json!({}));
    let theirs = make::case(&owner, json!({"team_id": town.team("north")}));
    look(&town);
    let rep = town.client(Person::Rep);
    let seen = rep.get("/v1/case-slas?limit=200").each("case_id");
    assert!(!seen.is_empty() && seen.iter().all(|id| *id == make::id(&theirs, "id")), "{seen:?}");
    rep.get(&format!("{}/slas", path(&mine))).refused(404, "not_found");
    town.client(Person::Foreigner).get(&format!("{}/slas", path(&theirs))).refused(404, "not_found");
}

/// Many at once, two who look, and one of them dies in the middle.
#[test]
fn what_comes_due_at_once_is_told_once_each_whatever_dies() {
    let town = Town::idle();
    let owner = town.owner();
    policy(&owner, json!({}));
    let data = (0..60).map(|at| json!({"subject": format!("{at}")}));
    let cases = make::many(&owner, "cases", data);
    while look(&town) > 0 {}
    town.database.run(
        "UPDATE case_slas SET due_at = now() - interval '1 minute', next_at = now() - interval '1 minute'
         WHERE metric = 'first_response'",
    );
    let all = || town.database.count("SELECT count(*) FROM audit_log WHERE action = 'case.sla_breached'");
    let mut first = Worker::start(&town, "case_sla_told");
    first.dies();
    assert_eq!(all(), 0, "it died in the middle");
    let _workers = [Worker::start(&town, ""), Worker::start(&town, "")];
    until("told", || all() >= 60);
    std::thread::sleep(std::time::Duration::from_secs(6));
    assert_eq!(all(), 60);
    let each = "SELECT count(DISTINCT object_id) FROM audit_log WHERE action = 'case.sla_breached'";
    assert_eq!(town.database.count(each), i64::try_from(cases.len()).unwrap());
}
