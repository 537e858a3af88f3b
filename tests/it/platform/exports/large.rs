//! A million rows out and in: how much memory it takes, and how long. It is measured, not awaited each time:
//! `GUANXI_FUZZ=100 cargo test -p tests --test it million -- --show-output`.
use crate::support::{Person, Town, json};
use std::process::Stdio;
use std::time::{Duration, Instant};

const ROWS: usize = 1_000_000;
const MIB: u64 = 1024;

/// What the program took at most, in KiB, and for how long it ran.
fn taken(town: &Town, arguments: &[&str]) -> (u64, Duration) {
    let since = Instant::now();
    let mut command = town.program(arguments);
    let mut program = command.stdout(Stdio::null()).stderr(Stdio::null()).spawn().unwrap();
    let mut most = 0;
    while program.try_wait().unwrap().is_none() {
        let status = std::fs::read_to_string(format!("/proc/{}/status", program.id())).unwrap_or_default();
        let line = status.lines().find_map(|line| line.strip_prefix("VmHWM:")).unwrap_or_default();
        most = most.max(line.split_whitespace().next().and_then(|kib| kib.parse().ok()).unwrap_or(0));
        std::thread::sleep(Duration::from_millis(20));
    }
    assert!(program.wait().unwrap().success(), "{arguments:?}");
    (most, since.elapsed())
}

fn people(town: &Town) {
    town.database.run(&format!(
        "INSERT INTO contacts (tenant_id, id, owner_id, display_name, given_name, family_name, job_title, email, phone,
         lifecycle_stage, version, created_at, updated_at, created_by, updated_by)
         SELECT tenant_id, gen_random_uuid(), id, 'Person ' || n, 'Given', 'Family ' || n, 'Head of ' || n % 100, 'p' || n || '@example.com',
         '+49301' || lpad(n::text, 7, '0'), 'lead', 1, now(), now(), id, id FROM users, generate_series(1, {ROWS}) n WHERE id = '{}'",
        town.user(Person::Owner)
    ));
}

#[test]
fn a_million_rows_take_no_memory() {
    if !std::env::var("GUANXI_FUZZ").is_ok_and(|often| often.parse::<u32>().is_ok_and(|often| often >= 100)) {
        return println!("skipped: it takes minutes; GUANXI_FUZZ=100 measures it");
    }
    let (town, other) = (Town::idle(), Town::idle());
    people(&town);
    let folder = tempfile::tempdir().unwrap();
    let place = |name: &str| folder.path().join(name).to_string_lossy().into_owned();
    let (idle, _) = taken(&town, &["export", "products", &place("none.csv")]);
    for format in ["csv", "ndjson", "xlsx"] {
        let file = place(&format!("people.{format}"));
        let (most, took) = taken(&town, &["export", "contacts", &file, "--format", format]);
        let size = std::fs::metadata(&file).unwrap().len() >> 20;
        println!("{format}: {took:?}, {size} MiB on the disk, {} MiB above idle ({})", (most - idle) / MIB, idle / MIB);
        assert!(most - idle < 100 * MIB, "{format}: {} MiB", (most - idle) / MIB);
    }
    let mapping = json!({"columns": {"display_name": "display_name", "given_name": "given_name", "family_name": "family_name",
        "job_title": "job_title", "email": "email", "phone": "phone", "lifecycle_stage": "lifecycle_stage"}});
    std::fs::write(place("map.json"), mapping.to_string()).unwrap();
    let import = ["import", "contacts", &place("people.csv"), "--map", &place("map.json"), "--duplicates", "allow"];
    let (most, took) = taken(&other, &import);
    println!("import of csv: {took:?}, {} MiB above idle", (most - idle) / MIB);
    assert!(most - idle < 150 * MIB, "{} MiB", (most - idle) / MIB);
    assert_eq!(other.database.count("SELECT count(*) FROM contacts"), i64::try_from(ROWS).unwrap());
}
