//! The queries of accounts that are somebody's: as far as their reader sees them, by `scope`; and past it, where whoever
//! calls holds the contact, and the account says what that says, whoever sees it.
use super::Said;
use crate::account::Account;
use crate::account::store::scope;
use crate::schema::{accounts, accounts_beside, contacts};
use diesel::prelude::*;
use diesel::result::QueryResult;
use kernel::event::Verb;
use kernel::{AccountId, Action, ContactId, Ctx};
use platform::{Conn, Record};

/// The account of a contact, living or archived, as far as the caller may see it.
pub(crate) fn of_person(conn: &mut Conn, ctx: &Ctx, person: ContactId) -> QueryResult<Option<Account>> {
    let theirs = scope(ctx, Action::Read).filter(accounts_beside::person_id.eq(person));
    theirs.select(Account::as_select()).first(conn).optional()
}

/// The living accounts of contacts.
pub(crate) fn of_people(conn: &mut Conn, ctx: &Ctx, people: &[ContactId]) -> QueryResult<Vec<Account>> {
    let living = scope(ctx, Action::Read).filter(accounts::deleted_at.is_null());
    living.filter(accounts_beside::person_id.eq_any(people)).select(Account::as_select()).load(conn)
}

/// Those of the accounts that are somebody's.
pub(crate) fn people_of(conn: &mut Conn, ctx: &Ctx, ids: &[AccountId]) -> QueryResult<Vec<AccountId>> {
    let theirs = scope(ctx, Action::Read).filter(accounts::id.eq_any(ids)).filter(accounts_beside::is_person.eq(true));
    theirs.select(accounts::id).load(conn)
}

/// The accounts of contacts, living and archived, locked in the order of their ids. Whoever only refers to one does not
/// wait.
pub(super) fn held(conn: &mut Conn, ctx: &Ctx, contacts: &[ContactId]) -> QueryResult<Vec<Account>> {
    accounts::table
        .filter(accounts::tenant_id.eq(ctx.tenant))
        .filter(accounts_beside::person_id.eq_any(contacts))
        .order(accounts::id)
        .for_no_key_update()
        .select(Account::as_select())
        .load(conn)
}

/// Writes what the contact says, of whose change the rules were asked.
pub(super) fn say(conn: &mut Conn, ctx: &Ctx, id: AccountId, said: &Said, verb: Verb) -> QueryResult<Account> {
    let moved = (
        accounts_beside::phone_text.eq(&said.phone_text),
        accounts::version.eq(accounts::version + 1),
        accounts::updated_at.eq(ctx.now),
        accounts::updated_by.eq(ctx.actor.user),
    );
    diesel::update(accounts::table.find((ctx.tenant, id)))
        .set((said, moved))
        .returning(Account::as_returning())
        .following::<Account>(ctx, verb)
        .get_result(conn)
}

/// The contact whose account it is, if it is somebody's.
pub(super) fn whose(conn: &mut Conn, ctx: &Ctx, id: AccountId) -> QueryResult<Option<ContactId>> {
    let one = accounts::table.find((ctx.tenant, id)).select(accounts_beside::person_id);
    Ok(one.first::<Option<ContactId>>(conn).optional()?.flatten())
}

/// Whether a contact that is locked is living, whoever sees them.
pub(super) fn lives(conn: &mut Conn, ctx: &Ctx, id: ContactId) -> QueryResult<bool> {
    let living = contacts::table.find((ctx.tenant, id)).filter(contacts::deleted_at.is_null());
    diesel::select(diesel::dsl::exists(living)).get_result(conn)
}

/// Accounts with the contacts whose they are, of accounts or contacts; whether each is archived.
pub(crate) fn pairs(
    conn: &mut Conn,
    ctx: &Ctx,
    (some, theirs): (&[AccountId], &[ContactId]),
) -> QueryResult<Vec<(AccountId, ContactId, bool)>> {
    let of_either = accounts::id.eq_any(some).nullable().or(accounts_beside::person_id.eq_any(theirs));
    accounts::table
        .filter(accounts::tenant_id.eq(ctx.tenant))
        .filter(accounts_beside::is_person.eq(true))
        .filter(of_either)
        .order(accounts::id)
        .select((accounts::id, accounts_beside::person_id.assume_not_null(), accounts::deleted_at.is_not_null()))
        .load(conn)
}
