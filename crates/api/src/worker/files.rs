//! What files held goes from the store when they are gone, soon after; and what never came to its end, a day later.
//! Several workers do no harm: what has gone already is gone.
use crate::house::House;
use chrono::{DateTime, Duration, Utc};
use kernel::{Result, TenantId, clock};
use platform::Conn;
use platform::file::{self, Removal};
use std::sync::Arc;
use std::sync::LazyLock;
use std::sync::atomic::{AtomicBool, Ordering};
use tokio::sync::Notify;
use uuid::Uuid;

const LOOK: std::time::Duration = std::time::Duration::from_secs(60);
/// After something has failed.
const AGAIN: std::time::Duration = std::time::Duration::from_secs(2);
const AT_ONCE: i64 = 200;

static WAKE: LazyLock<Notify> = LazyLock::new(Notify::new);

/// A file may have gone by this process: no need to wait for the next look.
pub fn wake() {
    platform::once::afterwards(|| WAKE.notify_one());
}

/// How long a request may take that brings a content along.
const LONGEST: Duration = Duration::hours(1);

/// An object is about to be put by a request that may die before it is written down: then it goes after a while.
pub async fn put_off<M>(house: &House, tenant: TenantId, object: Uuid, may: M) -> Result<()>
where
    M: FnOnce(&mut Conn) -> Result<()> + Send + 'static,
{
    let one = Removal { tenant, object };
    let put_off = move |conn: &mut Conn| {
        may(conn)?;
        Ok(file::put_off(conn, one, clock::now() + LONGEST)?)
    };
    house.jobs.unpermitted(put_off).await.map(drop)
}

pub async fn go_on(house: House, stopping: Arc<AtomicBool>) {
    while !stopping.load(Ordering::Relaxed) {
        let pause = match settle(&house, None).await {
            Ok(()) => LOOK,
            Err(error) => {
                tracing::warn!(%error, "what files held could not be removed");
                AGAIN
            }
        };
        let _ = tokio::time::timeout(pause, WAKE.notified()).await; // woken or not, it looks again
    }
}

/// Removes all that is to go, of a tenant or of all. Where something may still be put there, it is looked at again; what
/// cannot be removed holds nothing else up, and is told at the end.
pub async fn settle(house: &House, of: Option<TenantId>) -> Result<()> {
    let (mut after, mut fault) = (None, Ok(()));
    loop {
        let some = house.jobs.unpermitted(move |conn| Ok(file::removals(conn, of, after, AT_ONCE)?)).await?;
        let Some(last) = some.last().copied() else { return fault };
        for one in some {
            fault = fault.and(remove(house, one).await);
        }
        after = Some(last);
    }
}

async fn remove(house: &House, one: Removal) -> Result<()> {
    house.files.remove(one.tenant, one.object).await?;
    platform::crash::point("file_removed");
    house.jobs.unpermitted(move |conn| Ok(file::removed(conn, one, clock::now())?)).await.map(drop)
}

/// What was announced and never came, or came and was another; and halves of what was coming.
pub async fn tidy_up(house: &House, now: DateTime<Utc>) -> Result<()> {
    house.jobs.unpermitted(move |conn| Ok(file::lapse(conn, now - Duration::days(1))?)).await?;
    let files = house.files.clone();
    tokio::task::spawn_blocking(move || files.sweep(now)).await.map_err(kernel::Error::internal)??;
    wake();
    Ok(())
}
