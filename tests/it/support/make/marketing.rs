//! Records of the marketing wing.
use super::{id, with};
use crate::support::{Client, Value, fresh, json};

/// A tenth off, as a draft.
#[track_caller]
pub fn promotion(client: &Client, extra: Value) -> Value {
    let basis =
        json!({"code": fresh("PROMO-"), "name": "A tenth off", "kind": "percentage", "benefit": {"rate": "0.1"}});
    client.post("/v1/promotions", with(basis, extra)).created()
}

/// The same, in use.
#[track_caller]
pub fn active_promotion(client: &Client, extra: Value) -> Value {
    let made = promotion(client, extra);
    client.post(&format!("/v1/promotions/{}/transition", id(&made, "id")), json!({"status": "active"})).ok()
}

/// A coupon of a promotion that needs one, and is in use.
#[track_caller]
pub fn coupon(client: &Client, extra: Value) -> Value {
    let mut new = with(json!({"code": fresh("COUPON-")}), extra);
    if new["promotion_id"].is_null() {
        new["promotion_id"] = active_promotion(client, json!({"is_coupon_needed": true}))["id"].clone();
    }
    client.post("/v1/coupons", new).created()
}

/// Held, by a coupon of its own.
#[track_caller]
pub fn redemption(client: &Client, extra: Value) -> Value {
    let code = id(&coupon(client, json!({})), "code");
    let cart = json!({"currency": "USD", "lines": [{"quantity": "2", "unit_price": "12.50"}]});
    let new = with(json!({"cart": cart, "hold_minutes": 60}), extra);
    let made = client.post(&format!("/v1/coupons/{code}/redeem"), new).ok();
    made["redemptions"][0].clone()
}

#[track_caller]
pub fn touchpoint(client: &Client, extra: Value) -> Value {
    let mut new = with(json!({"kind": "click", "campaign": "spring"}), extra);
    if new["contact_id"].is_null() {
        new["contact_id"] = super::contact(client, json!({}))["id"].clone();
    }
    client.post("/v1/touchpoints", new).created()
}
