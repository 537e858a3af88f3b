//! The audit trail is sealed: each second what was written since joins its chain, and chains that have grown are signed.
//! Several workers do no harm: one of them seals, the others leave it to it.
use crate::house::House;
use kernel::{Result, clock};
use platform::audit::{self, Keys, Patience};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

const PAUSE: Duration = Duration::from_secs(1);
/// Every so many passes it is looked whether something is to be signed.
const SIGN: u32 = 60;

pub async fn go_on(house: House, stopping: Arc<AtomicBool>) {
    let mut keys = None;
    let mut pass = 0;
    while !stopping.load(Ordering::Relaxed) {
        let done = match &keys {
            None => open(&house).await.map(|opened| keys = Some(opened)),
            Some(keys) => see_to(&house, keys, pass % SIGN == 0).await.map(|()| pass += 1),
        };
        if let Err(error) = done {
            tracing::warn!(%error, "the audit trail could not be sealed");
        }
        if pass != 0 || keys.is_none() {
            tokio::time::sleep(PAUSE).await;
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
    }
    if sign || sealed >= 1_000 {
        let (keys, file, now) = (Arc::clone(keys), audit::file(&house.data_dir), clock::now());
        house.jobs.unpermitted(move |conn| audit::checkpoint(conn, &keys, &file, now, false)).await?;
    }
    Ok(())
}
