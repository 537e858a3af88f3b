//! What is given back by itself: what was held long enough, and what was redeemed for an order that is cancelled.
use super::deeds::moved;
use super::store::{self, Due};
use kernel::{Ctx, Result};
use platform::{Conn, crash, sweep};

/// Over all tenants; how many were given back.
pub fn watch(conn: &mut Conn) -> Result<usize> {
    Ok(sweep::pass(conn, &store::OVER, give_back)? + sweep::pass(conn, &store::UNDONE, give_back)?)
}

fn give_back(conn: &mut Conn, due: &Due) -> Result<()> {
    let ctx = Ctx::powerless(due.tenant_id, due.owner_id, due.now);
    let found = store::held(conn, &ctx, due.id)?;
    let to = if found.status == "held" { "released" } else { "reversed" };
    moved(conn, &ctx, &found, to)?;
    crash::point("redemption_given_back");
    Ok(())
}
