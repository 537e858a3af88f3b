//! Webhooks on their way: events are gone through as soon as they are sealed, and what is due is sent, by as many workers
//! as there are.
//!
//! Sending waits for others, so it holds neither a thread nor a connection of the database; so many go on at once and no
//! more. What came of them is written down by one, many together.
mod notice;
mod seers;
mod sending;

pub use notice::KINDS as NOTICES;
pub(super) use seers::Known;

use crate::house::House;
use kernel::{Error, Result, TenantId, error};
use platform::event;
use platform::job::{self, Held};
use platform::webhook::{fanout, replay};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, LazyLock};
use std::time::Duration;
use tokio::sync::Notify;
use tokio::task::JoinHandle;

/// What is done as a job.
pub const REPLAYS: &[&str] = &[replay::KIND];

/// Between two looks, where nobody says that there is something.
const LOOK: Duration = Duration::from_millis(250);

/// Something is due, or there is room again.
static DUE: LazyLock<Notify> = LazyLock::new(Notify::new);

/// A delivery was put down by this process: no need to wait for the next look.
pub fn wake() {
    platform::once::afterwards(|| DUE.notify_one());
}

/// What was started.
pub struct Work {
    fanning: JoinHandle<()>,
    sending: JoinHandle<()>,
}

impl Work {
    /// What is on its way may arrive; what does not soon is sent again by whoever is there then.
    pub async fn stop(self) {
        DUE.notify_one();
        // a look that is under way is kept or not, as a whole
        self.fanning.abort();
        if let Err(error) = self.sending.await {
            tracing::error!(%error, "the sending of webhooks broke down");
        }
    }
}

pub fn start(house: &House, stopping: &Arc<AtomicBool>) -> Work {
    let fanning = actix_web::rt::spawn(go_through(house.clone(), Arc::clone(stopping)));
    let sending = actix_web::rt::spawn(sending::go_on(house.clone(), Arc::clone(stopping)));
    Work { fanning, sending }
}

async fn go_through(house: House, stopping: Arc<AtomicBool>) {
    let (mut sealed, mut known) = (event::sealings(), Known::default());
    while !stopping.load(Ordering::Relaxed) {
        match look(&house, &mut known).await {
            Ok(true) => {}
            Ok(false) => drop(tokio::time::timeout(LOOK, sealed.changed()).await),
            Err(error) => {
                tracing::warn!(%error, "events could not be gone through");
                tokio::time::sleep(LOOK).await;
            }
        }
    }
}

/// A chunk of each tenant of whom something has happened; whether there is more. Where that fails of one, the others are
/// gone through all the same.
async fn look(house: &House, known: &mut Known) -> Result<bool> {
    let mut more = false;
    for tenant in house.hooks.unpermitted(|conn| Ok(fanout::due(conn)?)).await? {
        match look_at(house, known, tenant).await {
            Ok(has_more) => more |= has_more,
            Err(error) => tracing::warn!(%error, %tenant, "its events could not be gone through"),
        }
    }
    Ok(more)
}

async fn look_at(house: &House, known: &mut Known, tenant: TenantId) -> Result<bool> {
    let eyes = house.hooks.unpermitted(move |conn| fanout::eyes(conn, tenant)).await?;
    let seers = known.of(house, eyes).await?;
    let catalogues = house.catalogues;
    let done = house.hooks.unpermitted(move |conn| fanout::spread(conn, catalogues, tenant, &seers)).await?;
    if done.deliveries > 0 {
        DUE.notify_one();
    }
    Ok(done.more)
}

/// Sends a range once more.
pub async fn replay(house: &House, held: &Held, stopping: &Arc<AtomicBool>) -> Result<()> {
    let its = held.clone();
    let eyes = house.jobs.unpermitted(move |conn| replay::eyes(conn, &its)).await?;
    let seers = Known::default().of(house, eyes.iter().cloned()).await?;
    let seer = eyes.and_then(|eyes| seers.get(&eyes).cloned().flatten());
    let (held, stopping, catalogues) = (held.clone(), Arc::clone(stopping), house.catalogues);
    let work = house.jobs.unpermitted(move |conn| match seer {
        Some(ctx) => replay::run(conn, &ctx, catalogues, &held, &|| stopping.load(Ordering::Relaxed)),
        None => job::end(conn, &held, "cancelled", Some("nothing is sent there any more")),
    });
    work.await?;
    DUE.notify_one();
    Ok(())
}

/// A letter that tells of an endpoint that was disabled.
pub async fn tell(house: &House, held: &Held) -> Result<()> {
    notice::run(house, held).await
}

/// Whether nobody is let in any more by that name.
fn is_shut_out(error: &Error) -> bool {
    error.code == error::UNAUTHENTICATED
}
