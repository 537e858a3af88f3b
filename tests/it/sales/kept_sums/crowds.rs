//! Fifty who move deals at once, and two workers that fold meanwhile: nobody waits for a sum, and it is right at any moment.
use super::world::{Dice, World};
use super::{agree, fold, of, waiting};
use crate::support::{Person, Town, json, make};
use std::sync::atomic::{AtomicBool, Ordering};

#[test]
fn fifty_who_move_deals_find_the_sums_right_at_any_moment() {
    let town = Town::configured(|config| {
        config.jobs = false;
        config.connections = 8;
    });
    let mut world = World::new(&town, 3);
    let owner = world.owner.clone();
    let stages = make::stages(&owner, Some(&json!({"id": world.pipelines[0]})));
    let bodies: Vec<_> = (0..60)
        .map(|_| make::with(world.body(), json!({"stage_id": stages["begun"], "closed_at": null})))
        .map(|body| make::with(body, json!({"amount": {"amount": "7", "currency": "USD"}})))
        .collect();
    let deals: Vec<String> =
        make::many(&owner, "opportunities", bodies).iter().map(|one| make::id(one, "id")).collect();
    let (ended, database) = (AtomicBool::new(false), &town.database);
    let (reader, pipeline) = (town.owner(), world.pipelines[0].clone());
    let (statuses, looks) = std::thread::scope(|scope| {
        let movers: Vec<_> = (0..50_u64)
            .map(|at| {
                let (client, deals, stages) = (town.owner(), &deals, &stages);
                scope.spawn(move || {
                    let mut dice = Dice(at);
                    let mut one = || {
                        let stage = &stages[*dice.of(&["begun", "talked", "won", "lost"])];
                        let path = format!("/v1/opportunities/{}/move", dice.of(deals));
                        client.post(&path, json!({"stage_id": stage})).status
                    };
                    (0..4).map(|_| one()).collect::<Vec<u16>>()
                })
            })
            .collect();
        let folders: Vec<_> = (0..2)
            .map(|_| {
                scope.spawn(|| {
                    while !ended.load(Ordering::Relaxed) {
                        sales::opportunity::sums::fold(&mut database.conn()).unwrap();
                    }
                })
            })
            .collect();
        let looker = scope.spawn(|| {
            let mut looks = 0;
            while !ended.load(Ordering::Relaxed) {
                let board = reader.get(&format!("/v1/pipelines/{pipeline}/board?limit=1")).ok();
                let columns = board["columns"].as_array().unwrap();
                let count: i64 = columns.iter().map(|one| one["count"].as_i64().unwrap()).sum();
                let total = columns.iter().flat_map(|one| one["totals"].as_array().unwrap());
                let total: f64 = total.map(|one| make::id(one, "amount").parse::<f64>().unwrap()).sum();
                assert_eq!((count, total), (60, 420.0), "each is in one stage, at any moment");
                looks += 1;
            }
            looks
        });
        let moved: Vec<_> = movers.into_iter().map(|one| one.join()).collect();
        ended.store(true, Ordering::Relaxed);
        folders.into_iter().for_each(|one| one.join().unwrap());
        let statuses: Vec<u16> = moved.into_iter().flat_map(|one| one.unwrap()).collect();
        (statuses, looker.join().unwrap())
    });
    assert!(statuses.iter().all(|status| *status == 200), "{statuses:?}");
    assert!(looks > 3, "{looks}");
    agree(&town, &owner, &world.pipelines, "UTC", &of(&town, Person::Owner), "moved");
    while fold(&town) > 0 {}
    assert_eq!(waiting(&town), 0);
    agree(&town, &owner, &world.pipelines, "UTC", &of(&town, Person::Owner), "folded");
}
