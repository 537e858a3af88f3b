//! Who listens to what happens: clients of `GET /v1/events/stream`, thousands of them in one process.
//!
//! A client costs a place in a list and a channel of few frames, neither a thread nor a connection of the database: one
//! reader looks for all of them ([`deliver`]), as soon as this process has sealed something and twice a second besides.
//! Events are not kept for a client but read where it stands, so that one who is slow costs no more; who takes nothing
//! for a while is cut off, and goes on later where it was. Whoever may no longer come in is put out.
mod client;
mod deliver;
mod told;

pub use client::Wanted;

use crate::house::House;
use ::identity::Staying;
use actix_web::web::Bytes;
use client::Client;
use kernel::{Result, clock, error};
use platform::event;
use std::collections::{HashMap, HashSet};
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;
use tokio::sync::{Notify, mpsc};
use tokio::time::Instant;

/// What other processes have sealed is looked for so often.
const LOOK: Duration = Duration::from_millis(500);
/// Whether everybody may still be there is asked so often.
const ASK: Duration = Duration::from_secs(3);
/// More than can be served are told to come back, perhaps to another server.
const MOST: usize = 20_000;

/// The clients of this process.
#[derive(Clone, Default)]
pub struct Streams(Arc<Inner>);

#[derive(Default)]
struct Inner {
    clients: Mutex<HashMap<u64, Client>>,
    next: AtomicU64,
    is_closed: AtomicBool,
    stirred: Notify,
}

impl Streams {
    /// A new client, who stands at this place in the order: what it is to read.
    pub fn join(&self, who: Staying, wanted: Wanted, position: i64) -> Result<mpsc::Receiver<Bytes>> {
        let (client, frames) = Client::new(who, wanted, position);
        let mut clients = self.clients();
        if self.0.is_closed.load(Ordering::Relaxed) || clients.len() >= MOST {
            return Err(error::BUSY.into());
        }
        clients.insert(self.0.next.fetch_add(1, Ordering::Relaxed), client);
        drop(clients);
        self.0.stirred.notify_one();
        Ok(frames)
    }

    pub fn count(&self) -> usize {
        self.clients().len()
    }

    /// Ends all streams, and begins none any more: their clients go on at another server, or when this one is back.
    pub fn close(&self) {
        self.0.is_closed.store(true, Ordering::Relaxed);
        self.clients().clear();
        self.0.stirred.notify_one();
    }

    /// Serves the clients until it is closed.
    pub async fn go_on(self, house: House) {
        let mut sealings = event::sealings();
        let mut asked = Instant::now();
        while !self.0.is_closed.load(Ordering::Relaxed) {
            if self.count() == 0 {
                self.0.stirred.notified().await;
                continue;
            }
            if asked.elapsed() >= ASK {
                asked = Instant::now();
                self.put_out(&house).await;
            }
            self.clients().retain(|_, client| client.keep_alive());
            if !deliver::to_all(&self, &house).await {
                let _ = tokio::time::timeout(LOOK, sealings.changed()).await; // changed or not, it looks again
            }
        }
    }

    /// Ends the streams of those who may no longer come in.
    async fn put_out(&self, house: &House) {
        let all: HashSet<Staying> = self.clients().values().map(|client| client.who).collect();
        match house.identity.left(all.into_iter().collect(), clock::now()).await {
            Ok(left) => self.end(&left),
            Err(error) => tracing::warn!(%error, "nobody can say who may still listen"),
        }
    }

    fn end(&self, who: &[Staying]) {
        if !who.is_empty() {
            self.clients().retain(|_, client| !who.contains(&client.who));
        }
    }

    fn clients(&self) -> MutexGuard<'_, HashMap<u64, Client>> {
        self.0.clients.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
