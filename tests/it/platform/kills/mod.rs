//! `kill -9` of the server and of the worker, at random moments, while records are written, files come in, lists go out,
//! events are read and webhooks sent: what was acknowledged is there, once, and so is what comes of it.
//!
//! `GUANXI_SEED` plays a run again, as far as chance is in it.
mod crowd;
mod pair;

use crate::support::{Client, Receiver, Town, Value, json, make, seal};
use crowd::{Crowd, Ledger};
use pair::Pair;
use std::collections::{BTreeMap, BTreeSet};
use std::time::{Duration, Instant, SystemTime, UNIX_EPOCH};

const DEATHS: usize = 20;

/// Chance that a seed plays again.
struct Dice(u64);

impl Dice {
    fn thrown() -> Self {
        let given = std::env::var("GUANXI_SEED").ok().and_then(|text| text.parse().ok());
        let now = || u64::try_from(SystemTime::now().duration_since(UNIX_EPOCH).unwrap().as_micros()).unwrap();
        let seed = given.unwrap_or_else(now);
        println!("GUANXI_SEED={seed}");
        Self(seed)
    }

    fn between(&mut self, least: u64, most: u64) -> u64 {
        self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        least + (self.0 >> 33) % (most - least)
    }
}

#[test]
fn whoever_is_killed_loses_nothing_and_doubles_nothing() {
    let (mut dice, since) = (Dice::thrown(), Instant::now());
    let (town, receiver) = (Town::idle(), Receiver::start());
    let owner = town.owner();
    let url = json!({"url": receiver.url(), "events": ["contact.*"]});
    let endpoint = owner.post("/v1/webhook-endpoints", url).created();
    make::many(&owner, "products", (0..300).map(|n| json!({"sku": format!("S{n}"), "name": "Tea"})));
    let mut pair = Pair::start(&town);
    let crowd = Crowd::start(&pair.place(), owner.token().unwrap());
    let mut servers = 0;
    for _ in 0..DEATHS {
        std::thread::sleep(Duration::from_millis(dice.between(300, 2200)));
        if dice.between(0, 2) == 0 {
            pair.server_dies();
            servers += 1;
        } else {
            pair.worker_dies();
        }
    }
    println!("{servers} servers and {} workers died in {:?}", DEATHS - servers, since.elapsed());
    let ledger = crowd.end();
    settled(&town, since);
    println!(
        "{} records, {} imports, {} exports, all done after {:?}",
        ledger.records.len(),
        ledger.imports.len(),
        ledger.exports.len(),
        since.elapsed()
    );
    records_are_those_of_the_ledger(&town, &ledger);
    rows_are_those_of_the_files(&town, &owner, &ledger);
    each_list_went_out(&town, &owner, &ledger);
    seal(&town);
    let events = owner.walk("/v1/events?limit=200");
    events_are_those_of_the_records(&town, &events, &ledger);
    everything_was_sent(&town, &receiver, &endpoint, &events);
    assert!(town.program(&["audit", "verify"]).status().unwrap().success(), "the trail is whole");
    println!("{:?} in all", since.elapsed());
}

/// Until nothing is left to be done.
fn settled(town: &Town, since: Instant) {
    let jobs = "SELECT count(*) FROM jobs WHERE status IN ('queued', 'running')";
    let parcels = "SELECT count(*) FROM webhook_deliveries WHERE status = 'pending'";
    let unseen = "SELECT count(*) FROM webhook_cursors w JOIN audit_chain c USING (tenant_id) WHERE c.seq > w.position";
    let unsealed = "SELECT count(*) FROM audit_log a WHERE NOT EXISTS (SELECT FROM audit_chain c WHERE \
                    (c.tenant_id, c.audit_id) = (a.tenant_id, a.id))";
    loop {
        // from the first to the last: what has happened is sealed, then gone through, then sent
        let left = [jobs, unsealed, unseen, parcels].map(|text| town.database.count(text));
        if left == [0; 4] {
            return;
        }
        assert!(since.elapsed() < Duration::from_secs(240), "left: {left:?}");
        pair::lapse(town);
        std::thread::sleep(Duration::from_millis(500));
    }
}

fn records_are_those_of_the_ledger(town: &Town, ledger: &Ledger) {
    let text = "SELECT concat_ws(' ', id, version, display_name, job_title, deleted_at IS NOT NULL) FROM contacts";
    let written: BTreeSet<String> = town.database.column(text).into_iter().collect();
    let acknowledged: BTreeSet<String> = ledger.records.iter().map(ToString::to_string).collect();
    let lost: Vec<_> = acknowledged.difference(&written).collect();
    let doubled: Vec<_> = written.difference(&acknowledged).collect();
    assert!(lost.is_empty() && doubled.is_empty(), "lost: {lost:?}, not acknowledged: {doubled:?}");
}

fn rows_are_those_of_the_files(town: &Town, owner: &Client, ledger: &Ledger) {
    assert_eq!(town.database.count("SELECT count(*) FROM imports"), i64::try_from(ledger.imports.len()).unwrap());
    for id in &ledger.imports {
        let done = owner.get(&format!("/v1/imports/{id}")).ok();
        let all = json!(crowd::ROWS);
        assert_eq!((&done["status"], &done["rows_created"]), (&json!("succeeded"), &all), "{done}");
    }
    let names: BTreeSet<String> = town.database.column("SELECT name FROM accounts").into_iter().collect();
    let wanted: BTreeSet<String> = (0..ledger.imports.len()).flat_map(crowd::rows).collect();
    assert_eq!(names, wanted, "rows that are lost, or that nobody sent");
    assert_eq!(town.database.count("SELECT count(*) FROM accounts"), i64::try_from(wanted.len()).unwrap());
}

fn each_list_went_out(town: &Town, owner: &Client, ledger: &Ledger) {
    assert_eq!(town.database.count("SELECT count(*) FROM exports"), i64::try_from(ledger.exports.len()).unwrap());
    for id in &ledger.exports {
        let done = owner.get(&format!("/v1/exports/{id}")).ok();
        assert_eq!((&done["status"], &done["rows_written"]), (&json!("succeeded"), &json!(300)), "{done}");
        assert_eq!(owner.get(&format!("/v1/exports/{id}/file")).text().lines().count(), 301);
    }
    assert_eq!(town.database.count("SELECT count(*) FROM jobs WHERE status <> 'succeeded'"), 0);
}

/// Whoever read them while servers died, and whoever reads them now, is told the same: each version of each record, once
/// and in order.
fn events_are_those_of_the_records(town: &Town, events: &[Value], ledger: &Ledger) {
    let seen: Vec<(i64, &Value)> = events.iter().map(|one| (one["seq"].as_i64().unwrap(), &one["id"])).collect();
    assert!(seen.windows(2).all(|two| two[0].0 < two[1].0), "in the order of their places");
    let heard: Vec<(i64, &Value)> = ledger.heard.iter().map(|(seq, id)| (*seq, id)).collect();
    assert_eq!(heard.len(), seen.iter().filter(|one| Some(one.0) <= heard.last().map(|one| one.0)).count());
    assert!(heard.iter().zip(&seen).all(|(heard, seen)| heard == seen), "a gap, or a double");
    let mut versions: BTreeMap<&str, i64> = BTreeMap::new();
    for event in events {
        let version = versions.entry(event["record_id"].as_str().unwrap()).or_default();
        *version += 1;
        if event["resource"] == "contact" || event["resource"] == "account" {
            assert_eq!(event["version"].as_i64(), Some(*version), "{event}");
        }
    }
    let rows = "SELECT concat(id, ' ', version) FROM contacts UNION ALL SELECT concat(id, ' ', version) FROM accounts";
    for row in town.database.column(rows) {
        let (id, version) = row.split_once(' ').unwrap();
        assert_eq!(versions.get(id), Some(&version.parse().unwrap()), "the events of {id}");
    }
}

/// Each event that is wanted came at least once, always by the same name, and by none that another has.
fn everything_was_sent(town: &Town, receiver: &Receiver, endpoint: &Value, events: &[Value]) {
    let wanted: BTreeSet<String> =
        events.iter().filter(|one| one["resource"] == "contact").map(|one| make::id(one, "id")).collect();
    let (secret, kept) = (make::id(endpoint, "secret"), receiver.kept());
    let mut effects: BTreeMap<String, String> = BTreeMap::new();
    for parcel in &kept {
        assert!(parcel.is_signed_by(&secret));
        let event = make::id(&parcel.json(), "id");
        assert_eq!(effects.entry(parcel.id()).or_insert_with(|| event.clone()), &event, "one name, two events");
    }
    println!("{} parcels of {} events", kept.len(), wanted.len());
    assert_eq!(effects.len(), wanted.len(), "as many names as events");
    assert_eq!(effects.into_values().collect::<BTreeSet<_>>(), wanted);
    assert_eq!(town.database.count("SELECT count(*) FROM webhook_deliveries WHERE status <> 'delivered'"), 0);
}
