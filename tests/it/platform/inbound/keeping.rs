//! Connections as records, and how long what has arrived is kept.
use super::Sender;
use crate::support::{Town, json, make};

#[test]
fn a_connection_goes_through_its_life() {
    let town = Town::idle();
    let owner = town.owner();
    let new = json!({"name": " Web shop ", "kind": "shopify", "source_system": "shop", "time_zone": "Europe/Berlin"});
    let answer = owner.post("/v1/connections", new);
    let path = answer.header("location").to_owned();
    let made = answer.created();
    assert_eq!(
        (&made["name"], &made["conflict_policy"], &made["version"]),
        (&json!("Web shop"), &json!("source_wins"), &json!(1))
    );
    assert_eq!(owner.with("if-none-match", "\"1\"").get(&path).status, 304);
    owner.if_match(1).patch(&path, json!({"name": "Other shop", "conflict_policy": "ours_wins"})).ok();
    owner.if_match(1).patch(&path, json!({"name": "x"})).refused(412, "stale");
    assert_eq!(owner.get("/v1/connections?q=other&kind=shopify").ids(), [make::id(&made, "id")]);
    let wrong = json!({"name": " ", "kind": "x", "source_system": "", "currency": "x", "time_zone": "x", "conflict_policy": "x"});
    let faults = owner.post("/v1/connections", wrong).pointers();
    assert_eq!(faults.len(), 6, "{faults:?}");
    owner.delete(&path).is(204);
    owner.get(&path).refused(404, "not_found");
    owner.act(&format!("{path}/restore")).ok();
    owner.delete(&format!("{path}?purge=true")).is(204);
    assert_eq!(town.database.count("SELECT count(*) FROM connection_secrets"), 0);
}

#[test]
fn what_has_arrived_is_kept_for_thirty_days() {
    let town = Town::idle();
    let shop = Sender::of(&town, "shopify", json!({}));
    for name in ["old", "new"] {
        shop.send(name, "orders/x", "{}").is(202);
    }
    town.database.run("UPDATE inbound_deliveries SET created_at = now() - interval '31 days' WHERE sender_key = 'old'");
    let mut conn = town.database.conn();
    let gone = platform::connection::delivery::clear(&mut conn, chrono::Utc::now()).unwrap();
    assert_eq!((gone, town.owner().get("/v1/inbound-deliveries").each("sender_key")), (1, vec!["new".to_owned()]));
}
