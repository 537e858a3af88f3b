//! The queries of a quote. `scope` is the only way in.
use super::schema::{quotes, quotes_beside};
use super::settle::Settled;
use super::{Key, NewQuote, Quote, QuotePatch};
use chrono::{DateTime, Utc};
use diesel::dsl::auto_type;
use diesel::prelude::*;
use diesel::result::QueryResult;
use kernel::event::Verb;
use kernel::{Action, Ctx, Page, QuoteId, Result, TenantId, UserId};
use platform::search::array_to_tsvector;
use platform::{Batch, Conn, Listing, Record, Visible, visible};
use rust_decimal::Decimal;

/// The quotes of the tenant on which the actor may do `action`, archived ones too.
#[auto_type]
pub(crate) fn scope(ctx: &Ctx, action: Action) -> _ {
    let tenant: TenantId = ctx.tenant;
    let visible: Visible<quotes::table> = visible::rows(ctx, action);
    quotes::table.filter(quotes::tenant_id.eq(tenant)).filter(visible)
}

pub fn find(conn: &mut Conn, ctx: &Ctx, id: QuoteId) -> Result<Quote> {
    Ok(scope(ctx, Action::Read)
        .filter(quotes::deleted_at.is_null())
        .filter(quotes::id.eq(id))
        .select(Quote::as_select())
        .first(conn)?)
}

pub fn list(conn: &mut Conn, ctx: &Ctx, listing: &Listing<quotes::table>) -> Result<Page<Quote>> {
    listing.page(
        conn,
        ctx,
        |conn, ask| {
            let page = scope(ctx, Action::Read).filter(ask.matching()).order(ask.order()).limit(ask.limit());
            page.select((Quote::as_select(), ask.keys())).load(conn)
        },
        |ask| scope(ctx, Action::Read).filter(ask.matching()).select(quotes::id),
        |quote| &quote.number,
    )
}

/// The living quotes among `ids`, in no order.
pub fn many(conn: &mut Conn, ctx: &Ctx, ids: &[QuoteId]) -> Result<Vec<Quote>> {
    Ok(scope(ctx, Action::Read)
        .filter(quotes::deleted_at.is_null())
        .filter(quotes::id.eq_any(ids))
        .select(Quote::as_select())
        .load(conn)?)
}

/// The living quotes with this key; of a number, the revision that holds.
pub fn find_by(conn: &mut Conn, ctx: &Ctx, key: &Key) -> Result<Vec<Quote>> {
    let living = scope(ctx, Action::Read).filter(quotes::deleted_at.is_null()).select(Quote::as_select());
    Ok(match key {
        Key::Number(number) => {
            living.filter(quotes::number.eq(number)).filter(quotes::status.ne("superseded")).load(conn)?
        }
        Key::External { source_system, external_id } => {
            match platform::external::find::<Quote>(conn, ctx, source_system, external_id)? {
                Some(id) => living.filter(quotes::id.eq(id)).load(conn)?,
                None => Vec::new(),
            }
        }
    })
}

pub(super) fn insert(
    conn: &mut Conn,
    ctx: &Ctx,
    new: &NewQuote,
    number: &str,
    settled: &Settled,
    words: Vec<String>,
) -> QueryResult<Quote> {
    let given = (
        quotes::tenant_id.eq(ctx.tenant),
        quotes::id.eq(new.id.unwrap_or_else(QuoteId::new)),
        quotes::owner_id.eq(new.owner_id.unwrap_or(ctx.actor.user)),
        quotes::account_id.eq(settled.account_id),
        quotes::number.eq(number),
        quotes::status.eq("draft"),
        quotes::created_at.eq(ctx.now),
        quotes::updated_at.eq(ctx.now),
        quotes::created_by.eq(ctx.actor.user),
        quotes::updated_by.eq(ctx.actor.user),
        quotes_beside::search.eq(array_to_tsvector(words)),
    );
    diesel::insert_into(quotes::table)
        .values((given, reckoned(settled), new))
        .returning(Quote::as_returning())
        .recorded::<Quote>(ctx, Verb::Created)
        .get_result(conn)
}

/// Of one that is locked. Nothing comes back where it may not be changed.
pub(super) fn update(
    conn: &mut Conn,
    ctx: &Ctx,
    id: QuoteId,
    patch: &QuotePatch,
    settled: Option<&Settled>,
) -> QueryResult<Option<Quote>> {
    let off = settled.map(|settled| {
        (quotes::discount_rate.eq(settled.discount_rate), quotes::discount_fixed.eq(settled.discount_fixed))
    });
    diesel::update(scope(ctx, Action::Update).filter(quotes::id.eq(id)))
        .set((patch, touched(ctx), settled.map(reckoned), off))
        .returning(Quote::as_returning())
        .recorded::<Quote>(ctx, Verb::Updated)
        .get_result(conn)
        .optional()
}

/// What every change moves.
#[auto_type]
pub(super) fn touched(ctx: &Ctx) -> _ {
    let (now, user): (DateTime<Utc>, UserId) = (ctx.now, ctx.actor.user);
    (quotes::version.eq(quotes::version + 1_i32), quotes::updated_at.eq(now), quotes::updated_by.eq(user))
}

/// The columns that follow from the lines and from how they are reckoned.
#[auto_type]
fn reckoned(settled: &Settled) -> _ {
    let sums = settled.sums;
    let (currency, rounding): (String, String) = (settled.currency.clone(), settled.rounding.clone());
    let included: bool = settled.is_tax_included;
    let (subtotal, discount, tax): (Decimal, Decimal, Decimal) = (sums.subtotal, sums.discount, sums.tax);
    let (shipping, total, lines): (Decimal, Decimal, i32) = (sums.shipping, sums.total, sums.line_count);
    (
        quotes::currency.eq(currency),
        quotes::rounding.eq(rounding),
        quotes::is_tax_included.eq(included),
        quotes::subtotal_amount.eq(subtotal),
        quotes::discount_amount.eq(discount),
        quotes::tax_amount.eq(tax),
        quotes::shipping_amount.eq(shipping),
        quotes::total_amount.eq(total),
        quotes::line_count.eq(lines),
    )
}

/// What is searched follows every change; who changed it may see it no longer.
pub(super) fn set_words(conn: &mut Conn, ctx: &Ctx, id: QuoteId, words: Vec<String>) -> QueryResult<usize> {
    diesel::update(quotes::table.find((ctx.tenant, id)))
        .set(quotes_beside::search.eq(array_to_tsvector(words)))
        .execute(conn)
}

/// Locks the quote, if the actor may do that.
pub(super) fn lock(conn: &mut Conn, ctx: &Ctx, action: Action, id: QuoteId) -> QueryResult<Option<Quote>> {
    scope(ctx, action)
        .filter(quotes::deleted_at.is_null())
        .filter(quotes::id.eq(id))
        .for_update()
        .select(Quote::as_select())
        .first(conn)
        .optional()
}

/// Archives a living quote, or restores an archived one.
pub(super) fn set_archived(
    conn: &mut Conn,
    ctx: &Ctx,
    id: QuoteId,
    base: Option<i32>,
    archived: bool,
) -> QueryResult<Option<Quote>> {
    let (oldest, newest) = base.map_or((i32::MIN, i32::MAX), |version| (version, version));
    let (verb, at) = if archived { (Verb::Deleted, Some(ctx.now)) } else { (Verb::Restored, None) };
    let target = scope(ctx, Action::Delete)
        .filter(quotes::deleted_at.is_null().eq(archived))
        .filter(quotes::id.eq(id))
        .filter(quotes::version.between(oldest, newest));
    diesel::update(target)
        .set((quotes::deleted_at.eq(at), touched(ctx)))
        .returning(Quote::as_returning())
        .recorded::<Quote>(ctx, verb)
        .get_result(conn)
        .optional()
}

pub(super) fn delete(conn: &mut Conn, ctx: &Ctx, id: QuoteId) -> QueryResult<Option<Quote>> {
    diesel::delete(scope(ctx, Action::Purge).filter(quotes::id.eq(id)))
        .returning(Quote::as_returning())
        .recorded::<Quote>(ctx, Verb::Purged)
        .get_result(conn)
        .optional()
}

/// The quote whether living or archived, as far as the caller may see it.
pub(super) fn find_any(conn: &mut Conn, ctx: &Ctx, id: QuoteId) -> QueryResult<Quote> {
    scope(ctx, Action::Read).filter(quotes::id.eq(id)).select(Quote::as_select()).first(conn)
}

/// Whether a living quote has this number, whoever may see it.
pub(super) fn is_taken(conn: &mut Conn, ctx: &Ctx, number: &str) -> QueryResult<bool> {
    let same = quotes::table
        .filter(quotes::tenant_id.eq(ctx.tenant))
        .filter(quotes::deleted_at.is_null())
        .filter(quotes::number.eq(number));
    diesel::select(diesel::dsl::exists(same)).get_result(conn)
}

/// Those of which nothing came: neither an order nor a contract.
pub(super) fn without_offspring(conn: &mut Conn, ctx: &Ctx, ids: &[uuid::Uuid]) -> QueryResult<Vec<uuid::Uuid>> {
    use crate::contract::schema::contracts;
    use crate::schema::orders;
    let ordered: Vec<Option<uuid::Uuid>> = orders::table
        .filter(orders::tenant_id.eq(ctx.tenant))
        .filter(orders::quote_id.eq_any(ids))
        .select(orders::quote_id)
        .load(conn)?;
    let signed: Vec<Option<uuid::Uuid>> = contracts::table
        .filter(contracts::tenant_id.eq(ctx.tenant))
        .filter(contracts::quote_id.eq_any(ids))
        .select(contracts::quote_id)
        .load(conn)?;
    Ok(ids.iter().copied().filter(|id| !ordered.iter().chain(&signed).any(|of| *of == Some(*id))).collect())
}

impl Batch for Quote {
    fn find(conn: &mut Conn, ctx: &Ctx, id: QuoteId) -> Result<Self> {
        find(conn, ctx, id)
    }
    fn batch(conn: &mut Conn, tenant: TenantId, ids: &[QuoteId]) -> Result<Vec<Self>> {
        Ok(quotes::table
            .filter(quotes::tenant_id.eq(tenant))
            .filter(quotes::deleted_at.is_null())
            .filter(quotes::id.eq_any(ids))
            .select(Quote::as_select())
            .load(conn)?)
    }
}
