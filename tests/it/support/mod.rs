//! What the tests stand on: a PostgreSQL, a town with people in it, a client, and the contract every answer obeys.
mod answer;
mod client;
mod contract;
pub mod files;
pub mod idp;
pub mod listener;
pub mod make;
pub mod people;
mod postgres;
pub mod receiver;
mod server;
mod shape;
mod smtp;
pub mod token;
mod town;
mod worker;

pub use answer::Answer;
pub use client::{Client, encoded};
pub use contract::{Operation, all_of, document, operations, resolved, status};
pub use people::Person;
pub use postgres::{Database, empty, migrated};
pub use receiver::{How, Receiver};
pub use serde_json::{Value, json};
pub use shape::fits;
pub use smtp::Smtp;
pub use town::{MASTER_KEY, Town, master_keys};
pub use worker::Worker;

/// Seals all that waits, as the worker does: from then on its events are there to be read. Other tests write on the same
/// server, and what they have not ended holds back what came later.
#[track_caller]
pub fn seal(town: &Town) {
    let mut conn = town.database.conn();
    let vault = platform::Vault::ready(&mut conn, &master_keys(MASTER_KEY)).unwrap();
    let keys = platform::audit::Keys::open(&mut conn, &vault, || [7; 32]).unwrap();
    let since = std::time::Instant::now();
    let waiting = "SELECT count(*) FROM audit_log a WHERE NOT EXISTS (SELECT FROM audit_chain c WHERE \
                   (c.tenant_id, c.audit_id) = (a.tenant_id, a.id))";
    loop {
        let (_, more) = platform::audit::seal(&mut conn, &keys, platform::audit::Patience::Wait).unwrap();
        if !more && town.database.count(waiting) == 0 {
            return;
        }
        assert!(since.elapsed().as_secs() < 30, "something is never sealed");
        std::thread::sleep(std::time::Duration::from_millis(10));
    }
}

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
