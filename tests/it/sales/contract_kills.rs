//! What becomes of days that are over when workers die, and of payments when a server does.
use super::contracts::{act, path};
use super::offer_kills::{Worker, until};
use crate::support::{Smtp, Town, json, make};

#[test]
fn a_worker_that_dies_tells_nothing_twice() {
    let smtp = Smtp::start();
    let town = Town::idle();
    let owner = town.owner();
    let plan = json!([{"due_on": "2020-01-01", "amount": "400"}, {"due_on": "2020-02-01", "amount": "600"}]);
    let contract = make::contract(&owner, json!({"installments": plan}));
    act(&owner, &contract, "sign").ok();
    let again = json!({"start_on": "2001-01-01", "end_on": "2002-01-01"});
    let over = make::contract(&owner, again);
    act(&owner, &over, "sign").ok();
    let soon = kernel::clock::now().date_naive() + chrono::Duration::days(9);
    act(&owner, &make::contract(&owner, json!({"end_on": soon})), "sign").ok();
    let told = |name: &str| town.database.count(&format!("SELECT count(*) FROM event_log WHERE name = '{name}'"));
    let _ = Worker::start(&town, &smtp, "contract_ended").0.wait();
    assert_eq!((told("contract.expired"), owner.get(&path(&over)).ok()["status"].clone()), (0, json!("active")));
    // it dies when it has told the first, before that is kept
    let _ = Worker::start(&town, &smtp, "contract_expiring").0.wait();
    assert_eq!((told("contract.expired"), told("contract.expiring")), (1, 0));
    let _ = Worker::start(&town, &smtp, "installment_overdue").0.wait();
    assert_eq!((told("installment.overdue"), told("contract.expiring")), (0, 1));
    let _worker = Worker::start(&town, &smtp, "nowhere");
    let late = || town.database.count("SELECT count(*) FROM installments WHERE status = 'overdue'");
    until("it is not told", || late() == 2);
    assert_eq!((told("installment.overdue"), told("contract.expired"), told("contract.expiring")), (2, 1, 1));
}
