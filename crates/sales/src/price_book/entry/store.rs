//! The queries of price book entries. Their book was asked for through its `scope` before.
use super::{PriceBookEntry, PriceBookEntryPatch};
use crate::price_book::PriceBook;
use crate::schema::price_book_entries;
use diesel::dsl::auto_type;
use diesel::prelude::*;
use diesel::result::QueryResult;
use kernel::{Ctx, Page, PriceBookEntryId, PriceBookId, ProductId, Result, TenantId};
use platform::{Conn, Listing};
use rust_decimal::Decimal;

#[auto_type]
fn within(ctx: &Ctx, book: PriceBookId) -> _ {
    let tenant: TenantId = ctx.tenant;
    price_book_entries::table
        .filter(price_book_entries::tenant_id.eq(tenant))
        .filter(price_book_entries::price_book_id.eq(book))
}

/// The entries of many books, which the caller may see; the first 500 of them, by product and quantity.
pub fn of_all(conn: &mut Conn, ctx: &Ctx, books: &[PriceBookId]) -> Result<Vec<PriceBookEntry>> {
    Ok(price_book_entries::table
        .filter(price_book_entries::tenant_id.eq(ctx.tenant))
        .filter(price_book_entries::price_book_id.eq_any(books))
        .order((price_book_entries::price_book_id, price_book_entries::product_id, price_book_entries::min_quantity))
        .limit(500)
        .select(PriceBookEntry::as_select())
        .load(conn)?)
}

/// The entries of all books: a part's `Listing` asks for its whole.
pub fn list(conn: &mut Conn, ctx: &Ctx, listing: &Listing<price_book_entries::table>) -> Result<Page<PriceBookEntry>> {
    let all = || price_book_entries::table.filter(price_book_entries::tenant_id.eq(ctx.tenant));
    listing.page(
        conn,
        ctx,
        |conn, ask| {
            let page = all().filter(ask.matching()).order(ask.order()).limit(ask.limit());
            page.select((PriceBookEntry::as_select(), ask.keys())).load(conn)
        },
        |ask| all().filter(ask.matching()).select(price_book_entries::id),
        |one| &one.currency,
    )
}

pub(super) fn find(conn: &mut Conn, ctx: &Ctx, id: PriceBookEntryId) -> QueryResult<Option<PriceBookEntry>> {
    price_book_entries::table.find((ctx.tenant, id)).select(PriceBookEntry::as_select()).first(conn).optional()
}

/// The entry of a product from exactly this quantity on.
pub(in crate::price_book) fn same(
    conn: &mut Conn,
    ctx: &Ctx,
    book: PriceBookId,
    product: ProductId,
    min_quantity: Decimal,
) -> QueryResult<Option<PriceBookEntry>> {
    within(ctx, book)
        .filter(price_book_entries::product_id.eq(product))
        .filter(price_book_entries::min_quantity.eq(min_quantity))
        .select(PriceBookEntry::as_select())
        .first(conn)
        .optional()
}

/// The entry that is good for this quantity: of those from which on it is reached, the last.
pub(in crate::price_book) fn at(
    conn: &mut Conn,
    ctx: &Ctx,
    book: PriceBookId,
    product: ProductId,
    quantity: Decimal,
) -> QueryResult<Option<PriceBookEntry>> {
    within(ctx, book)
        .filter(price_book_entries::product_id.eq(product))
        .filter(price_book_entries::min_quantity.le(quantity))
        .order(price_book_entries::min_quantity.desc())
        .select(PriceBookEntry::as_select())
        .first(conn)
        .optional()
}

pub(super) fn insert(
    conn: &mut Conn,
    ctx: &Ctx,
    book: &PriceBook,
    product: ProductId,
    min_quantity: Decimal,
    unit_price: Decimal,
) -> QueryResult<PriceBookEntry> {
    let row = (
        price_book_entries::tenant_id.eq(ctx.tenant),
        price_book_entries::id.eq(PriceBookEntryId::new()),
        price_book_entries::price_book_id.eq(book.id),
        price_book_entries::product_id.eq(product),
        price_book_entries::min_quantity.eq(min_quantity),
        price_book_entries::unit_price.eq(unit_price),
        price_book_entries::currency.eq(&book.currency),
        price_book_entries::created_at.eq(ctx.now),
        price_book_entries::updated_at.eq(ctx.now),
    );
    diesel::insert_into(price_book_entries::table)
        .values(row)
        .returning(PriceBookEntry::as_returning())
        .get_result(conn)
}

pub(super) fn update(
    conn: &mut Conn,
    ctx: &Ctx,
    entry: &PriceBookEntry,
    patch: &PriceBookEntryPatch,
) -> QueryResult<PriceBookEntry> {
    let moved =
        (price_book_entries::version.eq(price_book_entries::version + 1), price_book_entries::updated_at.eq(ctx.now));
    diesel::update(within(ctx, entry.price_book_id).filter(price_book_entries::id.eq(entry.id)))
        .set((patch, moved))
        .returning(PriceBookEntry::as_returning())
        .get_result(conn)
}

pub(super) fn remove(conn: &mut Conn, ctx: &Ctx, entry: &PriceBookEntry) -> QueryResult<usize> {
    diesel::delete(within(ctx, entry.price_book_id).filter(price_book_entries::id.eq(entry.id))).execute(conn)
}
