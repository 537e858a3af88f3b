//! Changes: what is absent stays, what is null is cleared, what is wrong is told all at once, what is stale is compared.
use crate::support::{Client, Town, Value, json, make};

fn one(client: &Client) -> String {
    let new = json!({"job_title": "CTO", "department": "IT", "email": "ada@example.com"});
    format!("/v1/contacts/{}", make::id(&make::contact(client, new), "id"))
}

#[test]
fn a_patch_changes_what_it_names() {
    let town = Town::start();
    let owner = town.owner();
    let path = one(&owner);
    let before = owner.get(&path).ok();
    let answer = owner.patch(&path, json!({"job_title": "CEO", "department": null}));
    let after = answer.ok();
    assert_eq!(answer.header("etag"), "\"2\"");
    let mut expected = before.clone();
    for (member, value) in [("job_title", json!("CEO")), ("department", Value::Null), ("version", json!(2))] {
        expected[member] = value;
    }
    expected["updated_at"] = after["updated_at"].clone();
    assert_eq!(after, expected);
    assert_eq!(owner.get(&path).ok(), after);
    assert!(after["updated_at"].as_str() > before["updated_at"].as_str());
}

#[test]
fn a_patch_may_come_as_plain_json_too() {
    let town = Town::start();
    let owner = town.owner();
    let path = one(&owner);
    for kind in ["application/json", "application/merge-patch+json", "application/json; charset=utf-8"] {
        owner.raw("PATCH", &path, Some((kind, br#"{"job_title": "x"}"#.to_vec()))).ok();
    }
    for kind in ["text/plain", "application/xml", "multipart/form-data", "application/octet-stream"] {
        let refused = owner.raw("PATCH", &path, Some((kind, br#"{"job_title": "x"}"#.to_vec())));
        refused.refused(415, "unsupported_media_type");
    }
}

#[test]
fn all_faults_come_at_once() {
    let town = Town::start();
    let new = json!({"display_name": "x".repeat(201), "email": "nobody", "phone": "12", "birth_on": "1988-02-30",
        "gender": "robot", "lifecycle_stage": "vip", "nickname": "?", "do_not_contact": "yes"});
    let answer = town.owner().post("/v1/contacts", new);
    answer.refused(422, "invalid");
    let pointers = answer.pointers();
    for pointer in [
        "/email",
        "/phone",
        "/birth_on",
        "/gender",
        "/lifecycle_stage",
        "/nickname",
        "/do_not_contact",
        "/display_name",
    ] {
        assert!(pointers.contains(&pointer.to_owned()), "{pointer} is missing of {pointers:?}");
    }
    let faults = answer.json()["errors"].clone();
    let of =
        |pointer: &str| faults.as_array().unwrap().iter().find(|fault| fault["pointer"] == pointer).unwrap().clone();
    assert_eq!(of("/display_name")["code"], "length");
    assert_eq!(of("/display_name")["params"]["max"], 200);
    assert_eq!(of("/gender")["code"], "choice");
    assert_eq!(of("/nickname")["code"], "unknown_field");
    assert_eq!(town.database.count("SELECT count(*) FROM contacts"), 0);
}

#[test]
fn faults_inside_lists_have_their_place() {
    let town = Town::start();
    let points = json!([{"kind": "email", "value": "good@example.com"}, {"kind": "pigeon", "value": ""}]);
    let answer = town.owner().post("/v1/contacts", json!({"display_name": "x", "contact_points": points}));
    answer.refused(422, "invalid");
    assert!(
        answer.pointers().iter().all(|pointer| pointer.starts_with("/contact_points/1/")),
        "{:?}",
        answer.pointers()
    );
}

#[test]
fn unknown_members_are_refused_in_a_patch() {
    let town = Town::start();
    let owner = town.owner();
    let path = one(&owner);
    for member in ["id", "version", "created_at", "nope", "tenant_id", "deleted_at", "search"] {
        let refused = owner.patch(&path, json!({member: 1, "job_title": "no"}));
        refused.refused(422, "invalid");
        assert_eq!(refused.pointers(), [format!("/{member}")]);
    }
    for member in ["display_name", "owner_id", "lifecycle_stage", "do_not_contact"] {
        owner.patch(&path, json!({member: null})).refused(422, "invalid");
    }
    assert_eq!(owner.get(&path).ok()["version"], 1);
}

#[test]
fn a_stale_change_is_compared_field_by_field() {
    let town = Town::start();
    let owner = town.owner();
    let path = one(&owner);
    owner.if_match(1).patch(&path, json!({"job_title": "CEO"})).ok();
    let answer = owner.if_match(1).patch(&path, json!({"job_title": "CFO", "department": null}));
    let problem = answer.refused(412, "stale");
    let expected = json!({"job_title": {"base": "CTO", "current": "CEO", "yours": "CFO"},
        "department": {"base": "IT", "current": "IT", "yours": null}});
    assert_eq!(problem["conflicts"], expected);
    assert_eq!(owner.get(&path).ok()["job_title"], "CEO");
    owner.if_match(2).patch(&path, json!({"job_title": "CFO"})).ok();
    owner.with("if-match", "*").patch(&path, json!({"job_title": "COO"})).ok();
    owner.if_match(1).delete(&path).refused(412, "stale");
    owner.if_match(4).delete(&path).is(204);
}

#[test]
fn an_if_match_that_is_none_is_refused() {
    let town = Town::start();
    let owner = town.owner();
    let path = one(&owner);
    for tag in ["7", "\"seven\"", "", "\"1\", \"2\"", "W/\"1\""] {
        owner.with("if-match", tag).patch(&path, json!({"job_title": "x"})).refused(400, "malformed");
    }
}

/// Of ten who change version one, exactly one does.
#[test]
fn of_those_who_change_at_once_one_wins() {
    let town = Town::start();
    let owner = town.owner();
    let path = one(&owner);
    let statuses: Vec<u16> = std::thread::scope(|scope| {
        let change = |n: usize| {
            let (owner, path) = (owner.if_match(1), &path);
            scope.spawn(move || owner.patch(path, json!({"job_title": format!("{n}")})).status)
        };
        let all: Vec<_> = (0..10).map(change).collect();
        all.into_iter().map(|one| one.join().unwrap()).collect()
    });
    assert_eq!(statuses.iter().filter(|status| **status == 200).count(), 1, "{statuses:?}");
    assert!(statuses.iter().all(|status| [200, 412].contains(status)), "{statuses:?}");
    assert_eq!(owner.get(&path).ok()["version"], 2);
}

#[test]
fn every_change_leaves_an_event_and_an_audit_row() {
    let town = Town::start();
    let owner = town.owner();
    let path = one(&owner);
    owner.patch(&path, json!({"job_title": "CEO"})).ok();
    owner.delete(&path).is(204);
    owner.act(&format!("{path}/restore")).ok();
    owner.delete(&format!("{path}?purge=true")).is(204);
    let id = path.rsplit('/').next().unwrap();
    let names = ["contact.created", "contact.updated", "contact.deleted", "contact.restored", "contact.purged"];
    let of = |table: &str, column: &str| {
        town.database.column(&format!(
            "SELECT {column} FROM {table} WHERE object_id = '{id}' ORDER BY {table}.occurred_at, {table}.id"
        ))
    };
    assert_eq!(of("event_log", "name"), names);
    assert_eq!(of("audit_log", "action"), names);
    owner.patch(&path, json!({"job_title": "x"})).refused(404, "not_found");
    assert_eq!(of("event_log", "name").len(), 5);
}

#[test]
fn a_reference_to_nothing_is_refused() {
    let town = Town::start();
    let owner = town.owner();
    let path = one(&owner);
    for member in ["account_id", "owner_id", "team_id"] {
        let body = json!({member: crate::support::nobodys_id(), "display_name": "x"});
        for answer in [owner.post("/v1/contacts", &body), owner.patch(&path, &body)] {
            answer.refused(422, "unknown_reference");
            assert_eq!(answer.pointers(), [format!("/{member}")]);
        }
    }
}

#[test]
fn an_id_tells_no_moment_that_is_to_come() {
    let town = Town::start();
    let owner = town.owner();
    let at = |hours: i64| {
        let millis = u128::try_from((chrono::Utc::now() + chrono::Duration::hours(hours)).timestamp_millis()).unwrap();
        uuid::Uuid::from_u128((millis << 80) | (7 << 76) | (2 << 62) | 5).to_string()
    };
    let answer = owner.post("/v1/contacts", json!({"id": at(24), "display_name": "x"}));
    answer.refused(422, "invalid");
    assert_eq!(
        (answer.pointers(), &answer.json()["errors"][0]["code"]),
        (vec!["/id".to_owned()], &json!("in_the_future"))
    );
    let item = json!({"op": "create", "data": {"id": at(24), "display_name": "x"}});
    let batch = owner.post("/v1/contacts/batch", json!({"items": [item]}));
    assert!(batch.text().contains("in_the_future"), "{}", batch.text());
    // a clock may run ahead a little, and the history is there
    let made = owner.post("/v1/contacts", json!({"id": at(11), "display_name": "x"})).created();
    let history = owner.get(&format!("/v1/contacts/{}/history", made["id"].as_str().unwrap())).ok();
    assert_eq!(history["data"].as_array().unwrap().len(), 1);
}
