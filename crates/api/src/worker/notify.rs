//! People are told of what happens as soon as it is in the order of events, by whichever worker gets to it; and letters
//! and messages that are due become jobs.
use super::webhooks::Known;
use crate::house::House;
use ::identity::role;
use kernel::{Result, TenantId, clock};
use platform::notify::fanout::{self, Spread};
use platform::notify::letter::{self, Way};
use platform::webhook::fanout::Seers;
use platform::{Conn, event};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

/// Between two looks, where nobody says that there is something.
const LOOK: Duration = Duration::from_secs(1);

pub async fn go_on(house: House, stopping: Arc<AtomicBool>) {
    let (mut sealed, mut known) = (event::sealings(), Known::default());
    while !stopping.load(Ordering::Relaxed) {
        match look(&house, &mut known).await {
            Ok(true) => {}
            Ok(false) => drop(tokio::time::timeout(LOOK, sealed.changed()).await),
            Err(error) => {
                tracing::warn!(%error, "people could not be told what has happened");
                tokio::time::sleep(LOOK).await;
            }
        }
    }
}

/// A chunk of each tenant of whom something has happened; whether there is more. Where that fails of one, the others are
/// gone through all the same.
async fn look(house: &House, known: &mut Known) -> Result<bool> {
    let mut more = false;
    for tenant in house.hooks.unpermitted(fanout::due).await? {
        match look_at(house, known, tenant).await {
            Ok(has_more) => more |= has_more,
            Err(error) => tracing::warn!(%error, %tenant, "its people could not be told what has happened"),
        }
    }
    for way in [Way::Letter, Way::Push].into_iter().filter(|way| *way == Way::Push || house.mail.is_configured()) {
        if house.hooks.unpermitted(move |conn| letter::put_down(conn, way, clock::now())).await? > 0 {
            super::wake();
        }
    }
    Ok(more)
}

async fn look_at(house: &House, known: &mut Known, tenant: TenantId) -> Result<bool> {
    let mut seers = Seers::new();
    // most of what happens concerns nobody else: who they are is asked where it does
    loop {
        let (catalogues, known_so_far) = (house.catalogues, seers.clone());
        let work = move |conn: &mut Conn| fanout::spread(conn, catalogues, tenant, &known_so_far, role::who_may);
        match house.hooks.unpermitted(work).await? {
            Spread::Done { more } => return Ok(more),
            Spread::Lacking(eyes) => seers.extend(known.of(house, eyes).await?),
        }
    }
}
