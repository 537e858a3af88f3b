//! A contract comes of the quote, with four instalments: two are paid, and of the third it is told that its day is
//! over.
use super::{Scene, TOTAL, money, place};
use crate::platform::until;
use crate::sales::payments::{plan, statuses};
use crate::support::{Value, json, make};

const PART: &str = "3156.09";

/// The contract, as it was made.
pub fn paid(scene: &Scene, quote: &Value) -> Value {
    let seller = scene.seller();
    let contract = seller.act(&format!("{}/contract", place("quotes", quote, "id"))).created();
    assert_eq!((&contract["value"], &contract["status"]), (&money(TOTAL, "CNY"), &json!("draft")));
    assert_eq!([&contract["account_id"], &contract["quote_id"]], [&quote["account_id"], &quote["id"]]);
    let path = place("contracts", &contract, "id");
    let tomorrow = kernel::clock::now().date_naive() + chrono::Duration::days(1);
    let split = json!({"count": 4, "first_due_on": tomorrow.to_string(), "every_months": 1});
    let plan = seller.post(&format!("{path}/installments/split"), split).ok();
    let parts: Vec<&Value> = plan.as_array().unwrap().iter().map(|one| &one["amount"]["amount"]).collect();
    assert_eq!(parts, [PART; 4]);
    assert_eq!(seller.act(&format!("{path}/sign")).ok()["status"], "active");
    assert_eq!(statuses(&seller, &contract), ["planned"; 4]);
    for (at, reference) in ["CCB-0098", "CCB-0121"].into_iter().enumerate() {
        received(scene, &contract, &plan[at], reference);
    }
    assert_eq!(statuses(&seller, &contract), ["paid", "paid", "planned", "planned"]);
    overdue(scene, &contract);
    contract
}

/// Money that says what it is for pays what is due next, to the cent.
fn received(scene: &Scene, contract: &Value, installment: &Value, reference: &str) {
    let seller = scene.seller();
    let new = json!({"contract_id": contract["id"], "team_id": scene.town.team("north"), "amount": money(PART, "CNY"),
        "method": "bank_transfer", "reference": reference});
    let payment = make::payment(&seller, new);
    assert_eq!([&payment["matched"], &payment["unmatched"]], [&money(PART, "CNY"), &money("0.00", "CNY")]);
    assert_eq!(payment["account_id"], contract["account_id"]);
    let matches = seller.get(&format!("{}/matches", place("payments", &payment, "id"))).ok();
    assert_eq!(matches[0]["installment_id"], installment["id"], "{matches}");
    assert_eq!((&matches[0]["amount"], matches.as_array().map(Vec::len)), (&payment["amount"], Some(1)));
}

/// Time passes until the day after that of the third: it is said so once, as an event.
fn overdue(scene: &Scene, contract: &Value) {
    let (owner, seller) = (scene.owner(), scene.seller());
    scene.town.database.run(
        "UPDATE installments SET due_on = due_on - (SELECT due_on - (now() AT TIME ZONE 'UTC')::date + 1
         FROM installments WHERE position = 3)",
    );
    until("overdue", || statuses(&seller, contract)[2] == "overdue");
    assert_eq!(statuses(&seller, contract), ["paid", "paid", "overdue", "planned"]);
    let third = plan(&seller, contract)[2].clone();
    let events = || owner.get("/v1/events?types=installment.overdue").ok()["data"].as_array().unwrap().clone();
    until("told", || !events().is_empty());
    let told = events();
    assert_eq!((told.len(), &told[0]["record_id"]), (1, &third["id"]), "{told:#?}");
    let data = &told[0]["data"];
    assert_eq!((&data["status"], &data["position"]), (&json!("overdue"), &json!(3)));
    assert_eq!((&data["overdue_at"], &data["amount"]), (&third["overdue_at"], &money(PART, "CNY")));
    let balance = seller.get(&format!("{}/balance", place("contracts", contract, "id"))).ok();
    let sums = ["paid", "unpaid", "overdue", "unmatched"].map(|sum| make::id(&balance[sum], "amount"));
    assert_eq!(sums, ["6312.18", "6312.18", PART, "0.00"], "{balance}");
}
