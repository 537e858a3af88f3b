//! Of the service wing.
use super::{Made, made};
use crate::support::{Client, json, make};

pub fn make_one(client: &Client, segment: &str) -> Option<Made> {
    Some(match segment {
        "skills" => made(&make::skill(client, json!({})), "/v1/skills"),
        "agents" => made(&make::agent(client, json!({})), "/v1/agents"),
        "routing-rules" => made(&make::routing_rule(client, json!({})), "/v1/routing-rules"),
        "qa-scorecards" => made(&make::qa_scorecard(client, json!({})), "/v1/qa-scorecards"),
        "qa-evaluations" => made(&make::qa_evaluation(client, json!({})), "/v1/qa-evaluations"),
        _ => return None,
    })
}
