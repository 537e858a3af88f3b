//! How sums are kept: folded once whatever dies, filled by the migration, cleared away when they are of nothing.
use super::world::World;
use super::{agree, board, fold, of, reckoned_board, waiting};
use crate::platform::until;
use crate::support::{Client, Person, Town, files, json, make};
use std::process::{Child, Stdio};

/// A worker that ends with the test.
struct Worker(Child);

impl Worker {
    fn start(town: &Town, crash: &str) -> Self {
        let mut command = town.program(&["worker"]);
        command.env("GUANXI_TEST_CRASH", crash).env("GUANXI_JOB_LEASE", "2");
        Self(command.stdout(Stdio::null()).stderr(Stdio::null()).spawn().unwrap())
    }
}

impl Drop for Worker {
    fn drop(&mut self) {
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}

fn begun(town: &Town, seed: u64) -> (World<'_>, Client, Vec<String>) {
    let mut world = World::new(town, seed);
    world.steps(20);
    let (owner, pipelines) = (world.owner.clone(), world.pipelines.clone());
    (world, owner, pipelines)
}

fn sums(town: &Town) -> i64 {
    town.database.count("SELECT (SELECT count(*) FROM board_sums) + (SELECT count(*) FROM forecast_sums)")
}

#[test]
fn what_waits_is_folded_once_whatever_dies() {
    let town = Town::idle();
    let (mut world, owner, pipelines) = begun(&town, 31);
    let before = waiting(&town);
    assert!(before > 20, "{before}");
    let mut first = Worker::start(&town, "opportunity_sums_folded");
    let _ = first.0.wait();
    assert_eq!((waiting(&town), sums(&town)), (before, 0), "it died in the middle");
    agree(&town, &owner, &pipelines, "UTC", &of(&town, Person::Owner), "a worker has died");
    let _workers = [Worker::start(&town, ""), Worker::start(&town, "")];
    world.steps(20);
    until("folded", || waiting(&town) == 0);
    assert!(sums(&town) > 0);
    agree(&town, &owner, &pipelines, "UTC", &of(&town, Person::Owner), "two workers");
}

#[test]
fn a_backlog_is_folded_in_slices() {
    let town = Town::idle();
    let (_, owner, pipelines) = begun(&town, 32);
    fold(&town);
    // of nobody who is there, and in all of nothing
    town.database.run(
        "INSERT INTO opportunity_sum_changes (tenant_id, stage_id, owner_id, team_id, currency, base_currency, kind, \
         forecast_category, month_on, deal_count, rotten_count, amount_count, amount, base_count, base_amount, likely_amount) \
         SELECT c.tenant_id, c.id, gen_random_uuid(), gen_random_uuid(), 'USD', 'USD', 'open', 'commit', '2026-12-01', n, 0, \
         n, n, n, n, n FROM stages c CROSS JOIN (VALUES (1), (-1)) v (n) CROSS JOIN generate_series(1, 300)",
    );
    let all = usize::try_from(waiting(&town)).unwrap();
    assert!(all > 10_000, "{all}");
    assert_eq!((fold(&town), waiting(&town), fold(&town)), (all, 0, 0));
    let reckoned = reckoned_board(&town, &pipelines[0], &of(&town, Person::Owner));
    assert_eq!(board(&owner, &pipelines[0], ""), reckoned);
}

#[test]
fn sums_of_nothing_are_cleared_away() {
    let town = Town::idle();
    let (world, owner, pipelines) = begun(&town, 33);
    fold(&town);
    let tidy = || sales::opportunity::sums::tidy(&mut town.database.conn()).unwrap();
    tidy();
    let before = sums(&town);
    let seller = town.user(Person::Admin);
    let deal =
        make::opportunity(&owner, make::with(json!({"owner_id": seller}), json!({"expected_close_on": "2031-05-05"})));
    fold(&town);
    assert!(sums(&town) > before);
    owner.delete(&format!("/v1/opportunities/{}?purge=true", make::id(&deal, "id"))).is(204);
    fold(&town);
    let gone = i64::try_from(tidy()).unwrap();
    assert_eq!((sums(&town), tidy()), (before, 0));
    assert!(gone >= 6, "of a stage, of a seller there, and four of a month: {gone}");
    agree(&town, &world.owner, &pipelines, "UTC", &of(&town, Person::Owner), "cleared away");
}

#[test]
fn the_migration_fills_the_sums() {
    let town = Town::idle();
    let (mut world, owner, pipelines) = begun(&town, 34);
    fold(&town);
    let folder = "migrations/2026-11-27-000047_kept_sums";
    let step = |way: &str| files::read(&format!("{folder}/{way}.sql")).unwrap();
    town.database.run(&step("down"));
    // the version before goes on writing
    (0..20).for_each(|_| drop(make::opportunity(&owner, world.body())));
    town.database.run(&step("up"));
    // with what the service may do
    platform::migrate::up(&town.database.url).unwrap();
    assert_eq!(waiting(&town), 0);
    agree(&town, &owner, &pipelines, "UTC", &of(&town, Person::Owner), "filled");
    world.steps(20);
    agree(&town, &owner, &pipelines, "UTC", &of(&town, Person::Owner), "and kept");
}

#[test]
fn the_doctor_adds_the_sums_up() {
    let town = Town::idle();
    let mut world = World::new(&town, 35);
    (0..20).for_each(|_| drop(make::opportunity(&town.owner(), world.body())));
    let said = || String::from_utf8(town.program(&["doctor"]).output().unwrap().stdout).unwrap();
    assert!(said().contains("ok   0 sums of a stage"), "{}", said());
    fold(&town);
    assert!(!said().contains("FAIL"), "{}", said());
    town.database.run("UPDATE board_sums SET amount = amount + 1; UPDATE forecast_sums SET won_count = won_count + 1");
    let said = said();
    let broken: Vec<&str> = said.lines().filter(|line| line.starts_with("FAIL")).collect();
    assert_eq!(broken.len(), 4, "{said}");
}
