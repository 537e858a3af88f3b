//! Webhooks: what happens arrives, signed, in the eyes of whoever set the endpoint up, whatever receivers and workers do.
mod crashes;
mod isolation;
mod reference;
mod replaying;
mod seeing;
mod sending;
mod settings;
mod trouble;

use crate::support::{Client, Receiver, Town, Value, json, make};
use platform::webhook::Settings;
use std::time::{Duration, Instant};

/// A town that tries again at once, so many times, and gives up after so many seconds.
pub fn hasty(attempts: usize, pause: &str, give_up: u64) -> Town {
    let schedule = vec![pause; attempts].join(",");
    Town::configured(|config| config.webhooks = Settings::of(&schedule, give_up).unwrap())
}

#[track_caller]
pub fn endpoint(client: &Client, receiver: &Receiver, extra: Value) -> Value {
    let new = make::with(json!({"url": receiver.url(), "events": ["contact.*"]}), extra);
    client.post("/v1/webhook-endpoints", new).created()
}

pub fn path(endpoint: &Value) -> String {
    format!("/v1/webhook-endpoints/{}", make::id(endpoint, "id"))
}

pub fn deliveries(endpoint: &Value, query: &str) -> String {
    format!("/v1/webhook-deliveries?endpoint_id={}{query}", make::id(endpoint, "id"))
}

/// Waits until it is so.
#[track_caller]
pub fn until(what: &str, is_so: impl Fn() -> bool) {
    let since = Instant::now();
    while !is_so() {
        assert!(since.elapsed() < Duration::from_secs(30), "not in time: {what}");
        std::thread::sleep(Duration::from_millis(20));
    }
}

/// An endpoint as soon as it is disabled.
#[track_caller]
pub fn disabled(client: &Client, endpoint: &Value) -> Value {
    until("disabled", || client.get(&path(endpoint)).ok()["status"] == "disabled");
    client.get(&path(endpoint)).ok()
}

/// What an endpoint begins with has begun: whatever happens now is sent to it.
pub fn types(parcels: &[crate::support::receiver::Parcel]) -> Vec<String> {
    parcels.iter().map(|one| one.json()["type"].as_str().unwrap().to_owned()).collect()
}
