//! Whatever is done with deals, by whichever way, the sums follow.
use super::world::World;
use super::{agree, fold, of, waiting};
use crate::platform::{ended, import, rows};
use crate::support::{Person, Town, json, make};

/// `GUANXI_FUZZ=10` throws ten times as often.
fn worlds() -> u64 {
    2 * std::env::var("GUANXI_FUZZ").ok().and_then(|n| n.parse::<u64>().ok()).unwrap_or(1)
}

#[test]
fn random_changes_leave_the_sums_right() {
    let mut changed = 0;
    for seed in 0..worlds() {
        let town = Town::idle();
        let zone = ["UTC", "Asia/Shanghai", "America/New_York"][usize::try_from(seed).unwrap() % 3];
        let mut world = World::new(&town, seed);
        world.owner.patch("/v1/tenant", json!({"time_zone": zone})).ok();
        let (owner, pipelines) = (world.owner.clone(), world.pipelines.clone());
        for step in 0..120 {
            changed += usize::from(world.step());
            world.fold_at_times();
            if step % 15 == 0 {
                agree(
                    &town,
                    &owner,
                    &pipelines,
                    zone,
                    &of(&town, Person::Owner),
                    &format!("world {seed}, step {step}"),
                );
            }
        }
        world.lose_a_stage();
        agree(&town, &owner, &pipelines, zone, &of(&town, Person::Owner), "a stage is gone");
        // by hand, past all deeds, and many rows at once
        town.database.run("UPDATE opportunities SET amount = amount + 1, base_amount = base_amount + 2");
        agree(&town, &owner, &pipelines, zone, &of(&town, Person::Owner), "by hand");
        fold(&town);
        assert_eq!(waiting(&town), 0);
        agree(&town, &owner, &pipelines, zone, &of(&town, Person::Owner), "nothing waits");
        // another clock, and nothing is counted anew
        world.owner.patch("/v1/tenant", json!({"time_zone": "Pacific/Kiritimati"})).ok();
        agree(&town, &owner, &pipelines, "Pacific/Kiritimati", &of(&town, Person::Owner), "elsewhere");
    }
    assert!(changed > 150, "{changed} steps changed anything");
}

#[test]
fn a_file_and_its_end_leave_the_sums_right() {
    let town = Town::start();
    let mut world = World::new(&town, 7);
    world.steps(10);
    let (owner, pipelines) = (world.owner.clone(), world.pipelines.clone());
    let name = make::id(&owner.get(&format!("/v1/pipelines/{}", pipelines[0])).ok(), "name");
    let deals = (0..60).map(|at| {
        let (stage, expected) = [("begun", "2026-12-01"), ("talked", "2027-01-31"), ("won", "")][at % 3];
        format!("{at},Deal {at},{name},{stage},{},{},{expected}\n", at * 10, ["USD", "EUR"][at % 2])
    });
    let file = format!("No,Name,Pipeline,Stage,Amount,Currency,Expected\n{}", deals.collect::<String>());
    let mapping = json!({"resource": "opportunities", "source_system": "erp", "columns": {"No": "external_id",
        "Name": "name", "Pipeline": "pipeline.name", "Stage": "stage.key", "Amount": "amount",
        "Currency": "amount.currency", "Expected": "expected_close_on"}});
    let done = import(&owner, "deals.csv", file.as_bytes(), &mapping, &[]);
    assert_eq!(rows(&done), [60, 60, 0, 0, 0], "{done}");
    agree(&town, &owner, &pipelines, "UTC", &of(&town, Person::Owner), "brought in");
    let id = make::id(&done, "id");
    owner.act(&format!("/v1/imports/{id}/revert")).ok();
    assert_eq!(ended(&owner, &id)["status"], "reverted");
    agree(&town, &owner, &pipelines, "UTC", &of(&town, Person::Owner), "taken back");
}

#[test]
fn customers_who_become_one_change_no_sum() {
    let town = Town::idle();
    let mut world = World::new(&town, 9);
    let owner = world.owner.clone();
    let [winner, loser] = [(); 2].map(|()| make::account(&owner, json!({})));
    for account in [&winner, &loser] {
        for _ in 0..3 {
            make::opportunity(&owner, make::with(world.body(), json!({"account_id": account["id"]})));
        }
    }
    fold(&town);
    let path = format!("/v1/accounts/{}/merge", make::id(&winner, "id"));
    let merged = owner.post(&path, json!({"sources": [loser["id"]]})).ok();
    assert_eq!(waiting(&town), 0, "whose customer it is stands in no sum");
    agree(&town, &owner, &world.pipelines, "UTC", &of(&town, Person::Owner), "merged");
    owner.act(&format!("/v1/merges/{}/undo", make::id(&merged, "merge_id"))).ok();
    assert_eq!(waiting(&town), 0);
    agree(&town, &owner, &world.pipelines, "UTC", &of(&town, Person::Owner), "parted again");
}

#[test]
fn what_no_sum_tells_is_not_written_down() {
    let town = Town::idle();
    let mut world = World::new(&town, 11);
    let owner = world.owner.clone();
    let stages = make::stages(&owner, Some(&json!({"id": world.pipelines[0]})));
    let all: Vec<String> = (0..30)
        .map(|_| {
            let same = json!({"stage_id": stages["begun"], "owner_id": town.user(Person::Rep), "team_id": null,
                "amount": {"amount": "5", "currency": "USD"}, "expected_close_on": "2026-12-01"});
            let body = make::with(json!({"name": "Deal", "probability": 10}), same);
            make::id(&make::opportunity(&owner, body), "id")
        })
        .collect();
    assert_eq!((fold(&town), waiting(&town)), (30, 0));
    let path = |deal: &String| format!("/v1/opportunities/{deal}");
    owner.patch(&path(&all[0]), json!({"name": "Renamed", "next_step": "call"})).ok();
    let behind = json!({"stage_id": stages["begun"], "after": all[5]});
    owner.post(&format!("{}/move", path(&all[1])), behind).ok();
    owner
        .patch(&format!("/v1/stages/{}", stages["begun"]), json!({"probability": 90, "forecast_category": "commit"}))
        .ok();
    town.database.run("UPDATE opportunities SET rank = rank + 1");
    assert_eq!(waiting(&town), 0);
    // of many rows that one statement writes, each group is one row
    let to = town.user(Person::Mate);
    town.database.run(&format!("UPDATE opportunities SET owner_id = '{to}'"));
    assert_eq!(waiting(&town), 2, "what they were, and what they are");
    agree(&town, &owner, &world.pipelines, "UTC", &of(&town, Person::Owner), "handed over");
    world.step();
    town.database.run("DELETE FROM opportunities WHERE name = 'Deal'");
    agree(&town, &owner, &world.pipelines, "UTC", &of(&town, Person::Owner), "deleted by hand");
}
