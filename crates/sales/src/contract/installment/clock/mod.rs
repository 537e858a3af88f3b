//! What the day decides of instalments, where their tenant is.
mod store;

use kernel::Result;
use platform::{Conn, crash, sweep};
use store::Due;

/// Says what is due, and tells what is overdue, of all tenants: each once, by one worker. How many contracts and
/// instalments that were.
pub(in crate::contract) fn watch(conn: &mut Conn) -> Result<usize> {
    Ok(sweep::pass(conn, &store::COMING, come_due)? + sweep::pass(conn, &store::OVERDUE, tell)?)
}

fn come_due(conn: &mut Conn, due: &Due) -> Result<()> {
    store::set_due(conn, &due.ctx(), due.contract_id, due.today)?;
    Ok(())
}

fn tell(conn: &mut Conn, due: &Due) -> Result<()> {
    store::tell_overdue(conn, &due.ctx(), due.id)?;
    crash::point("installment_overdue");
    Ok(())
}
