//! What comes back of mails: their readers follow links, and want no more of them.
use super::sends::{reader, schedule, until};
use crate::support::{Smtp, Town, Value, json, make};

/// A mail that somebody got, and the tokens of its links.
struct Got {
    town: Town,
    contact: Value,
    send: Value,
    page: String,
    head: String,
}

fn got() -> Got {
    let smtp = Smtp::start();
    let town = Town::mailing(&smtp);
    let owner = town.owner();
    let contact = reader(&owner, "wei@x.example");
    let segment = make::segment_of(&owner, &[&contact]);
    let send = make::send(&owner, json!({"segment_ids": [segment["id"]]}));
    schedule(&owner, &send);
    until(&owner, &send, "done");
    let letter = smtp.letters("wei@x.example", 1).remove(0);
    let page = letter.files.iter().map(|(_, bytes)| String::from_utf8_lossy(bytes).into_owned()).collect();
    Got { town, contact, send, page, head: letter.head }
}

/// What stands behind `/u/` and the like.
fn token(text: &str, door: &str) -> String {
    let text: String = text.replace("\n ", "").replace("\r", "");
    let rest = text.split(&format!("https://app.town.example/{door}/")).nth(1).unwrap_or_default();
    rest.chars().take_while(|one| one.is_ascii_alphanumeric() || "-_".contains(*one)).collect()
}

#[test]
fn one_click_unsubscribes_and_a_look_does_not() {
    let got = got();
    let (owner, anybody) = (got.town.owner(), got.town.anonymous());
    let place = format!("/u/{}", token(&got.head, "u"));
    assert_eq!(anybody.get(&place).status, 200);
    assert!(owner.get("/v1/suppressions").ids().is_empty(), "a look changes nothing");
    for _ in 0..2 {
        let form = ("application/x-www-form-urlencoded", b"List-Unsubscribe=One-Click".to_vec());
        assert_eq!(anybody.raw("POST", &place, Some(form)).status, 200);
    }
    let all = owner.get("/v1/suppressions").ok();
    assert_eq!(all["data"].as_array().unwrap().len(), 1, "said twice, it comes to the same");
    let told = ["reason", "purpose", "contact_id"].map(|name| all["data"][0][name].clone());
    assert_eq!(told, [json!("unsubscribed"), json!("newsletter"), got.contact["id"].clone()]);
    assert_eq!(
        got.town.database.count("SELECT count(*) FROM consent_states WHERE channel = 'email' AND status = 'withdrawn'"),
        1
    );
    let report = owner.get(&format!("/v1/sends/{}/report", make::id(&got.send, "id"))).ok();
    assert_eq!(report["unsubscribed"], 1);
    for bad in ["/u/x".to_owned(), format!("{place}x"), place.replace("/u/", "/p/")] {
        anybody.get(&bad).refused(404, "mail_link_invalid");
    }
}

#[test]
fn a_link_leads_where_it_did_in_the_mail_and_is_counted() {
    let got = got();
    let (owner, anybody) = (got.town.owner(), got.town.anonymous());
    let place = format!("/c/{}", token(&got.page, "c"));
    for _ in 0..3 {
        let answer = anybody.get(&place);
        assert_eq!((answer.status, answer.header("location")), (302, "https://www.example.com/spring"));
    }
    assert_eq!(anybody.get(&format!("/o/{}", token(&got.page, "o"))).status, 200);
    let one = owner.get("/v1/deliveries").ids().remove(0);
    let events = owner.get(&format!("/v1/deliveries/{one}/events")).ok();
    let told: Vec<(&str, i64)> = events
        .as_array()
        .unwrap()
        .iter()
        .map(|event| (event["kind"].as_str().unwrap(), event["event_count"].as_i64().unwrap()))
        .collect();
    assert_eq!(told, [("sent", 1), ("click", 3), ("open", 1)]);
    anybody.get(&place.replace("/c/", "/o/")).refused(404, "mail_link_invalid");
}

#[test]
fn a_reader_says_what_they_want() {
    let smtp = Smtp::start();
    let town = Town::mailing(&smtp);
    let owner = town.owner();
    let contact = reader(&owner, "wei@x.example");
    let html = "<p><a href=\"{{ preferences_url }}\">what you get</a></p>";
    let template = make::template(
        &owner,
        json!({"variables": [],
        "variants": [{"locale": "en", "subject": "hello", "html": html, "text": "{{ preferences_url }}"}]}),
    );
    let segment = make::segment_of(&owner, &[&contact]);
    let send = make::send(&owner, json!({"segment_ids": [segment["id"]], "template_id": template["id"]}));
    schedule(&owner, &send);
    let letter = smtp.letters("wei@x.example", 1).remove(0);
    let (place, anybody) = (format!("/p/{}", token(&letter.text, "p")), town.anonymous());
    let shown = anybody.get(&place).ok();
    assert_eq!(shown["address"], "w***@x.example");
    let email = |granted: bool| json!({"purpose": "newsletter", "channel": "email", "is_granted": granted});
    assert!(shown["choices"].as_array().unwrap().contains(&email(true)));
    let after = anybody.post(&place, json!({"choices": [email(false)]})).ok();
    assert!(after["choices"].as_array().unwrap().contains(&email(false)));
    assert_eq!(owner.get("/v1/suppressions").ids().len(), 1);
    let after = anybody.post(&place, json!({"choices": [email(true)]})).ok();
    assert!(after["choices"].as_array().unwrap().contains(&email(true)));
    assert!(owner.get("/v1/suppressions").ids().is_empty());
    anybody
        .post(&place, json!({"choices": [{"purpose": "x", "channel": "nowhere", "is_granted": true}]}))
        .refused(422, "invalid");
}

/// A report of a mail server, as RFC 3464 has them.
fn bounce(status: &str, id: &str) -> String {
    format!(
        "From: MAILER-DAEMON@mx.example.com\r\nTo: news@town.example\r\nSubject: failed\r\nMIME-Version: 1.0\r\n\
         Message-ID: <report-{status}@mx.example.com>\r\n\
         Content-Type: multipart/report; report-type=delivery-status; boundary=\"b\"\r\n\r\n--b\r\n\
         Content-Type: text/plain\r\n\r\nIt failed.\r\n--b\r\nContent-Type: message/delivery-status\r\n\r\n\
         Reporting-MTA: dns; mx.example.com\r\n\r\nFinal-Recipient: rfc822; wei@x.example\r\nAction: failed\r\n\
         Status: {status}\r\n--b\r\nContent-Type: text/rfc822-headers\r\n\r\nMessage-ID: <{id}@town.example>\r\n\
         Subject: hello\r\n--b--\r\n"
    )
}

#[test]
fn what_comes_back_for_good_is_not_written_to_again() {
    let got = got();
    let owner = got.town.owner();
    let door = crate::platform::inbound::Sender::of(&got.town, "email", json!({"source_system": "mail"}));
    let one = owner.get("/v1/deliveries").ids().remove(0);
    door.mail(&owner, bounce("4.4.1", &one).as_bytes());
    assert!(owner.get("/v1/suppressions").ids().is_empty(), "what is for now is for now");
    door.mail(&owner, bounce("5.1.1", &one).as_bytes());
    let all = owner.get("/v1/suppressions").ok();
    let told = ["reason", "purpose", "address"].map(|name| all["data"][0][name].clone());
    assert_eq!(told, [json!("hard_bounce"), Value::Null, json!("wei@x.example")]);
    assert_eq!(owner.get(&format!("/v1/deliveries/{one}")).ok()["status"], "bounced");
    let terms = json!({"channel": "email", "purpose": "newsletter", "is_transactional": true,
        "segment_ids": got.send["segment_ids"]});
    assert_eq!(owner.post("/v1/audiences/count", terms).ok()["suppressed"], 1);
}
