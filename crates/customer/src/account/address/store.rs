//! The queries of the addresses of an account.
use super::{AccountAddress, AddressPatch, NewAddress};
use crate::schema::account_addresses;
use diesel::prelude::*;
use diesel::result::QueryResult;
use kernel::{AccountAddressId, AccountId, Ctx, Page, Result};
use platform::{Conn, Listing};

/// The addresses of accounts that were asked for through `scope`.
pub(super) fn of(conn: &mut Conn, ctx: &Ctx, accounts: &[AccountId]) -> QueryResult<Vec<AccountAddress>> {
    account_addresses::table
        .filter(account_addresses::tenant_id.eq(ctx.tenant))
        .filter(account_addresses::account_id.eq_any(accounts))
        .order((account_addresses::is_primary.desc(), account_addresses::id))
        .select(AccountAddress::as_select())
        .load(conn)
}

/// The addresses of all accounts that the actor may see: a part's `Listing` asks for its whole.
pub fn list(conn: &mut Conn, ctx: &Ctx, listing: &Listing<account_addresses::table>) -> Result<Page<AccountAddress>> {
    let all = || account_addresses::table.filter(account_addresses::tenant_id.eq(ctx.tenant));
    listing.page(
        conn,
        ctx,
        |conn, ask| {
            let page = all().filter(ask.matching()).order(ask.order()).limit(ask.limit());
            page.select((AccountAddress::as_select(), ask.keys())).load(conn)
        },
        |ask| all().filter(ask.matching()).select(account_addresses::id),
        |one| &one.kind,
    )
}

pub(super) fn find(conn: &mut Conn, ctx: &Ctx, id: AccountAddressId) -> QueryResult<Option<AccountAddress>> {
    let one = account_addresses::table.find((ctx.tenant, id)).select(AccountAddress::as_select());
    one.first(conn).optional()
}

pub(super) fn insert(conn: &mut Conn, ctx: &Ctx, account: AccountId, new: &NewAddress) -> QueryResult<AccountAddress> {
    let row = (
        account_addresses::tenant_id.eq(ctx.tenant),
        account_addresses::id.eq(AccountAddressId::new()),
        account_addresses::account_id.eq(account),
        account_addresses::kind.eq(&new.kind),
        account_addresses::label.eq(&new.label),
        account_addresses::recipient.eq(&new.recipient),
        account_addresses::phone.eq(&new.phone),
        account_addresses::phone_text.eq(&new.phone_text),
        account_addresses::country.eq(&new.country),
        account_addresses::region.eq(&new.region),
        account_addresses::city.eq(&new.city),
        account_addresses::district.eq(&new.district),
        account_addresses::division_code.eq(&new.division_code),
        account_addresses::street.eq(&new.street),
        account_addresses::detail.eq(&new.detail),
        account_addresses::postal_code.eq(&new.postal_code),
        account_addresses::raw_text.eq(&new.raw_text),
        account_addresses::is_primary.eq(new.is_primary),
        account_addresses::created_at.eq(ctx.now),
        account_addresses::updated_at.eq(ctx.now),
    );
    diesel::insert_into(account_addresses::table).values(row).returning(AccountAddress::as_returning()).get_result(conn)
}

pub(super) fn update(
    conn: &mut Conn,
    ctx: &Ctx,
    id: AccountAddressId,
    patch: &AddressPatch,
) -> QueryResult<Option<AccountAddress>> {
    let changed = (
        patch.kind.as_ref().map(|text| account_addresses::kind.eq(text)),
        patch.label.as_ref().map(|text| account_addresses::label.eq(text)),
        patch.recipient.as_ref().map(|text| account_addresses::recipient.eq(text)),
        patch.phone.as_ref().map(|text| account_addresses::phone.eq(text)),
        patch.phone_text.as_ref().map(|text| account_addresses::phone_text.eq(text)),
        patch.country.as_ref().map(|text| account_addresses::country.eq(text)),
        patch.region.as_ref().map(|text| account_addresses::region.eq(text)),
        patch.city.as_ref().map(|text| account_addresses::city.eq(text)),
        patch.district.as_ref().map(|text| account_addresses::district.eq(text)),
        patch.division_code.as_ref().map(|text| account_addresses::division_code.eq(text)),
        patch.street.as_ref().map(|text| account_addresses::street.eq(text)),
        patch.detail.as_ref().map(|text| account_addresses::detail.eq(text)),
        patch.postal_code.as_ref().map(|text| account_addresses::postal_code.eq(text)),
        patch.raw_text.as_ref().map(|text| account_addresses::raw_text.eq(text)),
        patch.is_primary.map(|is_primary| account_addresses::is_primary.eq(is_primary)),
        account_addresses::version.eq(account_addresses::version + 1),
        account_addresses::updated_at.eq(ctx.now),
    );
    diesel::update(account_addresses::table.find((ctx.tenant, id)))
        .set(changed)
        .returning(AccountAddress::as_returning())
        .get_result(conn)
        .optional()
}

pub(super) fn remove(conn: &mut Conn, ctx: &Ctx, id: AccountAddressId) -> QueryResult<usize> {
    diesel::delete(account_addresses::table.find((ctx.tenant, id))).execute(conn)
}

/// No address of this kind is primary any more: one that was is at its next version.
pub(super) fn demote(conn: &mut Conn, ctx: &Ctx, account: AccountId, kind: &str) -> QueryResult<usize> {
    let primary = account_addresses::table
        .filter(account_addresses::tenant_id.eq(ctx.tenant))
        .filter(account_addresses::account_id.eq(account))
        .filter(account_addresses::kind.eq(kind))
        .filter(account_addresses::is_primary);
    let moved =
        (account_addresses::version.eq(account_addresses::version + 1), account_addresses::updated_at.eq(ctx.now));
    diesel::update(primary).set((account_addresses::is_primary.eq(false), moved)).execute(conn)
}
