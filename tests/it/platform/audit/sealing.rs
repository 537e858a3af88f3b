//! However many write, seal, and die in the middle: every row comes into its chain once, and nobody waits.
use super::{each_once, holds, said, seal, settled};
use crate::support::{Town, json, make};
use diesel::connection::SimpleConnection;
use std::time::{Duration, Instant};

#[test]
fn eight_who_write_and_three_who_seal_make_one_chain() {
    let town = Town::configured(|config| config.connections = 10);
    std::thread::scope(|scope| {
        let writers: Vec<_> = (0..8)
            .map(|_| {
                let owner = town.owner();
                scope.spawn(move || {
                    for n in 0..15 {
                        let contact = make::contact(&owner, json!({}));
                        let place = format!("/v1/contacts/{}", make::id(&contact, "id"));
                        owner.patch(&place, json!({"job_title": format!("{n}")})).ok();
                    }
                })
            })
            .collect();
        // beside the worker of the server
        for _ in 0..2 {
            scope.spawn(|| {
                for _ in 0..40 {
                    seal(&town);
                    std::thread::sleep(Duration::from_millis(10));
                }
            });
        }
        writers.into_iter().for_each(|writer| writer.join().unwrap());
    });
    settled(&town);
    let text = holds(&town);
    assert!(text.contains(" 0 not sealed yet"), "{text}");
    each_once(&town);
    assert_eq!(town.database.count("SELECT count(*) FROM audit_log WHERE noun = 'contact'"), 240);
}

/// Who writes is as quick as ever while somebody seals and does not come to an end.
#[test]
fn no_writer_waits_for_a_sealer() {
    let town = Town::idle();
    let owner = town.owner();
    let mut sealer = town.database.conn();
    sealer
        .batch_execute(
            "BEGIN; SELECT * FROM audit_sealing FOR UPDATE; INSERT INTO audit_chain SELECT tenant_id, 1000, \
        gen_random_uuid(), decode(repeat('00', 32), 'hex') FROM tenants",
        )
        .unwrap();
    let since = Instant::now();
    for _ in 0..20 {
        make::contact(&owner, json!({}));
    }
    assert!(since.elapsed() < Duration::from_secs(2), "{:?}", since.elapsed());
    // whoever would seal too leaves it to it
    let mut conn = town.database.conn();
    let keys = super::keys(&mut conn);
    let done = platform::audit::seal(&mut conn, &keys, platform::audit::Patience::None).unwrap();
    assert_eq!(done, (0, false));
    sealer.batch_execute("ROLLBACK").unwrap();
    settled(&town);
    each_once(&town);
}

/// A transaction that began first and ends last is not passed over, and nothing gets in front of what is sealed.
#[test]
fn who_is_slow_is_waited_for() {
    let town = Town::idle();
    let owner = town.owner();
    settled(&town);
    let mut slow = town.database.conn();
    slow.batch_execute(
        "BEGIN; INSERT INTO audit_log (tenant_id, id, action, object_id, actor_id, request_id, occurred_at, noun) \
        SELECT tenant_id, gen_random_uuid(), 'contact.slow', id, id, id, now(), 'contact' FROM tenants",
    )
    .unwrap();
    for _ in 0..3 {
        make::contact(&owner, json!({}));
    }
    assert_eq!(seal(&town), 0, "what came later waits");
    assert_eq!(town.database.count("SELECT count(*) FROM audit_log WHERE noun = 'contact'"), 3);
    slow.batch_execute("COMMIT").unwrap();
    settled(&town);
    let order = town.database.column(
        "SELECT a.action FROM audit_chain c JOIN audit_log a ON (a.tenant_id, a.id) = (c.tenant_id, c.audit_id)
         WHERE a.noun = 'contact' ORDER BY c.tenant_id, c.seq",
    );
    assert_eq!(order.iter().filter(|action| *action == "contact.slow").count(), 2);
    assert_eq!(order.iter().position(|action| action == "contact.slow"), Some(0), "{order:?}");
    holds(&town);
    each_once(&town);
}

/// Wherever it dies, what it has done is done or not done, as a whole.
#[test]
fn a_sealer_that_dies_loses_nothing_and_seals_nothing_twice() {
    let town = Town::idle();
    let owner = town.owner();
    for point in ["seal.read", "seal.appended", "seal.moved", "seal.committed", "checkpoint.filed"] {
        make::contact(&owner, json!({}));
        let since = Instant::now();
        loop {
            let done = town.program(&["audit", "checkpoint"]).env(platform::crash::VARIABLE, point).output().unwrap();
            if done.status.code().is_none() {
                break;
            }
            assert!(since.elapsed() < Duration::from_secs(20), "it did not die at {point}: {}", said(&done).1);
        }
        let (good, text) = said(&town.program(&["audit", "verify"]).output().unwrap());
        assert!(good, "{point}: {text}");
        settled(&town);
        each_once(&town);
    }
    let (good, text) = said(&town.program(&["audit", "checkpoint"]).output().unwrap());
    assert!(good, "{text}");
    holds(&town);
    // the line that stood in the file before the table is still true
    let file = std::fs::read_to_string(platform::audit::file(town.data_dir.path())).unwrap();
    assert!(file.lines().count() >= 2, "{file}");
}

/// A dump that is restored elsewhere brings numbers of transactions that are still to come there.
#[test]
fn a_database_that_was_restored_elsewhere_is_sealed_on() {
    let town = Town::idle();
    let owner = town.owner();
    make::contact(&owner, json!({}));
    settled(&town);
    make::contact(&owner, json!({}));
    let old = 1_000_000_000_000_i64;
    town.database.run(&format!(
        "UPDATE audit_log SET xact = xact + {old} WHERE NOT EXISTS (SELECT FROM audit_chain WHERE audit_id = id); \
        UPDATE audit_sealing SET position = position + {old}"
    ));
    make::contact(&owner, json!({}));
    settled(&town);
    make::contact(&owner, json!({}));
    settled(&town);
    each_once(&town);
    holds(&town);
}

/// However far it has fallen behind, it comes to what is due, and seals nothing anew on the way.
#[test]
fn who_has_fallen_far_behind_catches_up() {
    let town = Town::idle();
    let owner = town.owner();
    make::contact(&owner, json!({}));
    settled(&town);
    town.database.run("UPDATE audit_sealing SET position = -200000");
    make::contact(&owner, json!({}));
    settled(&town);
    let far = "SELECT count(*) FROM audit_sealing WHERE position > 0";
    assert_eq!(town.database.count(far), 1);
    each_once(&town);
    holds(&town);
}

/// The worker seals and signs by itself.
#[test]
fn the_server_seals_and_signs_by_itself() {
    let town = Town::idle();
    town.database.run("DELETE FROM audit_checkpoints");
    let town = Town::on(town.leave());
    make::contact(&town.owner(), json!({}));
    let since = Instant::now();
    let sealed = "SELECT count(*) FROM audit_chain c JOIN audit_log a ON a.id = c.audit_id WHERE a.noun = 'contact'";
    while town.database.count(sealed) == 0 || town.database.count("SELECT count(*) FROM audit_checkpoints") == 0 {
        assert!(since.elapsed() < Duration::from_secs(20), "nothing is sealed");
        std::thread::sleep(Duration::from_millis(50));
    }
    assert!(platform::audit::file(town.data_dir.path()).exists());
    let doctor = said(&town.program(&["doctor"]).output().unwrap()).1;
    assert!(
        doctor.contains("audit trail are sealed") && doctor.contains("works as guanxi_app") && !doctor.contains("FAIL"),
        "{doctor}"
    );
}
