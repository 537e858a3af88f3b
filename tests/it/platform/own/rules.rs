//! Conditions over the record, and options that depend on another field: asked where the record is written.
use super::{field, options};
use crate::support::{Town, json, make};

#[test]
fn a_rule_holds_for_whatever_is_written() {
    let town = Town::idle();
    let owner = town.owner();
    field(&owner, "account", "seats", "int", json!({}));
    let rule = "custom.used <= custom.seats || custom.seats == null";
    field(&owner, "account", "used", "int", json!({"rule": rule}));
    field(&owner, "account", "vat", "text", json!({"rule": "country == \"DE\""}));
    let post = |custom: crate::support::Value, country: &str| {
        let body = json!({"name": crate::support::fresh("n"), "country": country, "custom": custom});
        owner.post("/v1/accounts?duplicates=allow", body)
    };
    let made = post(json!({"seats": 5, "used": 5}), "DE").created();
    post(json!({"used": 50}), "DE").created();
    post(json!({"seats": 5}), "DE").created();
    let broken = post(json!({"seats": 5, "used": 6}), "DE");
    assert_eq!(broken.refused(422, "invalid")["errors"][0]["code"], "rule");
    assert_eq!(broken.pointers(), ["/custom/used"]);
    post(json!({"vat": "1"}), "FR").refused(422, "invalid");
    post(json!({"vat": "1"}), "DE").created();
    let at = format!("/v1/accounts/{}", make::id(&made, "id"));
    owner.patch(&at, json!({"custom": {"seats": 4}})).refused(422, "invalid");
    assert_eq!(owner.get(&at).ok()["custom"]["seats"], 5);
    // a built-in field may break it too
    let vat = post(json!({"vat": "2"}), "DE").created();
    let answer = owner.patch(&format!("/v1/accounts/{}", make::id(&vat, "id")), json!({"country": "FR"}));
    answer.refused(422, "invalid");
    let events = "SELECT count(*) FROM event_log WHERE name = 'account.updated'";
    assert_eq!(town.database.count(events), 0, "what was refused left an event");
}

#[test]
fn options_go_with_what_another_field_says() {
    let town = Town::idle();
    let owner = town.owner();
    let (regions, cities) = (
        options(&owner, "regions", &["north", "south"]),
        options(&owner, "cities", &["beijing", "tianjin", "shenzhen"]),
    );
    field(&owner, "contact", "area", "option", json!({"option_set_id": regions}));
    let depends = json!({"field": "custom.area", "allowed": {"north": ["beijing", "tianjin"], "south": ["shenzhen"]}});
    field(&owner, "contact", "town", "option", json!({"option_set_id": cities, "dependence": depends}));
    field(&owner, "contact", "towns", "options", json!({"option_set_id": cities, "dependence": depends}));
    make::contact(&owner, json!({"custom": {"area": "north", "town": "tianjin", "towns": ["beijing", "tianjin"]}}));
    make::contact(&owner, json!({"custom": {"area": "south"}}));
    for (custom, pointer) in [
        (json!({"area": "south", "town": "beijing"}), "/custom/town"),
        (json!({"town": "beijing"}), "/custom/town"),
        (json!({"area": "south", "towns": ["shenzhen", "beijing"]}), "/custom/towns"),
    ] {
        let answer = owner.post("/v1/contacts", json!({"display_name": "x", "custom": custom}));
        answer.refused(422, "invalid");
        assert_eq!(answer.pointers(), [pointer]);
    }
}
