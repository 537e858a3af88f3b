//! A product has a SKU of its own; what was sold of it stays as it was.
use crate::support::{Person, Town, encoded, json, make};

#[test]
fn a_product_goes_through_its_life() {
    let town = Town::start();
    let owner = town.owner();
    let answer = owner.post(
        "/v1/products",
        json!({"sku": " TEA-1 ", "name": "西湖龙井", "unit_price": {"amount": "268.00", "currency": "CNY"}}),
    );
    let made = answer.created();
    assert_eq!((&made["sku"], &made["is_active"]), (&json!("TEA-1"), &json!(true)));
    let path = answer.header("location").to_owned();
    assert_eq!(owner.get(&path).ok(), made);
    assert_eq!(owner.with("if-none-match", "\"1\"").get(&path).status, 304);
    let changed =
        owner.if_match(1).patch(&path, json!({"unit_price": null, "is_active": false, "category": "茶叶"})).ok();
    assert!(changed["unit_price"].is_null() && changed["is_active"] == false && changed["category"] == "茶叶");
    owner.if_match(1).patch(&path, json!({"name": "x"})).refused(412, "stale");
    owner.patch(&path, json!({"sku": null})).refused(422, "invalid");
    assert_eq!(owner.get(&format!("/v1/products?q={}", encoded("龙井"))).ids(), [make::id(&made, "id")]);
    assert_eq!(owner.get("/v1/products?q=tea-1").ids(), [make::id(&made, "id")]);
    owner.delete(&path).is(204);
    owner.get(&path).refused(404, "not_found");
    owner.act(&format!("{path}/restore")).ok();
    owner.delete(&format!("{path}?purge=true")).is(204);
    assert_eq!(town.database.count("SELECT count(*) FROM products"), 0);
}

#[test]
fn a_sku_is_one_products() {
    let town = Town::start();
    let owner = town.owner();
    let first = make::product(&owner, json!({"sku": "A"}));
    let refused = owner.post("/v1/products", json!({"sku": "A", "name": "x"})).refused(409, "product_sku_taken");
    assert_eq!(refused["existing"][0]["id"], first["id"]);
    owner.post("/v1/products?duplicates=allow", json!({"sku": "A", "name": "x"})).is_one_of(&[400, 409]);
    let put = |sku: &str| owner.put(&format!("/v1/products/by/sku/{sku}"), json!({"name": "Named"}));
    assert_eq!(put("A").ok()["id"], first["id"]);
    assert_eq!(put("B").created()["sku"], "B");
    let batch = json!({"items": [{"op": "create", "data": {"sku": "A", "name": "x"}}, {"op": "create", "data": {"sku": "C", "name": "x"}}]});
    assert_eq!(owner.post("/v1/products/batch", batch).is(207)["results"][0]["status"], 409);
    town.client(Person::Foreigner).post("/v1/products", json!({"sku": "A", "name": "x"})).created();
}

#[test]
fn everybody_sees_products_and_few_change_them() {
    let town = Town::start();
    let product = make::product(&town.owner(), json!({}));
    let path = format!("/v1/products/{}", make::id(&product, "id"));
    for person in [Person::Rep, Person::ReadOnly] {
        town.client(person).get(&path).ok();
        assert_eq!(town.client(person).get("/v1/products?count=exact").ok()["page"]["count"], 1);
        town.client(person).patch(&path, json!({"name": "x"})).refused(403, "forbidden");
    }
    town.client(Person::Manager).patch(&path, json!({"name": "x"})).ok();
    town.client(Person::Nobody).get(&path).refused(403, "forbidden");
    town.client(Person::Foreigner).get(&path).refused(404, "not_found");
}

#[test]
fn what_was_sold_stays_as_it_was() {
    let town = Town::start();
    let owner = town.owner();
    let product = make::product(&owner, json!({"sku": "A", "name": "Tea"}));
    let order = make::order(&owner, json!({"lines": [{"sku": "A", "quantity": "3"}]}));
    assert_eq!(order["total"]["amount"], "37.50");
    let path = format!("/v1/products/{}", make::id(&product, "id"));
    owner.patch(&path, json!({"name": "Coffee", "unit_price": {"amount": "99.00", "currency": "USD"}})).ok();
    let line = owner.get(&format!("/v1/orders/{}/lines", make::id(&order, "id"))).ok()[0].clone();
    assert_eq!(
        (&line["name"], &line["unit_price"], &line["product_id"]),
        (&json!("Tea"), &json!("12.5"), &product["id"])
    );
    owner.delete(&format!("{path}?purge=true")).refused(409, "in_use");
    owner.delete(&path).is(204);
    let new = json!({"currency": "USD", "lines": [{"sku": "A", "quantity": "1"}]});
    owner.post("/v1/orders", new).is(422);
}
