//! Promotions that are used: within their limits, once for an order, and given back.
use super::promotions::cart;
use crate::sales::leads::crowds::at_once;
use crate::support::{Answer, Client, Town, Value, Worker, json, make};
use std::time::{Duration, Instant};

fn redeem(client: &Client, code: &str, extra: Value) -> Answer {
    client.post(&format!("/v1/coupons/{code}/redeem"), make::with(json!({"cart": cart(json!({}))}), extra))
}

fn usage(client: &Client, promotion: &Value) -> Value {
    client.get(&format!("/v1/promotions/{}/usage", promotion.as_str().unwrap())).ok()
}

#[test]
fn of_sixty_at_once_as_many_redeem_as_the_coupon_lets() {
    let town = Town::idle();
    let owner = town.owner();
    let coupon = make::coupon(&owner, json!({"total_limit": 20}));
    let code = make::id(&coupon, "code");
    let answers = at_once(&town, 60, |client, _| redeem(client, &code, json!({})));
    let won = answers.iter().filter(|one| one.status == 200).count();
    assert_eq!(won, 20);
    for one in answers.iter().filter(|one| one.status != 200) {
        let code = one.is(409)["code"].clone();
        assert!(["coupon_refused", "promotion_used_up"].contains(&code.as_str().unwrap()), "{code}");
    }
    assert_eq!(town.database.count("SELECT count(*) FROM redemptions WHERE status = 'redeemed'"), 20);
    assert_eq!(owner.get(&format!("/v1/coupons/{}", make::id(&coupon, "id"))).ok()["used_count"], 20);
    assert_eq!(usage(&owner, &coupon["promotion_id"])["used_count"], 20);
}

#[test]
fn a_budget_and_a_limit_for_each_customer_hold_for_many_at_once() {
    let town = Town::idle();
    let owner = town.owner();
    let terms = json!({"currency": "USD", "budget": "100.00", "customer_limit": 3, "kind": "fixed_amount",
        "benefit": {"amount": "15.00"}});
    let promotion = make::active_promotion(&owner, terms);
    let people: Vec<Value> = (0..4).map(|_| make::contact(&owner, json!({}))["id"].clone()).collect();
    let body = |at: usize| json!({"cart": cart(json!({"contact_id": people[at % 4]}))});
    at_once(&town, 60, |client, at| client.post("/v1/redemptions", body(at)));
    let spent = town.database.text("SELECT sum(amount)::numeric(9, 2) FROM redemptions");
    assert!(["90.00", "100.00"].contains(&spent.as_str()), "{spent}");
    let most = "SELECT max(n) FROM (SELECT count(*) AS n FROM redemptions GROUP BY contact_id) AS each";
    assert!(town.database.count(most) <= 3);
    let told = usage(&owner, &promotion["id"]);
    assert_eq!(told["spent"]["amount"], spent);
}

#[test]
fn what_is_held_counts_and_what_is_given_back_does_not() {
    let town = Town::idle();
    let owner = town.owner();
    let coupon = make::coupon(&owner, json!({"total_limit": 1}));
    let code = make::id(&coupon, "code");
    let held = redeem(&owner, &code, json!({"hold_minutes": 30})).ok()["redemptions"][0].clone();
    assert_eq!((&held["status"], &held["amount"]["amount"]), (&json!("held"), &json!("11.01")));
    let refused = redeem(&owner, &code, json!({})).refused(409, "coupon_refused");
    assert_eq!(refused["errors"][0]["code"], "coupon_used_up");
    let path = format!("/v1/redemptions/{}", make::id(&held, "id"));
    owner.if_match(9).act(&format!("{path}/release")).refused(412, "stale");
    assert_eq!(owner.act(&format!("{path}/release")).ok()["status"], "released");
    assert_eq!(owner.act(&format!("{path}/release")).ok()["version"], 2);
    owner.act(&format!("{path}/confirm")).refused(409, "redemption_not_held");
    let other = redeem(&owner, &code, json!({"hold_minutes": 30})).ok()["redemptions"][0].clone();
    let path = format!("/v1/redemptions/{}", make::id(&other, "id"));
    assert_eq!(owner.act(&format!("{path}/confirm")).ok()["status"], "redeemed");
    assert_eq!(owner.act(&format!("{path}/reverse")).ok()["status"], "reversed");
    assert_eq!(owner.get(&format!("/v1/coupons/{}", make::id(&coupon, "id"))).ok()["used_count"], 0);
    assert_eq!(usage(&owner, &coupon["promotion_id"])["used_count"], 0);
}

#[test]
fn the_same_order_redeems_once() {
    let town = Town::idle();
    let owner = town.owner();
    let [one, other] = [1, 2].map(|_| make::id(&make::coupon(&owner, json!({})), "code"));
    let order = json!({"order_id": make::order(&owner, json!({}))["id"]});
    let answers = at_once(&town, 20, |client, _| redeem(client, &one, order.clone()));
    let first = answers[0].ok()["redemptions"].clone();
    answers.iter().for_each(|answer| assert_eq!(answer.ok()["redemptions"], first));
    redeem(&owner, &other, order.clone()).refused(409, "order_redeemed");
    let shown = owner.get(&format!("/v1/orders/{}?include=redemptions", make::id(&order, "order_id"))).ok();
    assert_eq!(shown["redemptions"][0]["id"], first[0]["id"]);
    let unknown = json!({"order_id": "0192f0c1-0000-7000-8000-00000000dead"});
    assert_eq!(redeem(&owner, &other, unknown).pointers(), ["/order_id"]);
    let past = json!({"cart": cart(json!({"at": "2026-01-01T00:00:00Z"}))});
    assert_eq!(owner.post("/v1/redemptions", past).pointers(), ["/cart/at"]);
}

#[test]
fn an_order_that_is_cancelled_gives_back_what_it_used() {
    let town = Town::start();
    let owner = town.owner();
    let coupon = make::coupon(&owner, json!({"total_limit": 1}));
    let order = make::id(&make::order(&owner, json!({})), "id");
    let made = redeem(&owner, &make::id(&coupon, "code"), json!({"order_id": order})).ok()["redemptions"][0].clone();
    owner.patch(&format!("/v1/orders/{order}"), json!({"status": "cancelled"})).ok();
    let (since, path) = (Instant::now(), format!("/v1/redemptions/{}", make::id(&made, "id")));
    while owner.get(&path).ok()["status"] != "reversed" {
        assert!(since.elapsed() < Duration::from_secs(60), "{}", owner.get(&path).ok());
        std::thread::sleep(Duration::from_millis(100));
    }
    assert_eq!(owner.get(&format!("/v1/coupons/{}", make::id(&coupon, "id"))).ok()["used_count"], 0);
}

#[test]
fn what_was_held_long_enough_is_released_by_itself() {
    let town = Town::start();
    let owner = town.owner();
    let held = make::redemption(&owner, json!({"hold_minutes": 1}));
    town.database.run("UPDATE redemptions SET held_until = now() - interval '1 second'");
    let (since, path) = (Instant::now(), format!("/v1/redemptions/{}", make::id(&held, "id")));
    while owner.get(&path).ok()["status"] != "released" {
        assert!(since.elapsed() < Duration::from_secs(60), "{}", owner.get(&path).ok());
        std::thread::sleep(Duration::from_millis(100));
    }
}

#[test]
fn a_worker_that_dies_gives_nothing_back_twice() {
    let town = Town::idle();
    let owner = town.owner();
    let coupon = make::coupon(&owner, json!({"total_limit": 5}));
    let code = make::id(&coupon, "code");
    let orders: Vec<String> = (0..3).map(|_| make::id(&make::order(&owner, json!({})), "id")).collect();
    for order in &orders {
        redeem(&owner, &code, json!({"order_id": order})).ok();
        owner.patch(&format!("/v1/orders/{order}"), json!({"status": "cancelled"})).ok();
    }
    Worker::start(&town, "redemption_given_back").dies();
    let _worker = Worker::start(&town, "");
    let left = "SELECT count(*) FROM redemptions WHERE status = 'redeemed'";
    let since = Instant::now();
    while town.database.count(left) > 0 {
        assert!(since.elapsed() < Duration::from_secs(60), "something is left");
        std::thread::sleep(Duration::from_millis(200));
    }
    assert_eq!(town.database.count("SELECT used_count FROM coupons"), 0);
    assert_eq!(town.database.count("SELECT used_count FROM promotion_uses"), 0);
    let told = "SELECT count(*) FROM audit_log WHERE action = 'redemption.updated'";
    assert_eq!(town.database.count(told), 3);
}
