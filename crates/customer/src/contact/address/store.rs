//! The queries of the addresses of a contact.
use super::{AddressPatch, ContactAddress, NewAddress};
use crate::schema::contact_addresses;
use diesel::prelude::*;
use diesel::result::QueryResult;
use kernel::{ContactAddressId, ContactId, Ctx, Page, Result};
use platform::{Conn, Listing};

/// The addresses of contacts that were asked for through `scope`.
pub(super) fn of(conn: &mut Conn, ctx: &Ctx, contacts: &[ContactId]) -> QueryResult<Vec<ContactAddress>> {
    contact_addresses::table
        .filter(contact_addresses::tenant_id.eq(ctx.tenant))
        .filter(contact_addresses::contact_id.eq_any(contacts))
        .order((contact_addresses::is_primary.desc(), contact_addresses::id))
        .select(ContactAddress::as_select())
        .load(conn)
}

/// The addresses of all contacts that the actor may see: a part's `Listing` asks for its whole.
pub fn list(conn: &mut Conn, ctx: &Ctx, listing: &Listing<contact_addresses::table>) -> Result<Page<ContactAddress>> {
    let all = || contact_addresses::table.filter(contact_addresses::tenant_id.eq(ctx.tenant));
    listing.page(
        conn,
        ctx,
        |conn, ask| {
            let page = all().filter(ask.matching()).order(ask.order()).limit(ask.limit());
            page.select((ContactAddress::as_select(), ask.keys())).load(conn)
        },
        |ask| all().filter(ask.matching()).select(contact_addresses::id),
        |one| &one.kind,
    )
}

pub(super) fn find(conn: &mut Conn, ctx: &Ctx, id: ContactAddressId) -> QueryResult<Option<ContactAddress>> {
    let one = contact_addresses::table.find((ctx.tenant, id)).select(ContactAddress::as_select());
    one.first(conn).optional()
}

pub(super) fn insert(conn: &mut Conn, ctx: &Ctx, contact: ContactId, new: &NewAddress) -> QueryResult<ContactAddress> {
    let row = (
        contact_addresses::tenant_id.eq(ctx.tenant),
        contact_addresses::id.eq(ContactAddressId::new()),
        contact_addresses::contact_id.eq(contact),
        contact_addresses::kind.eq(&new.kind),
        contact_addresses::label.eq(&new.label),
        contact_addresses::recipient.eq(&new.recipient),
        contact_addresses::phone.eq(&new.phone),
        contact_addresses::phone_text.eq(&new.phone_text),
        contact_addresses::country.eq(&new.country),
        contact_addresses::region.eq(&new.region),
        contact_addresses::city.eq(&new.city),
        contact_addresses::district.eq(&new.district),
        contact_addresses::division_code.eq(&new.division_code),
        contact_addresses::street.eq(&new.street),
        contact_addresses::detail.eq(&new.detail),
        contact_addresses::postal_code.eq(&new.postal_code),
        contact_addresses::raw_text.eq(&new.raw_text),
        contact_addresses::is_primary.eq(new.is_primary),
        contact_addresses::created_at.eq(ctx.now),
        contact_addresses::updated_at.eq(ctx.now),
    );
    diesel::insert_into(contact_addresses::table).values(row).returning(ContactAddress::as_returning()).get_result(conn)
}

pub(super) fn update(
    conn: &mut Conn,
    ctx: &Ctx,
    id: ContactAddressId,
    patch: &AddressPatch,
) -> QueryResult<Option<ContactAddress>> {
    let changed = (
        patch.kind.as_ref().map(|text| contact_addresses::kind.eq(text)),
        patch.label.as_ref().map(|text| contact_addresses::label.eq(text)),
        patch.recipient.as_ref().map(|text| contact_addresses::recipient.eq(text)),
        patch.phone.as_ref().map(|text| contact_addresses::phone.eq(text)),
        patch.phone_text.as_ref().map(|text| contact_addresses::phone_text.eq(text)),
        patch.country.as_ref().map(|text| contact_addresses::country.eq(text)),
        patch.region.as_ref().map(|text| contact_addresses::region.eq(text)),
        patch.city.as_ref().map(|text| contact_addresses::city.eq(text)),
        patch.district.as_ref().map(|text| contact_addresses::district.eq(text)),
        patch.division_code.as_ref().map(|text| contact_addresses::division_code.eq(text)),
        patch.street.as_ref().map(|text| contact_addresses::street.eq(text)),
        patch.detail.as_ref().map(|text| contact_addresses::detail.eq(text)),
        patch.postal_code.as_ref().map(|text| contact_addresses::postal_code.eq(text)),
        patch.raw_text.as_ref().map(|text| contact_addresses::raw_text.eq(text)),
        patch.is_primary.map(|is_primary| contact_addresses::is_primary.eq(is_primary)),
        contact_addresses::version.eq(contact_addresses::version + 1),
        contact_addresses::updated_at.eq(ctx.now),
    );
    diesel::update(contact_addresses::table.find((ctx.tenant, id)))
        .set(changed)
        .returning(ContactAddress::as_returning())
        .get_result(conn)
        .optional()
}

pub(super) fn remove(conn: &mut Conn, ctx: &Ctx, id: ContactAddressId) -> QueryResult<usize> {
    diesel::delete(contact_addresses::table.find((ctx.tenant, id))).execute(conn)
}

/// No address of this kind is primary any more: one that was is at its next version.
pub(super) fn demote(conn: &mut Conn, ctx: &Ctx, contact: ContactId, kind: &str) -> QueryResult<usize> {
    let primary = contact_addresses::table
        .filter(contact_addresses::tenant_id.eq(ctx.tenant))
        .filter(contact_addresses::contact_id.eq(contact))
        .filter(contact_addresses::kind.eq(kind))
        .filter(contact_addresses::is_primary);
    let moved =
        (contact_addresses::version.eq(contact_addresses::version + 1), contact_addresses::updated_at.eq(ctx.now));
    diesel::update(primary).set((contact_addresses::is_primary.eq(false), moved)).execute(conn)
}
