//! The queries of who was given what. The case was asked for before.
use super::CaseAssignment;
use crate::agent::Agent;
use crate::case::{self, Case};
use crate::routing::choose::{Candidates, CaseCandidate};
use crate::routing::schema::case_assignments as log;
use diesel::prelude::*;
use diesel::result::QueryResult;
use kernel::{CaseAssignmentId, CaseId, Ctx, Read, Result, RoutingRuleId, UserId};
use platform::Conn;

const MOST: i64 = 500;

/// Who was given a case, the newest first.
pub fn of(conn: &mut Conn, ctx: &Ctx, id: CaseId) -> Result<Vec<CaseAssignment>> {
    case::find(conn, ctx, id)?;
    let mut all: Vec<CaseAssignment> = log::table
        .filter(log::tenant_id.eq(ctx.tenant))
        .filter(log::case_id.eq(id))
        .order(log::id.desc())
        .limit(MOST)
        .select(CaseAssignment::as_select())
        .load(conn)?;
    if ctx.must::<Read<Agent>>().is_err() {
        all.iter_mut().for_each(|one| one.candidates.0.clear());
    }
    Ok(all)
}

/// Writes down that a case goes to `to`, and why.
pub(crate) fn note(
    conn: &mut Conn,
    ctx: &Ctx,
    before: &Case,
    (to, queue, rule): (UserId, Option<UserId>, Option<RoutingRuleId>),
    (reason, comment): (&str, Option<&str>),
    said: Vec<CaseCandidate>,
) -> QueryResult<usize> {
    let row = (
        log::tenant_id.eq(ctx.tenant),
        log::id.eq(CaseAssignmentId::new()),
        log::case_id.eq(before.id),
        log::rule_id.eq(rule),
        log::queue_id.eq(queue),
        log::from_id.eq(before.owner_id),
        log::owner_id.eq(to),
        log::actor_id.eq(ctx.actor.user),
        log::reason.eq(reason),
        log::comment.eq(comment),
        log::candidates.eq(Candidates(said)),
        log::assigned_at.eq(ctx.now),
    );
    diesel::insert_into(log::table).values(row).execute(conn)
}
