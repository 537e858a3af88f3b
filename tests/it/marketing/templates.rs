//! Templates are looked through when they are written, and filled in with what the caller sees.
use crate::support::{Smtp, Town, json, make};

#[test]
fn what_cannot_be_filled_in_is_refused_at_its_place() {
    let town = Town::start();
    let owner = town.owner();
    let body = |html: &str| {
        json!({"name": "x", "channel": "email", "default_locale": "en", "variables": [],
            "variants": [{"locale": "en", "subject": "hello", "html": html}]})
    };
    for bad in ["{{ contact.email }}", "{{", "{% include 'x' %}", "{% set a = 1 %}"] {
        let refused = owner.post("/v1/templates", body(bad)).refused(422, "template_broken");
        assert_eq!(refused["errors"][0]["pointer"], "/variants/0/html", "{bad}");
    }
    let mut silent = body("<p>hello</p>");
    silent["variants"][0]["subject"] = json!(null);
    silent["default_locale"] = json!("fr");
    let refused = owner.post("/v1/templates", &silent).refused(422, "invalid");
    assert_eq!(refused["errors"].as_array().unwrap().len(), 2, "{refused}");
    let made = owner.post("/v1/templates", body("<p>hello</p>")).created();
    owner.post("/v1/templates", body("<p>hello</p>")).refused(409, "template_name_taken");
    let place = format!("/v1/templates/{}", make::id(&made, "id"));
    owner
        .patch(&place, json!({"variants": [{"locale": "en", "subject": "{{ x }}", "text": "x"}]}))
        .refused(422, "template_broken");
    owner.patch(&place, json!({"channel": "sms"})).refused(422, "invalid");
}

#[test]
fn a_preview_is_what_the_contact_would_get() {
    let town = Town::start();
    let owner = town.owner();
    let text = |locale: &str, text: &str| json!({"locale": locale, "subject": text, "text": text});
    let template = make::template(
        &owner,
        json!({"variants": [text("en", "Dear {{ contact.given_name }}"),
        text("zh-Hans", "您好 {{ contact.given_name }}")]}),
    );
    let place = format!("/v1/templates/{}/preview", make::id(&template, "id"));
    let contact = make::contact(&owner, json!({"given_name": "<b>{{7*7}}", "locale": "zh-CN"}));
    let shown = owner.post(&place, json!({"contact_id": contact["id"]})).ok();
    assert_eq!((&shown["locale"], &shown["text"]), (&json!("zh-Hans"), &json!("您好 <b>{{7*7}}")));
    let english = owner.post(&place, json!({"contact_id": contact["id"], "locale": "en-GB"})).ok();
    assert_eq!(english["locale"], "en");
    assert_eq!(owner.post(&place, json!({})).ok()["text"], "Dear friend");
    owner.post(&place, json!({"contact_id": make::id(&template, "id")})).refused(422, "unknown_reference");
}

#[test]
fn a_test_goes_to_whoever_asks() {
    let smtp = Smtp::start();
    let town = Town::mailing(&smtp);
    let owner = town.owner();
    let template = make::template(&owner, json!({}));
    let contact = make::contact(&owner, json!({"given_name": "Wei", "email": "wei@x.example"}));
    let place = format!("/v1/templates/{}/test-send", make::id(&template, "id"));
    owner.post(&place, json!({"contact_id": contact["id"]})).is(202);
    let me = owner.get("/v1/me").ok();
    let letter = smtp.letters(me["user"]["email"].as_str().unwrap(), 1).remove(0);
    assert!(letter.head.contains("Hello Wei"), "{}", letter.head);
    assert!(smtp.kept().iter().all(|mail| mail.to != "wei@x.example"));
}

#[test]
fn where_there_is_no_mail_there_is_no_test() {
    let town = Town::start();
    let owner = town.owner();
    let place = format!("/v1/templates/{}/test-send", make::id(&make::template(&owner, json!({})), "id"));
    owner.post(&place, json!({})).refused(409, "mail_not_configured");
}
