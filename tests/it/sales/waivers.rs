//! What nobody has to pay any more: it is neither due nor overdue, and neither unpaid nor paid.
use super::contracts::{act, path, watch};
use super::payments::{money, payment_path, plan, statuses};
use crate::support::{Answer, Client, Person, Town, Value, json, make};

fn place(installment: &Value) -> String {
    format!("/v1/installments/{}", make::id(installment, "id"))
}

fn waive(client: &Client, installment: &Value) -> Answer {
    client.post(&format!("{}/waive", place(installment)), json!({"reason": "late delivery"}))
}

fn unwaive(client: &Client, installment: &Value) -> Answer {
    client.act(&format!("{}/unwaive", place(installment)))
}

/// A contract of 100.00 CNY with these parts of it, each with its day, that was signed.
fn of(client: &Client, parts: &[(&str, &str)], extra: Value) -> Value {
    let parts: Vec<Value> = parts.iter().map(|(due_on, amount)| json!({"due_on": due_on, "amount": amount})).collect();
    let new = make::with(json!({"value": money("100.00", "CNY"), "installments": parts}), extra);
    act(client, &make::contract(client, new), "sign").ok()
}

/// What of the contract is paid, waived, unpaid, and overdue.
fn sums(client: &Client, contract: &Value) -> [String; 4] {
    let balance = client.get(&format!("{}/balance", path(contract))).ok();
    let whole = client.get(&path(contract)).ok();
    for same in ["paid", "waived", "unpaid"] {
        assert_eq!(whole[same], balance[same]);
    }
    ["paid", "waived", "unpaid", "overdue"].map(|name| make::id(&balance[name], "amount"))
}

#[test]
fn what_is_waived_is_neither_unpaid_nor_paid() {
    let town = Town::idle();
    let owner = town.owner();
    let account = make::account(&owner, json!({}));
    let parts = [("2099-01-01", "25"), ("2099-02-01", "25"), ("2099-03-01", "50")];
    let contract = of(&owner, &parts, json!({"account_id": account["id"]}));
    let pay =
        |amount: &str| make::payment(&owner, json!({"contract_id": contract["id"], "amount": money(amount, "CNY")}));
    let first = pay("10.00");
    let all = plan(&owner, &contract);
    owner.post(&format!("{}/waive", place(&all[0])), json!({"reason": " "})).refused(422, "invalid");
    owner.post(&format!("{}/waive", place(&all[0])), json!({})).refused(422, "invalid");
    let waived = waive(&owner, &all[0]).ok();
    assert_eq!((&waived["status"], &waived["waived_reason"]), (&json!("waived"), &json!("late delivery")));
    assert_eq!((&waived["waived"], &waived["paid"]), (&money("15.00", "CNY"), &money("10.00", "CNY")));
    assert!(waived["waived_at"].is_string() && waived["version"] == 3, "{waived}");
    assert_eq!(sums(&owner, &contract), ["10.00", "15.00", "75.00", "0.00"]);
    let balances = owner.get(&format!("/v1/accounts/{}/balances", make::id(&account, "id"))).ok();
    assert_eq!((&balances[0]["waived"], &balances[0]["unpaid"]), (&money("15.00", "CNY"), &money("75.00", "CNY")));
    assert_eq!(town.database.count("SELECT count(*) FROM event_log WHERE name = 'installment.waived'"), 1);
    crate::support::seal(&town);
    let events = owner.get("/v1/events?after=0&limit=200&types=installment.waived").ok();
    assert_eq!(events["data"][0]["data"]["waived"], money("15.00", "CNY"), "{events}");
    waive(&owner, &all[0]).refused(409, "installment_not_open");
    // nobody pays it, whether it is the oldest or named
    let part = json!([{"installment_id": all[0]["id"], "amount": "1"}]);
    let named = json!({"contract_id": contract["id"], "amount": money("1.00", "CNY"), "matches": part});
    let fault = owner.post("/v1/payments", named).refused(422, "invalid")["errors"][0].clone();
    assert_eq!(fault["code"], "unknown_reference");
    let second = pay("100.00");
    assert_eq!((&second["matched"]["amount"], &second["unmatched"]["amount"]), (&json!("75.00"), &json!("25.00")));
    assert_eq!(statuses(&owner, &contract), ["waived", "paid", "paid"]);
    waive(&owner, &all[1]).refused(409, "installment_not_open");
    unwaive(&owner, &all[1]).refused(409, "installment_not_waived");
    assert_eq!(sums(&owner, &contract), ["85.00", "15.00", "0.00", "0.00"]);
    // what it had got is taken off: that much of it is open
    owner.act(&format!("{}/void", payment_path(&first))).ok();
    assert_eq!(statuses(&owner, &contract)[0], "planned");
    assert_eq!(sums(&owner, &contract), ["75.00", "15.00", "10.00", "0.00"]);
    assert_eq!(waive(&owner, &all[0]).ok()["waived"], money("25.00", "CNY"));
    let open = unwaive(&owner, &all[0]).ok();
    assert_eq!((&open["status"], &open["waived"]), (&json!("planned"), &money("0.00", "CNY")));
    assert!(open["waived_at"].is_null() && open["waived_reason"].is_null(), "{open}");
    assert_eq!(sums(&owner, &contract), ["75.00", "0.00", "25.00", "0.00"]);
    unwaive(&owner, &all[0]).refused(409, "installment_not_waived");
}

#[test]
fn what_is_waived_is_never_overdue() {
    let town = Town::idle();
    let owner = town.owner();
    let contract = of(&owner, &[("2020-01-01", "60"), ("2020-02-01", "40")], json!({}));
    let all = plan(&owner, &contract);
    waive(&owner, &all[1]).ok();
    let told = || town.database.count("SELECT count(*) FROM event_log WHERE name = 'installment.overdue'");
    assert_eq!((watch(&town), watch(&town), told()), (1, 0, 1));
    assert_eq!(statuses(&owner, &contract), ["overdue", "waived"]);
    assert_eq!(sums(&owner, &contract), ["0.00", "40.00", "60.00", "60.00"]);
    waive(&owner, &all[0]).ok();
    assert_eq!(sums(&owner, &contract), ["0.00", "100.00", "0.00", "0.00"]);
    // another day and another word make nothing due of it
    assert_eq!(
        owner.patch(&place(&all[0]), json!({"due_on": "2020-01-02", "description": "x"})).ok()["status"],
        "waived"
    );
    assert_eq!((watch(&town), told()), (0, 1));
    // taken back, what was told is overdue at once, and what was not is told
    assert_eq!((unwaive(&owner, &all[0]).ok()["status"].clone(), watch(&town)), (json!("overdue"), 0));
    assert_eq!((unwaive(&owner, &all[1]).ok()["status"].clone(), watch(&town), told()), (json!("due"), 1, 2));
    assert_eq!(sums(&owner, &contract), ["0.00", "0.00", "100.00", "100.00"]);
}

#[test]
fn a_plan_keeps_what_is_waived() {
    let town = Town::idle();
    let owner = town.owner();
    let contract = of(&owner, &[("2099-01-01", "60"), ("2099-02-01", "40")], json!({}));
    let all = plan(&owner, &contract);
    waive(&owner, &all[0]).ok();
    let put = |parts: Value| owner.put(&format!("{}/installments", path(&contract)), json!({"installments": parts}));
    let named = |amount: &str| json!({"id": all[0]["id"], "due_on": "2099-01-01", "amount": amount});
    let new = |amount: &str| json!({"due_on": "2099-02-01", "amount": amount});
    put(json!([new("100")])).refused(409, "installment_waived");
    let less = put(json!([named("59"), new("41")])).refused(422, "invalid");
    assert_eq!(less["errors"][0]["pointer"], "/installments/0/amount");
    let again = put(json!([named("60"), new("30"), new("10")])).ok();
    assert_eq!((&again[0]["status"], &again[0]["waived"]), (&json!("waived"), &money("60.00", "CNY")));
    assert_eq!(sums(&owner, &contract), ["0.00", "60.00", "40.00", "0.00"]);
    // of one that comes to more, the rest is open
    let more = put(json!([named("70"), new("30")])).ok();
    assert_eq!((&more[0]["status"], &more[0]["waived"]), (&json!("planned"), &money("60.00", "CNY")));
    assert_eq!(sums(&owner, &contract), ["0.00", "60.00", "40.00", "0.00"]);
    let draft = make::contract(&owner, json!({"value": money("9.00", "CNY"), "installments": [new("9")]}));
    waive(&owner, &plan(&owner, &draft)[0]).ok();
    let smaller = json!({"value": money("5.00", "CNY"), "installments": [new("5")]});
    let fault = owner.patch(&path(&draft), smaller).refused(422, "invalid")["errors"][0].clone();
    assert_eq!(fault["pointer"], "/value/amount");
    let other = json!({"value": money("9.00", "USD"), "installments": [new("9")]});
    owner.patch(&path(&draft), other).refused(409, "contract_value_fixed");
}

#[test]
fn whoever_changes_the_contract_waives() {
    let town = Town::idle();
    let (owner, rep) = (town.owner(), town.client(Person::Rep));
    let contract = of(&owner, &[("2099-01-01", "100")], json!({}));
    let one = plan(&owner, &contract).remove(0);
    for client in [&rep, &town.client(Person::Foreigner)] {
        waive(client, &one).refused(404, "not_found");
        unwaive(client, &one).refused(404, "not_found");
    }
    let share = json!({"resource": "contract", "record_id": contract["id"], "user_id": town.user(Person::Rep)});
    owner.post("/v1/shares", share).created();
    waive(&rep, &one).refused(403, "forbidden");
    let why = json!({"reason": "x"});
    owner.if_match(7).post(&format!("{}/waive", place(&one)), why.clone()).refused(412, "stale");
    let waived = owner.if_match(1).post(&format!("{}/waive", place(&one)), why).ok();
    unwaive(&rep, &one).refused(403, "forbidden");
    owner.if_match(1).act(&format!("{}/unwaive", place(&one))).refused(412, "stale");
    owner.if_match(&waived["version"]).act(&format!("{}/unwaive", place(&one))).ok();
}

/// Whoever pays and whoever waives at the same time find what is left.
#[test]
fn what_is_paid_and_waived_at_once_comes_to_what_is_due() {
    let town = Town::idle();
    let owner = town.owner();
    let contract = of(&owner, &[("2099-01-01", "60"), ("2099-02-01", "40")], json!({}));
    let all = plan(&owner, &contract);
    let turn = |n: usize| {
        let owner = town.owner();
        let one = &all[n % 2];
        match n % 3 {
            0 => drop(waive(&owner, one).is_one_of(&[200, 409])),
            1 => drop(unwaive(&owner, one).is_one_of(&[200, 409])),
            _ => {
                let new = json!({"contract_id": contract["id"], "amount": money("7.00", "CNY")});
                owner.post("/v1/payments", new).created();
            }
        }
    };
    std::thread::scope(|scope| {
        (0..18).for_each(|n| drop(scope.spawn(move || turn(n))));
    });
    let sum = |sql: &str| town.database.text(sql);
    assert_eq!(sum("SELECT count(*) FROM installments WHERE paid_amount + waived_amount > amount"), "0");
    for column in ["paid_amount", "waived_amount"] {
        let parts = format!("(SELECT sum({column}) FROM installments AS i WHERE i.contract_id = c.id)");
        assert_eq!(sum(&format!("SELECT count(*) FROM contracts AS c WHERE c.{column} <> {parts}")), "0", "{column}");
    }
    let [paid, waived, unpaid, _] = sums(&owner, &contract).map(|sum| sum.parse::<rust_decimal::Decimal>().unwrap());
    assert_eq!(paid + waived + unpaid, rust_decimal::Decimal::from(100));
}
