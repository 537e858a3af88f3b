//! Nothing goes to an address that is suppressed.
use crate::support::{Person, Town, json, make};

#[test]
fn an_address_is_suppressed_once_in_whatever_letters_it_is_written() {
    let town = Town::start();
    let owner = town.owner();
    let made = make::suppression(&owner, json!({"address": "Wei@X.example"}));
    assert_eq!((&made["address"], &made["reason"]), (&json!("wei@x.example"), &json!("manual")));
    let again = |extra| crate::support::make::with(json!({"channel": "email", "address": "wei@x.example"}), extra);
    let taken = owner.post("/v1/suppressions", again(json!({}))).refused(409, "suppression_taken");
    assert_eq!(taken["existing"][0]["id"], made["id"]);
    owner.post("/v1/suppressions", again(json!({"purpose": "newsletter"}))).created();
    owner.post("/v1/suppressions", again(json!({"reason": "hard_bounce"}))).refused(422, "invalid");
    owner.post("/v1/suppressions", again(json!({"address": "nobody"}))).refused(422, "invalid");
    owner.post("/v1/suppressions", again(json!({"channel": "sms"}))).refused(422, "invalid");
    assert_eq!(owner.get("/v1/suppressions?address=wei@x.example").ids().len(), 2);
    let place = format!("/v1/suppressions/{}", make::id(&made, "id"));
    owner.patch(&place, json!({"note": "by phone"})).ok();
    owner.if_match(1).delete(&place).refused(412, "stale");
    owner.delete(&place).is(204);
    town.client(Person::Foreigner).get(&place).refused(404, "not_found");
}
