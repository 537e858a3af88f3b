//! New keys while everybody works on: no failed read, no lost write, and nothing left that needs the old ones.
use super::{run, vault, wait_until};
use crate::support::{Client, Database, Person, Town, Value, fresh, json, make};
use diesel::prelude::*;
use diesel::sql_types::{Binary, Uuid as SqlUuid};
use platform::vault::Sealed;
use std::process::{Child, Stdio};
use std::sync::atomic::{AtomicBool, Ordering};
use uuid::Uuid;

/// So many secrets of factors as an earlier version kept them, then sealed: each says what it was.
fn sow(town: &Town, count: usize) {
    let user = town.user(Person::Rep);
    town.database.run(&format!(
        "INSERT INTO factors (tenant_id, id, user_id, kind, name, created_at, updated_at) SELECT tenant_id,
         gen_random_uuid(), id, 'totp', 'sown', now(), now() FROM users, generate_series(1, {count}) WHERE id = '{user}';
         INSERT INTO factor_secrets (tenant_id, factor_id, secret) SELECT tenant_id, id, decode(md5(id::text), 'hex')
         FROM factors WHERE name = 'sown'; ANALYZE factor_secrets"
    ));
    let sealed = vault(&town.database).cover(&mut town.database.conn(), &api::house::sealed()).unwrap();
    assert_eq!(usize::try_from(sealed).unwrap(), count);
}

/// Each secret is still what it was.
fn all_open(db: &Database, count: usize) {
    #[derive(QueryableByName)]
    struct Row {
        #[diesel(sql_type = SqlUuid)]
        tenant: Uuid,
        #[diesel(sql_type = SqlUuid)]
        id: Uuid,
        #[diesel(sql_type = Binary)]
        sealed: Sealed,
        #[diesel(sql_type = Binary)]
        sown: Vec<u8>,
    }
    let (vault, mut conn) = (vault(db), db.conn());
    let rows =
        "SELECT s.tenant_id AS tenant, s.factor_id AS id, s.sealed, decode(md5(s.factor_id::text), 'hex') AS sown
                FROM factor_secrets s JOIN factors f ON f.id = s.factor_id WHERE f.name = 'sown'";
    let rows: Vec<Row> = diesel::sql_query(rows).load(&mut conn).unwrap();
    assert_eq!(rows.len(), count);
    for row in rows {
        let plain = vault.open(&mut conn, row.tenant.into(), &identity::factor::SECRET, row.id, &row.sealed).unwrap();
        assert_eq!(plain.expose(), row.sown, "{}", row.id);
    }
}

fn keys(db: &Database) -> Vec<String> {
    db.column("SELECT id FROM data_keys ORDER BY id")
}

/// A contact with a passport: the path of that, and its number.
fn passport(client: &Client) -> (String, String) {
    let (contact, value) = (make::contact(client, json!({})), fresh("PASSPORT"));
    let path = format!("/v1/contacts/{}/identifiers", make::id(&contact, "id"));
    let made = client.post(&path, json!({"kind": "passport", "value": value})).created();
    (format!("/v1/contact-identifiers/{}", make::id(&made, "id")), value)
}

#[track_caller]
fn opens(client: &Client, (path, value): &(String, String)) {
    assert_eq!(client.act(&format!("{path}/reveal")).ok()["value"], *value);
}

#[test]
fn keys_are_replaced_while_everybody_works_on() {
    const SOWN: usize = 20_000;
    let town = Town::idle();
    let owner = town.owner();
    sow(&town, SOWN);
    let known: Vec<_> = (0..20).map(|_| passport(&owner)).collect();
    let before = keys(&town.database);
    let stop = AtomicBool::new(false);
    let until_stopped = || !stop.load(Ordering::Relaxed);
    let (reads, written) = std::thread::scope(|scope| {
        let reading = scope.spawn(|| {
            let mut reads = 0;
            while until_stopped() {
                known.iter().for_each(|one| opens(&owner, one));
                reads += known.len();
            }
            reads
        });
        let writing = scope.spawn(|| {
            let mut written = Vec::new();
            while until_stopped() {
                let one = passport(&owner);
                opens(&owner, &one);
                written.push(one);
            }
            written
        });
        for _ in 0..2 {
            let told = run(&town, &["keys", "rotate", "--data"]);
            assert!(told.contains(&format!("{SOWN} values")) || told.contains("values sealed anew"), "{told}");
        }
        stop.store(true, Ordering::Relaxed);
        (reading.join().unwrap(), writing.join().unwrap())
    });
    assert!(reads > 50 && written.len() > 5, "{reads} reads, {} writes", written.len());
    all_open(&town.database, SOWN);
    known.iter().chain(&written).for_each(|one| opens(&owner, one));
    let after = keys(&town.database);
    assert!(before.iter().all(|key| !after.contains(key)) && after.len() == before.len(), "{before:?} {after:?}");
    assert_eq!(town.database.count("SELECT count(*) FROM data_keys WHERE retired_at IS NOT NULL"), 0);
    // equal values are found by the new keys too
    for (_, value) in &written {
        let found = owner.post("/v1/contact-identifiers/find", json!({"kind": "passport", "value": value})).ok();
        assert_eq!(found.as_array().unwrap().len(), 1, "{value}");
    }
    let listed = run(&town, &["keys", "list"]);
    assert!(listed.contains("contact_identifiers.fingerprint") && listed.contains(&SOWN.to_string()), "{listed}");
}

/// A worker that ends with the test.
struct Worker(Child);

impl Drop for Worker {
    fn drop(&mut self) {
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}

#[test]
fn what_was_killed_in_the_middle_a_worker_goes_on_with() {
    const SOWN: usize = 1_800;
    let town = Town::idle();
    let owner = town.owner();
    sow(&town, SOWN);
    let known: Vec<_> = (0..5).map(|_| passport(&owner)).collect();
    let tenant = town.database.text("SELECT DISTINCT tenant_id FROM factor_secrets");
    for dies in ["values_resealed", "before_keys_go"] {
        let mut program = town.program(&["keys", "rotate", "--data", "--tenant", &tenant]);
        let killed = program.env("GUANXI_TEST_CRASH", dies).output().unwrap();
        assert!(!killed.status.success(), "it lives");
        let retired = format!("SELECT count(*) FROM data_keys WHERE retired_at IS NOT NULL AND tenant_id = '{tenant}'");
        assert!(town.database.count(&retired) > 0);
        all_open(&town.database, SOWN);
        known.iter().for_each(|one| opens(&owner, one));
        let same = |(_, value): &(String, String)| {
            owner.post("/v1/contact-identifiers/find", json!({"kind": "passport", "value": value})).ok()
        };
        assert!(known.iter().all(|one| same(one).as_array().map(Vec::len) == Some(1)), "found by either key");
        town.database.run("UPDATE jobs SET leased_until = now() - interval '1 second' WHERE status = 'running'");
        let worker = Worker(town.program(&["worker"]).stdout(Stdio::null()).spawn().unwrap());
        wait_until("no worker goes on", || town.database.count(&retired) == 0);
        wait_until("it does not end", || {
            town.database.count("SELECT count(*) FROM jobs WHERE kind = 'key_rotation' AND status <> 'succeeded'") == 0
        });
        drop(worker);
        all_open(&town.database, SOWN);
        known.iter().for_each(|one| opens(&owner, one));
    }
}

/// A value that somebody holds is waited for, and what they write is kept.
#[test]
fn who_is_writing_is_waited_for() {
    let town = Town::idle();
    let owner = town.owner();
    let one = passport(&owner);
    let before = keys(&town.database);
    let mut writer = town.database.conn();
    let (rotated, value) = std::thread::scope(|scope| {
        let held = writer.transaction::<Value, diesel::result::Error, _>(|conn| {
            diesel::sql_query("SELECT 1 FROM contact_identifiers FOR UPDATE").execute(conn)?;
            let rotating = scope.spawn(|| run(&town, &["keys", "rotate", "--data"]));
            std::thread::sleep(std::time::Duration::from_millis(700));
            diesel::sql_query("UPDATE contact_identifiers SET label = 'mine'").execute(conn)?;
            drop(rotating);
            Ok(json!("mine"))
        });
        ((), held.unwrap())
    });
    let () = rotated;
    opens(&owner, &one);
    assert_eq!(owner.get(&one.0).ok()["label"], value);
    assert!(keys(&town.database).iter().all(|key| !before.contains(key)));
}
