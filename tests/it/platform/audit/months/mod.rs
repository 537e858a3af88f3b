//! The trail in months: what is too old goes as a whole, below a signed floor, and what was bent before, in between or
//! afterwards is named.
mod bent;

use super::{holds, keys, said, settled};
use crate::support::{Town, json, make};
use std::process::Stdio;

/// A town that has months behind it: this one, and the four before it.
fn aged() -> Town {
    let town = Town::idle();
    town.database.run(AGED);
    platform::migrate::up(&town.database.url).unwrap();
    town
}

const AGED: &str = "
ALTER TABLE audit_log DETACH PARTITION audit_log_first;
ALTER TABLE audit_log_first RENAME TO before;
DO $$
DECLARE
    this timestamp := date_trunc('month', now() AT TIME ZONE 'UTC');
    month timestamp;
BEGIN
    CREATE TABLE audit_log_first (LIKE audit_log INCLUDING DEFAULTS);
    EXECUTE format('ALTER TABLE audit_log ATTACH PARTITION audit_log_first FOR VALUES FROM (MINVALUE) TO (%L)',
        audit_first_id(this - interval '4 months'));
    FOR back IN REVERSE 4..0 LOOP
        month := this - make_interval(months => back);
        EXECUTE format('CREATE TABLE audit_log_back_%s PARTITION OF audit_log FOR VALUES FROM (%L) TO (%L)', back,
            audit_first_id(month), audit_first_id(month + interval '1 month'));
    END LOOP;
    INSERT INTO audit_log SELECT * FROM before;
    DROP TABLE before;
END $$;
TRUNCATE audit_chain, audit_checkpoints;
UPDATE audit_sealing SET position = 0";

const CONTACT: &str = "0192f0c1-0000-7000-8000-00000000c0c0";

/// Writes down so many changes of a contact, so many months ago, before all that the town has seen; its versions, which are
/// its order, go on from one.
fn written(town: &Town, back: u32, many: u32, from: u32) {
    town.database.run(&format!(
        "INSERT INTO audit_log (tenant_id, id, object_id, actor_id, request_id, occurred_at, xact, version, action, noun, data)
         SELECT t.tenant_id, (left(m.since::text, 14) || '7' || lpad(to_hex({from} + n), 3, '0') || '-8000-' ||
            left(md5(random()::text), 12))::uuid, '{CONTACT}', u.id, u.id,
            date_trunc('month', now()) - interval '{back} months', {from} + n, {from} + n, 'contact.updated', 'contact',
            jsonb_build_object('id', '{CONTACT}', 'job_title', n::text)
         FROM generate_series(1, {many}) n, audit_months m, (SELECT tenant_id FROM tenants ORDER BY name DESC LIMIT 1) t,
            LATERAL (SELECT id FROM users WHERE tenant_id = t.tenant_id ORDER BY id LIMIT 1) u
         WHERE m.name = 'audit_log_back_{back}' ORDER BY n"
    ));
}

fn checkpoint(town: &Town) {
    settled(town);
    let (good, text) = said(&town.program(&["audit", "checkpoint"]).output().unwrap());
    assert!(good, "{text}");
}

fn dropped(town: &Town, keep: u32) -> Vec<String> {
    let (good, text) = said(&town.program(&["audit", "drop", "--keep", &keep.to_string()]).output().unwrap());
    assert!(good, "{text}");
    text.lines().filter_map(|line| line.strip_prefix("dropped ").map(str::to_owned)).collect()
}

/// A trail over five months, sealed and signed: of each of the first ones a row came into the chain after the next began.
fn long() -> Town {
    let town = aged();
    for (back, many, from) in
        [(4, 4, 0), (3, 1, 4), (4, 1, 5), (3, 3, 6), (2, 3, 9), (3, 1, 12), (1, 3, 13), (0, 2, 16)]
    {
        written(&town, back, many, from);
    }
    checkpoint(&town);
    holds(&town);
    town
}

const CHAIN: &str = "SELECT min(seq) FROM audit_chain WHERE tenant_id = (SELECT tenant_id FROM audit_floors LIMIT 1)";
const PLACES: &str = "SELECT seq FROM audit_chain c JOIN audit_log a ON (a.tenant_id, a.id) = (c.tenant_id, c.audit_id)
    WHERE a.object_id = '0192f0c1-0000-7000-8000-00000000c0c0' ORDER BY seq";

#[test]
fn old_months_go_as_a_whole_and_the_rest_holds() {
    let town = long();
    let of = |back: &str| town.database.count(&format!("SELECT count(*) FROM audit_log_back_{back}"));
    let (three, two) = (of("3"), of("2"));
    assert_eq!(dropped(&town, 3), ["audit_log_first", "audit_log_back_4"]);
    let text = holds(&town);
    assert!(text.contains(" were dropped"), "{text}");
    assert_eq!((of("3"), of("2")), (three, two), "what is kept is whole");
    // a row of the month that went stood later in the chain: its link stays, and the floor says so
    assert_eq!(town.database.text("SELECT array_length(further, 1) FROM audit_floors"), "1");
    let floor = town.database.count("SELECT seq FROM audit_floors");
    assert_eq!(town.database.count(CHAIN), floor, "below it is nothing");
    settled(&town);
    assert_eq!(town.database.count("SELECT count(*) FROM audit_log WHERE action = 'audit_log.month_dropped'"), 1);
    // the chain goes on, and the next month goes
    make::contact(&town.owner(), json!({}));
    checkpoint(&town);
    holds(&town);
    assert_eq!(dropped(&town, 2), ["audit_log_back_3"]);
    assert_eq!(dropped(&town, 2), Vec::<String>::new());
    holds(&town);
    assert_eq!(dropped(&town, 1), ["audit_log_back_2"]);
    settled(&town);
    holds(&town);
    let (good, text) = said(&town.program(&["doctor"]).output().unwrap());
    assert!(good && text.contains("has 4 months, and has the next one; 0 of its rows are in none"), "{text}");
}

/// Whoever dies on the way leaves a trail that holds, and the next look ends what was begun.
#[test]
fn whoever_dies_while_a_month_goes_leaves_the_rest_to_the_next() {
    let town = long();
    for (point, months) in [("months.floored", 6), ("months.dropped", 5)] {
        let keep = if point == "months.floored" { "3" } else { "2" };
        let mut program = town.program(&["audit", "drop", "--keep", keep]);
        // the empty first month goes without a floor
        let died = loop {
            let died = program.env(platform::crash::VARIABLE, point).output().unwrap();
            assert!(!died.status.success());
            if town.database.count("SELECT count(*) FROM audit_floors") > 0 {
                break died;
            }
            dropped(&town, 4);
        };
        assert!(!died.status.success());
        settled(&town);
        holds(&town);
        dropped(&town, keep.parse().unwrap());
        holds(&town);
        assert_eq!(town.database.count("SELECT count(*) FROM audit_months"), months, "{point}");
        let below = "SELECT count(*) FROM audit_chain c WHERE seq < (SELECT max(seq) FROM audit_floors f WHERE f.tenant_id = c.tenant_id)";
        assert_eq!(town.database.count(below), 0);
    }
}

#[test]
fn of_many_who_drop_one_does() {
    let town = long();
    let (good, text) = said(&town.program(&["audit", "checkpoint"]).output().unwrap());
    assert!(good, "{text}");
    platform::audit::close_months(&mut town.database.conn(), kernel::clock::now()).unwrap();
    let file = platform::audit::file(town.data_dir.path());
    let all: Vec<String> = std::thread::scope(|scope| {
        let one = |_| {
            scope.spawn(|| {
                let mut conn = town.database.conn();
                let keys = keys(&mut conn);
                // who finds the month under somebody's hands tries again later
                platform::audit::drop_old(&mut conn, &keys, &file, kernel::clock::now(), 2).unwrap_or_default()
            })
        };
        let all: Vec<_> = (0..4).map(one).collect();
        all.into_iter().flat_map(|one| one.join().unwrap()).collect()
    });
    assert!(all.len() <= 3, "{all:?}");
    dropped(&town, 2);
    settled(&town);
    holds(&town);
    assert_eq!(town.database.count("SELECT count(*) FROM audit_months"), 5);
    assert_eq!(town.database.count("SELECT count(*) FROM audit_log WHERE action = 'audit_log.month_dropped'"), 2);
}

/// The worker does it as the role that owns nothing.
#[test]
fn the_worker_drops_what_is_older_than_is_kept() {
    let town = long();
    let mut program = town.program(&["worker"]);
    program.env("GUANXI_AUDIT_MONTHS", "1").stdout(Stdio::null()).stderr(Stdio::null());
    let mut worker = program.spawn().unwrap();
    let since = std::time::Instant::now();
    let left = || town.database.count("SELECT count(*) FROM audit_months");
    while left() > 4 && since.elapsed().as_secs() < 30 {
        std::thread::sleep(std::time::Duration::from_millis(100));
    }
    worker.kill().unwrap();
    worker.wait().unwrap();
    assert_eq!(left(), 4);
    settled(&town);
    holds(&town);
    let (good, text) = said(&town.program(&["doctor"]).env("GUANXI_AUDIT_MONTHS", "0").output().unwrap());
    assert!(!good && text.contains("is no number from 1 to 1200"), "{text}");
}

#[test]
fn who_reads_on_from_what_went_is_told_so() {
    let town = long();
    let owner = town.owner();
    let first = town.database.text(&format!("SELECT id FROM audit_log WHERE object_id = '{CONTACT}' AND version = 1"));
    let token = owner.get("/v1/sync?resources=contacts").ok()["token"].as_str().unwrap().to_owned();
    let sync = format!("/v1/sync?resources=contacts&token={token}");
    owner.get(&sync).ok();
    let after = |place: &str| owner.get(&format!("/v1/events?after={place}&limit=200"));
    // events are told for ninety days, however long their months are kept
    let old = town.database.column(PLACES);
    after(&old[0]).refused(410, "events_expired");
    after(&first).refused(410, "events_expired");
    after("0").refused(410, "events_expired");
    let told = owner.get("/v1/events?limit=200&types=contact.*").ok();
    let seqs: Vec<String> = told["data"].as_array().unwrap().iter().map(|one| one["seq"].to_string()).collect();
    assert!(!seqs.is_empty() && seqs.iter().all(|seq| old.contains(seq)), "{seqs:?}");
    assert_eq!(dropped(&town, 1).len(), 4);
    checkpoint(&town);
    after(&old[0]).refused(410, "events_expired");
    after(&first).refused(410, "events_expired");
    let floor = town.database.count("SELECT max(seq) FROM audit_floors");
    after(&floor.to_string()).ok();
    after(&(floor - 1).to_string()).refused(410, "events_expired");
    let rest = owner.get("/v1/events?limit=200&types=contact.*").ok();
    let left: Vec<String> = rest["data"].as_array().unwrap().iter().map(|one| one["seq"].to_string()).collect();
    assert_eq!(left, town.database.column(PLACES));
    // a client that stood at the end of the order goes on; one that stood before the floor begins anew
    owner.get(&sync).ok();
    owner.get(&format!("/v1/audit-logs/{first}")).refused(404, "not_found");
}
