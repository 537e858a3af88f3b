//! Cases that are one.
use super::cases::path;
use crate::support::{Person, Town, json, make};

#[test]
fn what_was_said_and_who_follows_go_over_and_the_old_id_leads_on() {
    let town = Town::idle();
    let owner = town.owner();
    let winner = make::case(&owner, json!({"channel": "phone"}));
    let loser = make::case(&owner, json!({"channel": "phone", "root_cause": "Wet box"}));
    let part = make::case(&owner, json!({"parent_id": loser["id"]}));
    let said = make::case_message(&owner, &loser, json!({"visibility": "public", "author_kind": "customer"}));
    owner.send("PUT", &format!("{}/followers/me", path(&loser)), None).is(204);
    let sources = json!({"sources": [loser["id"]]});
    let merged = owner.post(&format!("{}/merge", path(&winner)), sources.clone()).ok();
    assert_eq!((&merged["winner_id"], &merged["loser_ids"][0]), (&winner["id"], &loser["id"]));
    let follows = owner.get(&format!("{}/followers", path(&winner))).ok();
    assert_eq!(follows.as_array().unwrap().len(), 1, "{follows}");
    let all = owner.get(&format!("{}/messages", path(&winner))).ok();
    assert_eq!(all[0]["id"], said["id"]);
    let now = owner.get(&path(&winner)).ok();
    assert_eq!((&now["root_cause"], &now["last_customer_message_at"]), (&json!("Wet box"), &said["created_at"]));
    assert_eq!(owner.get(&path(&part)).ok()["parent_id"], winner["id"]);
    for place in [path(&loser), format!("{}/messages", path(&loser))] {
        assert_eq!(owner.get(&place).is(301)["merged_into"], winner["id"], "{place}");
    }
    owner.patch(&path(&loser), json!({"subject": "x"})).refused(409, "merged");
    owner.act(&format!("{}/restore", path(&loser))).refused(409, "merged");
    town.client(Person::Foreigner).get(&path(&loser)).refused(404, "not_found");
    owner.post(&format!("{}/merge", path(&winner)), json!({"sources": [winner["id"]]})).refused(422, "invalid");
    // and back again
    owner.act(&format!("/v1/merges/{}/undo", make::id(&merged, "merge_id"))).ok();
    assert_eq!(owner.get(&format!("{}/messages", path(&loser))).ok()[0]["id"], said["id"]);
    assert_eq!(owner.get(&path(&part)).ok()["parent_id"], loser["id"]);
}

#[test]
fn a_case_that_becomes_one_with_what_it_is_a_part_of_is_a_part_of_nothing() {
    let town = Town::idle();
    let owner = town.owner();
    let top = make::case(&owner, json!({}));
    let middle = make::case(&owner, json!({"parent_id": top["id"]}));
    let low = make::case(&owner, json!({"parent_id": middle["id"]}));
    owner.post(&format!("{}/merge", path(&low)), json!({"sources": [top["id"]]})).ok();
    assert_eq!(owner.get(&path(&low)).ok()["parent_id"], json!(null));
    assert_eq!(owner.get(&path(&middle)).ok()["parent_id"], low["id"]);
}
