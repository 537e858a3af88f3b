//! What has to be known of those who serve a queue before anything is given to them: few questions, however many cases wait.
pub mod load;
mod store;

use super::choose::Ground;
use super::{RoutingRule, giving};
use crate::{agent, skill, staff};
use kernel::{Ctx, Result};
use platform::Conn;
pub(super) use store::{in_hand, set_last};

/// In a transaction that holds the lock of those who give out, where anything is given.
pub(super) fn of(conn: &mut Conn, ctx: &Ctx, rule: &RoutingRule) -> Result<Ground> {
    let serving = staff::store::serving(conn, ctx, rule.queue_id)?;
    let agents = agent::store::among(conn, ctx, &serving)?;
    let users: Vec<_> = agents.iter().map(|one| one.user_id).collect();
    let in_hand = in_hand(conn, ctx, &users)?;
    let skills = skill::store::names(conn, ctx)?.into_iter().collect();
    let last = store::last(conn, ctx, rule.id)?;
    Ok(Ground { agents, in_hand, skills, last })
}

/// The same, and whoever else gives out waits for the end of the transaction.
pub(super) fn held(conn: &mut Conn, ctx: &Ctx, rule: &RoutingRule) -> Result<Ground> {
    giving::in_turn(conn, ctx)?;
    of(conn, ctx, rule)
}
