//! Packs: what most businesses ask for, by the same engine.
use crate::support::{Person, Town, Value, json, make};

fn part<'a>(pack: &'a Value, name: &str) -> &'a Value {
    pack["parts"].as_array().unwrap().iter().find(|part| part["name"] == name).unwrap()
}

#[test]
fn the_packs_are_told() {
    let town = Town::idle();
    let owner = town.owner();
    let account = make::account(&owner, json!({}));
    for at in ["2026-01-10T00:00:00Z", "2026-02-10T00:00:00Z"] {
        make::order(&owner, json!({"account_id": account["id"], "placed_at": at}));
    }
    make::opportunity(&owner, json!({}));
    let span = "from=2026-01-01&until=2026-03-01&time_zone=Asia/Shanghai";
    let pack = owner.get(&format!("/v1/analytics/packs/customer?{span}")).ok();
    assert!(pack["parts"].as_array().unwrap().iter().all(|part| part["problem"].is_null()), "{pack}");
    assert_eq!(part(&pack, "active")["figures"]["rows"], json!([{"count": 1}]));
    assert_eq!(part(&pack, "purchases")["figures"]["rows"].as_array().unwrap().len(), 2);
    assert_eq!(pack["rates"]["repeat_rate"], json!("1"));
    let pack = owner.get("/v1/analytics/packs/sales").ok();
    assert!(pack["parts"].as_array().unwrap().iter().all(|part| part["problem"].is_null()), "{pack}");
    assert_eq!(part(&pack, "funnel")["figures"]["rows"][0]["count"], json!(1));
}

#[test]
fn a_pack_is_of_some_days_and_shows_what_is_seen() {
    let town = Town::idle();
    let rep = town.client(Person::Rep);
    make::account(&town.owner(), json!({}));
    let pack = rep.get("/v1/analytics/packs/customer").ok();
    assert_eq!(part(&pack, "potential")["figures"]["rows"], json!([{"count": 0}]));
    let refused = rep.get("/v1/analytics/packs/customer?from=2026-02-30&time_zone=Mars");
    refused.refused(400, "unknown_parameter");
    assert_eq!(refused.pointers(), ["?time_zone", "?from"]);
    let refused = rep.get("/v1/analytics/packs/sales?from=2026-02-01&until=2026-01-01");
    assert_eq!(refused.pointers(), ["?until"]);
}
