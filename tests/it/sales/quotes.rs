//! A quote: what it comes to, how it goes its way, and what comes of it.
use crate::support::{Person, Town, Value, encoded, json, make};

pub fn path(quote: &Value) -> String {
    format!("/v1/quotes/{}", make::id(quote, "id"))
}

fn amounts(quote: &Value) -> [String; 5] {
    ["subtotal", "discount", "tax", "shipping", "total"].map(|name| make::id(&quote[name], "amount"))
}

#[test]
fn a_quote_comes_to_what_its_lines_come_to() {
    let town = Town::idle();
    let owner = town.owner();
    let lines = json!([
        {"name": "A", "quantity": "3", "unit_price": "9.99", "discount_rate": "0.1", "tax_rate": "0.13"},
        {"name": "B", "quantity": "1", "unit_price": "100", "discount_fixed": "20", "tax_rate": "0.13"},
        {"name": "C", "quantity": "2", "unit_price": "5"}]);
    let quote =
        make::quote(&owner, json!({"currency": "CNY", "discount_fixed": "10", "shipping": "6", "lines": lines}));
    assert_eq!(amounts(&quote), ["139.97", "33.00", "12.72", "6.00", "125.69"]);
    assert_eq!((&quote["status"], &quote["revision"], &quote["line_count"]), (&json!("draft"), &json!(1), &json!(3)));
    let year = chrono::Datelike::year(&kernel::clock::now());
    assert!(make::id(&quote, "number").starts_with(&format!("Q-{year}-0000")), "{quote}");
    let shares: Vec<Value> = owner
        .get(&format!("{}/lines", path(&quote)))
        .ok()
        .as_array()
        .unwrap()
        .iter()
        .map(|line| line["shared_discount"]["amount"].clone())
        .collect();
    assert_eq!(shares, ["2.31", "6.84", "0.85"]);
    // another manner is another sum
    let included = owner.patch(&path(&quote), json!({"is_tax_included": true})).ok();
    assert_eq!(amounts(&included), ["139.97", "33.00", "11.26", "6.00", "112.97"]);
    let rate = owner.patch(&path(&quote), json!({"is_tax_included": false, "discount_rate": "0.5"})).ok();
    assert_eq!((&rate["discount_fixed"], &rate["discount_rate"]), (&Value::Null, &json!("0.5")));
    let both = json!({"discount_rate": "0.5", "discount_fixed": "1"});
    assert_eq!(owner.patch(&path(&quote), both).refused(422, "invalid")["errors"][0]["pointer"], "/discount_fixed");
    let too_much = owner.patch(&path(&quote), json!({"discount_fixed": "1000"})).refused(422, "invalid");
    assert_eq!(too_much["errors"][0]["code"], "range");
    let finer = json!({"currency": "JPY", "lines": [{"name": "A", "quantity": "1", "unit_price": "5", "discount_fixed": "0.5"}]});
    assert_eq!(owner.post("/v1/quotes", finer).refused(422, "invalid")["errors"][0]["code"], "decimals");
    owner.patch(&path(&quote), json!({"currency": "EUR"})).refused(409, "quote_currency_fixed");
    assert_eq!(owner.patch(&path(&quote), json!({"lines": [], "discount_rate": null})).ok()["total"]["amount"], "6.00");
    owner.act(&format!("{}/submit", path(&quote))).refused(409, "quote_empty");
    owner.if_match(1).patch(&path(&quote), json!({"terms": "x"})).refused(412, "stale");
}

#[test]
fn numbers_are_counted_on_without_a_gap_or_a_double() {
    let town = Town::idle();
    let numbers: Vec<String> = std::thread::scope(|scope| {
        let all: Vec<_> =
            (0..20).map(|_| scope.spawn(|| make::id(&make::quote(&town.owner(), json!({})), "number"))).collect();
        all.into_iter().map(|one| one.join().unwrap()).collect()
    });
    let mut counts: Vec<u32> =
        numbers.iter().map(|number| number.rsplit('-').next().unwrap().parse().unwrap()).collect();
    counts.sort_unstable();
    assert_eq!(counts, Vec::from_iter(1..=20), "{numbers:?}");
}

#[test]
fn an_opportunity_gives_its_lines_and_gets_what_was_agreed_upon() {
    let town = Town::idle();
    let owner = town.owner();
    let account = make::account(&owner, json!({}));
    let product = make::product(&owner, json!({}));
    let lines = json!([{"product_id": product["id"], "quantity": "10", "discount_rate": "0.1", "tax_rate": "0.2"}]);
    let deal = make::opportunity(
        &owner,
        json!({"account_id": account["id"], "amount": null, "currency": "USD", "lines": lines}),
    );
    let quote = make::quote(&owner, json!({"opportunity_id": deal["id"], "currency": null, "lines": null}));
    assert_eq!((&quote["account_id"], &quote["currency"]), (&account["id"], &json!("USD")));
    assert_eq!(amounts(&quote), ["125.00", "12.50", "22.50", "0.00", "135.00"]);
    owner.patch(&path(&quote), json!({"discount_fixed": "12.50", "shipping": "5.00"})).ok();
    owner.post(&format!("{}/links", path(&quote)), json!({})).created();
    let accepted = owner.act(&format!("{}/accept", path(&quote))).ok();
    assert_eq!(accepted["total"]["amount"], "125.00");
    let place = format!("/v1/opportunities/{}", make::id(&deal, "id"));
    let after = owner.get(&place).ok();
    assert_eq!((&after["amount"]["amount"], &after["version"]), (&json!("125.00"), &json!(2)), "{after}");
    let lines = owner.get(&format!("{place}/lines")).ok();
    assert_eq!((&lines[0]["discount"]["amount"], &lines[0]["total"]["amount"]), (&json!("25.00"), &json!("120.00")));
    // what has to do with it goes on from there
    owner.patch(&place, json!({"next_step": "order"})).ok();
    let related =
        owner.get(&format!("/v1/opportunities?filter={}", encoded("quotes.exists(q, q.status == \"accepted\")"))).ok();
    assert_eq!(related["data"].as_array().unwrap().len(), 1);
}

#[test]
fn prices_come_of_the_book() {
    let town = Town::idle();
    let owner = town.owner();
    let product = make::product(&owner, json!({}));
    let book = make::price_book(&owner, json!({}));
    for (from, price) in [("1", "11.00"), ("10", "9.50")] {
        let entry = json!({"product_id": product["id"], "min_quantity": from, "unit_price": price});
        owner.post(&format!("/v1/price-books/{}/entries", make::id(&book, "id")), entry).created();
    }
    let line = |quantity: &str| json!({"sku": product["sku"], "quantity": quantity});
    let new = json!({"price_book_id": book["id"], "lines": [line("2"), line("12"), {"sku": product["sku"], "quantity": "1", "unit_price": "1"}]});
    let quote = make::quote(&owner, new);
    let lines = owner.get(&format!("{}/lines", path(&quote))).ok();
    let prices: Vec<&Value> = lines.as_array().unwrap().iter().map(|line| &line["unit_price"]).collect();
    assert_eq!(prices, ["11", "9.5", "1"]);
    let bare = json!({"currency": "CNY", "lines": [line("1"), {"name": "x", "quantity": "1"}, {"sku": "none", "quantity": "1"}]});
    let faults = owner.post("/v1/quotes", bare).refused(422, "invalid");
    assert_eq!(faults["errors"].as_array().unwrap().len(), 3, "{faults}");
}

#[test]
fn an_order_comes_of_it_once() {
    let town = Town::idle();
    let owner = town.owner();
    let lines = json!([{"name": "A", "quantity": "3", "unit_price": "33.33", "discount_fixed": "7.77", "tax_rate": "0.13"},
        {"name": "B", "quantity": "1", "unit_price": "19.99", "tax_rate": "0.06"}]);
    for included in [false, true] {
        let quote = make::quote(
            &owner,
            json!({"lines": lines, "discount_rate": "0.07", "is_tax_included": included, "rounding": "document", "shipping": "3"}),
        );
        owner.act(&format!("{}/order", path(&quote))).refused(409, "quote_transition_refused");
        owner.act(&format!("{}/submit", path(&quote))).ok();
        let quote = owner.act(&format!("{}/accept", path(&quote))).ok();
        let made: Vec<(u16, Value)> = std::thread::scope(|scope| {
            let ask = || {
                let answer = town.owner().act(&format!("{}/order", path(&quote)));
                (answer.status, answer.is_one_of(&[200, 201]).clone())
            };
            let all: Vec<_> = (0..6).map(|_| scope.spawn(ask)).collect();
            all.into_iter().map(|one| one.join().unwrap()).collect()
        });
        assert_eq!(made.iter().filter(|(status, _)| *status == 201).count(), 1);
        assert!(made.iter().all(|(_, order)| order["id"] == made[0].1["id"]));
        let order = &made[0].1;
        assert_eq!(
            (&order["total"], &order["tax"], &order["quote_id"]),
            (&quote["total"], &quote["tax"], &quote["id"])
        );
        let amount = |name: &str| order[name]["amount"].as_str().unwrap().parse::<rust_decimal::Decimal>().unwrap();
        assert_eq!(amount("subtotal") - amount("discount") + amount("tax") + amount("shipping"), amount("total"));
    }
    assert_eq!(town.database.count("SELECT count(*) FROM orders WHERE quote_id IS NOT NULL"), 2);
}

#[test]
fn files_bring_drafts_and_others_name_them() {
    let town = Town::start();
    let owner = town.owner();
    let mapping = json!({"resource": "quotes", "source_system": "erp", "columns": {"Id": "external_id",
        "No": "number", "Customer": "account.name", "Money": "currency", "Until": "valid_until_on",
        "Ship": "shipping"}});
    make::account(&owner, json!({"name": "Tea House"}));
    let text =
        "Id,No,Customer,Money,Until,Ship\n1,E-1,Tea House,CNY,2030-01-01,5.00\n2,E-2,Tea House,XXQ,2030-01-01,\n";
    let made = crate::platform::upload(&owner, "quotes.csv", text.as_bytes(), &mapping, &[("mode", "upsert")]).is(202);
    let done = crate::platform::ended(&owner, &make::id(&made, "id"));
    assert_eq!((&done["rows_created"], &done["rows_failed"]), (&json!(1), &json!(1)), "{done}");
    let quote = owner.get("/v1/quotes?number=E-1&include=account").ok()["data"][0].clone();
    assert_eq!((&quote["account"]["name"], &quote["shipping"]["amount"]), (&json!("Tea House"), &json!("5.00")));
    let put = owner.put(
        "/v1/quotes/by/ext:erp/1",
        json!({"terms": "x", "lines": [{"name": "A", "quantity": "1", "unit_price": "1"}]}),
    );
    assert_eq!(put.ok()["total"]["amount"], "6.00");
    let other = owner.put("/v1/quotes/by/ext:erp/9", json!({"currency": "CNY"}));
    assert_eq!(other.status, 201);
    let followed = format!("{}/history", path(&quote));
    assert_eq!(owner.get(&followed).ok()["data"].as_array().unwrap().len(), 2);
}

#[test]
fn quotes_have_what_every_record_has() {
    let town = Town::idle();
    let owner = town.owner();
    let quote = make::quote(&owner, json!({}));
    let link = json!([{"resource": "quote", "record_id": quote["id"]}]);
    make::activity(&owner, json!({"links": link}));
    make::task(&owner, json!({"links": link}));
    let tag = make::id(&make::tag(&owner, json!({})), "id");
    owner.post(&format!("/v1/tags/{tag}/assign"), json!({"resource": "quote", "ids": [quote["id"]]})).ok();
    assert_eq!(
        owner.get(&format!("{}?include=tags,lines,links", path(&quote))).ok()["lines"].as_array().unwrap().len(),
        1
    );
    let rep = town.client(Person::Rep);
    let own = make::quote(&rep, json!({}));
    assert_eq!(rep.get(&path(&own)).ok()["owner_id"], json!(town.user(Person::Rep)));
    rep.get(&path(&quote)).refused(404, "not_found");
    let share = json!({"resource": "quote", "record_id": quote["id"], "user_id": town.user(Person::Rep)});
    owner.post("/v1/shares", share).created();
    rep.get(&path(&quote)).ok();
}
