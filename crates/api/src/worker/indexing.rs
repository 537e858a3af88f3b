//! What follows a change of a tenant's own fields: their indexes, and the words that records are found by, brought in line
//! with what is defined.
use crate::house::House;
use kernel::catalogue::Catalogue;
use kernel::{Error, Result};
use platform::custom::{anew, index};
use platform::job::{self, Held};
use serde::Deserialize;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

pub const KINDS: &[&str] = &[index::KIND, anew::KIND];

#[derive(Deserialize)]
struct Payload {
    object: String,
}

pub async fn run(house: &House, held: &Held, stopping: &Arc<AtomicBool>) -> Result<()> {
    let payload: Payload = serde_json::from_value(held.payload.clone()).map_err(Error::internal)?;
    let Some(noun) = house.catalogues.get(&payload.object) else { return Ok(()) };
    match held.kind.as_str() {
        anew::KIND => reword(house, held, noun, stopping).await,
        _ => build(house, held, noun).await,
    }
}

async fn build(house: &House, held: &Held, noun: &'static Catalogue) -> Result<()> {
    let (url, tenant, held) = (house.direct_url.clone(), held.tenant_id, held.clone());
    let built = tokio::task::spawn_blocking(move || index::settle(&url, tenant, noun));
    built.await.map_err(Error::internal)??;
    house.jobs.unpermitted(move |conn| job::end(conn, &held, "succeeded", None)).await
}

async fn reword(house: &House, held: &Held, noun: &'static Catalogue, stopping: &Arc<AtomicBool>) -> Result<()> {
    let (catalogues, held, stopping) = (house.catalogues, held.clone(), Arc::clone(stopping));
    let work = house
        .jobs
        .unpermitted(move |conn| anew::run(conn, &held, catalogues, noun, &|| stopping.load(Ordering::Relaxed)));
    work.await
}
