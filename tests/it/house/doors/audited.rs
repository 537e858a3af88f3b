//! Everything that changes something leaves a row in the audit trail: who, from where, by which request.
use super::ids::make_one;
use super::{call, filled, is_open, walk};
use crate::support::{Client, Town, Value, json, make};

/// What only asks, though it is a POST; and what finds nothing to do: no other session, no factor, no such
/// role, an endpoint that is enabled, a record that is not followed, a calendar without a link, a task or a lead that is
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
            "assign_leads",
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
        "pools" => {
            let queue = client.post("/v1/queues", json!({"display_name": "In a batch"})).created();
            json!({"name": "In a batch", "queue_id": queue["id"]})
        }
        "labels" => json!({"key": "in_a_batch", "name": "In a batch"}),
        "segmentations" => json!({"key": "in_a_batch", "name": "In a batch", "kind": "rfm"}),
        "orders" => json!({"currency": "USD"}),
        "activities" => json!({"kind": "note"}),
        "price_books" => json!({"name": "In a batch", "currency": "USD"}),
        "tasks" => json!({"subject": "In a batch"}),
        "segments" => json!({"name": "In a batch", "resource": "contact", "kind": "static"}),
        "quotas" => json!({"period": "1999", "amount": {"amount": "1.00", "currency": "USD"}}),
        "exchange_rates" => json!({"from_currency": "GBP", "valid_on": "2026-01-01", "rate": "1.2"}),
        "quotes" => json!({"currency": "USD"}),
        "contracts" => json!({"title": "x", "value": {"amount": "1.00", "currency": "USD"}}),
        "payments" => json!({"amount": {"amount": "1.00", "currency": "USD"}}),
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
