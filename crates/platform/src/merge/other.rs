//! The other sides of records that become one. A contact may be an account too: where contacts become one, so do their
//! accounts, and the other way round, by one merge that is undone as a whole.
use super::deeds::Mergeable;
use super::{Change, MovedCount, RecordMerger};
use crate::Conn;
use kernel::{Action, Ctx, Result, error};
use std::collections::BTreeMap;
use uuid::Uuid;

/// What was moved for a side bears its mark: both may have a row of one key.
pub(super) const OWN: &str = "";
pub(super) const OTHER: &str = "other:";

/// Those of the other side that become one: one of them stays.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Others {
    /// each with whose other side it is: ours, theirs
    pairs: Vec<(Uuid, Uuid)>,
    pub winner: Uuid,
    pub losers: Vec<Uuid>,
}

impl Others {
    /// Of records in the order in which they are asked, the winner first; nothing where fewer than two have another
    /// side.
    pub fn of<M: Mergeable>(conn: &mut Conn, ctx: &Ctx, all: &[Uuid]) -> Result<Option<Self>> {
        let ids: Vec<M::Id> = all.iter().copied().map(M::Id::from).collect();
        let found: BTreeMap<Uuid, Uuid> = M::others(conn, ctx, &ids)?.into_iter().collect();
        let pairs: Vec<(Uuid, Uuid)> = all.iter().filter_map(|id| Some((*id, *found.get(id)?))).collect();
        let theirs: Vec<Uuid> = pairs.iter().map(|(_, theirs)| *theirs).collect();
        let parted = theirs.split_first().filter(|(_, losers)| !losers.is_empty());
        Ok(parted.map(|(winner, losers)| Self { winner: *winner, losers: losers.to_vec(), pairs: pairs.clone() }))
    }

    /// Those of them that the actor may change, locked in the order of their ids.
    pub fn lock<N: Mergeable>(conn: &mut Conn, ctx: &Ctx, others: Option<&Self>) -> Result<Vec<N>> {
        let Some(others) = others else { return Ok(Vec::new()) };
        let mut ids: Vec<Uuid> = std::iter::once(others.winner).chain(others.losers.iter().copied()).collect();
        ids.sort_unstable();
        N::lock(conn, ctx, &ids.into_iter().map(N::Id::from).collect::<Vec<_>>())
    }

    /// Whose values their fields are to have, where that was chosen by the fields that they say.
    pub fn merger<M: Mergeable>(&self, merger: &RecordMerger) -> RecordMerger {
        let chosen = merger.field_choices.iter().filter_map(|(field, id)| {
            let (_, name) = M::SAID_BY_OTHER.iter().find(|(ours, _)| ours == field)?;
            let (_, theirs) = self.pairs.iter().find(|(ours, _)| ours == id)?;
            Some(((*name).to_owned(), *theirs))
        });
        RecordMerger { sources: self.losers.clone(), field_choices: chosen.collect(), dry_run: merger.dry_run }
    }

    /// What changes of the fields that they say, as changes of this side.
    pub fn said<M: Mergeable>(&self, changes: &[Change]) -> Vec<Change> {
        let one = |change: &Change| {
            let (field, _) = M::SAID_BY_OTHER.iter().find(|(_, theirs)| *theirs == change.field)?;
            let (source_id, _) = self.pairs.iter().find(|(_, theirs)| *theirs == change.source_id)?;
            Some(Change { field: (*field).to_owned(), source_id: *source_id, ..change.clone() })
        };
        changes.iter().filter_map(one).collect()
    }
}

/// Whoever merges one side may merge the other.
pub(super) fn may<N: Mergeable>(ctx: &Ctx, others: Option<&Others>, locked: &[N]) -> Result<()> {
    let Some(others) = others else { return Ok(()) };
    ctx.must_all(N::NAME, &[Action::Merge, Action::Update, Action::Delete])?;
    if locked.len() > others.losers.len() { Ok(()) } else { Err(error::FORBIDDEN.into()) }
}

/// Counts of both sides, each table once.
pub(super) fn add(all: &mut Vec<MovedCount>, more: Vec<MovedCount>) {
    for one in more {
        match all.iter_mut().find(|known| known.resource == one.resource) {
            Some(known) => {
                known.moved_count += one.moved_count;
                known.kept_count += one.kept_count;
            }
            None => all.push(one),
        }
    }
}
