//! Whatever points at a record that became one with another points at that, and back again. What was moved is written
//! down row by row (`merge_moves`), so that what comes later stays where it came to.
mod parting;
mod store;

pub(super) use parting::{count, forget, give_back, is_whole};

use super::deeds::Mergeable;
use super::reference::{self, Reference, Way};
use super::{MovedCount, tell};
use crate::Conn;
use kernel::{Ctx, MergeId, Result};
use std::collections::{BTreeMap, BTreeSet};
use uuid::Uuid;

/// Who becomes one with whom.
#[derive(Clone, Debug)]
pub(super) struct Union {
    pub merge: MergeId,
    pub noun: &'static str,
    /// where records of the noun stand
    pub table: &'static str,
    /// of which side it is
    pub mark: &'static str,
    pub winner: Uuid,
    /// in the order in which they are asked for what the winner lacks
    pub losers: Vec<Uuid>,
}

impl Union {
    pub fn of<M: Mergeable>(merge: MergeId, mark: &'static str, winner: Uuid, losers: Vec<Uuid>) -> Self {
        Self { merge, noun: M::CATALOGUE.noun, table: M::CATALOGUE.table, mark, winner, losers }
    }

    /// What a column says of rows that point at records of the noun.
    fn kind(&self, one: &Reference) -> &'static str {
        if one.is_plural { self.table } else { self.noun }
    }

    /// What is written down of a column that something was moved in.
    fn name(&self, one: &Reference) -> String {
        format!("{}{}.{}", self.mark, one.table, one.column)
    }
}

/// By noun, the records that have changed with it.
pub(super) type Told = BTreeMap<&'static str, BTreeSet<Uuid>>;

/// Moves all that points at the losers, and says how much of each table that was.
pub(super) fn move_all(conn: &mut Conn, ctx: &Ctx, union: &Union) -> Result<Vec<MovedCount>> {
    let pointing: Vec<&'static Reference> =
        reference::all()?.iter().filter(|one| one.points_at(union.noun) && one.way != Way::Stays).collect();
    let (mut told, mut counts) = (Told::new(), BTreeMap::<&'static str, MovedCount>::new());
    for one in store::touched(conn, ctx, union, &pointing)? {
        let (moved, kept) = move_one(conn, ctx, union, one, &mut told)?;
        let count = counts.entry(one.table).or_insert_with(|| MovedCount::of(one.table));
        count.moved_count += moved;
        count.kept_count += kept;
    }
    tell(conn, ctx, &told)?;
    Ok(counts.into_values().collect())
}

fn move_one(conn: &mut Conn, ctx: &Ctx, union: &Union, one: &'static Reference, told: &mut Told) -> Result<(i64, i64)> {
    if let Way::Listed { by, of, lists } = one.way {
        let rows = store::relist(conn, ctx, union, one, (by, of, lists))?;
        return Ok((note(told, one, rows), 0));
    }
    let moved = store::repoint(conn, ctx, union, one)?;
    let moved = note(told, one, moved);
    if one.once.is_empty() {
        return Ok((moved, 0));
    }
    if one.way != Way::MovesOrGoes {
        return Ok((moved, store::left(conn, ctx, union, one)?));
    }
    let gone = store::take_out(conn, ctx, union, one)?;
    store::lend(conn, ctx, union, one)?;
    Ok((moved, note(told, one, gone)))
}

/// Who is told of rows that have changed; how many they are.
fn note(told: &mut Told, one: &Reference, rows: Vec<Uuid>) -> i64 {
    let count = i64::try_from(rows.len()).unwrap_or(i64::MAX);
    if let Some((noun, _)) = one.told {
        told.entry(noun).or_default().extend(rows);
    }
    count
}
