//! What an event says: the record as its JSON shows it, what has changed, and what it was before.
use super::{told, types_of};
use crate::support::{Town, Value, json, make, nobodys_id, seal};

#[test]
fn an_event_tells_the_record_and_what_changed() {
    let town = Town::idle();
    let owner = town.owner();
    let product = make::product(&owner, json!({"unit_price": {"amount": "999999999999999.12", "currency": "USD"}}));
    let place = format!("/v1/products/{}", make::id(&product, "id"));
    let patch = json!({"unit_price": {"amount": "13.00", "currency": "EUR"}, "name": "Green tea"});
    let changed = owner.patch(&place, patch);
    let request = changed.header("x-request-id").to_owned();
    let now = changed.ok();
    owner.delete(&place).is(204);
    owner.act(&format!("{place}/restore")).ok();
    owner.delete(&format!("{place}?purge=true")).is(204);
    seal(&town);
    let events = told(&owner, "&resource=product");
    let types: Vec<&str> = events.iter().map(|event| event["type"].as_str().unwrap()).collect();
    let verbs = ["created", "updated", "deleted", "restored", "purged"];
    assert_eq!(types, verbs.map(|verb| format!("product.{verb}")));
    assert_eq!(events[0]["data"], product);
    assert_eq!((&events[0]["changed"], &events[0]["previous"]), (&json!([]), &json!({})));
    assert_eq!(events[1]["data"], now);
    assert_eq!(events[1]["changed"], json!(["name", "unit_price"]));
    assert_eq!(events[1]["previous"], json!({"name": "Tea", "unit_price": product["unit_price"]}));
    assert_eq!((&events[1]["request_id"], &events[1]["causation_id"]), (&json!(request), &json!(request)));
    assert_eq!(events[1]["actor"], json!({"id": now["updated_by"], "api_key_id": null}));
    assert_eq!(events[2]["changed"], json!(["deleted_at"]));
    assert!(events[2]["data"]["deleted_at"].is_string() && events[3]["data"]["deleted_at"].is_null());
    assert_eq!(events[4]["data"]["id"], product["id"]);
}

#[test]
fn a_change_of_a_part_is_one_of_its_record() {
    let town = Town::idle();
    let owner = town.owner();
    let contact = make::id(&make::contact(&owner, json!({})), "id");
    let point = json!({"kind": "wechat", "value": "ada_1"});
    let point = make::id(&owner.post(&format!("/v1/contacts/{contact}/contact-points"), point).created(), "id");
    owner.delete(&format!("/v1/contact-points/{point}")).is(204);
    let order = make::id(&make::order(&owner, json!({"contact_id": contact})), "id");
    let line = json!({"name": "Milk", "quantity": "1", "unit_price": "2.50"});
    owner.post(&format!("/v1/orders/{order}/lines"), line).created();
    seal(&town);
    let of_contact = ["contact.created", "contact.updated", "contact.updated", "contact.lifecycle_changed"];
    assert_eq!(types_of(&owner, &contact), of_contact, "and who has placed an order is a customer");
    assert_eq!(types_of(&owner, &order), ["order.created", "order.updated"]);
}

#[test]
fn one_selects_by_names_nouns_and_records() {
    let town = Town::idle();
    let owner = town.owner();
    let contacts: Vec<String> = (0..3).map(|_| make::id(&make::contact(&owner, json!({})), "id")).collect();
    owner.patch(&format!("/v1/contacts/{}", contacts[1]), json!({"job_title": "Buyer"})).ok();
    make::account(&owner, json!({}));
    seal(&town);
    let count = |query: &str| told(&owner, query).len();
    assert_eq!(count("&types=contact.*"), 4);
    assert_eq!(count("&types=contact.updated,account.created"), 2);
    assert_eq!(count("&resource=account"), 1);
    assert_eq!(count("&resource=account&types=contact.*"), 0);
    assert_eq!(count(&format!("&record_id={}", contacts[1])), 2);
    assert_eq!(count(&format!("&record_id={}", nobodys_id())), 0);
    let whole = told(&owner, "");
    let paged = owner.walk("/v1/events?limit=1&types=contact.*");
    assert_eq!(paged.len(), 4);
    // on from anywhere: by the place, or by the id
    let second = &paged[1];
    for after in [second["seq"].to_string(), make::id(second, "id")] {
        let rest = owner.get(&format!("/v1/events?types=contact.*&after={after}")).ok();
        assert_eq!(rest["data"], json!(paged[2..]));
    }
    let end = owner.get("/v1/events?limit=200").ok();
    assert_eq!(end["page"]["next_cursor"], Value::Null);
    assert!(end["page"]["position"].as_i64() >= whole.last().unwrap()["seq"].as_i64());
    let after = format!("/v1/events?after={}", end["page"]["position"]);
    assert_eq!(owner.get(&after).ok()["data"], json!([]));
    make::contact(&owner, json!({}));
    seal(&town);
    assert_eq!(owner.get(&after).ok()["data"].as_array().unwrap().len(), 1);
}

#[test]
fn what_cannot_be_asked_is_refused() {
    let town = Town::idle();
    let owner = town.owner();
    make::contact(&owner, json!({}));
    seal(&town);
    let foreign = town.client(crate::support::Person::Foreigner);
    make::contact(&foreign, json!({}));
    seal(&town);
    let theirs = make::id(&told(&foreign, "&types=contact.*")[0], "id");
    for bad in [
        "after=x",
        "after=-1",
        "limit=0",
        "limit=201",
        "types=contact.danced",
        "types=ghost.*",
        "resource=ghost",
        "resource=contact_point",
        "record_id=7",
        "sort=id",
        &format!("after={}", nobodys_id()),
        &format!("after={theirs}"),
    ] {
        owner.get(&format!("/v1/events?{bad}")).refused(400, "unknown_parameter");
    }
    owner.get("/v1/events?cursor=x").refused(400, "cursor_mismatch");
    let cursor = owner.get("/v1/events?limit=1").ok()["page"]["next_cursor"].as_str().unwrap().to_owned();
    owner.get(&format!("/v1/events?types=contact.*&cursor={cursor}")).refused(400, "cursor_mismatch");
    // from before a backup, or from what is dropped by its age
    owner.get("/v1/events?after=999999").refused(410, "events_expired");
    owner.get("/v1/events/stream?after=999999").refused(410, "events_expired");
    town.database.run("DELETE FROM audit_chain WHERE seq <= 5");
    owner.get("/v1/events?after=2").refused(410, "events_expired");
    owner.get("/v1/events?after=5").ok();
    owner.get("/v1/events").ok();
}

/// After an erasure nothing personal is left, in what happened before either.
#[test]
fn whoever_is_erased_is_in_no_event() {
    let town = Town::start();
    let owner = town.owner();
    let contact = make::contact(&owner, json!({"display_name": "Zacharias Vanishing", "email": "zv@vanish.example"}));
    let id = make::id(&contact, "id");
    owner.patch(&format!("/v1/contacts/{id}"), json!({"job_title": "Vanisher"})).ok();
    crate::privacy::erased(&owner, "contact", &id);
    seal(&town);
    assert_eq!(types_of(&owner, &id).last().unwrap(), "contact.erased");
    let all = json!(told(&owner, "")).to_string();
    assert!(!all.contains("anish"), "{all}");
}
