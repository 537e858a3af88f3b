//! The worker: takes jobs from the queue and does several at once, in lanes, on as many machines as it is started on.
//!
//! It looks each second, and at once when this process has put a job down. While a job is done its lease is kept; a job
//! whose worker falls silent is taken over by another, and goes on from its last chunk. Where there are several lanes, one
//! is for what is short: whatever takes long, a letter does not wait for it.
mod acting;
mod analytics;
mod cases;
mod coupons;
mod duplicates;
pub mod exports;
pub mod files;
pub mod handlers;
mod inbound;
mod indexing;
mod keys;
mod letters;
mod news;
mod notify;
pub mod privacy;
mod push;
pub mod quotes;
mod reports;
mod sealing;
mod segments;
mod sends;
mod surveys;
mod upkeep;
mod verifications;
mod watches;
pub mod webhooks;

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
/// How often it is looked whether something is scheduled.
const SCHEDULES: Duration = Duration::from_secs(5);

static WAKE: LazyLock<Notify> = LazyLock::new(Notify::new);

/// A job was put down by this process: no need to wait for the next look.
pub fn wake() {
    platform::once::afterwards(rouse);
}

/// Whoever naps, and whoever is about to.
fn rouse() {
    WAKE.notify_waiters();
    WAKE.notify_one();
}

/// A worker that was started.
pub struct Work {
    stopping: Arc<AtomicBool>,
    lanes: Vec<JoinHandle<()>>,
    beside: [JoinHandle<()>; 5],
    webhooks: webhooks::Work,
}

impl Work {
    /// Ends after the chunks under way; their jobs go back to the queue.
    pub async fn stop(self) {
        self.stopping.store(true, Ordering::Relaxed);
        rouse();
        for lane in self.lanes {
            if let Err(error) = lane.await {
                tracing::error!(%error, "a lane of the worker broke down");
            }
        }
        // a seal that is under way is kept or not, as a whole; so is what is cleared away
        self.beside.iter().for_each(JoinHandle::abort);
        self.webhooks.stop().await;
    }
}

/// Starts a worker.
pub fn start(house: House) -> Work {
    let stopping = Arc::new(AtomicBool::new(false));
    let sealing = actix_web::rt::spawn(sealing::go_on(house.clone(), Arc::clone(&stopping)));
    let webhooks = webhooks::start(&house, &stopping);
    let looking = actix_web::rt::spawn(look_after(house.clone(), Arc::clone(&stopping)));
    let telling = actix_web::rt::spawn(notify::go_on(house.clone(), Arc::clone(&stopping)));
    let following = actix_web::rt::spawn(segments::go_on(house.clone(), Arc::clone(&stopping)));
    let removing = actix_web::rt::spawn(files::go_on(house.clone(), Arc::clone(&stopping)));
    let sending = actix_web::rt::spawn(sends::go_on(house.clone(), Arc::clone(&stopping)));
    let lane = |at| actix_web::rt::spawn(work(house.clone(), kinds_of(at, house.job_lanes), Arc::clone(&stopping)));
    // what is being sent is settled before it ends, as a job is
    let lanes = (0..house.job_lanes.max(1)).map(lane).chain(std::iter::once(sending)).collect();
    Work { lanes, beside: [sealing, looking, telling, removing, following], webhooks, stopping }
}

async fn work(house: House, kinds: Vec<&'static str>, stopping: Arc<AtomicBool>) {
    while !stopping.load(Ordering::Relaxed) {
        let (kinds, lease) = (kinds.clone(), house.job_lease);
        match house.jobs.unpermitted(move |conn| job::claim(conn, &kinds, lease)).await {
            Ok(Some(held)) => one(&house, held, &stopping).await,
            Ok(None) => nap().await,
            Err(error) => {
                tracing::warn!(%error, "the queue cannot be asked");
                nap().await;
            }
        }
    }
}

/// What is done by the clock.
async fn look_after(house: House, stopping: Arc<AtomicBool>) {
    let mut upkeep = upkeep::Upkeep::default();
    while !stopping.load(Ordering::Relaxed) {
        upkeep.see_to(&house).await;
        watches::all(&house).await;
        tokio::time::sleep(SCHEDULES).await;
    }
}

fn kinds() -> Vec<&'static str> {
    let ours = [handlers::KINDS, cases::KINDS, exports::KINDS, inbound::KINDS, indexing::KINDS, keys::KINDS];
    let people = [letters::KINDS, news::KINDS, push::KINDS, privacy::KINDS, quotes::KINDS, verifications::KINDS];
    let many = [sends::KINDS, surveys::KINDS];
    let long =
        [webhooks::NOTICES, webhooks::REPLAYS, duplicates::KINDS, reports::KINDS, coupons::KINDS, analytics::KINDS];
    [ours.concat(), people.concat(), many.concat(), long.concat()].concat()
}

/// What may take long.
fn is_long(kind: &str) -> bool {
    [
        handlers::KINDS,
        exports::KINDS,
        indexing::KINDS,
        keys::KINDS,
        privacy::KINDS,
        webhooks::REPLAYS,
        duplicates::KINDS,
        reports::KINDS,
        coupons::KINDS,
        analytics::KINDS,
    ]
    .concat()
    .contains(&kind)
}

/// The first of several lanes is for what is short.
fn kinds_of(lane: usize, lanes: usize) -> Vec<&'static str> {
    kinds().into_iter().filter(|kind| lane > 0 || lanes < 2 || !is_long(kind)).collect()
}

/// Whether a job that has failed can be begun anew by whoever sees it. What the privacy office does, it begins itself;
/// runs of analytics are begun by another run; what a command did is over with it.
pub fn is_retryable(kind: &str) -> bool {
    kinds().contains(&kind) && !privacy::KINDS.contains(&kind) && !analytics::KINDS.contains(&kind)
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
        _ if held.attempts > job::MOST_ATTEMPTS => Err(Error::internal("every worker that took it died")),
        kind if letters::KINDS.contains(&kind) => letters::run(house, &held).await,
        kind if news::KINDS.contains(&kind) => news::run(house, &held).await,
        kind if verifications::KINDS.contains(&kind) => verifications::run(house, &held).await,
        kind if sends::KINDS.contains(&kind) => sends::run(house, &held).await,
        kind if push::KINDS.contains(&kind) => push::run(house, &held).await,
        kind if quotes::KINDS.contains(&kind) => quotes::run(house, &held).await,
        kind if cases::KINDS.contains(&kind) => cases::run(house, &held).await,
        kind if surveys::KINDS.contains(&kind) => surveys::run(house, &held).await,
        kind if reports::KINDS.contains(&kind) => reports::run(house, &held).await,
        kind if exports::KINDS.contains(&kind) => exports::run(house, &held, stopping).await,
        kind if duplicates::KINDS.contains(&kind) => duplicates::run(house, &held, stopping).await,
        kind if coupons::KINDS.contains(&kind) => coupons::run(house, &held, stopping).await,
        kind if analytics::KINDS.contains(&kind) => analytics::run(house, &held, stopping).await,
        kind if inbound::KINDS.contains(&kind) => inbound::run(house, &held).await,
        kind if indexing::KINDS.contains(&kind) => indexing::run(house, &held, stopping).await,
        kind if keys::KINDS.contains(&kind) => keys::run(house, &held, stopping).await,
        kind if privacy::KINDS.contains(&kind) => privacy::run(house, &held).await,
        kind if webhooks::NOTICES.contains(&kind) => webhooks::tell(house, &held).await,
        kind if webhooks::REPLAYS.contains(&kind) => webhooks::replay(house, &held, stopping).await,
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
    let people = [letters::KINDS, news::KINDS, push::KINDS, quotes::KINDS, sends::KINDS, webhooks::NOTICES];
    let failing = [
        people.concat(),
        [keys::KINDS, indexing::KINDS, duplicates::KINDS, webhooks::REPLAYS, coupons::KINDS].concat(),
    ];
    if failing.concat().contains(&held.kind.as_str()) {
        return house.jobs.unpermitted(move |conn| job::end(conn, &held, "failed", Some(&why))).await;
    }
    if verifications::KINDS.contains(&held.kind.as_str()) {
        return verifications::give_up(house, held, error.code, why).await;
    }
    if cases::KINDS.contains(&held.kind.as_str()) {
        return cases::give_up(house, held, "failed", why).await;
    }
    if reports::KINDS.contains(&held.kind.as_str()) {
        return reports::give_up(house, held, error.code).await;
    }
    if inbound::KINDS.contains(&held.kind.as_str()) {
        return inbound::give_up(house, held, why).await;
    }
    if privacy::KINDS.contains(&held.kind.as_str()) {
        return privacy::give_up(house, held, why, clock::now()).await;
    }
    if exports::KINDS.contains(&held.kind.as_str()) {
        return exports::give_up(house, held, why, clock::now()).await;
    }
    if analytics::KINDS.contains(&held.kind.as_str()) {
        return analytics::give_up(house, held, why, clock::now()).await;
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
        tokio::time::sleep(held.heartbeat()).await;
        let held = held.clone();
        match house.jobs.unpermitted(move |conn| job::keep(conn, &held, None)).await {
            Err(error) if error.code == job::LOST => return, // the next chunk finds out
            Err(error) => tracing::warn!(%error, "the lease could not be kept"),
            Ok(_) => {}
        }
    }
}
