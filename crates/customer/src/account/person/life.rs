//! Contact and account go together, and come back together. Whoever does that may do it to both.
use super::store;
use crate::account::store::PEOPLE;
use crate::account::{self, Account, CATALOGUE};
use crate::contact::{self, Contact};
use diesel::Connection;
use kernel::{AccountId, ContactId, Ctx, Error, Kind, Result, error};
use platform::deed::{unmoved, untouched};
use platform::{Conn, external, merge};

/// With a `base`, only if the account is still at that version.
pub(in crate::account) fn archive(conn: &mut Conn, ctx: &Ctx, found: &Account, base: Option<i32>) -> Result<Account> {
    let person = found.person_id.ok_or(error::NOT_FOUND)?;
    conn.transaction(|conn| {
        unmoved(conn, ctx, found, base)?;
        contact::lock_any(conn, ctx, person)?;
        let contact = contact::find_any(conn, ctx, person).map_err(|e| unseen(e.into()))?;
        if contact.deleted_at.is_none() {
            contact::archive_alone(conn, ctx, person, None)?;
        }
        match account::store::set_archived(conn, ctx, (found.id, PEOPLE), base, true)? {
            Some(account) => Ok(account),
            None => Err(untouched(conn, ctx, account::store::find, found.id, base)),
        }
    })
}

/// Whoever sees an account may not see the contact.
fn unseen(error: Error) -> Error {
    match error.kind() {
        Kind::NotFound => error::FORBIDDEN.into(),
        _ => error,
    }
}

/// With a contact that is archived by now. In its transaction.
pub(crate) fn archive_with(conn: &mut Conn, ctx: &Ctx, contact: ContactId) -> Result<()> {
    for account in store::held(conn, ctx, &[contact])?.iter().filter(|one| one.deleted_at.is_none()) {
        account::store::set_archived(conn, ctx, (account.id, PEOPLE), None, true)?.ok_or(error::FORBIDDEN)?;
    }
    Ok(())
}

/// The account of somebody, and the contact where it was archived too.
pub(in crate::account) fn restore(conn: &mut Conn, ctx: &Ctx, found: &Account) -> Result<Account> {
    let person = found.person_id.ok_or(error::NOT_FOUND)?;
    conn.transaction(|conn| {
        contact::lock_any(conn, ctx, person)?;
        let contact = contact::find_any(conn, ctx, person).map_err(|e| unseen(e.into()))?;
        let contact = match contact.deleted_at {
            None => contact,
            Some(_) => contact::unarchive(conn, ctx, &contact)?,
        };
        account::life::unarchive(conn, ctx, found)?;
        // what the contact has said since
        super::follow(conn, ctx, &contact)?;
        Ok(account::store::find_any(conn, ctx, found.id)?)
    })
}

/// With a contact that is there again: what was archived with it, at the same moment. In its transaction.
pub(crate) fn restore_with(conn: &mut Conn, ctx: &Ctx, before: &Contact) -> Result<()> {
    let all = store::held(conn, ctx, &[before.id])?;
    for account in all.iter().filter(|one| one.deleted_at.is_some() && one.deleted_at == before.deleted_at) {
        account::life::unarchive(conn, ctx, account)?;
    }
    super::follow(conn, ctx, before)
}

/// Gone for good, and with it the contact; one that was archived alone leaves a contact that lives.
pub(in crate::account) fn purge(conn: &mut Conn, ctx: &Ctx, id: AccountId) -> Result<Option<Account>> {
    let Some(person) = store::whose(conn, ctx, id)? else { return Ok(account::store::delete(conn, ctx, id)?) };
    contact::lock_any(conn, ctx, person)?;
    let gone = account::store::delete(conn, ctx, id)?;
    let leaves = gone.as_ref().is_some_and(|account| account.deleted_at.is_some());
    if gone.is_some() && !(leaves && store::lives(conn, ctx, person)?) {
        contact::purge_alone(conn, ctx, person)?.ok_or(error::FORBIDDEN)?;
        external::forget(conn, ctx, &[person.0])?;
    }
    Ok(gone)
}

/// Before a contact that is locked goes for good goes its account. In its transaction.
pub(crate) fn purge_with(conn: &mut Conn, ctx: &Ctx, contact: ContactId) -> Result<()> {
    for account in store::held(conn, ctx, &[contact])? {
        merge::refuse(conn, ctx, &CATALOGUE, account.id.0)?;
        account::store::delete(conn, ctx, account.id)?.ok_or(error::FORBIDDEN)?;
        external::forget(conn, ctx, &[account.id.0])?;
    }
    Ok(())
}

/// The account of a contact, living or archived, whoever sees them.
pub fn account_of(conn: &mut Conn, ctx: &Ctx, contact: ContactId) -> Result<Option<AccountId>> {
    Ok(store::pairs(conn, ctx, (&[], &[contact]))?.first().map(|(account, ..)| *account))
}
