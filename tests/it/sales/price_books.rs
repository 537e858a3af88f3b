//! A price book says what products cost: by currency, by day, by quantity.
use crate::platform::imports::{ended, import, rows};
use crate::support::{Client, Person, Town, Value, json, make};
use std::thread;

fn path(record: &Value) -> String {
    format!("/v1/price-books/{}", make::id(record, "id"))
}

fn priced(client: &Client, book: &Value, product: &Value, least: &str, price: &str) -> Value {
    let entry = json!({"product_id": product["id"], "min_quantity": least, "unit_price": price});
    client.post(&format!("{}/entries", path(book)), entry).created()
}

fn costs(client: &Client, product: &Value, query: &str) -> Value {
    client.get(&format!("/v1/products/{}/price?{query}", make::id(product, "id"))).ok()
}

#[test]
fn a_price_book_goes_through_its_life() {
    let town = Town::start();
    let owner = town.owner();
    let answer =
        owner.post("/v1/price-books", json!({"name": " 批发价 ", "currency": "CNY", "valid_from_on": "2026-01-01"}));
    let made = answer.created();
    let told = ["name", "is_active", "is_default", "entry_count", "valid_until_on"].map(|field| made[field].clone());
    assert_eq!(told, [json!("批发价"), json!(true), json!(false), json!(0), Value::Null]);
    let place = answer.header("location").to_owned();
    assert_eq!(owner.get(&place).ok(), made);
    let changed = owner.if_match(1).patch(&place, json!({"description": "x", "valid_until_on": "2026-12-31"})).ok();
    assert_eq!(changed["valid_until_on"], "2026-12-31");
    owner.if_match(1).patch(&place, json!({"name": "y"})).refused(412, "stale");
    let wrong = owner.patch(&place, json!({"valid_until_on": "2025-12-31"})).refused(422, "invalid");
    assert_eq!(wrong["errors"][0]["pointer"], "/valid_until_on");
    owner.patch(&place, json!({"currency": "USD"})).refused(422, "invalid");
    let both = json!({"name": "x".repeat(201), "currency": "XYZ"});
    assert_eq!(owner.post("/v1/price-books", both).refused(422, "invalid")["errors"].as_array().unwrap().len(), 2);
    let backwards =
        json!({"name": "x", "currency": "USD", "valid_from_on": "2026-02-01", "valid_until_on": "2026-01-01"});
    owner.post("/v1/price-books", backwards).refused(422, "invalid");
    let taken = json!({"name": "批发价", "currency": "USD"});
    let refused = owner.post("/v1/price-books", taken).refused(409, "price_book_name_taken");
    assert_eq!(refused["existing"][0]["id"], made["id"]);
    assert_eq!(owner.get("/v1/price-books?q=%E6%89%B9%E5%8F%91").ids(), [make::id(&made, "id")]);
    let put = owner.put("/v1/price-books/by/name/Retail", json!({"name": "Retail", "currency": "EUR"})).created();
    assert_eq!(owner.put("/v1/price-books/by/name/Retail", json!({"description": "x"})).ok()["id"], put["id"]);
    owner.delete(&place).is(204);
    owner.get(&place).refused(404, "not_found");
    owner.act(&format!("{place}/restore")).ok();
    owner.delete(&format!("{place}?purge=true")).is(204);
    assert_eq!(town.database.count("SELECT count(*) FROM price_books"), 1);
}

#[test]
fn a_price_is_that_of_the_quantity() {
    let town = Town::start();
    let owner = town.owner();
    let tea = make::product(&owner, json!({}));
    let book = make::price_book(&owner, json!({"is_default": true}));
    for (least, price) in [("1", "11.00"), ("10", "10.125"), ("100", "9")] {
        priced(&owner, &book, &tea, least, price);
    }
    for (quantity, price, source) in [
        ("0.5", "12.5", "product"),
        ("1", "11", "price_book"),
        ("9.999999", "11", "price_book"),
        ("10", "10.125", "price_book"),
        ("250", "9", "price_book"),
    ] {
        let told = costs(&owner, &tea, &format!("quantity={quantity}"));
        assert_eq!((&told["unit_price"], &told["source"]), (&json!(price), &json!(source)), "{quantity}");
    }
    assert_eq!(owner.get(&path(&book)).ok()["entry_count"], 3);
    let twice = json!({"product_id": tea["id"], "min_quantity": "10.0", "unit_price": "1"});
    owner.post(&format!("{}/entries", path(&book)), twice).refused(409, "price_book_entry_taken");
    let found = owner.get("/v1/products?filter=prices.exists(p,%20p.unit_price%20%3C%2010)").ids();
    assert_eq!(found, [make::id(&tea, "id")]);
}

#[test]
fn a_price_stands_in_the_book_that_is_good() {
    let town = Town::start();
    let owner = town.owner();
    let tea = make::product(&owner, json!({}));
    let usual = make::price_book(&owner, json!({"is_default": true}));
    let summer = make::price_book(&owner, json!({"valid_from_on": "2026-06-01", "valid_until_on": "2026-08-31"}));
    let euros = make::price_book(&owner, json!({"currency": "EUR", "is_default": true}));
    for (book, price) in [(&usual, "11"), (&summer, "8"), (&euros, "10")] {
        priced(&owner, book, &tea, "0", price);
    }
    let of = |book: &Value| format!("price_book_id={}", make::id(book, "id"));
    let is = |query: &str, price: &str| assert_eq!(costs(&owner, &tea, query)["unit_price"], price, "{query}");
    is("", "11");
    is("currency=EUR", "10");
    is(&format!("{}&on=2026-06-01", of(&summer)), "8");
    is(&format!("{}&on=2026-09-01", of(&summer)), "11");
    // a named book of another currency than the one that is wanted says nothing
    is(&format!("{}&on=2026-07-01&currency=EUR", of(&summer)), "10");
    is(&of(&euros), "10");
    owner.patch(&path(&usual), json!({"is_active": false})).ok();
    is("", "12.5");
    let none = format!("/v1/products/{}/price?currency=JPY", make::id(&tea, "id"));
    owner.get(&none).refused(404, "price_unknown");
    let wrong = format!("/v1/products/{}/price?currency=xx&quantity=-1&on=today&price_book_id=1", make::id(&tea, "id"));
    assert_eq!(owner.get(&wrong).is(400)["errors"].as_array().unwrap().len(), 4);
}

#[test]
fn one_book_of_a_currency_is_the_default() {
    let town = Town::start();
    let owner = town.owner();
    let first = make::price_book(&owner, json!({"is_default": true}));
    let second = make::price_book(&owner, json!({"is_default": true}));
    assert_eq!(owner.get(&path(&first)).ok()["is_default"], false);
    owner.patch(&path(&first), json!({"is_default": true})).ok();
    assert_eq!(owner.get(&path(&second)).ok()["is_default"], false);
    owner.delete(&path(&first)).is(204);
    owner.patch(&path(&second), json!({"is_default": true})).ok();
    assert_eq!(owner.act(&format!("{}/restore", path(&first))).ok()["is_default"], true);
    assert_eq!(owner.get(&path(&second)).ok()["is_default"], false);
    thread::scope(|scope| {
        for number in 0..20 {
            let client = town.owner();
            scope.spawn(move || {
                let new = json!({"name": format!("At once {number}"), "currency": "GBP", "is_default": true});
                client.post("/v1/price-books", new).is_one_of(&[201, 409]);
            });
        }
    });
    let defaults = "SELECT count(*) FROM price_books WHERE currency = 'GBP' AND is_default AND deleted_at IS NULL";
    assert_eq!(town.database.count(defaults), 1);
}

#[test]
fn everybody_sees_prices_and_few_change_them() {
    let town = Town::start();
    let owner = town.owner();
    let tea = make::product(&owner, json!({}));
    let book = make::price_book(&owner, json!({"is_default": true}));
    let entry = priced(&owner, &book, &tea, "1", "11");
    let entry = format!("/v1/price-book-entries/{}", make::id(&entry, "id"));
    for person in [Person::Rep, Person::ReadOnly] {
        let client = town.client(person);
        client.get(&entry).ok();
        assert_eq!(costs(&client, &tea, "")["unit_price"], "11");
        client.patch(&entry, json!({"unit_price": "1"})).refused(403, "forbidden");
        client.post("/v1/price-books", json!({"name": "x", "currency": "USD"})).refused(403, "forbidden");
    }
    let changed = town.client(Person::Manager).if_match(1).patch(&entry, json!({"unit_price": "10.5"})).ok();
    assert_eq!((&changed["unit_price"], &changed["version"]), (&json!("10.5"), &json!(2)));
    owner.if_match(1).delete(&entry).refused(412, "stale");
    town.client(Person::Foreigner).get(&entry).refused(404, "not_found");
    // a change of a price is a change of its book
    assert_eq!(owner.get(&path(&book)).ok()["version"], 3);
    owner.delete(&entry).is(204);
    owner.delete(&format!("/v1/products/{}?purge=true", make::id(&tea, "id"))).is(204);
}

#[test]
fn prices_come_in_by_files() {
    let town = Town::start();
    let owner = town.owner();
    let tea = make::product(&owner, json!({"sku": "TEA"}));
    let books = b"Name,Currency,Default\nList,USD,yes\nDealers,EUR,no\n";
    let mapping = json!({"resource": "price_books",
        "columns": {"Name": "name", "Currency": "currency", "Default": "is_default"}});
    let done = import(&owner, "books.csv", books, &mapping, &[]);
    assert_eq!(rows(&done), [2, 2, 0, 0, 0], "{done}");
    let prices = b"Book,SKU,From,Price\nList,TEA,1,11\nList,TEA,10,10\nDealers,TEA,,7.5\nNone,TEA,1,1\nList,NONE,1,1\nList,TEA,1,-1\n";
    let mapping = json!({"resource": "price_book_entries", "columns": {"Book": "price_book.name", "SKU": "product.sku",
        "From": "min_quantity", "Price": "unit_price"}});
    let bring = || import(&owner, "prices.csv", prices, &mapping, &[]);
    let first = bring();
    assert_eq!(rows(&first), [6, 3, 0, 0, 3], "{first}");
    assert_eq!(rows(&bring()), [6, 0, 0, 3, 3]);
    assert_eq!(costs(&owner, &tea, "quantity=12")["unit_price"], "10");
    assert_eq!(costs(&owner, &tea, "currency=USD")["unit_price"], "11");
    let id = make::id(&first, "id");
    owner.act(&format!("/v1/imports/{id}/revert")).ok();
    assert_eq!(ended(&owner, &id)["status"], "reverted");
    assert_eq!(town.database.count("SELECT count(*) FROM price_book_entries"), 0);
}
