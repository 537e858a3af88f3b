//! An opportunity that lies in an open stage for as many days as that says is rotten. The days are counted from when it came
//! there, or from when the last activity that is linked to it began, whichever is later: a call sets the clock anew, and
//! what is planned keeps it from rotting until then and as long after.
//!
//! When that will be, and whether it has come to it, is kept with the opportunity, so that lists, boards and events go by
//! it as by any field. Coming to a stage settles it at once. Whatever else moves the clock (an activity, whichever way it
//! comes, changes or goes; other days of a stage) leaves a mark, by a trigger; a worker settles what is marked, and then
//! what is due. That is told as `opportunity.rotting`, once for each stay in a stage.
mod store;

pub(super) use store::mark;

use super::Opportunity;
use crate::pipeline::stage::{self, Stage};
use chrono::{DateTime, Duration, Utc};
use customer::activity;
use kernel::event::Verb;
use kernel::{Ctx, Noun, OpportunityId, Result};
use platform::{Conn, crash, sweep};

/// How many are settled in one look: other days of a stage mark all that lie there.
const MOST: usize = 1_000;

/// When one rots that came to this stage at that moment: never, where the stage says nothing, or is won or lost.
pub(super) fn due(
    conn: &mut Conn,
    ctx: &Ctx,
    id: Option<OpportunityId>,
    stage: &Stage,
    since: DateTime<Utc>,
) -> Result<Option<DateTime<Utc>>> {
    let Some(days) = stage.rotting_days.filter(|_| stage.is_open()) else { return Ok(None) };
    let last = match id {
        Some(id) => activity::latest(conn, ctx, (Opportunity::NAME, id.0))?,
        None => None,
    };
    Ok(last.map_or(since, |last| last.max(since)).checked_add_signed(Duration::days(i64::from(days))))
}

/// Settles what is marked, of all tenants, and then tells what has come to be rotten; how much that was. What somebody
/// changes at the moment is left for the next look.
pub fn watch(conn: &mut Conn) -> Result<usize> {
    let settled = sweep::some(conn, &store::MARKED, MOST, settle)?;
    Ok(settled + sweep::some(conn, &store::ROTTEN, MOST, tell)?)
}

/// What is rotten stays so, unless its clock is set to a moment to come.
fn settle(conn: &mut Conn, marked: &store::Marked) -> Result<()> {
    let ctx = Ctx::powerless(marked.tenant_id, marked.owner_id, marked.now);
    store::take(conn, &ctx, marked.id)?;
    let found = store::held(conn, &ctx, marked.opportunity_id)?;
    let Some(stage) = stage::many(conn, &ctx, &[found.stage_id])?.pop() else { return Ok(()) };
    let rots_at = due(conn, &ctx, Some(found.id), &stage, found.stage_entered_at)?;
    let is_rotten = found.is_rotten && rots_at.is_some_and(|at| at <= ctx.now);
    if (rots_at, is_rotten) != (found.rots_at, found.is_rotten) {
        store::set(conn, &ctx, found.id, rots_at, is_rotten)?;
    }
    Ok(())
}

fn tell(conn: &mut Conn, due: &store::Due) -> Result<()> {
    let ctx = Ctx::powerless(due.tenant_id, due.owner_id, due.now);
    let verb = if due.rotting_told_at.is_none() { Verb::Rotting } else { Verb::Updated };
    store::rot(conn, &ctx, due.id, verb)?;
    crash::point("opportunity_rotting_told");
    Ok(())
}
