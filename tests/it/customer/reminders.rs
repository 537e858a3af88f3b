//! People are reminded of their tasks, once, whatever dies.
use crate::platform::until;
use crate::support::{Client, Person, Town, Value, Worker, json, make};

fn reminders(client: &Client) -> Vec<Value> {
    let all = client.get("/v1/me/notifications?kind=task_reminder").ok();
    all["data"].as_array().unwrap().clone()
}

fn soon(milliseconds: i64) -> String {
    (chrono::Utc::now() + chrono::TimeDelta::milliseconds(milliseconds)).to_rfc3339()
}

#[test]
fn whoever_is_to_do_it_is_reminded_and_nobody_of_what_is_done() {
    let town = Town::start();
    let (owner, rep) = (town.owner(), town.client(Person::Rep));
    let mine = json!({"assignee_id": town.user(Person::Rep), "due_at": soon(61_000),
        "reminders": [{"minutes_before": 1}, {"remind_at": soon(3_600_000)}]});
    let task = make::task(&owner, mine);
    let done = make::task(&rep, json!({"due_at": soon(61_000), "reminders": [{"minutes_before": 1}]}));
    rep.act(&format!("/v1/tasks/{}/complete", make::id(&done, "id"))).ok();
    let moved = make::task(&rep, json!({"due_at": soon(61_000), "reminders": [{"minutes_before": 1}]}));
    rep.patch(&format!("/v1/tasks/{}", make::id(&moved, "id")), json!({"due_at": soon(7_200_000)})).ok();
    until("reminded", || !reminders(&rep).is_empty());
    std::thread::sleep(std::time::Duration::from_secs(1));
    let told = reminders(&rep);
    assert_eq!(told.len(), 1, "{told:#?}");
    assert_eq!((&told[0]["record_id"], &told[0]["event"]["type"]), (&task["id"], &json!("task.reminded")));
    assert!(told[0]["event"]["data"]["reminded_at"].is_string());
    assert_eq!(town.database.count("SELECT count(*) FROM task_reminders"), 2, "those to come");
    assert!(reminders(&owner).is_empty());
}

#[test]
fn a_worker_that_dies_reminds_nobody_twice_and_keeps_nothing_back() {
    let town = Town::idle();
    let owner = town.owner();
    let make_one = || make::task(&owner, json!({"reminders": [{"remind_at": soon(100)}]}));
    let all: Vec<Value> = (0..5).map(|_| make_one()).collect();
    std::thread::sleep(std::time::Duration::from_millis(300));
    // what was due and is not told yet is not lost for being changed meanwhile
    owner.patch(&format!("/v1/tasks/{}", make::id(&all[0], "id")), json!({"status": "in_progress"})).ok();
    let mut first = Worker::start(&town, "reminder_fired");
    first.dies();
    assert_eq!(town.database.count("SELECT count(*) FROM task_reminders"), 5, "it died in the middle");
    let _workers = [Worker::start(&town, ""), Worker::start(&town, "")];
    until("reminded", || reminders(&owner).len() >= 5);
    std::thread::sleep(std::time::Duration::from_secs(6));
    assert_eq!(reminders(&owner).len(), 5);
    assert_eq!(town.database.count("SELECT count(*) FROM audit_log WHERE action = 'task.reminded'"), 5);
}
