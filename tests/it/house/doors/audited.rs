//! Everything that changes something leaves a row in the audit trail: who, from where, by which request.
use super::ids::make_one;
use super::{call, filled, is_open, walk};
use crate::support::{Client, Town, Value, json, make};

/// What only asks, though it is a POST; and what finds nothing to do: no other session, no factor, no such
/// role, an endpoint that is enabled, a record that is not followed, a calendar without a link, a task or a lead that is
/// open, leads without a rule, a cart that no promotion is for.
/// What only asks, though it is a POST; and what finds nothing to do: no other session, no factor, no such role, an
/// endpoint that is enabled, a record that is not followed, a calendar without a link, a task, a lead or a case that is
/// open, leads without a rule.
fn moves_nothing(id: &str) -> bool {
    id.starts_with("find_")
        || id.starts_with("unfollow_")
        || id.starts_with("preview_")
        || [
            "revoke_other_sessions",
            "reset_user_factors",
            "take_user_role",
            "enable_webhook_endpoint",
            "shut_calendar",
            "reopen_task",
            "reopen_lead",
            "reopen_case",
            "assign_leads",
            "run_report",
            "evaluate_promotions",
            "redeem_promotions",
        ]
        .contains(&id)
}

/// Enough for one of a batch: the example of all batches is none of any.
fn one_of(client: &Client, nouns: &str) -> Value {
    match nouns {
        "consents" => {
            json!({"contact_id": make::contact(client, json!({}))["id"], "purpose": "news", "channel": "email",
            "status": "granted"})
        }
        "contacts" | "leads" => json!({"display_name": "In a batch"}),
        "lead_score_rules" => json!({"name": "In a batch", "filter": "score > 5", "points": 1}),
        "assignment_rules" => {
            json!({"name": "In a batch", "position": 1, "strategy": "territory", "is_active": false})
        }
        "routing_rules" => {
            let queue = client.post("/v1/queues", json!({"display_name": "In a batch"})).created();
            json!({"name": "In a batch", "queue_id": queue["id"], "strategy": "manual"})
        }
        "qa_scorecards" => {
            json!({"name": "In a batch", "criteria": [{"key": "tone", "name": "Tone", "weight": 1, "scale": 5}]})
        }
        "pools" => {
            let queue = client.post("/v1/queues", json!({"display_name": "In a batch"})).created();
            json!({"name": "In a batch", "queue_id": queue["id"]})
        }
        "marketing_plans" => {
            json!({"name": "In a batch", "start_on": "2027-01-01", "end_on": "2027-01-31", "currency": "USD"})
        }
        "campaigns" => json!({"name": "In a batch", "campaign_type": "email", "currency": "USD"}),
        "templates" => json!({"name": "In a batch", "channel": "sms", "default_locale": "en",
            "variants": [{"locale": "en", "text": "hello"}]}),
        "business_calendars" => json!({"name": "In a batch", "time_zone": "UTC"}),
        "escalation_rules" => {
            json!({"name": "In a batch", "metric": "resolution", "after_minutes": 0, "actions": {"raises_priority": true}})
        }
        "canned_responses" => json!({"short_code": "batch", "title": "In a batch", "texts": {"en": "x"}}),
        "surveys" => json!({"name": "In a batch", "kind": "nps", "subjects": {"en": "x"}, "questions": {"en": "x"}}),
        "macros" => json!({"name": "In a batch", "actions": [{"kind": "assign"}]}),
        "kb_portals" => {
            json!({"slug": "in-a-batch", "name": "In a batch", "default_locale": "en", "locales": ["en"]})
        }
        "kb_categories" => {
            json!({"portal_id": make::kb_portal(client, json!({}))["id"], "slug": "x", "name": "In a batch"})
        }
        "kb_articles" => {
            json!({"portal_id": make::kb_portal(client, json!({}))["id"], "slug": "x", "title": "In a batch"})
        }
        "labels" => json!({"key": "in_a_batch", "name": "In a batch"}),
        "segmentations" => json!({"key": "in_a_batch", "name": "In a batch", "kind": "rfm"}),
        "orders" => json!({"currency": "USD"}),
        "activities" => json!({"kind": "note"}),
        "price_books" => json!({"name": "In a batch", "currency": "USD"}),
        "cases" => json!({"subject": "In a batch"}),
        "tasks" => json!({"subject": "In a batch"}),
        "segments" => json!({"name": "In a batch", "resource": "contact", "kind": "static"}),
        "quotas" => json!({"period": "1999", "amount": {"amount": "1.00", "currency": "USD"}}),
        "exchange_rates" => json!({"from_currency": "GBP", "valid_on": "2026-01-01", "rate": "1.2"}),
        "quotes" => json!({"currency": "USD"}),
        "contracts" => json!({"title": "x", "value": {"amount": "1.00", "currency": "USD"}}),
        "payments" => json!({"amount": {"amount": "1.00", "currency": "USD"}}),
        "promotions" => {
            json!({"code": "BATCH", "name": "In a batch", "kind": "percentage", "benefit": {"rate": "0.1"}})
        }
        "coupons" => json!({"promotion_id": make::promotion(client, json!({}))["id"]}),
        "touchpoints" => json!({"contact_id": make::contact(client, json!({}))["id"], "kind": "visit"}),
        "products" => json!({"sku": "batch", "name": "In a batch"}),
        _ => json!({"name": "In a batch"}),
    }
}

#[test]
fn whatever_changes_something_is_in_the_trail() {
    let (mut done, mut silent) = (0, Vec::new());
    let mut town = Town::idle();
    for one in walk(&town.owner()).iter().filter(|one| one.writes() && !is_open(one) && !moves_nothing(&one.id)) {
        let owner = town.owner();
        let path = filled(one, |segment, name| match name {
            "key" => "ext:test".into(),
            "value" => one.id.clone(),
            _ => {
                let made = make_one(&owner, segment, &one.name());
                if let Some(delete) = made.delete.filter(|_| one.id.starts_with("restore_")) {
                    owner.delete(&delete).is(204);
                }
                made.id
            }
        });
        let answer = match one.id.strip_prefix("batch_") {
            Some(nouns) => owner.post(&path, json!({"items": [{"op": "create", "data": one_of(&owner, nouns)}]})),
            None => call(&owner, one, &path),
        };
        if answer.status >= 300 {
            continue;
        }
        done += 1;
        let rows = town.database.count(&format!(
            "SELECT count(*) FROM audit_log WHERE request_id = '{}' AND address = '127.0.0.1' AND session_id IS NOT NULL",
            answer.header("x-request-id")
        ));
        if rows == 0 {
            silent.push(one.name());
        }
        if ["logout", "revoke_session"].contains(&one.id.as_str()) {
            town = Town::idle();
        }
    }
    assert!(silent.is_empty(), "they leave nothing in the audit trail: {silent:#?}");
    assert!(done > 30, "{done}");
}
