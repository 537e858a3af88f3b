//! Rows of files that become records one by one: what is wrong with one of them is told whole, whatever they become.
use crate::platform::imports::{import, rows};
use crate::support::{Town, json, make};

#[test]
fn a_row_is_told_every_name_that_stands_for_nothing() {
    let town = Town::start();
    let owner = town.owner();
    let told = |resource: &str, columns: crate::support::Value, text: &str| {
        let mapping = json!({"resource": resource, "source_system": "erp", "columns": columns});
        let done = import(&owner, "rows.csv", text.as_bytes(), &mapping, &[]);
        assert_eq!(rows(&done), [1, 0, 0, 0, 1], "{resource}: {done}");
        owner.get(&format!("/v1/imports/{}/errors", make::id(&done, "id"))).text()
    };
    let payment = json!({"Id": "external_id", "Customer": "account.name", "Contract": "contract.number",
        "Sum": "amount", "Money": "amount.currency"});
    let payment = told("payments", payment, "Id,Customer,Contract,Sum,Money\n1,Nobody,HT-9,1,USD\n");
    assert!(payment.contains("there is no such account") && payment.contains("there is no such record"), "{payment}");
    let deal = json!({"Id": "external_id", "Name": "name", "Customer": "account.name", "Team": "team.name"});
    let deal = told("opportunities", deal, "Id,Name,Customer,Team\n1,Tea,Nobody,None\n");
    assert!(deal.contains("there is no such account") && deal.contains("there is no such record"), "{deal}");
}
