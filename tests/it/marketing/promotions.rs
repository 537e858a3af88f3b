//! Promotions: their terms and their life, and what they come to on a cart.
use crate::support::{Client, Person, Town, Value, json, make};

fn place(record: &Value) -> String {
    format!("/v1/promotions/{}", make::id(record, "id"))
}

pub fn cart(extra: Value) -> Value {
    let lines = json!([{"line_key": "a", "quantity": "3", "unit_price": "33.35"},
        {"line_key": "b", "quantity": "1", "unit_price": "10.00"}]);
    make::with(json!({"currency": "USD", "lines": lines}), extra)
}

pub fn evaluated(client: &Client, extra: Value) -> Value {
    client.post("/v1/promotions/evaluate", cart(extra)).ok()
}

fn reasons(evaluation: &Value) -> Vec<String> {
    evaluation["refused"].as_array().unwrap().iter().map(|one| make::id(one, "reason")).collect()
}

#[test]
fn a_promotion_goes_through_its_life() {
    let town = Town::idle();
    let owner = town.owner();
    let new = json!({"code": " summer ", "name": "夏季", "names": {"en": "Summer"}, "kind": "percentage",
        "benefit": {"rate": "0.1"}, "currency": "USD", "budget": "100"});
    let made = owner.post("/v1/promotions", &new).created();
    let told = ["code", "status", "stacking", "priority", "budget"].map(|field| made[field].clone());
    assert_eq!(told, [json!("SUMMER"), json!("draft"), json!("combinable"), json!(0), json!("100")]);
    let taken = owner.post("/v1/promotions", &new).refused(409, "promotion_code_taken");
    assert_eq!(taken["existing"][0]["id"], made["id"]);
    let path = place(&made);
    owner.if_match(9).patch(&path, json!({"name": "x"})).refused(412, "stale");
    owner.patch(&path, json!({"status": "active"})).refused(422, "invalid");
    let step = format!("{path}/transition");
    owner.post(&step, json!({"status": "paused"})).refused(409, "promotion_transition_refused");
    for status in ["active", "paused", "active", "active", "ended"] {
        assert_eq!(owner.post(&step, json!({"status": status})).ok()["status"], status);
    }
    owner.post(&step, json!({"status": "active"})).refused(409, "promotion_transition_refused");
    owner.patch(&path, json!({"name": "x"})).refused(409, "promotion_ended");
    owner.delete(&path).is(204);
    owner.get(&path).refused(404, "not_found");
    owner.act(&format!("{path}/restore")).ok();
    owner.delete(&format!("{path}?purge=true")).is(204);
    let put = owner
        .put(
            "/v1/promotions/by/code/winter",
            json!({"name": "Winter", "kind": "free_gift",
        "benefit": {"product_id": make::product(&owner, json!({}))["id"], "quantity": "1"}}),
        )
        .created();
    assert_eq!(put["code"], "WINTER");
}

#[test]
fn all_that_is_wrong_with_the_terms_is_told_at_once() {
    let town = Town::idle();
    let owner = town.owner();
    let wrong = json!({"code": "A", "name": "x", "kind": "buy_x_get_y", "benefit": {"buy": 0, "rate": "0.5", "amount": "1"},
        "cap": "5", "starts_at": "2026-02-01T00:00:00Z", "ends_at": "2026-01-01T00:00:00Z"});
    let answer = owner.post("/v1/promotions", &wrong);
    answer.refused(422, "invalid");
    let mut places = answer.pointers();
    places.sort();
    assert_eq!(places, ["/benefit/amount", "/benefit/amount", "/benefit/get", "/cap"]);
    let whole = make::with(wrong, json!({"benefit": {"buy": 0, "get": 1, "rate": "0.5"}, "currency": "USD"}));
    let answer = owner.post("/v1/promotions", &whole);
    let mut places = answer.pointers();
    places.sort();
    assert_eq!(places, ["/benefit/buy", "/ends_at"]);
    let fine = json!({"code": "B", "name": "x", "kind": "percentage", "benefit": {"rate": "0.5"}, "currency": "JPY", "cap": "5.5"});
    assert_eq!(owner.post("/v1/promotions", fine).pointers(), ["/cap"]);
    assert_eq!(town.database.count("SELECT count(*) FROM promotions"), 0);
}

#[test]
fn a_cart_comes_to_what_its_promotions_take_off_to_the_last_cent() {
    let town = Town::idle();
    let owner = town.owner();
    let tenth = make::active_promotion(&owner, json!({"code": "TENTH", "priority": 5}));
    let fixed = json!({"code": "FIVE", "kind": "fixed_amount", "currency": "USD", "benefit": {"amount": "5.00"}});
    make::active_promotion(&owner, fixed);
    make::promotion(&owner, json!({"code": "DRAFT"}));
    let least = json!({"code": "LARGE", "currency": "USD", "conditions": {"minimum_subtotal": "1000"}});
    make::active_promotion(&owner, least);
    let told = evaluated(&owner, json!({}));
    assert_eq!(told["subtotal"]["amount"], "110.05");
    let applied: Vec<&str> =
        told["applied"].as_array().unwrap().iter().map(|one| one["code"].as_str().unwrap()).collect();
    assert_eq!(applied, ["TENTH", "FIVE"]);
    assert_eq!(told["applied"][0]["amount"]["amount"], "11.01");
    assert_eq!((&told["promoted"]["amount"], &told["total"]["amount"]), (&json!("16.01"), &json!("94.04")));
    let cents = |value: &Value| value["amount"].as_str().unwrap().replace('.', "").parse::<i64>().unwrap();
    let lines = told["lines"].as_array().unwrap();
    assert_eq!(lines.iter().map(|line| cents(&line["promoted"])).sum::<i64>(), 1601);
    for line in lines {
        let parts: i64 = line["parts"].as_array().unwrap().iter().map(|part| cents(&part["amount"])).sum();
        assert_eq!(parts, cents(&line["promoted"]), "{line}");
    }
    assert_eq!(reasons(&told), ["minimum_subtotal"]);
    assert_eq!(evaluated(&owner, json!({"at": told["at"]})), evaluated(&owner, json!({"at": told["at"]})));
    assert_eq!(evaluated(&owner, json!({"currency": "EUR"}))["promoted"]["amount"], "11.01");
    owner.post(&format!("{}/transition", place(&tenth)), json!({"status": "paused"})).ok();
    assert_eq!(evaluated(&owner, json!({}))["promoted"]["amount"], "5.00");
    assert_eq!(town.database.count("SELECT count(*) FROM redemptions"), 0);
}

#[test]
fn reasons_are_told_in_the_language_of_whoever_asks() {
    let town = Town::idle();
    let owner = town.owner();
    let asked = json!({"coupon_codes": ["nothing"]});
    let told = evaluated(&owner.with("accept-language", "zh-Hans"), asked.clone());
    assert_eq!(
        (&told["refused"][0]["reason"], &told["refused"][0]["message"]),
        (&json!("coupon_unknown"), &json!("优惠券不存在。"))
    );
    assert_eq!(evaluated(&owner, asked)["refused"][0]["message"], "There is no such coupon.");
}

#[test]
fn products_are_known_by_their_ids_and_their_skus() {
    let town = Town::idle();
    let owner = town.owner();
    let tea = make::product(&owner, json!({}));
    make::active_promotion(&owner, json!({"conditions": {"products": [tea["id"]]}}));
    let lines = |line: Value| json!({"lines": [make::with(json!({"quantity": "1", "unit_price": "10"}), line)]});
    assert_eq!(evaluated(&owner, lines(json!({"sku": tea["sku"]})))["promoted"]["amount"], "1.00");
    assert_eq!(evaluated(&owner, lines(json!({"product_id": tea["id"]})))["promoted"]["amount"], "1.00");
    assert_eq!(reasons(&evaluated(&owner, lines(json!({})))), ["no_matching_products"]);
    let unknown = owner.post("/v1/promotions/evaluate", cart(lines(json!({"sku": "nothing"}))));
    assert_eq!(unknown.pointers(), ["/lines/0/sku"]);
}

#[test]
fn a_segment_says_whom_a_promotion_is_for() {
    let town = Town::idle();
    let owner = town.owner();
    let segment = json!({"name": "By hand", "resource": "contact", "kind": "static"});
    let segment = make::id(&owner.post("/v1/segments", segment).created(), "id");
    let [ada, bob] = [1, 2].map(|_| make::contact(&owner, json!({}))["id"].clone());
    owner.post(&format!("/v1/segments/{segment}/members"), json!({"op": "add", "ids": [ada]})).ok();
    make::active_promotion(&owner, json!({"segment_id": segment}));
    assert_eq!(evaluated(&owner, json!({"contact_id": ada}))["promoted"]["amount"], "11.01");
    assert_eq!(reasons(&evaluated(&owner, json!({"contact_id": bob}))), ["audience"]);
    assert_eq!(reasons(&evaluated(&owner, json!({}))), ["customer_unknown"]);
}

#[test]
fn who_sells_evaluates_and_redeems_and_does_not_manage() {
    let town = Town::idle();
    let rep = town.client(Person::Rep);
    make::active_promotion(&town.owner(), json!({}));
    assert_eq!(evaluated(&rep, json!({}))["applied"].as_array().unwrap().len(), 1);
    rep.post("/v1/redemptions", json!({"cart": cart(json!({}))})).ok();
    rep.post("/v1/promotions", json!({"code": "X", "name": "x", "kind": "percentage", "benefit": {"rate": "1"}}))
        .refused(403, "forbidden");
    let reader = town.client(Person::ReadOnly);
    evaluated(&reader, json!({}));
    reader.post("/v1/redemptions", json!({"cart": cart(json!({}))})).refused(403, "forbidden");
    town.client(Person::Nobody).post("/v1/promotions/evaluate", cart(json!({}))).refused(403, "forbidden");
    // what others have redeemed is theirs
    assert_eq!(town.client(Person::Stranger).get("/v1/redemptions").ids().len(), 0);
    assert_eq!(town.client(Person::Foreigner).get("/v1/promotions").ids().len(), 0);
}
