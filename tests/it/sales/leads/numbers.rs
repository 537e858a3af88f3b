//! What the number of a lead was given as: covered with it in a pool, and carried on to the contact that it becomes.
use super::place;
use super::pools::{claim, lying, pool};
use crate::support::{Client, Person, Town, Value, json, make};

const GIVEN: &str = "138 0013 8000";

fn town() -> Town {
    let town = Town::start();
    town.owner().patch("/v1/tenant", json!({"phone_region": "CN"})).ok();
    town
}

/// The number of the contact that a lead becomes, and what it was given as, there and at its point.
fn becomes(client: &Client, lead: &Value, said: Value) -> [Value; 3] {
    let ask = json!({"contact": {"fields": said}, "on_duplicate": "create"});
    let done = client.post(&format!("{}/convert", place(lead)), ask).ok();
    let path = format!("/v1/contacts/{}", make::id(&done, "contact_id"));
    let (now, points) = (client.get(&path).ok(), client.get(&format!("{path}/contact-points")).ok());
    [now["phone"].clone(), now["phone_text"].clone(), points[0]["value"].clone()]
}

#[test]
fn a_pool_covers_it_until_somebody_claims_the_lead() {
    let town = town();
    let (owner, rep) = (town.owner(), town.client(Person::Rep));
    let pool = pool(&town, &[Person::Rep], json!({}));
    let lead = lying(&owner, &pool, json!({"phone": GIVEN}));
    assert_eq!((&lead["phone"], &lead["phone_text"]), (&json!("+86138****8000"), &Value::Null));
    for ask in [place(&lead), format!("{}/history", place(&lead)), "/v1/events?after=0&limit=200".to_owned()] {
        assert!(!owner.get(&ask).text().contains(GIVEN), "{ask}");
    }
    let taken = claim(&rep, &pool).ok();
    assert_eq!((&taken["phone"], &taken["phone_text"]), (&json!("+8613800138000"), &json!(GIVEN)));
    rep.post(&format!("{}/return", place(&lead)), json!({"reason": "no answer"})).ok();
    assert_eq!(owner.get(&place(&lead)).ok()["phone_text"], Value::Null);
    assert!(!owner.get(&format!("{}/history", place(&lead))).text().contains(GIVEN));
    assert_eq!(claim(&rep, &pool).ok()["phone_text"], GIVEN);
}

#[test]
fn the_contact_has_it_unless_another_is_said() {
    let town = town();
    let owner = town.owner();
    let lead = || make::lead(&owner, json!({"phone": GIVEN}));
    assert_eq!(becomes(&owner, &lead(), json!({})), ["+8613800138000", GIVEN, GIVEN].map(Value::from));
    // the same number written otherwise is what was said, too
    for (said, number) in [("021-6123 4567", "+862161234567"), ("138-0013-8000", "+8613800138000")] {
        assert_eq!(becomes(&owner, &lead(), json!({"phone": said})), [number, said, said].map(Value::from));
    }
}
