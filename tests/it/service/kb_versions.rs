//! How what an article says comes to be read: drafted, put forward, sent back, let through, replaced, brought back.
use crate::support::{Client, Town, Value, json, make};
use std::time::{Duration, Instant};

fn path(version: &Value) -> String {
    format!("/v1/kb-article-versions/{}", make::id(version, "id"))
}

fn article(client: &Client, one: &Value) -> Value {
    client.get(&format!("/v1/kb-articles/{}", make::id(one, "id"))).ok()
}

/// As soon as it is so; the clock looks every five seconds.
#[track_caller]
pub fn soon(what: &str, is: impl Fn() -> bool) {
    let begun = Instant::now();
    while !is() {
        assert!(begun.elapsed() < Duration::from_secs(30), "{what}");
        std::thread::sleep(Duration::from_millis(200));
    }
}

#[test]
fn a_version_goes_its_way() {
    let town = Town::idle();
    let owner = town.owner();
    let portal = make::kb_portal(&owner, json!({}));
    let made = make::kb_article(&owner, &portal, json!({"summary": "In short"}));
    assert_eq!((&made["version_count"], &made["published_locales"]), (&json!(1), &json!([])));
    let draft = make::kb_version(&owner, &made);
    assert_eq!((&draft["status"], &draft["number"], &draft["locale"]), (&json!("draft"), &json!(1), &json!("en")));
    assert!(draft["body_html"].as_str().unwrap().contains("<strong>Refund</strong>"));
    let changed = owner.patch(&path(&draft), json!({"body": "Ask *us*."})).ok();
    assert!(changed["body_html"].as_str().unwrap().contains("<em>us</em>"));
    let sent = owner.act(&format!("{}/submit", path(&draft))).ok();
    assert_eq!((&sent["status"], sent["submitted_at"].is_string()), (&json!("in_review"), true));
    owner.patch(&path(&draft), json!({"title": "Other"})).refused(409, "kb_article_version_fixed");
    owner.delete(&path(&draft)).refused(409, "kb_article_version_fixed");
    let back = owner.post(&format!("{}/reject", path(&draft)), json!({"rejection_reason": "Too short"})).ok();
    assert_eq!((&back["status"], &back["rejection_reason"]), (&json!("draft"), &json!("Too short")));
    let again = owner.act(&format!("{}/submit", path(&draft))).ok();
    assert_eq!(again["rejection_reason"], Value::Null);
    let out = owner.act(&format!("{}/publish", path(&draft))).ok();
    assert_eq!((&out["status"], out["published_at"].is_string()), (&json!("published"), true));
    assert_eq!(article(&owner, &made)["published_locales"], json!(["en"]));
    owner.act(&format!("{}/submit", path(&draft))).refused(409, "kb_article_version_transition_refused");
    let gone = owner.act(&format!("{}/archive", path(&draft))).ok();
    assert_eq!((&gone["status"], gone["archived_at"].is_string()), (&json!("archived"), true));
    assert_eq!(article(&owner, &made)["published_locales"], json!([]));
}

#[test]
fn one_version_of_a_language_is_published_and_an_old_one_comes_back_as_a_draft() {
    let town = Town::idle();
    let owner = town.owner();
    let portal = make::kb_portal(&owner, json!({}));
    let one = make::kb_published(&owner, &portal, json!({"body": "first"}));
    let place = format!("/v1/kb-articles/{}/versions", make::id(&one, "id"));
    let first = make::kb_version(&owner, &one);
    let second = owner.post(&place, json!({"title": "Refunds", "body": "second"})).created();
    owner.act(&format!("{}/publish", path(&second))).ok();
    assert_eq!(owner.get(&path(&first)).ok()["status"], "archived");
    let chinese = owner.post(&place, json!({"locale": "ZH-hans", "title": "退款", "body": "第一"})).created();
    assert_eq!(chinese["locale"], "zh-Hans", "as the portal writes it");
    owner.act(&format!("{}/publish", path(&chinese))).ok();
    assert_eq!(article(&owner, &one)["published_locales"], json!(["en", "zh-Hans"]));
    assert_eq!(owner.post(&place, json!({"locale": "fr", "title": "x", "body": "x"})).pointers(), ["/locale"]);
    let drafted = owner.act(&format!("{}/redraft", path(&first))).created();
    assert_eq!(
        (&drafted["status"], &drafted["number"], &drafted["body"]),
        (&json!("draft"), &json!(4), &json!("first"))
    );
    // a number that was given is given to none again
    owner.delete(&path(&drafted)).is(204);
    assert_eq!(owner.post(&place, json!({"title": "x", "body": "x"})).created()["number"], 5);
    let numbers: Vec<Value> =
        owner.get(&place).ok().as_array().unwrap().iter().map(|one| one["number"].clone()).collect();
    assert_eq!(json!(numbers), json!([5, 3, 2, 1]));
}

#[test]
fn of_many_that_are_published_at_once_one_stays() {
    let town = Town::idle();
    let owner = town.owner();
    let portal = make::kb_portal(&owner, json!({}));
    let one = make::kb_article(&owner, &portal, json!({}));
    let place = format!("/v1/kb-articles/{}/versions", make::id(&one, "id"));
    let drafts: Vec<Value> =
        (0..6).map(|n| owner.post(&place, json!({"title": "x", "body": format!("{n}")})).created()).collect();
    std::thread::scope(|scope| {
        let all: Vec<_> =
            drafts.iter().map(|one| scope.spawn(|| owner.act(&format!("{}/publish", path(one))).ok())).collect();
        all.into_iter().for_each(|one| drop(one.join().unwrap()));
    });
    let statuses: Vec<Value> = drafts.iter().map(|one| owner.get(&path(one)).ok()["status"].clone()).collect();
    assert_eq!(statuses.iter().filter(|status| **status == "published").count(), 1, "{statuses:?}");
}

#[test]
fn who_is_late_changes_nothing() {
    let town = Town::idle();
    let owner = town.owner();
    let portal = make::kb_portal(&owner, json!({}));
    let draft = make::kb_version(&owner, &make::kb_article(&owner, &portal, json!({})));
    owner.if_match(1).patch(&path(&draft), json!({"title": "Once"})).ok();
    owner.if_match(1).patch(&path(&draft), json!({"title": "Twice"})).refused(412, "stale");
    owner.if_match(1).act(&format!("{}/publish", path(&draft))).refused(412, "stale");
    assert_eq!(owner.get(&path(&draft)).ok()["title"], "Once");
}

#[test]
fn the_clock_publishes_and_ends() {
    let town = Town::start();
    let owner = town.owner();
    let portal = make::kb_portal(&owner, json!({}));
    let one = make::kb_article(&owner, &portal, json!({}));
    let draft = make::kb_version(&owner, &one);
    let wrong = json!({"publish_at": "2099-01-02T00:00:00Z", "expires_at": "2099-01-01T00:00:00Z"});
    assert_eq!(owner.patch(&path(&draft), wrong).pointers(), ["/expires_at"]);
    owner.patch(&path(&draft), json!({"publish_at": "2099-01-01T00:00:00Z"})).ok();
    let waits = owner.act(&format!("{}/publish", path(&draft))).ok();
    assert_eq!((&waits["status"], waits["approved_at"].is_string()), (&json!("in_review"), true));
    let id = make::id(&draft, "id");
    town.database.run(&format!("UPDATE kb_article_versions SET publish_at = now() WHERE id = '{id}'"));
    soon("it is published", || owner.get(&path(&draft)).ok()["status"] == "published");
    assert_eq!(article(&owner, &one)["published_locales"], json!(["en"]));
    let read = format!("/kb/{}/en/articles/{}", make::id(&portal, "slug"), make::id(&one, "slug"));
    town.anonymous().get(&read).ok();
    town.database
        .run(&format!("UPDATE kb_article_versions SET publish_at = NULL, expires_at = now() WHERE id = '{id}'"));
    town.anonymous().get(&read).refused(404, "not_found");
    soon("it has run out", || owner.get(&path(&draft)).ok()["status"] == "archived");
    assert_eq!(article(&owner, &one)["published_locales"], json!([]));
}
