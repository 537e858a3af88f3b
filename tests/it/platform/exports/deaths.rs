//! Workers that die: a file is begun anew by the next, a small job is done once for each time it was asked for.
use super::{ended, fetched, records};
use crate::support::{Client, Person, Town, json, make};
use std::process::{Child, Stdio};
use std::time::{Duration, Instant};

/// A worker that ends with the test.
struct Worker(Child);

impl Worker {
    fn start(town: &Town, crash: &str) -> Self {
        let mut command = town.program(&["worker"]);
        command
            .env("GUANXI_JOB_LEASE", "2")
            .env("GUANXI_TEST_CRASH", crash)
            .stdout(Stdio::null())
            .stderr(Stdio::null());
        Self(command.spawn().unwrap())
    }

    /// Until it has died by itself.
    fn dies(mut self) {
        let since = Instant::now();
        while self.0.try_wait().unwrap().is_none() {
            assert!(since.elapsed() < Duration::from_secs(60), "it lives");
            std::thread::sleep(Duration::from_millis(20));
        }
    }
}

impl Drop for Worker {
    fn drop(&mut self) {
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}

fn many(owner: &Client) {
    for part in 0..5 {
        make::many(owner, "contacts", (0..1000).map(|n| json!({"display_name": format!("C{part}-{n}")})));
    }
}

#[test]
fn a_file_is_begun_anew_where_a_worker_died() {
    let town = Town::idle();
    let owner = town.owner();
    many(&owner);
    let made = owner.post("/v1/exports", json!({"resource": "contacts", "format": "ndjson", "fields": ["id"]})).is(202);
    let id = make::id(&made, "id");
    Worker::start(&town, "export_page_written").dies();
    let folder = town.data_dir.path().join("files/exports");
    let halves = || std::fs::read_dir(&folder).unwrap().flatten().map(|entry| entry.file_name()).collect::<Vec<_>>();
    assert_eq!(halves().len(), 1, "half a file: {:?}", halves());
    assert_eq!(owner.get(&format!("/v1/exports/{id}")).ok()["status"], "running");
    Worker::start(&town, "export_before_commit").dies();
    let _worker = Worker::start(&town, "");
    let done = ended(&owner, &id);
    assert_eq!((done["status"].as_str(), done["rows_written"].as_i64()), (Some("succeeded"), Some(5000)), "{done}");
    assert_eq!(halves(), [id.as_str()], "the half is gone");
    assert_eq!(records(&fetched(&owner, &done)).len(), 5000);
}

/// Each asks for a letter to be written, and goes: as many letters as jobs, whoever died meanwhile.
#[test]
fn thousands_of_jobs_are_each_done_once_though_workers_die() {
    const JOBS: i64 = 5_000;
    let town = Town::idle();
    town.database.run(&format!(
        "INSERT INTO jobs (tenant_id, id, kind, payload, priority, created_by, created_at, updated_at)
         SELECT '00000000-0000-0000-0000-000000000000', gen_random_uuid(), 'password_reset', '{{\"email\": \"{}\"}}', 1,
         '00000000-0000-0000-0000-000000000000', now(), now() FROM generate_series(1, {JOBS})",
        Person::Owner.email()
    ));
    let open = "SELECT count(*) FROM jobs WHERE status IN ('queued', 'running')";
    let mut workers: Vec<Worker> = (0..4).map(|_| Worker::start(&town, "")).collect();
    let (since, mut killed) = (Instant::now(), Instant::now());
    let mut deaths = 0;
    while town.database.count(open) > 0 {
        if killed.elapsed() > Duration::from_secs(2) {
            drop(workers.remove(0));
            workers.push(Worker::start(&town, ""));
            (killed, deaths) = (Instant::now(), deaths + 1);
        }
        let stuck =
            "SELECT count(*) FROM jobs WHERE status = 'running' AND leased_until < now() - interval '10 seconds'";
        assert_eq!(town.database.count(stuck), 0, "longer than its lease and ten seconds");
        assert!(since.elapsed() < Duration::from_secs(240), "{} are open", town.database.count(open));
        std::thread::sleep(Duration::from_millis(100));
    }
    assert_eq!(town.database.count("SELECT count(*) FROM jobs WHERE kind = 'password_reset'"), 0);
    let asked = "SELECT count(*) FROM audit_log WHERE action = 'user.password_reset_requested'";
    assert_eq!(town.database.count(asked), JOBS, "each effect once");
    // nobody sends mail here
    assert_eq!(town.database.count("SELECT count(*) FROM jobs WHERE kind = 'letter' AND status = 'cancelled'"), JOBS);
    println!("{JOBS} jobs and their letters in {:?}, {deaths} deaths", since.elapsed());
}
