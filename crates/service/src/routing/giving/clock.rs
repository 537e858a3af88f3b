//! What the clock decides: who has not answered, who has gone, what has waited too long, and who has room again.
use super::super::{RoutingRule, choose::Wanted, ground, log, store as rules};
use super::store::{self, Due, Idle};
use super::{fill, hand, in_turn, overflow, wanted};
use crate::agent::{self, OFFLINE};
use crate::case::{Case, standing};
use chrono::Duration;
use kernel::{Ctx, Result};
use platform::{Conn, crash, sweep};

/// How many are settled in one look.
const MOST: usize = 1_000;

/// Gives on what was not answered, and then what waits, over all tenants; how much was looked at.
pub fn watch(conn: &mut Conn) -> Result<usize> {
    let due = sweep::some(conn, &store::DUE, MOST, answered_or_given_on)?;
    Ok(due + sweep::some(conn, &store::IDLE, MOST, given_out)?)
}

fn given_out(conn: &mut Conn, idle: &Idle) -> Result<()> {
    let ctx = Ctx::powerless(idle.tenant_id, idle.created_by, idle.now);
    let rule = rules::find(conn, &ctx, idle.id)?;
    overflow(conn, &ctx, &rule)?;
    if rule.gives() {
        fill(conn, &ctx, &rule, None)?;
    }
    crash::point("cases_given_out");
    Ok(())
}

fn answered_or_given_on(conn: &mut Conn, due: &Due) -> Result<()> {
    let ctx = Ctx::powerless(due.tenant_id, due.user_id, due.now);
    let case = store::found(conn, &ctx, due.id)?;
    let is_answered = case.last_agent_message_at.is_some_and(|at| at >= due.since_at);
    if is_answered || ![standing::NEW, standing::OPEN].contains(&case.status.as_str()) {
        store::over(conn, &ctx, due.id)?;
        return Ok(());
    }
    in_turn(conn, &ctx)?;
    let has_gone = match agent::store::of_user(conn, &ctx, due.user_id)? {
        Some(agent) => agent.status == OFFLINE,
        None => true,
    };
    let is_late = due.answer_by_at.is_some_and(|at| at <= ctx.now);
    match rules::of_queue(conn, &ctx, due.queue_id)?.filter(RoutingRule::gives) {
        // nobody gives it out any more
        None => drop(store::over(conn, &ctx, due.id)?),
        Some(rule) if has_gone || is_late => given_on(conn, &ctx, &rule, (&case, due), has_gone)?,
        // they were gone for a moment, and have come back
        Some(_) => drop(store::set_due(conn, &ctx, due.id, due.answer_by_at, due.answer_by_at)?),
    }
    Ok(())
}

/// To somebody else, if anybody is free. Else it stays where it is for as long again, unless they have gone: then it waits.
fn given_on(conn: &mut Conn, ctx: &Ctx, rule: &RoutingRule, (case, due): (&Case, &Due), has_gone: bool) -> Result<()> {
    let mut ground = ground::of(conn, ctx, rule)?;
    let tried = store::tried(conn, ctx, due.id)?;
    let all: Vec<_> = tried.into_iter().filter(|one| *one != due.user_id).chain([due.user_id]).collect();
    let own = [due.user_id];
    let ask = |without| Wanted { without, ..wanted(rule, &case.channel, &case.required_skills) };
    let (mut next, mut said) = ground.pick(&rule.strategy, ask(&all));
    if next.is_none() {
        (next, said) = ground.pick(&rule.strategy, ask(&own));
    }
    let reason = if has_gone { log::ABSENT } else { log::UNANSWERED };
    match next {
        Some(next) => {
            hand(conn, ctx, rule, case, (next, all), (reason, None), said)?;
            ground.took(next, &case.channel);
            ground::set_last(conn, ctx, rule.id, ground.last)?;
        }
        None if has_gone => {
            store::give(conn, ctx, case.id, rule.queue_id, Some(rule.queue_id))?;
            let to = (rule.queue_id, Some(rule.queue_id), Some(rule.id));
            log::note(conn, ctx, case, to, (reason, None), said)?;
            store::remember(conn, ctx, case.id, &all)?;
        }
        None => {
            let minutes = rule.reassign_minutes.map(|after| Duration::minutes(after.into()));
            let limit = minutes.and_then(|after| ctx.now.checked_add_signed(after));
            store::set_due(conn, ctx, due.id, limit, limit)?;
        }
    }
    crash::point("case_given_on");
    Ok(())
}
