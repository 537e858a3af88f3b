//! Cases are given out by the rules of their queues: as they come, as somebody comes or has room again, and anew where
//! whoever has one does not answer in time or has gone. Which cases wait, and which are watched, a trigger keeps beside them,
//! so that every way counts by which a case comes to a queue.
mod clock;
mod store;

pub use clock::watch;
pub(super) use store::{give, held_of, keep, waiting};

use super::choose::{Ground, Wanted};
use super::{CaseCandidate, RoutingRule, ground, log, store as rules};
use crate::case::{Case, standing};
use chrono::Duration;
use diesel::Connection;
use kernel::{CaseId, Ctx, Result, UserId};
use platform::{Conn, crash, deed};
use store::Waiting;

/// What counts as in hand.
pub(super) const OPEN: &[&str] = &[standing::NEW, standing::OPEN, standing::PENDING, standing::ON_HOLD];

/// Somebody serves several queues, and their room is one: whoever gives out waits for whoever does.
pub(super) fn in_turn(conn: &mut Conn, ctx: &Ctx) -> Result<()> {
    deed::in_turn(conn, &format!("{} cases in hand", ctx.tenant))
}

/// A case that has come to a queue goes to somebody, if anybody is free: it is answered as it is then. In a transaction.
pub(crate) fn arrive(conn: &mut Conn, ctx: &Ctx, case: Case) -> Result<Case> {
    let Some(queue) = case.queue_id.filter(|queue| *queue == case.owner_id) else { return Ok(case) };
    if standing::is_done(&case.status) {
        return Ok(case);
    }
    let Some(rule) = rules::of_queue(conn, ctx, queue)?.filter(RoutingRule::gives) else { return Ok(case) };
    match fill(conn, ctx, &rule, Some(case.id))? {
        0 => Ok(case),
        _ => Ok(store::found(conn, ctx, case.id)?),
    }
}

/// Whoever has come is given what waits in the queues that they serve. In a transaction.
pub(crate) fn come(conn: &mut Conn, ctx: &Ctx) -> Result<()> {
    for rule in rules::giving(conn, ctx, ctx.grants.queues())? {
        fill(conn, ctx, &rule, None)?;
    }
    Ok(())
}

/// What somebody who has gone was given and has not answered is looked at next. In a transaction.
pub(crate) fn gone(conn: &mut Conn, ctx: &Ctx, user: UserId) -> Result<()> {
    in_turn(conn, ctx)?;
    store::hurry(conn, ctx, user)?;
    Ok(())
}

/// Gives out what waits in the queue of a rule, in its order, as long as anybody is free; how much that was. What somebody
/// changes at the moment is left for the next time.
fn fill(conn: &mut Conn, ctx: &Ctx, rule: &RoutingRule, arrived: Option<CaseId>) -> Result<usize> {
    let mut ground = ground::held(conn, ctx, rule)?;
    let mut count = 0;
    if !ground.is_anybody_free() {
        return Ok(count);
    }
    for one in store::waiting(conn, ctx, &[rule.queue_id])? {
        let Some((next, said)) = chosen(&ground, rule, &one) else { continue };
        let Some(case) = store::held(conn, ctx, one.id, rule.queue_id)? else { continue };
        let reason = if arrived == Some(one.id) { log::ARRIVED } else { log::WAITED };
        hand(conn, ctx, rule, &case, (next, one.tried), (reason, None), said)?;
        ground.took(next, &case.channel);
        count += 1;
        if !ground.is_anybody_free() {
            break;
        }
    }
    if count > 0 {
        ground::set_last(conn, ctx, rule.id, ground.last)?;
    }
    Ok(count)
}

/// Somebody who has not had it yet, or else whoever is free.
fn chosen(ground: &Ground, rule: &RoutingRule, one: &Waiting) -> Option<(UserId, Vec<CaseCandidate>)> {
    let wanted = |without| Wanted { without, ..wanted(rule, &one.channel, &one.required_skills) };
    let (next, said) = ground.pick(&rule.strategy, wanted(&one.tried));
    if let Some(next) = next {
        return Some((next, said));
    }
    let (next, said) = ground.pick(&rule.strategy, wanted(&[]));
    next.map(|next| (next, said))
}

/// What a case of a rule's queue asks of whoever gets it.
pub(super) fn wanted<'a>(rule: &'a RoutingRule, channel: &'a str, names: &'a [String]) -> Wanted<'a> {
    Wanted { channel, skills: &rule.required_skills.0, names, without: &[] }
}

/// A case that is locked goes to somebody by a rule, and is watched until they have answered.
pub(super) fn hand(
    conn: &mut Conn,
    ctx: &Ctx,
    rule: &RoutingRule,
    case: &Case,
    (to, tried): (UserId, Vec<UserId>),
    (reason, comment): (&str, Option<&str>),
    said: Vec<CaseCandidate>,
) -> Result<Case> {
    let after = store::give(conn, ctx, case.id, to, Some(rule.queue_id))?;
    log::note(conn, ctx, case, (to, Some(rule.queue_id), Some(rule.id)), (reason, comment), said)?;
    let limit = rule.reassign_minutes.and_then(|after| ctx.now.checked_add_signed(Duration::minutes(after.into())));
    store::keep(conn, ctx, case.id, (rule.queue_id, to), limit, tried)?;
    crash::point("case_given");
    Ok(after)
}

/// A case that waits for too long goes to the queue behind its own.
fn overflow(conn: &mut Conn, ctx: &Ctx, rule: &RoutingRule) -> Result<usize> {
    let (Some(to), Some(minutes)) = (rule.overflow_queue_id, rule.overflow_minutes) else { return Ok(0) };
    let Some(before) = ctx.now.checked_sub_signed(Duration::minutes(minutes.into())) else { return Ok(0) };
    if !crate::staff::store::is_queue(conn, ctx, to)? {
        return Ok(0);
    }
    let mut count = 0;
    for id in store::late(conn, ctx, rule.queue_id, before)? {
        let Some(case) = store::held(conn, ctx, id, rule.queue_id)? else { continue };
        conn.transaction(|conn| {
            store::give(conn, ctx, id, to, Some(to))?;
            log::note(conn, ctx, &case, (to, Some(to), Some(rule.id)), (log::OVERFLOWED, None), Vec::new())
        })?;
        count += 1;
    }
    Ok(count)
}
