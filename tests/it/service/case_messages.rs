//! What is said about a case, and what comes of that.
use super::cases::path;
use crate::support::{Answer, Client, Person, Town, Value, json, make};

fn say(client: &Client, case: &Value, body: Value) -> Answer {
    client.post(&format!("{}/messages", path(case)), body)
}

#[test]
fn the_first_answer_is_the_first_response_and_begins_the_case() {
    let town = Town::idle();
    let owner = town.owner();
    let case = make::case(&owner, json!({"channel": "phone"}));
    say(&owner, &case, json!({"body": "Who knows this?", "visibility": "internal"})).created();
    let now = owner.get(&path(&case)).ok();
    assert_eq!((&now["status"], &now["first_response_at"]), (&json!("new"), &Value::Null));
    say(&owner, &case, json!({"body": "We look into it."})).created();
    let first = owner.get(&path(&case)).ok();
    assert_eq!(first["status"], "open");
    assert!(first["first_response_at"].is_string(), "{first}");
    say(&owner, &case, json!({"body": "Which box?", "status": "pending"})).created();
    let second = owner.get(&path(&case)).ok();
    assert_eq!((&second["status"], &second["first_response_at"]), (&json!("pending"), &first["first_response_at"]));
    let all = owner.get(&format!("{}/messages", path(&case))).ok();
    let said: Vec<&str> = all.as_array().unwrap().iter().map(|one| one["visibility"].as_str().unwrap()).collect();
    assert_eq!(said, ["internal", "public", "public"]);
    let told = format!(
        "SELECT count(*) FROM event_log WHERE name = 'case.message_added' AND object_id = '{}'",
        make::id(&case, "id")
    );
    assert_eq!(town.database.count(&told), 3);
}

#[test]
fn a_word_of_the_customer_takes_up_what_waited_and_opens_the_next_of_what_is_over() {
    let town = Town::idle();
    let owner = town.owner();
    let contact = make::contact(&owner, json!({}));
    let case = make::case(&owner, json!({"channel": "phone", "contact_id": contact["id"]}));
    let asked = json!({"body": "Still broken", "author_kind": "customer"});
    for (status, after) in [("pending", "open"), ("resolved", "open"), ("on_hold", "on_hold")] {
        owner.post(&format!("{}/transition", path(&case)), json!({"status": status})).ok();
        let said = say(&owner, &case, asked.clone()).created();
        assert_eq!((&said["case_id"], &said["contact_id"]), (&case["id"], &contact["id"]));
        assert_eq!(owner.get(&path(&case)).ok()["status"], after, "{status}");
    }
    assert_eq!(owner.get(&path(&case)).ok()["reopened_count"], 1);
    owner.post(&format!("{}/close", path(&case)), json!({})).ok();
    let said = say(&owner, &case, asked).created();
    assert_ne!(said["case_id"], case["id"]);
    let next = owner.get(&format!("/v1/cases/{}", make::id(&said, "case_id"))).ok();
    assert_eq!((&next["follows_id"], &next["contact_id"]), (&case["id"], &contact["id"]));
    assert_eq!((&next["status"], &owner.get(&path(&case)).ok()["status"]), (&json!("open"), &json!("closed")));
}

#[test]
fn what_is_said_is_harmless_whole_and_said_once() {
    let town = Town::idle();
    let owner = town.owner();
    let case = make::case(&owner, json!({"channel": "chat"}));
    let hostile = json!({"body": "Hi", "html": "<p>Hi<script>alert(1)</script><img src=x onerror=alert(1)></p>",
        "author_kind": "customer", "external_message_id": "chat-1"});
    let said = say(&owner, &case, hostile.clone()).created();
    assert_eq!(said["html"], "<p>Hi</p>");
    say(&owner, &case, hostile).refused(409, "case_message_known");
    let wrong = json!({"body": " ", "visibility": "internal", "author_kind": "customer", "cc": ["nobody"],
        "external_message_id": "a b", "status": "new"});
    let told = say(&owner, &case, wrong).refused(422, "invalid");
    let places: Vec<&str> =
        told["errors"].as_array().unwrap().iter().map(|one| one["pointer"].as_str().unwrap()).collect();
    for place in ["/body", "/visibility", "/cc", "/external_message_id", "/status"] {
        assert!(places.contains(&place), "{place}: {told}");
    }
    let file = crate::support::nobodys_id();
    say(&owner, &case, json!({"body": "x", "file_ids": [file]})).refused(422, "unknown_reference");
    say(&town.client(Person::Foreigner), &case, json!({"body": "x"})).refused(404, "not_found");
    say(&owner, &case, json!({"body": "x", "channel": "email"})).refused(409, "case_without_address");
}

#[test]
fn those_who_answer_at_once_are_told_one_after_the_other() {
    let town = Town::idle();
    let case = make::case(&town.owner(), json!({"channel": "chat"}));
    std::thread::scope(|scope| {
        for at in 0..12 {
            let (town, case) = (&town, &case);
            scope.spawn(move || say(&town.owner(), case, json!({"body": format!("Answer {at}")})).created());
        }
    });
    let owner = town.owner();
    assert_eq!(owner.get(&format!("{}/messages", path(&case))).ok().as_array().unwrap().len(), 12);
    // a version a message, and one for the status that the first has brought
    assert_eq!(owner.get(&path(&case)).ok()["version"], 14);
}

#[test]
fn chosen_messages_become_a_case_of_their_own() {
    let town = Town::idle();
    let owner = town.owner();
    let case = make::case(&owner, json!({"channel": "phone", "priority": "high"}));
    let asked = json!({"body": "Broken", "author_kind": "customer"});
    let one = say(&owner, &case, asked.clone()).created();
    let two = say(&owner, &case, json!({"body": "And the invoice is wrong", "author_kind": "customer"})).created();
    let split = format!("{}/split", path(&case));
    owner.post(&split, json!({"message_ids": [crate::support::nobodys_id()]})).refused(422, "unknown_reference");
    let made = owner.post(&split, json!({"message_ids": [two["id"]], "subject": "Invoice"})).created();
    assert_eq!(
        (&made["subject"], &made["follows_id"], &made["priority"]),
        (&json!("Invoice"), &case["id"], &json!("high"))
    );
    let ids = |case: &Value| -> Vec<Value> {
        let all = owner.get(&format!("{}/messages", path(case))).ok();
        all.as_array().unwrap().iter().map(|one| one["id"].clone()).collect()
    };
    assert_eq!((ids(&case), ids(&made)), (vec![one["id"].clone()], vec![two["id"].clone()]));
    assert_eq!(made["last_customer_message_at"], two["created_at"]);
}
