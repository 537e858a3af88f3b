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
    let fine = endpoint(&owner, &healthy, json!({}));
    dead.does(How::HangUp);
    stalling.does(How::Stall(Duration::from_secs(60)));
    let all = events();
    let mut made: BTreeSet<String> = BTreeSet::new();
    for batch in (0..all).collect::<Vec<_>>().chunks(20) {
        let some = batch.iter().map(|n| json!({"display_name": format!("Contact {n}")}));
        made.extend(make::many(&owner, "contacts", some).iter().map(|record| make::id(record, "id")));
        std::thread::sleep(Duration::from_millis(100));
    }
    healthy.parcels_within(all, Duration::from_secs(120));
    // from when it was put down: before that an event waits for whoever else writes on this server, other tests too
    let took = |part: f64| {
        let text = format!(
            "SELECT extract(epoch FROM percentile_cont({part}) WITHIN GROUP (ORDER BY finished_at - created_at)) \
             FROM webhook_deliveries WHERE endpoint_id = '{}' AND status = 'delivered'",
            make::id(&fine, "id")
        );
        town.database.text(&text).parse::<f64>().unwrap()
    };
    println!("healthy: {all} events, p50 {:.3} s, p95 {:.3} s", took(0.5), took(0.95));
    assert!(took(0.95) < 1.0, "{}", took(0.95));
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
    assert_eq!(have(), made);
    let ids: BTreeMap<String, Value> = dead.kept().iter().map(|one| (one.id(), one.json()["id"].clone())).collect();
    assert_eq!(ids.len(), all, "one id an event, however often it is sent");
    let secret = make::id(&its, "secret");
    assert!(dead.kept().iter().all(|one| one.is_signed_by(&secret)));
    until("told", || owner.get(&deliveries(&its, "&status=pending&count=exact")).ok()["page"]["count"] == 0);
}
