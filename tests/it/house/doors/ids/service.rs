//! Of the service wing.
use super::{Made, made};
use crate::support::{Client, json, make};

pub fn make_one(client: &Client, segment: &str) -> Option<Made> {
    Some(match segment {
        "cases" => made(&make::case(client, json!({})), "/v1/cases"),
        // it goes with its case
        "case-messages" => {
            let case = make::case(client, json!({}));
            let message = make::case_message(client, &case, json!({}));
            Made { id: make::id(&message, "id"), delete: Some(format!("/v1/cases/{}", make::id(&case, "id"))) }
        }
        "case-categories" => made(&make::case_category(client, json!({})), "/v1/case-categories"),
        "case-inboxes" => made(&make::case_inbox(client, json!({})), "/v1/case-inboxes"),
        "auto-reply-rules" => made(&make::auto_reply_rule(client, json!({})), "/v1/auto-reply-rules"),
        "business-calendars" => made(&make::business_calendar(client, json!({})), "/v1/business-calendars"),
        "sla-policies" => made(&make::sla_policy(client, json!({"is_active": false})), "/v1/sla-policies"),
        "escalation-rules" => made(&make::escalation_rule(client, json!({"is_active": false})), "/v1/escalation-rules"),
        _ => return None,
    })
}
