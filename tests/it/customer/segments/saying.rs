//! What a segment may say.
use super::{dynamic, fixed, follow, path};
use crate::support::{Person, Town, json, make, nobodys_id};

#[test]
fn all_that_is_wrong_is_named() {
    let town = Town::idle();
    let owner = town.owner();
    let new = |extra| make::with(json!({"name": "x", "resource": "contact", "kind": "dynamic"}), extra);
    let refused = |extra, status, code| owner.post("/v1/segments", new(extra)).refused(status, code);
    refused(json!({}), 422, "invalid");
    refused(json!({"kind": "static", "filter": "do_not_contact"}), 422, "invalid");
    refused(json!({"kind": "other", "filter": "do_not_contact"}), 422, "invalid");
    refused(json!({"resource": "user", "filter": "1 == 1"}), 422, "invalid");
    let answer = owner.post("/v1/segments", new(json!({"filter": "nonsense == 1"})));
    answer.refused(400, "filter_unknown_field");
    assert_eq!(answer.pointers(), ["/filter"]);
    refused(json!({"filter": "owner_id == me()"}), 400, "filter_unsupported");
    refused(json!({"filter": "segments.exists(s, s.name == \"x\")"}), 400, "filter_unsupported");
    refused(
        json!({"filter": "segments.all(s, s.id == \"0192f0c1-0000-7000-8000-000000000c01\")"}),
        400,
        "filter_unsupported",
    );
    refused(json!({"filter": format!("segments.exists(s, s.id == \"{}\")", nobodys_id())}), 422, "unknown_reference");
    let accounts = fixed(&owner, "account");
    let answer = owner.post("/v1/segments", new(json!({"filter": "1 == 1", "exclude_ids": [accounts["id"]]})));
    answer.refused(422, "unknown_reference");
    assert_eq!(answer.pointers(), ["/exclude_ids/0"]);
    owner.patch(&path(&accounts), json!({"filter": "1 == 1"})).refused(422, "invalid");
    owner.act(&format!("{}/refresh", path(&accounts))).refused(409, "segment_not_dynamic");
}

#[test]
fn none_comes_to_be_made_of_itself() {
    let town = Town::idle();
    let owner = town.owner();
    let within = |id: &serde_json::Value| format!("segments.exists(s, s.id == {id})");
    let first = dynamic(&owner, "contact", "do_not_contact");
    let second = dynamic(&owner, "contact", &within(&first["id"]));
    let third = make::segment(&owner, json!({"filter": "1 == 1", "exclude_ids": [second["id"]]}));
    owner.patch(&path(&first), json!({"filter": within(&first["id"])})).refused(409, "segment_circular");
    owner.patch(&path(&first), json!({"filter": within(&third["id"])})).refused(409, "segment_circular");
    owner.patch(&path(&first), json!({"exclude_ids": [third["id"]]})).refused(409, "segment_circular");
    owner.patch(&path(&third), json!({"exclude_ids": []})).ok();
    owner.patch(&path(&first), json!({"exclude_ids": [third["id"]]})).ok();
    follow(&town);
}

#[test]
fn a_preview_counts_and_shows_some() {
    let town = Town::idle();
    let owner = town.owner();
    let all: Vec<_> = (0..25).map(|_| make::contact(&owner, json!({"do_not_contact": true}))).collect();
    let held = fixed(&owner, "contact");
    let ids: Vec<_> = all.iter().take(3).map(|one| &one["id"]).collect();
    owner.post(&format!("{}/members", path(&held)), json!({"op": "add", "ids": ids})).ok();
    let asked = json!({"resource": "contact", "filter": "do_not_contact", "exclude_ids": [held["id"]]});
    let shown = owner.post("/v1/segments/preview", &asked).ok();
    assert_eq!(
        (&shown["count"], &shown["is_estimated"], &shown["refresh"]),
        (&json!(22), &json!(false), &json!("never"))
    );
    assert_eq!(shown["data"].as_array().unwrap().len(), 20);
    assert_eq!(shown["data"][0]["id"], all[24]["id"]);
    assert_eq!(town.client(Person::Rep).post("/v1/segments/preview", &asked).ok()["count"], 0, "as the caller sees it");
    let broken = json!({"resource": "contact", "filter": "x =="});
    owner.post("/v1/segments/preview", broken).refused(400, "filter_syntax");
    town.client(Person::Nobody).post("/v1/segments/preview", &asked).refused(403, "forbidden");
}
