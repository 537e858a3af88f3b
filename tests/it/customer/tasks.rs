//! What is to be done: once, or again and again.
use crate::support::{Client, Person, Town, Value, encoded, json, make};

fn path(task: &Value) -> String {
    format!("/v1/tasks/{}", make::id(task, "id"))
}

fn complete(client: &Client, task: &Value) -> Value {
    client.act(&format!("{}/complete", path(task))).ok()
}

fn next(client: &Client, task: &Value) -> Value {
    client.get(&format!("/v1/tasks/{}", make::id(task, "next_task_id"))).ok()
}

#[test]
fn a_task_is_its_assignees() {
    let town = Town::start();
    let (owner, rep) = (town.owner(), town.client(Person::Rep));
    let contact = make::contact(&owner, json!({}));
    let links = json!([{"resource": "contact", "record_id": contact["id"]}]);
    let task = make::task(&owner, json!({"subject": "发报价", "assignee_id": town.user(Person::Rep), "links": links}));
    assert_eq!((&task["status"], &task["priority"]), (&json!("open"), &json!("normal")));
    assert_eq!(rep.get(&format!("/v1/tasks?q={}", encoded("报价"))).ids(), [make::id(&task, "id")]);
    let of = encoded(&format!("contacts.exists(c, c.id == \"{}\")", make::id(&contact, "id")));
    assert_eq!(owner.get(&format!("/v1/tasks?filter={of}")).ids().len(), 1);
    let with = rep.get(&format!("{}?include=assignee", path(&task))).ok();
    assert_eq!(with["assignee"]["id"], task["assignee_id"]);
    town.client(Person::Stranger).get(&path(&task)).refused(404, "not_found");
    town.client(Person::Foreigner).act(&format!("{}/complete", path(&task))).refused(404, "not_found");
    rep.post("/v1/tasks", json!({"subject": "x", "assignee_id": town.user(Person::Owner)})).refused(403, "forbidden");
    let done = complete(&rep, &task);
    assert_eq!((&done["status"], &done["version"]), (&json!("completed"), &json!(2)));
    assert!(done["completed_at"].is_string() && done["next_task_id"].is_null());
    assert_eq!(complete(&rep, &task), done, "done once");
    let again = rep.act(&format!("{}/reopen", path(&task))).ok();
    assert_eq!((&again["status"], &again["completed_at"]), (&json!("open"), &Value::Null));
    let patched = rep.patch(&path(&task), json!({"status": "completed"})).ok();
    assert!(patched["completed_at"].is_string());
    let names: Vec<String> = rep.get(&format!("{}/history", path(&task))).ok()["data"]
        .as_array()
        .unwrap()
        .iter()
        .map(|one| one["action"].as_str().unwrap().to_owned())
        .collect();
    assert_eq!(names, ["task.completed", "task.reopened", "task.completed", "task.created"]);
}

#[test]
fn what_does_not_fit_together_is_refused() {
    let town = Town::start();
    let owner = town.owner();
    let at = "2026-01-01T08:00:00Z";
    for (bad, place) in [
        (json!({"due_at": at, "due_on": "2026-01-01"}), "/due_on"),
        (json!({"recurrence": "FREQ=DAILY"}), "/recurrence"),
        (json!({"recurrence": "EVERY DAY", "due_at": at}), "/recurrence"),
        (json!({"recurrence": "FREQ=SECONDLY", "due_at": at}), "/recurrence"),
        (json!({"recurrence": "FREQ=DAILY", "due_at": at, "status": "completed"}), "/status"),
        (json!({"reminders": [{"minutes_before": 5}]}), "/reminders"),
        (json!({"due_at": at, "reminders": [{"minutes_before": -5}]}), "/reminders"),
        (json!({"due_at": at, "reminders": [{"minutes_before": 5, "remind_at": at}]}), "/reminders"),
        (json!({"time_zone": "Mars/Olympus"}), "/time_zone"),
        (json!({"status": "done"}), "/status"),
    ] {
        let answer = owner.post("/v1/tasks", make::with(json!({"subject": "x"}), bad.clone()));
        assert_eq!((answer.status, answer.pointers()), (422, vec![place.to_owned()]), "{bad}: {}", answer.text());
    }
    let task = make::task(&owner, json!({"due_on": "2026-01-01"}));
    assert_eq!(owner.patch(&path(&task), json!({"due_at": at})).pointers(), ["/due_on"]);
    owner.patch(&path(&task), json!({"due_at": at, "due_on": null})).ok();
}

#[test]
fn nine_in_the_morning_stays_nine_in_the_morning() {
    let town = Town::start();
    let owner = town.owner();
    let weekly = json!({"due_at": "2030-03-25T08:00:00Z", "time_zone": "Europe/Berlin", "recurrence": "rrule:freq=weekly",
        "reminders": [{"minutes_before": 15}, {"remind_at": "2030-03-24T08:00:00Z"}], "priority": "high"});
    let first = make::task(&owner, weekly);
    assert_eq!((&first["recurrence"], &first["series_id"]), (&json!("FREQ=WEEKLY"), &first["id"]));
    let second = next(&owner, &complete(&owner, &first));
    // clocks go forward on the last day of March
    assert_eq!((&second["due_at"], &second["series_id"]), (&json!("2030-04-01T07:00:00Z"), &first["id"]));
    assert_eq!((&second["priority"], &second["status"]), (&json!("high"), &json!("open")));
    assert_eq!(second["reminders"].as_array().map(Vec::len), Some(1), "a moment comes but once");
    // moved for once, and back in its rhythm
    owner.patch(&path(&second), json!({"due_at": "2030-04-03T07:00:00Z"})).ok();
    let third = next(&owner, &complete(&owner, &second));
    assert_eq!(third["due_at"], "2030-04-08T07:00:00Z");
    let days = json!({"due_on": "2030-01-31", "recurrence": "FREQ=MONTHLY;BYMONTHDAY=-1;COUNT=2", "time_zone": "Asia/Shanghai"});
    let january = make::task(&owner, days);
    let february = next(&owner, &complete(&owner, &january));
    assert_eq!((&february["due_on"], &february["due_at"]), (&json!("2030-02-28"), &Value::Null));
    assert_eq!(complete(&owner, &february)["next_task_id"], Value::Null, "it has ended");
}

/// Whoever comes back from a holiday has one task to do, not three.
#[test]
fn what_is_past_already_is_left_out() {
    let town = Town::start();
    let owner = town.owner();
    let daily = make::task(&owner, json!({"due_at": "2020-01-01T08:00:00Z", "recurrence": "FREQ=DAILY"}));
    let next = next(&owner, &complete(&owner, &daily));
    let due: chrono::DateTime<chrono::Utc> = make::id(&next, "due_at").parse().unwrap();
    let soon = chrono::Utc::now() + chrono::TimeDelta::days(1);
    assert!(due > chrono::Utc::now() - chrono::TimeDelta::minutes(1) && due <= soon, "{due}");
    // taken up again and done again, it does not come twice
    owner.act(&format!("{}/reopen", path(&daily))).ok();
    assert_eq!(complete(&owner, &daily)["next_task_id"], next["id"]);
    assert_eq!(owner.get("/v1/tasks").ids().len(), 2);
}

#[test]
fn of_many_who_complete_it_at_once_one_does() {
    let town = Town::start();
    let owner = town.owner();
    let weekly = json!({"due_at": "2030-03-25T08:00:00Z", "recurrence": "FREQ=WEEKLY"});
    let task = make::task(&owner, weekly);
    std::thread::scope(|scope| {
        for at in 0..12 {
            let (owner, task) = (&owner, &task);
            scope.spawn(move || match at % 2 {
                0 => drop(complete(owner, task)),
                _ => drop(owner.patch(&path(task), json!({"status": "completed"})).ok()),
            });
        }
    });
    assert_eq!(owner.get("/v1/tasks").ids().len(), 2);
    assert_eq!(town.database.count("SELECT count(*) FROM audit_log WHERE action = 'task.completed'"), 1);
}

#[test]
fn many_are_written_at_once_and_files_bring_them() {
    let town = Town::start();
    let owner = town.owner();
    let items = json!([{"op": "create", "data": {"subject": "one"}}, {"op": "create", "data": {"subject": ""}}]);
    let done = owner.post("/v1/tasks/batch", json!({"items": items})).is(207);
    assert_eq!((&done["results"][0]["status"], &done["results"][1]["status"]), (&json!(201), &json!(422)));
    let mapping = json!({"resource": "tasks", "source_system": "list", "columns": {"Id": "external_id",
        "What": "subject", "State": "status", "Due": "due_on"}});
    let text = "Id,What,State,Due\n1,Call back,completed,2026-01-05\n2,Write,open,\n";
    let up = crate::platform::upload(&owner, "tasks.csv", text.as_bytes(), &mapping, &[("mode", "upsert")]).is(202);
    let done = crate::platform::ended(&owner, &make::id(&up, "id"));
    assert_eq!((&done["rows_created"], &done["rows_failed"]), (&json!(2), &json!(0)), "{done}");
    let first = owner.get("/v1/tasks?q=back").ok()["data"][0].clone();
    assert!(first["completed_at"].is_string() && first["assignee_id"] == json!(town.user(Person::Owner)), "{first}");
}
