//! What is often done with a case: all of it, or nothing. And what is made of a case that is over.
use super::kb_versions::soon;
use crate::support::{Client, Person, Town, Value, json, make};

fn run(client: &Client, one: &Value, case: &Value) -> crate::support::Answer {
    client.post(&format!("/v1/macros/{}/run", make::id(one, "id")), json!({"case_id": case["id"]}))
}

fn case(client: &Client, one: &Value) -> Value {
    client.get(&format!("/v1/cases/{}", make::id(one, "id"))).ok()
}

#[test]
fn a_macro_does_all_of_it_in_its_order() {
    let town = Town::idle();
    let owner = town.owner();
    let asked = make::contact(&owner, json!({"given_name": "Wei", "display_name": "Wang Wei"}));
    let opened = make::case(&owner, json!({"contact_id": asked["id"]}));
    let texts = json!({"en": "Dear {{contact.given_name}}, on {{case.number}}"});
    let canned = make::canned_response(&owner, json!({"texts": texts}));
    let tag = make::tag(&owner, json!({}));
    let actions = json!([
        {"kind": "set", "fields": {"priority": "urgent", "severity": "major"}},
        {"kind": "reply", "canned_response_id": canned["id"], "is_internal": true},
        {"kind": "tag", "tag_id": tag["id"]},
        {"kind": "assign", "owner_id": town.user(Person::Rep)}
    ]);
    let one = make::case_macro(&owner, json!({"actions": actions}));
    assert_eq!(one["actions"], actions);
    let done = run(&owner, &one, &opened).ok();
    assert_eq!((&done["priority"], &done["severity"]), (&json!("urgent"), &json!("major")));
    assert_eq!(done["owner_id"], json!(town.user(Person::Rep)));
    let said = owner.get(&format!("/v1/cases/{}/messages", make::id(&opened, "id"))).ok();
    let said = said.to_string();
    assert!(said.contains(&format!("Dear Wei, on {}", make::id(&opened, "number"))), "{said}");
    let filter = crate::support::encoded(&format!("tags.exists(t, t.id == \"{}\")", make::id(&tag, "id")));
    assert_eq!(owner.get(&format!("/v1/cases?filter={filter}")).ok()["data"].as_array().map(Vec::len), Some(1));
}

#[test]
fn one_action_that_is_refused_refuses_all() {
    let town = Town::idle();
    let owner = town.owner();
    let opened = make::case(&owner, json!({"priority": "low"}));
    let canned = make::canned_response(&owner, json!({}));
    let actions = json!([
        {"kind": "set", "fields": {"priority": "urgent"}},
        {"kind": "reply", "canned_response_id": canned["id"], "is_internal": true}
    ]);
    let one = make::case_macro(&owner, json!({"actions": actions}));
    owner.delete(&format!("/v1/canned-responses/{}", make::id(&canned, "id"))).is(204);
    run(&owner, &one, &opened).refused(404, "not_found");
    assert_eq!(case(&owner, &opened), opened, "nothing has changed");
    owner.patch(&format!("/v1/macros/{}", make::id(&one, "id")), json!({"is_active": false})).ok();
    run(&owner, &one, &opened).refused(409, "macro_inactive");
    // nobody does by a macro what they may not do
    let plain = make::case_macro(&owner, json!({}));
    run(&town.client(Person::Stranger), &plain, &opened).refused(404, "not_found");
    let wrong = json!([{"kind": "set", "fields": {"owner_id": null}}, {"kind": "set", "fields": {"custom": {}}},
        {"kind": "nonsense"}, {"kind": "tag"}]);
    for action in wrong.as_array().unwrap() {
        let new = json!({"name": "x", "actions": [action]});
        assert_eq!(owner.post("/v1/macros", new).pointers(), ["/actions"], "{action}");
    }
}

#[test]
fn an_article_is_made_of_what_a_case_was_answered() {
    let town = Town::idle();
    let owner = town.owner();
    let portal = make::kb_portal(&owner, json!({}));
    let opened = make::case(&owner, json!({"subject": "Damp tea"}));
    let new = json!({"case_id": opened["id"], "portal_id": portal["id"], "slug": "damp-tea"});
    owner.post("/v1/kb-articles/from-case", &new).refused(409, "kb_case_unanswered");
    let place = format!("/v1/cases/{}", make::id(&opened, "id"));
    owner.post(&format!("{place}/resolve"), json!({"resolution": "Store it **dry**."})).ok();
    let made = owner.post("/v1/kb-articles/from-case", &new).created();
    assert_eq!((&made["title"], &made["case_id"]), (&json!("Damp tea"), &opened["id"]));
    assert_eq!(make::kb_version(&owner, &made)["body"], "Store it **dry**.");
    let theirs = json!({"case_id": crate::support::nobodys_id(), "portal_id": portal["id"], "slug": "x"});
    owner.post("/v1/kb-articles/from-case", theirs).refused(422, "unknown_reference");
}

#[test]
fn whoever_has_a_case_is_asked_once_it_is_closed() {
    let town = Town::start();
    let owner = town.owner();
    let survey = make::survey(&owner, json!({"is_sent_on_close": true, "delay_minutes": 60}));
    let asked = make::contact(&owner, json!({"email": "closed@example.com"}));
    let opened = make::case(&owner, json!({"contact_id": asked["id"]}));
    let place = format!("/v1/cases/{}", make::id(&opened, "id"));
    owner.post(&format!("{place}/close"), json!({"resolution": "Done"})).ok();
    let all = || owner.get("/v1/survey-responses").ok()["data"].clone();
    soon("they are asked", || all().as_array().is_some_and(|all| !all.is_empty()));
    let one = &all()[0];
    assert_eq!((&one["case_id"], &one["survey_id"]), (&opened["id"], &survey["id"]));
    assert_eq!((&one["status"], &one["user_id"]), (&json!("pending"), &opened["owner_id"]));
    assert_eq!(town.database.count("SELECT count(*) FROM survey_marks"), 0);
}
