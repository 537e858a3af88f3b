//! The queries of a price book. `scope` is the only way in.
use super::{Key, NewPriceBook, PriceBook, PriceBookPatch};
use crate::schema::price_books;
use chrono::NaiveDate;
use diesel::dsl::auto_type;
use diesel::prelude::*;
use diesel::result::QueryResult;
use kernel::event::Verb;
use kernel::{Ctx, Page, PriceBookId, Result, TenantId};
use platform::deed::in_turn;
use platform::search::array_to_tsvector;
use platform::{Batch, Conn, Listing, Record};

/// The price books of the tenant, archived ones too: they belong to nobody, so the permission at the door is enough.
#[auto_type]
pub(super) fn scope(ctx: &Ctx) -> _ {
    let tenant: TenantId = ctx.tenant;
    price_books::table.filter(price_books::tenant_id.eq(tenant))
}

pub fn find(conn: &mut Conn, ctx: &Ctx, id: PriceBookId) -> Result<PriceBook> {
    Ok(scope(ctx)
        .filter(price_books::deleted_at.is_null())
        .filter(price_books::id.eq(id))
        .select(PriceBook::as_select())
        .first(conn)?)
}

pub fn list(conn: &mut Conn, ctx: &Ctx, listing: &Listing<price_books::table>) -> Result<Page<PriceBook>> {
    listing.page(
        conn,
        ctx,
        |conn, ask| {
            let page = scope(ctx).filter(ask.matching()).order(ask.order()).limit(ask.limit());
            page.select((PriceBook::as_select(), ask.keys())).load(conn)
        },
        |ask| scope(ctx).filter(ask.matching()).select(price_books::id),
        |price_book| &price_book.name,
    )
}

/// The living price books among `ids`, in no order.
pub fn many(conn: &mut Conn, ctx: &Ctx, ids: &[PriceBookId]) -> Result<Vec<PriceBook>> {
    Ok(scope(ctx)
        .filter(price_books::deleted_at.is_null())
        .filter(price_books::id.eq_any(ids))
        .select(PriceBook::as_select())
        .load(conn)?)
}

/// The living price books that are meant by an id or a name.
pub(super) fn meant(conn: &mut Conn, ctx: &Ctx, ids: &[PriceBookId], names: &[&str]) -> QueryResult<Vec<PriceBook>> {
    scope(ctx)
        .filter(price_books::deleted_at.is_null())
        .filter(price_books::id.eq_any(ids).or(price_books::name.eq_any(names)))
        .select(PriceBook::as_select())
        .load(conn)
}

/// The living price books with this key.
pub fn find_by(conn: &mut Conn, ctx: &Ctx, key: &Key) -> Result<Vec<PriceBook>> {
    let living = scope(ctx).filter(price_books::deleted_at.is_null()).select(PriceBook::as_select());
    Ok(match key {
        Key::Name(name) => living.filter(price_books::name.eq(name)).load(conn)?,
        Key::External { source_system, external_id } => {
            match platform::external::find::<PriceBook>(conn, ctx, source_system, external_id)? {
                Some(id) => living.filter(price_books::id.eq(id)).load(conn)?,
                None => Vec::new(),
            }
        }
    })
}

pub(super) fn insert(conn: &mut Conn, ctx: &Ctx, new: &NewPriceBook, words: Vec<String>) -> QueryResult<PriceBook> {
    let given = (
        price_books::tenant_id.eq(ctx.tenant),
        price_books::id.eq(new.id.unwrap_or_else(PriceBookId::new)),
        price_books::is_active.eq(new.is_active.unwrap_or(true)),
        price_books::created_at.eq(ctx.now),
        price_books::updated_at.eq(ctx.now),
        price_books::created_by.eq(ctx.actor.user),
        price_books::updated_by.eq(ctx.actor.user),
        price_books::search.eq(array_to_tsvector(words)),
    );
    diesel::insert_into(price_books::table)
        .values((given, new))
        .returning(PriceBook::as_returning())
        .recorded::<PriceBook>(ctx, Verb::Created)
        .get_result(conn)
}

/// Nothing comes back where there is no such price book, or it is no longer at version `base`.
pub(super) fn update(
    conn: &mut Conn,
    ctx: &Ctx,
    id: PriceBookId,
    base: Option<i32>,
    patch: &PriceBookPatch,
) -> QueryResult<Option<PriceBook>> {
    let (oldest, newest) = base.map_or((i32::MIN, i32::MAX), |version| (version, version));
    let target = scope(ctx)
        .filter(price_books::deleted_at.is_null())
        .filter(price_books::id.eq(id))
        .filter(price_books::version.between(oldest, newest));
    let moved = (
        price_books::version.eq(price_books::version + 1),
        price_books::updated_at.eq(ctx.now),
        price_books::updated_by.eq(ctx.actor.user),
    );
    diesel::update(target)
        .set((patch, moved))
        .returning(PriceBook::as_returning())
        .recorded::<PriceBook>(ctx, Verb::Updated)
        .get_result(conn)
        .optional()
}

pub(super) fn set_words(conn: &mut Conn, ctx: &Ctx, id: PriceBookId, words: Vec<String>) -> QueryResult<usize> {
    diesel::update(scope(ctx).filter(price_books::id.eq(id)))
        .set(price_books::search.eq(array_to_tsvector(words)))
        .execute(conn)
}

/// Archives a living price book, or restores an archived one.
pub(super) fn set_archived(
    conn: &mut Conn,
    ctx: &Ctx,
    id: PriceBookId,
    base: Option<i32>,
    archived: bool,
) -> QueryResult<Option<PriceBook>> {
    let (oldest, newest) = base.map_or((i32::MIN, i32::MAX), |version| (version, version));
    let (verb, at) = if archived { (Verb::Deleted, Some(ctx.now)) } else { (Verb::Restored, None) };
    let target = scope(ctx)
        .filter(price_books::deleted_at.is_null().eq(archived))
        .filter(price_books::id.eq(id))
        .filter(price_books::version.between(oldest, newest));
    let moved = (
        price_books::deleted_at.eq(at),
        price_books::version.eq(price_books::version + 1),
        price_books::updated_at.eq(ctx.now),
        price_books::updated_by.eq(ctx.actor.user),
    );
    diesel::update(target)
        .set(moved)
        .returning(PriceBook::as_returning())
        .recorded::<PriceBook>(ctx, verb)
        .get_result(conn)
        .optional()
}

pub(super) fn delete(conn: &mut Conn, ctx: &Ctx, id: PriceBookId) -> QueryResult<Option<PriceBook>> {
    diesel::delete(scope(ctx).filter(price_books::id.eq(id)))
        .returning(PriceBook::as_returning())
        .recorded::<PriceBook>(ctx, Verb::Purged)
        .get_result(conn)
        .optional()
}

/// The price book whether living or archived.
pub(super) fn find_any(conn: &mut Conn, ctx: &Ctx, id: PriceBookId) -> QueryResult<PriceBook> {
    scope(ctx).filter(price_books::id.eq(id)).select(PriceBook::as_select()).first(conn)
}

/// The living one with this name.
pub(super) fn named(conn: &mut Conn, ctx: &Ctx, name: &str) -> QueryResult<Vec<PriceBook>> {
    scope(ctx)
        .filter(price_books::deleted_at.is_null())
        .filter(price_books::name.eq(name))
        .select(PriceBook::as_select())
        .load(conn)
}

/// What prices of a currency are looked for in where nobody names a book, if it is good on that day.
pub(super) fn default_of(conn: &mut Conn, ctx: &Ctx, currency: &str, day: NaiveDate) -> QueryResult<Option<PriceBook>> {
    let found = scope(ctx)
        .filter(price_books::deleted_at.is_null())
        .filter(price_books::currency.eq(currency))
        .filter(price_books::is_default)
        .select(PriceBook::as_select())
        .first(conn)
        .optional()?;
    Ok(found.filter(|book| book.is_good_on(day)))
}

/// None but `but` is the default of the currency any more. Until the transaction ends, nobody else changes which it is.
pub(super) fn no_other_default(conn: &mut Conn, ctx: &Ctx, currency: &str, but: Option<PriceBookId>) -> Result<()> {
    in_turn(conn, &format!("{} default price book {currency}", ctx.tenant))?;
    let other = scope(ctx)
        .filter(price_books::deleted_at.is_null())
        .filter(price_books::currency.eq(currency))
        .filter(price_books::is_default)
        .select(price_books::id);
    let other: Option<PriceBookId> = other.first(conn).optional()?;
    let Some(other) = other.filter(|id| Some(*id) != but) else { return Ok(()) };
    update(conn, ctx, other, None, &PriceBookPatch { is_default: Some(false), ..PriceBookPatch::default() })?;
    Ok(())
}

/// Locks a living price book, for a change of its entries.
pub(super) fn lock(conn: &mut Conn, ctx: &Ctx, id: PriceBookId) -> QueryResult<Option<PriceBook>> {
    scope(ctx)
        .filter(price_books::deleted_at.is_null())
        .filter(price_books::id.eq(id))
        .for_update()
        .select(PriceBook::as_select())
        .first(conn)
        .optional()
}

/// A change of its entries is a change of the book.
pub(super) fn counted(conn: &mut Conn, ctx: &Ctx, id: PriceBookId, more: i32) -> QueryResult<PriceBook> {
    let moved = (
        price_books::entry_count.eq(price_books::entry_count + more),
        price_books::version.eq(price_books::version + 1),
        price_books::updated_at.eq(ctx.now),
        price_books::updated_by.eq(ctx.actor.user),
    );
    diesel::update(scope(ctx).filter(price_books::id.eq(id)))
        .set(moved)
        .returning(PriceBook::as_returning())
        .recorded::<PriceBook>(ctx, Verb::Updated)
        .get_result(conn)
}

impl Batch for PriceBook {
    fn find(conn: &mut Conn, ctx: &Ctx, id: PriceBookId) -> Result<Self> {
        find(conn, ctx, id)
    }
    fn batch(conn: &mut Conn, tenant: TenantId, ids: &[PriceBookId]) -> Result<Vec<Self>> {
        Ok(price_books::table
            .filter(price_books::tenant_id.eq(tenant))
            .filter(price_books::deleted_at.is_null())
            .filter(price_books::id.eq_any(ids))
            .select(PriceBook::as_select())
            .load(conn)?)
    }
}
