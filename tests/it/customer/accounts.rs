//! What is an account's own: its money, its number, its place in a hierarchy.
use crate::support::{Town, encoded, json, make};

#[test]
fn an_account_is_written_and_read_as_it_is() {
    let town = Town::start();
    let owner = town.owner();
    let new = json!({"name": " 上海晨光商贸有限公司 ", "industry": "retail", "country": "CN", "phone": "+86 21 5555 0100", "rating": "hot",
        "employee_count": 120, "annual_revenue": {"amount": "5000000.5", "currency": "CNY"}});
    let answer = owner.post("/v1/accounts", new);
    let made = answer.created();
    assert_eq!((&made["name"], &made["phone"]), (&json!("上海晨光商贸有限公司"), &json!("+862155550100")));
    assert_eq!(made["annual_revenue"], json!({"amount": "5000000.50", "currency": "CNY"}));
    let path = answer.header("location").to_owned();
    assert_eq!(path, format!("/v1/accounts/{}", make::id(&made, "id")));
    assert_eq!(owner.get(&path).ok(), made);
    let patched = owner.patch(&path, json!({"annual_revenue": null, "rating": null, "employee_count": 0})).ok();
    assert!(patched["annual_revenue"].is_null() && patched["rating"].is_null());
    let stale = owner
        .if_match(1)
        .patch(&path, json!({"annual_revenue": {"amount": "1", "currency": "USD"}}))
        .refused(412, "stale");
    let base = json!({"amount": "5000000.50", "currency": "CNY"});
    assert_eq!(stale["conflicts"]["annual_revenue"]["base"]["currency"], base["currency"]);
    assert!(stale["conflicts"]["annual_revenue"]["current"].is_null());
}

#[test]
fn money_is_exact_and_of_a_currency() {
    let town = Town::start();
    let owner = town.owner();
    for revenue in [
        json!({"amount": "1.001", "currency": "CNY"}),
        json!({"amount": "1.5", "currency": "JPY"}),
        json!({"amount": "1", "currency": "XXZ"}),
        json!({"amount": 1.5, "currency": "CNY"}),
        json!({"amount": "1e3", "currency": "CNY"}),
        json!({"amount": "1000000000000000", "currency": "CNY"}),
        json!({"amount": "1"}),
        json!("1 CNY"),
        json!({"amount": "NaN", "currency": "CNY"}),
        json!({"amount": "1", "currency": "CNY", "rate": "2"}),
    ] {
        let answer = owner.post("/v1/accounts", json!({"name": "x", "annual_revenue": revenue}));
        answer.refused(422, "invalid");
        assert!(answer.pointers()[0].starts_with("/annual_revenue"), "{revenue}: {:?}", answer.pointers());
    }
    for (amount, currency) in [("0.125", "KWD"), ("999999999999999.99", "USD"), ("-5.00", "EUR"), ("7", "JPY")] {
        let made = make::account(&owner, json!({"annual_revenue": {"amount": amount, "currency": currency}}));
        assert_eq!(made["annual_revenue"]["amount"], amount);
    }
}

#[test]
fn no_account_stands_above_itself() {
    let town = Town::start();
    let owner = town.owner();
    let top = make::account(&owner, json!({}));
    let middle = make::account(&owner, json!({"parent_id": top["id"]}));
    let bottom = make::account(&owner, json!({"parent_id": middle["id"]}));
    let path = format!("/v1/accounts/{}", make::id(&top, "id"));
    for below in [&top, &middle, &bottom] {
        owner.patch(&path, json!({"parent_id": below["id"]})).refused(422, "account_own_parent");
    }
    owner.patch(&path, json!({"parent_id": crate::support::nobodys_id()})).refused(422, "unknown_reference");
    let children = encoded("children.exists(c, c.children.exists(d, true))");
    assert_eq!(owner.get(&format!("/v1/accounts?filter={children}")).ids(), [make::id(&top, "id")]);
}

#[test]
fn accounts_are_sorted_by_money_and_numbers() {
    let town = Town::start();
    let owner = town.owner();
    for (name, amount) in [("B", Some("9.00")), ("C", Some("10.00")), ("A", None)] {
        let revenue = amount.map(|amount| json!({"amount": amount, "currency": "USD"}));
        make::account(&owner, json!({"name": name, "annual_revenue": revenue}));
    }
    let names = |sort: &str| owner.get(&format!("/v1/accounts?sort={sort}")).each("name").concat();
    assert_eq!([names("annual_revenue.amount"), names("-annual_revenue.amount")], ["BCA", "CBA"]);
    assert_eq!(names("name"), "ABC");
}
