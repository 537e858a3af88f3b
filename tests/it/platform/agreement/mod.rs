//! However one looks, one sees the same, and what is told of it is what happens: for random teams, roles, owners, queues
//! and shares, each way of looking gives every user the same records, and those are what was reckoned beforehand.
//! `GUANXI_FUZZ=10` makes ten times as many worlds.
//!
//! A new way of looking (a feed of events) is a line in [`ways::ALL`].
mod reckoning;
mod ways;
mod world;

use crate::support::{Town, Value, encoded, json, make, seal};
use std::collections::BTreeSet;
use world::{User, World};

/// Records, by their place in the world.
type Records = BTreeSet<usize>;

fn worlds() -> u64 {
    3 * std::env::var("GUANXI_FUZZ").ok().and_then(|n| n.parse::<u64>().ok()).unwrap_or(1)
}

#[test]
fn however_one_looks_one_sees_the_same() {
    let (mut seen, mut hidden) = (0, 0);
    for seed in 0..worlds() {
        let town = Town::start();
        let world = World::random(&town, seed);
        seal(&town);
        for user in &world.users {
            let reckoned = world.seen(user);
            for (name, way) in ways::ALL {
                assert_eq!(way(&world, user), reckoned, "world {seed}, {user:?}: {name}\n{world:#?}");
            }
            (seen, hidden) = (seen + reckoned.len(), hidden + world.contacts.len() - reckoned.len());
            changes(&world, user, seed);
        }
    }
    assert!(seen > 40 && hidden > 40, "seen {seen}, hidden {hidden}: the worlds are too much alike");
}

/// What may be changed, deleted and shared is what is told of it: done where it may be, 403 where the record is seen and
/// it may not, 404 where it is not seen.
fn changes(world: &World, user: &User, seed: u64) {
    for (at, contact) in world.contacts.iter().enumerate() {
        let told = world.explain(user, contact);
        let path = format!("/v1/contacts/{contact}");
        let share = json!({"resource": "contact", "record_id": contact, "user_id": world.owner_id});
        let patched = user.client.patch(&path, json!({"job_title": format!("{at}")})).status;
        let shared = user.client.post("/v1/shares", share).status;
        let deleted = user.client.delete(&path).status;
        if deleted == 204 {
            world.owner.act(&format!("{path}/restore")).ok();
        }
        for (action, status, done) in
            [("update", patched, &[200][..]), ("share", shared, &[201, 409]), ("delete", deleted, &[204])]
        {
            let what = || format!("world {seed}, {user:?}: {action} of contact {at} {contact}\n{told:#}\n{world:#?}");
            assert_eq!(world.may(user, at, action), decided(&told, action), "{}", what());
            let refused = if user.holds(action) && !decided(&told, "read") { 404 } else { 403 };
            match decided(&told, action) {
                true => assert!(done.contains(&status), "{status}: {}", what()),
                false => assert_eq!(status, refused, "{}", what()),
            }
        }
    }
}

fn decided(told: &Value, action: &str) -> bool {
    let decisions = told["decisions"].as_array().unwrap();
    let decision = decisions.iter().find(|one| one["action"] == action).unwrap();
    let against = ["no_role", "withheld", "inactive", "out_of_reach", "not_seen", "needs"];
    let reasons = decision["reasons"].as_array().unwrap();
    let refused = reasons.iter().any(|one| against.contains(&one["reason"].as_str().unwrap()));
    assert_eq!(decision["is_allowed"], !refused, "the reasons do not lead to the decision: {decision:#}");
    !refused
}

/// A condition in a query.
fn filter(text: &str) -> String {
    format!("filter={}", encoded(text))
}

fn id(record: &Value) -> String {
    make::id(record, "id")
}
