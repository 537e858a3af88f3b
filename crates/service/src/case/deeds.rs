//! What may be done with a case. Each change is a transaction: it locks the case, asks the table of its ways where it
//! may go, and writes that with one event.
use super::standing::{self, Moved};
use super::store::{self, Made};
use super::{Case, CasePatch, Key, NUMBER_TAKEN, NewCase, named};
use crate::others::next_number;
use crate::routing;
use diesel::Connection;
use diesel::result::{DatabaseErrorKind::UniqueViolation, Error as Sql};
use kernel::event::Verb;
use kernel::existing::conflict;
use kernel::{Action, CaseId, Ctx, Error, Existing, Noun, Result, error};
use platform::deed::{self, Called, Upsert, Upserted, may_own, untouched};
use platform::search::Words;
use platform::{Conn, custom, merge};

/// Whoever is named as its owner looks after it, or the queue that is named; else the caller.
pub fn create(conn: &mut Conn, ctx: &Ctx, new: &NewCase) -> Result<Case> {
    may_own::<Case>(ctx, new.owner_id.or(new.queue_id))?;
    let done = conn.transaction(|conn| make(conn, ctx, new, None));
    done.map_err(|error| with_existing(conn, ctx, error, new.number.as_deref()))
}

/// In a transaction; one that goes on from a closed case says so.
pub(crate) fn make(conn: &mut Conn, ctx: &Ctx, new: &NewCase, follows: Option<CaseId>) -> Result<Case> {
    let account = named::of_new(conn, ctx, new)?;
    let number = match &new.number {
        Some(number) => number.clone(),
        None => counted(conn, ctx)?,
    };
    let moved = standing::begun(new.status.as_deref(), ctx.now);
    let words = custom::words(ctx, Case::NAME, &new.custom.0, words(&number, &new.subject));
    let made = Made { number: &number, account, follows, moved };
    let made = store::insert(conn, ctx, new, &made, words).map_err(coded)?;
    routing::arrive(conn, ctx, made)
}

/// The case that has the number already, if one.
pub fn duplicates(conn: &mut Conn, ctx: &Ctx, new: &NewCase) -> Result<Vec<Existing>> {
    let Some(number) = &new.number else { return Ok(Vec::new()) };
    let found = store::find_by(conn, ctx, &Key::Number(number.clone()))?;
    Ok(found.iter().map(|one| Existing::new(one.id, "number", 100)).collect())
}

/// With a `base`, only if the case is still at that version; without, on whatever is there now.
pub fn update(conn: &mut Conn, ctx: &Ctx, id: CaseId, base: Option<i32>, patch: &CasePatch) -> Result<Case> {
    may_own::<Case>(ctx, patch.owner_id)?;
    let done = conn.transaction(|conn| {
        let before = changeable(conn, ctx, id, base)?;
        write(conn, ctx, &before, patch)
    });
    done.map_err(|error| with_existing(conn, ctx, error, patch.number.as_deref()))
}

/// Changes a case that is locked.
pub(crate) fn write(conn: &mut Conn, ctx: &Ctx, before: &Case, patch: &CasePatch) -> Result<Case> {
    named::of_patch(conn, ctx, before.id, patch)?;
    let moved = match patch.status.as_deref() {
        Some(status) => standing::moved(ctx, before, status)?,
        None => None,
    };
    let verb = verb(before, patch, moved);
    let Some(after) = store::update(conn, ctx, before.id, patch, moved, verb).map_err(coded)? else {
        return Err(untouched(conn, ctx, store::find, before.id, None));
    };
    if patch.is_searched() {
        reindex(conn, ctx, &after)?;
    }
    Ok(after)
}

pub(super) fn reindex(conn: &mut Conn, ctx: &Ctx, case: &Case) -> Result<()> {
    let words = custom::words(ctx, Case::NAME, &case.custom.0, words(&case.number, &case.subject));
    store::set_words(conn, ctx, case.id, words)?;
    Ok(())
}

/// What has happened to one that was there.
fn verb(before: &Case, patch: &CasePatch, moved: Option<Moved>) -> Verb {
    match moved {
        Some(moved) if moved.verb != Verb::Updated => moved.verb,
        _ if patch.owner_id.is_some_and(|owner| owner != before.owner_id) => Verb::Assigned,
        _ => Verb::Updated,
    }
}

/// Locks the case for a change.
pub(crate) fn changeable(conn: &mut Conn, ctx: &Ctx, id: CaseId, base: Option<i32>) -> Result<Case> {
    match store::lock(conn, ctx, Action::Update, id)? {
        Some(case) if base.is_none_or(|version| version == case.version) => Ok(case),
        _ => Err(untouched(conn, ctx, store::find, id, base)),
    }
}

/// The case with this key is changed, or made where there is none.
pub fn upsert(conn: &mut Conn, ctx: &Ctx, key: &Key, ask: &Upsert<NewCase, CasePatch>) -> Result<Upserted<Case>> {
    deed::upsert(
        conn,
        ctx,
        key,
        ask,
        (store::find_by, store::find_any),
        |conn, new| {
            let mut new = new.clone();
            if let Key::Number(number) = key {
                new.number = Some(number.clone());
            }
            create(conn, ctx, &new)
        },
        |conn, found, patch| update(conn, ctx, found.id, ask.base, patch),
    )
}

impl Called for Key {
    fn called(&self) -> Option<(&str, &str)> {
        match self {
            Self::External { source_system, external_id } => Some((source_system, external_id)),
            Self::Number(_) => None,
        }
    }
}

pub fn archive(conn: &mut Conn, ctx: &Ctx, id: CaseId, base: Option<i32>) -> Result<Case> {
    match store::set_archived(conn, ctx, id, base, true)? {
        Some(case) => Ok(case),
        None => Err(untouched(conn, ctx, store::find, id, base)),
    }
}

/// A case that is not archived is answered as it is; one that became one with another stays that.
pub fn restore(conn: &mut Conn, ctx: &Ctx, id: CaseId) -> Result<Case> {
    merge::refuse(conn, ctx, &super::CATALOGUE, id.0)?;
    unarchive(conn, ctx, id)
}

pub(super) fn unarchive(conn: &mut Conn, ctx: &Ctx, id: CaseId) -> Result<Case> {
    let found = store::find_any(conn, ctx, id)?;
    if found.deleted_at.is_none() {
        return Ok(found);
    }
    let done = deed::attempt(conn, |conn| store::set_archived(conn, ctx, id, None, false));
    let done = done.map_err(|e| with_existing(conn, ctx, coded(e), Some(&found.number)))?;
    done.ok_or_else(|| error::FORBIDDEN.into())
}

/// Gone for good, with what was said about it.
pub fn purge(conn: &mut Conn, ctx: &Ctx, id: CaseId, base: Option<i32>) -> Result<()> {
    conn.transaction(|conn| {
        merge::refuse(conn, ctx, &super::CATALOGUE, id.0)?;
        deed::purge(conn, ctx, id, base, store::find_any, store::delete)
    })
}

/// The next number that nobody has given by hand.
fn counted(conn: &mut Conn, ctx: &Ctx) -> Result<String> {
    next_number(conn, ctx, "case", |conn, count| {
        let number = count.to_string();
        let taken = store::is_taken(conn, ctx, &number)?;
        Ok((!taken).then_some(number))
    })
}

/// What it is found by: the one choice of words.
pub(crate) fn words(number: &str, subject: &str) -> Vec<String> {
    Words::new().whole(number).text(subject).lexemes()
}

/// The constraints of the table, by the codes of the room.
fn coded(error: Sql) -> Error {
    match &error {
        Sql::DatabaseError(UniqueViolation, info) if info.constraint_name() == Some("cases_number_key") => {
            Error::from(NUMBER_TAKEN).source(error)
        }
        _ => error.into(),
    }
}

/// Which case has the number, if the caller may see it: asked after the transaction that failed on it.
fn with_existing(conn: &mut Conn, ctx: &Ctx, error: Error, number: Option<&str>) -> Error {
    match number {
        Some(number) if error.code == NUMBER_TAKEN => {
            let found = store::find_by(conn, ctx, &Key::Number(number.to_owned())).unwrap_or_default();
            let existing: Vec<_> = found.iter().map(|one| Existing::new(one.id, "number", 100)).collect();
            Error { members: conflict(NUMBER_TAKEN, &existing).members, ..error }
        }
        _ => error,
    }
}
