//! Who comes in, with what, how long, and what they may do then.
mod devices;
mod escalation;
mod explain;
pub mod factors;
mod forged;
mod held_back;
mod keys;
mod letters;
mod login;
mod programs;
mod queues;
mod roles;
mod sso;
mod teams;
mod tokens;
mod users;

use crate::support::people::PASSWORD;
use crate::support::{Client, Person, Town, Value, json, make};

/// What a login gives.
pub fn tokens(town: &Town, person: Person) -> Value {
    town.anonymous().post("/v1/auth/login", json!({"email": person.email(), "password": PASSWORD})).ok()
}

pub fn with(town: &Town, tokens: &Value) -> Client {
    town.anonymous().bearing(make::id(tokens, "access_token"))
}

pub fn refresh(town: &Town, token: &str) -> crate::support::Answer {
    town.anonymous().post("/v1/auth/refresh", json!({"refresh_token": token}))
}

/// Is refused within five seconds, which is as long as a revocation may take anywhere.
#[track_caller]
pub fn out_soon(client: &Client, path: &str, status: u16) {
    let since = std::time::Instant::now();
    while client.get(path).status != status {
        assert!(
            since.elapsed() < std::time::Duration::from_secs(5),
            "{path} still answers {}",
            client.get(path).status
        );
        std::thread::sleep(std::time::Duration::from_millis(50));
    }
}
