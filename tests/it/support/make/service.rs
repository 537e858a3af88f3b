//! Records of the service wing.
use super::{fresh, id, user, with};
use crate::support::{Client, Value, json};

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
