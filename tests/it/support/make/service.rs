//! Records of the service wing.
use super::{id, user, with};
use crate::support::{Client, Value, fresh, json};

/// Something that those who answer may know.
#[track_caller]
pub fn skill(client: &Client, extra: Value) -> Value {
    client.post("/v1/skills", with(json!({"name": fresh("Skill ")}), extra)).created()
}

/// Somebody who answers: a new user, unless one is named.
#[track_caller]
pub fn agent(client: &Client, extra: Value) -> Value {
    let mut new = extra;
    if new["user_id"].is_null() {
        new["user_id"] = user(client, json!({}))["id"].clone();
    }
    client.post("/v1/agents", new).created()
}

/// A rule of a queue that nobody serves yet, unless one is named.
#[track_caller]
pub fn routing_rule(client: &Client, extra: Value) -> Value {
    let mut new = with(json!({"name": fresh("Routing "), "strategy": "round_robin"}), extra);
    if new["queue_id"].is_null() {
        new["queue_id"] = client.post("/v1/queues", json!({"display_name": fresh("Queue ")})).created()["id"].clone();
    }
    client.post("/v1/routing-rules", new).created()
}

/// A scorecard of two criteria, of which one is critical.
#[track_caller]
pub fn qa_scorecard(client: &Client, extra: Value) -> Value {
    let criteria = json!([{"key": "tone", "name": "Tone", "weight": 1, "scale": 5},
        {"key": "privacy", "name": "Gave no data away", "weight": 2, "scale": 1, "is_critical": true}]);
    client.post("/v1/qa-scorecards", with(json!({"name": fresh("Card "), "criteria": criteria}), extra)).created()
}

/// A draft about a new case of somebody else's.
#[track_caller]
pub fn qa_evaluation(client: &Client, extra: Value) -> Value {
    let mut new = extra;
    if new["case_id"].is_null() {
        let other = user(client, json!({}));
        let case = json!({"subject": fresh("Case "), "owner_id": id(&other, "id")});
        new["case_id"] = client.post("/v1/cases", case).created()["id"].clone();
    }
    if new["scorecard_id"].is_null() {
        new["scorecard_id"] = qa_scorecard(client, json!({}))["id"].clone();
    }
    client.post("/v1/qa-evaluations", new).created()
}

#[track_caller]
pub fn case(client: &Client, extra: Value) -> Value {
    client.post("/v1/cases", with(json!({"subject": fresh("Case ")}), extra)).created()
}

/// Something that is said about a case, and stays inside.
#[track_caller]
pub fn case_message(client: &Client, case: &Value, extra: Value) -> Value {
    let basis = json!({"body": "Noted.", "visibility": "internal"});
    client.post(&format!("/v1/cases/{}/messages", super::id(case, "id")), with(basis, extra)).created()
}

#[track_caller]
pub fn case_category(client: &Client, extra: Value) -> Value {
    client.post("/v1/case-categories", with(json!({"name": fresh("Category ")}), extra)).created()
}

#[track_caller]
pub fn case_inbox(client: &Client, extra: Value) -> Value {
    let basis = json!({"address": format!("{}@example.com", fresh("help").to_lowercase()), "name": "Help"});
    client.post("/v1/case-inboxes", with(basis, extra)).created()
}

#[track_caller]
pub fn auto_reply_rule(client: &Client, extra: Value) -> Value {
    let text = json!({"locale": "en", "subject": "We have it", "body": "This is case {{case.number}}."});
    client.post("/v1/auto-reply-rules", with(json!({"name": fresh("Rule "), "texts": [text]}), extra)).created()
}

/// One that is always open.
#[track_caller]
pub fn business_calendar(client: &Client, extra: Value) -> Value {
    let day = json!([{"start": "00:00", "end": "24:00"}]);
    let week = json!({"monday": day, "tuesday": day, "wednesday": day, "thursday": day, "friday": day,
        "saturday": day, "sunday": day});
    let basis = json!({"name": fresh("Calendar "), "time_zone": "UTC", "weekly": week});
    client.post("/v1/business-calendars", with(basis, extra)).created()
}

#[track_caller]
pub fn sla_policy(client: &Client, extra: Value) -> Value {
    let targets = json!([{"metric": "first_response", "minutes": 60}, {"metric": "resolution", "minutes": 1440}]);
    let basis = json!({"name": fresh("Policy "), "targets": targets});
    client.post("/v1/sla-policies", with(basis, extra)).created()
}

#[track_caller]
pub fn escalation_rule(client: &Client, extra: Value) -> Value {
    let basis = json!({"name": fresh("Rule "), "metric": "first_response", "after_minutes": 0,
        "actions": {"notify_owner": true}});
    client.post("/v1/escalation-rules", with(basis, extra)).created()
}
