//! Real customers, from files that are no part of the project: `GUANXI_TEST_DATA` says where they are.
use super::imports::{ended, import, kept, mapping, rows};
use crate::support::{Town, encoded, files, make};
use rust_decimal::{Decimal, RoundingStrategy};
use std::collections::BTreeSet;

fn bring(town: &Town, file: &str, map: &str) -> [i64; 5] {
    let bytes = std::fs::read(files::real(&format!("northwind_{file}.csv")).unwrap()).unwrap();
    let done = import(&town.owner(), &format!("{file}.csv"), &bytes, &mapping(&format!("northwind_{map}")), &[]);
    rows(&done)
}

fn northwind() -> bool {
    ["customers", "products", "orders", "order_details"]
        .iter()
        .all(|name| files::real(&format!("northwind_{name}.csv")).is_some())
}

#[test]
fn a_wholesalers_customers_and_orders_come_in() {
    if !northwind() {
        return;
    }
    let town = Town::start();
    let all = [
        ("customers", "accounts", 91),
        ("customers", "contacts", 91),
        ("products", "products", 77),
        ("orders", "orders", 830),
        ("order_details", "order_lines", 2155),
    ];
    for (file, map, count) in all {
        assert_eq!(bring(&town, file, map), [count, count, 0, 0, 0], "{map}");
    }
    let count = |table: &str| town.database.count(&format!("SELECT count(*) FROM {table}"));
    assert_eq!(
        [count("accounts"), count("contacts"), count("products"), count("orders"), count("order_lines")],
        [91, 91, 77, 830, 2155]
    );
    kept(&town);
    let accents = town.owner().get("/v1/contacts?q=chang").each("display_name");
    assert!(!accents.is_empty());
    assert_eq!(
        town.database.count("SELECT count(*) FROM accounts WHERE to_jsonb(accounts)::text LIKE '%\"NULL\"%'"),
        0
    );
    assert!(town.database.count("SELECT count(*) FROM contacts WHERE display_name ~ '[À-ÿ]'") > 0, "accents are lost");
    let big = encoded("orders.exists(o, o.total.amount > 500 && o.placed_at > timestamp(\"1997-01-01T00:00:00Z\"))");
    let page = town.owner().get(&format!("/v1/accounts?count=exact&limit=1&filter={big}")).ok();
    let plain = town.database.count(
        "SELECT count(*) FROM accounts a WHERE EXISTS (SELECT FROM orders o WHERE (o.tenant_id, o.account_id)
        = (a.tenant_id, a.id) AND o.total_amount > 500 AND o.placed_at > '1997-01-01T00:00:00Z')",
    );
    assert!(plain > 0);
    assert_eq!(page["page"]["count"], plain);
    for (file, map, count) in all {
        assert_eq!(bring(&town, file, map), [count, 0, 0, count, 0], "{map} a second time");
    }
    assert_eq!(
        [count("accounts"), count("contacts"), count("products"), count("orders"), count("order_lines")],
        [91, 91, 77, 830, 2155]
    );
}

/// A shop's lines, with returns, missing customers and bad rows: what is written and what is told add up to the file.
#[test]
fn every_row_of_a_shops_file_is_accounted_for() {
    let Some(path) = files::real("online_retail_to_2011-09-09.csv") else { return };
    let many = if std::env::var("GUANXI_FUZZ").is_ok() { usize::MAX } else { 10_000 };
    let text = std::fs::read_to_string(path).unwrap();
    let text: String = text.split_inclusive('\n').take(many.saturating_add(1)).collect();
    let town = Town::start();
    let owner = town.owner();
    let bring = || import(&owner, "online_retail.csv", text.as_bytes(), &mapping("online_retail_order_lines"), &[]);
    let done = bring();
    let told = owner.get(&format!("/v1/imports/{}/errors", make::id(&done, "id"))).text();
    let mut told = csv::Reader::from_reader(told.as_bytes());
    let place = told.headers().unwrap().iter().position(|name| name == "row").unwrap();
    let failed: BTreeSet<usize> = told.records().map(|row| row.unwrap()[place].parse().unwrap()).collect();
    let mut file = csv::Reader::from_reader(text.as_bytes());
    let at = |name: &str, headers: &csv::StringRecord| headers.iter().position(|header| header == name).unwrap();
    let headers = file.headers().unwrap().clone();
    let (quantity, price) = (at("Quantity", &headers), at("UnitPrice", &headers));
    let (mut sum, mut lines) = (Decimal::ZERO, 0);
    for (row, number) in file.records().zip(1..) {
        let row = row.unwrap();
        if !failed.contains(&number) {
            let total = row[quantity].parse::<Decimal>().unwrap() * row[price].parse::<Decimal>().unwrap();
            sum += total.round_dp_with_strategy(2, RoundingStrategy::MidpointAwayFromZero);
            lines += 1;
        }
    }
    let [read, created, _, _, bad] = rows(&done);
    assert_eq!((read - bad, bad), (lines, i64::try_from(failed.len()).unwrap()), "{done}");
    assert_eq!((created, town.database.count("SELECT count(*) FROM order_lines")), (lines, lines));
    let written: Decimal = town.database.text("SELECT sum(total_amount) FROM orders").parse().unwrap();
    assert_eq!(written.normalize(), sum.normalize());
    kept(&town);
    assert_eq!(rows(&bring())[1..3], [0, 0], "a second time");
    owner.act(&format!("/v1/imports/{}/revert", make::id(&done, "id"))).ok();
    assert_eq!(ended(&owner, &make::id(&done, "id"))["status"], "reverted");
    for table in ["orders", "order_lines", "products", "accounts", "external_refs"] {
        assert_eq!(town.database.count(&format!("SELECT count(*) FROM {table}")), 0, "{table}");
    }
}
