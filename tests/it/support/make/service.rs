//! Records of the service wing.
use super::with;
use crate::support::{Client, Value, fresh, json};

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
