//! A filter that crosses into orders finds exactly what plain SQL finds.
use crate::support::{Town, encoded, json, make};

/// Accounts with none to five orders of many sizes.
fn some(town: &Town) {
    let owner = town.owner();
    let accounts = make::many(&owner, "accounts", (0..30).map(|n| json!({"name": format!("A{n:02}")})));
    let mut orders = Vec::new();
    for (n, account) in accounts.iter().enumerate() {
        for k in 0..n % 6 {
            let price = format!("{}.{:02}", (n * 37 + k * 211) % 900, (n * 7) % 100);
            let lines = json!([{"name": "Tea", "quantity": "1", "unit_price": price}, {"name": "Cup", "quantity": "1", "unit_price": "1.00"}]);
            let status = ["confirmed", "cancelled", "completed"][(n + k) % 3];
            orders.push(json!({"account_id": account["id"], "currency": "USD", "status": status, "lines": lines,
                "placed_at": format!("199{}-0{}-15T12:00:00Z", 6 + k % 3, 1 + n % 9)}));
        }
    }
    make::many(&owner, "orders", orders);
}

const OF: &str = "FROM orders o WHERE (o.tenant_id, o.account_id) = (a.tenant_id, a.id) AND o.deleted_at IS NULL";

#[test]
fn filters_with_relations_count_what_plain_sql_counts() {
    let town = Town::start();
    some(&town);
    let cases = [
        ("orders.exists(o, o.total.amount > 500)", format!("EXISTS (SELECT {OF} AND o.total_amount > 500)")),
        (
            "orders.exists(o, o.total.amount > 500 && o.placed_at > timestamp(\"1997-01-01T00:00:00Z\"))",
            format!("EXISTS (SELECT {OF} AND o.total_amount > 500 AND o.placed_at > '1997-01-01T00:00:00Z')"),
        ),
        (
            "orders.exists(o, o.status == \"cancelled\") && !orders.exists(o, o.status == \"completed\")",
            format!("EXISTS (SELECT {OF} AND o.status = 'cancelled') AND NOT EXISTS (SELECT {OF} AND o.status = 'completed')"),
        ),
        ("orders.all(o, o.total.amount < 400)", format!("NOT EXISTS (SELECT {OF} AND NOT o.total_amount < 400)")),
        ("!orders.exists(o, true)", format!("NOT EXISTS (SELECT {OF})")),
        (
            "orders.exists(o, o.lines.exists(l, l.name == \"Tea\" && l.total.amount > 300))",
            format!("EXISTS (SELECT {OF} AND EXISTS (SELECT FROM order_lines l WHERE (l.tenant_id, l.order_id) = (o.tenant_id, o.id)
                AND l.name = 'Tea' AND l.total_amount > 300))"),
        ),
        (
            "orders.exists(o, o.total.amount * 2 > 1000 && o.total.currency == \"USD\")",
            format!("EXISTS (SELECT {OF} AND o.total_amount * 2 > 1000 AND o.currency = 'USD')"),
        ),
    ];
    for (filter, sql) in cases {
        let page = town.owner().get(&format!("/v1/accounts?limit=1&count=exact&filter={}", encoded(filter))).ok();
        let plain =
            town.database.count(&format!("SELECT count(*) FROM accounts a WHERE a.deleted_at IS NULL AND {sql}"));
        assert_eq!(page["page"]["count"], plain, "{filter}");
        assert!(plain > 0 && plain < 30, "{filter} tells nothing: {plain}");
    }
}

#[test]
fn orders_are_filtered_and_sorted_by_their_customers() {
    let town = Town::start();
    some(&town);
    let owner = town.owner();
    let rows = owner.walk(&format!(
        "/v1/orders?limit=7&sort=account.name,-total.amount&include=account&filter={}",
        encoded("account.name.startsWith(\"A2\")")
    ));
    let plain = town.database.column(
        "SELECT o.id FROM orders o JOIN accounts a ON (a.tenant_id, a.id) = (o.tenant_id, o.account_id) WHERE a.name LIKE 'A2%'
         ORDER BY a.name, o.total_amount DESC, o.id");
    assert_eq!(rows.iter().map(|row| make::id(row, "id")).collect::<Vec<_>>(), plain);
    assert!(plain.len() > 20);
}
