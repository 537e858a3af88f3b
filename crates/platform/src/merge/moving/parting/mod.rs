//! What was moved goes back to where it was, unless somebody has moved it on since.
mod store;

pub(in crate::merge) use store::{count, forget};

use super::{Told, Union, Way, note};
use crate::Conn;
use crate::merge::{reference, tell};
use kernel::{Ctx, MergeId, Result};

/// Gives back all that was moved; records that came later stay with the winner.
pub(in crate::merge) fn give_back(conn: &mut Conn, ctx: &Ctx, union: &Union) -> Result<()> {
    let mut told = Told::new();
    let names = store::moved_references(conn, ctx, union.merge)?;
    for one in reference::all()?.iter().filter(|one| names.contains(&union.name(one))) {
        let rows = match one.way {
            Way::Listed { lists, .. } => store::unlist(conn, ctx, union, one, lists)?,
            Way::MovesOrGoes => {
                store::take_back(conn, ctx, union, one)?;
                let mut rows = store::point_back(conn, ctx, union, one)?;
                rows.extend(store::put_back(conn, ctx, union, one)?);
                rows
            }
            Way::Moves | Way::Follows | Way::Stays => store::point_back(conn, ctx, union, one)?,
        };
        note(&mut told, one, rows);
    }
    tell(conn, ctx, &told)
}

/// Whether all that was written down is there still: of whoever was erased there is nothing left here.
pub(in crate::merge) fn is_whole(conn: &mut Conn, ctx: &Ctx, merge: MergeId, count: i32) -> Result<bool> {
    Ok(store::count(conn, ctx, merge)? == count)
}
