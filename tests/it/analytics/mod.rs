//! The analytics wing, from outside.
mod associations;
mod dashboards;
mod facts;
mod figures;
mod labels;
mod packs;
mod reports;
mod schedules;
mod segmentations;
mod sorted_anew;
mod times;

use crate::support::{Answer, Client, Town, Value, json, make};
use chrono::{Duration, Utc};
use std::time::{Duration as Pause, Instant};

const PATIENCE: Pause = Pause::from_secs(60);

/// A customer who ordered so many days ago, so often and for so much each time; in dollars.
#[track_caller]
fn customer(client: &Client, days: i64, count: usize, price: &str) -> String {
    let account = make::id(&make::account(client, json!({})), "id");
    (0..count).for_each(|_| bought(client, &account, days, price));
    account
}

#[track_caller]
fn bought(client: &Client, account: &str, days: i64, price: &str) {
    let at = (Utc::now() - Duration::days(days)).to_rfc3339();
    let line = json!({"name": "Tea", "quantity": "1", "unit_price": price});
    make::order(client, json!({"account_id": account, "placed_at": at, "lines": [line]}));
}

/// Ten customers, from the newest who buys most to the oldest who buys least.
fn ten(client: &Client) -> Vec<String> {
    let price = |at: i64| format!("{}.00", 1000 - 90 * at);
    (0..10).map(|at| customer(client, 1 + 30 * at, usize::try_from(10 - at).unwrap(), &price(at))).collect()
}

/// Runs a segmentation to its end.
#[track_caller]
fn run(client: &Client, segmentation: &Value, asked: Value) -> Value {
    let path = format!("/v1/segmentations/{}/run", make::id(segmentation, "id"));
    let begun = client.post(&path, asked).is(202);
    ended(client, &format!("/v1/segmentation-runs/{}", make::id(&begun, "id")))
}

#[track_caller]
fn ended(client: &Client, path: &str) -> Value {
    let begun = Instant::now();
    loop {
        let run = client.get(path).ok();
        if !run["finished_at"].is_null() {
            return run;
        }
        assert!(begun.elapsed() < PATIENCE, "it does not end: {run}");
        std::thread::sleep(Pause::from_millis(100));
    }
}

/// Waits until something is so.
#[track_caller]
fn comes(mut is_so: impl FnMut() -> bool) {
    let begun = Instant::now();
    while !is_so() {
        assert!(begun.elapsed() < PATIENCE, "it does not come to be so");
        std::thread::sleep(Pause::from_millis(100));
    }
}

/// The classes of an account now, each with its segmentation.
fn classes(client: &Client, account: &str) -> Vec<(String, String)> {
    let scores = client.get(&format!("/v1/accounts/{account}/scores")).ok();
    let text = |one: &Value, name: &str| one[name].as_str().unwrap().to_owned();
    scores["scores"].as_array().unwrap().iter().map(|one| (text(one, "key"), text(one, "class"))).collect()
}

/// The keys of the labels of an account.
fn called(client: &Client, account: &str) -> Vec<String> {
    let all = client.get(&format!("/v1/accounts/{account}/labels")).ok();
    all.as_array().unwrap().iter().map(|one| one["key"].as_str().unwrap().to_owned()).collect()
}

/// Customers whose kept sums are not those of their orders.
fn broken(town: &Town) -> i64 {
    analytics::facts::fold(&mut town.database.conn()).unwrap();
    town.database.count(
        "SELECT count(*) FROM (SELECT tenant_id, account_id, currency, count(*)::int AS n, sum(total_amount) AS r,
             sum(total_amount - tax_amount - shipping_amount) AS m, min(placed_at) AS f, max(placed_at) AS l
         FROM orders WHERE account_id IS NOT NULL AND deleted_at IS NULL AND status <> 'cancelled' GROUP BY 1, 2, 3) o
         FULL JOIN customer_facts k ON (k.tenant_id, k.account_id, k.currency) = (o.tenant_id, o.account_id, o.currency)
         WHERE (o.n, o.r, o.m, o.f, o.l) IS DISTINCT FROM
             (k.order_count, k.revenue_amount, k.net_amount, k.first_order_at, k.last_order_at)",
    )
}

/// What records come to.
fn ask(client: &Client, query: Value) -> Answer {
    client.post("/v1/analytics/query", query)
}

/// Somebody who may read all of these, with fields hidden from them.
fn blinkered(town: &Town, objects: &[&str], hidden: &[(&str, &str)]) -> Client {
    let owner = town.owner();
    let one = |object: &&str| json!({"object": object, "action": "read", "reach": "all"});
    let permissions: Vec<Value> = objects.iter().chain([&"report", &"dashboard"]).map(one).collect();
    let field = |(object, field): &(&str, &str)| json!({"object": object, "field": field, "access": "hidden"});
    let fields: Vec<Value> = hidden.iter().map(field).collect();
    let role = json!({"name": crate::support::fresh("Role "), "permissions": permissions, "fields": fields});
    let role = owner.post("/v1/roles", role).created();
    let password = crate::support::people::PASSWORD;
    let user = make::user(&owner, json!({"password": password, "role_ids": [role["id"]]}));
    let login = json!({"email": user["email"], "password": password});
    town.anonymous().bearing(make::id(&town.anonymous().post("/v1/auth/login", login).ok(), "access_token"))
}
