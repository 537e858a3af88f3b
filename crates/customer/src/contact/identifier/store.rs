//! The queries of the identifiers of a contact.
use super::super::store::scope;
use super::{ContactIdentifier, IdentifierPatch, Kept, NewIdentifier};
use crate::schema::{contact_identifiers, contacts};
use diesel::prelude::*;
use diesel::result::QueryResult;
use kernel::{Action, ContactId, ContactIdentifierId, Ctx};
use platform::Conn;
use platform::vault::{Fingerprint, Sealed};

/// The identifiers of contacts that were asked for through `scope`.
pub(super) fn of(conn: &mut Conn, ctx: &Ctx, contacts: &[ContactId]) -> QueryResult<Vec<ContactIdentifier>> {
    contact_identifiers::table
        .filter(contact_identifiers::tenant_id.eq(ctx.tenant))
        .filter(contact_identifiers::contact_id.eq_any(contacts))
        .order((contact_identifiers::kind, contact_identifiers::id))
        .select(ContactIdentifier::as_select())
        .load(conn)
}

pub(super) fn find(conn: &mut Conn, ctx: &Ctx, id: ContactIdentifierId) -> QueryResult<Option<ContactIdentifier>> {
    let one = contact_identifiers::table.find((ctx.tenant, id)).select(ContactIdentifier::as_select());
    one.first(conn).optional()
}

pub(super) fn insert(
    conn: &mut Conn,
    ctx: &Ctx,
    id: ContactIdentifierId,
    contact: ContactId,
    new: &NewIdentifier,
    kept: Kept,
) -> QueryResult<ContactIdentifier> {
    let row = (
        contact_identifiers::tenant_id.eq(ctx.tenant),
        contact_identifiers::id.eq(id),
        contact_identifiers::contact_id.eq(contact),
        contact_identifiers::kind.eq(&new.kind),
        contact_identifiers::sealed.eq(kept.sealed),
        contact_identifiers::fingerprint.eq(kept.fingerprint),
        contact_identifiers::hint.eq(kept.hint),
        contact_identifiers::label.eq(&new.label),
        contact_identifiers::issued_on.eq(new.issued_on),
        contact_identifiers::expires_on.eq(new.expires_on),
        contact_identifiers::created_at.eq(ctx.now),
        contact_identifiers::updated_at.eq(ctx.now),
    );
    diesel::insert_into(contact_identifiers::table)
        .values(row)
        .returning(ContactIdentifier::as_returning())
        .get_result(conn)
}

pub(super) fn update(
    conn: &mut Conn,
    ctx: &Ctx,
    id: ContactIdentifierId,
    patch: &IdentifierPatch,
) -> QueryResult<Option<ContactIdentifier>> {
    let changed = (
        patch.label.as_ref().map(|label| contact_identifiers::label.eq(label)),
        patch.issued_on.map(|day| contact_identifiers::issued_on.eq(day)),
        patch.expires_on.map(|day| contact_identifiers::expires_on.eq(day)),
        contact_identifiers::version.eq(contact_identifiers::version + 1),
        contact_identifiers::updated_at.eq(ctx.now),
    );
    diesel::update(contact_identifiers::table.find((ctx.tenant, id)))
        .set(changed)
        .returning(ContactIdentifier::as_returning())
        .get_result(conn)
        .optional()
}

pub(super) fn remove(conn: &mut Conn, ctx: &Ctx, id: ContactIdentifierId) -> QueryResult<usize> {
    diesel::delete(contact_identifiers::table.find((ctx.tenant, id))).execute(conn)
}

/// Locked until the transaction ends, so that its key stays.
pub(super) fn sealed(conn: &mut Conn, ctx: &Ctx, id: ContactIdentifierId) -> QueryResult<Sealed> {
    let one = contact_identifiers::table.find((ctx.tenant, id)).for_share();
    one.select(contact_identifiers::sealed).first(conn)
}

/// Whether the actor may see what is sealed of a contact that they see.
pub(super) fn may_reveal(conn: &mut Conn, ctx: &Ctx, contact: ContactId) -> QueryResult<bool> {
    let one = scope(ctx, Action::Reveal).filter(contacts::id.eq(contact)).select(contacts::id);
    let found: Option<ContactId> = one.first(conn).optional()?;
    Ok(found.is_some())
}

/// Who has a value with one of these fingerprints, whoever sees them.
pub(super) fn holders(
    conn: &mut Conn,
    ctx: &Ctx,
    prints: Vec<Fingerprint>,
) -> QueryResult<Vec<(ContactIdentifierId, ContactId)>> {
    contact_identifiers::table
        .filter(contact_identifiers::tenant_id.eq(ctx.tenant))
        .filter(contact_identifiers::fingerprint.eq_any(prints))
        .order(contact_identifiers::id)
        .limit(50)
        .select((contact_identifiers::id, contact_identifiers::contact_id))
        .load(conn)
}
