//! What has arrived becomes records: a delivery's job, done as the user whom the connection names.
use crate::house::House;
use crate::inbound::{self, write};
use ::marketing::suppression::Digests;
use diesel::Connection as _;
use kernel::{Ctx, Error, InboundDeliveryId, Result, clock};
use platform::connection::delivery;
use platform::connection::{self, Connection, SHUT};
use platform::job::{self, Held};
use platform::{Conn, crash};
use serde::Deserialize;

pub const KINDS: &[&str] = &[delivery::JOB];

#[derive(Clone, Copy, Deserialize)]
struct Payload {
    delivery: InboundDeliveryId,
}

fn payload(held: &Held) -> Result<Payload> {
    serde_json::from_value(held.payload.clone()).map_err(Error::internal)
}

pub async fn run(house: &House, held: &Held) -> Result<()> {
    let id = payload(held)?.delivery;
    let tenant = held.tenant_id;
    let found = house.jobs.unpermitted(move |conn| {
        let Some(sender) = delivery::sender(conn, tenant, id)? else { return Ok(None) };
        Ok(Some(connection::any(conn, tenant, sender)?))
    });
    let held = held.clone();
    // erased, or too old
    let Some(connection) = found.await? else {
        return house.jobs.unpermitted(move |conn| job::discard(conn, &held)).await;
    };
    if !connection.is_active || connection.deleted_at.is_some() {
        return Err(SHUT.into());
    }
    let ctx = house.identity.acting(tenant, connection.user_id, None, clock::now()).await?;
    let (law, digests) = (house.privacy_law, Digests::new(&house.seal));
    let work = move |conn: &mut Conn| {
        conn.transaction(|conn| {
            let about = About { held: &held, connection: &connection, law, digests: &digests };
            work(conn, &ctx, &about, id)
        })
    };
    house.jobs.unpermitted(work).await
}

/// What a delivery's job goes by.
struct About<'a> {
    held: &'a Held,
    connection: &'a Connection,
    law: &'a str,
    digests: &'a Digests,
}

/// Its records, what is said of it and the end of its job are kept together.
fn work(conn: &mut Conn, ctx: &Ctx, about: &About, id: InboundDeliveryId) -> Result<()> {
    let About { held, connection, law, digests } = *about;
    job::keep(conn, held, None)?;
    let Some(raw) = delivery::lock(conn, ctx.tenant, id)? else { return job::discard(conn, held) };
    let changes = inbound::read(connection, &raw)?;
    let status = write::write(conn, &write::Writing { ctx, connection, raw: &raw, law, digests }, &changes)?;
    delivery::settle(conn, ctx.tenant, raw.id, (status, None), ctx.now)?;
    crash::point("inbound_written");
    job::discard(conn, held)
}

/// The delivery says why, and can be replayed.
pub async fn give_up(house: &House, held: Held, why: String) -> Result<()> {
    let id = payload(&held)?.delivery;
    let done = house.jobs.unpermitted(move |conn| {
        conn.transaction(|conn| {
            delivery::settle(conn, held.tenant_id, id, ("failed", Some(&why)), clock::now())?;
            job::discard(conn, &held)
        })
    });
    done.await
}
