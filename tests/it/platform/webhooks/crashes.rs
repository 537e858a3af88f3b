//! Workers that are killed, and several at once: nothing is lost, and what comes twice has the same id.
use super::{deliveries, endpoint, until};
use crate::support::{Receiver, Town, json, make};
use std::collections::BTreeSet;
use std::process::{Child, Stdio};
use std::time::Duration;

/// A worker in a process of its own, that ends with the test.
struct Worker(Child);

impl Worker {
    fn start(town: &Town, dies: Option<&str>) -> Self {
        let mut program = town.program(&["worker"]);
        program.env("GUANXI_OUTBOUND_ALLOW", "127.0.0.0/8").stdout(Stdio::null()).stderr(Stdio::null());
        if let Some(dies) = dies {
            program.env("GUANXI_TEST_CRASH", dies);
        }
        Self(program.spawn().unwrap())
    }

    fn is_dead(&mut self) -> bool {
        self.0.try_wait().unwrap().is_some()
    }
}

impl Drop for Worker {
    fn drop(&mut self) {
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}

/// As if a minute had passed without a sign of life.
fn lapse(town: &Town) {
    town.database.run(
        "UPDATE webhook_deliveries SET next_attempt_at = now(), leased_until = now() - interval '1 second' \
         WHERE id IN (SELECT id FROM webhook_deliveries WHERE status = 'pending' AND leased_until IS NOT NULL \
         FOR UPDATE SKIP LOCKED)",
    );
}

#[test]
fn whoever_dies_between_sending_and_writing_down_sends_once_more_by_the_same_id() {
    let (town, receiver) = (Town::idle(), Receiver::start());
    let owner = town.owner();
    let endpoint = endpoint(&owner, &receiver, json!({}));
    let contact = make::contact(&owner, json!({}));
    let mut mortal = Worker::start(&town, Some("webhook.sent"));
    until("it is sent, and the worker dead", || !receiver.kept().is_empty());
    for _ in 0..500 {
        if mortal.is_dead() {
            break;
        }
        std::thread::sleep(Duration::from_millis(20));
    }
    assert!(mortal.is_dead());
    let one = owner.get(&deliveries(&endpoint, "")).ok()["data"][0].clone();
    assert_eq!((one["status"].as_str(), &one["attempt_count"]), (Some("pending"), &json!(0)));
    lapse(&town);
    let _other = Worker::start(&town, None);
    let came = receiver.parcels(2);
    assert_eq!((came[0].id(), &came[0].body), (came[1].id(), &came[1].body));
    assert_eq!(came[0].json()["record_id"], contact["id"]);
    until("delivered", || owner.get(&deliveries(&endpoint, "&status=delivered")).ids().len() == 1);
}

#[test]
fn whoever_dies_while_events_are_gone_through_has_done_nothing() {
    let (town, receiver) = (Town::idle(), Receiver::start());
    let owner = town.owner();
    endpoint(&owner, &receiver, json!({}));
    let made: BTreeSet<String> = (0..20).map(|_| make::id(&make::contact(&owner, json!({})), "id")).collect();
    let mut mortal = Worker::start(&town, Some("webhook.spread"));
    until("the worker is dead", || town.database.count("SELECT count(*) FROM audit_chain") > 0);
    for _ in 0..500 {
        if mortal.is_dead() {
            break;
        }
        std::thread::sleep(Duration::from_millis(20));
    }
    assert!(mortal.is_dead());
    assert_eq!(town.database.count("SELECT count(*) FROM webhook_deliveries"), 0);
    let _other = Worker::start(&town, None);
    let came: Vec<String> = receiver.parcels(20).iter().map(|one| make::id(&one.json(), "record_id")).collect();
    assert_eq!((came.iter().cloned().collect::<BTreeSet<_>>(), came.len()), (made, 20));
}

/// `kill -9` of workers at random while everything goes on; what was acknowledged arrives.
#[test]
fn several_workers_that_are_killed_lose_nothing() {
    let (town, receiver) = (Town::idle(), Receiver::start());
    let owner = town.owner();
    let endpoint = endpoint(&owner, &receiver, json!({}));
    let mut workers = [Worker::start(&town, None), Worker::start(&town, None)];
    let mut made = BTreeSet::new();
    for round in 0..6 {
        let some = (0..40).map(|n| json!({"display_name": format!("{round} {n}")}));
        made.extend(make::many(&owner, "contacts", some).iter().map(|one| make::id(one, "id")));
        std::thread::sleep(Duration::from_millis(100 + 70 * round));
        workers[usize::try_from(round).unwrap() % 2] = Worker::start(&town, None);
    }
    let left = || owner.get(&deliveries(&endpoint, "&status=delivered&count=exact")).ok()["page"]["count"].as_u64();
    let done = Some(u64::try_from(made.len()).unwrap());
    until("all are delivered", || {
        lapse(&town);
        left() == done
    });
    let came: BTreeSet<String> = receiver.kept().iter().map(|one| make::id(&one.json(), "record_id")).collect();
    assert_eq!(came, made);
    let ids: BTreeSet<String> = receiver.kept().iter().map(|one| one.id()).collect();
    assert_eq!(ids.len(), made.len());
}

#[test]
fn two_workers_send_each_once() {
    let (town, receiver) = (Town::idle(), Receiver::start());
    let owner = town.owner();
    endpoint(&owner, &receiver, json!({}));
    let _workers = [Worker::start(&town, None), Worker::start(&town, None)];
    let some = (0..200).map(|n| json!({"display_name": format!("Contact {n}")}));
    let made = make::many(&owner, "contacts", some).len();
    receiver.parcels(made);
    std::thread::sleep(Duration::from_millis(800));
    let kept = receiver.kept();
    let ids: BTreeSet<String> = kept.iter().map(|one| one.id()).collect();
    assert_eq!((kept.len(), ids.len()), (made, made));
}
