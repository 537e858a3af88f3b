//! However many write, in whatever order their transactions begin and end: a reader who asks on misses nothing, is told
//! nothing twice, and hears of each record in the order of its versions.
use crate::support::{Client, Database, Town, Value, json, make};
use diesel::connection::SimpleConnection;
use std::collections::{BTreeMap, BTreeSet};
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::{Duration, Instant};

const WRITERS: usize = 50;
const RECORDS: usize = 6;
const EDITS: usize = 6;

/// A change as the program records it, in a transaction that had its number long before: whoever began later has
/// changed the record by then.
fn slow_edit(database: &Database, contact: &str, millis: usize) {
    let mut conn = database.conn();
    conn.batch_execute("BEGIN; SELECT pg_current_xact_id()").unwrap();
    std::thread::sleep(Duration::from_millis(millis as u64));
    conn.batch_execute(&format!(
        "WITH changed AS (UPDATE contacts SET version = version + 1, job_title = 'slow' WHERE id = '{contact}' RETURNING *)
         INSERT INTO audit_log (tenant_id, id, action, noun, object_id, version, data, actor_id, request_id, occurred_at)
         SELECT tenant_id, gen_random_uuid(), 'contact.updated', 'contact', id, version,
         to_jsonb(changed) - 'tenant_id' - 'search', owner_id, gen_random_uuid(), now() FROM changed; COMMIT"
    ))
    .unwrap();
}

fn edit(town: &Town, owner: &Client, contact: &str, writer: usize, turn: usize) {
    let pause = (writer * 37 + turn * 101) % 120;
    if writer.is_multiple_of(3) {
        return slow_edit(&town.database, contact, pause * 3);
    }
    std::thread::sleep(Duration::from_millis(pause as u64));
    let patch = json!({"job_title": format!("{writer} {turn}")});
    loop {
        // as many as this are told to come back now and then
        let done = owner.patch(&format!("/v1/contacts/{contact}"), &patch);
        if done.status == 200 {
            return;
        }
        assert_eq!(done.status, 503, "{}", done.text());
        std::thread::sleep(Duration::from_millis(20));
    }
}

/// Asks on and on, until all are done and nothing more comes.
fn follow(owner: &Client, wanted: usize, running: &AtomicUsize) -> Vec<Value> {
    let (mut all, mut after) = (Vec::new(), json!(0));
    let mut since = Instant::now();
    loop {
        let page = owner.get(&format!("/v1/events?types=contact.*&limit=20&after={after}")).ok();
        all.extend(page["data"].as_array().unwrap().iter().cloned());
        after = page["page"]["position"].clone();
        if running.load(Ordering::Relaxed) > 0 {
            since = Instant::now();
        } else if all.len() >= wanted || since.elapsed() > Duration::from_secs(30) {
            return all;
        }
        if page["page"]["has_more"] == false {
            std::thread::sleep(Duration::from_millis(15));
        }
    }
}

#[test]
fn fifty_who_write_and_one_who_misses_nothing() {
    let town = Town::configured(|config| config.connections = 12);
    let owner = town.owner();
    let contacts: Vec<String> = (0..RECORDS).map(|_| make::id(&make::contact(&owner, json!({})), "id")).collect();
    let wanted = RECORDS + WRITERS * EDITS;
    let running = AtomicUsize::new(WRITERS);
    let told = std::thread::scope(|scope| {
        for writer in 0..WRITERS {
            let (town, contacts, running, owner) = (&town, &contacts, &running, owner.clone());
            scope.spawn(move || {
                for turn in 0..EDITS {
                    edit(town, &owner, &contacts[(writer * 7 + turn * 5) % RECORDS], writer, turn);
                }
                running.fetch_sub(1, Ordering::Relaxed);
            });
        }
        scope.spawn(|| follow(&owner, wanted, &running)).join().unwrap()
    });
    assert_eq!(told.len(), wanted, "each change once");
    let ids: BTreeSet<&str> = told.iter().map(|event| event["id"].as_str().unwrap()).collect();
    assert_eq!(ids.len(), wanted, "none twice");
    let seqs: Vec<i64> = told.iter().map(|event| event["seq"].as_i64().unwrap()).collect();
    assert!(seqs.is_sorted_by(|one, next| one < next), "{seqs:?}");
    let mut versions: BTreeMap<&str, Vec<i64>> = BTreeMap::new();
    for event in &told {
        versions.entry(event["record_id"].as_str().unwrap()).or_default().push(event["version"].as_i64().unwrap());
    }
    for (contact, versions) in versions {
        let expected: Vec<i64> = (1..=versions.len() as i64).collect();
        assert_eq!(versions, expected, "the versions of {contact}");
        assert_eq!(owner.get(&format!("/v1/contacts/{contact}")).ok()["version"], versions.len());
    }
    // what was another way round in the numbers of transactions is what the test is about
    let inverted = town.database.count(
        "SELECT count(*) FROM audit_log a JOIN audit_log b ON (a.tenant_id, a.object_id) = (b.tenant_id, b.object_id)
         AND a.version < b.version AND a.xact > b.xact WHERE a.noun = 'contact'",
    );
    assert!(inverted > 0, "no transaction overtook another");
    let verified = town.program(&["audit", "verify"]).output().unwrap();
    assert!(verified.status.success(), "{}", String::from_utf8_lossy(&verified.stdout));
}

/// A version that was written by a transaction that is not due yet comes along with one that stands on it.
#[test]
fn what_a_version_stands_on_comes_with_it() {
    let town = Town::idle();
    let owner = town.owner();
    let contact = make::id(&make::contact(&owner, json!({})), "id");
    crate::support::seal(&town);
    let place = format!("/v1/contacts/{contact}");
    // one that began before all others, and ends last but one
    let mut first = town.database.conn();
    first.batch_execute("BEGIN; SELECT pg_current_xact_id()").unwrap();
    // one between them holds back whatever comes after it
    let mut holding = town.database.conn();
    holding.batch_execute("BEGIN; SELECT pg_current_xact_id()").unwrap();
    owner.patch(&place, json!({"job_title": "second version"})).ok();
    first
        .batch_execute(&format!(
            "WITH changed AS (UPDATE contacts SET version = version + 1 WHERE id = '{contact}' RETURNING *)
             INSERT INTO audit_log (tenant_id, id, action, noun, object_id, version, data, actor_id, request_id, occurred_at)
             SELECT tenant_id, gen_random_uuid(), 'contact.updated', 'contact', id, version,
             to_jsonb(changed) - 'tenant_id' - 'search', owner_id, gen_random_uuid(), now() FROM changed; COMMIT"
        ))
        .unwrap();
    let mut conn = town.database.conn();
    let vault = platform::Vault::ready(&mut conn, &crate::support::master_keys(crate::support::MASTER_KEY)).unwrap();
    let keys = platform::audit::Keys::open(&mut conn, &vault, || [7; 32]).unwrap();
    let since = Instant::now();
    let sealed = "SELECT count(*) FROM audit_chain c JOIN audit_log a ON a.id = c.audit_id WHERE a.noun = 'contact'";
    while town.database.count(sealed) < 3 && since.elapsed() < Duration::from_secs(20) {
        platform::audit::seal(&mut conn, &keys, platform::audit::Patience::Wait).unwrap();
        std::thread::sleep(Duration::from_millis(20));
    }
    let versions: Vec<i64> =
        super::told(&owner, "&types=contact.*").iter().map(|event| event["version"].as_i64().unwrap()).collect();
    assert_eq!(versions, [1, 2, 3], "the second is not due, and stands below the third");
    holding.batch_execute("COMMIT").unwrap();
    crate::support::seal(&town);
    assert_eq!(super::told(&owner, "&types=contact.*").len(), 3);
    let verified = town.program(&["audit", "verify"]).output().unwrap();
    assert!(verified.status.success(), "{}", String::from_utf8_lossy(&verified.stdout));
}

/// An event is there to be read a fraction of a second after its change.
#[test]
fn what_was_written_is_soon_told() {
    let town = Town::start();
    let owner = town.owner();
    let mut took = Vec::new();
    for _ in 0..8 {
        let contact = make::id(&make::contact(&owner, json!({})), "id");
        let since = Instant::now();
        while owner.get(&format!("/v1/events?record_id={contact}")).ok()["data"].as_array().unwrap().is_empty() {
            assert!(since.elapsed() < Duration::from_secs(20), "it is never told");
            std::thread::sleep(Duration::from_millis(5));
        }
        took.push(since.elapsed());
    }
    took.sort();
    // other tests on the same server hold the horizon now and then
    assert!(took[1] < Duration::from_millis(600), "{took:?}");
}
