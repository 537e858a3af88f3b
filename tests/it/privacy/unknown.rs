//! Somebody of whom nothing is held is answered too: that nothing is held, once that is sure.
use super::{begin, when};
use crate::support::{Town, json, make};

#[test]
fn who_is_unknown_is_told_that_nothing_is_held() {
    let town = Town::start();
    let owner = town.owner();
    let new = json!({"kind": "access", "requester_name": "Grace", "requester_email": "grace@example.com", "channel": "email"});
    let id = make::id(&owner.post("/v1/privacy-requests", new).created(), "id");
    begin(&owner, &id);
    when(&owner, &id, |request| !request["file_sha256"].is_null());
    let file = owner.get(&format!("/v1/privacy-requests/{id}/file")).ok();
    assert_eq!((&file["subject"], &file["tables"]), (&json!(null), &json!([])));
    let done = owner.act(&format!("/v1/privacy-requests/{id}/complete")).ok();
    assert_eq!((&done["status"], &done["outcome"]["found"]), (&json!("completed"), &json!(0)));
}

#[test]
fn who_says_that_they_are_unknown_and_is_not_is_found_by_their_address() {
    let town = Town::start();
    let owner = town.owner();
    let contact = make::contact(&owner, json!({"email": "grace@example.com"}));
    let new = json!({"kind": "erasure", "requester_email": "Grace@Example.com", "channel": "email"});
    let id = make::id(&owner.post("/v1/privacy-requests", new).created(), "id");
    let path = format!("/v1/privacy-requests/{id}");
    begin(&owner, &id);
    let refused = owner.act(&format!("{path}/complete")).refused(409, "privacy_subject_known");
    assert_eq!(refused["existing"][0]["id"], contact["id"]);
    // named too late, it is asked for anew
    owner
        .patch(&path, json!({"subject_kind": "contact", "subject_id": contact["id"]}))
        .refused(409, "privacy_wrong_status");
    owner.post(&format!("{path}/reject"), json!({"reason": "asked for anew with the subject"})).ok();
    let half = json!({"kind": "erasure", "subject_kind": "contact", "channel": "email"});
    owner.post("/v1/privacy-requests", half).refused(422, "invalid");
}
