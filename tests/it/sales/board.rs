//! The board shows what the list shows, in the order in which cards were put; and that order is total, whoever drags.
use crate::support::{Client, Person, Town, Value, encoded, json, make};
use proptest::prelude::*;
use proptest::test_runner::{Config, TestRunner};
use rust_decimal::Decimal;
use std::collections::{BTreeMap, BTreeSet};

pub fn board(client: &Client, pipeline: &str, query: &str) -> Value {
    client.get(&format!("/v1/pipelines/{pipeline}/board?{query}")).ok()
}

pub fn column<'a>(board: &'a Value, stage: &str) -> &'a Value {
    board["columns"].as_array().unwrap().iter().find(|column| column["stage"]["id"] == stage).unwrap()
}

pub fn cards(column: &Value) -> Vec<String> {
    column["cards"].as_array().unwrap().iter().map(|card| make::id(card, "id")).collect()
}

#[test]
fn cards_stand_where_they_are_put() {
    let town = Town::start();
    let owner = town.owner();
    let pipeline = make::pipeline(&owner, json!({}));
    let (id, stages) = (make::id(&pipeline, "id"), make::stages(&owner, Some(&pipeline)));
    let new = |name: &str| make::id(&make::opportunity(&owner, json!({"name": name, "pipeline_id": id})), "id");
    let all: Vec<String> = ["a", "b", "c", "d"].map(new).to_vec();
    let (a, b, c, d) = (&all[0], &all[1], &all[2], &all[3]);
    let order = || cards(column(&board(&owner, &id, ""), &stages["begun"]));
    assert_eq!(order(), all);
    let put = |card: &str, how: Value| {
        let body = make::with(json!({"stage_id": stages["begun"]}), how);
        owner.post(&format!("/v1/opportunities/{card}/move"), body)
    };
    put(d, json!({"after": a})).ok();
    assert_eq!(order(), [a, d, b, c].map(Clone::clone));
    put(c, json!({"before": a})).ok();
    put(a, json!({"before": b})).ok();
    assert_eq!(order(), [c, d, a, b].map(Clone::clone));
    put(c, json!({})).ok();
    put(c, json!({"after": c})).refused(422, "unknown_reference");
    put(c, json!({"after": a, "before": b})).refused(422, "invalid");
    put(c, json!({"after": make::id(&make::opportunity(&owner, json!({})), "id")})).refused(422, "unknown_reference");
    assert_eq!(order(), [d, a, b, c].map(Clone::clone));
    let other = json!({"stage_id": stages["talked"]});
    let moved = owner.post(&format!("/v1/opportunities/{a}/move"), &other).ok();
    assert_eq!((&moved["probability"], &moved["stage_id"]), (&json!(50), &json!(stages["talked"])));
    owner.if_match(1).post(&format!("/v1/opportunities/{a}/move"), &other).refused(412, "stale");
    // between two cards, until no place is left there: others make room
    for turn in 0..60 {
        put(if turn % 2 == 0 { b } else { c }, json!({"after": d})).ok();
        let now = order();
        assert_eq!((&now[0], &now[1]), (d, if turn % 2 == 0 { b } else { c }), "{turn}");
    }
    assert_eq!(owner.get(&format!("/v1/opportunities?stage_id={}&sort=rank", stages["begun"])).ids(), order());
}

#[test]
fn fifty_who_drag_at_once_leave_one_order() {
    let town = Town::start();
    let owner = town.owner();
    let pipeline = make::pipeline(&owner, json!({}));
    let (id, stages) = (make::id(&pipeline, "id"), make::stages(&owner, Some(&pipeline)));
    let data = (0..12).map(|at| json!({"name": format!("{at}"), "pipeline_id": id}));
    let all: Vec<String> = make::many(&owner, "opportunities", data).iter().map(|one| make::id(one, "id")).collect();
    let statuses: Vec<(u16, String)> = std::thread::scope(|scope| {
        let go = |at: usize| {
            let client = town.owner();
            let (card, after) = (&all[at % all.len()], &all[(at * 7 + 1) % all.len()]);
            let stage = &stages[if at.is_multiple_of(5) { "talked" } else { "begun" }];
            let body = if at.is_multiple_of(3) || card == after {
                json!({"stage_id": stage})
            } else {
                json!({"stage_id": stage, "after": after})
            };
            let path = format!("/v1/opportunities/{card}/move");
            scope.spawn(move || {
                let answer = client.post(&path, body);
                (answer.status, answer.text())
            })
        };
        let all: Vec<_> = (0..50).map(go).collect();
        all.into_iter().map(|one| one.join().unwrap()).collect()
    });
    // a neighbour may have gone elsewhere
    assert!(statuses.iter().all(|(status, _)| [200, 422].contains(status)), "{statuses:?}");
    assert!(statuses.iter().filter(|(status, _)| *status == 200).count() > 20);
    let ranks = town.database.column("SELECT stage_id || ' ' || rank FROM opportunities");
    assert_eq!(ranks.iter().collect::<BTreeSet<_>>().len(), all.len(), "ranks are a total order: {ranks:?}");
    let shown = board(&owner, &id, "");
    let on_it: Vec<String> = shown["columns"].as_array().unwrap().iter().flat_map(cards).collect();
    assert_eq!(on_it.iter().collect::<BTreeSet<_>>(), all.iter().collect(), "each card stands in one place");
    assert_eq!(on_it.len(), all.len());
    for stage in ["begun", "talked"] {
        let listed = owner.get(&format!("/v1/opportunities?stage_id={}&sort=rank&limit=200", stages[stage])).ids();
        assert_eq!(cards(column(&shown, &stages[stage])), listed, "the board and the list know one order: {stage}");
    }
}

#[test]
fn a_column_is_gone_on_with_and_shows_what_is_asked_for() {
    let town = Town::start();
    let owner = town.owner();
    let pipeline = make::pipeline(&owner, json!({}));
    let (id, stages) = (make::id(&pipeline, "id"), make::stages(&owner, Some(&pipeline)));
    let data = (0..25).map(|at| {
        json!({"name": format!("Deal {at}"), "pipeline_id": id, "amount": {"amount": format!("{at}"), "currency": "USD"}})
    });
    let all: Vec<String> = make::many(&owner, "opportunities", data).iter().map(|one| make::id(one, "id")).collect();
    let first = board(&owner, &id, "limit=10");
    let begun = column(&first, &stages["begun"]);
    assert_eq!((&begun["count"], &begun["has_more"]), (&json!(25), &json!(true)));
    assert_eq!(begun["totals"], json!([{"amount": "300.00", "currency": "USD"}]));
    assert_eq!(column(&first, &stages["won"])["next_cursor"], json!(null));
    let (mut met, mut cursor) = (cards(begun), make::id(begun, "next_cursor"));
    loop {
        let on = board(&owner, &id, &format!("limit=10&stage_id={}&cursor={cursor}", stages["begun"]));
        assert_eq!(on["columns"].as_array().map(Vec::len), Some(1));
        met.extend(cards(&on["columns"][0]));
        match on["columns"][0]["next_cursor"].as_str() {
            Some(next) => cursor = next.to_owned(),
            None => break,
        }
    }
    assert_eq!(met, all);
    let path = format!("/v1/pipelines/{id}/board");
    let with = |query: String| owner.get(&format!("{path}?{query}"));
    with(format!("stage_id={}&cursor={cursor}", stages["talked"])).refused(400, "cursor_mismatch");
    with(format!("cursor={cursor}")).refused(400, "cursor_mismatch");
    with("stage_id=0192f0c1-0000-7000-8000-000000000001".into()).is(400);
    with("sort=name".into()).is(400);
    with("filter=nonsense".into()).is(400);
    with("limit=0".into()).is(400);
    let few = board(&owner, &id, &format!("filter={}", encoded("amount.amount >= 20")));
    assert_eq!(column(&few, &stages["begun"])["count"], 5);
    assert_eq!(column(&board(&owner, &id, "q=deal"), &stages["begun"])["count"], 25);
    town.client(Person::Foreigner).get(&path).refused(404, "not_found");
    let rep = town.client(Person::Rep);
    assert_eq!(column(&board(&rep, &id, ""), &stages["begun"])["count"], 0, "a board shows what its reader sees");
    // one call costs the same few statements, however many stages and cards there are
    let watched = Town::watched();
    let owner = watched.owner();
    let pipeline = make::id(&owner.get("/v1/pipelines").ok()["data"][0], "id");
    board(&owner, &pipeline, "");
    let bare = watched.statements(|| drop(board(&owner, &pipeline, "")));
    make::many(&owner, "opportunities", (0..40).map(|at| json!({"name": format!("{at}")})));
    let full = watched.statements(|| drop(board(&owner, &pipeline, "limit=5")));
    assert_eq!(full.len(), bare.len(), "{full:#?}");
    assert!(full.len() <= 6, "{full:#?}");
}

/// What the columns of a board count and sum is what the list shows.
#[test]
fn boards_add_up_to_lists() {
    let town = Town::start();
    let owner = town.owner();
    owner
        .post("/v1/exchange-rates", json!({"from_currency": "EUR", "valid_on": "2020-01-01", "rate": "1.0837"}))
        .created();
    let mut runner = TestRunner::new(Config { cases: 6, failure_persistence: None, ..Config::default() });
    let deal = (0_usize..4, 0_u32..3, 0_i64..1_000_000, prop::bool::weighted(0.2), prop::bool::weighted(0.2));
    runner
        .run(&(prop::collection::vec(deal, 1..40), 0_i64..1_000_000), |(deals, least)| {
            let pipeline = make::pipeline(&owner, json!({}));
            let (id, stages) = (make::id(&pipeline, "id"), make::stages(&owner, Some(&pipeline)));
            let keys = ["begun", "talked", "won", "lost"];
            let currencies = ["USD", "EUR", "JPY"];
            let bodies = deals.iter().map(|(stage, currency, cents, bare, _)| {
                let currency = currencies[*currency as usize];
                let amount =
                    if currency == "JPY" { format!("{cents}") } else { format!("{}.{:02}", cents / 100, cents % 100) };
                let amount = if *bare { Value::Null } else { json!({"amount": amount, "currency": currency}) };
                json!({"name": "Deal", "stage_id": stages[keys[*stage]], "amount": amount})
            });
            let made = make::many(&owner, "opportunities", bodies);
            for (one, (.., gone)) in made.iter().zip(&deals) {
                if *gone {
                    owner.delete(&format!("/v1/opportunities/{}", make::id(one, "id"))).is(204);
                }
            }
            let filter = encoded(&format!("amount.amount >= {}.5 || amount == null", least / 100));
            for query in [String::new(), format!("filter={filter}")] {
                let shown = board(&owner, &id, &format!("limit=200&{query}"));
                let list = owner.walk(&format!("/v1/opportunities?pipeline_id={id}&limit=200&sort=rank&{query}"));
                for (key, stage) in &stages {
                    let own: Vec<&Value> = list.iter().filter(|one| one["stage_id"] == stage.as_str()).collect();
                    let column = column(&shown, stage);
                    assert_eq!(column["count"], own.len(), "{key}");
                    assert_eq!(cards(column), own.iter().map(|one| make::id(one, "id")).collect::<Vec<_>>());
                    for (sums, member) in [("totals", "amount"), ("base_totals", "base_amount")] {
                        assert_eq!(
                            summed(column[sums].as_array().unwrap().iter()),
                            summed(own.iter().map(|one| &one[member]))
                        );
                    }
                }
            }
            Ok(())
        })
        .unwrap();
}

fn summed<'a>(all: impl Iterator<Item = &'a Value>) -> BTreeMap<String, Decimal> {
    let mut sums: BTreeMap<String, Decimal> = BTreeMap::new();
    for one in all.filter(|one| !one.is_null()) {
        let amount: Decimal = make::id(one, "amount").parse().unwrap();
        *sums.entry(make::id(one, "currency")).or_default() += amount;
    }
    sums.into_iter().map(|(currency, sum)| (currency, sum.normalize())).collect()
}
