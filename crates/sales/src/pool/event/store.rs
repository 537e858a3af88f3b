//! The queries of what happened by way of pools. The lead was asked for before.
use super::{CLAIMED, PoolEvent};
use crate::lead;
use crate::pool::schema::pool_events;
use chrono::{DateTime, Utc};
use diesel::prelude::*;
use diesel::result::QueryResult;
use kernel::{Ctx, LeadId, PoolEventId, PoolId, Result, UserId};
use platform::Conn;

const MOST: i64 = 500;

/// What happened to a lead, the newest first.
pub fn of(conn: &mut Conn, ctx: &Ctx, id: LeadId) -> Result<Vec<PoolEvent>> {
    lead::find(conn, ctx, id)?;
    Ok(pool_events::table
        .filter(pool_events::tenant_id.eq(ctx.tenant))
        .filter(pool_events::lead_id.eq(id))
        .order(pool_events::id.desc())
        .limit(MOST)
        .select(PoolEvent::as_select())
        .load(conn)?)
}

/// How many leads the actor has taken from a pool.
pub(crate) fn claims_since(conn: &mut Conn, ctx: &Ctx, pool: PoolId, since: DateTime<Utc>) -> QueryResult<i64> {
    pool_events::table
        .filter(pool_events::tenant_id.eq(ctx.tenant))
        .filter(pool_events::pool_id.eq(pool))
        .filter(pool_events::actor_id.eq(ctx.actor.user))
        .filter(pool_events::kind.eq(CLAIMED))
        .filter(pool_events::occurred_at.ge(since))
        .count()
        .get_result(conn)
}

pub(crate) fn note(
    conn: &mut Conn,
    ctx: &Ctx,
    (pool, lead): (PoolId, LeadId),
    kind: &str,
    (from, to): (Option<UserId>, UserId),
    reason: Option<&str>,
) -> QueryResult<usize> {
    let row = (
        pool_events::tenant_id.eq(ctx.tenant),
        pool_events::id.eq(PoolEventId::new()),
        pool_events::pool_id.eq(pool),
        pool_events::lead_id.eq(lead),
        pool_events::kind.eq(kind),
        pool_events::actor_id.eq(ctx.actor.user),
        pool_events::from_id.eq(from),
        pool_events::to_id.eq(to),
        pool_events::reason.eq(reason),
        pool_events::occurred_at.eq(ctx.now),
    );
    diesel::insert_into(pool_events::table).values(row).execute(conn)
}
