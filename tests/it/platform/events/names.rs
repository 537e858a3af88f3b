//! The names of events are published.
use crate::support::{Receiver, Town, document, fits, json, make, resolved, seal};
use std::collections::BTreeSet;

#[test]
fn every_name_is_in_the_document() {
    let names = platform::event::names(api::house::catalogues().unwrap());
    assert!(names.len() > 50 && names.contains(&"contact.access_lost".to_owned()), "{names:?}");
    assert_eq!(document()["components"]["schemas"]["EventType"]["examples"], json!(names));
}

/// Whoever writes a receiver is told of each what it is sent, and by which headers.
#[test]
fn every_name_is_a_webhook_of_the_document() {
    let names = platform::event::names(api::house::catalogues().unwrap());
    let hooks = document()["webhooks"].as_object().unwrap();
    let missing: Vec<_> = names.iter().filter(|name| !hooks.contains_key(*name)).collect();
    assert!(missing.is_empty(), "{missing:?}");
    assert_eq!(hooks.len(), names.len() + 1, "and the one that tries an endpoint");
    for (name, hook) in hooks {
        let headers: Vec<&str> = hook["post"]["parameters"]
            .as_array()
            .unwrap()
            .iter()
            .map(|one| resolved(one)["name"].as_str().unwrap())
            .collect();
        assert_eq!(headers, ["webhook-id", "webhook-timestamp", "webhook-signature"], "{name}");
        let body = &hook["post"]["requestBody"]["content"]["application/json"]["schema"];
        assert_eq!(body["allOf"][1]["properties"]["type"]["enum"], json!([name]));
        assert!(!resolved(&body["allOf"][0]).is_null());
    }
}

/// What comes fits what the document says of it.
#[test]
fn what_is_sent_has_the_shape_of_its_webhook() {
    let (town, receiver) = (Town::start(), Receiver::start());
    let owner = town.owner();
    let new = json!({"url": receiver.url(), "events": ["*"]});
    let endpoint = make::id(&owner.post("/v1/webhook-endpoints", new).created(), "id");
    owner.act(&format!("/v1/webhook-endpoints/{endpoint}/test")).is(202);
    let contact = make::id(&make::contact(&owner, json!({"email": "ada@example.com"})), "id");
    owner.patch(&format!("/v1/contacts/{contact}"), json!({"job_title": "Buyer"})).ok();
    owner.delete(&format!("/v1/contacts/{contact}")).is(204);
    owner.delete(&format!("/v1/contacts/{contact}?purge=true")).is(204);
    make::account(&owner, json!({}));
    make::product(&owner, json!({}));
    make::order(&owner, json!({}));
    make::role(&owner, &[("contact", "read", "own")]);
    let parcels = receiver.parcels(9);
    for parcel in parcels {
        let event = parcel.json();
        let hook = &document()["webhooks"][event["type"].as_str().unwrap()]["post"];
        let body = &hook["requestBody"]["content"]["application/json"]["schema"];
        let mut faults = Vec::new();
        fits(body, &event, "", &mut faults);
        assert!(faults.is_empty(), "{faults:#?} in {event}");
    }
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
