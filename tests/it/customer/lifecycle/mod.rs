//! How accounts and contacts come on: by whoever says so and by what they buy, each step written down, and none back by
//! itself.
mod apart;
mod sold;

use super::without;
use crate::support::{Client, Person, Town, Value, encoded, json, make, nobodys_id, seal};

fn place(noun: &str, record: &Value) -> String {
    format!("/v1/{noun}s/{}", make::id(record, "id"))
}

fn stage(client: &Client, path: &str) -> String {
    make::id(&client.get(path).ok(), "lifecycle_stage")
}

/// From, to and why, the oldest first.
#[track_caller]
fn steps(client: &Client, path: &str) -> Vec<(String, String, String)> {
    let text = |one: &Value, member: &str| one[member].as_str().unwrap_or("-").to_owned();
    let all = client.walk(&format!("{path}/lifecycle?limit=2&sort=changed_at,id"));
    all.iter().map(|one| (text(one, "from_stage"), text(one, "to_stage"), text(one, "cause"))).collect()
}

fn step(from: &str, to: &str, cause: &str) -> (String, String, String) {
    (from.to_owned(), to.to_owned(), cause.to_owned())
}

/// Both nouns, each with a new record of it.
fn both(client: &Client) -> [(&'static str, Value); 2] {
    [("account", make::account(client, json!({}))), ("contact", make::contact(client, json!({})))]
}

#[test]
fn where_a_record_begins_and_what_is_said_of_it_is_written_down() {
    let town = Town::idle();
    let owner = town.owner();
    for (noun, record) in both(&owner) {
        let path = place(noun, &record);
        let say = |stage: &str| owner.patch(&path, json!({"lifecycle_stage": stage})).ok();
        say("opportunity");
        say("opportunity");
        // somebody may say any, an earlier one too
        say("subscriber");
        let wanted = [
            step("-", "lead", "created"),
            step("lead", "opportunity", "set"),
            step("opportunity", "subscriber", "set"),
        ];
        assert_eq!(steps(&owner, &path), wanted, "{noun}");
        let page = owner.get(&format!("{path}/lifecycle")).ok();
        let newest = &page["data"][0];
        assert_eq!((&newest["to_stage"], &newest["cause_id"]), (&json!("subscriber"), &json!(null)));
        assert!(newest["duration_seconds"].is_u64() && page["data"][2]["duration_seconds"].is_null(), "{page}");
        assert_eq!(
            (&newest["changed_by"], &newest[format!("{noun}_id")]),
            (&json!(town.user(Person::Owner)), &record["id"])
        );
        seal(&town);
        let told = owner.walk(&format!("/v1/events?types={noun}.*"));
        let told: Vec<&str> = told.iter().map(|event| event["type"].as_str().unwrap()).collect();
        let wanted = ["created", "lifecycle_changed", "updated", "lifecycle_changed"];
        assert_eq!(told, wanted.map(|verb| format!("{noun}.{verb}")), "what was so already is no step");
        // by filters, beside the record, and in the list of all
        let filter = encoded("lifecycle_changes.exists(l, l.to_stage == \"opportunity\" && l.cause == \"set\")");
        assert_eq!(owner.get(&format!("/v1/{noun}s?filter={filter}")).ids(), [make::id(&record, "id")]);
        let whole = owner.get(&format!("{path}?include=lifecycle_changes")).ok();
        assert_eq!(whole["lifecycle_changes"].as_array().map(Vec::len), Some(3));
        let all = owner.get(&format!("/v1/{noun}-lifecycle-changes?cause=set")).each("to_stage");
        assert_eq!(all, ["subscriber", "opportunity"]);
    }
    let begun = make::contact(&owner, json!({"lifecycle_stage": "customer"}));
    assert_eq!(steps(&owner, &place("contact", &begun)), [step("-", "customer", "created")]);
}

#[test]
fn whoever_sees_the_record_sees_its_steps() {
    let town = Town::idle();
    let owner = town.owner();
    for (noun, record) in both(&owner) {
        let path = place(noun, &record);
        for client in [town.client(Person::Stranger), town.client(Person::Foreigner)] {
            client.get(&format!("{path}/lifecycle")).refused(404, "not_found");
            assert!(client.get(&format!("/v1/{noun}-lifecycle-changes")).ids().is_empty());
        }
        owner.get(&format!("/v1/{noun}s/{}/lifecycle", nobodys_id())).refused(404, "not_found");
        let orders = make::holder(&town, &[("order", "read", "all")]);
        orders.get(&format!("{path}/lifecycle")).refused(403, "forbidden");
        let blind = without(&town, &[(noun, "lifecycle_stage", "hidden")]);
        let told = blind.get(&format!("{path}/lifecycle")).ok();
        let one = &told["data"][0];
        assert!(one["changed_at"].is_string() && one.get("to_stage").is_none(), "{told}");
        let filter = encoded("lifecycle_changes.exists(l, l.to_stage == \"lead\")");
        blind.get(&format!("/v1/{noun}s?filter={filter}")).refused(400, "filter_unknown_field");
    }
    // who may place an order moves on whom they may not change
    let contact = make::contact(&owner, json!({}));
    let seller =
        make::holder(&town, &[("order", "create", "all"), ("order", "read", "all"), ("contact", "read", "all")]);
    make::order(&seller, json!({"contact_id": contact["id"]}));
    let path = place("contact", &contact);
    assert_eq!(stage(&owner, &path), "customer");
    seller.patch(&path, json!({"lifecycle_stage": "lead"})).refused(403, "forbidden");
}
