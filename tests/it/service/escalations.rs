//! Rules that are asked where a promise is about to be broken, or is: once each, of what comes due from then on.
use crate::platform::until;
use crate::support::{Client, Person, Town, Value, Worker, json, make, nobodys_id};

fn policy(owner: &Client) {
    let targets = json!([{"metric": "first_response", "minutes": 60, "hours": "wall_clock"}]);
    make::sla_policy(owner, json!({"targets": targets}));
}

fn look(town: &Town) -> usize {
    service::watch(&mut town.database.conn()).unwrap()
}

/// Due so many minutes ago, or in as many: as if it had come an hour before that.
fn due(town: &Town, case: &Value, ago: i64) {
    let (id, came) = (make::id(case, "id"), format!("now() - interval '{} minutes'", ago + 60));
    town.database.run(&format!(
        "UPDATE cases SET created_at = {came} WHERE id = '{id}';
         UPDATE case_statuses SET occurred_at = {came} WHERE case_id = '{id}' AND version = 1;
         UPDATE case_slas SET started_at = {came}, due_at = {came} + interval '60 minutes' WHERE case_id = '{id}';
         UPDATE case_slas SET next_at = due_at WHERE case_id = '{id}';
         UPDATE escalation_rules SET active_from_at = now() - interval '1 day'"
    ));
}

fn path(case: &Value) -> String {
    format!("/v1/cases/{}", make::id(case, "id"))
}

#[test]
fn a_rule_is_sound_or_refused_with_all_that_is_wrong() {
    let town = Town::idle();
    let owner = town.owner();
    let new = json!({"name": "X", "metric": "speed", "after_minutes": 999_999, "level": 0, "actions": {}});
    let answer = owner.post("/v1/escalation-rules", new);
    answer.refused(422, "invalid");
    for place in ["/metric", "/after_minutes", "/level"] {
        assert!(answer.pointers().contains(&place.to_owned()), "{place}: {:?}", answer.pointers());
    }
    let gone = nobodys_id();
    let actions = json!({"notify_user_ids": [gone], "notify_team_ids": [gone], "notify_role_ids": [gone],
        "owner_id": gone, "tag_ids": [gone]});
    let new = json!({"name": "X", "metric": "resolution", "after_minutes": 0, "actions": actions});
    let answer = owner.post("/v1/escalation-rules", new);
    answer.refused(422, "unknown_reference");
    let wanted = ["notify_user_ids/0", "notify_team_ids/0", "notify_role_ids/0", "owner_id", "tag_ids/0"];
    for place in wanted.map(|place| format!("/actions/{place}")) {
        assert!(answer.pointers().contains(&place), "{place}: {:?}", answer.pointers());
    }
}

#[test]
fn a_case_is_escalated_once_a_promise_and_level() {
    let town = Town::idle();
    let owner = town.owner();
    policy(&owner);
    let tag = make::tag(&owner, json!({}));
    let queue = owner.post("/v1/queues", json!({"display_name": "Second line"})).created();
    let actions =
        json!({"notify_owner": true, "raises_priority": true, "owner_id": queue["id"], "tag_ids": [tag["id"]]});
    let rule = make::escalation_rule(
        &owner,
        json!({"after_minutes": 10, "actions": actions, "filter": "case_type == \"complaint\""}),
    );
    let early = make::escalation_rule(&owner, json!({"after_minutes": -15, "actions": {"raises_priority": true}}));
    let case = make::case(&owner, json!({"case_type": "complaint", "priority": "low"}));
    let other = make::case(&owner, json!({"case_type": "inquiry", "priority": "low"}));
    look(&town);
    due(&town, &case, -10);
    due(&town, &other, 20);
    while look(&town) > 0 {}
    let now = |case: &Value| owner.get(&format!("{}?include=tags,escalations", path(case))).ok();
    assert_eq!((&now(&case)["priority"], &now(&other)["priority"]), (&json!("normal"), &json!("normal")));
    assert_eq!(now(&case)["escalations"].as_array().unwrap().len(), 1, "the later rule has its moment yet to come");
    due(&town, &case, 11);
    while look(&town) > 0 {}
    let told = now(&case);
    assert_eq!((&told["priority"], &told["owner_id"]), (&json!("high"), &queue["id"]));
    assert_eq!(told["tags"][0]["id"], tag["id"]);
    let said = owner.get(&format!("{}/escalations", path(&case))).ok();
    assert_eq!((&said[0]["rule_id"], &said[1]["rule_id"]), (&rule["id"], &early["id"]));
    assert_eq!((&said[0]["priority"], &said[0]["owner_id"]), (&json!("high"), &queue["id"]));
    let asked = owner.get(&format!("/v1/escalations?case_id={}&sort=id", make::id(&other, "id"))).each("outcome");
    assert_eq!(asked.iter().filter(|one| *one == "not_matched").count(), 1, "{asked:?}");
    look(&town);
    assert_eq!(now(&case)["priority"], "high", "once");
    let events = format!(
        "SELECT count(*) FROM event_log WHERE object_id = '{}' AND name = 'case.escalated'",
        make::id(&case, "id")
    );
    assert_eq!(town.database.count(&events), 2);
}

#[test]
fn what_was_due_before_a_rule_is_left_alone() {
    let town = Town::idle();
    let owner = town.owner();
    policy(&owner);
    let case = make::case(&owner, json!({"priority": "low"}));
    look(&town);
    due(&town, &case, 30);
    make::escalation_rule(&owner, json!({"actions": {"raises_priority": true}}));
    while look(&town) > 0 {}
    assert_eq!(owner.get(&path(&case)).ok()["priority"], "low");
    owner.patch(&path(&case), json!({"priority": "normal"})).ok();
    let said = json!({"body": "Here.", "channel": "phone"});
    owner.post(&format!("{}/messages", path(&case)), said).created();
    town.database.run("UPDATE escalation_rules SET active_from_at = now() - interval '1 day'");
    while look(&town) > 0 {}
    assert_eq!(owner.get(&path(&case)).ok()["priority"], "normal", "what is answered is escalated no more");
}

#[test]
fn people_are_told_of_a_broken_promise_and_of_an_escalation() {
    let town = Town::start();
    let owner = town.owner();
    policy(&owner);
    let rep = town.client(Person::Rep);
    make::escalation_rule(&owner, json!({"actions": {"notify_managers": true}}));
    let case = make::case(&rep, json!({"team_id": town.team("north")}));
    until("promised", || owner.get(&format!("{}/slas", path(&case))).ok() != json!([]));
    due(&town, &case, 1);
    let news = |client: &Client| client.get("/v1/me/notifications").each("kind");
    until("the owner is told", || news(&rep).contains(&"sla_breached".to_owned()));
    let manager = town.client(Person::Manager);
    until("the manager is told", || news(&manager).contains(&"escalated".to_owned()));
    assert!(!news(&town.client(Person::Stranger)).contains(&"sla_breached".to_owned()));
}

#[test]
fn a_case_is_escalated_once_whatever_dies() {
    let town = Town::idle();
    let owner = town.owner();
    policy(&owner);
    make::escalation_rule(&owner, json!({"actions": {"raises_priority": true}}));
    let cases = make::many(&owner, "cases", (0..20).map(|at| json!({"subject": format!("{at}"), "priority": "low"})));
    while look(&town) > 0 {}
    cases.iter().for_each(|case| due(&town, case, 5));
    let all = || town.database.count("SELECT count(*) FROM audit_log WHERE action = 'case.escalated'");
    let mut first = Worker::start(&town, "case_escalated");
    first.dies();
    assert_eq!(all(), 0, "it died in the middle");
    let _workers = [Worker::start(&town, ""), Worker::start(&town, "")];
    until("escalated", || all() >= 20);
    std::thread::sleep(std::time::Duration::from_secs(6));
    assert_eq!(
        (all(), owner.get("/v1/cases?priority=normal&count=exact").ok()["page"]["count"].clone()),
        (20, json!(20))
    );
}
