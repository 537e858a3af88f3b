//! What an opportunity comes to: as given, by its lines, and in the tenant's own money at the rate of its day.
use crate::support::{Town, Value, json, make};

fn place(record: &Value) -> String {
    format!("/v1/opportunities/{}", make::id(record, "id"))
}

#[test]
fn an_opportunity_comes_to_what_its_lines_come_to() {
    let town = Town::start();
    let owner = town.owner();
    let product = make::product(&owner, json!({"sku": "TEA"}));
    let lines = json!([{"sku": "TEA", "quantity": "3", "discount_rate": "0.1"},
        {"name": "Tasting", "quantity": "1", "unit_price": "99.99", "tax_rate": "0.06"}]);
    let made = owner.post("/v1/opportunities", json!({"name": "Lines", "lines": lines})).created();
    assert_eq!(made["amount"], json!({"amount": "139.74", "currency": "USD"}));
    let path = place(&made);
    let kept = owner.get(&format!("{path}/lines")).ok();
    assert_eq!((&kept[0]["product_id"], &kept[0]["total"]["amount"]), (&product["id"], &json!("33.75")));
    assert_eq!(owner.get(&format!("{path}?include=lines")).ok()["lines"], kept);
    owner
        .patch(&path, json!({"amount": {"amount": "1.00", "currency": "USD"}}))
        .refused(409, "opportunity_amount_fixed");
    owner.patch(&path, json!({"currency": "EUR"})).refused(409, "opportunity_amount_fixed");
    let both = json!({"name": "x", "amount": {"amount": "1.00", "currency": "USD"}, "lines": lines});
    assert_eq!(owner.post("/v1/opportunities", both).pointers(), ["/amount"]);
    let bad = json!({"name": "x", "lines": [{"quantity": "0", "name": "x", "unit_price": "1"}, {"sku": "none", "quantity": "1"}]});
    owner.post("/v1/opportunities", bad).refused(422, "invalid");
    let fewer = json!({"lines": [{"line_key": "2", "name": "Tasting", "quantity": "2", "unit_price": "10"}]});
    assert_eq!(owner.patch(&path, fewer).ok()["amount"]["amount"], "20.00");
    let left = owner.get(&format!("{path}/lines")).ok();
    assert_eq!((left.as_array().map(Vec::len), &left[0]["id"]), (Some(1), &kept[1]["id"]), "one line goes on");
    let free = json!({"lines": [], "amount": {"amount": "5", "currency": "JPY"}});
    assert_eq!(owner.patch(&path, free).ok()["amount"], json!({"amount": "5", "currency": "JPY"}));
    owner.delete(&format!("/v1/products/{}?purge=true", make::id(&product, "id"))).is(204);
}

#[test]
fn the_rate_is_that_of_its_day_and_stays() {
    let town = Town::start();
    let owner = town.owner();
    let euro = json!({"amount": {"amount": "100.00", "currency": "EUR"}});
    let unknown = make::opportunity(&owner, euro.clone());
    assert_eq!((&unknown["base_amount"], &unknown["exchange_rate"]), (&json!(null), &json!(null)));
    let rate = |day: &str, rate: &str| {
        let body = json!({"from_currency": "EUR", "valid_on": day, "rate": rate});
        owner.post("/v1/exchange-rates", body)
    };
    rate("2020-01-01", "1.10").created();
    rate("2020-01-01", "1.20").refused(409, "exchange_rate_day_taken");
    owner
        .post("/v1/exchange-rates", json!({"from_currency": "USD", "valid_on": "2020-01-01", "rate": "1"}))
        .refused(422, "invalid");
    for bad in ["0", "-1", "1.12345678901", "100000000000"] {
        assert_eq!(rate("2020-01-02", bad).pointers(), ["/rate"]);
    }
    let known = owner.patch(&place(&unknown), json!({"next_step": "now"})).ok();
    assert_eq!(known["base_amount"], json!({"amount": "110.00", "currency": "USD"}), "the next change takes it");
    let later = rate("2024-01-01", "1.30").created();
    let changed = owner.patch(&place(&unknown), json!({"amount": {"amount": "200.00", "currency": "EUR"}})).ok();
    assert_eq!(changed["base_amount"]["amount"], "220.00", "it keeps its rate");
    assert_eq!(make::opportunity(&owner, euro)["exchange_rate"], "1.3");
    let stages = make::stages(&owner, None);
    let won = json!({"stage_id": stages["closed_won"], "closed_at": "2021-05-05T00:00:00Z"});
    assert_eq!(owner.post(&format!("{}/transition", place(&unknown)), won).ok()["exchange_rate"], "1.1");
    let at_hand = owner.patch(&place(&unknown), json!({"closed_at": "2025-05-05T00:00:00Z"})).ok();
    assert_eq!(at_hand["base_amount"]["amount"], "260.00", "the rate of the day on which it was closed");
    let path = format!("/v1/exchange-rates/{}", make::id(&later, "id"));
    owner.if_match(1).patch(&path, json!({"rate": "1.31"})).ok();
    owner.if_match(1).delete(&path).refused(412, "stale");
    owner.delete(&path).is(204);
    assert_eq!(owner.get(&place(&unknown)).ok()["base_amount"]["amount"], "260.00");
    let other = owner.patch(&place(&unknown), json!({"amount": {"amount": "10", "currency": "JPY"}})).ok();
    assert_eq!((&other["base_amount"], &other["expected_value"]["amount"]), (&json!(null), &json!("10")));
}

#[test]
fn currencies_agree_or_are_refused() {
    let town = Town::start();
    let owner = town.owner();
    let two = json!({"name": "x", "currency": "EUR", "amount": {"amount": "1", "currency": "USD"}});
    assert_eq!(owner.post("/v1/opportunities", two).pointers(), ["/currency"]);
    let fine = json!({"name": "x", "amount": {"amount": "1.001", "currency": "USD"}});
    assert_eq!(owner.post("/v1/opportunities", fine).pointers(), ["/amount/amount"]);
    let cents = make::opportunity(&owner, json!({"amount": {"amount": "1.05", "currency": "USD"}}));
    assert_eq!(owner.patch(&place(&cents), json!({"currency": "JPY"})).pointers(), ["/currency"]);
    assert_eq!(owner.patch(&place(&cents), json!({"currency": "EUR"})).ok()["amount"]["currency"], "EUR");
    let none = owner.post("/v1/opportunities", json!({"name": "x"})).created();
    assert_eq!(
        (&none["amount"], &none["expected_value"], &none["currency"]),
        (&json!(null), &json!(null), &json!("USD"))
    );
}
