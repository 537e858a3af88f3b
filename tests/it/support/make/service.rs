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
