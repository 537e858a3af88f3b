//! Whoever fills in a form becomes a lead, or is the open one that has their address: one lead an address, whoever sees it
//! and wherever it lies, for a stranger is told nothing of it either way.
mod store;

use super::{Lead, NewLead, deeds};
use kernel::{Ctx, Result};
use platform::Conn;
use platform::deed::Duplicates;

/// The lead, and whether it was made. In a transaction, in which nobody else with the address comes in.
pub fn taken(conn: &mut Conn, ctx: &Ctx, new: &NewLead) -> Result<(Lead, bool)> {
    match store::open_at(conn, ctx, new.email.as_deref(), new.phone.as_deref())? {
        Some(lead) => Ok((lead, false)),
        None => Ok((deeds::create(conn, ctx, new, Duplicates::Allow)?, true)),
    }
}
