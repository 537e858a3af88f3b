//! What is done with leads of pools: of many who want one, one takes it.
use super::entry::{Turn, is_no_pools, lifted, named};
use super::mask::Reached;
use super::{Entry, LeadReturn, LeadTransfer, NOT_IN_POOL, PoolClaim, TAKEN, allowance, put_in, store};
use crate::lead::{Lead, changeable, standing, store as leads_store};
use crate::others;
use crate::pool::{self, EMPTY, Pool, SHUT, event};
use customer::form::submission;
use diesel::Connection;
use kernel::event::Verb;
use kernel::{Ctx, Error, LeadId, PoolId, Result, TeamId, UserId, error, text};
use platform::Conn;
use platform::deed::untouched;

/// The lead that lies in the pool longest, or the one that is named.
pub fn claim_next(conn: &mut Conn, ctx: &Ctx, id: PoolId, ask: &PoolClaim) -> Result<Lead> {
    if let Some(lead) = ask.lead_id {
        pool::find(conn, ctx, id)?;
        return of_pool(conn, ctx, lead, Some(id));
    }
    conn.transaction(|conn| {
        let pool = pool::find(conn, ctx, id)?;
        allowance::may_claim(conn, ctx, &pool)?;
        let lead = store::next(conn, ctx, id)?.ok_or(EMPTY)?;
        claimed(conn, ctx, &pool, &lead)
    })
}

pub fn claim(conn: &mut Conn, ctx: &Ctx, id: LeadId) -> Result<Lead> {
    of_pool(conn, ctx, id, None)
}

fn of_pool(conn: &mut Conn, ctx: &Ctx, id: LeadId, wanted: Option<PoolId>) -> Result<Lead> {
    conn.transaction(|conn| {
        let seen = leads_store::find(conn, ctx, id)?;
        let here = seen.pool_id.filter(|pool| seen.lies_in_pool() && wanted.is_none_or(|wanted| wanted == *pool));
        let pool = pool::store::find_any(conn, ctx, here.ok_or(NOT_IN_POOL)?)?;
        allowance::may_claim(conn, ctx, &pool)?;
        let lies_here = |lead: &Lead| lead.lies_in_pool() && lead.pool_id == Some(pool.id);
        match leads_store::lock(conn, ctx, id)? {
            Some(lead) if lies_here(&lead) => claimed(conn, ctx, &pool, &lead),
            // it was seen a moment ago
            _ => match leads_store::find(conn, ctx, id) {
                Ok(now) if lies_here(&now) => Err(untouched(conn, ctx, leads_store::find, id, None)),
                _ => Err(TAKEN.into()),
            },
        }
    })
}

/// It is of the team of whoever takes it, so that those who had it before see no more of it.
fn claimed(conn: &mut Conn, ctx: &Ctx, pool: &Pool, lead: &Lead) -> Result<Lead> {
    let to = (ctx.actor.user, Some(ctx.grants.teams().first().copied()));
    let after = taken_out(conn, ctx, lead, to, Verb::Claimed)?;
    event::note(conn, ctx, (pool.id, lead.id), event::CLAIMED, (Some(lead.owner_id), to.0), None)?;
    platform::crash::point("lead_claimed");
    Ok(after)
}

fn taken_out(
    conn: &mut Conn,
    ctx: &Ctx,
    lead: &Lead,
    to: (UserId, Option<Option<TeamId>>),
    verb: Verb,
) -> Result<Lead> {
    let open: Reached = lifted(conn, ctx, lead)?;
    let turn = if lead.is_masked { Turn::of(lead, &open, false) } else { Turn { come: Vec::new(), gone: Vec::new() } };
    let after = store::take_out(conn, ctx, lead, to, (&open, turn), verb)?;
    if lead.is_masked {
        submission::hand(conn, ctx, lead.id, after.owner_id, after.team_id)?;
    }
    Ok(after)
}

/// With a `base`, only if the lead is still at that version.
pub fn give_back(conn: &mut Conn, ctx: &Ctx, id: LeadId, base: Option<i32>, why: &LeadReturn) -> Result<Lead> {
    conn.transaction(|conn| {
        let lead = changeable(conn, ctx, id, base)?;
        if lead.converted_at.is_some() {
            return Err(standing::converted(&lead));
        }
        let pool = match (why.pool_id, lead.pool_id) {
            (Some(id), _) => named(conn, ctx, id)?,
            (None, Some(own)) => pool::store::find_any(conn, ctx, own)?,
            (None, None) => {
                let message = text!("the lead is of no pool: says which one it goes into");
                return Err(Error::invalid("/pool_id", "required", message));
            }
        };
        if !pool.is_open() {
            return Err(SHUT.into());
        }
        put_in(conn, ctx, &lead, &Entry { pool: &pool, kind: event::RETURNED, reason: Some(&why.reason), due: None })
    })
}

/// By those who may give leads to others: the quotas are for those who take.
pub fn transfer(conn: &mut Conn, ctx: &Ctx, id: LeadId, base: Option<i32>, to: &LeadTransfer) -> Result<Lead> {
    conn.transaction(|conn| {
        let lead = match leads_store::lock(conn, ctx, id)? {
            Some(lead) if base.is_none_or(|version| version == lead.version) => lead,
            _ => return Err(untouched(conn, ctx, leads_store::find, id, base)),
        };
        if lead.converted_at.is_some() {
            return Err(standing::converted(&lead));
        }
        let reason = to.reason.as_deref();
        if let Some(pool) = to.pool_id {
            let pool = named(conn, ctx, pool)?;
            return put_in(conn, ctx, &lead, &Entry { pool: &pool, kind: event::TRANSFERRED, reason, due: None });
        }
        let (pool, owner) = (lead.pool_id.ok_or(NOT_IN_POOL)?, to.owner_id.ok_or(error::INVALID)?);
        is_no_pools(conn, ctx, Some(owner))?;
        if others::store::living(conn, ctx, &[owner])?.is_empty() {
            let message = text!("there is no such record");
            return Err(Error::invalid("/owner_id", error::UNKNOWN_REFERENCE.name, message));
        }
        let after = taken_out(conn, ctx, &lead, (owner, None), Verb::Assigned)?;
        event::note(conn, ctx, (pool, id), event::TRANSFERRED, (Some(lead.owner_id), owner), reason)?;
        Ok(after)
    })
}
