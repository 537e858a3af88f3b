//! Where the house tells of records by itself, fields of the tenant's own are told by the rules of the list: in events, to
//! who follows, by webhooks, in history, and in files, which come in again.
use super::hidden::{held_back, holder};
use super::{field, one_of_each, options};
use crate::platform::exports::{export, fetched, records};
use crate::platform::webhooks::{endpoint, until};
use crate::platform::{import, imports};
use crate::support::{Client, Receiver, Town, Value, json, make, seal};

#[test]
fn events_and_those_who_follow_are_told_what_is_seen() {
    let town = Town::idle();
    let owner = town.owner();
    for key in ["badge", "open", "gone"] {
        field(&owner, "contact", key, "text", json!({}));
    }
    let gone = owner.get("/v1/metadata/objects/contact/fields").ok();
    let gone = gone["data"].as_array().unwrap().iter().find(|one| one["key"] == "gone").unwrap().clone();
    let made = make::contact(&owner, json!({"custom": {"badge": "zqold", "open": "a", "gone": "zqgone"}}));
    let path = format!("/v1/contacts/{}", make::id(&made, "id"));
    owner.patch(&path, json!({"custom": {"badge": "zqnew"}})).ok();
    owner.patch(&path, json!({"custom": {"badge": "zqlast", "open": "b"}})).ok();
    let blind = holder(&town, held_back("hidden"));
    seal(&town);
    let told = |client: &Client| client.walk("/v1/events?resource=contact");
    let all = told(&owner);
    assert_eq!(all.len(), 3);
    assert_eq!(all[1]["changed"], json!(["custom.badge"]));
    assert_eq!(all[2]["previous"], json!({"custom.badge": "zqnew", "custom.open": "a"}));
    assert_eq!(all[2]["data"]["custom"], json!({"badge": "zqlast", "open": "b", "gone": "zqgone"}));
    let some = told(&blind);
    assert_eq!(some.len(), 2, "{some:?}");
    assert_eq!((&some[1]["changed"], &some[1]["previous"]), (&json!(["custom.open"]), &json!({"custom.open": "a"})));
    let followed = |client: &Client, more: &str| client.get(&format!("/v1/sync?resources=contacts{more}")).ok();
    let first = followed(&owner, "");
    assert_eq!(first["upserted"]["contacts"][0]["custom"], all[2]["data"]["custom"]);
    for text in [json!(some).to_string(), followed(&blind, "").to_string()] {
        assert!(!text.contains("badge") && !text.contains("zqlast"), "{text}");
    }
    // what is archived is not told to anybody, and who follows hears that it is otherwise
    owner.delete(&format!("/v1/metadata/objects/contact/fields/{}", make::id(&gone, "id"))).is(204);
    let token = first["token"].as_str().unwrap();
    let soon = || followed(&owner, &format!("&token={token}"));
    until("that a field is archived", || soon()["reset"] == json!(["contacts"]));
    for text in [json!(told(&owner)).to_string(), soon().to_string(), owner.get(&format!("{path}/history")).text()] {
        assert!(!text.contains("zqgone"), "{text}");
    }
}

#[test]
fn webhooks_know_fields_of_the_tenants_own() {
    let (town, receiver) = (Town::start(), Receiver::start());
    let owner = town.owner();
    field(&owner, "contact", "badge", "text", json!({}));
    field(&owner, "contact", "size", "int", json!({}));
    let asked = json!({"filter": "custom.size > 5", "changed_fields": ["custom.badge"], "events": ["contact.updated"]});
    endpoint(&owner, &receiver, asked.clone());
    let new = make::with(json!({"url": receiver.url()}), asked);
    let blind = holder(&town, held_back("hidden"));
    assert_eq!(blind.post("/v1/webhook-endpoints", new.clone()).pointers(), ["/changed_fields/0"]);
    let unknown = make::with(new, json!({"filter": "custom.none == 1", "changed_fields": ["custom.none"]}));
    let refused = owner.post("/v1/webhook-endpoints", unknown);
    refused.refused(422, "invalid");
    assert_eq!(refused.pointers(), ["/filter", "/changed_fields/0"]);
    for size in [1, 9] {
        let made = make::contact(&owner, json!({"custom": {"badge": "a", "size": size}}));
        let path = format!("/v1/contacts/{}", make::id(&made, "id"));
        owner.patch(&path, json!({"job_title": "Buyer"})).ok();
        owner.patch(&path, json!({"custom": {"badge": "b"}})).ok();
    }
    let came = receiver.parcels(1);
    std::thread::sleep(std::time::Duration::from_millis(500));
    assert_eq!(receiver.kept().len(), 1);
    let event = came[0].json();
    assert_eq!((&event["changed"], &event["data"]["custom"]["size"]), (&json!(["custom.badge"]), &json!(9)));
    assert_eq!(event["previous"], json!({"custom.badge": "a"}));
}

/// A file has a column for each, and comes in again by the mapping that goes with it.
#[test]
fn files_take_fields_of_the_tenants_own_out_and_in() {
    let town = Town::start();
    let owner = town.owner();
    one_of_each(&owner, "account");
    let someone = make::contact(&owner, json!({}));
    let custom = json!({"a_text": "=1, \"x\"", "a_int": 7, "a_decimal": "1.25", "a_money": {"amount": "3.50", "currency": "EUR"},
        "a_bool": true, "a_date": "2026-01-31", "a_instant": "2026-01-31T08:00:00.000Z", "a_email": "a@example.com",
        "a_phone": "+8613800138000", "a_url": "https://example.com/x", "a_option": "b", "a_options": ["a", "c"],
        "a_reference": someone["id"]});
    let account = make::account(&owner, json!({"name": "One", "custom": custom}));
    let path = format!("/v1/accounts/{}", make::id(&account, "id"));
    for format in ["csv", "xlsx", "ndjson"] {
        let done = export(&owner, json!({"resource": "accounts", "format": format, "filter": "custom.a_int == 7"}));
        let mapping = owner.get(&format!("/v1/exports/{}/mapping", make::id(&done, "id"))).ok();
        for target in ["custom.a_options", "custom.a_money", "custom.a_money.currency"] {
            assert!(mapping["columns"].as_object().unwrap().values().any(|to| to == target), "{format}: {mapping}");
        }
        let file = fetched(&owner, &done);
        let name = format!("file.{format}");
        let same = import(&owner, &name, &file, &mapping, &[]);
        let errors = owner.get(&format!("/v1/imports/{}/errors", make::id(&same, "id"))).text();
        assert_eq!(imports::rows(&same), [1, 0, 0, 1, 0], "{format}: {same} {errors}");
        let others = json!({"custom": {"a_text": "other", "a_money": null, "a_options": ["b"], "a_bool": false}});
        owner.patch(&path, others).ok();
        let back = import(&owner, &name, &file, &mapping, &[]);
        assert_eq!(imports::rows(&back), [1, 0, 1, 0, 0], "{format}: {back}");
        assert_eq!(owner.get(&path).ok()["custom"], account["custom"], "{format}");
    }
}

#[test]
fn files_hold_what_is_seen_and_asked_for() {
    let town = Town::start();
    let owner = town.owner();
    let set = options(&owner, "letters", &["a", "b"]);
    field(&owner, "contact", "badge", "text", json!({}));
    field(&owner, "contact", "letters", "options", json!({"option_set_id": set}));
    make::contact(&owner, json!({"custom": {"badge": "zqbadge", "letters": ["a", "b"]}}));
    let text = |client: &Client, more: Value| {
        let asked = make::with(json!({"resource": "contacts", "format": "csv", "has_mark": false}), more);
        String::from_utf8(fetched(client, &export(client, asked))).unwrap()
    };
    let some = json!({"fields": ["custom.letters", "display_name"]});
    assert!(
        text(&owner, some.clone()).starts_with("custom.letters,display_name\r\n\"a;b\","),
        "{}",
        text(&owner, some)
    );
    let blind = holder(&town, held_back("hidden"));
    let seen = text(&blind, json!({}));
    assert!(seen.contains("custom.letters") && !seen.contains("badge"), "{seen}");
    assert!(text(&owner, json!({})).contains("zqbadge"));
    let lines = |fields: Value| {
        let asked = json!({"resource": "contacts", "format": "ndjson", "fields": fields});
        records(&fetched(&owner, &export(&owner, asked)))
    };
    assert_eq!(lines(json!(["custom.badge"])), [json!({"custom": {"badge": "zqbadge"}})]);
    assert_eq!(lines(json!(["job_title"]))[0].get("custom"), None);
    for (client, name) in [(&blind, "custom.badge"), (&owner, "custom.none"), (&owner, "custom")] {
        let asked = json!({"resource": "contacts", "format": "csv", "fields": [name]});
        client.post("/v1/exports", asked).refused(422, "invalid");
    }
}
