//! The worker: takes jobs from the queue and does them one by one, on as many machines as it is started on.
//!
//! It looks each second, and at once when this process has put a job down. While a job is done its lease is kept; a job
//! whose worker falls silent is taken over by another, and goes on from its last chunk.
pub mod handlers;
mod inbound;
mod keys;
mod letters;
pub mod privacy;
mod sealing;
mod upkeep;

use crate::house::House;
use kernel::{Error, clock};
use platform::job::{self, Held};
use std::sync::Arc;
use std::sync::LazyLock;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;
use tokio::sync::Notify;
use tokio::task::JoinHandle;

const LOOK: Duration = Duration::from_secs(1);
const HEARTBEAT: Duration = Duration::from_secs(10);

static WAKE: LazyLock<Notify> = LazyLock::new(Notify::new);

/// A job was put down by this process: no need to wait for the next look.
pub fn wake() {
    platform::once::afterwards(|| WAKE.notify_one());
}

/// A worker that was started.
pub struct Work {
    stopping: Arc<AtomicBool>,
    running: JoinHandle<()>,
    sealing: JoinHandle<()>,
}

impl Work {
    /// Ends after the chunk under way; its job goes back to the queue.
    pub async fn stop(self) {
        self.stopping.store(true, Ordering::Relaxed);
        wake();
        if let Err(error) = self.running.await {
            tracing::error!(%error, "the worker broke down");
        }
        // a seal that is under way is kept or not, as a whole
        self.sealing.abort();
    }
}

/// Starts a worker.
pub fn start(house: House) -> Work {
    let stopping = Arc::new(AtomicBool::new(false));
    let sealing = actix_web::rt::spawn(sealing::go_on(house.clone(), Arc::clone(&stopping)));
    let running = actix_web::rt::spawn(work(house, Arc::clone(&stopping)));
    Work { stopping, running, sealing }
}

async fn work(house: House, stopping: Arc<AtomicBool>) {
    let mut upkeep = upkeep::Upkeep::default();
    while !stopping.load(Ordering::Relaxed) {
        upkeep.see_to(&house).await;
        match house.jobs.unpermitted(|conn| job::claim(conn, &kinds())).await {
            Ok(Some(held)) => one(&house, held, &stopping).await,
            Ok(None) => nap().await,
            Err(error) => {
                tracing::warn!(%error, "the queue cannot be asked");
                nap().await;
            }
        }
    }
}

fn kinds() -> Vec<&'static str> {
    [handlers::KINDS, inbound::KINDS, keys::KINDS, letters::KINDS, privacy::KINDS].concat()
}

async fn nap() {
    let _ = tokio::time::timeout(LOOK, WAKE.notified()).await; // woken or not, it looks again
}

/// Does a job, and settles what becomes of it.
async fn one(house: &House, held: Held, stopping: &Arc<AtomicBool>) {
    let span = tracing::info_span!("job", id = %held.id, kind = held.kind, attempt = held.attempts);
    tracing::info!(parent: &span, "begun");
    let beat = actix_web::rt::spawn(keep_lease(house.clone(), held.clone()));
    let done = match held.kind.as_str() {
        kind if letters::KINDS.contains(&kind) => letters::run(house, &held).await,
        kind if inbound::KINDS.contains(&kind) => inbound::run(house, &held).await,
        kind if keys::KINDS.contains(&kind) => keys::run(house, &held, stopping).await,
        kind if privacy::KINDS.contains(&kind) => privacy::run(house, &held).await,
        _ => handlers::run(house, &held, stopping).await,
    };
    beat.abort();
    match done {
        Ok(()) => tracing::info!(parent: &span, "done"),
        Err(error) if error.code == job::LOST => tracing::warn!(parent: &span, "taken over by another worker"),
        Err(error) => {
            tracing::warn!(parent: &span, %error, "failed");
            if let Err(error) = settle(house, held, error).await {
                tracing::error!(parent: &span, %error, "could not be laid back");
            }
        }
    }
}

/// Tried again after a while, unless that is in vain.
async fn settle(house: &House, held: Held, error: Error) -> kernel::Result<()> {
    let given_up = platform::import::is_final(&error) || held.attempts >= job::MOST_ATTEMPTS;
    let why = told(&error);
    if !given_up {
        return house.jobs.unpermitted(move |conn| job::retry(conn, &held, &why)).await;
    }
    if [letters::KINDS, keys::KINDS].concat().contains(&held.kind.as_str()) {
        return house.jobs.unpermitted(move |conn| job::end(conn, &held, "failed", Some(&why))).await;
    }
    if inbound::KINDS.contains(&held.kind.as_str()) {
        return inbound::give_up(house, held, why).await;
    }
    if privacy::KINDS.contains(&held.kind.as_str()) {
        return privacy::give_up(house, held, why, clock::now()).await;
    }
    handlers::give_up(house, held, why, clock::now()).await
}

/// What callers may read of an error: never its source.
fn told(error: &Error) -> String {
    let mut why = error.detail.as_ref().map_or_else(|| error.code.meaning.to_owned(), ToString::to_string);
    for fault in &error.faults {
        why.push_str(&format!(" {}: {}.", fault.pointer, fault.message));
    }
    why
}

async fn keep_lease(house: House, held: Held) {
    loop {
        tokio::time::sleep(HEARTBEAT).await;
        let held = held.clone();
        if house.jobs.unpermitted(move |conn| job::keep(conn, &held, None)).await.is_err() {
            return; // the next chunk finds out why
        }
    }
}
