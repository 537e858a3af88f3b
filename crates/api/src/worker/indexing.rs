//! The indexes of a tenant's own fields, brought in line with what is defined.
use crate::house::House;
use kernel::{Error, Result};
use platform::custom::index;
use platform::job::{self, Held};
use serde::Deserialize;

pub const KINDS: &[&str] = &[index::KIND];

#[derive(Deserialize)]
struct Payload {
    object: String,
}

pub async fn run(house: &House, held: &Held) -> Result<()> {
    let payload: Payload = serde_json::from_value(held.payload.clone()).map_err(Error::internal)?;
    let Some(noun) = house.catalogues.get(&payload.object) else { return Ok(()) };
    let (url, tenant, held) = (house.direct_url.clone(), held.tenant_id, held.clone());
    let built = tokio::task::spawn_blocking(move || index::settle(&url, tenant, noun));
    built.await.map_err(Error::internal)??;
    house.jobs.unpermitted(move |conn| job::end(conn, &held, "succeeded", None)).await
}
