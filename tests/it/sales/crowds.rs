//! Fifty who move cards at once, to one place or from one: every card has a place of its own, in one order, and what
//! can be done but once is done once.
use super::board::{board, cards, column};
use super::leads::crowds::at_once;
use crate::support::{Answer, Client, Town, Value, json, make};
use std::collections::{BTreeMap, BTreeSet};

/// A pipeline with so many cards in its first stage: its id, its stages, and the cards in their order.
fn laid_out(owner: &Client, count: usize) -> (String, BTreeMap<String, String>, Vec<String>) {
    let pipeline = make::pipeline(owner, json!({}));
    let (id, stages) = (make::id(&pipeline, "id"), make::stages(owner, Some(&pipeline)));
    let data = (0..count).map(|at| json!({"name": format!("{at}"), "pipeline_id": id}));
    let all = make::many(owner, "opportunities", data).iter().map(|one| make::id(one, "id")).collect();
    (id, stages, all)
}

fn moves(client: &Client, card: &str, how: Value) -> Answer {
    client.post(&format!("/v1/opportunities/{card}/move"), how)
}

/// Each wants to stand right behind the first, where there is no room: they were made at one moment.
#[test]
fn fifty_cards_for_one_place_stand_in_one_order() {
    let town = Town::start();
    let owner = town.owner();
    let (id, stages, all) = laid_out(&owner, 52);
    let (first, last, begun) = (&all[0], &all[51], &stages["begun"]);
    let behind = json!({"stage_id": begun, "after": first});
    let answers = at_once(&town, 50, |client, at| moves(client, &all[at + 1], behind.clone()));
    answers.iter().for_each(|one| drop(one.ok()));
    let ranks = town.database.column("SELECT DISTINCT rank FROM opportunities");
    assert_eq!(ranks.len(), 52, "no two have one place");
    let shown = cards(column(&board(&owner, &id, "limit=200"), begun));
    assert_eq!(shown, owner.get(&format!("/v1/opportunities?stage_id={begun}&sort=rank&limit=200")).ids());
    assert_eq!((&shown[0], &shown[51]), (first, last), "and they stand where they were put");
    assert_eq!(shown.iter().collect::<BTreeSet<_>>(), all.iter().collect());
    let untold = "SELECT count(*) FROM opportunities AS o
        WHERE o.version <> (SELECT count(*) FROM event_log AS e WHERE e.object_id = o.id)";
    assert_eq!(town.database.count(untold), 0, "whoever makes room is told, too");
}

/// Whoever has seen it where it was takes it elsewhere; the others have not seen it where it is.
#[test]
fn of_fifty_who_move_one_card_on_one_version_one_does() {
    let town = Town::start();
    let owner = town.owner();
    let (id, stages, all) = laid_out(&owner, 2);
    let to = |at: usize| &stages[["talked", "won", "lost"][at % 3]];
    let answers = at_once(&town, 50, |client, at| moves(&client.if_match(1), &all[0], json!({"stage_id": to(at)})));
    let winner = answers.iter().position(|one| one.status == 200).unwrap();
    for (_, one) in answers.iter().enumerate().filter(|(at, _)| *at != winner) {
        one.refused(412, "stale");
    }
    let path = format!("/v1/opportunities/{}", all[0]);
    let now = owner.get(&path).ok();
    assert_eq!((&now["stage_id"], &now["version"]), (&json!(to(winner)), &json!(2)));
    let been = owner.get(&format!("{path}/stage-history")).ok();
    assert_eq!(been.as_array().map(Vec::len), Some(2), "{been}");
    let shown = board(&owner, &id, "");
    let columns = shown["columns"].as_array().unwrap().iter();
    let here = columns.filter(|one| cards(one).contains(&all[0])).map(|one| one["stage"]["id"].clone());
    assert_eq!(here.collect::<Vec<_>>(), [json!(to(winner))], "it stands in one column");
    assert_eq!(cards(column(&shown, &stages["begun"])), all[1..]);
}
