//! An order's amounts are those of its lines, in its one currency, whatever is done to it.
use crate::support::{Town, Value, json, make};

#[test]
fn an_order_comes_to_what_its_lines_come_to() {
    let town = Town::start();
    let owner = town.owner();
    let lines = json!([
        {"name": "A", "quantity": "3", "unit_price": "0.335", "discount_rate": "0.1", "tax_rate": "0.13"},
        {"name": "B", "quantity": "-1", "unit_price": "10.00"},
        {"name": "C", "quantity": "1.5", "unit_price": "7.01", "tax_rate": "0.06"}]);
    let order = make::order(&owner, json!({"shipping": "12.00", "lines": lines}));
    // by line: 1.01 (1.005 up) − 0.10 + 0.12; −10.00; 10.52 (10.515 up) + 0.63
    let amount = |name: &str| make::id(&order[name], "amount");
    assert_eq!(
        [amount("subtotal"), amount("discount"), amount("tax"), amount("shipping"), amount("total")],
        ["1.53", "0.10", "0.75", "12.00", "14.18"]
    );
    assert_eq!((&order["line_count"], &order["version"], &order["currency"]), (&json!(3), &json!(1), &json!("USD")));
    kept(&town);
}

#[test]
fn currencies_round_to_their_own_decimals() {
    let town = Town::start();
    let owner = town.owner();
    for (currency, total) in [("JPY", "3"), ("USD", "2.50"), ("KWD", "2.499")] {
        let lines = json!([{"name": "A", "quantity": "1", "unit_price": "2.4994"}]);
        let total = if currency == "JPY" { "2" } else { total };
        let order = make::order(&owner, json!({"currency": currency, "lines": lines}));
        assert_eq!(order["total"], json!({"amount": total, "currency": currency}));
    }
    let half = json!([{"name": "A", "quantity": "1", "unit_price": "2.5"}, {"name": "B", "quantity": "-1", "unit_price": "2.5"}]);
    let order = make::order(&owner, json!({"currency": "JPY", "lines": half}));
    let lines = owner.get(&format!("/v1/orders/{}/lines", make::id(&order, "id"))).ok();
    assert_eq!([&lines[0]["total"]["amount"], &lines[1]["total"]["amount"]], ["3", "-3"], "halves go away from zero");
}

#[test]
fn numbers_are_counted_on_without_a_gap_or_a_double() {
    let town = Town::start();
    let owner = town.owner();
    let numbers: Vec<String> = std::thread::scope(|scope| {
        let all: Vec<_> =
            (0..20).map(|_| scope.spawn(|| make::id(&make::order(&town.owner(), json!({})), "number"))).collect();
        all.into_iter().map(|one| one.join().unwrap()).collect()
    });
    let mut sorted = numbers.clone();
    sorted.sort();
    sorted.dedup();
    assert_eq!(sorted.len(), 20, "{numbers:?}");
    assert!(numbers.iter().all(|number| number.starts_with("SO-")), "{numbers:?}");
    let first = make::order(&owner, json!({"number": "X-1"}));
    let refused =
        owner.post("/v1/orders", json!({"number": "X-1", "currency": "USD"})).refused(409, "order_number_taken");
    assert_eq!(refused["existing"][0]["id"], first["id"]);
}

#[test]
fn the_currency_stays_while_there_are_lines() {
    let town = Town::start();
    let owner = town.owner();
    let order = make::order(&owner, json!({}));
    let path = format!("/v1/orders/{}", make::id(&order, "id"));
    owner.patch(&path, json!({"currency": "EUR"})).refused(409, "order_currency_fixed");
    let lines = json!([{"name": "Tea", "quantity": "1", "unit_price": "1.00"}]);
    let changed = owner.patch(&path, json!({"currency": "EUR", "lines": lines})).ok();
    assert_eq!(changed["total"], json!({"amount": "1.00", "currency": "EUR"}));
    owner.patch(&path, json!({"lines": []})).ok();
    assert_eq!(owner.patch(&path, json!({"currency": "JPY"})).ok()["total"], json!({"amount": "0", "currency": "JPY"}));
    kept(&town);
}

#[test]
fn an_order_goes_through_its_life() {
    let town = Town::start();
    let owner = town.owner();
    let account = make::account(&owner, json!({}));
    let answer = owner.post(
        "/v1/orders",
        json!({"currency": "USD", "account_id": account["id"], "placed_at": "1997-01-01T08:00:00+08:00"}),
    );
    let made = answer.created();
    assert_eq!((&made["placed_at"], &made["status"]), (&json!("1997-01-01T00:00:00Z"), &json!("confirmed")));
    let path = answer.header("location").to_owned();
    assert_eq!(owner.get(&path).ok(), made);
    assert_eq!(owner.get(&format!("{path}?include=account,lines")).ok()["account"]["id"], account["id"]);
    owner.patch(&path, json!({"status": "fulfilled", "shipping": "5.00"})).ok();
    owner.if_match(1).patch(&path, json!({"status": "completed"})).refused(412, "stale");
    owner.patch(&path, json!({"status": "lost"})).refused(422, "invalid");
    owner.patch(&path, json!({"total": "1.00"})).refused(422, "invalid");
    owner.delete(&path).is(204);
    owner.get(&format!("{path}/lines")).refused(404, "not_found");
    assert_eq!(owner.act(&format!("{path}/restore")).ok()["total"]["amount"], "5.00");
    owner.delete(&format!("{path}?purge=true")).is(204);
    assert_eq!(town.database.count("SELECT count(*) FROM order_lines"), 0);
}

#[test]
fn an_order_is_put_by_its_number_or_its_name_elsewhere() {
    let town = Town::start();
    let owner = town.owner();
    let body =
        |price: &str| json!({"currency": "USD", "lines": [{"name": "Tea", "quantity": "2", "unit_price": price}]});
    for path in ["/v1/orders/by/number/N-1", "/v1/orders/by/ext:erp/10248"] {
        let made = owner.put(path, body("1.00")).created();
        assert_eq!(made["total"]["amount"], "2.00");
        let changed = owner.put(path, body("3.00")).ok();
        assert_eq!(
            (&changed["id"], &changed["total"]["amount"], &changed["line_count"]),
            (&made["id"], &json!("6.00"), &json!(1))
        );
    }
    let ids: Vec<Value> = std::thread::scope(|scope| {
        let put = |_| scope.spawn(|| town.owner().put("/v1/orders/by/number/N-2", body("1.00")).json()["id"].clone());
        let all: Vec<_> = (0..20).map(put).collect();
        all.into_iter().map(|one| one.join().unwrap()).collect()
    });
    assert!(ids.iter().all(|id| *id == ids[0]), "{ids:?}");
    kept(&town);
}

#[test]
fn faults_of_lines_come_all_at_once() {
    let town = Town::start();
    let lines = json!([{"quantity": "1"}, {"name": "x", "quantity": "0", "unit_price": "1"}, {"name": "x", "quantity": "1", "unit_price": "0.1234567"},
        {"name": "x", "quantity": "1", "unit_price": "1", "tax_rate": "1.1"}, {"sku": "nope", "quantity": "1"}]);
    let answer = town.owner().post("/v1/orders", json!({"currency": "XXZ", "status": "?", "lines": lines}));
    answer.refused(422, "invalid");
    let pointers = answer.pointers();
    for pointer in ["/currency", "/status", "/lines/1/quantity", "/lines/2/unit_price", "/lines/3/tax_rate"] {
        assert!(pointers.contains(&pointer.to_owned()), "{pointer} is missing of {pointers:?}");
    }
    let lines = json!([{"quantity": "1"}, {"sku": "nope", "quantity": "1"}, {"name": "x", "quantity": "1"}]);
    let answer = town.owner().post("/v1/orders", json!({"currency": "USD", "lines": lines}));
    answer.is(422);
    assert_eq!(answer.pointers(), ["/lines/0/name", "/lines/0/unit_price", "/lines/1/sku", "/lines/2/unit_price"]);
    let numbers = json!({"currency": "USD", "lines": [{"name": "x", "quantity": 1, "unit_price": 1.5}]});
    let answer = town.owner().post("/v1/orders", numbers);
    answer.refused(422, "invalid");
    assert!(
        answer.pointers().contains(&"/lines/0/quantity".to_owned()),
        "a JSON number may have lost digits: {}",
        answer.text()
    );
    let line = json!({"name": "x", "quantity": "1", "unit_price": "1"});
    town.owner().post("/v1/orders", json!({"currency": "USD", "lines": vec![line; 501]})).refused(422, "invalid");
    assert_eq!(town.database.count("SELECT count(*) FROM orders"), 0);
}

/// Every order of the town is what its lines are.
pub fn kept(town: &Town) {
    let off = "SELECT count(*) FROM orders o LEFT JOIN LATERAL (SELECT coalesce(sum(subtotal_amount), 0) s, coalesce(sum(discount_amount), 0) d,
        coalesce(sum(tax_amount), 0) t, count(*) n FROM order_lines l WHERE l.tenant_id = o.tenant_id AND l.order_id = o.id) l ON true
        WHERE (o.subtotal_amount, o.discount_amount, o.tax_amount, o.line_count::bigint) <> (l.s, l.d, l.t, l.n)
        OR o.total_amount <> l.s - l.d + l.t + o.shipping_amount";
    assert_eq!(town.database.count(off), 0, "an order that is not what its lines are");
    let other = "SELECT count(*) FROM order_lines l JOIN orders o ON (o.tenant_id, o.id) = (l.tenant_id, l.order_id) WHERE l.currency <> o.currency";
    assert_eq!(town.database.count(other), 0, "a line in another currency than its order");
}
