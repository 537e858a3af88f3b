//! A backup that was taken before an erasure brings nobody back; an erasure that was stopped is ended.
use super::{begun, canary, erased, when};
use crate::support::{Town, json, make};
use std::process::{Child, Stdio};
use std::time::{Duration, Instant};

const TABLES: &str = "SELECT relname FROM pg_class WHERE relnamespace = 'public'::regnamespace AND relkind = 'r'
    AND relname <> '__diesel_schema_migrations'";

fn back_up(town: &Town) {
    let tables = town.database.column(TABLES);
    let rows: String = tables.iter().map(|table| format!("CREATE TABLE backup.{table} AS TABLE {table};")).collect();
    town.database.run(&format!("CREATE SCHEMA backup; {rows}"));
}

/// Brings all rows back as they were.
fn restore(town: &Town) {
    let tables = town.database.column(TABLES);
    let row = |table: &String| {
        let columns = town.database.text(&format!(
            "SELECT string_agg(quote_ident(attname), ', ') FROM pg_attribute WHERE attrelid = '{table}'::regclass
             AND attnum > 0 AND NOT attisdropped AND attgenerated = ''"
        ));
        format!("INSERT INTO {table} ({columns}) SELECT {columns} FROM backup.{table};")
    };
    let (rows, names) = (tables.iter().map(row).collect::<String>(), tables.join(", "));
    town.database.run(&format!("SET session_replication_role = replica; TRUNCATE {names} CASCADE; {rows}"));
}

/// A worker that ends with the test.
struct Worker(Child);

impl Worker {
    fn start(town: &Town) -> Self {
        Self(town.program(&["worker"]).stdout(Stdio::null()).stderr(Stdio::null()).spawn().unwrap())
    }
}

impl Drop for Worker {
    fn drop(&mut self) {
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}

#[test]
fn a_backup_from_before_an_erasure_brings_nobody_back() {
    let town = Town::start();
    let owner = town.owner();
    let bird = canary::contact(&town, "canary");
    canary::contact(&town, "sparrow");
    back_up(&town);
    erased(&owner, "contact", &bird.id);
    assert!(bird.left(&town).is_empty());
    let line = std::fs::read_to_string(town.data_dir.path().join("privacy/erasures.ndjson")).unwrap();
    assert!(line.contains(&bird.id) && !line.contains("canary"), "{line}");
    restore(&town);
    assert!(!bird.left(&town).is_empty(), "the backup has it all");
    let neighbours = canary::sums(&town.database, "sparrow");
    let replayed = town.program(&["privacy", "replay"]).output().unwrap();
    assert!(replayed.status.success(), "{}", String::from_utf8_lossy(&replayed.stderr));
    assert_eq!(bird.left(&town), Vec::<String>::new());
    assert_eq!(canary::sums(&town.database, "sparrow"), neighbours);
    assert_eq!(town.database.count("SELECT count(*) FROM erasures"), 2, "of the contact, and of their account");
}

/// The server does so by itself, before it answers anybody.
#[test]
fn a_server_that_starts_on_a_restored_backup_erases_again() {
    let town = Town::start();
    let owner = town.owner();
    let id = make::id(&make::contact(&owner, json!({"email": "canary@example.com"})), "id");
    back_up(&town);
    erased(&owner, "contact", &id);
    restore(&town);
    town.database.run("DROP SCHEMA backup CASCADE");
    let at = |town: &Town| town.database.count("SELECT count(*) FROM contacts WHERE email = 'canary@example.com'");
    assert_eq!(at(&town), 1);
    let _worker = Worker::start(&town);
    let since = Instant::now();
    while at(&town) > 0 && since.elapsed() < Duration::from_secs(30) {
        std::thread::sleep(Duration::from_millis(50));
    }
    assert_eq!(at(&town), 0);
}

/// Killed before it is kept, after it is kept, and before its files are gone: another worker ends it.
#[test]
fn an_erasure_that_is_killed_is_ended_by_another_worker() {
    for point in ["erasure_before_commit", "erasure_after_commit", "erasure_before_settled"] {
        let town = Town::idle();
        let (owner, database) = (town.owner(), &town.database);
        let worker = Worker::start(&town);
        let bird = canary::contact(&town, "canary");
        drop(worker);
        let request = begun(&owner, "erasure", "contact", &bird.id);
        owner.act(&format!("/v1/privacy-requests/{request}/complete")).ok();
        let killed = town.program(&["worker"]).env("GUANXI_TEST_CRASH", point).stdout(Stdio::null()).output().unwrap();
        assert!(!killed.status.success(), "{point} was not reached");
        database.run("UPDATE jobs SET leased_until = now() - interval '1 second' WHERE status = 'running'");
        let mut worker = town
            .program(&["worker"])
            .env("GUANXI_LOG", "debug")
            .stdout(Stdio::null())
            .stderr(Stdio::piped())
            .spawn()
            .unwrap();
        when(&owner, &request, |request| request["status"] == "completed");
        worker.kill().unwrap();
        let log = worker.wait_with_output().unwrap();
        let log = String::from_utf8_lossy(&log.stderr).to_lowercase();
        assert!(!log.contains("canary"), "{point}: the log tells of them: {log}");
        assert_eq!(bird.left(&town), Vec::<String>::new(), "{point}");
        assert_eq!(database.count("SELECT count(*) FROM erasures WHERE settled_at IS NULL"), 0, "{point}");
    }
}
