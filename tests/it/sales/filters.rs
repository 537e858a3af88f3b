//! A filter that crosses into orders finds exactly what plain SQL finds.
use crate::customer::without;
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

/// As the contract prints it.
#[test]
fn what_deals_are_worth_is_asked_in_the_tenants_own_money() {
    let town = Town::start();
    let owner = town.owner();
    owner
        .post("/v1/exchange-rates", json!({"from_currency": "EUR", "valid_on": "2020-01-01", "rate": "1.1"}))
        .created();
    let stages = make::stages(&owner, None);
    let deal = |name: &str, industry: &str, stage: &str, amount: &str, currency: &str| {
        let account = make::account(&owner, json!({"name": name, "industry": industry}));
        let worth = json!({"amount": amount, "currency": currency});
        make::opportunity(&owner, json!({"account_id": account["id"], "stage_id": stages[stage], "amount": worth}));
    };
    deal("Big", "retail", "closed_won", "9500.00", "EUR");
    deal("Other", "wood", "closed_won", "9500.00", "EUR");
    deal("Open", "retail", "negotiation", "20000.00", "USD");
    deal("Little", "retail", "closed_won", "9500.00", "USD");
    deal("Unknown", "retail", "closed_won", "9500000", "JPY");
    let filter = "industry == \"retail\" && opportunities.exists(o, o.stage.kind == \"won\" && o.amount.base > 10000)";
    assert_eq!(owner.get(&format!("/v1/accounts?filter={}", encoded(filter))).each("name"), ["Big"]);
    let across = encoded(&format!("account.{filter}").replace("opportunities", "account.opportunities"));
    make::contact(&owner, json!({"display_name": "Nobody's"}));
    assert_eq!(owner.get(&format!("/v1/contacts?filter={across}")).ids(), Vec::<String>::new());
    let values = owner.get("/v1/opportunities?sort=-amount.base&fields=base_amount").ok();
    let base = |at: usize| values["data"][at]["base_amount"]["amount"].clone();
    assert_eq!(
        [base(0), base(1), base(3), base(4)],
        [json!("20000.00"), json!("10450.00"), json!("9500.00"), json!(null)]
    );
    let none = encoded("orders.exists(o, o.total.base > 1)");
    owner.get(&format!("/v1/accounts?filter={none}")).refused(400, "filter_unknown_field");
    for hidden in ["amount", "base_amount"] {
        let blind = without(&town, &[("opportunity", hidden, "hidden")]);
        let by = |what: &str| blind.get(&format!("/v1/opportunities?{what}"));
        by(&format!("filter={}", encoded("amount.base > 1"))).refused(400, "filter_unknown_field");
        by("sort=amount.base").refused(400, "sort_unknown_field");
        by("amount.base=1").refused(400, "filter_unknown_field");
    }
}
