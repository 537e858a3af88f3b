//! Nobody writes what an operation does not offer: every body of the document is sent with every column of every table
//! that is no member of it. Each is named as unknown, and nothing is changed.
use super::ids::make_one;
use super::picture::Picture;
use super::{body, filled, walk};
use crate::support::{Answer, Client, Operation, Town, Value, json, resolved};
use std::collections::BTreeSet;

/// As many as one answer names, with room for faults of other sorts.
const AT_ONCE: usize = 40;

/// The members of a schema and of those that it is put together of.
fn members(schema: &Value) -> BTreeSet<String> {
    let schema = resolved(schema);
    let own = schema["properties"].as_object().into_iter().flat_map(|all| all.keys().cloned());
    let parts = ["allOf", "oneOf", "anyOf"].iter().flat_map(|kind| schema[*kind].as_array().into_iter().flatten());
    own.chain(parts.flat_map(members)).collect()
}

fn columns(town: &Town) -> BTreeSet<String> {
    let all = "SELECT DISTINCT column_name FROM information_schema.columns WHERE table_schema = 'public'";
    let all: BTreeSet<String> = town.database.column(all).into_iter().collect();
    assert!(["tenant_id", "version", "created_at", "search"].iter().all(|column| all.contains(*column)));
    all
}

/// The paths of faults of this code.
fn named(answer: &Value, code: &str) -> BTreeSet<String> {
    let faults = answer["errors"].as_array().into_iter().flatten().filter(|fault| fault["code"] == code);
    faults.filter_map(|fault| fault["pointer"].as_str().map(str::to_owned)).collect()
}

fn with(base: &Value, columns: &[&String]) -> Value {
    let mut body = base.clone();
    for column in columns {
        body[column.as_str()] = json!("00000000-0000-7000-8000-000000000001");
    }
    body
}

#[test]
fn a_column_that_is_no_member_is_refused() {
    let town = Town::idle();
    let (all, columns) = (walk(&town.owner()), columns(&town));
    let mut walked = 0;
    // what other systems send is as they have it, and is nothing unless it is signed
    for one in all.iter().filter(|one| one.body().is_some() && one.id != "receive_delivery") {
        // anew for each, since all of them last longer than a token
        let owner = town.owner();
        let path = filled(one, |segment, name| match name {
            "key" => "ext:test".into(),
            "value" => "x".into(),
            _ => make_one(&owner, segment, &one.name()).id,
        });
        let content = &one.spec["requestBody"]["content"][one.body().unwrap()];
        let offered = members(&content["schema"]);
        let foreign: Vec<&String> = columns.iter().filter(|column| !offered.contains(*column)).collect();
        assert!(foreign.len() > 50, "{} offers {offered:?}", one.name());
        let before = Picture::of(&town);
        for some in foreign.chunks(AT_ONCE) {
            let sent = with(&body(one).unwrap_or_default(), some);
            holds(one, some, &owner.send(&one.method, &path, Some(&sent)));
        }
        let changed = Picture::of(&town);
        assert_eq!(before, changed, "{} changed {:?}", one.name(), before.differs(&changed));
        walked += foreign.len();
    }
    assert!(walked > 2000, "{walked}");
}

fn holds(one: &Operation, columns: &[&String], answer: &Answer) {
    answer.refused(422, "invalid");
    let named = named(&answer.json(), "unknown_field");
    let taken: Vec<_> = columns.iter().filter(|column| !named.contains(&format!("/{column}"))).collect();
    assert!(taken.is_empty(), "{} takes {taken:?}: {}", one.name(), answer.text());
}

/// What an item of a batch is to be is held to the same.
#[test]
fn a_column_in_a_batch_is_refused() {
    let town = Town::idle();
    let (all, columns) = (walk(&town.owner()), columns(&town));
    let find = |path: &str, method: &str| all.iter().find(|one| one.path == path && one.method == method);
    let mut walked = 0;
    for batch in all.iter().filter(|one| one.path.ends_with("/batch")) {
        let owner = town.owner();
        let place = batch.path.trim_end_matches("/batch");
        let (create, update) = (find(place, "POST"), find(&format!("{place}/{{id}}"), "PATCH"));
        let id = make_one(&owner, place.rsplit('/').next().unwrap_or_default(), &batch.name()).id;
        for (one, op) in [(create, "create"), (update, "update")] {
            // what somebody has said is written down and never changed
            if ["batch_consents", "batch_touchpoints"].contains(&batch.id.as_str()) && op == "update" {
                continue;
            }
            let one = one.unwrap_or_else(|| panic!("{} has no {op} of one", batch.name()));
            let content = &one.spec["requestBody"]["content"][one.body().unwrap()];
            let offered = members(&content["schema"]);
            let foreign: Vec<&String> = columns.iter().filter(|column| !offered.contains(*column)).collect();
            let before = Picture::of(&town);
            for some in foreign.chunks(AT_ONCE) {
                let item = json!({"op": op, "id": id, "data": with(&body(one).unwrap_or_default(), some)});
                taken_by(&owner, batch, &item, some);
                walked += some.len();
            }
            assert_eq!(before, Picture::of(&town), "{} with {op}", batch.name());
        }
    }
    assert!(walked > 500, "{walked}");
}

fn taken_by(owner: &Client, batch: &Operation, item: &Value, columns: &[&String]) {
    let mut item = item.clone();
    if item["op"] == "create" {
        item.as_object_mut().map(|members| members.remove("id"));
    }
    let answer = owner.send(&batch.method, &batch.path, Some(&json!({"items": [item]}))).is(207);
    let named = named(&answer["results"][0]["problem"], "unknown_field");
    let taken: Vec<_> = columns.iter().filter(|column| !named.contains(&format!("/{column}"))).collect();
    assert!(taken.is_empty(), "{} takes {taken:?}: {answer}", batch.name());
}
