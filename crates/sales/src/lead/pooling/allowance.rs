//! How many leads somebody may take, and how many there are. Whoever takes one holds their place until they are done, so
//! that one who takes twenty at once takes no more than they may.
use super::store;
use crate::others;
use crate::pool::{self, CLAIMS_USED, HANDS_FULL, NOT_SERVED, Pool, SHUT, event};
use chrono::{DateTime, Utc};
use kernel::{Ctx, Error, PoolId, Result, text};
use platform::Conn;
use platform::deed::in_turn;
use serde::Serialize;
use utoipa::ToSchema;

/// What the caller could take from a pool.
#[derive(Clone, Debug, Serialize, ToSchema)]
#[schema(example = json!({
    "is_served": true, "lying_count": 120, "claims_today_count": 3, "held_count": 12, "claimable_count": 17,
    "next_claim_at": null
}))]
pub struct PoolAllowance {
    /// whether the caller serves the pool's queue, and may take anything at all
    pub is_served: bool,
    /// what lies in the pool that the caller could take one of
    #[schema(example = 120)]
    pub lying_count: i64,
    /// what they have taken since the tenant's day began
    #[schema(example = 3)]
    pub claims_today_count: i64,
    /// open leads of the pool that they have in hand
    #[schema(example = 12)]
    pub held_count: i64,
    /// how many they could take now
    #[schema(example = 17)]
    pub claimable_count: i64,
    /// when the next is free, where they have taken as many today as they may
    pub next_claim_at: Option<DateTime<Utc>>,
}

pub fn allowance(conn: &mut Conn, ctx: &Ctx, id: PoolId) -> Result<PoolAllowance> {
    let pool = pool::find(conn, ctx, id)?;
    let so_far = SoFar::of(conn, ctx, &pool)?;
    let lying_count = store::lying(conn, ctx, id)?;
    let is_served = serves(ctx, &pool);
    let most = so_far.claims_left(&pool).min(so_far.held_left(&pool)).min(lying_count);
    Ok(PoolAllowance {
        is_served,
        lying_count,
        claims_today_count: so_far.claims,
        held_count: so_far.held,
        claimable_count: if is_served && pool.is_active { most.max(0) } else { 0 },
        next_claim_at: (so_far.claims_left(&pool) <= 0).then_some(so_far.day_ends_at),
    })
}

fn serves(ctx: &Ctx, pool: &Pool) -> bool {
    ctx.grants.queues().contains(&pool.queue_id)
}

/// In a transaction: whoever else takes something as the same person waits for its end.
pub(super) fn may_claim(conn: &mut Conn, ctx: &Ctx, pool: &Pool) -> Result<()> {
    if !serves(ctx, pool) {
        return Err(NOT_SERVED.into());
    }
    if !pool.is_open() {
        return Err(SHUT.into());
    }
    if pool.claims_per_day.is_none() && pool.held_at_most.is_none() {
        return Ok(());
    }
    in_turn(conn, &format!("{} pool {} {}", ctx.tenant, pool.id, ctx.actor.user))?;
    let so_far = SoFar::of(conn, ctx, pool)?;
    if so_far.claims_left(pool) <= 0 {
        let (at, wait) = (so_far.day_ends_at, (so_far.day_ends_at - ctx.now).num_seconds().max(1));
        let detail = text!("the next is free at {at}", at = at.to_rfc3339_opts(chrono::SecondsFormat::Secs, true));
        return Err(Error::from(CLAIMS_USED).detail(detail).member("retry_after", wait));
    }
    if so_far.held_left(pool) <= 0 {
        return Err(Error::from(HANDS_FULL).detail(text!("{held} are in hand", held = so_far.held)));
    }
    Ok(())
}

/// What somebody has taken today, and has in hand.
struct SoFar {
    claims: i64,
    held: i64,
    day_ends_at: DateTime<Utc>,
}

impl SoFar {
    fn of(conn: &mut Conn, ctx: &Ctx, pool: &Pool) -> Result<Self> {
        let today = others::today(conn, ctx)?;
        let begun = others::end_of(conn, ctx, today.pred_opt().unwrap_or(today))?;
        Ok(Self {
            claims: event::claims_since(conn, ctx, pool.id, begun)?,
            held: store::held(conn, ctx, pool.id)?,
            day_ends_at: others::end_of(conn, ctx, today)?,
        })
    }

    fn claims_left(&self, pool: &Pool) -> i64 {
        pool.claims_per_day.map_or(i64::MAX, |most| i64::from(most) - self.claims)
    }

    fn held_left(&self, pool: &Pool) -> i64 {
        pool.held_at_most.map_or(i64::MAX, |most| i64::from(most) - self.held)
    }
}
