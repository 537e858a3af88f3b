//! Answers that are written once and given often: whose they are, and what they say to somebody.
use crate::support::{Client, Person, Town, json, make};

fn sees(client: &Client, id: &str) -> bool {
    let one = client.get(&format!("/v1/canned-responses/{id}")).status == 200;
    let all = client.get("/v1/canned-responses?limit=200").ok();
    let listed = all["data"].as_array().unwrap().iter().any(|one| make::id(one, "id") == id);
    assert_eq!(one, listed, "however one looks");
    one
}

#[test]
fn a_canned_response_is_seen_by_whom_it_is_for() {
    let town = Town::idle();
    let (owner, rep, mate) = (town.owner(), town.client(Person::Rep), town.client(Person::Mate));
    let stranger = town.client(Person::Stranger);
    let own = make::id(&make::canned_response(&rep, json!({})), "id");
    let team = make::id(&make::canned_response(&rep, json!({"team_id": town.team("north")})), "id");
    let all = make::id(&make::canned_response(&rep, json!({"is_public": true})), "id");
    assert_eq!([&own, &team, &all].map(|id| sees(&rep, id)), [true, true, true]);
    assert!(sees(&mate, &team) && sees(&mate, &all));
    assert_eq!([&own, &team, &all].map(|id| sees(&stranger, id)), [false, false, true]);
    assert_eq!([&own, &team, &all].map(|id| sees(&owner, id)), [true, true, true]);
    // to see is not to change
    let path = format!("/v1/canned-responses/{all}");
    stranger.patch(&path, json!({"title": "x"})).refused(403, "forbidden");
    stranger.delete(&path).refused(403, "forbidden");
    town.client(Person::Foreigner).get(&path).refused(404, "not_found");
}

#[test]
fn a_short_code_is_given_once() {
    let town = Town::idle();
    let (owner, rep, stranger) = (town.owner(), town.client(Person::Rep), town.client(Person::Stranger));
    let one = make::canned_response(&rep, json!({"short_code": "/Refund"}));
    assert_eq!(one["short_code"], "refund", "as it is typed");
    let again = json!({"short_code": "refund", "title": "x", "texts": {"en": "x"}});
    let seen = owner.post("/v1/canned-responses", &again).refused(409, "canned_response_code_taken");
    assert_eq!(seen["existing"][0]["id"], one["id"]);
    let unseen = stranger.post("/v1/canned-responses", &again).refused(409, "canned_response_code_taken");
    assert!(unseen["existing"].is_null(), "{unseen:#}");
    let other = json!({"short_code": "refund", "title": "Other", "texts": {"en": "x"}});
    let put = rep.put("/v1/canned-responses/by/short_code/refund", other);
    assert_eq!((&put.ok()["id"], &put.json()["title"]), (&one["id"], &json!("Other")));
    let path = format!("/v1/canned-responses/{}", make::id(&one, "id"));
    rep.delete(&path).is(204);
    stranger.post("/v1/canned-responses", &again).created();
    rep.act(&format!("{path}/restore")).refused(409, "canned_response_code_taken");
}

#[test]
fn places_are_filled_in_and_nothing_in_a_name_means_anything() {
    let town = Town::idle();
    let owner = town.owner();
    let evil = json!({"display_name": "<b>Wang</b> {{user.email}}", "given_name": "Wei", "locale": "zh-Hans"});
    let contact = make::id(&make::contact(&owner, evil), "id");
    let one = make::id(&make::canned_response(&owner, json!({})), "id");
    let preview = format!("/v1/canned-responses/{one}/preview");
    let said = owner.get(&format!("{preview}?contact_id={contact}")).ok();
    assert_eq!(said["locale"], "zh-Hans", "the contact's own language");
    assert_eq!(said["text"], "<b>Wang</b> {{user.email}}，您好！");
    assert_eq!(said["html"], "&lt;b&gt;Wang&lt;/b&gt; {{user.email}}，您好！");
    assert_eq!(owner.get(&format!("{preview}?contact_id={contact}&locale=en")).ok()["text"], "Dear Wei,");
    let nobody = owner.get(&format!("{preview}?locale=en")).ok();
    assert_eq!((&nobody["text"], &nobody["missing"]), (&json!("Dear ,"), &json!(["contact.given_name"])));
    let wrong = json!({"short_code": "x y", "title": "x", "texts": {"en": "{{contact.birth_on}}"}});
    let refused = owner.post("/v1/canned-responses", wrong);
    refused.refused(422, "invalid");
    let mut pointers = refused.pointers();
    pointers.sort();
    assert_eq!(pointers, ["/short_code", "/texts"]);
    // whoever is not seen is not told of
    let theirs = make::id(&make::contact(&town.client(Person::Stranger), json!({})), "id");
    let rep = town.client(Person::Rep);
    let own = make::id(&make::canned_response(&rep, json!({})), "id");
    rep.get(&format!("/v1/canned-responses/{own}/preview?contact_id={theirs}")).refused(404, "not_found");
}
