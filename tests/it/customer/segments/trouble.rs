//! Workers that die, several at once, and changes while everybody is asked.
use super::{dynamic, matching, members, path};
use crate::support::{Town, Value, Worker, json, make};
use std::time::{Duration, Instant};

#[track_caller]
fn until(what: &str, is_so: impl Fn() -> bool) {
    let since = Instant::now();
    while !is_so() {
        assert!(since.elapsed() < Duration::from_secs(60), "not in time: {what}");
        std::thread::sleep(Duration::from_millis(50));
    }
}

const EVENTS: &str = "SELECT count(*) FROM audit_log WHERE noun = 'segment_member'";

#[test]
fn a_worker_that_dies_loses_nobody_and_tells_nobody_twice() {
    let town = Town::idle();
    let owner = town.owner();
    let all: Vec<Value> = (0..10).map(|at| make::contact(&owner, json!({"do_not_contact": at % 2 == 0}))).collect();
    let segment = dynamic(&owner, "contact", "do_not_contact");
    for point in ["segment_built", "segment_followed"] {
        let mut dying = Worker::start(&town, point);
        dying.dies();
        assert_eq!(town.database.count("SELECT count(*) FROM segment_members"), 0, "{point}: it died in the middle");
    }
    {
        let _worker = Worker::start(&town, "");
        until("built", || owner.get(&path(&segment)).ok()["status"] == "ready");
    }
    for one in &all {
        owner.patch(&format!("/v1/contacts/{}", make::id(one, "id")), json!({"do_not_contact": true})).ok();
    }
    let mut dying = Worker::start(&town, "segment_followed");
    dying.dies();
    let _workers = [Worker::start(&town, ""), Worker::start(&town, "")];
    until("followed", || members(&owner, &segment).len() == 10);
    std::thread::sleep(Duration::from_secs(2));
    assert_eq!(town.database.count(EVENTS), 5, "five have come, each once");
}

#[test]
fn what_changes_while_everybody_is_asked_is_not_lost() {
    let town = Town::start();
    let owner = town.owner();
    let new = |at: usize| json!({"display_name": format!("Contact {at}"), "do_not_contact": at % 3 == 0});
    let all = make::many(&owner, "contacts", (0..200).map(new));
    let segment = dynamic(&owner, "contact", "do_not_contact");
    std::thread::scope(|scope| {
        for part in 0..4 {
            let (owner, all, segment) = (&owner, &all, &segment);
            scope.spawn(move || {
                for (at, one) in all.iter().enumerate().filter(|(at, _)| at % 4 == part) {
                    let path_of = format!("/v1/contacts/{}", make::id(one, "id"));
                    owner.patch(&path_of, json!({"do_not_contact": at % 2 == 0, "department": "x"})).ok();
                    if at % 50 == part {
                        let filter = if at % 100 == part { "department == \"x\"" } else { "do_not_contact" };
                        owner.patch(&path(segment), json!({"filter": filter})).ok();
                    }
                }
            });
        }
    });
    owner.patch(&path(&segment), json!({"filter": "do_not_contact"})).ok();
    until("the same", || {
        let is_ready = owner.get(&path(&segment)).ok()["status"] == "ready";
        is_ready && members(&owner, &segment) == matching(&owner, "contact", "do_not_contact")
    });
    assert_eq!(members(&owner, &segment).len(), 100);
    let stay = "SELECT count(*) FROM segment_builds";
    until("over", || town.database.count(stay) == 0);
}

#[test]
fn a_segment_of_one_that_is_archived_meanwhile_does_not_hold_it() {
    let town = Town::start();
    let owner = town.owner();
    let segment = super::fixed(&owner, "contact");
    let all: Vec<Value> = (0..30).map(|_| make::contact(&owner, json!({}))).collect();
    std::thread::scope(|scope| {
        scope.spawn(|| {
            for one in &all {
                owner.delete(&format!("/v1/contacts/{}", make::id(one, "id"))).is(204);
            }
        });
        scope.spawn(|| {
            for one in &all {
                let ids = json!({"op": "add", "ids": [one["id"]]});
                owner.post(&format!("{}/members", path(&segment)), ids).is_one_of(&[200, 422]);
            }
        });
    });
    let inside = "SELECT count(*) FROM segment_members WHERE left_at IS NULL";
    until("empty", || town.database.count(inside) == 0);
}
