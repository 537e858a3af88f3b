//! One side of records that become one: what changes of its winner, and how it is done.
use super::choice::{self, Manner, Side};
use super::deeds::{Mergeable, ids};
use super::moving::{self, Union};
use super::{Change, MergeConflict, MergedField, MovedCount, RecordMerger, store};
use crate::Conn;
use crate::import::many;
use kernel::catalogue::Catalogue;
use kernel::event::Verb;
use kernel::{Action, Ctx, Error, Reach, Result, TeamId, UserId, error, text};
use uuid::Uuid;

pub(super) struct Half {
    pub union: Union,
    /// of the winner
    pub team: Option<TeamId>,
    pub changes: Vec<Change>,
    pub conflicts: Vec<MergeConflict>,
    pub moved: Vec<MovedCount>,
}

impl Half {
    /// What is to come of records that are locked. What the other side says is settled there.
    pub fn of<M: Mergeable>(
        conn: &mut Conn,
        ctx: &Ctx,
        union: Union,
        records: &[M],
        merger: &RecordMerger,
        has_other: bool,
    ) -> Result<Self> {
        let noun = M::CATALOGUE;
        let sides = sides(records, &union)?;
        let manner = Manner { kept: M::KEPT, careful: M::CAREFUL, fixed: M::FIXED };
        let settled = choice::settle(ctx, noun, &sides, merger, manner)?;
        let mut changes = settled.changes;
        if has_other {
            changes.retain(|change| !M::SAID_BY_OTHER.iter().any(|(field, _)| *field == change.field));
        }
        if let Some(record) = records.iter().find(|record| record.id().into() == union.winner) {
            for (field, after) in M::besides(conn, ctx, record, &union.losers)? {
                choice::besides(&mut changes, &sides, field, after);
            }
        }
        may_own(ctx, noun, &changes)?;
        let team = sides.first().and_then(|side| side.record.get("team_id")?.as_str()?.parse().ok()).map(TeamId);
        Ok(Self { union, team, changes, conflicts: settled.conflicts, moved: Vec::new() })
    }

    /// The losers are archived and lead to the winner, what points at them is moved, and the winner changes.
    pub fn become_one<M: Mergeable>(&mut self, conn: &mut Conn, ctx: &Ctx) -> Result<()> {
        let (noun, union) = (M::CATALOGUE, &self.union);
        for id in &union.losers {
            M::set_archived(conn, ctx, M::Id::from(*id), true)?;
        }
        store::lead(conn, ctx, noun, &union.losers, Some(union.winner))?;
        self.moved = moving::move_all(conn, ctx, union)?;
        if !self.changes.is_empty() {
            let patch = choice::patch(self.changes.iter(), |change| &change.after);
            M::rewrite(conn, ctx, M::Id::from(union.winner), patch)?;
        }
        M::settle(conn, ctx, &ids::<M>(union))?;
        many::touch(conn, ctx, noun, Verb::Merged, &[union.winner])?;
        Ok(())
    }

    /// The fields that change, with those that the other side says, as far as the caller sees them.
    pub fn shown<M: Mergeable>(&self, ctx: &Ctx, said: Vec<Change>) -> Vec<MergedField> {
        choice::shown(ctx, M::CATALOGUE, &[self.changes.clone(), said].concat())
    }
}

/// The winner first, the others in the order in which they were named.
fn sides<M: Mergeable>(records: &[M], union: &Union) -> Result<Vec<Side>> {
    let find = |id: &Uuid| records.iter().find(|record| record.id().into() == *id);
    let side = |id: &Uuid| {
        let record = find(id).ok_or(error::NOT_FOUND)?;
        Ok(Side { id: *id, record: serde_json::to_value(record).map_err(Error::internal)? })
    };
    std::iter::once(&union.winner).chain(&union.losers).map(side).collect()
}

/// To give a record to another owner is a permission of its own, by whatever way.
fn may_own(ctx: &Ctx, noun: &Catalogue, changes: &[Change]) -> Result<()> {
    let owner = changes.iter().find(|change| change.field == "owner_id").and_then(|change| change.after.as_str());
    let other = owner.and_then(|id| id.parse().ok()).is_some_and(|id: Uuid| UserId(id) != ctx.actor.user);
    if other && ctx.grants.reach(noun.noun, Action::Assign) == Reach::None {
        return Err(Error::from(error::FORBIDDEN).detail(text!("the owner may be set by those who may assign")));
    }
    Ok(())
}
