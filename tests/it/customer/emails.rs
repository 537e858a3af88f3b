//! Mails that somebody puts in: what they say, whose they are, and those that mean harm.
use crate::support::make::base64;
use crate::support::{Client, Person, Town, Value, json, make};
use std::time::{Duration, Instant};

fn put(client: &Client, raw: &[u8]) -> Value {
    client.post("/v1/email-messages", json!({"mime": base64(raw)})).created()
}

fn content(client: &Client, mail: &Value) -> Value {
    client.get(&format!("/v1/email-messages/{}/content", make::id(mail, "id"))).ok()
}

fn mail(head: &str, body: &str) -> Vec<u8> {
    format!("{head}\n\n{body}\n").replace('\n', "\r\n").into_bytes()
}

#[test]
fn a_mail_goes_through_its_life() {
    let town = Town::idle();
    let owner = town.owner();
    let ada = make::contact(&owner, json!({"email": "ada@example.com"}));
    let raw =
        mail("From: ADA <Ada@Example.com>\nTo: x@example.com\nMessage-ID: <1@example.com>\nSubject: One", "Hello");
    let one = put(&owner, &raw);
    assert_eq!((&one["contact_id"], &one["from_address"]), (&ada["id"], &json!("ada@example.com")));
    let again = owner.post("/v1/email-messages", json!({"mime": base64(&raw)}));
    assert_eq!(again.refused(409, "email_message_known")["existing"][0]["id"], one["id"]);
    let path = format!("/v1/email-messages/{}", make::id(&one, "id"));
    owner.if_match(1).patch(&path, json!({"contact_id": null})).ok();
    owner.if_match(1).patch(&path, json!({"contact_id": null})).refused(412, "stale");
    owner.patch(&path, json!({"contact_id": crate::support::nobodys_id()})).refused(422, "unknown_reference");
    owner.patch(&path, json!({"subject": "Another"})).refused(422, "invalid");
    let people: Vec<String> =
        content(&owner, &one)["participants"].as_array().unwrap().iter().map(Value::to_string).collect();
    assert!(people.len() == 1 && people[0].contains("x@example.com"), "{people:?}");
    owner.delete(&path).is(204);
    owner.get(&format!("{path}/content")).refused(404, "not_found");
    owner.act(&format!("{path}/restore")).ok();
    assert_eq!(owner.get(&format!("{path}/history")).ok()["data"].as_array().unwrap().len(), 4);
    owner.delete(&format!("{path}?purge=true")).is(204);
    assert_eq!(town.database.count("SELECT count(*) FROM email_contents"), 0);
    put(&owner, &raw);
    for strange in ["", "%%%", "aGVs"] {
        owner.post("/v1/email-messages", json!({"mime": strange})).refused(422, "invalid");
    }
}

/// Whoever may not see a contact is told nothing by its mails, and sees those that they may.
#[test]
fn a_mail_is_seen_as_its_owner_and_team_say() {
    let town = Town::idle();
    let owner = town.owner();
    let raw = |n: u8| mail(&format!("From: ada@example.com\nMessage-ID: <{n}@example.com>"), "Hello");
    make::contact(&owner, json!({"email": "ada@example.com", "owner_id": town.user(Person::Stranger)}));
    let one = put(&owner, &raw(1));
    assert_eq!(one["owner_id"], town.user(Person::Stranger));
    let path = format!("/v1/email-messages/{}", make::id(&one, "id"));
    let rep = town.client(Person::Rep);
    rep.get(&path).refused(404, "not_found");
    rep.get(&format!("{path}/content")).refused(404, "not_found");
    let known = rep.post("/v1/email-messages", json!({"mime": base64(&raw(1))})).refused(409, "email_message_known");
    assert!(known["existing"].as_array().is_none_or(Vec::is_empty), "{known}");
    let own = put(&rep, &raw(2));
    assert_eq!((&own["contact_id"], &own["owner_id"]), (&json!(null), &json!(town.user(Person::Rep))));
    assert_eq!(rep.get("/v1/email-messages").ids(), [make::id(&own, "id")]);
    town.client(Person::ReadOnly)
        .post("/v1/email-messages", json!({"mime": base64(&raw(3))}))
        .refused(403, "forbidden");
    town.client(Person::Foreigner).get(&path).refused(404, "not_found");
    // another tenant has the same mail as its own
    put(&town.client(Person::Foreigner), &raw(1));
}

/// Two who share an address are nobody; the sender comes before those who were written to.
#[test]
fn a_mail_is_put_to_the_nearest_who_is_known() {
    let town = Town::idle();
    let owner = town.owner();
    let point = |address: &str| {
        let points = json!([{"kind": "email", "value": address}]);
        make::contact(&owner, json!({"contact_points": points}))
    };
    let (ada, _, _) = (point("ada@example.com"), point("desk@example.com"), point("desk@example.com"));
    let account = make::account(&owner, json!({"email": "info@example.com"}));
    let whose = |head: &str| {
        let one = put(&owner, &mail(head, "Hello"));
        (one["contact_id"].clone(), one["account_id"].clone())
    };
    let nobody = (json!(null), json!(null));
    assert_eq!(whose("From: ada@example.com\nTo: desk@example.com\nSubject: 1").0, ada["id"]);
    assert_eq!(whose("From: me@house.example\nTo: Ada <ADA@example.com>\nSubject: 2").0, ada["id"]);
    assert_eq!(whose("From: desk@example.com\nTo: ada@example.com\nSubject: 3"), nobody);
    assert_eq!(whose("From: info@example.com\nSubject: 4"), (json!(null), account["id"].clone()));
    assert_eq!(whose("From: else@example.com\nReply-To: ada@example.com\nSubject: 5"), nobody);
}

#[test]
fn a_mail_that_means_harm_does_none() {
    let town = Town::idle();
    let owner = town.owner();
    // headers that would begin others
    let head = "From: =?utf-8?q?Ada=0D=0ABcc:_x@example.com?= <ada@example.com>\nSubject: =?utf-8?q?One=0D=0ABcc:_all@example.com=00?=\nMessage-ID: <a b\u{7}@x>";
    let one = put(&owner, &mail(head, "Hello"));
    for field in ["subject", "from_name", "message_key"] {
        assert!(!one[field].as_str().unwrap().contains(|c: char| c.is_control()), "{one}");
    }
    assert_eq!(
        (&one["subject"], content(&owner, &one)["participants"].clone()),
        (&json!("One Bcc: all@example.com"), json!([]))
    );
    // addresses that are none
    for from in ["<script>alert(1)</script>", "\"a\nb\"@x", "a@b, c@d; e@f", "@", "a@", &"a".repeat(5000), "<<a@b>>"] {
        let one = put(&owner, &mail(&format!("From: {from}\nSubject: {}", crate::support::fresh("s")), "Hello"));
        let address = one["from_address"].as_str().unwrap_or("x@y");
        assert!(address.len() <= 254 && address.matches('@').count() == 1 && !address.contains(['<', ' ']), "{one}");
    }
    // names that lead to a place
    let file = "Content-Type: application/x-sh\nContent-Disposition: attachment; filename=\"../../etc/passwd\"";
    let one = put(&owner, &mail(&format!("From: a@example.com\nMIME-Version: 1.0\n{file}"), "x"));
    assert_eq!(content(&owner, &one)["attachments"][0]["name"], ".._.._etc_passwd");
    // what lies ahead is not believed
    let one = put(&owner, &mail("From: a@example.com\nDate: Fri, 01 Jan 9999 00:00:00 +0000\nSubject: Late", "x"));
    assert_eq!(one["sent_at"], json!(null));
}

/// Nested without end, of parts without end, of headers without end: read within a second or two, or refused.
#[test]
fn a_mail_without_end_has_one() {
    let town = Town::idle();
    let owner = town.owner();
    let mut nested = String::from("From: a@example.com\r\n");
    for n in 0..20_000 {
        nested += &format!("Content-Type: multipart/mixed; boundary=b{n}\r\n\r\n--b{n}\r\n");
    }
    let within = "Content-Type: message/rfc822\r\n\r\nSubject: x\r\n".repeat(20_000);
    let parts = format!(
        "From: b@example.com\r\nContent-Type: multipart/mixed; boundary=b\r\n\r\n{}",
        "--b\r\n\r\nx\r\n".repeat(300_000)
    );
    let people = format!("From: c@example.com\r\nTo: {}\r\n\r\nx", "x@example.com,".repeat(200_000));
    let references = format!("From: d@example.com\r\nReferences: {}\r\n\r\nx", "<a@b> <c@d> ".repeat(200_000));
    let page = format!("From: e@example.com\r\nContent-Type: text/html\r\n\r\n{}", "<div><table>".repeat(200_000));
    let headers = format!("From: f@example.com\r\n{}\r\n\r\nx", "X-A: b\r\n".repeat(400_000));
    for raw in [nested, within, parts, people, references, page, headers] {
        let since = Instant::now();
        let answer = owner.post("/v1/email-messages", json!({"mime": base64(raw.as_bytes())}));
        assert!([201, 422].contains(&answer.status), "{}: {}", &raw[..60], answer.text());
        assert!(since.elapsed() < Duration::from_secs(20), "{} took {:?}", &raw[..60], since.elapsed());
    }
}

/// A stranger who knows what two conversations are called does not pull them together.
#[test]
fn a_mail_joins_one_conversation_and_no_more() {
    let town = Town::idle();
    let owner = town.owner();
    let named =
        |name: &str, more: &str| put(&owner, &mail(&format!("From: a@example.com\nMessage-ID: <{name}>{more}"), "x"));
    let (one, two) = (named("1@x", ""), named("2@x", ""));
    let three = named("3@x", "\nReferences: <1@x> <2@x>");
    assert_eq!(three["thread_id"], two["thread_id"], "the nearest");
    assert_ne!(one["thread_id"], two["thread_id"]);
    // two that answer what was never here
    let (four, five) = (named("4@x", "\nIn-Reply-To: <0@x>"), named("5@x", "\nReferences: <0@x> <9@x>"));
    assert_eq!(four["thread_id"], five["thread_id"]);
    let zero = named("0@x", "");
    assert_eq!(zero["thread_id"], four["thread_id"]);
}
