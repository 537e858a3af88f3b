//! Mails that come in by themselves: signed, once, in their conversation, put to whom their addresses name.
use super::crowds::Worker;
use super::{Sender, eml, settled};
use crate::privacy::erased;
use crate::support::{Person, Town, Value, json, make};

fn all(client: &crate::support::Client) -> Vec<Value> {
    client.get("/v1/email-messages?sort=sent_at").ok()["data"].as_array().unwrap().clone()
}

#[test]
fn a_mail_becomes_a_message_of_its_contact() {
    let town = Town::start();
    let owner = town.owner();
    let account = make::account(&owner, json!({"name": "García e Hijos"}));
    let jose = json!({"display_name": "José", "email": "jose@mail.example.com", "account_id": account["id"]});
    let jose = make::contact(&owner, jose);
    let door = Sender::of(&town, "email", json!({"source_system": "mail"}));
    let done = door.mail(&owner, &eml("first"));
    assert_eq!((&done["status"], &done["topic"]), (&json!("processed"), &json!("message")), "{done}");
    let [mail] = all(&owner).try_into().unwrap();
    assert_eq!((&mail["contact_id"], &mail["account_id"]), (&jose["id"], &account["id"]));
    assert_eq!(
        (&mail["subject"], &mail["from_name"]),
        (&json!("Offer for 40 boxes of Longjing"), &json!("José García"))
    );
    assert_eq!(mail["message_key"], "CAKx8sZ0hX7Yv3q+T1mP@mail.mailer.example");
    assert_eq!((&mail["sent_at"], &mail["attachment_count"]), (&json!("2026-11-24T09:12:21Z"), &json!(1)));
    assert!(mail["preview"].as_str().unwrap().starts_with("Hello, we would like 40 boxes"), "{mail}");
    let content = owner.get(&format!("/v1/email-messages/{}/content", make::id(&mail, "id"))).ok();
    let html = content["html"].as_str().unwrap();
    assert!(html.contains("<b>40 boxes</b>") && html.contains("https://calendar.example/friday"), "{html}");
    for word in ["script", "img", "mailer.example", "style"] {
        assert!(!html.contains(word), "{html}");
    }
    assert_eq!(content["attachments"][0]["name"], "números 2026.pdf");
    let people: Vec<&str> =
        content["participants"].as_array().unwrap().iter().map(|one| one["address"].as_str().unwrap()).collect();
    assert_eq!(people, ["sales@tea.example", "purchasing@garcia.example", "wang.wei@tea.example"]);
    assert_eq!(owner.get(&format!("/v1/email-messages?contact_id={}", make::id(&jose, "id"))).ids().len(), 1);
    assert_eq!(owner.get("/v1/email-messages?q=longjing").ids(), [make::id(&mail, "id")]);
    // its own bytes are kept for a while
    let raw = owner.act(&format!("/v1/inbound-deliveries/{}/reveal", make::id(&done, "id"))).ok();
    use base64::Engine;
    assert_eq!(base64::prelude::BASE64_STANDARD.decode(raw["body"].as_str().unwrap()).unwrap(), eml("first"));
}

/// In every order they are one conversation, and each is there once, however often it comes.
#[test]
fn a_conversation_is_one_in_whatever_order_it_comes() {
    let orders = [["first", "reply", "again"], ["again", "reply", "first"], ["again", "first", "reply"]];
    for order in orders {
        let town = Town::start();
        let owner = town.owner();
        let door = Sender::of(&town, "email", json!({"source_system": "mail"}));
        for file in order {
            assert_eq!(door.mail(&owner, &eml(file))["status"], "processed");
            assert_eq!(door.mail(&owner, &eml(file))["status"], "superseded");
        }
        assert_eq!(door.mail(&owner, &eml("chinese"))["status"], "processed");
        let mails = all(&owner);
        assert_eq!(mails.len(), 4);
        let thread = make::id(&mails[0], "thread_id");
        let together: Vec<bool> = mails.iter().map(|mail| mail["thread_id"] == thread.as_str()).collect();
        assert_eq!(together, [true, true, true, false], "{order:?}");
        assert_eq!(owner.get(&format!("/v1/email-messages?thread_id={thread}&sort=sent_at")).ids().len(), 3);
        assert_eq!((&mails[3]["from_name"], &mails[3]["subject"]), (&json!("王伟"), &json!("询价：龙井40盒")));
        assert!(mails[3]["preview"].as_str().unwrap().contains("请报一下龙井40盒的价格"));
    }
}

/// A hundred at once, under names of their own: each mail is there once, and all are one conversation.
#[test]
fn mails_that_come_at_once_are_each_there_once() {
    let town = Town::start();
    let owner = town.owner();
    let door = Sender::of(&town, "email", json!({"source_system": "mail"}));
    let _workers: Vec<Worker> = (0..2).map(|_| Worker::start(&town, "")).collect();
    let ids: Vec<String> = std::thread::scope(|scope| {
        let all: Vec<_> = (0..100_usize)
            .map(|n| {
                let (door, mail) = (&door, eml(["first", "reply", "again"][n * 7 % 3]));
                scope.spawn(move || make::id(&door.send_bytes(&format!("m{n}"), "", &mail).is(202), "id"))
            })
            .collect();
        all.into_iter().map(|one| one.join().unwrap()).collect()
    });
    let done: Vec<Value> = ids.iter().map(|id| settled(&owner, id)["status"].clone()).collect();
    assert_eq!(done.iter().filter(|status| **status == "processed").count(), 3, "{done:?}");
    let mails = all(&owner);
    assert_eq!(mails.len(), 3);
    assert!(mails.iter().all(|mail| mail["thread_id"] == mails[0]["thread_id"]), "{mails:?}");
}

#[test]
fn a_worker_that_is_killed_leaves_a_mail_to_the_next() {
    let town = Town::idle();
    let owner = town.owner();
    let door = Sender::of(&town, "email", json!({"source_system": "mail"}));
    let id = make::id(&door.send_bytes("1", "", &eml("first")).is(202), "id");
    Worker::start(&town, "inbound_written").dies();
    assert_eq!(town.database.count("SELECT count(*) FROM email_messages"), 0);
    town.database.run("UPDATE jobs SET leased_until = now() - interval '1 second' WHERE status = 'running'");
    let _worker = Worker::start(&town, "");
    assert_eq!(settled(&owner, &id)["status"], "processed");
    assert_eq!(all(&owner).len(), 1);
}

#[test]
fn a_mail_is_taken_by_a_door_for_mails_alone() {
    let town = Town::idle();
    let door = Sender::of(&town, "email", json!({"source_system": "mail"}));
    let body = b"From: a@example.com\r\n\r\nHello\r\n";
    let send = |sender: &Sender, mime: &str| {
        sender.signed("1", "", body).raw("POST", &sender.path(), Some((mime, body.to_vec())))
    };
    send(&door.signing("another secret of 2026"), "message/rfc822").refused(401, "unauthenticated");
    send(&door, "application/json").refused(415, "unsupported_media_type");
    send(&door, "text/plain").refused(415, "unsupported_media_type");
    let mapping = json!({"resource": "contacts", "columns": {"id": "external_id"}});
    let erp = Sender::of(&town, "generic", json!({"mapping": mapping}));
    send(&erp, "message/rfc822").refused(415, "unsupported_media_type");
    let large = [b"From: a@example.com\r\n\r\n".as_slice(), &vec![b'x'; 6 << 20]].concat();
    door.send_bytes("2", "", &large).refused(413, "too_large");
    assert_eq!(town.database.count("SELECT count(*) FROM inbound_deliveries"), 0);
    send(&door, "message/rfc822").is(202);
    assert_eq!(send(&door, "message/rfc822").ok()["id"], town.owner().get("/v1/inbound-deliveries").ids()[0].as_str());
    let mapped = json!({"name": "M", "kind": "email", "source_system": "m", "mapping": mapping});
    town.owner().post("/v1/connections", mapped).refused(422, "invalid");
}

/// Whoever brings it in sees whom it is put to; and can do no more than they may.
#[test]
fn a_mail_is_put_to_whom_its_user_sees() {
    let town = Town::start();
    let owner = town.owner();
    make::contact(&owner, json!({"email": "jose@mail.example.com"}));
    let rep = town.user(Person::Rep);
    let door = Sender::of(&town, "email", json!({"source_system": "mail", "user_id": rep}));
    assert_eq!(door.mail(&owner, &eml("first"))["status"], "processed");
    let mail = all(&owner)[0].clone();
    assert_eq!((&mail["contact_id"], &mail["owner_id"]), (&json!(null), &json!(rep)));
    let reader = Sender::of(&town, "email", json!({"source_system": "mail", "user_id": town.user(Person::ReadOnly)}));
    let failed = reader.mail(&owner, &eml("reply"));
    assert_eq!(failed["status"], "failed", "{failed}");
    assert_eq!(all(&owner).len(), 1);
}

/// A raw delivery that never became a message is found by what it says, though its bytes hide it.
#[test]
fn who_is_erased_is_in_no_mail_that_waits() {
    let town = Town::start();
    let owner = town.owner();
    let jose = make::contact(&owner, json!({"display_name": "José García Márquez", "email": "jose@mail.example.com"}));
    let door = Sender::of(&town, "email", json!({"source_system": "mail", "user_id": town.user(Person::ReadOnly)}));
    for file in ["first", "chinese"] {
        assert_eq!(door.mail(&owner, &eml(file))["status"], "failed");
    }
    erased(&owner, "contact", &make::id(&jose, "id"));
    let left = town.database.text("SELECT string_agg(plain, '') FROM inbound_deliveries");
    assert!(left.contains("王伟") && !left.contains("jose@"), "{left}");
}
