//! The names of events are published.
use crate::support::{Town, document, json, make, seal};
use std::collections::BTreeSet;

#[test]
fn every_name_is_in_the_document() {
    let names = platform::event::names(api::house::catalogues().unwrap());
    assert!(names.len() > 50 && names.contains(&"contact.access_lost".to_owned()), "{names:?}");
    assert_eq!(document()["components"]["schemas"]["EventType"]["examples"], json!(names));
}

/// What is written down by the deeds of the house goes by a name that is published.
#[test]
fn nothing_happens_by_another_name() {
    let town = Town::idle();
    let owner = town.owner();
    let contact = make::contact(&owner, json!({}));
    let place = format!("/v1/contacts/{}", make::id(&contact, "id"));
    let share = json!({"resource": "contact", "record_id": contact["id"], "team_id": town.team("north")});
    let share = make::id(&owner.post("/v1/shares", share).created(), "id");
    owner.patch(&format!("/v1/shares/{share}"), json!({"access": "update"})).ok();
    owner.delete(&format!("/v1/shares/{share}")).is(204);
    owner.delete(&place).is(204);
    owner.delete(&format!("{place}?purge=true")).is(204);
    make::order(&owner, json!({}));
    seal(&town);
    let published: BTreeSet<String> = platform::event::names(api::house::catalogues().unwrap()).into_iter().collect();
    let told = super::told(&owner, "");
    assert!(told.len() > 6);
    for event in told {
        assert!(published.contains(event["type"].as_str().unwrap()), "{event}");
    }
}
