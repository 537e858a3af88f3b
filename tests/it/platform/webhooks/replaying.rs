//! A range of events sent once more: by time or by their order, the same ones by the same ids.
use super::{deliveries, disabled, endpoint, path, types, until};
use crate::support::{Client, How, Person, Receiver, Town, Value, json, make};
use std::collections::BTreeSet;

#[track_caller]
fn replay(client: &Client, endpoint: &Value, range: Value) -> Value {
    let job = client.post(&format!("{}/replay", path(endpoint)), range).is(202);
    let place = format!("/v1/jobs/{}", make::id(&job, "id"));
    until("replayed", || client.get(&place).ok()["finished_at"].is_string());
    client.get(&place).ok()
}

/// Waits until so many were sent and written down: what is on its way is not sent once more.
#[track_caller]
fn delivered(client: &Client, endpoint: &Value, many: usize) {
    let done = deliveries(endpoint, "&status=delivered&limit=200");
    until("written down", || client.get(&done).ids().len() == many);
}

#[test]
fn what_was_missed_and_what_was_sent_is_sent_once_more() {
    let (town, receiver) = (Town::start(), Receiver::start());
    let owner = town.owner();
    let endpoint = endpoint(&owner, &receiver, json!({}));
    for _ in 0..3 {
        make::contact(&owner, json!({}));
    }
    let first = receiver.parcels(3);
    delivered(&owner, &endpoint, 3);
    let seq = |n: usize| first[n].json()["seq"].as_i64().unwrap();
    let places: BTreeSet<i64> = (0..3).map(seq).collect();
    let [low, .., high] = places.iter().copied().collect::<Vec<_>>()[..] else { panic!("{places:?}") };
    // after the first, before the last
    let job = replay(&owner, &endpoint, json!({"after_seq": low, "before_seq": high}));
    assert_eq!((&job["status"], &job["progress"]["replayed"]), (&json!("succeeded"), &json!(1)), "{job}");
    let again = receiver.parcels(4);
    delivered(&owner, &endpoint, 3);
    let same = again[..3].iter().find(|one| one.id() == again[3].id()).expect("the same id");
    assert_eq!(same.json()["id"], again[3].json()["id"]);
    // what an endpoint that was disabled has missed
    owner.act(&format!("{}/disable", path(&endpoint))).ok();
    owner
        .post(&format!("{}/replay", path(&endpoint)), json!({"after_seq": 0}))
        .refused(409, "webhook_endpoint_disabled");
    let since = chrono::Utc::now();
    let missed = make::contact(&owner, json!({}));
    let until_then = chrono::Utc::now();
    make::contact(&owner, json!({}));
    owner.act(&format!("{}/enable", path(&endpoint))).ok();
    until("sealed", || owner.get("/v1/events?types=contact.created").ok()["data"].as_array().unwrap().len() == 5);
    let job = replay(&owner, &endpoint, json!({"after": since, "before": until_then}));
    assert_eq!(job["progress"]["replayed"], 1, "{job}");
    assert_eq!(receiver.parcels(5)[4].json()["record_id"], missed["id"]);
    delivered(&owner, &endpoint, 4);
    // all of it
    let job = replay(&owner, &endpoint, json!({"after_seq": 0}));
    assert_eq!(job["progress"]["replayed"], 5, "{job}");
    assert_eq!(receiver.parcels(10).iter().map(|one| one.id()).collect::<BTreeSet<_>>().len(), 5);
}

#[test]
fn a_replay_is_of_what_the_endpoint_wants_and_its_user_sees() {
    let (town, receiver) = (Town::start(), Receiver::start());
    let owner = town.owner();
    make::account(&owner, json!({}));
    make::contact(&owner, json!({"lifecycle_stage": "lead"}));
    make::contact(&owner, json!({"lifecycle_stage": "customer"}));
    let filter = json!({"filter": "lifecycle_stage == \"customer\""});
    let endpoint = endpoint(&owner, &receiver, filter);
    until("sealed", || owner.get("/v1/events?types=contact.created").ok()["data"].as_array().unwrap().len() == 2);
    replay(&owner, &endpoint, json!({"after_seq": 0}));
    assert_eq!(types(&receiver.parcels(1)), ["contact.created"]);
    std::thread::sleep(std::time::Duration::from_millis(500));
    assert_eq!(receiver.kept().len(), 1);
    let ask = |client: &Client, range: Value| client.post(&format!("{}/replay", path(&endpoint)), range);
    ask(&owner, json!({})).refused(422, "invalid");
    ask(&owner, json!({"after": "2026-11-26T08:00:00Z", "after_seq": 3})).refused(422, "invalid");
    ask(&owner, json!({"before_seq": 3})).refused(422, "invalid");
    ask(&town.client(Person::Manager), json!({"after_seq": 0})).refused(403, "forbidden");
    ask(&town.client(Person::Foreigner), json!({"after_seq": 0})).refused(404, "not_found");
}

/// A filter that can be read no more: its user sees the field no longer.
#[test]
fn an_endpoint_whose_filter_cannot_be_read_is_disabled() {
    let (town, receiver) = (Town::start(), Receiver::start());
    let owner = town.owner();
    receiver.does(How::fine());
    let endpoint = endpoint(&owner, &receiver, json!({"filter": "lifecycle_stage == \"customer\""}));
    town.database.run("UPDATE webhook_endpoints SET filter = 'nothing_like_it == 1'");
    make::contact(&owner, json!({}));
    assert_eq!(disabled(&owner, &endpoint)["disabled_reason"], "filter");
    assert!(owner.get(&deliveries(&endpoint, "")).ids().is_empty());
}
