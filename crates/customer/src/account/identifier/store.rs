//! The queries of the identifiers of an account.
use super::super::store::scope;
use super::{AccountIdentifier, IdentifierPatch, Kept, NewIdentifier};
use crate::schema::{account_identifiers, accounts};
use diesel::prelude::*;
use diesel::result::QueryResult;
use kernel::{AccountId, AccountIdentifierId, Action, Ctx};
use platform::Conn;
use platform::vault::{Fingerprint, Sealed};

/// The identifiers of accounts that were asked for through `scope`.
pub(super) fn of(conn: &mut Conn, ctx: &Ctx, accounts: &[AccountId]) -> QueryResult<Vec<AccountIdentifier>> {
    account_identifiers::table
        .filter(account_identifiers::tenant_id.eq(ctx.tenant))
        .filter(account_identifiers::account_id.eq_any(accounts))
        .order((account_identifiers::kind, account_identifiers::id))
        .select(AccountIdentifier::as_select())
        .load(conn)
}

pub(super) fn find(conn: &mut Conn, ctx: &Ctx, id: AccountIdentifierId) -> QueryResult<Option<AccountIdentifier>> {
    let one = account_identifiers::table.find((ctx.tenant, id)).select(AccountIdentifier::as_select());
    one.first(conn).optional()
}

pub(super) fn insert(
    conn: &mut Conn,
    ctx: &Ctx,
    id: AccountIdentifierId,
    account: AccountId,
    new: &NewIdentifier,
    kept: Kept,
) -> QueryResult<AccountIdentifier> {
    let row = (
        account_identifiers::tenant_id.eq(ctx.tenant),
        account_identifiers::id.eq(id),
        account_identifiers::account_id.eq(account),
        account_identifiers::kind.eq(&new.kind),
        account_identifiers::sealed.eq(kept.sealed),
        account_identifiers::fingerprint.eq(kept.fingerprint),
        account_identifiers::hint.eq(kept.hint),
        account_identifiers::label.eq(&new.label),
        account_identifiers::issued_on.eq(new.issued_on),
        account_identifiers::expires_on.eq(new.expires_on),
        account_identifiers::created_at.eq(ctx.now),
        account_identifiers::updated_at.eq(ctx.now),
    );
    diesel::insert_into(account_identifiers::table)
        .values(row)
        .returning(AccountIdentifier::as_returning())
        .get_result(conn)
}

pub(super) fn update(
    conn: &mut Conn,
    ctx: &Ctx,
    id: AccountIdentifierId,
    patch: &IdentifierPatch,
) -> QueryResult<Option<AccountIdentifier>> {
    let changed = (
        patch.label.as_ref().map(|label| account_identifiers::label.eq(label)),
        patch.issued_on.map(|day| account_identifiers::issued_on.eq(day)),
        patch.expires_on.map(|day| account_identifiers::expires_on.eq(day)),
        account_identifiers::version.eq(account_identifiers::version + 1),
        account_identifiers::updated_at.eq(ctx.now),
    );
    diesel::update(account_identifiers::table.find((ctx.tenant, id)))
        .set(changed)
        .returning(AccountIdentifier::as_returning())
        .get_result(conn)
        .optional()
}

pub(super) fn remove(conn: &mut Conn, ctx: &Ctx, id: AccountIdentifierId) -> QueryResult<usize> {
    diesel::delete(account_identifiers::table.find((ctx.tenant, id))).execute(conn)
}

/// Locked until the transaction ends, so that its key stays.
pub(super) fn sealed(conn: &mut Conn, ctx: &Ctx, id: AccountIdentifierId) -> QueryResult<Sealed> {
    let one = account_identifiers::table.find((ctx.tenant, id)).for_share();
    one.select(account_identifiers::sealed).first(conn)
}

/// Whether the actor may see what is sealed of a account that they see.
pub(super) fn may_reveal(conn: &mut Conn, ctx: &Ctx, account: AccountId) -> QueryResult<bool> {
    let one = scope(ctx, Action::Reveal).filter(accounts::id.eq(account)).select(accounts::id);
    let found: Option<AccountId> = one.first(conn).optional()?;
    Ok(found.is_some())
}

/// Who has a value with one of these fingerprints, whoever sees them.
pub(super) fn holders(
    conn: &mut Conn,
    ctx: &Ctx,
    prints: Vec<Fingerprint>,
) -> QueryResult<Vec<(AccountIdentifierId, AccountId)>> {
    account_identifiers::table
        .filter(account_identifiers::tenant_id.eq(ctx.tenant))
        .filter(account_identifiers::fingerprint.eq_any(prints))
        .order(account_identifiers::id)
        .limit(50)
        .select((account_identifiers::id, account_identifiers::account_id))
        .load(conn)
}
