//! What has arrived becomes records: a delivery's job, done as the user whom the connection names.
use crate::house::House;
use crate::inbound::{self, write};
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
    let law = house.privacy_law;
    house.jobs.unpermitted(move |conn| conn.transaction(|conn| work(conn, &ctx, &held, &connection, id, law))).await
}

/// Its records, what is said of it and the end of its job are kept together.
fn work(
    conn: &mut Conn,
    ctx: &Ctx,
    held: &Held,
    connection: &Connection,
    id: InboundDeliveryId,
    law: &str,
) -> Result<()> {
    job::keep(conn, held, None)?;
    let Some(raw) = delivery::lock(conn, ctx.tenant, id)? else { return job::discard(conn, held) };
    let changes = inbound::read(connection, &raw)?;
    let status = write::write(conn, &write::Writing { ctx, connection, raw: &raw, law }, &changes)?;
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
