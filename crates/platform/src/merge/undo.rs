//! Records that became one are several again: what was moved goes back, the fields of the winner are as they were where
//! nobody has changed them since, and the others are there again. What came later stays with the winner.
use super::deeds::{self, Mergeable};
use super::moving::{self, Union};
use super::store::Kept;
use super::{Change, Merge, NOT_UNDOABLE, choice, other, store};
use crate::{Conn, crash};
use diesel::Connection;
use kernel::{Action, Ctx, Error, Kind, Noun, Result, Text, error, text};
use uuid::Uuid;

/// A field that may name a record which is archived until the end.
const LATE: &str = "parent_id";

/// Parts what became one. The caller has found the merge, and knows of which noun it is.
pub fn undo<M: Mergeable>(conn: &mut Conn, ctx: &Ctx, found: &Merge) -> Result<Merge> {
    ctx.must_all(M::NAME, &[Action::Merge, Action::Update, Action::Delete])?;
    deeds::again(conn, |conn| conn.transaction(|conn| part::<M>(conn, ctx, found)))
}

fn part<M: Mergeable>(conn: &mut Conn, ctx: &Ctx, found: &Merge) -> Result<Merge> {
    let Kept { merge, changes, move_count, others } = store::lock(conn, ctx, found.id)?.ok_or(error::FORBIDDEN)?;
    if merge.status == "undone" {
        return Err(refused(text!("it was undone already")));
    }
    if merge.status == "final" || merge.undo_until <= ctx.now {
        return Err(refused(text!("it was too long ago")));
    }
    if !moving::is_whole(conn, ctx, merge.id, move_count)? {
        return Err(refused(text!("what it takes was erased")));
    }
    let (theirs, ours): (Vec<Change>, Vec<Change>) = changes.0.into_iter().partition(|change| change.is_other);
    let union = Union::of::<M>(merge.id, other::OWN, merge.winner_id, merge.loser_ids.clone());
    match others {
        None => {
            let winner = both::<M>(conn, ctx, &union)?;
            give_back::<M>(conn, ctx, &union, &winner, &ours)?;
        }
        Some((winner, losers)) => {
            ctx.must_all(M::Other::NAME, &[Action::Merge, Action::Update, Action::Delete])?;
            let half = Union::of::<M::Other>(merge.id, other::OTHER, winner, losers);
            match M::IS_FIRST {
                true => give_both::<M, M::Other>(conn, ctx, (&union, &ours), (&half, &theirs))?,
                false => give_both::<M::Other, M>(conn, ctx, (&half, &theirs), (&union, &ours))?,
            }
        }
    }
    moving::forget(conn, ctx, merge.id)?;
    let undone = store::set_undone(conn, ctx, merge.id)?;
    crash::point("merge_undone");
    Ok(undone)
}

/// One side, and then the other; both are locked first.
fn give_both<A: Mergeable, B: Mergeable>(
    conn: &mut Conn,
    ctx: &Ctx,
    one: (&Union, &[Change]),
    two: (&Union, &[Change]),
) -> Result<()> {
    let first = both::<A>(conn, ctx, one.0)?;
    let second = both::<B>(conn, ctx, two.0)?;
    give_back::<A>(conn, ctx, one.0, &first, one.1)?;
    give_back::<B>(conn, ctx, two.0, &second, two.1)
}

/// What was moved goes back, the winner is as it was, and the losers are there again.
fn give_back<M: Mergeable>(conn: &mut Conn, ctx: &Ctx, union: &Union, winner: &M, changes: &[Change]) -> Result<()> {
    moving::give_back(conn, ctx, union)?;
    let record = serde_json::to_value(winner).map_err(Error::internal)?;
    let standing = choice::standing(M::CATALOGUE, changes, &record);
    let is_late = |change: &&&Change| change.field == LATE;
    rewrite::<M>(conn, ctx, union, standing.iter().filter(|one| !is_late(one)).copied())?;
    store::lead(conn, ctx, M::CATALOGUE, &union.losers, None)?;
    for id in &union.losers {
        M::set_archived(conn, ctx, M::Id::from(*id), false)?;
    }
    rewrite::<M>(conn, ctx, union, standing.iter().filter(is_late).copied())?;
    let all = deeds::ids::<M>(union);
    M::settle(conn, ctx, &all)?;
    M::parted(conn, ctx, &all)
}

/// Locks the winner and the losers, which all have to be where the merge has left them.
fn both<M: Mergeable>(conn: &mut Conn, ctx: &Ctx, union: &Union) -> Result<M> {
    let id = M::Id::from(union.winner);
    let winner = match M::lock(conn, ctx, &[id])?.pop() {
        Some(winner) => winner,
        None => {
            let error = crate::deed::untouched(conn, ctx, M::find, id, None);
            // somebody has to undo the later merge first, or to restore the winner
            return Err(match error.kind() {
                Kind::NotFound => refused(text!("the record that was left is not there any more")),
                _ => error,
            });
        }
    };
    let mut gone = store::lock_gone(conn, ctx, M::CATALOGUE, &union.losers, union.winner)?;
    let mut losers: Vec<Uuid> = union.losers.clone();
    losers.sort_unstable();
    gone.sort_unstable();
    if gone == losers {
        return Ok(winner);
    }
    Err(refused(text!("one of those that became one with it is not there any more")))
}

fn rewrite<'a, M: Mergeable>(
    conn: &mut Conn,
    ctx: &Ctx,
    union: &Union,
    changes: impl Iterator<Item = &'a Change>,
) -> Result<()> {
    let patch = choice::patch(changes, |change| &change.before);
    if !patch.is_empty() {
        M::rewrite(conn, ctx, M::Id::from(union.winner), patch)?;
    }
    Ok(())
}

fn refused(why: Text) -> Error {
    Error::from(NOT_UNDOABLE).detail(why)
}
