//! The promise to answer is kept, and whoever has said that they would do something is reminded of it.
use super::{Scene, moment, news, place};
use crate::platform::until;
use crate::support::{Person, Value, json, make};
use chrono::{TimeDelta, Utc};

fn links(lead: &Value) -> Value {
    json!([{"resource": "lead", "record_id": lead["id"]}])
}

/// A call answers, as of when it was made.
pub fn kept(scene: &Scene, lead: &Value) {
    let seller = scene.seller();
    let call = json!({"direction": "outbound", "subject": "报价前沟通", "outcome": "interested", "links": links(lead)});
    let call = make::activity(&seller, call);
    let now = || seller.get(&place("leads", lead, "id")).ok();
    until("answered", || now()["response_status"] == "met");
    let answered = now();
    assert_eq!(answered["first_response_at"], call["started_at"]);
    assert!(moment(&answered, "first_response_at") <= moment(&answered, "response_due_at"), "{answered}");
}

/// An hour before it is due, in the application and by a letter in their language that tells no more than that.
pub fn reminded(scene: &Scene, lead: &Value) {
    let seller = scene.seller();
    seller.patch("/v1/me", json!({"locale": "zh-Hans"})).ok();
    let wanted = json!({"task_reminder": {"email": "immediately"}});
    seller.put("/v1/me/notification-preferences", wanted).ok();
    let due = Utc::now() + TimeDelta::hours(1) + TimeDelta::milliseconds(1500);
    let new = json!({"subject": "寄样品", "due_at": due.to_rfc3339(), "reminders": [{"minutes_before": 60}],
        "links": links(lead)});
    let task = make::task(&seller, new);
    assert_eq!(task["reminded_at"], Value::Null);
    until("reminded", || !news(&seller, "task_reminder").is_empty());
    let told = news(&seller, "task_reminder");
    assert_eq!(told.len(), 1, "{told:#?}");
    assert_eq!((&told[0]["record_id"], &told[0]["event"]["type"]), (&task["id"], &json!("task.reminded")));
    let letter = scene.smtp.letters(&Person::Rep.email(), 1).remove(0);
    let page = format!("https://app.town.example/tasks/{}", make::id(&task, "id"));
    assert!(letter.text.contains("该处理了") && letter.text.contains(&page), "{}", letter.text);
    assert!(!letter.text.contains("寄样品"), "{}", letter.text);
    assert!(seller.get(&place("tasks", &task, "id")).ok()["reminded_at"].is_string());
}
