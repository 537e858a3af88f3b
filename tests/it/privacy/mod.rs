//! What people ask about their data: told, taken along, mended, erased, left alone; and what goes by its age.
mod canary;
mod erasure;
mod ledger;
mod office;
mod own;
mod race;
mod restriction;
mod retention;
mod unknown;
mod users;

use crate::support::{Client, Value, json, make};
use std::time::{Duration, Instant};

/// A request of somebody's that has got as far as `in_progress`.
#[track_caller]
pub fn begun(client: &Client, kind: &str, subject_kind: &str, subject: &str) -> String {
    let new = json!({"kind": kind, "subject_kind": subject_kind, "subject_id": subject, "channel": "email"});
    let id = make::id(&client.post("/v1/privacy-requests", new).created(), "id");
    begin(client, &id);
    id
}

#[track_caller]
pub fn begin(client: &Client, id: &str) {
    let verified = client.post(&format!("/v1/privacy-requests/{id}/verify"), json!({"how": "called back"})).ok();
    assert_eq!(verified["status"], "verified");
    let started = client.act(&format!("/v1/privacy-requests/{id}/start")).ok();
    assert_eq!(started["status"], "in_progress");
}

/// Waits until the request is so.
#[track_caller]
pub fn when(client: &Client, id: &str, is_so: impl Fn(&Value) -> bool) -> Value {
    let since = Instant::now();
    loop {
        let now = client.get(&format!("/v1/privacy-requests/{id}")).ok();
        if is_so(&now) {
            return now;
        }
        assert!(since.elapsed() < Duration::from_secs(60), "it goes no further: {now}");
        std::thread::sleep(Duration::from_millis(30));
    }
}

/// Erases somebody, and waits for the end of it.
#[track_caller]
pub fn erased(client: &Client, subject_kind: &str, subject: &str) -> Value {
    let id = begun(client, "erasure", subject_kind, subject);
    client.act(&format!("/v1/privacy-requests/{id}/complete")).ok();
    when(client, &id, |request| request["status"] == "completed")
}

/// What is held of somebody, as they are told.
#[track_caller]
pub fn told(client: &Client, kind: &str, subject_kind: &str, subject: &str) -> Value {
    let id = begun(client, kind, subject_kind, subject);
    when(client, &id, |request| !request["file_sha256"].is_null());
    let file = client.get(&format!("/v1/privacy-requests/{id}/file"));
    assert_eq!(file.header("cache-control"), "no-store");
    let done = client.act(&format!("/v1/privacy-requests/{id}/complete")).ok();
    assert_eq!(done["status"], "completed");
    file.ok()
}
