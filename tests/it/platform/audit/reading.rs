//! The trail is read by those who look after the tenant, by the contract of every list.
use super::{newest, request_of};
use crate::support::{Person, Town, json, make, nobodys_id};

#[test]
fn a_change_says_who_what_when_from_where_and_what_it_changed() {
    let town = Town::idle();
    let owner = town.owner();
    let contact = make::contact(&owner, json!({"job_title": "Buyer"}));
    let id = make::id(&contact, "id");
    let changed = owner.patch(&format!("/v1/contacts/{id}"), json!({"job_title": "Head", "department": "Leeds"}));
    changed.ok();
    let row = newest(&owner, "contact.updated");
    assert_eq!(row["object_id"], id.as_str());
    assert_eq!(row["noun"], "contact");
    assert_eq!(row["version"], 2);
    assert_eq!(row["actor_id"], town.user(Person::Owner));
    assert_eq!(row["address"], "127.0.0.1");
    assert_eq!(row["request_id"], request_of(&changed));
    assert!(row["session_id"].is_string() && row["api_key_id"].is_null() && row["occurred_at"].is_string(), "{row}");
    let entry = owner.get(&format!("/v1/audit-logs/{}", make::id(&row, "id"))).ok();
    let wanted =
        json!({"job_title": {"before": "Buyer", "after": "Head"}, "department": {"before": null, "after": "Leeds"}});
    assert_eq!(entry["changed"], wanted, "{entry}");
}

#[test]
fn a_program_is_known_by_its_key() {
    let town = Town::idle();
    let made = town.owner().post("/v1/api-keys", json!({"name": "x", "scopes": ["contacts:*"]})).created();
    make::contact(&town.anonymous().bearing(make::id(&made, "key")), json!({}));
    let row = newest(&town.owner(), "contact.created");
    assert_eq!(row["api_key_id"], made["id"]);
    assert!(row["session_id"].is_null(), "{row}");
}

#[test]
fn owners_and_administrators_read_it_and_nobody_else() {
    let town = Town::idle();
    make::contact(&town.owner(), json!({}));
    for person in [Person::Owner, Person::Admin] {
        assert!(town.client(person).get("/v1/audit-logs").ids().len() > 10, "{person:?}");
    }
    for person in [Person::Manager, Person::Rep, Person::ReadOnly] {
        town.client(person).get("/v1/audit-logs").refused(403, "forbidden");
    }
}

/// Who may read less than all sees what they did themselves, and of changes only what they see of all records.
#[test]
fn a_shorter_reach_shows_what_one_did_oneself() {
    let town = Town::idle();
    let theirs = make::id(&newest(&town.owner(), "user.created"), "id");
    let some =
        make::holder(&town, &[("audit_log", "read", "own"), ("contact", "create", "all"), ("contact", "read", "own")]);
    make::contact(&some, json!({}));
    let rows = some.get("/v1/audit-logs?limit=200").ok();
    let me = some.get("/v1/me").ok()["user"]["id"].clone();
    let rows = rows["data"].as_array().unwrap();
    assert!(!rows.is_empty() && rows.iter().all(|row| row["actor_id"] == me), "{rows:?}");
    some.get(&format!("/v1/audit-logs/{theirs}")).refused(404, "not_found");
    let own = newest(&some, "contact.created");
    let entry = some.get(&format!("/v1/audit-logs/{}", make::id(&own, "id"))).ok();
    assert_eq!(entry["changed"], json!({}), "not all contacts are seen: {entry}");
}

#[test]
fn another_tenants_rows_are_not_there() {
    let town = Town::idle();
    let foreigner = town.client(Person::Foreigner);
    make::contact(&foreigner, json!({}));
    let row = make::id(&newest(&foreigner, "contact.created"), "id");
    for id in [row.clone(), nobodys_id()] {
        town.owner().get(&format!("/v1/audit-logs/{id}")).refused(404, "not_found");
    }
    assert!(!town.owner().get("/v1/audit-logs?limit=200").ids().contains(&row));
}

#[test]
fn it_is_a_list_like_every_other() {
    let town = Town::idle();
    let owner = town.owner();
    for n in 0..7 {
        make::contact(&owner, json!({"display_name": format!("C{n}")}));
    }
    let filter = crate::support::encoded("noun == \"contact\" && action == \"contact.created\" && version == 1");
    let all = owner.walk(&format!("/v1/audit-logs?limit=2&filter={filter}"));
    let newest_first: Vec<&str> = all.iter().filter_map(|row| row["id"].as_str()).collect();
    assert_eq!(newest_first.len(), 7);
    assert!(newest_first.is_sorted_by(|one, next| one > next), "{newest_first:?}");
    let page = owner
        .get(&format!("/v1/audit-logs?filter={filter}&sort=occurred_at&fields=id,actor_id&include=actor&count=exact"));
    let page = page.ok();
    assert_eq!(page["page"]["count"], 7);
    assert!(page["data"][0]["actor"]["email"].is_string() && page["data"][0]["action"].is_null(), "{page}");
    assert!(owner.get("/v1/audit-logs?deleted=only").ids().is_empty());
    owner.get("/v1/audit-logs?q=contact").refused(400, "unknown_parameter");
    owner.get("/v1/audit-logs?xact=1").is_one_of(&[400, 422]);
}
