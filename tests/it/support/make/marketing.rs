//! Records of the marketing wing.
use super::{contact, id, with};
use crate::support::{Client, Town, Value, fresh, json};

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

#[track_caller]
pub fn marketing_plan(client: &Client, extra: Value) -> Value {
    let period = json!({"name": fresh("Plan "), "start_on": "2027-01-01", "end_on": "2027-03-31", "currency": "USD"});
    client.post("/v1/marketing-plans", with(period, extra)).created()
}

#[track_caller]
pub fn campaign(client: &Client, extra: Value) -> Value {
    let basis = json!({"name": fresh("Campaign "), "campaign_type": "email", "currency": "USD"});
    client.post("/v1/campaigns", with(basis, extra)).created()
}

/// A member of a campaign of its own.
#[track_caller]
pub fn campaign_member(client: &Client, extra: Value) -> Value {
    let basis = json!({"contact_id": contact(client, json!({}))["id"]});
    let place = format!("/v1/campaigns/{}/members", id(&campaign(client, json!({})), "id"));
    client.post(&place, with(basis, extra)).created()
}

/// A greeting, with the name of whoever reads it.
#[track_caller]
pub fn template(client: &Client, extra: Value) -> Value {
    let variant = json!({"locale": "en", "subject": "Hello {{ contact.given_name }}",
        "html": "<p>Hello {{ contact.given_name }}, <a href=\"https://www.example.com/spring\">look</a></p>",
        "text": "Hello {{ contact.given_name }}"});
    let basis = json!({"name": fresh("Template "), "channel": "email", "default_locale": "en", "variants": [variant],
        "variables": [{"name": "contact.given_name", "fallback": "friend"}]});
    client.post("/v1/templates", with(basis, extra)).created()
}

#[track_caller]
pub fn suppression(client: &Client, extra: Value) -> Value {
    let basis = json!({"channel": "email", "address": format!("{}@example.com", fresh("nobody"))});
    client.post("/v1/suppressions", with(basis, extra)).created()
}

/// A static segment of these contacts.
#[track_caller]
pub fn segment_of(client: &Client, contacts: &[&Value]) -> Value {
    let segment = client
        .post("/v1/segments", json!({"name": fresh("Segment "), "resource": "contact", "kind": "static"}))
        .created();
    if !contacts.is_empty() {
        let ids: Vec<String> = contacts.iter().map(|one| id(one, "id")).collect();
        let place = format!("/v1/segments/{}/members", id(&segment, "id"));
        client.post(&place, json!({"op": "add", "ids": ids})).ok();
    }
    segment
}

/// A draft to nobody, of a campaign of its own.
#[track_caller]
pub fn send(client: &Client, extra: Value) -> Value {
    let segment = segment_of(client, &[]);
    let basis = json!({"name": fresh("Send "), "channel": "email", "purpose": "newsletter",
        "template_id": template(client, json!({}))["id"], "segment_ids": [segment["id"]]});
    let place = format!("/v1/campaigns/{}/sends", id(&campaign(client, json!({})), "id"));
    client.post(&place, with(basis, extra)).created()
}

/// The delivery of something to a contact who complained of it; a worker would have written it so.
pub fn mailed(town: &Town, contact: &str) -> String {
    let send = send(&town.owner(), json!({}));
    let (send, campaign) = (id(&send, "id"), id(&send, "campaign_id"));
    let place = format!("/v1/campaigns/{campaign}/members");
    town.owner().post(&place, json!({"contact_id": contact})).created();
    town.database.run(&format!(
        "INSERT INTO deliveries (tenant_id, id, send_id, campaign_id, contact_id, channel, purpose, address, status, due_at,
             sent_at, created_at, updated_at)
         SELECT tenant_id, gen_random_uuid(), id, campaign_id, '{contact}', channel, purpose, 'somebody@x.example', 'sent',
             now(), now(), now(), now() FROM sends WHERE id = '{send}'"
    ));
    town.database.run(&format!(
        "INSERT INTO delivery_events (tenant_id, id, delivery_id, kind, occurred_at, last_at)
         SELECT tenant_id, gen_random_uuid(), id, 'complaint', now(), now() FROM deliveries WHERE send_id = '{send}'"
    ));
    town.database.run(&format!(
        "INSERT INTO suppressions (tenant_id, id, channel, address, address_hash, contact_id, reason, note, created_at,
             updated_at, created_by, updated_by)
         SELECT tenant_id, gen_random_uuid(), 'email', 'somebody@x.example', sha256(id::text::bytea), '{contact}',
             'complaint', 'a note', now(), now(), created_by, updated_by FROM contacts WHERE id = '{contact}'"
    ));
    town.database.text(&format!("SELECT id::text FROM deliveries WHERE send_id = '{send}'"))
}
