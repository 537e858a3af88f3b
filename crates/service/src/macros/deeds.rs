//! What may be done with a macro.
use super::{Macro, MacroPatch, NAME_TAKEN, NewMacro, store};
use diesel::Connection;
use diesel::result::Error as Sql;
use kernel::existing::conflict;
use kernel::{Ctx, Error, Existing, MacroId, Result, error};
use platform::Conn;
use platform::deed::{self, untouched};
use platform::search::Words;

/// Refused where another has the name.
pub fn create(conn: &mut Conn, ctx: &Ctx, new: &NewMacro) -> Result<Macro> {
    let done = conn.transaction(|conn| store::insert(conn, ctx, new, words(&new.name)).map_err(named));
    done.map_err(|error| with_existing(conn, ctx, error, Some(&new.name)))
}

/// With a `base`, only if it is still at that version; without, on whatever is there now.
pub fn update(conn: &mut Conn, ctx: &Ctx, id: MacroId, base: Option<i32>, patch: &MacroPatch) -> Result<Macro> {
    let called = patch.name.as_deref().map(words);
    let done = conn.transaction(|conn| match store::update(conn, ctx, id, base, patch, called).map_err(named)? {
        Some(one) => Ok(one),
        None => Err(untouched(conn, ctx, store::find, id, base)),
    });
    done.map_err(|error| with_existing(conn, ctx, error, patch.name.as_deref()))
}

/// Nobody runs it any more.
pub fn archive(conn: &mut Conn, ctx: &Ctx, id: MacroId, base: Option<i32>) -> Result<Macro> {
    match store::set_archived(conn, ctx, id, base, true)? {
        Some(one) => Ok(one),
        None => Err(untouched(conn, ctx, store::find, id, base)),
    }
}

/// One that is not archived is answered as it is. Its name has to be free still.
pub fn restore(conn: &mut Conn, ctx: &Ctx, id: MacroId) -> Result<Macro> {
    let found = store::find_any(conn, ctx, id)?;
    if found.deleted_at.is_none() {
        return Ok(found);
    }
    let done = conn.transaction(|conn| store::set_archived(conn, ctx, id, None, false).map_err(named));
    let done = done.map_err(|error| with_existing(conn, ctx, error, Some(&found.name)))?;
    done.ok_or_else(|| error::FORBIDDEN.into())
}

/// Gone for good.
pub fn purge(conn: &mut Conn, ctx: &Ctx, id: MacroId, base: Option<i32>) -> Result<()> {
    deed::purge(conn, ctx, id, base, store::find_any, store::delete)
}

fn words(name: &str) -> Vec<String> {
    Words::new().name(name).lexemes()
}

fn named(error: Sql) -> Error {
    match &error {
        Sql::DatabaseError(_, info) if info.constraint_name() == Some("macros_name_key") => {
            Error::from(NAME_TAKEN).source(error)
        }
        _ => error.into(),
    }
}

/// Which has the name: asked after the transaction that failed on it.
fn with_existing(conn: &mut Conn, ctx: &Ctx, error: Error, name: Option<&str>) -> Error {
    match name {
        Some(name) if error.code == NAME_TAKEN => {
            let taken = store::called(conn, ctx, name).unwrap_or_default();
            let existing: Vec<Existing> = taken.iter().map(|one| Existing::new(one.id, "name", 100)).collect();
            Error { members: conflict(NAME_TAKEN, &existing).members, ..error }
        }
        _ => error,
    }
}
