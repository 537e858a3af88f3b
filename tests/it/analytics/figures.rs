//! What records come to: in groups, as far as they are seen, and never across currencies.
use super::{ask, blinkered};
use crate::support::{Person, Town, json, make};

#[test]
fn records_are_counted_and_added_up_in_groups() {
    let town = Town::idle();
    let owner = town.owner();
    let (retail, bank) =
        (make::account(&owner, json!({"industry": "retail"})), make::account(&owner, json!({"industry": "banking"})));
    for (account, amount) in [(&retail, "100.00"), (&retail, "250.50"), (&bank, "7.00")] {
        let amount = json!({"amount": amount, "currency": "USD"});
        make::opportunity(&owner, json!({"account_id": account["id"], "amount": amount}));
    }
    let query = json!({"resource": "opportunity", "dimensions": [{"field": "account.industry", "as": "industry"}],
        "measures": [{"op": "count"}, {"op": "sum", "field": "amount", "as": "total"}], "sort": "-total", "totals": true});
    let told = ask(&owner, query).ok();
    assert_eq!(
        told["rows"],
        json!([{"industry": "retail", "amount_currency": "USD", "count": 2, "total": "350.50"},
            {"industry": "banking", "amount_currency": "USD", "count": 1, "total": "7.00"}])
    );
    assert_eq!(told["totals"], json!([{"amount_currency": "USD", "count": 3, "total": "357.50"}]));
    let total = told["columns"].as_array().unwrap().iter().find(|column| column["name"] == "total").unwrap();
    assert_eq!((&total["type"], &total["currency"]), (&json!("money"), &json!("amount_currency")));
}

#[test]
fn money_is_never_added_up_across_currencies() {
    let town = Town::idle();
    let owner = town.owner();
    for (amount, currency) in [("10.00", "USD"), ("20.00", "USD"), ("5.00", "EUR")] {
        make::opportunity(&owner, json!({"amount": {"amount": amount, "currency": currency}}));
    }
    let told = ask(
        &owner,
        json!({"resource": "opportunity", "totals": true,
        "measures": [{"op": "sum", "field": "amount"}, {"op": "avg", "field": "amount.amount", "as": "mean"}]}),
    );
    let told = told.ok();
    let expected = json!([{"amount_currency": "EUR", "sum_amount": "5.00", "mean": "5.00"},
        {"amount_currency": "USD", "sum_amount": "30.00", "mean": "15.00"}]);
    assert_eq!((&told["rows"], &told["totals"]), (&expected, &expected));
}

#[test]
fn totals_are_asked_of_the_records() {
    let town = Town::idle();
    let owner = town.owner();
    for (industry, employees) in [("a", 1), ("a", 2), ("a", 3), ("b", 10)] {
        make::account(&owner, json!({"industry": industry, "employee_count": employees}));
    }
    let told = ask(
        &owner,
        json!({"resource": "account", "dimensions": [{"field": "industry"}], "totals": true,
        "measures": [{"op": "avg", "field": "employee_count", "as": "mean"},
            {"op": "count_distinct", "field": "industry", "as": "industries"}]}),
    );
    let told = told.ok();
    // the mean of the means were 6
    assert_eq!(told["totals"], json!([{"mean": "4", "industries": 2}]));
    assert_eq!(told["rows"][0], json!({"industry": "a", "mean": "2", "industries": 1}));
}

#[test]
fn what_is_not_seen_is_not_counted() {
    let town = Town::idle();
    let (owner, rep, foreigner) = (town.owner(), town.client(Person::Rep), town.client(Person::Foreigner));
    let hidden = make::account(&owner, json!({"industry": "secret"}));
    let own = make::account(&rep, json!({"industry": "plain"}));
    make::account(&rep, json!({"industry": "plain"}));
    let count = json!({"resource": "account", "measures": [{"op": "count"}]});
    let number = |client| ask(client, count.clone()).ok()["rows"][0]["count"].clone();
    assert_eq!((number(&owner), number(&rep), number(&foreigner)), (json!(3), json!(2), json!(0)));
    // neither by what a record leads to
    for account in [&hidden, &own] {
        make::opportunity(&owner, json!({"account_id": account["id"], "owner_id": town.user(Person::Rep)}));
    }
    let by = json!({"resource": "opportunity", "dimensions": [{"field": "account.industry"}], "measures": [{"op": "count"}]});
    assert_eq!(
        ask(&rep, by).ok()["rows"],
        json!([{"account_industry": "plain", "count": 1}, {"account_industry": null, "count": 1}])
    );
}

#[test]
fn a_hidden_field_can_be_asked_for_nowhere() {
    let town = Town::idle();
    make::account(&town.owner(), json!({"industry": "x", "employee_count": 7}));
    let client = blinkered(&town, &["account", "contact"], &[("account", "employee_count")]);
    let base = json!({"resource": "account", "measures": [{"op": "count"}]});
    ask(&client, base.clone()).ok();
    for (member, value, pointer) in [
        ("measures", json!([{"op": "max", "field": "employee_count"}]), "/measures/0/field"),
        ("dimensions", json!([{"field": "employee_count"}]), "/dimensions/0/field"),
        ("filter", json!("employee_count > 3"), "/filter"),
        ("sort", json!("employee_count"), "/sort"),
    ] {
        let refused = ask(&client, make::with(base.clone(), json!({member: value})));
        refused.refused(400, "figures_not_askable");
        assert_eq!(refused.pointers(), [pointer], "{member}");
    }
    let by = json!({"resource": "contact", "measures": [{"op": "count"}], "dimensions": [{"field": "account.employee_count"}]});
    assert_eq!(ask(&client, by).pointers(), ["/dimensions/0/field"]);
    ask(&client, json!({"resource": "order", "measures": [{"op": "count"}]})).refused(403, "forbidden");
    let by =
        json!({"resource": "account", "measures": [{"op": "count"}], "dimensions": [{"field": "owner.display_name"}]});
    assert_eq!(ask(&client, by).pointers(), ["/dimensions/0/field"]);
}

#[test]
fn all_that_is_wrong_is_told_at_once() {
    let town = Town::idle();
    let owner = town.owner();
    let query = json!({"resource": "account", "filter": "ghost == 1", "sort": "ghost",
        "measures": [{"op": "sum", "field": "name"}, {"op": "sum"}, {"op": "count", "as": "1; DROP"}, {"op": "count", "as": "n"}],
        "dimensions": [{"field": "ghost"}, {"field": "name", "bucket": "day"}, {"field": "created_at", "bucket": "day",
            "time_zone": "Mars/Olympus"}, {"field": "industry", "as": "n"}],
        "having": [{"measure": "absent", "op": "gt", "value": 1}]});
    let refused = ask(&owner, query);
    refused.refused(400, "figures_not_askable");
    let pointers = refused.pointers();
    for pointer in [
        "/filter",
        "/sort",
        "/measures/0/field",
        "/measures/1/field",
        "/measures/2/as",
        "/measures/3/as",
        "/dimensions/0/field",
        "/dimensions/1/bucket",
        "/dimensions/2/time_zone",
        "/having/0/measure",
    ] {
        assert!(pointers.contains(&pointer.to_owned()), "{pointer}: {pointers:?}");
    }
    ask(&owner, json!({"resource": "ghost", "measures": [{"op": "count"}]})).refused(400, "figures_not_askable");
    // whose list looks at more than who may see a row
    for resource in ["notification", "share", "external_ref", "file", "audit_log"] {
        ask(&owner, json!({"resource": resource, "measures": [{"op": "count"}]})).refused(400, "figures_not_askable");
    }
    ask(&owner, json!({"resource": "account", "measures": []})).refused(422, "invalid");
    let many = vec![json!({"field": "name"}); 9];
    ask(&owner, json!({"resource": "account", "measures": [{"op": "count"}], "dimensions": many}))
        .refused(422, "invalid");
}

#[test]
fn groups_are_cut_by_their_measures() {
    let town = Town::idle();
    let owner = town.owner();
    for industry in ["a", "a", "a", "b", "b", "c"] {
        make::account(&owner, json!({"industry": industry}));
    }
    let query = |extra| {
        make::with(
            json!({"resource": "account", "dimensions": [{"field": "industry"}], "measures": [{"op": "count"}]}),
            extra,
        )
    };
    let having = json!({"having": [{"measure": "count", "op": "ge", "value": 2}], "sort": "-count"});
    assert_eq!(
        ask(&owner, query(having)).ok()["rows"],
        json!([{"industry": "a", "count": 3}, {"industry": "b", "count": 2}])
    );
    let told = ask(&owner, query(json!({"limit": 2}))).ok();
    assert_eq!((told["rows"].as_array().unwrap().len(), &told["has_more"]), (2, &json!(true)));
    let wrong = json!({"having": [{"measure": "count", "op": "ge", "value": "much"}]});
    assert_eq!(ask(&owner, query(wrong)).pointers(), ["/having/0/value"]);
}

#[test]
fn what_was_told_is_kept_under_no_key() {
    let town = Town::idle();
    let owner = town.owner().with("idempotency-key", "figures");
    let query = json!({"resource": "account", "measures": [{"op": "count"}], "totals": true});
    ask(&owner, query.clone()).ok();
    // what is seen by then may be another thing
    ask(&owner, query).refused(409, "idempotency_answer_gone");
}
