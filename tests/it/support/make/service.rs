//! Records of the service wing.
use super::{id, user, with};
use crate::support::{Client, Value, fresh, json};

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

#[track_caller]
pub fn case(client: &Client, extra: Value) -> Value {
    client.post("/v1/cases", with(json!({"subject": fresh("Case ")}), extra)).created()
}

/// Something that is said about a case, and stays inside.
#[track_caller]
pub fn case_message(client: &Client, case: &Value, extra: Value) -> Value {
    let basis = json!({"body": "Noted.", "visibility": "internal"});
    client.post(&format!("/v1/cases/{}/messages", super::id(case, "id")), with(basis, extra)).created()
}

#[track_caller]
pub fn case_category(client: &Client, extra: Value) -> Value {
    client.post("/v1/case-categories", with(json!({"name": fresh("Category ")}), extra)).created()
}

#[track_caller]
pub fn case_inbox(client: &Client, extra: Value) -> Value {
    let basis = json!({"address": format!("{}@example.com", fresh("help").to_lowercase()), "name": "Help"});
    client.post("/v1/case-inboxes", with(basis, extra)).created()
}

#[track_caller]
pub fn auto_reply_rule(client: &Client, extra: Value) -> Value {
    let text = json!({"locale": "en", "subject": "We have it", "body": "This is case {{case.number}}."});
    client.post("/v1/auto-reply-rules", with(json!({"name": fresh("Rule "), "texts": [text]}), extra)).created()
}

/// One that is always open.
#[track_caller]
pub fn business_calendar(client: &Client, extra: Value) -> Value {
    let day = json!([{"start": "00:00", "end": "24:00"}]);
    let week = json!({"monday": day, "tuesday": day, "wednesday": day, "thursday": day, "friday": day,
        "saturday": day, "sunday": day});
    let basis = json!({"name": fresh("Calendar "), "time_zone": "UTC", "weekly": week});
    client.post("/v1/business-calendars", with(basis, extra)).created()
}

#[track_caller]
pub fn sla_policy(client: &Client, extra: Value) -> Value {
    let targets = json!([{"metric": "first_response", "minutes": 60}, {"metric": "resolution", "minutes": 1440}]);
    let basis = json!({"name": fresh("Policy "), "targets": targets});
    client.post("/v1/sla-policies", with(basis, extra)).created()
}

#[track_caller]
pub fn escalation_rule(client: &Client, extra: Value) -> Value {
    let basis = json!({"name": fresh("Rule "), "metric": "first_response", "after_minutes": 0,
        "actions": {"notify_owner": true}});
    client.post("/v1/escalation-rules", with(basis, extra)).created()
}

/// A portal that visitors read, in English and Chinese.
#[track_caller]
pub fn kb_portal(client: &Client, extra: Value) -> Value {
    let basis = json!({"slug": fresh("portal-"), "name": "Help", "default_locale": "en", "locales": ["en", "zh-Hans"],
        "is_public": true});
    client.post("/v1/kb-portals", with(basis, extra)).created()
}

#[track_caller]
pub fn kb_category(client: &Client, portal: &Value, extra: Value) -> Value {
    let basis = json!({"portal_id": portal["id"], "slug": fresh("category-"), "name": "Billing"});
    client.post("/v1/kb-categories", with(basis, extra)).created()
}

/// An article with a draft.
#[track_caller]
pub fn kb_article(client: &Client, portal: &Value, extra: Value) -> Value {
    let basis = json!({"portal_id": portal["id"], "slug": fresh("article-"), "title": "Refunds",
        "body": "# Refunds\n\nClick **Refund** within 30 days."});
    client.post("/v1/kb-articles", with(basis, extra)).created()
}

/// The newest version of an article.
#[track_caller]
pub fn kb_version(client: &Client, article: &Value) -> Value {
    client.get(&format!("/v1/kb-articles/{}/versions", id(article, "id"))).ok()[0].clone()
}

/// An article that visitors read.
#[track_caller]
pub fn kb_published(client: &Client, portal: &Value, extra: Value) -> Value {
    let article = kb_article(client, portal, extra);
    let draft = id(&kb_version(client, &article), "id");
    client.act(&format!("/v1/kb-article-versions/{draft}/publish")).ok();
    client.get(&format!("/v1/kb-articles/{}", id(&article, "id"))).ok()
}

/// What a visitor has said of an article.
#[track_caller]
pub fn kb_feedback(client: &Client, extra: Value) -> Value {
    let portal = kb_portal(client, json!({}));
    let article = kb_published(client, &portal, json!({}));
    let place = format!("/kb/{}/en/articles/{}/feedback", id(&portal, "slug"), id(&article, "slug"));
    let basis = json!({"is_helpful": false, "visitor": fresh("a-visitor-of-the-portal-")});
    client.nobody().post(&place, with(basis, extra)).ok();
    let filter = crate::support::encoded(&format!("article_id == \"{}\"", id(&article, "id")));
    client.get(&format!("/v1/kb-feedback?filter={filter}")).ok()["data"][0].clone()
}

#[track_caller]
pub fn canned_response(client: &Client, extra: Value) -> Value {
    let basis = json!({"short_code": fresh("code-"), "title": "Greeting",
        "texts": {"en": "Dear {{contact.given_name}},", "zh-Hans": "{{contact.display_name}}，您好！"}});
    client.post("/v1/canned-responses", with(basis, extra)).created()
}

#[track_caller]
pub fn survey(client: &Client, extra: Value) -> Value {
    let basis = json!({"name": fresh("Survey "), "kind": "csat", "subjects": {"en": "How was it?", "zh-Hans": "请评价"},
        "questions": {"en": "Are you content?", "zh-Hans": "您满意吗？"}, "thanks": {"en": "Thank you!"}});
    client.post("/v1/surveys", with(basis, extra)).created()
}

/// Somebody is asked.
#[track_caller]
pub fn survey_response(client: &Client, extra: Value) -> Value {
    let contact = super::contact(client, json!({"email": format!("{}@example.com", fresh("asked"))}));
    let place = format!("/v1/surveys/{}/responses", id(&survey(client, json!({})), "id"));
    client.post(&place, with(json!({"contact_id": contact["id"]}), extra)).created()
}

#[track_caller]
pub fn case_macro(client: &Client, extra: Value) -> Value {
    let basis = json!({"name": fresh("Macro "), "actions": [{"kind": "set", "fields": {"priority": "low"}}]});
    client.post("/v1/macros", with(basis, extra)).created()
}
