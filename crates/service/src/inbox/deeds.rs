//! What may be done with an inbox.
use super::{ADDRESS_TAKEN, CaseInbox, CaseInboxPatch, NewCaseInbox, store};
use crate::{category, others};
use diesel::Connection;
use diesel::result::{DatabaseErrorKind::UniqueViolation, Error as Sql};
use kernel::existing::conflict;
use kernel::{CaseInboxId, Ctx, Error, Existing, Result, error};
use platform::Conn;
use platform::deed::{self, untouched};
use platform::search::Words;

/// Refused where the address is taken.
pub fn create(conn: &mut Conn, ctx: &Ctx, new: &NewCaseInbox) -> Result<CaseInbox> {
    let done = conn.transaction(|conn| {
        category::is_there(conn, ctx, new.category_id)?;
        others::is_queue(conn, ctx, new.queue_id)?;
        store::insert(conn, ctx, new, words(&new.address, &new.name)).map_err(coded)
    });
    done.map_err(|error| with_existing(conn, ctx, error, Some(&new.address)))
}

/// With a `base`, only if the inbox is still at that version; without, on whatever is there now.
pub fn update(
    conn: &mut Conn,
    ctx: &Ctx,
    id: CaseInboxId,
    base: Option<i32>,
    patch: &CaseInboxPatch,
) -> Result<CaseInbox> {
    let done = conn.transaction(|conn| {
        category::is_there(conn, ctx, patch.category_id.flatten())?;
        others::is_queue(conn, ctx, patch.queue_id.flatten())?;
        let before = store::find(conn, ctx, id)?;
        let address = patch.address.as_ref().unwrap_or(&before.address);
        let words = words(address, patch.name.as_ref().unwrap_or(&before.name));
        match store::update(conn, ctx, id, base, patch, Some(words)).map_err(coded)? {
            Some(inbox) => Ok(inbox),
            None => Err(untouched(conn, ctx, store::find, id, base)),
        }
    });
    done.map_err(|error| with_existing(conn, ctx, error, patch.address.as_deref()))
}

/// What is written to it becomes no case any more.
pub fn archive(conn: &mut Conn, ctx: &Ctx, id: CaseInboxId, base: Option<i32>) -> Result<CaseInbox> {
    match store::set_archived(conn, ctx, id, base, true)? {
        Some(inbox) => Ok(inbox),
        None => Err(untouched(conn, ctx, store::find, id, base)),
    }
}

/// An inbox that is not archived is answered as it is.
pub fn restore(conn: &mut Conn, ctx: &Ctx, id: CaseInboxId) -> Result<CaseInbox> {
    let found = store::find_any(conn, ctx, id)?;
    if found.deleted_at.is_none() {
        return Ok(found);
    }
    let done = deed::attempt(conn, |conn| store::set_archived(conn, ctx, id, None, false));
    let done = done.map_err(|error| with_existing(conn, ctx, coded(error), Some(&found.address)))?;
    done.ok_or_else(|| error::FORBIDDEN.into())
}

/// Gone for good; refused while something came in by it.
pub fn purge(conn: &mut Conn, ctx: &Ctx, id: CaseInboxId, base: Option<i32>) -> Result<()> {
    deed::purge(conn, ctx, id, base, store::find_any, store::delete)
}

fn words(address: &str, name: &str) -> Vec<String> {
    Words::new().whole(address).name(name).lexemes()
}

/// The constraints of the table, by the codes of the room.
fn coded(error: Sql) -> Error {
    match &error {
        Sql::DatabaseError(UniqueViolation, info) if info.constraint_name() == Some("case_inboxes_address_key") => {
            Error::from(ADDRESS_TAKEN).source(error)
        }
        _ => error.into(),
    }
}

/// Which inbox has the address: asked after the transaction that failed on it.
fn with_existing(conn: &mut Conn, ctx: &Ctx, error: Error, address: Option<&str>) -> Error {
    match address {
        Some(address) if error.code == ADDRESS_TAKEN => {
            let found = store::at(conn, ctx, address).ok().flatten();
            let existing: Vec<Existing> = found.iter().map(|one| Existing::new(one.id, "address", 100)).collect();
            Error { members: conflict(ADDRESS_TAKEN, &existing).members, ..error }
        }
        _ => error,
    }
}
