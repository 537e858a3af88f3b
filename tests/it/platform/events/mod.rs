//! What has happened, told: in order and without gaps, to those who may see it, page by page, as it comes, and to who was
//! offline meanwhile.
mod names;
mod order;
mod seeing;
mod stream;
mod sync;
mod telling;

use crate::support::{Client, Value};

/// All events from the beginning, as one caller is told them.
fn told(client: &Client, query: &str) -> Vec<Value> {
    client.walk(&format!("/v1/events?limit=50{query}"))
}

/// Of one record: what sort each is.
fn types_of(client: &Client, record: &str) -> Vec<String> {
    let of = told(client, "").into_iter().filter(|event| event["record_id"] == record);
    of.map(|event| event["type"].as_str().unwrap().to_owned()).collect()
}
