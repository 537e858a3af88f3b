//! Addresses that come with a new record: in one transaction with it, by whichever way it is made.
use super::{pointers, primary};
use crate::support::{Client, Person, Town, Value, json, make};

fn new(noun: &str, more: Value) -> Value {
    let name = if noun == "contacts" { "display_name" } else { "name" };
    let mut new = json!({});
    new[name] = crate::support::fresh("Somebody ").into();
    make::with(new, more)
}

fn two() -> Value {
    json!([{"kind": "billing", "country": "cn", "city": " 上海市 ", "phone": "+86 138 0013 8000", "is_primary": true},
        {"kind": "shipping", "country": "DE", "raw_text": "Unter den Linden 1, Berlin"}])
}

fn cities(client: &Client, noun: &str, id: &str) -> Vec<Value> {
    let all = client.get(&format!("/v1/{noun}/{id}/addresses")).ok();
    all.as_array().unwrap().iter().map(|one| one["country"].clone()).collect()
}

#[test]
fn a_new_record_brings_its_addresses() {
    let town = Town::start();
    let owner = town.owner();
    for noun in ["contacts", "accounts"] {
        let made = owner.post(&format!("/v1/{noun}"), new(noun, json!({"addresses": two()}))).created();
        let (id, place) = (make::id(&made, "id"), format!("/v1/{noun}/{}/addresses", make::id(&made, "id")));
        assert_eq!(made["version"], 1, "it was made with them");
        assert_eq!(made.get("addresses"), None, "they are asked for by themselves");
        let all = owner.get(&place).ok();
        assert_eq!((&all[0]["city"], &all[0]["country"]), (&json!("上海市"), &json!("CN")));
        assert_eq!((&all[0]["phone"], &all[0]["phone_text"]), (&json!("+8613800138000"), &json!("+86 138 0013 8000")));
        assert_eq!(primary(&owner, &place).len(), 1);
        assert_eq!(owner.get(&format!("/v1/{noun}/{id}?include=addresses")).ok()["addresses"], all);
        // in a batch, and where an upsert makes it
        let items = json!([{"op": "create", "data": new(noun, json!({"addresses": two()}))},
            {"op": "upsert", "key": "ext:shop/1", "data": new(noun, json!({"addresses": two()}))},
            {"op": "create", "data": new(noun, json!({"addresses": [{"kind": "billing", "country": "DE"}]}))}]);
        let done = owner.post(&format!("/v1/{noun}/batch"), json!({"items": items})).is(207);
        let results = done["results"].as_array().unwrap();
        for result in &results[..2] {
            assert_eq!(cities(&owner, noun, &make::id(&result["data"], "id")), ["CN", "DE"], "{result}");
        }
        assert_eq!(results[2]["problem"]["errors"][0]["pointer"], "/addresses/0");
        let by =
            |value: &str| owner.put(&format!("/v1/{noun}/by/ext:shop/{value}"), new(noun, json!({"addresses": two()})));
        assert_eq!(cities(&owner, noun, &make::id(&by("2").created(), "id")), ["CN", "DE"]);
        // of a record that is there they are not said: each of its addresses is changed by itself
        assert_eq!(cities(&owner, noun, &make::id(&by("2").ok(), "id")), ["CN", "DE"]);
    }
}

#[test]
fn all_that_is_wrong_with_them_is_told_at_once_and_nothing_is_kept() {
    let town = Town::start();
    let owner = town.owner();
    for noun in ["contacts", "accounts"] {
        let wrong = json!({"addresses": [{"kind": "castle", "country": "XX", "city": "x"},
            {"kind": "home", "country": "CN", "city": "x", "division_code": "990101"}, {"kind": "home", "country": "CN"},
            {"kind": "home", "country": "DE", "city": "x", "phone": "12"}], "phone": "34"});
        let refused = owner.post(&format!("/v1/{noun}"), new(noun, wrong));
        let wanted = [
            "/addresses/0/country",
            "/addresses/0/kind",
            "/addresses/1/division_code",
            "/addresses/2",
            "/addresses/3/phone",
            "/phone",
        ];
        assert_eq!(pointers(&refused), wanted, "{noun}");
        let twice = |first: &str, second: &str| {
            let one = |kind: &str| json!({"kind": kind, "country": "DE", "city": "Berlin", "is_primary": true});
            json!({"addresses": [one(first), one("work"), one(second)]})
        };
        let refused = owner.post(&format!("/v1/{noun}"), new(noun, twice("home", "home")));
        assert_eq!(pointers(&refused), ["/addresses/2/is_primary"]);
        owner.post(&format!("/v1/{noun}"), new(noun, twice("home", "other"))).created();
        let many: Vec<Value> = (0..21).map(|_| json!({"kind": "home", "country": "DE", "city": "Berlin"})).collect();
        let refused = owner.post(&format!("/v1/{noun}"), new(noun, json!({"addresses": many})));
        assert_eq!(pointers(&refused), ["/addresses"]);
        let table = format!("SELECT count(*) FROM {noun}");
        assert_eq!(town.database.count(&table), 1, "{noun}");
    }
}

/// Their numbers are dialled where the tenant is, and are kept as they were given.
#[test]
fn numbers_of_new_addresses_are_read_where_the_tenant_is() {
    let town = Town::start();
    let owner = town.owner();
    owner.patch("/v1/tenant", json!({"phone_region": "CN"})).ok();
    let home = json!({"kind": "home", "country": "CN", "city": "上海市", "phone": "138 0013 8000"});
    let told = |path: String| {
        let one = owner.get(&format!("{path}/addresses")).ok()[0].clone();
        assert_eq!((&one["phone"], &one["phone_text"]), (&json!("+8613800138000"), &json!("138 0013 8000")), "{path}");
    };
    for noun in ["contacts", "accounts"] {
        let made = owner.post(&format!("/v1/{noun}"), new(noun, json!({"addresses": [home.clone()]}))).created();
        told(format!("/v1/{noun}/{}", make::id(&made, "id")));
    }
    let both = json!({"person": {"display_name": "Ada", "addresses": [home.clone()]}, "addresses": [home]});
    let made = owner.post("/v1/accounts", both).created();
    told(format!("/v1/accounts/{}", make::id(&made, "id")));
    told(format!("/v1/contacts/{}", make::id(&made, "person_id")));
}

/// A field that is not one's to write is none of a new address either.
#[test]
fn what_is_held_back_of_addresses_is_held_back_of_new_ones() {
    let town = Town::start();
    for (noun, part) in [("contacts", "contact_address"), ("accounts", "account_address")] {
        let blind = crate::customer::without(&town, &[(part, "city", "read"), (part, "street", "hidden")]);
        let said =
            json!({"addresses": [{"kind": "home", "country": "DE", "city": "Berlin", "street": "x", "region": "x"}]});
        let refused = blind.post(&format!("/v1/{noun}"), new(noun, said));
        assert_eq!(pointers(&refused), ["/addresses/0/city", "/addresses/0/street"]);
        let said = json!({"addresses": [{"kind": "home", "country": "DE", "region": "Berlin"}]});
        blind.post(&format!("/v1/{noun}"), new(noun, said)).created();
    }
    town.client(Person::ReadOnly)
        .post("/v1/accounts", new("accounts", json!({"addresses": two()})))
        .refused(403, "forbidden");
}
