//! What is due is taken, packed, sent, and what came of it written down.
use super::seers::Known;
use super::{DUE, LOOK};
use crate::house::House;
use kernel::{Error, Result, clock};
use platform::crash;
use platform::outbound::{Ask, Outbound, Reading};
use platform::webhook::delivery::WebhookAttempt;
use platform::webhook::dispatch::{self, Held, LARGEST, Outcome, PATIENCE, Packed, Parcel, Tried};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;
use tokio::sync::mpsc::{Receiver, Sender, channel};
use tokio::sync::{OwnedSemaphorePermit, Semaphore};

/// Deliveries that are on their way at once from here.
const ROOM: usize = 512;
/// What is written down together.
const TOGETHER: usize = 100;
/// How long those are waited for that are on their way when this ends.
const FAREWELL: Duration = Duration::from_secs(1);

/// What came of one, and the place that it has held until it is written down.
type Came = (Tried, OwnedSemaphorePermit);

pub async fn go_on(house: House, stopping: Arc<AtomicBool>) {
    let (tell, told) = channel(ROOM);
    let settling = actix_web::rt::spawn(settle(house.clone(), told));
    let turns = Arc::new(Semaphore::new(ROOM));
    let mut known = Known::default();
    while !stopping.load(Ordering::Relaxed) {
        if let Err(error) = take(&house, &mut known, &turns, &tell).await {
            tracing::warn!(%error, "webhooks could not be taken up");
        }
        let _ = tokio::time::timeout(LOOK, DUE.notified()).await; // woken or not, it looks again
    }
    let all = u32::try_from(ROOM).unwrap_or(u32::MAX);
    let _ = tokio::time::timeout(FAREWELL, turns.acquire_many(all)).await;
    settling.abort();
}

/// Takes what there is room for, and lets it go.
async fn take(house: &House, known: &mut Known, turns: &Arc<Semaphore>, tell: &Sender<Came>) -> Result<()> {
    let room = i64::try_from(turns.available_permits()).unwrap_or_default();
    if room == 0 {
        return Ok(());
    }
    let held = house.hooks.unpermitted(move |conn| Ok(dispatch::claim(conn, room)?)).await?;
    for packed in pack(house, known, held).await? {
        let Ok(turn) = Arc::clone(turns).try_acquire_owned() else { break };
        let (outbound, tell) = (house.identity.outbound().clone(), tell.clone());
        actix_web::rt::spawn(async move {
            let tried = match packed {
                Packed::Ready(held, parcel) => send(&outbound, held, parcel).await,
                Packed::Silent(held) => unsent(held, Outcome::Failed { not_before: None }, "sender_inactive"),
                Packed::Unseen(held) => unsent(held, Outcome::Unseen, "not_visible"),
            };
            let _ = tell.send((tried, turn)).await; // where nobody writes it down any more, its lease runs out
        });
    }
    Ok(())
}

/// All together; where one cannot be packed, such as one whose secret cannot be opened, the others by themselves.
async fn pack(house: &House, known: &mut Known, held: Vec<Held>) -> Result<Vec<Packed>> {
    if held.is_empty() {
        return Ok(Vec::new());
    }
    match packed(house, known, held.clone()).await {
        Err(error) => tracing::warn!(%error, "webhooks could not be packed together"),
        done => return done,
    }
    let mut all = Vec::new();
    for one in held {
        let id = one.id;
        match packed(house, known, vec![one]).await {
            Ok(one) => all.extend(one),
            Err(error) => tracing::warn!(%error, %id, "a webhook could not be packed"),
        }
    }
    Ok(all)
}

async fn packed(house: &House, known: &mut Known, held: Vec<Held>) -> Result<Vec<Packed>> {
    let seers = known.of(house, held.iter().map(|one| one.eyes.clone())).await?;
    let (catalogues, vault) = (house.catalogues, house.vault.clone());
    let pack =
        house.hooks.unpermitted(move |conn| dispatch::pack(conn, catalogues, &vault, held, &seers, clock::now()));
    pack.await
}

async fn send(outbound: &Outbound, held: Held, parcel: Parcel) -> Tried {
    let at = clock::now();
    let ask = Ask {
        method: "POST",
        url: &held.url,
        headers: parcel.headers,
        body: Some(&parcel.body),
        largest: LARGEST,
        patience: PATIENCE,
        reading: Reading::Glance,
    };
    let came = outbound.send(&ask).await;
    if let Err(failure) = &came {
        tracing::info!(%failure, endpoint = %held.endpoint, "a webhook did not arrive");
    }
    crash::point("webhook.sent");
    let took = (clock::now() - at).to_std().unwrap_or_default();
    let (outcome, attempt) = dispatch::judge(&came, at, took, &parcel.secrets);
    Tried { held, attempt, outcome }
}

fn unsent(held: Held, outcome: Outcome, why: &str) -> Tried {
    let attempt =
        WebhookAttempt { at: clock::now(), duration_ms: 0, status: None, error: Some(why.to_owned()), answer: None };
    Tried { held, attempt, outcome }
}

/// Writes down what came, as it comes, and then gives the places free.
async fn settle(house: House, mut told: Receiver<Came>) {
    let mut came: Vec<Came> = Vec::new();
    while told.recv_many(&mut came, TOGETHER).await > 0 {
        let (tried, turns): (Vec<Tried>, Vec<OwnedSemaphorePermit>) = came.drain(..).unzip();
        if let Err(error) = written(&house, &tried).await {
            // as if they had not been sent: they are, once more, when their lease has run out
            tracing::error!(%error, "what came of webhooks could not be written down");
        }
        drop(turns);
        DUE.notify_one();
    }
}

/// All together, else each by itself.
async fn written(house: &House, tried: &[Tried]) -> Result<()> {
    let write = |some: Vec<Tried>| {
        let settings = house.webhooks.clone();
        house.hooks.unpermitted(move |conn| dispatch::settle(conn, &settings, &some, clock::now()))
    };
    if let Err(error) = write(tried.to_vec()).await {
        tracing::warn!(%error, "what came of webhooks could not be written down together");
        let mut last: Option<Error> = None;
        for one in tried {
            if let Err(error) = write(vec![one.clone()]).await {
                last = Some(error);
            }
        }
        return last.map_or(Ok(()), Err);
    }
    Ok(())
}
