//! A receiver that is dead slows no other, and gets all that it has missed once it is back.
use super::{deliveries, endpoint, hasty, path, until};
use crate::support::{How, Receiver, Value, json, make};
use std::collections::{BTreeMap, BTreeSet};
use std::time::{Duration, Instant};

/// As many as a test usually has time for, unless the environment says otherwise.
fn events() -> usize {
    std::env::var("WEBHOOK_EVENTS").ok().and_then(|text| text.parse().ok()).unwrap_or(600)
}

#[test]
fn a_long_outage_of_one_is_nobody_elses_and_nothing_is_lost() {
    let town = hasty(30, "2", 86_400);
    let owner = town.owner();
    let [dead, stalling, healthy] = [(); 3].map(|()| Receiver::start());
    let its = endpoint(&owner, &dead, json!({}));
    endpoint(&owner, &stalling, json!({}));
    endpoint(&owner, &healthy, json!({}));
    dead.does(How::HangUp);
    stalling.does(How::Stall(Duration::from_secs(60)));
    let all = events();
    let mut made: BTreeMap<String, Instant> = BTreeMap::new();
    for batch in (0..all).collect::<Vec<_>>().chunks(20) {
        let some = batch.iter().map(|n| json!({"display_name": format!("Contact {n}")}));
        let records = make::many(&owner, "contacts", some);
        let at = Instant::now();
        made.extend(records.iter().map(|record| (make::id(record, "id"), at)));
        std::thread::sleep(Duration::from_millis(if all > 5_000 { 20 } else { 100 }));
    }
    let came = healthy.parcels_within(all, Duration::from_secs(120));
    let mut waits: Vec<Duration> = came
        .iter()
        .map(|one| one.at.saturating_duration_since(made[one.json()["record_id"].as_str().unwrap()]))
        .collect();
    waits.sort();
    let p95 = waits[waits.len() * 95 / 100];
    println!("healthy: {all} events, p50 {:?}, p95 {p95:?}, last {:?}", waits[all / 2], waits[all - 1]);
    assert!(p95 < Duration::from_secs(1), "{p95:?}");
    assert!(!owner.get(&path(&its)).ok()["failing_at"].is_null());
    let since = Instant::now();
    dead.does(How::fine());
    let have = || -> BTreeSet<String> {
        dead.kept().iter().map(|one| one.json()["record_id"].as_str().unwrap().to_owned()).collect()
    };
    let before = dead.kept().len();
    let left = format!(
        "SELECT count(*) FROM webhook_deliveries WHERE endpoint_id = '{}' AND status <> 'delivered'",
        make::id(&its, "id")
    );
    while town.database.count(&left) > 0 {
        assert!(since.elapsed() < Duration::from_secs(240), "{} are left", town.database.count(&left));
        std::thread::sleep(Duration::from_millis(100));
    }
    println!("the dead one: {before} attempts in vain, then all in {:?}", since.elapsed());
    assert_eq!(have(), made.keys().cloned().collect());
    let ids: BTreeMap<String, Value> = dead.kept().iter().map(|one| (one.id(), one.json()["id"].clone())).collect();
    assert_eq!(ids.len(), all, "one id an event, however often it is sent");
    let secret = make::id(&its, "secret");
    assert!(dead.kept().iter().all(|one| one.is_signed_by(&secret)));
    until("told", || owner.get(&deliveries(&its, "&status=pending&count=exact")).ok()["page"]["count"] == 0);
}
