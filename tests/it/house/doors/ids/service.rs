//! Of the service wing.
use super::{Made, made};
use crate::support::{Client, json, make};

pub fn make_one(client: &Client, segment: &str, operation: &str) -> Option<Made> {
    Some(match segment {
        "skills" => made(&make::skill(client, json!({})), "/v1/skills"),
        "agents" => made(&make::agent(client, json!({})), "/v1/agents"),
        "routing-rules" => made(&make::routing_rule(client, json!({})), "/v1/routing-rules"),
        "qa-scorecards" => made(&make::qa_scorecard(client, json!({})), "/v1/qa-scorecards"),
        "qa-evaluations" => made(&make::qa_evaluation(client, json!({})), "/v1/qa-evaluations"),
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
        // made by the clock, which does not run where this is asked
        "case-slas" => Made { id: crate::support::nobodys_id(), delete: None },
        "canned-responses" => made(&make::canned_response(client, json!({})), "/v1/canned-responses"),
        "kb-portals" => made(&make::kb_portal(client, json!({})), "/v1/kb-portals"),
        "kb-categories" => {
            let portal = make::kb_portal(client, json!({}));
            made(&make::kb_category(client, &portal, json!({})), "/v1/kb-categories")
        }
        "kb-articles" => {
            let portal = make::kb_portal(client, json!({}));
            made(&make::kb_article(client, &portal, json!({})), "/v1/kb-articles")
        }
        "kb-article-versions" => {
            let portal = make::kb_portal(client, json!({}));
            let version = make::kb_version(client, &make::kb_article(client, &portal, json!({})));
            let one = made(&version, "/v1/kb-article-versions");
            let before = match () {
                () if operation.contains("reject") => "submit",
                () if operation.contains("archive") => "publish",
                () => return Some(one),
            };
            client.act(&format!("/v1/kb-article-versions/{}/{before}", one.id)).ok();
            // what is no draft any more stays
            Made { delete: None, ..one }
        }
        "kb-feedback" => Made { id: make::id(&make::kb_feedback(client, json!({})), "id"), delete: None },
        "macros" => made(&make::case_macro(client, json!({})), "/v1/macros"),
        "surveys" => made(&make::survey(client, json!({})), "/v1/surveys"),
        "survey-responses" => Made { id: make::id(&make::survey_response(client, json!({})), "id"), delete: None },
        // a link that nobody was sent: what is wrong with a body is told before
        "s" => Made { id: format!("gxs_{}", "A".repeat(86)), delete: None },
        // what visitors call a portal, a language and an article
        "kb" => Made { id: make::id(&make::kb_portal(client, json!({})), "slug"), delete: None },
        "{portal}" => Made { id: "en".to_owned(), delete: None },
        "articles" => Made { id: "refunds".to_owned(), delete: None },
        _ => return None,
    })
}
