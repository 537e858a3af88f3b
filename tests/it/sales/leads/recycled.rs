//! What becomes of leads of pools where servers and workers die.
use super::place;
use super::pools::{claim, kinds, lying, pool, told};
use crate::platform::once::deaths::Mortal;
use crate::platform::until;
use crate::support::{Person, Town, Value, Worker, json, make};

#[test]
fn what_lies_still_goes_back_once_whatever_dies() {
    let town = Town::idle();
    let owner = town.owner();
    let pool = pool(&town, &[Person::Rep], json!({"idle_days": 3}));
    let rep = town.client(Person::Rep);
    let all: Vec<Value> = (0..5).map(|n| lying(&owner, &pool, json!({"email": format!("a{n}@x.example")}))).collect();
    let taken: Vec<Value> = all.iter().map(|_| claim(&rep, &pool).ok()).collect();
    let bystander = make::lead(&owner, json!({}));
    let links = json!([{"resource": "lead", "record_id": taken[4]["id"]}]);
    make::activity(&rep, json!({"kind": "note", "links": links}));
    town.database
        .run("UPDATE leads SET assigned_at = now() - interval '4 days', created_at = now() - interval '9 days'");
    let mut first = Worker::start(&town, "lead_recycled");
    first.dies();
    assert_eq!(told(&town, "recycled"), 0, "it died in the middle");
    assert_eq!(town.database.count("SELECT count(*) FROM lead_covers"), 0);
    let _workers = [Worker::start(&town, ""), Worker::start(&town, "")];
    until("recycled", || told(&town, "recycled") >= 4);
    std::thread::sleep(std::time::Duration::from_secs(6));
    assert_eq!(told(&town, "recycled"), 4);
    let lies = rep.get(&place(&taken[0])).ok();
    assert_eq!((&lies["owner_id"], &lies["is_masked"]), (&pool["queue_id"], &json!(true)));
    assert_eq!(kinds(&owner, &lies), ["recycled", "claimed", "pooled"]);
    assert_eq!(rep.get(&place(&taken[4])).ok()["owner_id"], town.user(Person::Rep), "something was done with it");
    assert!(owner.get(&place(&bystander)).ok()["pool_id"].is_null());
}

/// A server that dies in the middle of a claim leaves the lead where it lay, covered.
#[test]
fn a_claim_is_whole_or_not_at_all() {
    let town = Town::start();
    let owner = town.owner();
    let pool = pool(&town, &[Person::Owner], json!({}));
    let lead = lying(&owner, &pool, json!({"phone": "+8613800138000"}));
    let made = owner.post("/v1/api-keys", json!({"name": "x", "scopes": ["*"]})).created();
    let headers = format!("authorization: Bearer {}\r\nidempotency-key: until-death\r\n", make::id(&made, "key"));
    let mut mortal = Mortal::start(&town, "lead_claimed");
    mortal.send(&format!("{}/claim", place(&lead)), &headers, "");
    assert!(!mortal.0.wait().unwrap().success(), "it lives");
    let lies = owner.get(&place(&lead)).ok();
    assert_eq!((&lies["phone"], &lies["owner_id"]), (&json!("+86138****8000"), &pool["queue_id"]));
    assert_eq!(town.database.count("SELECT count(*) FROM lead_covers"), 1);
    let client = town.anonymous().bearing(make::id(&made, "key")).with("idempotency-key", "until-death");
    assert_eq!(client.act(&format!("{}/claim", place(&lead))).ok()["phone"], "+8613800138000");
}
