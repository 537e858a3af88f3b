//! What each customer of two real shops has bought, by the 360 view and by SQL over their files.
use crate::platform::imports::{import, mapping};
use crate::support::{Town, Value, files, make};
use rust_decimal::Decimal;
use std::collections::BTreeMap;

/// A file as a table of texts, with the number of each row.
fn load(town: &Town, table: &str, text: &str) {
    let mut file = csv::Reader::from_reader(text.as_bytes());
    let columns: Vec<String> = file.headers().unwrap().iter().map(|name| format!("\"{name}\" text")).collect();
    town.database.run(&format!("CREATE TABLE {table} (row_number int, {})", columns.join(", ")));
    let quoted = |value: &str| format!("'{}'", value.replace('\'', "''"));
    let rows: Vec<String> = file
        .records()
        .zip(1..)
        .map(|(row, at)| {
            let values: Vec<String> = row.unwrap().iter().map(quoted).collect();
            format!("({at}, {})", values.join(", "))
        })
        .collect();
    for some in rows.chunks(500) {
        town.database.run(&format!("INSERT INTO {table} VALUES {}", some.join(", ")));
    }
}

type Bought = (i64, Decimal, String, String);

/// By customer: how many orders, what they come to, the first and the last, as a query over the files says.
fn by_files(town: &Town, query: &str) -> BTreeMap<String, Bought> {
    let rows = town
        .database
        .column(&format!("SELECT concat(c, '|', n, '|', s, '|', f, '|', l) FROM ({query}) AS q (c, n, s, f, l)"));
    let parsed = rows.iter().map(|row| {
        let part: Vec<&str> = row.split('|').collect();
        let sum: Decimal = part[2].parse().unwrap();
        (part[0].to_owned(), (part[1].parse().unwrap(), sum.normalize(), part[3].to_owned(), part[4].to_owned()))
    });
    parsed.collect()
}

fn by_overview(town: &Town, noun: &str, customer: &str) -> Bought {
    let owner = town.owner();
    let id = town.database.text(&format!(
        "SELECT record_id FROM external_refs WHERE resource = '{noun}' AND external_id = '{}'",
        customer.replace('\'', "''")
    ));
    let orders: Value = owner.get(&format!("/v1/{noun}s/{id}/360")).ok()["orders"].clone();
    let total = orders["totals"][0]["amount"].as_str().unwrap_or("0").parse::<Decimal>().unwrap();
    assert!(orders["totals"].as_array().unwrap().len() <= 1, "{orders}");
    let moment = |name: &str| orders[name].as_str().unwrap_or_default().to_owned();
    (orders["order_count"].as_i64().unwrap(), total.normalize(), moment("first_order_at"), moment("last_order_at"))
}

const MOMENT: &str = r#"'YYYY-MM-DD"T"HH24:MI:SS"Z"'"#;

#[test]
fn what_each_customer_of_a_wholesaler_bought_is_what_the_files_say() {
    let read = |name: &str| std::fs::read_to_string(files::real(&format!("northwind_{name}.csv"))?).ok();
    let (Some(orders), Some(lines), Some(customers)) = (read("orders"), read("order_details"), read("customers"))
    else {
        return;
    };
    let town = Town::start();
    for (name, map) in [
        ("customers", "accounts"),
        ("customers", "contacts"),
        ("products", "products"),
        ("orders", "orders"),
        ("order_details", "order_lines"),
    ] {
        let text = read(name).unwrap();
        import(&town.owner(), "file.csv", text.as_bytes(), &mapping(&format!("northwind_{map}")), &[]);
    }
    load(&town, "file_orders", &orders);
    load(&town, "file_lines", &lines);
    load(&town, "file_customers", &customers);
    let said = by_files(
        &town,
        &format!(
            r#"SELECT c."customerID", count(o."orderID"), coalesce(sum(o.total), 0),
                to_char(min(o.at), {MOMENT}), to_char(max(o.at), {MOMENT})
            FROM file_customers AS c LEFT JOIN (
                SELECT o."orderID", o."customerID", o."orderDate"::timestamp AS at, o.freight::numeric
                    + (SELECT sum(round(l."unitPrice"::numeric * l.quantity::numeric, 2)
                            - round(l."unitPrice"::numeric * l.quantity::numeric * l.discount::numeric, 2))
                        FROM file_lines AS l WHERE l."orderID" = o."orderID") AS total
                FROM file_orders AS o) AS o ON o."customerID" = c."customerID"
            GROUP BY 1"#
        ),
    );
    assert_eq!(said.len(), 91);
    for (customer, bought) in &said {
        for noun in ["account", "contact"] {
            assert_eq!(by_overview(&town, noun, customer), *bought, "{noun} {customer}");
        }
    }
}

#[test]
fn what_each_customer_of_a_shop_bought_is_what_its_file_says() {
    let Some(path) = files::real("online_retail_to_2011-09-09.csv") else { return };
    let many = if std::env::var("GUANXI_FUZZ").is_ok() { usize::MAX } else { 10_000 };
    let text: String =
        std::fs::read_to_string(path).unwrap().split_inclusive('\n').take(many.saturating_add(1)).collect();
    let town = Town::start();
    let owner = town.owner();
    let done = import(&owner, "online_retail.csv", text.as_bytes(), &mapping("online_retail_order_lines"), &[]);
    let told = owner.get(&format!("/v1/imports/{}/errors", make::id(&done, "id"))).text();
    load(&town, "file_lines", &text);
    load(&town, "file_errors", &told);
    let said = by_files(
        &town,
        &format!(
            r#"SELECT "CustomerID", count(DISTINCT "InvoiceNo"),
                sum(round("Quantity"::numeric * "UnitPrice"::numeric, 2)),
                to_char(min("InvoiceDate"::timestamp AT TIME ZONE 'Europe/London') AT TIME ZONE 'UTC', {MOMENT}),
                to_char(max("InvoiceDate"::timestamp AT TIME ZONE 'Europe/London') AT TIME ZONE 'UTC', {MOMENT})
            FROM file_lines WHERE "CustomerID" <> ''
                AND row_number NOT IN (SELECT "row"::int FROM file_errors)
            GROUP BY 1"#
        ),
    );
    assert!(said.len() > 200, "{} customers", said.len());
    for (customer, bought) in &said {
        assert_eq!(by_overview(&town, "account", customer), *bought, "{customer}");
    }
}
