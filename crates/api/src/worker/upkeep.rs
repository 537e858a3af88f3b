//! What is cleared away by and by: each worker looks once an hour, and several at once do no harm.
use super::privacy::RETENTION;
use crate::house::House;
use ::customer::verification;
use ::identity::Identity;
use chrono::{DateTime, Duration, Utc};
use kernel::{Result, clock};
use platform::audit::{self, Keys};
use platform::connection::delivery as inbound;
use platform::privacy::retention;
use platform::webhook::delivery;
use platform::{merge, notify, once};

/// When it was last seen to.
#[derive(Default)]
pub struct Upkeep(Option<DateTime<Utc>>);

impl Upkeep {
    /// Does what is due.
    pub async fn see_to(&mut self, house: &House) {
        let now = clock::now();
        if self.0.is_some_and(|last| now - last < Duration::hours(1)) {
            return;
        }
        self.0 = Some(now);
        if let Err(error) = clear(house, now).await {
            tracing::warn!(%error, "what is old could not be cleared away");
        }
    }
}

async fn clear(house: &House, now: DateTime<Utc>) -> Result<()> {
    let gone = house.jobs.unpermitted(move |conn| once::clear(conn, now - once::KEPT)).await?;
    house.jobs.unpermitted(move |conn| Identity::clear_away(conn, now)).await?;
    let vault = house.vault.clone();
    let sealed = house.jobs.unpermitted(move |conn| vault.cover(conn, &crate::house::sealed())).await?;
    if sealed > 0 {
        tracing::info!(sealed, "what stood in the open is sealed");
    }
    super::privacy::clear(house, now).await?;
    let old = house.jobs.unpermitted(move |conn| Ok(inbound::clear(conn, now)?)).await?;
    if old > 0 {
        tracing::info!(old, "old deliveries cleared away");
    }
    house.jobs.unpermitted(move |conn| Ok(delivery::clear(conn, now - delivery::KEPT)?)).await?;
    let sent = now - verification::KEPT;
    house.jobs.unpermitted(move |conn| Ok(verification::clear(conn, sent)?)).await?;
    house.jobs.unpermitted(move |conn| Ok(notify::clear(conn, now - notify::KEPT)?)).await?;
    house.jobs.unpermitted(move |conn| Ok(merge::clear(conn, now)?)).await?;
    let sent = now - ::analytics::schedule::run::KEPT;
    house.jobs.unpermitted(move |conn| Ok(::analytics::schedule::run::clear(conn, sent)?)).await?;
    super::exports::tidy_up(house, now).await?;
    super::files::tidy_up(house, now).await?;
    house.jobs.unpermitted(move |conn| ::sales::forecast::change::take(conn, now)).await?;
    house.jobs.unpermitted(::sales::opportunity::sums::tidy).await?;
    let catalogues = house.catalogues;
    let due = house.jobs.unpermitted(move |conn| retention::spread(conn, catalogues, RETENTION, now)).await?;
    if due > 0 {
        tracing::info!(due, "retention policies are carried out");
    }
    if gone > 0 {
        tracing::info!(gone, "old answers cleared away");
    }
    // last, for it may have to wait for somebody, and tries again in an hour
    months(house, now).await
}

/// The months of the audit trail: the next are made, old ones closed, and what is older than is kept goes.
async fn months(house: &House, now: DateTime<Utc>) -> Result<()> {
    house.jobs.unpermitted(move |conn| Ok(audit::open_months(conn, now)?)).await?;
    house.jobs.unpermitted(move |conn| Ok(audit::close_months(conn, now)?)).await?;
    let Some(keep) = house.audit_months else { return Ok(()) };
    let (vault, file) = (house.vault.clone(), audit::file(&house.data_dir));
    let dropped = house.jobs.unpermitted(move |conn| {
        let keys = Keys::open(conn, &vault, ::identity::random_bytes::<32>)?;
        audit::drop_old(conn, &keys, &file, now, keep)
    });
    for month in dropped.await? {
        tracing::info!(month, "a month of the audit trail was dropped");
    }
    Ok(())
}
