//! The way of an evaluation: from a draft to what holds, by the reviewer; then, if the agent does not agree, to what
//! somebody else decides.
use super::deeds::{apart, changeable, fit, is_in};
use super::store::{self, Step};
use super::{APPEALED, DRAFT, FINAL, QaAppeal, QaEvaluation, QaReason, QaRevision, REVISED, UNFINISHED, UPHELD};
use crate::qa::reckon::{self, Outcome};
use crate::qa::scorecard::Criterion;
use diesel::Connection;
use kernel::{Ctx, QaEvaluationId, Result, error};
use platform::Conn;

/// It holds from now on, and is the agent's.
pub fn finalize(conn: &mut Conn, ctx: &Ctx, id: QaEvaluationId, base: Option<i32>) -> Result<QaEvaluation> {
    conn.transaction(|conn| {
        let before = changeable(conn, ctx, id, base)?;
        is_in(ctx, &before, DRAFT)?;
        if before.reviewer_id != ctx.actor.user {
            return Err(error::FORBIDDEN.into());
        }
        let outcome = reckon::outcome(&before.criteria.0, &before.scores.0, before.pass_mark);
        is_finished(&before.criteria.0, &before.scores.0, outcome)?;
        Ok(store::step(conn, ctx, id, Step::Final { agent: before.agent_id, outcome })?)
    })
}

/// By the agent alone, once.
pub fn appeal(
    conn: &mut Conn,
    ctx: &Ctx,
    id: QaEvaluationId,
    base: Option<i32>,
    why: &QaAppeal,
) -> Result<QaEvaluation> {
    conn.transaction(|conn| {
        let before = changeable(conn, ctx, id, base)?;
        if before.agent_id != ctx.actor.user {
            return Err(error::FORBIDDEN.into());
        }
        is_in(ctx, &before, FINAL)?;
        Ok(store::step(conn, ctx, id, Step::Appealed { reason: &why.reason })?)
    })
}

/// What was appealed against stands as it is.
pub fn uphold(
    conn: &mut Conn,
    ctx: &Ctx,
    id: QaEvaluationId,
    base: Option<i32>,
    why: &QaReason,
) -> Result<QaEvaluation> {
    conn.transaction(|conn| {
        let before = changeable(conn, ctx, id, base)?;
        apart(ctx, &before)?;
        is_in(ctx, &before, APPEALED)?;
        let step = Step::Decided { status: UPHELD, reason: why.reason.as_deref(), anew: None };
        Ok(store::step(conn, ctx, id, step)?)
    })
}

/// What was appealed against was not right: it says something else.
pub fn revise(
    conn: &mut Conn,
    ctx: &Ctx,
    id: QaEvaluationId,
    base: Option<i32>,
    to: &QaRevision,
) -> Result<QaEvaluation> {
    conn.transaction(|conn| {
        let before = changeable(conn, ctx, id, base)?;
        apart(ctx, &before)?;
        is_in(ctx, &before, APPEALED)?;
        fit(&before.criteria.0, &to.scores.0)?;
        let outcome = reckon::outcome(&before.criteria.0, &to.scores.0, before.pass_mark);
        is_finished(&before.criteria.0, &to.scores.0, outcome)?;
        let anew = Some((&to.scores, outcome));
        let step = Step::Decided { status: REVISED, reason: to.reason.as_deref(), anew };
        Ok(store::step(conn, ctx, id, step)?)
    })
}

/// Each criterion has a score, or the word that it does not apply.
fn is_finished(criteria: &[Criterion], scores: &[super::QaScore], outcome: Outcome) -> Result<()> {
    let is_told = |one: &Criterion| scores.iter().any(|score| score.key == one.key);
    match outcome.total.is_some() && criteria.iter().all(is_told) {
        true => Ok(()),
        false => Err(UNFINISHED.into()),
    }
}
