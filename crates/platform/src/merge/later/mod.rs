//! What a merge leaves for later: whatever came to a loser meanwhile follows the others, and what it takes to undo a merge
//! goes when that is over.
mod store;

pub use store::clear;

use super::deeds::is_passing;
use super::moving::{self, Union};
use super::{noun, other};
use crate::Conn;
use diesel::Connection;
use kernel::catalogue::Catalogue;
use kernel::{Ctx, Kind, Result};
use uuid::Uuid;

/// The nouns of which somebody may be both.
const SIDES: [&str; 2] = ["contact", "account"];

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
    let sides = sides(&due)?;
    let all = |conn: &mut Conn| {
        let moved = sides.iter().map(|union| moving::move_all(conn, &ctx, union));
        moved.collect::<Result<Vec<_>>>().map(|moved| moved.concat())
    };
    let moved = match conn.transaction(all) {
        Err(error) if is_passing(&error) || matches!(error.kind(), Kind::Busy | Kind::Full) => return Err(error),
        Err(error) => {
            // nowhere to go, for the winner is gone by now: it stays where it is, and holds no other merge up
            tracing::warn!(%error, merge = %due.id, "what came to a record since it was merged cannot follow");
            Vec::new()
        }
        moved => moved?,
    };
    let count = moving::count(conn, &ctx, due.id)?;
    store::set_settled(conn, &ctx, due.id, count)?;
    Ok(Some(moved.iter().any(|one| one.moved_count > 0)))
}

/// The records that became one, and those of the other side.
fn sides(due: &store::Due) -> Result<Vec<Union>> {
    let of = |resource: &str, mark: &'static str, winner, losers: &[Uuid]| -> Result<Union> {
        let Catalogue { noun, table, .. } = *noun(resource)?;
        Ok(Union { merge: due.id, noun, table, mark, winner, losers: losers.to_vec() })
    };
    let mut sides = vec![of(&due.resource, other::OWN, due.winner, &due.losers)?];
    if let Some(winner) = due.other_winner {
        let resource = SIDES.iter().find(|side| **side != due.resource).copied().unwrap_or_default();
        sides.push(of(resource, other::OTHER, winner, &due.other_losers)?);
    }
    Ok(sides)
}
