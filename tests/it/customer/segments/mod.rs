//! Segments: who is in one is who belongs there, whatever happens, and nobody learns by it what they do not see.
mod equal;
mod failing;
mod following;
mod saying;
mod seeing;
mod statics;
mod trouble;
mod world;

use crate::support::{Client, Town, Value, encoded, json, make, seal};
use std::collections::BTreeSet;

pub fn path(segment: &Value) -> String {
    format!("/v1/segments/{}", make::id(segment, "id"))
}

pub fn dynamic(client: &Client, resource: &str, filter: &str) -> Value {
    make::segment(client, json!({"resource": resource, "filter": filter}))
}

pub fn fixed(client: &Client, resource: &str) -> Value {
    let new = json!({"name": "By hand", "resource": resource, "kind": "static"});
    client.post("/v1/segments", new).created()
}

/// Does what the worker does, until there is nothing to do.
#[track_caller]
pub fn follow(town: &Town) {
    let mut conn = town.database.conn();
    let all = api::house::catalogues().unwrap();
    for _ in 0..200 {
        seal(town);
        let due = platform::segment::engine::due(&mut conn).unwrap();
        if due.is_empty() {
            return;
        }
        for tenant in due {
            platform::segment::engine::step(&mut conn, all, tenant).unwrap();
        }
    }
    panic!("it never comes to rest");
}

/// The records that are in it, as the caller sees it.
#[track_caller]
pub fn members(client: &Client, segment: &Value) -> BTreeSet<String> {
    client.get(&format!("{}/members?limit=200", path(segment))).each("record_id").into_iter().collect()
}

#[track_caller]
pub fn matching(client: &Client, resource: &str, filter: &str) -> BTreeSet<String> {
    client.get(&format!("/v1/{resource}s?limit=200&filter={}", encoded(filter))).ids().into_iter().collect()
}

pub fn set(records: &[&Value]) -> BTreeSet<String> {
    records.iter().map(|record| make::id(record, "id")).collect()
}

/// Types and records of what was told of comings and goings, in order.
#[track_caller]
pub fn told(client: &Client) -> Vec<(String, String)> {
    let events = client.get("/v1/events?after=0&limit=200&types=segment_member.entered,segment_member.left").ok();
    let one = |event: &Value| (make::id(event, "type"), make::id(&event["data"], "record_id"));
    events["data"].as_array().unwrap().iter().map(one).collect()
}
