//! A marketing plan says what is to be done in a period, and for how much.
use crate::support::{Person, Town, json, make};

#[test]
fn a_marketing_plan_goes_through_its_life() {
    let town = Town::start();
    let owner = town.owner();
    let made =
        make::marketing_plan(&owner, json!({"name": " 春季 ", "budget": {"amount": "10.50", "currency": "USD"}}));
    assert_eq!((&made["name"], &made["status"]), (&json!("春季"), &json!("draft")));
    let place = format!("/v1/marketing-plans/{}", make::id(&made, "id"));
    assert_eq!(owner.get(&place).ok()["budget"], json!({"amount": "10.50", "currency": "USD"}));
    let changed = owner.if_match(1).patch(&place, json!({"status": "active", "budget": null})).ok();
    assert_eq!((&changed["status"], &changed["budget"]), (&json!("active"), &json!(null)));
    owner.if_match(1).patch(&place, json!({"name": "y"})).refused(412, "stale");
    let wrong = owner.patch(&place, json!({"end_on": "2020-01-01"})).refused(422, "invalid");
    assert_eq!(wrong["errors"][0]["pointer"], "/end_on");
    let other = json!({"budget": {"amount": "1.00", "currency": "EUR"}});
    let wrong = owner.patch(&place, other).refused(422, "invalid");
    assert_eq!(wrong["errors"][0]["pointer"], "/budget/currency");
    let both = json!({"name": "", "start_on": "2027-02-01", "end_on": "2027-01-01", "currency": "XYZ"});
    let faults = owner.post("/v1/marketing-plans", both).refused(422, "invalid");
    assert!(faults["errors"].as_array().unwrap().len() >= 3, "{faults}");
    let twice = json!({"name": "春季", "start_on": "2027-01-01", "end_on": "2027-01-02", "currency": "USD"});
    let taken = owner.post("/v1/marketing-plans", &twice).refused(409, "marketing_plan_name_taken");
    assert_eq!(taken["existing"][0]["id"], made["id"]);
    make::campaign(&owner, json!({"plan_id": made["id"]}));
    owner.delete(&format!("{place}?purge=true")).refused(409, "in_use");
    owner.delete(&place).is(204);
    owner.act(&format!("{place}/restore")).ok();
}

#[test]
fn another_tenant_sees_nothing_of_it() {
    let town = Town::start();
    let made = make::marketing_plan(&town.owner(), json!({}));
    let foreigner = town.client(Person::Foreigner);
    foreigner.get(&format!("/v1/marketing-plans/{}", make::id(&made, "id"))).refused(404, "not_found");
    assert!(foreigner.get("/v1/marketing-plans").ids().is_empty());
}
