//! The audit trail is sealed: each second, and soon after this process has written something, what was written since joins
//! its chain, by which its events are there to be read; and chains that have grown are signed. Several workers do no harm:
//! one of them seals, the others leave it to it.
use crate::house::House;
use kernel::{Result, clock};
use platform::audit::{self, Keys, Patience};
use platform::event;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

const PAUSE: Duration = Duration::from_secs(1);
/// However much is written, it rests so long in between.
const REST: Duration = Duration::from_millis(150);
/// So often it is looked whether something is to be signed.
const SIGN: Duration = Duration::from_secs(60);

pub async fn go_on(house: House, stopping: Arc<AtomicBool>) {
    let (mut keys, mut signed, mut writings) = (None, None, event::writings());
    while !stopping.load(Ordering::Relaxed) {
        let sign = signed.is_none_or(|at: tokio::time::Instant| at.elapsed() >= SIGN);
        let done = match &keys {
            None => open(&house).await.map(|opened| keys = Some(opened)),
            Some(keys) => see_to(&house, keys, sign).await.map(|()| {
                if sign {
                    signed = Some(tokio::time::Instant::now());
                }
            }),
        };
        if let Err(error) = done {
            tracing::warn!(%error, "the audit trail could not be sealed");
            tokio::time::sleep(PAUSE).await;
        } else if signed.is_some() {
            tokio::time::sleep(REST).await;
            let _ = tokio::time::timeout(PAUSE, writings.changed()).await; // woken or not, it looks
        }
    }
}

async fn open(house: &House) -> Result<Arc<Keys>> {
    let vault = house.vault.clone();
    house.jobs.unpermitted(move |conn| Keys::open(conn, &vault, ::identity::random_bytes::<32>)).await.map(Arc::new)
}

async fn see_to(house: &House, keys: &Arc<Keys>, sign: bool) -> Result<()> {
    let (mut more, mut sealed) = (true, 0);
    while more {
        let keys = Arc::clone(keys);
        let (rows, full) = house.jobs.unpermitted(move |conn| audit::seal(conn, &keys, Patience::None)).await?;
        (more, sealed) = (full, sealed + rows);
        if rows > 0 {
            event::sealed();
        }
    }
    if sign || sealed >= 1_000 {
        let (keys, file, now) = (Arc::clone(keys), audit::file(&house.data_dir), clock::now());
        house.jobs.unpermitted(move |conn| audit::checkpoint(conn, &keys, &file, now, false)).await?;
    }
    Ok(())
}
