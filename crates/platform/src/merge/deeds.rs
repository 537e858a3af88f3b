//! Several records become one: a transaction, begun anew where somebody else was quicker.
use super::half::Half;
use super::moving::{self, Union};
use super::other::{self, Others};
use super::store::{self, Done};
use super::{Changes, FieldChoices, MovedCounts, RecordMerger, RecordsMerged};
use crate::{Conn, crash};
use chrono::Duration;
use diesel::Connection;
use kernel::catalogue::Catalogue;
use kernel::{Ctx, Error, Fault, Kind, MergeId, Record, Result, error, text};
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
    /// fields that stay what they are, whatever becomes of the record
    const FIXED: &'static [&'static str];
    /// The noun of the other side that some records have: a contact may be an account too. Where records become one, so
    /// do their other sides.
    type Other: Mergeable;
    /// whether this side is locked, and becomes one, before the other
    const IS_FIRST: bool;
    /// fields that the other side says, where there is one, with what they are called there
    const SAID_BY_OTHER: &'static [(&'static str, &'static str)];

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
    /// After that, where they are parted again: what has come and gone with the union was nothing.
    fn parted(conn: &mut Conn, ctx: &Ctx, ids: &[Self::Id]) -> Result<()>;
    /// Those of the living among them that have another side, with it, whoever sees them.
    fn others(conn: &mut Conn, ctx: &Ctx, ids: &[Self::Id]) -> Result<Vec<(Uuid, Uuid)>>;
    /// Whether records of such sorts can become one; they are locked.
    fn fits(conn: &mut Conn, ctx: &Ctx, all: &[Self]) -> Result<()>;
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
        // it was said here
        _ => error.code == error::BUSY && error.source.is_none(),
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
    let (records, theirs, others) = held::<M>(conn, ctx, winner, merger)?;
    M::fits(conn, ctx, &records)?;
    let merge = MergeId::new();
    let union = Union::of::<M>(merge, other::OWN, winner.into(), merger.sources.clone());
    let mut own = Half::of::<M>(conn, ctx, union, &records, merger, others.is_some())?;
    let mut half = match &others {
        None => None,
        Some(others) => {
            let union = Union::of::<M::Other>(merge, other::OTHER, others.winner, others.losers.clone());
            Some(Half::of::<M::Other>(conn, ctx, union, &theirs, &others.merger::<M>(merger), true)?)
        }
    };
    if M::IS_FIRST {
        own.become_one::<M>(conn, ctx)?;
    }
    if let Some(half) = &mut half {
        half.become_one::<M::Other>(conn, ctx)?;
    }
    if !M::IS_FIRST {
        own.become_one::<M>(conn, ctx)?;
    }
    let said = others.iter().zip(&half).flat_map(|(others, half)| others.said::<M>(&half.changes));
    let fields = own.shown::<M>(ctx, said.collect());
    let moved = keep(conn, ctx, &mut own, half.zip(others), merger)?;
    crash::point("merge_kept");
    Ok(RecordsMerged {
        merge_id: Some(merge),
        winner_id: own.union.winner,
        loser_ids: own.union.losers,
        fields,
        conflicts: own.conflicts,
        moved,
    })
}

/// Records of one side and of the other, and which of the other they are.
type Held<M> = (Vec<M>, Vec<<M as Mergeable>::Other>, Option<Others>);

/// All of them with their other sides, locked: one side before the other, whichever they were asked by.
fn held<M: Mergeable>(conn: &mut Conn, ctx: &Ctx, winner: M::Id, merger: &RecordMerger) -> Result<Held<M>> {
    let all: Vec<Uuid> = std::iter::once(winner.into()).chain(merger.sources.iter().copied()).collect();
    if M::IS_FIRST {
        let records = locked::<M>(conn, ctx, winner, merger)?;
        let others = Others::of::<M>(conn, ctx, &all)?;
        let theirs = Others::lock::<M::Other>(conn, ctx, others.as_ref())?;
        other::may::<M::Other>(ctx, others.as_ref(), &theirs)?;
        return Ok((records, theirs, others));
    }
    let others = Others::of::<M>(conn, ctx, &all)?;
    let theirs = Others::lock::<M::Other>(conn, ctx, others.as_ref())?;
    let records = locked::<M>(conn, ctx, winner, merger)?;
    other::may::<M::Other>(ctx, others.as_ref(), &theirs)?;
    // whose they are may have changed before that
    match Others::of::<M>(conn, ctx, &all)? == others {
        true => Ok((records, theirs, others)),
        false => Err(error::BUSY.into()),
    }
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

pub(super) fn ids<M: Mergeable>(union: &Union) -> Vec<M::Id> {
    std::iter::once(&union.winner).chain(&union.losers).map(|id| M::Id::from(*id)).collect()
}

/// Writes down what it came to; what was moved, of both sides together.
fn keep(
    conn: &mut Conn,
    ctx: &Ctx,
    own: &mut Half,
    other: Option<(Half, Others)>,
    merger: &RecordMerger,
) -> Result<Vec<super::MovedCount>> {
    let union = &own.union;
    let (mut changes, mut moved) = (std::mem::take(&mut own.changes), std::mem::take(&mut own.moved));
    let others = other.map(|(half, others)| {
        changes.extend(half.changes.into_iter().map(|change| super::Change { is_other: true, ..change }));
        other::add(&mut moved, half.moved);
        (others.winner, others.losers)
    });
    let done = Done {
        id: union.merge,
        resource: union.noun,
        winner: union.winner,
        losers: union.losers.clone(),
        others,
        team: own.team,
        choices: FieldChoices(merger.field_choices.clone()),
        changes: Changes(changes),
        moved: MovedCounts(moved.clone()),
        move_count: moving::count(conn, ctx, union.merge)?,
        undo_until: ctx.now + UNDOABLE,
    };
    store::insert(conn, ctx, &done)?;
    Ok(moved)
}
