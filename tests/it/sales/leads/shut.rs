//! Pools that are archived: they are shut, and come back to their own queue.
use super::place;
use super::pools::{claim, lying, pool};
use crate::support::{Person, Town, json, make};

/// An archived pool is shut: what lies in it stays there, covered, until it is restored or somebody moves it.
#[test]
fn an_archived_pool_is_shut_and_opens_again() {
    let town = Town::start();
    let owner = town.owner();
    let shut = pool(&town, &[Person::Rep], json!({"name": "East", "idle_days": 1}));
    let open = pool(&town, &[Person::Rep], json!({}));
    let rep = town.client(Person::Rep);
    let path = format!("/v1/pools/{}", make::id(&shut, "id"));
    let [lead, other] = [1, 2].map(|_| lying(&owner, &shut, json!({"phone": "+8613800138000"})));
    let mine = claim(&rep, &shut).ok();
    rep.delete(&path).refused(403, "forbidden");
    owner.if_match(7).delete(&path).refused(412, "stale");
    owner.if_match(1).delete(&path).is(204);
    owner.get(&path).refused(404, "not_found");
    claim(&rep, &shut).refused(404, "not_found");
    let left = if mine["id"] == lead["id"] { &other } else { &lead };
    rep.act(&format!("{}/claim", place(left))).refused(409, "pool_shut");
    let seen = rep.get(&place(left)).ok();
    assert_eq!((&seen["pool_id"], &seen["phone"]), (&shut["id"], &json!("+86138****8000")));
    rep.post(&format!("{}/return", place(&mine)), json!({"reason": "x"})).refused(409, "pool_shut");
    assert_eq!(
        owner.post("/v1/leads", json!({"display_name": "x", "pool_id": shut["id"]})).pointers(),
        ["/pool_id"],
        "it is not there"
    );
    let into = json!({"reason": "x", "pool_id": open["id"]});
    assert_eq!(rep.post(&format!("{}/return", place(&mine)), into).ok()["pool_id"], open["id"]);
    let rep_id = json!({"owner_id": town.user(Person::Rep)});
    let moved = owner.post(&format!("{}/transfer", place(left)), &rep_id).ok();
    assert_eq!(moved["owner_id"], rep_id["owner_id"], "who may change everything moves it");
    let back = owner.act(&format!("{path}/restore")).ok();
    assert_eq!((&back["deleted_at"], &back["version"]), (&json!(null), &json!(3)));
    rep.post(&format!("{}/return", place(left)), json!({"reason": "x"})).ok();
    assert_eq!(claim(&rep, &shut).ok()["id"], left["id"]);
}

/// A queue is of one living pool; what came to be of it meanwhile stands in the way of the one before.
#[test]
fn a_pool_comes_back_to_its_own_queue_alone() {
    let town = Town::start();
    let owner = town.owner();
    let first = make::pool(&owner, json!({"name": "East"}));
    let path = format!("/v1/pools/{}", make::id(&first, "id"));
    owner.delete(&path).is(204);
    let second = owner.post("/v1/pools", json!({"name": "East", "queue_id": first["queue_id"]})).created();
    let refused = owner.act(&format!("{path}/restore")).refused(409, "pool_queue_taken");
    assert_eq!(refused["existing"][0]["id"], second["id"]);
    owner.delete(&format!("/v1/pools/{}", make::id(&second, "id"))).is(204);
    let lead = make::lead(&owner, json!({"owner_id": first["queue_id"]}));
    assert_eq!(lead["pool_id"], json!(null), "no living pool has the queue");
    let refused = owner.act(&format!("{path}/restore")).refused(409, "pool_queue_taken");
    assert_eq!(refused["existing"], json!([]));
    owner.delete(&format!("{}?purge=true", place(&lead))).is(204);
    assert_eq!(owner.act(&format!("{path}/restore")).ok()["id"], first["id"]);
    owner.act(&format!("{path}/restore")).ok();
}
