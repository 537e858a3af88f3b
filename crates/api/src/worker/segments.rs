//! Who is in a segment follows what happens, as soon as it is in the order of events, by whichever worker gets to it.
use crate::house::House;
use kernel::Result;
use platform::Conn;
use platform::event;
use platform::segment::engine;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

/// Between two looks, where nobody says that there is something.
const LOOK: Duration = Duration::from_secs(1);

pub async fn go_on(house: House, stopping: Arc<AtomicBool>) {
    let mut sealed = event::sealings();
    while !stopping.load(Ordering::Relaxed) {
        match look(&house).await {
            Ok(true) => {}
            Ok(false) => drop(tokio::time::timeout(LOOK, sealed.changed()).await),
            Err(error) => {
                tracing::warn!(%error, "who is in segments could not be followed");
                tokio::time::sleep(LOOK).await;
            }
        }
    }
}

/// A step of each tenant of whom something has happened; whether there is more. Where that fails of one, the others are
/// gone through all the same.
async fn look(house: &House) -> Result<bool> {
    let mut more = false;
    let due = |conn: &mut Conn| {
        engine::forget_marks(conn)?;
        Ok(engine::due(conn)?)
    };
    for tenant in house.jobs.unpermitted(due).await? {
        let all = house.catalogues;
        match house.jobs.unpermitted(move |conn| engine::step(conn, all, tenant)).await {
            Ok(has_more) => more |= has_more,
            Err(error) => tracing::warn!(%error, %tenant, "who is in its segments could not be followed"),
        }
    }
    if more {
        // what was written is told at once
        event::written();
    }
    Ok(more)
}
