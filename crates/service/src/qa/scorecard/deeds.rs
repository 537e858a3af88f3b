//! What may be done with a scorecard.
use super::{NAME_TAKEN, NewQaScorecard, QaScorecard, QaScorecardPatch, store};
use crate::case::Table as Cases;
use diesel::result::Error as Sql;
use kernel::existing::conflict;
use kernel::{Ctx, Error, Existing, QaScorecardId, Result, error};
use platform::deed::{self, ByName, Upsert, Upserted, attempt, untouched};
use platform::filter::{Filter, Seen};
use platform::search::Words;
use platform::{Conn, custom};

/// Refused where the name is taken.
pub fn create(conn: &mut Conn, ctx: &Ctx, new: &NewQaScorecard) -> Result<QaScorecard> {
    fits(ctx, new.filter.as_deref())?;
    let made = attempt(conn, |conn| store::insert(conn, ctx, new, words(&new.name)));
    made.map_err(|error| taken(conn, ctx, error, Some(&new.name)))
}

/// With a `base`, only if the scorecard is still at that version; without, on whatever is there now.
pub fn update(
    conn: &mut Conn,
    ctx: &Ctx,
    id: QaScorecardId,
    base: Option<i32>,
    patch: &QaScorecardPatch,
) -> Result<QaScorecard> {
    fits(ctx, patch.filter.as_ref().and_then(Option::as_deref))?;
    let words = patch.name.as_deref().map(words);
    match attempt(conn, |conn| store::update(conn, ctx, id, base, patch, words)) {
        Ok(Some(card)) => Ok(card),
        Ok(None) => Err(untouched(conn, ctx, store::find, id, base)),
        Err(error) => Err(taken(conn, ctx, error, patch.name.as_deref())),
    }
}

/// The scorecard with this name is changed, or made where there is none.
pub fn upsert(
    conn: &mut Conn,
    ctx: &Ctx,
    name: &ByName,
    ask: &Upsert<NewQaScorecard, QaScorecardPatch>,
) -> Result<Upserted<QaScorecard>> {
    deed::upsert(
        conn,
        ctx,
        name,
        ask,
        (store::find_by, store::find_any),
        |conn, new| create(conn, ctx, &NewQaScorecard { name: name.0.clone(), ..new.clone() }),
        |conn, found, patch| update(conn, ctx, found.id, ask.base, patch),
    )
}

/// Nothing is judged by it from then on; what was, stays.
pub fn archive(conn: &mut Conn, ctx: &Ctx, id: QaScorecardId, base: Option<i32>) -> Result<QaScorecard> {
    match store::set_archived(conn, ctx, id, base, true)? {
        Some(card) => Ok(card),
        None => Err(untouched(conn, ctx, store::find, id, base)),
    }
}

/// A scorecard that is not archived is answered as it is.
pub fn restore(conn: &mut Conn, ctx: &Ctx, id: QaScorecardId) -> Result<QaScorecard> {
    let found = store::find_any(conn, ctx, id)?;
    if found.deleted_at.is_none() {
        return Ok(found);
    }
    let done = attempt(conn, |conn| store::set_archived(conn, ctx, id, None, false));
    let done = done.map_err(|error| taken(conn, ctx, error, Some(&found.name)))?;
    done.ok_or_else(|| error::FORBIDDEN.into())
}

/// Gone for good; refused while anything was judged by it.
pub fn purge(conn: &mut Conn, ctx: &Ctx, id: QaScorecardId, base: Option<i32>) -> Result<()> {
    deed::purge(conn, ctx, id, base, store::find_any, store::delete)
}

/// Refused where it is no filter over cases.
fn fits(ctx: &Ctx, filter: Option<&str>) -> Result<()> {
    let Some(text) = filter else { return Ok(()) };
    let all = custom::catalogues().ok_or_else(|| Error::internal("the catalogues are not open"))?;
    Filter::<Cases>::compile(text, all, &Seen(&ctx.grants)).map(drop).map_err(|refusal| {
        let error = Error::from(refusal.under("/filter"));
        Error::from(error::INVALID).faults(error.faults)
    })
}

fn words(name: &str) -> Vec<String> {
    Words::new().name(name).lexemes()
}

/// Which skill has the name: asked after the statement that failed on it.
fn taken(conn: &mut Conn, ctx: &Ctx, error: Sql, name: Option<&str>) -> Error {
    let is_name =
        matches!(&error, Sql::DatabaseError(_, info) if info.constraint_name() == Some("qa_scorecards_name_key"));
    match name.filter(|_| is_name) {
        Some(name) => {
            let found = store::find_by(conn, ctx, &ByName(name.to_owned())).unwrap_or_default();
            let existing: Vec<Existing> = found.iter().map(|one| Existing::new(one.id, "name", 100)).collect();
            conflict(NAME_TAKEN, &existing).source(error)
        }
        None => error.into(),
    }
}
