//! Instalments: that they come to what the contract is worth, and what the day makes of them.
use super::contracts::{act, path, watch};
use super::payments::{money, payment_path, plan, statuses};
use crate::support::{Town, Value, encoded, json, make};

#[test]
fn equal_parts_come_to_the_whole_in_every_currency() {
    let town = Town::idle();
    let owner = town.owner();
    for (value, currency, count, each, last) in [
        ("10000", "JPY", 3, "3333", "3334"),
        ("100.00", "CNY", 3, "33.33", "33.34"),
        ("100.000", "KWD", 7, "14.285", "14.290"),
        ("0.03", "USD", 3, "0.01", "0.01"),
    ] {
        let contract = make::contract(&owner, json!({"value": money(value, currency)}));
        let split = json!({"count": count, "first_due_on": "2027-01-31"});
        let made = owner.post(&format!("{}/installments/split", path(&contract)), split).ok();
        let made = made.as_array().unwrap();
        assert_eq!(made.len(), count);
        let amounts: Vec<String> = made.iter().map(|one| make::id(&one["amount"], "amount")).collect();
        assert_eq!((amounts[0].as_str(), amounts[count - 1].as_str()), (each, last), "{currency}");
        let sum: rust_decimal::Decimal =
            amounts.iter().map(|amount| amount.parse::<rust_decimal::Decimal>().unwrap()).sum();
        assert_eq!(sum, value.parse().unwrap());
        // the last day of a month is the last day of the next
        assert_eq!((&made[1]["due_on"], &made[2]["due_on"]), (&json!("2027-02-28"), &json!("2027-03-31")));
    }
    let small = make::contract(&owner, json!({"value": money("2", "JPY")}));
    let split = json!({"count": 3, "first_due_on": "2027-01-31"});
    owner.post(&format!("{}/installments/split", path(&small)), split).refused(422, "invalid");
    let zero = json!({"count": 0, "first_due_on": "2027-01-31", "every_months": 0});
    let faults = owner.post(&format!("{}/installments/split", path(&small)), zero).refused(422, "invalid");
    assert_eq!(faults["errors"].as_array().unwrap().len(), 2, "{faults}");
}

#[test]
fn instalments_come_to_the_value_or_it_is_said_what_is_missing() {
    let town = Town::idle();
    let owner = town.owner();
    let contract = make::contract(&owner, json!({"value": money("100.00", "CNY")}));
    let place = format!("{}/installments", path(&contract));
    let put = |all: Value| owner.put(&place, json!({"installments": all}));
    let one = |amount: &str| json!({"due_on": "2099-01-01", "amount": amount});
    let unequal = put(json!([one("60"), one("30.50")])).refused(422, "installments_unequal");
    assert_eq!(unequal["errors"][0]["params"]["difference"], "9.5");
    let more = put(json!([one("60"), one("50")])).refused(422, "installments_unequal");
    assert_eq!(more["errors"][0]["params"]["difference"], "-10");
    let finer = put(json!([one("60.005"), one("39.995")])).refused(422, "invalid");
    assert_eq!(finer["errors"].as_array().unwrap().len(), 2);
    assert_eq!(
        put(json!([one("0"), one("100")])).refused(422, "invalid")["errors"][0]["pointer"],
        "/installments/0/amount"
    );
    let made = put(json!([one("60"), one("40")])).ok();
    assert_eq!(owner.get(&path(&contract)).ok()["version"], 2);
    owner.if_match(1).put(&place, json!({"installments": []})).refused(412, "stale");
    // the value goes with them
    let value = json!({"value": money("90.00", "CNY")});
    owner.patch(&path(&contract), value.clone()).refused(409, "contract_value_fixed");
    let both = make::with(
        value,
        json!({"installments": [{"id": made[0]["id"], "due_on": "2098-12-01", "amount": "50"}, one("40")]}),
    );
    owner.patch(&path(&contract), both).ok();
    assert_eq!(plan(&owner, &contract)[0]["id"], made[0]["id"]);
    // one that is there goes on, with what it has got
    make::payment(&owner, json!({"contract_id": contract["id"], "amount": money("20.00", "CNY")}));
    put(json!([one("90")])).refused(409, "installments_paid");
    let less =
        put(json!([{"id": made[0]["id"], "due_on": "2099-02-01", "amount": "10"}, one("80")])).refused(422, "invalid");
    assert_eq!(less["errors"][0]["pointer"], "/installments/0/amount");
    let other = put(json!([{"id": made[1]["id"], "due_on": "2099-02-01", "amount": "90"}])).refused(422, "invalid");
    assert_eq!(other["errors"][0]["code"], "unknown_reference");
    let again = put(json!([{"id": made[0]["id"], "due_on": "2099-02-01", "amount": "20"}, one("35"), one("35")])).ok();
    assert_eq!(
        (&again[0]["status"], &again[0]["paid"]["amount"], &again[1]["status"]),
        (&json!("paid"), &json!("20.00"), &json!("planned"))
    );
    put(json!([])).refused(409, "installments_paid");
    let refused = owner.patch(&path(&contract), json!({"value": money("10.00", "CNY"), "installments": []}));
    refused.refused(422, "invalid");
    // a single one has another day, and no other sum
    let place = format!("/v1/installments/{}", make::id(&again[1], "id"));
    owner.patch(&place, json!({"amount": "1"})).refused(422, "invalid");
    let moved = owner.if_match(1).patch(&place, json!({"due_on": "2020-01-01", "description": "首付款"})).ok();
    assert_eq!((&moved["status"], &moved["version"]), (&json!("due"), &json!(2)));
    owner.if_match(1).patch(&place, json!({"due_on": "2020-01-02"})).refused(412, "stale");
}

#[test]
fn the_clock_tells_what_is_overdue_once() {
    let town = Town::idle();
    let owner = town.owner();
    let today = kernel::clock::now().date_naive();
    let day = |days: i64| (today + chrono::Duration::days(days)).to_string();
    let one = |days: i64| json!({"due_on": day(days), "amount": "10"});
    let account = make::account(&owner, json!({}));
    let new = json!({"account_id": account["id"], "value": money("50.00", "CNY"),
        "installments": [one(-9), one(-5), one(-3), one(0), one(9)]});
    let contract = make::contract(&owner, new.clone());
    assert_eq!(watch(&town), 0, "nothing is due of a draft");
    owner.patch(&format!("/v1/tenant"), json!({"time_zone": "UTC"})).ok();
    act(&owner, &contract, "sign").ok();
    make::payment(&owner, json!({"contract_id": contract["id"], "amount": money("15.00", "CNY")}));
    let ended = make::contract(&owner, new);
    act(&owner, &ended, "sign").ok();
    act(&owner, &ended, "terminate").ok();
    std::thread::scope(|scope| {
        let all: Vec<_> = (0..4).map(|_| scope.spawn(|| watch(&town))).collect();
        assert_eq!(all.into_iter().map(|one| one.join().unwrap()).sum::<usize>(), 2);
    });
    assert_eq!(statuses(&owner, &contract), ["paid", "overdue", "overdue", "due", "planned"]);
    assert_eq!(watch(&town), 0);
    let told = || town.database.count("SELECT count(*) FROM event_log WHERE name = 'installment.overdue'");
    assert_eq!(told(), 2);
    crate::support::seal(&town);
    let events = owner.get("/v1/events?after=0&limit=200&types=installment.overdue").ok();
    assert_eq!(events["data"].as_array().unwrap().len(), 2, "{events}");
    let overview = owner.get(&format!("/v1/accounts/{}/360", make::id(&account, "id"))).ok();
    let contracts = &overview["contracts"];
    assert_eq!(contracts["balances"][0]["overdue"], money("15.00", "CNY"));
    assert_eq!((&contracts["balances"][0]["value"], &contracts["active_count"]), (&money("50.00", "CNY"), &json!(1)));
    let days =
        |name: &str| contracts[name].as_array().unwrap().iter().map(|one| make::id(one, "due_on")).collect::<Vec<_>>();
    assert_eq!(
        (days("overdue_installments"), days("open_installments")),
        (vec![day(-5), day(-3)], vec![day(0), day(9)])
    );
    let late = owner
        .get(&format!("/v1/installments?filter={}", encoded("status == \"overdue\" && contract.status == \"active\"")))
        .ok();
    assert_eq!(late["data"].as_array().unwrap().len(), 2);
    // paid, it is paid; open again, it is overdue still, and told no more
    let payment = make::payment(&owner, json!({"contract_id": contract["id"], "amount": money("5.00", "CNY")}));
    assert_eq!(statuses(&owner, &contract)[1], "paid");
    owner.act(&format!("{}/void", payment_path(&payment))).ok();
    assert_eq!((statuses(&owner, &contract)[1].as_str(), watch(&town), told()), ("overdue", 0, 2));
    // another day is told when that is over
    let place = format!("/v1/installments/{}", make::id(&plan(&owner, &contract)[2], "id"));
    assert_eq!(owner.patch(&place, json!({"due_on": day(1)})).ok()["status"], "planned");
    assert_eq!((watch(&town), told()), (0, 2));
    owner.patch(&place, json!({"due_on": day(-1)})).ok();
    assert_eq!((watch(&town), told()), (1, 3));
}

#[test]
fn a_day_is_over_where_the_tenant_is() {
    let town = Town::idle();
    let owner = town.owner();
    let now = kernel::clock::now();
    // fourteen hours before and twelve behind: one of both is at another day
    for (zone, hours) in [("Pacific/Kiritimati", 14), ("Etc/GMT+12", -12)] {
        owner.patch("/v1/tenant", json!({"time_zone": zone})).ok();
        let there = (now + chrono::Duration::hours(hours)).date_naive();
        let one = |days: i64| json!({"due_on": (there + chrono::Duration::days(days)).to_string(), "amount": "500"});
        let contract = make::contract(&owner, json!({"installments": [one(-1), one(0)]}));
        act(&owner, &contract, "sign").ok();
        watch(&town);
        assert_eq!(statuses(&owner, &contract), ["overdue", "due"], "{zone}");
    }
}
