//! What the tests stand on: a PostgreSQL, a town with people in it, a client, and the contract every answer obeys.
mod answer;
mod client;
mod contract;
pub mod files;
pub mod idp;
pub mod make;
pub mod people;
mod postgres;
mod server;
mod shape;
mod smtp;
mod town;

pub use answer::Answer;
pub use client::{Client, encoded};
pub use contract::{Operation, all_of, document, operations, resolved, status};
pub use people::Person;
pub use postgres::{Database, empty, migrated};
pub use serde_json::{Value, json};
pub use shape::fits;
pub use smtp::Smtp;
pub use town::{MASTER_KEY, Town, master_keys};

/// An id that nothing has.
pub fn nobodys_id() -> String {
    uuid::Uuid::now_v7().to_string()
}

/// A word that nothing else in this run is called.
pub fn fresh(word: &str) -> String {
    use std::sync::atomic::{AtomicU32, Ordering};
    static NEXT: AtomicU32 = AtomicU32::new(1);
    format!("{word}{}", NEXT.fetch_add(1, Ordering::Relaxed))
}
