//! What is answered at once.
use super::case_mails::{mail, put};
use crate::support::{Smtp, Town, Value, json, make};

#[test]
fn whoever_opens_a_case_is_answered_once_in_their_language() {
    let smtp = Smtp::start();
    let town = Town::mailing(&smtp);
    let owner = town.owner();
    make::case_inbox(&owner, json!({"address": "help@house.example"}));
    let text = |locale: &str, subject: &str| json!({"locale": locale, "subject": subject, "body": "{{case.number}} {{case.subject}}"});
    make::auto_reply_rule(&owner, json!({"position": 1, "filter": "priority == \"urgent\""}));
    make::auto_reply_rule(
        &owner,
        json!({"position": 2, "texts": [text("en", "We have it"), text("zh-Hans", "已收到")]}),
    );
    make::contact(&owner, json!({"email": "wang@x.example", "locale": "zh-CN"}));
    let first = |from: &str, id: u8, more: &str| {
        let head = format!(
            "From: {from}\nTo: help@house.example\nMessage-ID: <{id}@x.example>\nSubject: {{{{tenant.name}}}}{more}"
        );
        put(&owner, &mail(&head, "Hello"));
    };
    first("ada@x.example", 1, "");
    let letter = smtp.letters("ada@x.example", 1).remove(0);
    assert!(letter.head.to_lowercase().contains("auto-submitted: auto-replied"), "{}", letter.head);
    // what somebody has written is no place
    assert!(letter.text.contains("1 {{tenant.name}}"), "{}", letter.text);
    first("wang@x.example", 2, "");
    smtp.letters("wang@x.example", 1);
    // neither what belongs to a case, nor what a program or a list has sent
    first("ada@x.example", 3, "\nIn-Reply-To: <1@x.example>");
    for (id, more) in
        [(4, "\nAuto-Submitted: auto-replied"), (5, "\nPrecedence: bulk"), (6, "\nList-Id: <l.x.example>")]
    {
        first("robot@x.example", id, more);
    }
    first("mailer-daemon@x.example", 7, "");
    // and so often a day at most
    for id in 10..20 {
        first("eve@x.example", id, "");
    }
    smtp.letters("eve@x.example", 3);
    std::thread::sleep(std::time::Duration::from_secs(2));
    let to = |address: &str| smtp.kept().iter().filter(|letter| letter.to == address).count();
    assert_eq!(
        [to("ada@x.example"), to("robot@x.example"), to("mailer-daemon@x.example"), to("eve@x.example")],
        [1, 0, 0, 3]
    );
}

#[test]
fn a_rule_names_places_and_languages_that_there_are() {
    let town = Town::idle();
    let owner = town.owner();
    let rule = |texts: Value| owner.post("/v1/auto-reply-rules", json!({"name": "x", "texts": texts}));
    let text = |locale: &str, body: &str| json!({"locale": locale, "subject": "x", "body": body});
    rule(json!([])).refused(422, "invalid");
    rule(json!([text("fr", "x")])).refused(422, "invalid");
    rule(json!([text("en", "x"), text("en", "y")])).refused(422, "invalid");
    rule(json!([text("en", "{{contact.password}}")])).refused(422, "invalid");
    let filter = json!({"name": "x", "filter": "nothing == 1", "texts": [text("en", "x")]});
    owner.post("/v1/auto-reply-rules", filter).refused(422, "invalid");
}
