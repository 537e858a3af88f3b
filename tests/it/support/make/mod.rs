//! Records of every sort, with as little said of them as will do. Each maker gives the record as it was answered.
mod analytics;
mod marketing;
mod service;

pub use analytics::*;
pub use marketing::*;
pub use service::*;

use super::{Client, Value, fresh, json};

/// `extra` over `basis`.
pub fn with(basis: Value, extra: Value) -> Value {
    let mut all = basis;
    for (name, value) in extra.as_object().into_iter().flatten() {
        all[name] = value.clone();
    }
    all
}

#[track_caller]
pub fn contact(client: &Client, extra: Value) -> Value {
    client.post("/v1/contacts?duplicates=allow", with(json!({"display_name": fresh("Contact ")}), extra)).created()
}

#[track_caller]
pub fn account(client: &Client, extra: Value) -> Value {
    client.post("/v1/accounts?duplicates=allow", with(json!({"name": fresh("Account ")}), extra)).created()
}

/// Somebody who is an account: that, whose contact is its `person_id`.
#[track_caller]
pub fn person(client: &Client, extra: Value) -> Value {
    let person = with(json!({"display_name": fresh("Person ")}), extra);
    client.post("/v1/accounts?duplicates=allow", json!({"person": person})).created()
}

/// A passport of a contact, or of an account.
#[track_caller]
pub fn identifier(client: &Client, parents: &str, parent: &Value) -> Value {
    let number = json!({"kind": "passport", "value": fresh("PASSPORT")});
    client.post(&format!("/v1/{parents}/{}/identifiers", id(parent, "id")), number).created()
}

/// An address of a contact, or of an account.
#[track_caller]
pub fn address(client: &Client, parents: &str, parent: &Value, extra: Value) -> Value {
    let basis = json!({"kind": "shipping", "country": "CN", "region": "上海市", "city": "上海市", "district": "黄浦区",
        "street": "南京东路100号"});
    client.post(&format!("/v1/{parents}/{}/addresses", id(parent, "id")), with(basis, extra)).created()
}

#[track_caller]
pub fn product(client: &Client, extra: Value) -> Value {
    let basis = json!({"sku": fresh("SKU-"), "name": "Tea", "unit_price": {"amount": "12.50", "currency": "USD"}});
    client.post("/v1/products", with(basis, extra)).created()
}

#[track_caller]
pub fn price_book(client: &Client, extra: Value) -> Value {
    client.post("/v1/price-books", with(json!({"name": fresh("Book "), "currency": "USD"}), extra)).created()
}

#[track_caller]
pub fn order(client: &Client, extra: Value) -> Value {
    let line = json!({"name": "Tea", "quantity": "2", "unit_price": "12.50"});
    client.post("/v1/orders", with(json!({"currency": "USD", "lines": [line]}), extra)).created()
}

#[track_caller]
pub fn opportunity(client: &Client, extra: Value) -> Value {
    let basis = json!({"name": fresh("Deal "), "amount": {"amount": "1000.00", "currency": "USD"}});
    client.post("/v1/opportunities", with(basis, extra)).created()
}

#[track_caller]
pub fn quote(client: &Client, extra: Value) -> Value {
    let line = json!({"name": "Tea", "quantity": "2", "unit_price": "12.50", "tax_rate": "0.13"});
    client.post("/v1/quotes", with(json!({"currency": "USD", "lines": [line]}), extra)).created()
}

#[track_caller]
pub fn contract(client: &Client, extra: Value) -> Value {
    let basis = json!({"title": fresh("Contract "), "value": {"amount": "1000.00", "currency": "USD"}});
    client.post("/v1/contracts", with(basis, extra)).created()
}

#[track_caller]
pub fn payment(client: &Client, extra: Value) -> Value {
    client.post("/v1/payments", with(json!({"amount": {"amount": "100.00", "currency": "USD"}}), extra)).created()
}

#[track_caller]
pub fn lead(client: &Client, extra: Value) -> Value {
    client.post("/v1/leads?duplicates=allow", with(json!({"display_name": fresh("Lead ")}), extra)).created()
}

/// A rule by which all leads are the caller's.
#[track_caller]
pub fn assignment_rule(client: &Client, extra: Value) -> Value {
    let me = client.get("/v1/me").ok();
    let members = json!([{"user_id": me["user"]["id"]}]);
    let basis = json!({"name": fresh("Rule "), "position": 10, "strategy": "round_robin", "members": members});
    client.post("/v1/assignment-rules", with(basis, extra)).created()
}

/// All of the market, which nobody looks after.
#[track_caller]
pub fn territory(client: &Client, extra: Value) -> Value {
    client.post("/v1/territories", with(json!({"name": fresh("Territory ")}), extra)).created()
}

/// A pool of a queue that nobody serves yet.
#[track_caller]
pub fn pool(client: &Client, extra: Value) -> Value {
    let queue = client.post("/v1/queues", json!({"display_name": fresh("Queue ")})).created();
    client.post("/v1/pools", with(json!({"name": fresh("Pool "), "queue_id": queue["id"]}), extra)).created()
}

/// A rule that gives points to what came from a form.
#[track_caller]
pub fn lead_score_rule(client: &Client, extra: Value) -> Value {
    let basis = json!({"name": fresh("Rule "), "filter": "source == \"form\"", "points": 20});
    client.post("/v1/lead-score-rules", with(basis, extra)).created()
}

/// A pipeline of a stage of each kind, and one more that is open.
#[track_caller]
pub fn pipeline(client: &Client, extra: Value) -> Value {
    let stages = json!([{"key": "begun", "name": "Begun", "kind": "open", "probability": 20},
        {"key": "talked", "name": "Talked", "kind": "open", "probability": 50},
        {"key": "won", "name": "Won", "kind": "won"}, {"key": "lost", "name": "Lost", "kind": "lost"}]);
    client.post("/v1/pipelines", with(json!({"name": fresh("Pipeline "), "stages": stages}), extra)).created()
}

/// The stages of a pipeline, or of the default one, by their keys.
#[track_caller]
pub fn stages(client: &Client, pipeline: Option<&Value>) -> std::collections::BTreeMap<String, String> {
    let here = match pipeline {
        Some(pipeline) => id(pipeline, "id"),
        None => id(&client.get("/v1/pipelines?is_default=true").ok()["data"][0], "id"),
    };
    let all = client.get(&format!("/v1/pipelines/{here}/stages")).ok();
    all.as_array().unwrap().iter().map(|stage| (id(stage, "key"), id(stage, "id"))).collect()
}

/// A mail that somebody has put in.
#[track_caller]
pub fn email(client: &Client, extra: Value) -> Value {
    let head =
        format!("From: Ada <ada@example.com>\r\nTo: sales@example.com\r\nMessage-ID: <{}@example.com>\r\n", fresh("m"));
    let mime = base64(format!("{head}Subject: Hello\r\n\r\nHello!\r\n").as_bytes());
    client.post("/v1/email-messages", with(json!({"mime": mime}), extra)).created()
}

/// A call that was made.
#[track_caller]
pub fn activity(client: &Client, extra: Value) -> Value {
    client.post("/v1/activities", with(json!({"kind": "call", "subject": fresh("Call ")}), extra)).created()
}

#[track_caller]
pub fn task(client: &Client, extra: Value) -> Value {
    client.post("/v1/tasks", with(json!({"subject": fresh("Task ")}), extra)).created()
}

#[track_caller]
pub fn tag(client: &Client, extra: Value) -> Value {
    client.post("/v1/tags", with(json!({"name": fresh("Tag ")}), extra)).created()
}

pub fn segment(client: &Client, extra: Value) -> Value {
    let new = json!({"name": fresh("Segment "), "resource": "contact", "kind": "dynamic", "filter": "do_not_contact"});
    client.post("/v1/segments", with(new, extra)).created()
}

pub fn base64(bytes: &[u8]) -> String {
    use base64::Engine;
    base64::prelude::BASE64_STANDARD.encode(bytes)
}

#[track_caller]
pub fn user(client: &Client, extra: Value) -> Value {
    let basis = json!({"email": format!("{}@town.example", fresh("someone")), "display_name": "Someone"});
    client.post("/v1/users", with(basis, extra)).created()
}

#[track_caller]
pub fn role(client: &Client, permissions: &[(&str, &str, &str)]) -> Value {
    let one =
        |&(object, action, reach): &(&str, &str, &str)| json!({"object": object, "action": action, "reach": reach});
    let permissions: Vec<Value> = permissions.iter().map(one).collect();
    client.post("/v1/roles", json!({"name": fresh("Role "), "permissions": permissions})).created()
}

/// Somebody who has exactly these permissions, and is logged in.
#[track_caller]
pub fn holder(town: &super::Town, permissions: &[(&str, &str, &str)]) -> Client {
    let owner = town.owner();
    let role = role(&owner, permissions);
    let password = super::people::PASSWORD;
    let user = user(&owner, json!({"password": password, "role_ids": [role["id"]]}));
    let login = json!({"email": user["email"], "password": password});
    let tokens = town.anonymous().post("/v1/auth/login", login).ok();
    town.anonymous().bearing(id(&tokens, "access_token"))
}

/// A member as text.
#[track_caller]
pub fn id(record: &Value, member: &str) -> String {
    record[member].as_str().unwrap_or_else(|| panic!("{record} has no {member}")).to_owned()
}

/// A yes to the newsletter by e-mail.
#[track_caller]
pub fn consent(client: &Client, extra: Value) -> Value {
    let mut new = with(json!({"purpose": "newsletter", "channel": "email", "status": "granted"}), extra);
    if new["contact_id"].is_null() {
        new["contact_id"] = contact(client, json!({}))["id"].clone();
    }
    client.post("/v1/consents", new).created()
}

/// A form for the newsletter that anybody may fill in at once.
#[track_caller]
pub fn form(client: &Client, extra: Value) -> Value {
    let text = |text: &str| json!({"en": text, "zh-Hans": format!("{text}（中文）")});
    let agreed =
        json!({"purpose": "newsletter", "channel": "email", "version": "3", "wording": text("Yes, write to me.")});
    let fields = json!([
        {"key": "name", "kind": "text", "label": text("Name"), "target": "contact.display_name", "max_length": 100},
        {"key": "mail", "kind": "email", "label": text("E-mail"), "is_required": true, "target": "contact.email"},
        {"key": "job", "kind": "text", "label": text("Job"), "target": "contact.job_title"},
        {"key": "size", "kind": "choice", "label": text("Size"), "options": [{"key": "s"}, {"key": "m"}]},
        {"key": "news", "kind": "consent", "label": text("Newsletter"), "consent": agreed},
    ]);
    let basis = json!({"name": fresh("Form "), "status": "published", "fields": fields, "least_seconds": 0,
        "thank_you": text("Thank you!")});
    client.post("/v1/forms", with(basis, extra)).created()
}

/// What somebody fills into a form.
#[track_caller]
pub fn submission(anybody: &Client, form: &str, answers: Value) -> super::Answer {
    let shown = anybody.get(&format!("/f/{form}")).ok();
    anybody.post(&format!("/f/{form}"), json!({"token": shown["token"], "answers": answers}))
}

/// Many records at once, through the batch.
#[track_caller]
pub fn many(client: &Client, resource: &str, records: impl IntoIterator<Item = Value>) -> Vec<Value> {
    let items: Vec<Value> = records.into_iter().map(|data| json!({"op": "create", "data": data})).collect();
    let mut made = Vec::new();
    for items in items.chunks(1000) {
        let done = client.post(&format!("/v1/{resource}/batch"), json!({"items": items})).ok();
        made.extend(done["results"].as_array().unwrap().iter().map(|result| result["data"].clone()));
    }
    made
}

/// Somebody in place of a person: owns what they own, is where they are, and sees contacts as far as `reach`.
#[track_caller]
pub fn reaching(town: &super::Town, person: super::Person, reach: &str) -> Client {
    let owner = town.owner();
    let role = role(&owner, &[("contact", "read", reach)]);
    let path = format!("/v1/users/{}/roles", town.user(person));
    for old in owner.get(&path).ok().as_array().unwrap() {
        owner.delete(&format!("{path}/{}", id(old, "id"))).ok();
    }
    owner.put(&format!("{path}/{}", id(&role, "id")), json!({})).ok();
    // what a caller may do is known for a few seconds: a new session starts afresh
    let login = json!({"email": person.email(), "password": super::people::PASSWORD});
    let tokens = town.anonymous().post("/v1/auth/login", login).ok();
    town.anonymous().bearing(id(&tokens, "access_token"))
}
