//! Cases that somebody gives or takes: to whoever is named, to a queue, by its rule, or to themselves; and whom the rule
//! would give one to.
mod body;
mod take;

pub use body::{CaseAssign, CaseTake};
pub use take::next;

use super::giving::{self, hand, wanted};
use super::{CaseCandidate, DONE, NOBODY_FREE, NOT_ROUTED, RoutingRule, ground, log, store as rules};
use crate::agent::Agent;
use crate::case::{self, Case, standing};
use crate::staff;
use diesel::Connection;
use kernel::{CaseId, Ctx, Read, Result, RoutingRuleId, UserId};
use platform::Conn;
use serde::Serialize;
use utoipa::ToSchema;

/// Whom the rule of its queue would give a case to now.
#[derive(Clone, Debug, Serialize, ToSchema)]
#[schema(example = json!({
    "case_id": "0192f0c1-9999-7000-8000-000000000001", "rule_id": "0192f0c1-9999-7000-8000-00000000000c",
    "queue_id": "0192f0c1-0000-7000-8000-0000000000e1", "owner_id": "0192f0c1-0000-7000-8000-000000000001",
    "candidates": [{"user_id": "0192f0c1-0000-7000-8000-000000000001", "status": "online", "open_cases": 3,
        "capacity": 8, "outcome": "chosen"}]
}))]
pub struct CaseRouting {
    pub case_id: CaseId,
    /// none, where the case is of no queue with a rule
    pub rule_id: Option<RoutingRuleId>,
    pub queue_id: Option<UserId>,
    /// who would get it; none, where nobody is free
    pub owner_id: Option<UserId>,
    /// what is said of those who serve the queue, as far as the caller may read agents
    pub candidates: Vec<CaseCandidate>,
}

/// Whom the rule would give it to. Nothing is done.
pub fn explain(conn: &mut Conn, ctx: &Ctx, id: CaseId) -> Result<CaseRouting> {
    let case = case::find(conn, ctx, id)?;
    let mut told = CaseRouting { case_id: id, rule_id: None, queue_id: None, owner_id: None, candidates: Vec::new() };
    let Some(rule) = rule_of(conn, ctx, &case)? else { return Ok(told) };
    let ground = ground::of(conn, ctx, &rule)?;
    let (next, said) = ground.pick(&rule.strategy, wanted(&rule, &case.channel, &case.required_skills));
    (told.rule_id, told.queue_id, told.owner_id) = (Some(rule.id), Some(rule.queue_id), next);
    if ctx.must::<Read<Agent>>().is_ok() {
        told.candidates = said;
    }
    Ok(told)
}

/// With a `base`, only if the case is still at that version.
pub fn assign(conn: &mut Conn, ctx: &Ctx, id: CaseId, base: Option<i32>, to: &CaseAssign) -> Result<Case> {
    ctx.may_write::<Case>("owner_id")?;
    conn.transaction(|conn| {
        let case = case::changeable(conn, ctx, id, base)?;
        if standing::is_done(&case.status) {
            return Err(DONE.into());
        }
        match (to.owner_id, to.queue_id) {
            (Some(owner), _) => {
                staff::is_person(conn, ctx, "/owner_id", owner)?;
                named(conn, ctx, &case, (owner, None), to)
            }
            (None, Some(queue)) => {
                ctx.may_write::<Case>("queue_id")?;
                staff::is_queue(conn, ctx, "/queue_id", queue)?;
                let there = named(conn, ctx, &case, (queue, Some(queue)), to)?;
                giving::arrive(conn, ctx, there)
            }
            (None, None) => asked(conn, ctx, &case, to),
        }
    })
}

fn named(
    conn: &mut Conn,
    ctx: &Ctx,
    case: &Case,
    (owner, queue): (UserId, Option<UserId>),
    to: &CaseAssign,
) -> Result<Case> {
    let after = giving::give(conn, ctx, case.id, owner, queue)?;
    let queue = queue.or(case.queue_id);
    log::note(conn, ctx, case, (owner, queue, None), (log::NAMED, to.comment.as_deref()), Vec::new())?;
    Ok(after)
}

/// By the rule of its queue, to somebody else than has it.
fn asked(conn: &mut Conn, ctx: &Ctx, case: &Case, to: &CaseAssign) -> Result<Case> {
    let rule = rule_of(conn, ctx, case)?.ok_or(NOT_ROUTED)?;
    let mut ground = ground::held(conn, ctx, &rule)?;
    let own = [case.owner_id];
    let wanted = wanted(&rule, &case.channel, &case.required_skills);
    let (next, said) = ground.pick(&rule.strategy, super::choose::Wanted { without: &own, ..wanted });
    let next = next.ok_or(NOBODY_FREE)?;
    let after = hand(conn, ctx, &rule, case, (next, Vec::new()), (log::ASKED, to.comment.as_deref()), said)?;
    ground.took(next, &case.channel);
    ground::set_last(conn, ctx, rule.id, ground.last)?;
    Ok(after)
}

/// That of the queue that a case came by.
fn rule_of(conn: &mut Conn, ctx: &Ctx, case: &Case) -> Result<Option<RoutingRule>> {
    Ok(rules::of_queue(conn, ctx, case.queue_id.unwrap_or(case.owner_id))?.filter(|rule| rule.is_active))
}
