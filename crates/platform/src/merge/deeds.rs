//! Several records become one: a transaction, begun anew where somebody else was quicker.
use super::choice::{self, Manner, Side};
use super::moving::{self, Union};
use super::store::{self, Done};
use super::{Changes, FieldChoices, MovedCounts, RecordMerger, RecordsMerged};
use crate::import::many;
use crate::{Conn, crash};
use chrono::Duration;
use diesel::Connection;
use kernel::catalogue::Catalogue;
use kernel::event::Verb;
use kernel::{Action, Ctx, Error, Fault, Kind, MergeId, Reach, Record, Result, TeamId, UserId, error, text};
use serde::Serialize;
use serde_json::{Map, Value};
use uuid::Uuid;

/// How long a merge can be undone.
const UNDOABLE: Duration = Duration::days(90);
/// Whoever meets somebody else's merge on the way begins anew.
const TRIES: usize = 4;

/// A noun whose records may become one.
pub trait Mergeable: Record + Serialize + Sized {
    const CATALOGUE: &'static Catalogue;
    /// fields that nothing is filled in of: they say who sees a record, and where it stands
    const KEPT: &'static [&'static str];
    /// fields that are true where they are of any of them
    const CAREFUL: &'static [&'static str];

    fn find(conn: &mut Conn, ctx: &Ctx, id: Self::Id) -> Result<Self>;
    /// Those of them that the actor may change, living and locked, in the order of their ids.
    fn lock(conn: &mut Conn, ctx: &Ctx, ids: &[Self::Id]) -> Result<Vec<Self>>;
    /// Writes a merge patch of values that were kept before.
    fn rewrite(conn: &mut Conn, ctx: &Ctx, id: Self::Id, patch: Map<String, Value>) -> Result<Self>;
    fn set_archived(conn: &mut Conn, ctx: &Ctx, id: Self::Id, archived: bool) -> Result<Self>;
    /// What else has to change of the winner, that no field says by itself.
    fn besides(conn: &mut Conn, ctx: &Ctx, winner: &Self, losers: &[Uuid]) -> Result<Vec<(&'static str, Value)>>;
    /// What is made of rows that were moved is made anew.
    fn settle(conn: &mut Conn, ctx: &Ctx, ids: &[Self::Id]) -> Result<()>;
}

/// Makes records one; or says what would come of it.
pub fn merge<M: Mergeable>(conn: &mut Conn, ctx: &Ctx, winner: M::Id, merger: &RecordMerger) -> Result<RecordsMerged> {
    check::<M>(winner, merger)?;
    again(conn, |conn| {
        let mut shown = None;
        let done = conn.transaction(|conn| {
            let merged = become_one::<M>(conn, ctx, winner, merger)?;
            match merger.dry_run {
                false => Ok(merged),
                // all of it was tried, and is taken back
                true => {
                    shown = Some(RecordsMerged { merge_id: None, ..merged });
                    Err(Error::from(error::BUSY))
                }
            }
        });
        shown.take().map_or(done, Ok)
    })
}

/// Begins anew what somebody else has made impossible for the moment.
pub(super) fn again<R>(conn: &mut Conn, deed: impl Fn(&mut Conn) -> Result<R>) -> Result<R> {
    let mut tries = 1;
    loop {
        match deed(conn) {
            Err(error) if tries < TRIES && is_passing(&error) => tries += 1,
            done => return done,
        }
    }
}

pub(super) fn is_passing(error: &Error) -> bool {
    use diesel::result::{DatabaseErrorKind as Broken, Error as Sql};
    match error.source.as_ref().and_then(|source| source.downcast_ref::<Sql>()) {
        Some(Sql::DatabaseError(Broken::SerializationFailure, _)) => true,
        Some(Sql::DatabaseError(_, info)) => {
            ["deadlock detected", "lock timeout"].iter().any(|what| info.message().contains(what))
        }
        _ => false,
    }
}

fn check<M: Mergeable>(winner: M::Id, merger: &RecordMerger) -> Result<()> {
    let wrong = |(at, id): (usize, &Uuid)| {
        let place = format!("/sources/{at}");
        if *id == winner.into() {
            return Some(Fault::new(place, "itself", text!("a record cannot become one with itself")));
        }
        let before = merger.sources.iter().take(at).any(|one| one == id);
        before.then(|| Fault::new(place, "twice", text!("stands there twice")))
    };
    let faults: Vec<Fault> = merger.sources.iter().enumerate().filter_map(wrong).collect();
    if faults.is_empty() { Ok(()) } else { Err(Error::from(error::INVALID).faults(faults)) }
}

fn become_one<M: Mergeable>(conn: &mut Conn, ctx: &Ctx, winner: M::Id, merger: &RecordMerger) -> Result<RecordsMerged> {
    let records = locked::<M>(conn, ctx, winner, merger)?;
    let noun = M::CATALOGUE;
    let sides = sides(&records, winner.into(), &merger.sources)?;
    let settled = choice::settle(ctx, noun, &sides, merger, Manner { kept: M::KEPT, careful: M::CAREFUL })?;
    let mut changes = settled.changes;
    if let Some(record) = records.iter().find(|record| record.id() == winner) {
        for (field, after) in M::besides(conn, ctx, record, &merger.sources)? {
            choice::besides(&mut changes, &sides, field, after);
        }
    }
    may_own(ctx, noun, &changes)?;
    let union = Union {
        merge: MergeId::new(),
        noun: noun.noun,
        table: noun.table,
        winner: winner.into(),
        losers: merger.sources.clone(),
    };
    for id in &merger.sources {
        M::set_archived(conn, ctx, M::Id::from(*id), true)?;
    }
    store::lead(conn, ctx, noun, &union.losers, Some(union.winner))?;
    let moved = moving::move_all(conn, ctx, &union)?;
    if !changes.is_empty() {
        M::rewrite(conn, ctx, winner, choice::patch(changes.iter(), |change| &change.after))?;
    }
    M::settle(conn, ctx, &ids::<M>(&union))?;
    many::touch(conn, ctx, noun, Verb::Merged, &[union.winner])?;
    let fields = choice::shown(ctx, noun, &changes);
    keep(conn, ctx, &union, &sides, merger, (changes, moved.clone()))?;
    crash::point("merge_kept");
    Ok(RecordsMerged {
        merge_id: Some(union.merge),
        winner_id: union.winner,
        loser_ids: union.losers,
        fields,
        conflicts: settled.conflicts,
        moved,
    })
}

/// All of them, locked; else why not.
fn locked<M: Mergeable>(conn: &mut Conn, ctx: &Ctx, winner: M::Id, merger: &RecordMerger) -> Result<Vec<M>> {
    let mut ids: Vec<Uuid> = merger.sources.iter().copied().chain([winner.into()]).collect();
    ids.sort_unstable();
    let ids: Vec<M::Id> = ids.into_iter().map(M::Id::from).collect();
    let records = M::lock(conn, ctx, &ids)?;
    let lacks = |id: M::Id| !records.iter().any(|record| record.id() == id);
    if lacks(winner) {
        return Err(crate::deed::untouched(conn, ctx, M::find, winner, None));
    }
    let mut faults = Vec::new();
    for (at, id) in merger.sources.iter().enumerate().filter(|(_, id)| lacks(M::Id::from(**id))) {
        let error = crate::deed::untouched(conn, ctx, M::find, M::Id::from(*id), None);
        if error.kind() != Kind::NotFound {
            return Err(error);
        }
        let missing = text!("there is no such record");
        faults.push(Fault::new(format!("/sources/{at}"), error::UNKNOWN_REFERENCE.name, missing));
    }
    if faults.is_empty() { Ok(records) } else { Err(Error::from(error::UNKNOWN_REFERENCE).faults(faults)) }
}

/// The winner first, the others in the order in which they were named.
fn sides<M: Mergeable>(records: &[M], winner: Uuid, sources: &[Uuid]) -> Result<Vec<Side>> {
    let find = |id: &Uuid| records.iter().find(|record| record.id().into() == *id);
    let side = |id: &Uuid| {
        let record = find(id).ok_or(error::NOT_FOUND)?;
        Ok(Side { id: *id, record: serde_json::to_value(record).map_err(Error::internal)? })
    };
    std::iter::once(&winner).chain(sources).map(side).collect()
}

pub(super) fn ids<M: Mergeable>(union: &Union) -> Vec<M::Id> {
    std::iter::once(&union.winner).chain(&union.losers).map(|id| M::Id::from(*id)).collect()
}

/// To give a record to another owner is a permission of its own, by whatever way.
fn may_own(ctx: &Ctx, noun: &Catalogue, changes: &[super::Change]) -> Result<()> {
    let owner = changes.iter().find(|change| change.field == "owner_id").and_then(|change| change.after.as_str());
    let other = owner.and_then(|id| id.parse().ok()).is_some_and(|id: Uuid| UserId(id) != ctx.actor.user);
    if other && ctx.grants.reach(noun.noun, Action::Assign) == Reach::None {
        return Err(Error::from(error::FORBIDDEN).detail(text!("the owner may be set by those who may assign")));
    }
    Ok(())
}

fn keep(
    conn: &mut Conn,
    ctx: &Ctx,
    union: &Union,
    sides: &[Side],
    merger: &RecordMerger,
    (changes, moved): (Vec<super::Change>, Vec<super::MovedCount>),
) -> Result<()> {
    let team = sides.first().and_then(|side| side.record.get("team_id")?.as_str()?.parse().ok()).map(TeamId);
    let done = Done {
        id: union.merge,
        resource: union.noun,
        winner: union.winner,
        losers: union.losers.clone(),
        team,
        choices: FieldChoices(merger.field_choices.clone()),
        changes: Changes(changes),
        moved: MovedCounts(moved),
        move_count: moving::count(conn, ctx, union.merge)?,
        undo_until: ctx.now + UNDOABLE,
    };
    store::insert(conn, ctx, &done)?;
    Ok(())
}
