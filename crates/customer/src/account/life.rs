//! How an account goes, and comes back. With one that is somebody's goes their contact.
use super::deeds::named;
use super::store::{ANY, ORGANISATIONS};
use super::{Account, CATALOGUE, person, store};
use kernel::{AccountId, Ctx, Result, error};
use platform::deed::{self, attempt, untouched};
use platform::{Conn, merge};

/// With one that is somebody's goes their contact.
pub fn archive(conn: &mut Conn, ctx: &Ctx, id: AccountId, base: Option<i32>) -> Result<Account> {
    if let Some(account) = store::set_archived(conn, ctx, (id, ORGANISATIONS), base, true)? {
        return Ok(account);
    }
    match store::find(conn, ctx, id)? {
        found if found.is_person => person::archive(conn, ctx, &found, base),
        _ => Err(untouched(conn, ctx, store::find, id, base)),
    }
}

/// The account alone, whosever it is.
pub fn give_up(conn: &mut Conn, ctx: &Ctx, id: AccountId) -> Result<Account> {
    match store::set_archived(conn, ctx, (id, ANY), None, true)? {
        Some(account) => Ok(account),
        None => Err(untouched(conn, ctx, store::find, id, None)),
    }
}

/// An account that is not archived is answered as it is.
pub fn restore(conn: &mut Conn, ctx: &Ctx, id: AccountId) -> Result<Account> {
    let found = store::find_any(conn, ctx, id)?;
    if found.deleted_at.is_none() {
        return Ok(found);
    }
    merge::refuse(conn, ctx, &CATALOGUE, id.0)?;
    match found.is_person {
        true => person::restore(conn, ctx, &found),
        false => unarchive(conn, ctx, &found),
    }
}

/// The account alone, whosever it is.
pub(super) fn unarchive(conn: &mut Conn, ctx: &Ctx, found: &Account) -> Result<Account> {
    let id = found.id;
    let done = attempt(conn, |conn| store::set_archived(conn, ctx, (id, ANY), None, false));
    let done = done.map_err(|e| named(conn, ctx, e, found.tax_number.as_deref()))?;
    done.ok_or_else(|| error::FORBIDDEN.into())
}

/// Gone for good, and with one that is somebody's their contact; refused while other records refer to it.
pub fn purge(conn: &mut Conn, ctx: &Ctx, id: AccountId, base: Option<i32>) -> Result<()> {
    deed::purge(conn, ctx, id, base, store::find_any, |conn, ctx, id| {
        merge::refuse(conn, ctx, &CATALOGUE, id.0)?;
        person::purge(conn, ctx, id)
    })
}
