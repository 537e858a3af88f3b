//! What the day decides of instalments, where their tenant is.
mod store;

use diesel::Connection;
use kernel::Result;
use platform::{Conn, crash};

/// Says what is due, and tells what is overdue, of all tenants: each once, by one worker. How many contracts and
/// instalments that were.
pub(in crate::contract) fn watch(conn: &mut Conn) -> Result<usize> {
    let mut count = 0;
    while conn.transaction(come_due)? || conn.transaction(tell)? {
        count += 1;
    }
    Ok(count)
}

fn come_due(conn: &mut Conn) -> Result<bool> {
    let Some(due) = store::coming(conn)? else { return Ok(false) };
    store::set_due(conn, &due.ctx(), due.contract_id, due.today)?;
    Ok(true)
}

fn tell(conn: &mut Conn) -> Result<bool> {
    let Some(due) = store::overdue(conn)? else { return Ok(false) };
    store::tell_overdue(conn, &due.ctx(), due.id)?;
    crash::point("installment_overdue");
    Ok(true)
}
