//! Definitions: what they may say, how they change, and that whoever writes goes by those in force.
use super::{field, options};
use crate::support::{Person, Town, json, make};

const FIELDS: &str = "/v1/metadata/objects/account/fields";

#[test]
fn a_definition_that_makes_no_sense_is_refused() {
    let town = Town::idle();
    let owner = town.owner();
    let set = options(&owner, "letters", &["a"]);
    for (body, pointer) in [
        (json!({"key": "Region", "type": "text"}), "/key"),
        (json!({"key": "in", "type": "text"}), "/key"),
        (json!({"key": "x", "type": "colour"}), "/type"),
        (json!({"key": "x", "type": "option"}), "/option_set_id"),
        (json!({"key": "x", "type": "text", "option_set_id": set}), "/option_set_id"),
        (json!({"key": "x", "type": "reference"}), "/reference"),
        (json!({"key": "x", "type": "reference", "reference": "ghost"}), "/reference"),
        (json!({"key": "x", "type": "money", "is_unique": true}), "/is_unique"),
        (json!({"key": "x", "type": "int", "is_searched": true}), "/is_searched"),
        (json!({"key": "x", "type": "int", "default": "5"}), "/default"),
        (json!({"key": "x", "type": "int", "limits": {"min": "a"}}), "/limits/min"),
        (json!({"key": "x", "type": "bool", "limits": {"max_length": 5}}), "/limits/max_length"),
        (json!({"key": "x", "type": "int", "rule": "custom.x >"}), "/rule"),
        (json!({"key": "x", "type": "int", "rule": "custom.y > 1"}), "/rule"),
        (json!({"key": "x", "type": "int", "rule": "owner.email == \"x\""}), "/rule"),
        (json!({"key": "x", "type": "text", "labels": {"fr": "x"}}), "/labels/fr"),
    ] {
        let answer = owner.post(FIELDS, &body);
        answer.refused(422, "invalid");
        assert_eq!(answer.pointers()[0], pointer, "{body}: {}", answer.text());
    }
    owner.get("/v1/metadata/objects/user/fields").refused(404, "not_found");
    owner.post("/v1/metadata/objects/ghost/fields", json!({"key": "x", "type": "text"})).refused(404, "not_found");
    town.client(Person::Rep).post(FIELDS, json!({"key": "x", "type": "text"})).refused(403, "forbidden");
    town.client(Person::Rep).get(FIELDS).ok();
}

#[test]
fn a_key_and_a_type_stay_as_long_as_values_do() {
    let town = Town::idle();
    let owner = town.owner();
    let size = field(&owner, "account", "size", "int", json!({}));
    let path = format!("{FIELDS}/{}", make::id(&size, "id"));
    owner.post(FIELDS, json!({"key": "size", "type": "text"})).refused(409, "field_key_taken");
    owner.patch(&path, json!({"type": "date"})).ok();
    owner.patch(&path, json!({"type": "int"})).ok();
    let account = make::account(&owner, json!({"custom": {"size": 5}}));
    owner.patch(&path, json!({"type": "text"})).refused(409, "field_type_in_use");
    assert_eq!(owner.patch(&path, json!({"type": "decimal"})).ok()["type"], "decimal");
    let at = format!("/v1/accounts/{}", make::id(&account, "id"));
    assert_eq!(owner.get(&at).ok()["custom"], json!({"size": "5"}));
    assert_eq!(owner.get("/v1/accounts?filter=custom.size%20%3E%204").ids().len(), 1);
    // archived, it is nowhere; its values wait for it
    owner.delete(&path).is(204);
    assert_eq!(owner.get(&at).ok()["custom"], json!({}));
    owner.patch(&at, json!({"custom": {"size": "6"}})).refused(422, "invalid");
    owner.get("/v1/accounts?filter=custom.size%20%3E%204").refused(400, "filter_unknown_field");
    owner.post(FIELDS, json!({"key": "size", "type": "text"})).refused(409, "field_key_in_use");
    owner.act(&format!("{path}/restore")).ok();
    owner.patch(&at, json!({"custom": {"size": "6"}})).ok();
    owner.patch(&at, json!({"custom": {"size": null}})).ok();
    owner.delete(&path).is(204);
    owner.post(FIELDS, json!({"key": "size", "type": "text"})).created();
    owner.act(&format!("{path}/restore")).refused(409, "field_key_taken");
}

#[test]
fn what_is_to_be_unique_has_to_be_so() {
    let town = Town::idle();
    let owner = town.owner();
    let code = field(&owner, "account", "code", "text", json!({}));
    let path = format!("{FIELDS}/{}", make::id(&code, "id"));
    let (one, two) = (
        make::account(&owner, json!({"custom": {"code": "x"}})),
        make::account(&owner, json!({"custom": {"code": "x"}})),
    );
    owner.patch(&path, json!({"is_unique": true})).refused(409, "field_values_not_unique");
    owner.patch(&format!("/v1/accounts/{}", make::id(&two, "id")), json!({"custom": {"code": "y"}})).ok();
    owner.patch(&path, json!({"is_unique": true})).ok();
    let taken = owner.patch(&format!("/v1/accounts/{}", make::id(&one, "id")), json!({"custom": {"code": "y"}}));
    taken.refused(409, "custom_value_taken");
    owner.patch(&path, json!({"is_unique": false})).ok();
    owner.patch(&format!("/v1/accounts/{}", make::id(&one, "id")), json!({"custom": {"code": "y"}})).ok();
}

/// Whoever has looked a record through by older definitions does not get it kept.
#[test]
fn what_is_kept_was_written_by_what_is_in_force() {
    let town = Town::idle();
    let owner = town.owner();
    field(&owner, "account", "size", "int", json!({}));
    let old = "INSERT INTO accounts (tenant_id, id, owner_id, name, lifecycle_stage, created_at, updated_at, created_by, updated_by, custom)
        SELECT tenant_id, gen_random_uuid(), id, 'x', 'lead', now(), now(), id, id, '{\"\": 0, \"size\": \"nonsense\"}' FROM users LIMIT 1";
    let refused = std::panic::catch_unwind(|| town.database.run(old));
    assert!(refused.is_err());
    assert_eq!(town.database.count("SELECT count(*) FROM accounts WHERE name = 'x'"), 0);
}

#[test]
fn options_that_are_archived_stay_where_they_are() {
    let town = Town::idle();
    let owner = town.owner();
    let set = options(&owner, "regions", &["north", "south"]);
    field(&owner, "account", "region", "option", json!({"option_set_id": set}));
    let account = make::account(&owner, json!({"custom": {"region": "south"}}));
    let sets = format!("/v1/metadata/option-sets/{}", set.as_str().unwrap());
    let after = owner.patch(&sets, json!({"options": [{"key": "west"}, {"key": "north"}]})).ok();
    let told: Vec<(&str, bool)> = after["options"]
        .as_array()
        .unwrap()
        .iter()
        .map(|one| (one["key"].as_str().unwrap(), one["is_archived"].as_bool().unwrap()))
        .collect();
    assert_eq!(told, [("west", false), ("north", false), ("south", true)]);
    let at = format!("/v1/accounts/{}", make::id(&account, "id"));
    assert_eq!(owner.get(&at).ok()["custom"]["region"], "south");
    owner.patch(&at, json!({"name": "still"})).ok();
    let refused = owner.patch(&at, json!({"custom": {"region": "south"}}));
    assert_eq!(refused.refused(422, "invalid")["errors"][0]["code"], "archived_option");
    owner.patch(&at, json!({"custom": {"region": "west"}})).ok();
    assert_eq!(owner.get("/v1/accounts?custom.region=west").ids().len(), 1);
    owner.delete(&sets).refused(409, "in_use");
    owner.post("/v1/metadata/option-sets", json!({"key": "regions"})).refused(409, "option_set_key_taken");
}

/// What a later field of the same key has left in records is not read as what an earlier one held.
#[test]
fn a_restored_field_finds_no_values_of_another() {
    let town = Town::idle();
    let owner = town.owner();
    let first = field(&owner, "account", "rank", "text", json!({}));
    let path = format!("{FIELDS}/{}", make::id(&first, "id"));
    owner.delete(&path).is(204);
    let second = field(&owner, "account", "rank", "int", json!({}));
    let account = make::account(&owner, json!({"custom": {"rank": 3}}));
    owner.delete(&format!("{FIELDS}/{}", make::id(&second, "id"))).is(204);
    owner.act(&format!("{path}/restore")).refused(409, "field_key_in_use");
    owner.act(&format!("{FIELDS}/{}/restore", make::id(&second, "id"))).ok();
    assert_eq!(owner.get(&format!("/v1/accounts/{}", make::id(&account, "id"))).ok()["custom"], json!({"rank": 3}));
}
