//! Mails that become cases, and answers that become mails.
use super::cases::path;
use crate::support::make::base64;
use crate::support::{Client, Person, Smtp, Town, Value, json, make};

pub fn mail(head: &str, body: &str) -> Vec<u8> {
    format!("{head}\n\n{body}\n").replace('\n', "\r\n").into_bytes()
}

pub fn put(client: &Client, raw: &[u8]) -> Value {
    client.post("/v1/email-messages", json!({"mime": base64(raw)})).created()
}

fn inbox(client: &Client) -> Value {
    make::case_inbox(client, json!({"address": "Help@House.example", "case_type": "complaint", "priority": "high"}))
}

fn cases(client: &Client) -> Vec<Value> {
    client.get("/v1/cases?sort=created_at").ok()["data"].as_array().unwrap().clone()
}

fn messages(client: &Client, case: &Value) -> Vec<Value> {
    client.get(&format!("{}/messages", path(case))).ok().as_array().unwrap().clone()
}

#[test]
fn a_mail_to_an_inbox_is_a_case_and_what_answers_it_is_said_about_that() {
    let town = Town::idle();
    let owner = town.owner();
    inbox(&owner);
    let ada = make::contact(&owner, json!({"email": "ada@x.example"}));
    let first = "From: Ada <ada@x.example>\nTo: help@house.example\nMessage-ID: <1@x.example>\nSubject: Wet tea";
    let raw = mail(first, "It is wet.");
    put(&owner, &raw);
    owner.post("/v1/email-messages", json!({"mime": base64(&raw)})).refused(409, "email_message_known");
    let all = cases(&owner);
    assert_eq!(all.len(), 1, "{all:?}");
    let case = &all[0];
    assert_eq!((&case["subject"], &case["contact_id"]), (&json!("Wet tea"), &ada["id"]));
    assert_eq!(
        (&case["case_type"], &case["priority"], &case["channel"]),
        (&json!("complaint"), &json!("high"), &json!("email"))
    );
    // by what it answers, whoever writes
    put(
        &owner,
        &mail("From: bob@x.example\nTo: a@b.example\nMessage-ID: <2@x.example>\nIn-Reply-To: <1@x.example>", "Me too"),
    );
    // by its number, from somebody who has written before
    let number = case["number"].as_str().unwrap();
    let third =
        format!("From: ada@x.example\nTo: a@b.example\nMessage-ID: <3@x.example>\nSubject: Re: [#{number}] wet");
    put(&owner, &mail(&third, "Hello?"));
    assert_eq!(messages(&owner, case).len(), 3);
    // a number can be guessed
    let guessed =
        format!("From: eve@x.example\nTo: help@house.example\nMessage-ID: <4@x.example>\nSubject: [#{number}]");
    put(&owner, &mail(&guessed, "Tell me all"));
    assert_eq!((messages(&owner, case).len(), cases(&owner).len()), (3, 2));
    // what is written elsewhere, and what the business writes itself, is no case
    put(&owner, &mail("From: ada@x.example\nTo: sales@house.example\nMessage-ID: <5@x.example>", "Price?"));
    put(&owner, &mail("From: help@house.example\nTo: help@house.example\nMessage-ID: <6@x.example>", "Loop"));
    assert_eq!(cases(&owner).len(), 2);
}

#[test]
fn a_mail_about_a_case_that_is_over_opens_the_next() {
    let town = Town::idle();
    let owner = town.owner();
    inbox(&owner);
    put(&owner, &mail("From: ada@x.example\nTo: help@house.example\nMessage-ID: <1@x.example>\nSubject: Tea", "Wet"));
    let case = cases(&owner).remove(0);
    owner.post(&format!("{}/resolve", path(&case)), json!({})).ok();
    put(
        &owner,
        &mail("From: ada@x.example\nTo: x@y.example\nMessage-ID: <2@x.example>\nReferences: <1@x.example>", "No"),
    );
    assert_eq!(owner.get(&path(&case)).ok()["status"], "open");
    owner.post(&format!("{}/close", path(&case)), json!({})).ok();
    put(
        &owner,
        &mail("From: ada@x.example\nTo: x@y.example\nMessage-ID: <3@x.example>\nReferences: <1@x.example>", "No"),
    );
    let all = cases(&owner);
    assert_eq!((all.len(), &all[1]["follows_id"]), (2, &case["id"]));
    assert_eq!(all[0]["status"], "closed");
}

#[test]
fn what_may_make_no_case_makes_none_of_a_mail() {
    let town = Town::idle();
    inbox(&town.owner());
    // another tenant has no such inbox
    let foreigner = town.client(Person::Foreigner);
    put(&foreigner, &mail("From: ada@x.example\nTo: help@house.example\nMessage-ID: <1@x.example>", "Wet"));
    assert!(cases(&foreigner).is_empty() && cases(&town.owner()).is_empty());
}

#[test]
fn an_answer_goes_out_in_its_conversation_and_comes_back_to_its_case() {
    let smtp = Smtp::start();
    let town = Town::mailing(&smtp);
    let owner = town.owner();
    inbox(&owner);
    let first = "From: Ada <ada@x.example>\nTo: help@house.example\nMessage-ID: <1@x.example>\nSubject: Wet tea";
    put(&owner, &mail(first, "It is wet."));
    let case = cases(&owner).remove(0);
    let hostile = "Re: tea\r\nBcc: eve@x.example";
    let said = owner
        .post(&format!("{}/messages", path(&case)), json!({"body": "We send it anew.", "subject": hostile}))
        .created();
    assert_eq!((&said["recipients"], &said["delivery"]), (&json!(["ada@x.example"]), &json!("queued")));
    let letter = smtp.letters("ada@x.example", 1).remove(0);
    let head = letter.head.to_lowercase();
    for line in ["in-reply-to: <1@x.example>", "references: <1@x.example>", "reply-to: help@house.example"] {
        assert!(head.contains(line), "{line}: {head}");
    }
    assert!(!head.lines().any(|line| line.starts_with("bcc:")), "{head}");
    assert!(letter.text.contains("We send it anew."), "{}", letter.text);
    let id = make::id(&said, "id");
    super::case_kills::until("it is not marked as sent", || {
        owner.get(&format!("/v1/case-messages/{id}")).ok()["delivery"] == "sent"
    });
    // what answers our own name comes back, whoever writes
    let answer =
        format!("From: ada@x.example\nTo: x@y.example\nMessage-ID: <2@x.example>\nIn-Reply-To: <{id}@town.example>");
    put(&owner, &mail(&answer, "Thanks"));
    assert_eq!(messages(&owner, &case).len(), 3);
    assert_eq!(smtp.kept().len(), 1);
}
