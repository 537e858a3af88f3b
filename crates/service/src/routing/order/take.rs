//! Whoever has room takes the next case themselves: of many who want it one gets it.
use super::super::choose::{Ground, Wanted};
use super::super::giving::{self, hand, held_of, keep, waiting};
use super::super::{HANDS_FULL, NOTHING_WAITS, RoutingRule, ground, log, store as rules};
use super::CaseTake;
use crate::agent::{Agent, NOT_AN_AGENT, store as agents};
use crate::case::Case;
use crate::skill;
use diesel::Connection;
use kernel::{Ctx, Result, UserId};
use platform::Conn;
use std::collections::BTreeMap;

/// The most urgent one that the caller has the skills and the room for, of those the oldest.
pub fn next(conn: &mut Conn, ctx: &Ctx, ask: &CaseTake) -> Result<Case> {
    ctx.may_write::<Case>("owner_id")?;
    conn.transaction(|conn| {
        giving::in_turn(conn, ctx)?;
        let agent = agents::of_user(conn, ctx, ctx.actor.user)?.filter(|one| one.is_active).ok_or(NOT_AN_AGENT)?;
        let ground = alone(conn, ctx, &agent)?;
        if agent.capacity.is_some_and(|most| open_cases(&ground, &agent) >= i64::from(most)) {
            return Err(HANDS_FULL.into());
        }
        let serves = |queue: &&UserId| ask.queue_id.is_none_or(|wanted| wanted == **queue);
        let queues: Vec<UserId> = ctx.grants.queues().iter().filter(serves).copied().collect();
        let rules = rules_of(conn, ctx, &queues)?;
        for one in waiting(conn, ctx, &queues)? {
            let skills = rules.get(&one.queue_id).map(|rule| rule.required_skills.0.as_slice()).unwrap_or_default();
            let wanted = Wanted { channel: &one.channel, skills, names: &one.required_skills, without: &[] };
            if ground.against(&agent, wanted).is_some() {
                continue;
            }
            if let Some(case) = held_of(conn, ctx, one.id, &queues)? {
                return taken(conn, ctx, rules.get(&one.queue_id), &case);
            }
        }
        Err(NOTHING_WAITS.into())
    })
}

fn taken(conn: &mut Conn, ctx: &Ctx, rule: Option<&RoutingRule>, case: &Case) -> Result<Case> {
    let me = ctx.actor.user;
    if let Some(rule) = rule {
        return hand(conn, ctx, rule, case, (me, Vec::new()), (log::TAKEN, None), Vec::new());
    }
    let queue = case.owner_id;
    let after = giving::give(conn, ctx, case.id, me, Some(queue))?;
    log::note(conn, ctx, case, (me, Some(queue), None), (log::TAKEN, None), Vec::new())?;
    keep(conn, ctx, case.id, (queue, me), None, Vec::new())?;
    Ok(after)
}

/// What is known of the caller.
fn alone(conn: &mut Conn, ctx: &Ctx, agent: &Agent) -> Result<Ground> {
    let in_hand = ground::in_hand(conn, ctx, &[agent.user_id])?;
    let skills = skill::store::names(conn, ctx)?.into_iter().collect();
    Ok(Ground { agents: Vec::new(), in_hand, skills, last: None })
}

fn open_cases(ground: &Ground, agent: &Agent) -> i64 {
    ground.in_hand.get(&agent.user_id).map_or(0, |by| by.values().sum())
}

fn rules_of(conn: &mut Conn, ctx: &Ctx, queues: &[UserId]) -> Result<BTreeMap<UserId, RoutingRule>> {
    let mut all = BTreeMap::new();
    for queue in queues {
        all.extend(rules::of_queue(conn, ctx, *queue)?.filter(|rule| rule.is_active).map(|rule| (*queue, rule)));
    }
    Ok(all)
}
