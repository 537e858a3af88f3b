//! What a company demands of a deal on its way, and how it goes on once that is there.
use super::{Scene, money, place};
use crate::support::{Value, json, make};

/// Before anybody comes: where stages lead and what they demand, what may be given away, and what money is worth.
pub fn laid_down(scene: &Scene) {
    let owner = scene.owner();
    let stages = make::stages(&owner, None);
    let stage = |key: &str| format!("/v1/stages/{}", stages[key]);
    owner.patch(&stage("prospecting"), json!({"transitions": ["proposal", "closed_lost"]})).ok();
    owner.patch(&stage("proposal"), json!({"required_fields": ["amount", "next_step"]})).ok();
    owner.patch("/v1/tenant", json!({"quote_approval_discount": "0.03"})).ok();
    let rate = json!({"from_currency": "CNY", "valid_on": "2020-01-01", "rate": "0.14"});
    owner.post("/v1/exchange-rates", rate).created();
}

/// Where no way leads nothing goes; where something is missing, all of it is named, whichever way somebody comes.
pub fn demanded(scene: &Scene, done: &Value) {
    let seller = scene.seller();
    let stages = make::stages(&seller, None);
    let path = place("opportunities", done, "opportunity_id");
    let before = seller.get(&path).ok();
    assert_eq!((&before["stage_id"], &before["amount"]), (&json!(stages["prospecting"]), &Value::Null));
    let transition = format!("{path}/transition");
    let straight = json!({"stage_id": stages["closed_won"]});
    seller.post(&transition, straight).refused(409, "opportunity_transition_refused");
    let on = json!({"stage_id": stages["proposal"]});
    let ways = [seller.post(&transition, &on), seller.patch(&path, &on), seller.post(&format!("{path}/move"), &on)];
    for refused in ways {
        refused.refused(422, "invalid");
        assert_eq!(refused.pointers(), ["/amount", "/next_step"], "{}", refused.request);
    }
    assert_eq!(seller.get(&path).ok(), before, "what is refused changes nothing");
    let filled = json!({"amount": money("12000.00", "CNY"), "next_step": "寄样品，随后报价"});
    let there = seller.post(&transition, make::with(on, filled)).ok();
    assert_eq!((&there["probability"], &there["base_amount"]), (&json!(60), &money("1680.00", "USD")));
    let been = seller.get(&format!("{path}/stage-history")).ok();
    let last = &been[1];
    assert_eq!((&last["from_stage"], &last["to_stage"]), (&json!("prospecting"), &json!("proposal")), "{been}");
    assert!(last["duration_seconds"].is_i64() && been[2].is_null(), "{been}");
}

pub fn goes_on(scene: &Scene, done: &Value, stage: &str) {
    let seller = scene.seller();
    let stages = make::stages(&seller, None);
    let path = place("opportunities", done, "opportunity_id");
    let now = seller.post(&format!("{path}/transition"), json!({"stage_id": stages[stage]})).ok();
    assert_eq!((&now["stage_id"], now["closed_at"].is_string()), (&json!(stages[stage]), stage == "closed_won"));
}
