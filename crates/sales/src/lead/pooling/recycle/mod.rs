//! Whoever has a lead of a pool does something with it, or it goes back: once, by whichever worker comes first.
mod store;

use super::{Entry, put_in};
use crate::pool::{self, event};
use kernel::{Ctx, Result};
use platform::{Conn, sweep};
use store::Still;

/// Gives back what lay still for too long, over all tenants; how much there was. One that somebody changes at the moment
/// is left for the next look.
pub fn recycle(conn: &mut Conn) -> Result<usize> {
    sweep::pass(conn, &store::STILL, one)
}

fn one(conn: &mut Conn, still: &Still) -> Result<()> {
    let ctx = Ctx::powerless(still.tenant_id, still.owner_id, still.now);
    let lead = store::found(conn, &ctx, still.id)?;
    let pool = pool::find(conn, &ctx, still.pool_id)?;
    put_in(conn, &ctx, &lead, &Entry { pool: &pool, kind: event::RECYCLED, reason: None, due: None })?;
    platform::crash::point("lead_recycled");
    Ok(())
}
