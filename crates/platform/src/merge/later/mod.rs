//! What a merge leaves for later: whatever came to a loser meanwhile follows the others, and what it takes to undo a merge
//! goes when that is over.
mod store;

pub use store::clear;

use super::deeds::is_passing;
use super::moving::{self, Union};
use super::noun;
use crate::Conn;
use diesel::Connection;
use kernel::{Ctx, Kind, Result};

/// How long somebody who has found a record may take to write what points at it, where they have written nothing yet.
pub const KEPT: chrono::Duration = chrono::Duration::seconds(3);

/// Looks after merges that nobody can have missed any more: of how many something was moved.
pub fn settle(conn: &mut Conn) -> Result<usize> {
    let mut count = 0;
    while let Some(found) = conn.transaction(one)? {
        count += usize::from(found);
    }
    Ok(count)
}

/// One of them, if there is one: whether something was moved.
fn one(conn: &mut Conn) -> Result<Option<bool>> {
    let Some(due) = store::due(conn, KEPT)? else { return Ok(None) };
    let ctx = Ctx::powerless(due.tenant, due.created_by, due.now);
    let catalogue = noun(&due.resource)?;
    let union =
        Union { merge: due.id, noun: catalogue.noun, table: catalogue.table, winner: due.winner, losers: due.losers };
    let moved = match conn.transaction(|conn| moving::move_all(conn, &ctx, &union)) {
        Err(error) if is_passing(&error) || matches!(error.kind(), Kind::Busy | Kind::Full) => return Err(error),
        Err(error) => {
            // nowhere to go, for the winner is gone by now: it stays where it is, and holds no other merge up
            tracing::warn!(%error, merge = %due.id, "what came to a record since it was merged cannot follow");
            Vec::new()
        }
        moved => moved?,
    };
    let count = moving::count(conn, &ctx, union.merge)?;
    store::set_settled(conn, &ctx, union.merge, count)?;
    Ok(Some(moved.iter().any(|one| one.moved_count > 0)))
}
