//! What is bought with what, and what is recommended by that.
use super::ended;
use crate::support::{Client, Town, Value, json, make};

#[track_caller]
fn basket(client: &Client, account: Option<&str>, products: &[&Value]) {
    let line = |product: &&Value| json!({"product_id": product["id"], "quantity": "1", "unit_price": "1.00"});
    let lines: Vec<Value> = products.iter().map(line).collect();
    let mut order = json!({"lines": lines});
    if let Some(account) = account {
        order["account_id"] = json!(account);
    }
    make::order(client, order);
}

#[track_caller]
fn look(client: &Client, asked: Value) -> Value {
    let begun = client.post("/v1/association-runs", asked).is(202);
    ended(client, &format!("/v1/association-runs/{}", make::id(&begun, "id")))
}

#[test]
fn who_buys_bread_is_recommended_butter() {
    let town = Town::start();
    let owner = town.owner();
    let [bread, butter, milk] = [1, 2, 3].map(|_| make::product(&owner, json!({})));
    (0..6).for_each(|_| basket(&owner, None, &[&bread, &butter]));
    (0..3).for_each(|_| basket(&owner, None, &[&milk]));
    let account = make::id(&make::account(&owner, json!({})), "id");
    basket(&owner, Some(&account), &[&bread]);
    let done = look(&owner, json!({"min_support": "0.1", "min_confidence": "0.5"}));
    assert_eq!(
        (&done["status"], &done["order_count"], &done["rule_count"]),
        (&json!("succeeded"), &json!(10), &json!(2)),
        "{done}"
    );
    let path = format!("/v1/products/{}/recommendations", make::id(&bread, "id"));
    let told = owner.get(&path).ok();
    assert_eq!((told.as_array().unwrap().len(), &told[0]["product_id"]), (1, &butter["id"]));
    assert_eq!(
        told[0]["reason"],
        "in 85.7 % of the orders with what was bought it is there too, 1.43 times as often as in all"
    );
    let liked = owner.get(&format!("/v1/accounts/{account}/recommendations")).ok();
    assert_eq!(liked[0]["product_id"], butter["id"]);
    let rules = owner.get(&format!("/v1/association-rules?run_id={}&sort=rank", make::id(&done, "id"))).ok();
    assert_eq!(rules["data"][0]["rank"], 1);
    owner.patch(&format!("/v1/products/{}", make::id(&butter, "id")), json!({"is_active": false})).ok();
    assert_eq!(owner.get(&path).ok(), json!([]), "what is sold no more is not recommended");
    owner.get(&format!("{path}?limit=0")).is(400);
}

#[test]
fn without_orders_there_are_no_rules() {
    let town = Town::start();
    let owner = town.owner();
    let done = look(&owner, json!({}));
    assert_eq!((&done["status"], &done["error_code"]), (&json!("failed"), &json!("association_no_orders")));
    let product = make::product(&owner, json!({}));
    assert_eq!(owner.get(&format!("/v1/products/{}/recommendations", make::id(&product, "id"))).ok(), json!([]));
    assert_eq!(owner.post("/v1/association-runs", json!({"min_support": "0", "max_items": 9})).pointers().len(), 2);
}

#[test]
fn one_look_goes_on_at_a_time() {
    let town = Town::idle();
    let owner = town.owner();
    owner.post("/v1/association-runs", json!({})).is(202);
    owner.post("/v1/association-runs", json!({})).refused(409, "association_running");
}
