//! Rows that become orders: one row an order, or one row a line of an order.
mod header;
mod line;
mod lines;
mod orders;
mod reading;

pub use header::Orders;
pub use lines::OrderLines;

use super::{CATALOGUE, Order};
use kernel::{Create, Ctx, Import, Result, Update};
use platform::Conn;
use platform::deed::Mode;
use platform::import::{Remover, many};
use uuid::Uuid;

pub const REMOVER: Remover = Remover { noun: CATALOGUE.noun, remove };
/// Lines go before their orders.
pub const LINE_REMOVER: Remover = Remover { noun: super::line::CATALOGUE.noun, remove: line::remove };

fn may(ctx: &Ctx, mode: Mode) -> Result<()> {
    ctx.must::<Import<Order>>()?;
    if mode != Mode::UpdateOnly {
        ctx.must::<Create<Order>>()?;
    }
    if mode != Mode::CreateOnly { ctx.must::<Update<Order>>() } else { Ok(()) }
}

/// An order that still has lines keeps them: somebody else wrote them.
fn remove(conn: &mut Conn, ctx: &Ctx, ids: &[Uuid]) -> Result<Vec<Uuid>> {
    let used = line::orders_with_lines(conn, ctx, ids)?;
    let free: Vec<Uuid> = ids.iter().copied().filter(|id| !used.contains(id)).collect();
    many::delete(conn, ctx, &CATALOGUE, &free)?;
    Ok(free)
}
