//! What the clock finds, over all tenants: cases whose promises are to be reckoned anew, and promises that have come to
//! their warning or to their end. Each is told in the transaction that writes it down, by one worker.
mod store;

use super::{settle, store as clocks};
use chrono::{DateTime, Utc};
use kernel::event::Verb;
use kernel::{Ctx, Result};
use platform::{Conn, crash, sweep};

/// How many are settled in one look: other terms mark all cases that are open.
const MOST: usize = 2_000;

/// Settles what is marked, and then tells what has come due; how much that was. What somebody changes at the moment is
/// left for the next look.
pub fn watch(conn: &mut Conn) -> Result<usize> {
    let settled = sweep::some(conn, &store::MARKED, MOST, reckon)?;
    Ok(settled + sweep::some(conn, &store::DUE, MOST, come_due)?)
}

fn reckon(conn: &mut Conn, marked: &store::Marked) -> Result<()> {
    let ctx = Ctx::powerless(marked.tenant_id, marked.owner_id, marked.now);
    store::take(conn, &ctx, marked.case_id)?;
    settle::settle(conn, &ctx, marked.case_id)?;
    crash::point("case_sla_settled");
    Ok(())
}

/// A clock that runs and has no mark comes to what it was reckoned to come to.
fn come_due(conn: &mut Conn, due: &store::Due) -> Result<()> {
    let ctx = Ctx::powerless(due.tenant_id, due.owner_id, due.now);
    let is_over = |at: Option<DateTime<Utc>>| at.is_some_and(|at| at <= due.now);
    let verb = if is_over(due.due_at) { Verb::SlaBreached } else { Verb::SlaWarned };
    store::come_to(&ctx, conn, due, verb)?;
    let is_told = if verb == Verb::SlaBreached { due.told_at } else { due.warned_at }.is_some();
    if !is_told {
        clocks::told(conn, &ctx, due.id, verb)?;
        clocks::tell(conn, &ctx, due.case_id, verb)?;
    }
    crash::point("case_sla_told");
    Ok(())
}
