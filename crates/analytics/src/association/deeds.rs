//! How a look begins, and how it is given up.
use super::{AssociationRun, KIND, NewAssociationRun, RUNNING, store};
use diesel::Connection;
use kernel::{AssociationRunId, Ctx, Result};
use platform::Conn;
use platform::deed::in_turn;
use platform::job::{self, Priority};
use serde_json::json;

/// Begins a look. Refused while another of the tenant is under way.
pub fn begin(conn: &mut Conn, ctx: &Ctx, asked: &NewAssociationRun) -> Result<AssociationRun> {
    conn.transaction(|conn| {
        in_turn(conn, &format!("{} associations", ctx.tenant))?;
        if store::is_under_way(conn, ctx)? {
            return Err(RUNNING.into());
        }
        let id = AssociationRunId::new();
        let payload = json!({"run": id, "may": [], "key": ctx.actor.key});
        let job = job::enqueue_as(conn, ctx, Priority::Long, KIND, &payload)?;
        Ok(store::insert(conn, ctx, id, asked, job)?)
    })
}

/// Its job is not tried again.
pub fn give_up(conn: &mut Conn, ctx: &Ctx, id: AssociationRunId) -> Result<()> {
    let failed = ("failed", Some(kernel::error::INTERNAL.name));
    store::end(conn, ctx, id, failed, (0, 0), ctx.now)?;
    Ok(())
}
