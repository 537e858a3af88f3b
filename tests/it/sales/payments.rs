//! Payments: which instalments they pay, and that none gets more than is due, whoever pays at once.
use super::contracts::{act, path};
use crate::support::{Client, Person, Town, Value, json, make};

pub fn money(amount: &str, currency: &str) -> Value {
    json!({"amount": amount, "currency": currency})
}

pub fn plan(client: &Client, contract: &Value) -> Vec<Value> {
    client.get(&format!("{}/installments", path(contract))).ok().as_array().unwrap().clone()
}

pub fn statuses(client: &Client, contract: &Value) -> Vec<String> {
    plan(client, contract).iter().map(|one| make::id(one, "status")).collect()
}

fn paid(client: &Client, contract: &Value) -> Vec<String> {
    plan(client, contract).iter().map(|one| make::id(&one["paid"], "amount")).collect()
}

/// A contract of four instalments in days to come.
fn of_four(client: &Client, amount: &str, currency: &str, extra: Value) -> Value {
    let contract = make::contract(client, make::with(json!({"value": money(amount, currency)}), extra));
    let four = json!({"count": 4, "first_due_on": "2099-01-31", "every_months": 1});
    client.post(&format!("{}/installments/split", path(&contract)), four).ok();
    contract
}

pub fn payment_path(payment: &Value) -> String {
    format!("/v1/payments/{}", make::id(payment, "id"))
}

#[test]
fn a_payment_pays_the_oldest_first_and_no_more_than_is_due() {
    let town = Town::idle();
    let owner = town.owner();
    let account = make::account(&owner, json!({}));
    let contract = of_four(&owner, "100.00", "CNY", json!({"account_id": account["id"]}));
    act(&owner, &contract, "sign").ok();
    let first = make::payment(
        &owner,
        json!({"contract_id": contract["id"], "amount": money("40.00", "CNY"), "reference": "R-1"}),
    );
    assert_eq!((&first["account_id"], &first["status"]), (&account["id"], &json!("received")));
    assert_eq!((&first["matched"]["amount"], &first["unmatched"]["amount"]), (&json!("40.00"), &json!("0.00")));
    assert_eq!(paid(&owner, &contract), ["25.00", "15.00", "0.00", "0.00"]);
    assert_eq!(statuses(&owner, &contract), ["paid", "partially_paid", "planned", "planned"]);
    // as it is said
    let all = plan(&owner, &contract);
    let part = |n: usize, amount: &str| json!({"installment_id": all[n]["id"], "amount": amount});
    let pay = |amount: &str, matches: Value| {
        owner.post(
            "/v1/payments",
            json!({"contract_id": contract["id"], "amount": money(amount, "CNY"), "matches": matches}),
        )
    };
    let faults =
        pay("30.00", json!([part(0, "1"), part(1, "11"), part(3, "0.001"), part(3, "1")])).refused(422, "invalid");
    assert_eq!(faults["errors"].as_array().unwrap().len(), 4, "{faults}");
    assert_eq!(pay("5.00", json!([part(3, "6")])).refused(422, "invalid")["errors"][0]["pointer"], "/matches");
    let last = pay("30.00", json!([part(3, "25")])).created();
    assert_eq!(last["unmatched"]["amount"], "5.00");
    let alone = pay("3.00", json!([])).created();
    assert_eq!(alone["unmatched"]["amount"], "3.00");
    // what is beyond all of them stays
    let over = pay("100.00", Value::Null).created();
    assert_eq!((&over["matched"]["amount"], &over["unmatched"]["amount"]), (&json!("35.00"), &json!("65.00")));
    let whole = owner.get(&path(&contract)).ok();
    assert_eq!((&whole["paid"]["amount"], &whole["unpaid"]["amount"]), (&json!("100.00"), &json!("0.00")));
    let balance = owner.get(&format!("{}/balance", path(&contract))).ok();
    assert_eq!((&balance["paid"], &balance["unmatched"]["amount"]), (&money("100.00", "CNY"), &json!("73.00")));
    // taken off, it is open again, and void it is nothing
    let off = owner.act(&format!("{}/unmatch", payment_path(&over))).ok();
    assert_eq!((&off["matched"]["amount"], &off["contract_id"]), (&json!("0.00"), &contract["id"]));
    assert_eq!(paid(&owner, &contract), ["25.00", "15.00", "0.00", "25.00"]);
    let void = owner.act(&format!("{}/void", payment_path(&first))).ok();
    assert_eq!((&void["status"], &void["matched"]["amount"]), (&json!("void"), &json!("0.00")));
    assert_eq!(owner.act(&format!("{}/void", payment_path(&first))).ok()["version"], void["version"]);
    owner.post(&format!("{}/match", payment_path(&first)), json!({})).refused(409, "payment_void");
    owner.patch(&payment_path(&first), json!({"reference": "x"})).refused(409, "payment_void");
    assert_eq!(statuses(&owner, &contract), ["planned", "planned", "planned", "paid"]);
    assert_eq!(owner.get(&path(&contract)).ok()["paid"]["amount"], "25.00");
    let again = owner.post(&format!("{}/match", payment_path(&over)), json!({})).ok();
    assert_eq!((&again["matched"]["amount"], &again["unmatched"]["amount"]), (&json!("75.00"), &json!("25.00")));
    let balances = owner.get(&format!("/v1/accounts/{}/balances", make::id(&account, "id"))).ok();
    assert_eq!(balances[0]["unmatched"]["amount"], "33.00");
    let rows = "SELECT count(*) FROM payment_matches WHERE payment_id = ";
    assert_eq!(town.database.count(&format!("{rows}'{}'", make::id(&over, "id"))), 3);
    let listed = owner.get(&format!("{}/matches", payment_path(&over))).ok();
    assert_eq!(listed.as_array().unwrap().len(), 3);
}

#[test]
fn a_payment_is_changed_while_it_has_paid_nothing() {
    let town = Town::idle();
    let owner = town.owner();
    let contract = of_four(&owner, "4000", "JPY", json!({}));
    let dollars = json!({"contract_id": contract["id"], "amount": money("10.00", "USD")});
    assert_eq!(owner.post("/v1/payments", dollars).refused(422, "invalid")["errors"][0]["pointer"], "/amount/currency");
    for (amount, place) in [("0", "/amount"), ("-1", "/amount"), ("1.5", "/amount/amount")] {
        let faults = owner.post("/v1/payments", json!({"amount": money(amount, "JPY")})).refused(422, "invalid");
        assert_eq!(faults["errors"][0]["pointer"], place, "{faults}");
    }
    let part = json!([{"installment_id": plan(&owner, &contract)[0]["id"], "amount": "1"}]);
    let bare = json!({"amount": money("1", "JPY"), "matches": part});
    assert_eq!(owner.post("/v1/payments", bare).refused(422, "invalid")["errors"][0]["pointer"], "/contract_id");
    let new = json!({"amount": money("1500", "JPY"), "method": "cash", "received_on": "2026-11-01", "reference": "A"});
    let made = owner.put("/v1/payments/by/ext:bank/1", new.clone()).created();
    assert_eq!(owner.put("/v1/payments/by/ext:bank/1", new.clone()).ok()["id"], made["id"]);
    let place = payment_path(&made);
    owner.patch(&place, json!({"amount": money("1200", "JPY"), "contract_id": contract["id"]})).ok();
    assert_eq!(paid(&owner, &contract), ["0", "0", "0", "0"], "a change matches nothing by itself");
    owner.post(&format!("{place}/match"), json!({})).ok();
    assert_eq!(paid(&owner, &contract), ["1000", "200", "0", "0"]);
    owner.patch(&place, json!({"amount": money("1300", "JPY")})).refused(409, "payment_matched");
    owner.patch(&place, json!({"contract_id": null})).refused(409, "payment_matched");
    owner.patch(&place, json!({"amount": money("1200", "JPY"), "reference": "B"})).ok();
    owner.delete(&place).refused(409, "payment_matched");
    owner.delete(&format!("{place}?purge=true")).refused(409, "payment_matched");
    // all that it pays, in place of what it paid
    let last = json!([{"installment_id": plan(&owner, &contract)[3]["id"], "amount": "900"}]);
    let moved = owner.patch(&place, json!({"matches": last})).ok();
    assert_eq!((&moved["matched"]["amount"], paid(&owner, &contract)[3].as_str()), (&json!("900"), "900"));
    assert_eq!(owner.patch(&place, json!({"matches": []})).ok()["matched"]["amount"], "0");
    assert_eq!(owner.get("/v1/payments?q=B").ids(), [make::id(&made, "id")]);
    let alike = owner.post("/v1/payments/duplicates", json!({"amount": money("1200", "JPY"), "reference": "B"})).ok();
    assert_eq!(alike[0]["id"], made["id"]);
    owner.delete(&place).is(204);
    owner.post(&format!("{place}/match"), json!({})).refused(404, "not_found");
    owner.act(&format!("{place}/restore")).ok();
    owner.delete(&format!("{place}?purge=true")).is(204);
    owner.delete(&format!("{}?purge=true", path(&contract))).is(204);
}

#[test]
fn twenty_who_pay_at_once_pay_no_more_than_is_due() {
    let town = Town::idle();
    let contract = of_four(&town.owner(), "100.000", "KWD", json!({}));
    let pay = |n: usize| {
        let owner = town.owner();
        let new = json!({"contract_id": contract["id"], "amount": money("7.777", "KWD")});
        let payment = owner.post("/v1/payments", new).created();
        let place = payment_path(&payment);
        match n % 5 {
            0 => drop(owner.act(&format!("{place}/void")).ok()),
            1 => {
                owner.act(&format!("{place}/unmatch")).ok();
                owner.post(&format!("{place}/match"), json!({})).ok();
            }
            2 => {
                let four = json!({"count": 5, "first_due_on": "2099-01-31"});
                let answer = owner.post(&format!("{}/installments/split", path(&contract)), four);
                assert!([200, 409].contains(&answer.status), "{}", answer.text());
            }
            3 => drop(owner.patch(&path(&contract), json!({"description": format!("{n}")})).ok()),
            _ => {}
        }
    };
    std::thread::scope(|scope| {
        (0..20).for_each(|n| drop(scope.spawn(move || pay(n))));
    });
    let owner = town.owner();
    let sum = |sql: &str| town.database.text(sql);
    assert_eq!(sum("SELECT count(*) FROM installments WHERE paid_amount > amount"), "0");
    let of_matches = "(SELECT coalesce(sum(amount), 0) FROM payment_matches AS m WHERE";
    assert_eq!(
        sum(&format!(
            "SELECT count(*) FROM installments AS i WHERE paid_amount <> {of_matches} m.installment_id = i.id)"
        )),
        "0"
    );
    assert_eq!(
        sum(&format!("SELECT count(*) FROM payments AS p WHERE matched_amount <> {of_matches} m.payment_id = p.id)")),
        "0"
    );
    assert_eq!(
        sum("SELECT (SELECT sum(paid_amount) FROM contracts) - (SELECT sum(paid_amount) FROM installments)"),
        "0.000000"
    );
    // sixteen are good, and come to more than is due; who came when all was paid takes what was given back
    for id in owner.get("/v1/payments?status=received&limit=50").ids() {
        owner.post(&format!("/v1/payments/{id}/match"), json!({})).ok();
    }
    let whole = owner.get(&path(&contract)).ok();
    assert_eq!((&whole["paid"]["amount"], &whole["unpaid"]["amount"]), (&json!("100.000"), &json!("0.000")));
    assert_eq!(town.database.count("SELECT count(*) FROM payments WHERE status = 'void'"), 4);
    assert_eq!(owner.get(&format!("{}/balance", path(&contract))).ok()["unmatched"], money("24.432", "KWD"));
}

#[test]
fn who_may_match_sees_the_contract() {
    let town = Town::idle();
    let (owner, rep) = (town.owner(), town.client(Person::Rep));
    let contract = of_four(&owner, "100.00", "CNY", json!({}));
    let new = json!({"contract_id": contract["id"], "amount": money("10.00", "CNY")});
    rep.post("/v1/payments", new.clone()).refused(422, "unknown_reference");
    let payment = make::payment(&owner, new.clone());
    rep.get(&payment_path(&payment)).refused(404, "not_found");
    for verb in ["void", "unmatch"] {
        rep.act(&format!("{}/{verb}", payment_path(&payment))).refused(404, "not_found");
        town.client(Person::Foreigner).act(&format!("{}/{verb}", payment_path(&payment))).refused(404, "not_found");
    }
    rep.get(&format!("{}/balance", path(&contract))).refused(404, "not_found");
    town.client(Person::Foreigner).post("/v1/payments", new).refused(422, "unknown_reference");
    let own = make::payment(&rep, json!({"amount": money("10.00", "CNY")}));
    let there = json!({"contract_id": contract["id"]});
    rep.post(&format!("{}/match", payment_path(&own)), there.clone()).refused(422, "unknown_reference");
    // whoever is shown the contract may pay it, and changes nothing else of it
    let share = json!({"resource": "contract", "record_id": contract["id"], "user_id": town.user(Person::Rep)});
    owner.post("/v1/shares", share).created();
    assert_eq!(rep.post(&format!("{}/match", payment_path(&own)), there).ok()["matched"]["amount"], "10.00");
    assert_eq!(owner.get(&path(&contract)).ok()["paid"]["amount"], "20.00");
    rep.patch(&path(&contract), json!({"title": "mine"})).refused(403, "forbidden");
}

#[test]
fn accounts_that_become_one_take_their_contracts_along() {
    let town = Town::idle();
    let owner = town.owner();
    let [winner, loser] = [1, 2].map(|_| make::account(&owner, json!({})));
    let contract = of_four(&owner, "100.00", "CNY", json!({"account_id": loser["id"]}));
    act(&owner, &contract, "sign").ok();
    let payment = make::payment(&owner, json!({"contract_id": contract["id"], "amount": money("10.00", "CNY")}));
    let merge = format!("/v1/accounts/{}/merge", make::id(&winner, "id"));
    owner.post(&merge, json!({"sources": [loser["id"]]})).ok();
    assert_eq!(owner.get(&path(&contract)).ok()["account_id"], winner["id"]);
    assert_eq!(owner.get(&payment_path(&payment)).ok()["account_id"], winner["id"]);
    let balances = owner.get(&format!("/v1/accounts/{}/balances", make::id(&winner, "id"))).ok();
    assert_eq!((&balances[0]["paid"]["amount"], &balances[0]["unpaid"]["amount"]), (&json!("10.00"), &json!("90.00")));
}

#[test]
fn files_bring_payments_that_pay_what_is_oldest() {
    let town = Town::start();
    let owner = town.owner();
    let contract = of_four(&owner, "100.00", "CNY", json!({"number": "HT-1"}));
    let mapping = json!({"resource": "payments", "source_system": "bank", "columns": {"Id": "external_id",
        "Contract": "contract.number", "Sum": "amount", "Money": "amount.currency", "Day": "received_on", "How": "method",
        "Ref": "reference"}});
    let text = "Id,Contract,Sum,Money,Day,How,Ref\n1,HT-1,30,CNY,2026-11-01,bank_transfer,A\n2,HT-1,30,CNY,2026-11-02,alipay,B\n\
        3,HT-9,1,CNY,2026-11-02,cash,C\n4,HT-1,1,USD,2026-11-02,cash,D\n5,,7,CNY,2026-11-02,cash,E\n";
    let bring = |text: &str| {
        let made = crate::platform::upload(&owner, "p.csv", text.as_bytes(), &mapping, &[("mode", "upsert")]).is(202);
        crate::platform::rows(&crate::platform::ended(&owner, &make::id(&made, "id")))
    };
    assert_eq!(bring(text), [5, 3, 0, 0, 2]);
    assert_eq!(paid(&owner, &contract), ["25.00", "25.00", "10.00", "0.00"]);
    assert_eq!(bring(&text.replace(",E\n", ",F\n")), [5, 0, 1, 2, 2]);
    assert_eq!(paid(&owner, &contract), ["25.00", "25.00", "10.00", "0.00"], "nothing is paid twice");
}
