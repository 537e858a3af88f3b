//! Records of the service wing.
use super::{Value, fresh, id, json, with};
use crate::support::Client;

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
