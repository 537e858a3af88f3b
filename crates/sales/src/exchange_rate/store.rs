//! The queries of exchange rates. `scope` is the only way in.
use super::{ExchangeRate, ExchangeRatePatch, Key, NewExchangeRate};
use crate::others;
use crate::schema::exchange_rates;
use chrono::NaiveDate;
use diesel::dsl::auto_type;
use diesel::prelude::*;
use diesel::result::QueryResult;
use kernel::event::Verb;
use kernel::{Ctx, ExchangeRateId, Page, Result, TenantId};
use platform::search::{Words, array_to_tsvector};
use platform::{Batch, Conn, Listing, Record};
use rust_decimal::Decimal;

/// The rates of the tenant, archived ones too: they belong to nobody, so the permission at the door is enough.
#[auto_type]
fn scope(ctx: &Ctx) -> _ {
    let tenant: TenantId = ctx.tenant;
    exchange_rates::table.filter(exchange_rates::tenant_id.eq(tenant))
}

pub fn find(conn: &mut Conn, ctx: &Ctx, id: ExchangeRateId) -> Result<ExchangeRate> {
    let living = scope(ctx).filter(exchange_rates::deleted_at.is_null());
    Ok(living.filter(exchange_rates::id.eq(id)).select(ExchangeRate::as_select()).first(conn)?)
}

/// The rate whether living or archived.
pub(super) fn find_any(conn: &mut Conn, ctx: &Ctx, id: ExchangeRateId) -> QueryResult<ExchangeRate> {
    scope(ctx).filter(exchange_rates::id.eq(id)).select(ExchangeRate::as_select()).first(conn)
}

/// The living rate of this currency into the tenant's own from this day on.
pub(super) fn find_by(conn: &mut Conn, ctx: &Ctx, key: &Key) -> Result<Vec<ExchangeRate>> {
    let to = others::store::base_currency(conn, ctx)?;
    Ok(into(conn, ctx, key, &to)?)
}

/// The same into another currency.
pub(super) fn into(conn: &mut Conn, ctx: &Ctx, key: &Key, to: &str) -> QueryResult<Vec<ExchangeRate>> {
    scope(ctx)
        .filter(exchange_rates::deleted_at.is_null())
        .filter(exchange_rates::from_currency.eq(&key.from_currency))
        .filter(exchange_rates::to_currency.eq(to))
        .filter(exchange_rates::valid_on.eq(key.valid_on))
        .select(ExchangeRate::as_select())
        .load(conn)
}

pub fn list(conn: &mut Conn, ctx: &Ctx, listing: &Listing<exchange_rates::table>) -> Result<Page<ExchangeRate>> {
    listing.page(
        conn,
        ctx,
        |conn, ask| {
            let page = scope(ctx).filter(ask.matching()).order(ask.order()).limit(ask.limit());
            page.select((ExchangeRate::as_select(), ask.keys())).load(conn)
        },
        |ask| scope(ctx).filter(ask.matching()).select(exchange_rates::id),
        |one| &one.from_currency,
    )
}

/// What one unit of `from` was in `to` on a day, if it is known.
pub(crate) fn on(conn: &mut Conn, ctx: &Ctx, from: &str, to: &str, day: NaiveDate) -> QueryResult<Option<Decimal>> {
    scope(ctx)
        .filter(exchange_rates::deleted_at.is_null())
        .filter(exchange_rates::from_currency.eq(from))
        .filter(exchange_rates::to_currency.eq(to))
        .filter(exchange_rates::valid_on.le(day))
        .order(exchange_rates::valid_on.desc())
        .select(exchange_rates::rate)
        .first(conn)
        .optional()
}

pub(super) fn insert(conn: &mut Conn, ctx: &Ctx, new: &NewExchangeRate, to: &str) -> QueryResult<ExchangeRate> {
    let given = (
        exchange_rates::tenant_id.eq(ctx.tenant),
        exchange_rates::id.eq(new.id.unwrap_or_else(ExchangeRateId::new)),
        exchange_rates::to_currency.eq(to),
        exchange_rates::created_at.eq(ctx.now),
        exchange_rates::updated_at.eq(ctx.now),
        exchange_rates::created_by.eq(ctx.actor.user),
        exchange_rates::updated_by.eq(ctx.actor.user),
        exchange_rates::search.eq(array_to_tsvector(Words::new().text(&new.from_currency).lexemes())),
    );
    diesel::insert_into(exchange_rates::table)
        .values((given, new))
        .returning(ExchangeRate::as_returning())
        .recorded::<ExchangeRate>(ctx, Verb::Created)
        .get_result(conn)
}

/// Nothing comes back where there is no such rate, or it is no longer at version `base`.
pub(super) fn update(
    conn: &mut Conn,
    ctx: &Ctx,
    id: ExchangeRateId,
    base: Option<i32>,
    patch: &ExchangeRatePatch,
) -> QueryResult<Option<ExchangeRate>> {
    let (oldest, newest) = base.map_or((i32::MIN, i32::MAX), |version| (version, version));
    let target = scope(ctx)
        .filter(exchange_rates::deleted_at.is_null())
        .filter(exchange_rates::id.eq(id))
        .filter(exchange_rates::version.between(oldest, newest));
    let moved = (
        exchange_rates::version.eq(exchange_rates::version + 1),
        exchange_rates::updated_at.eq(ctx.now),
        exchange_rates::updated_by.eq(ctx.actor.user),
    );
    diesel::update(target)
        .set((patch, moved))
        .returning(ExchangeRate::as_returning())
        .recorded::<ExchangeRate>(ctx, Verb::Updated)
        .get_result(conn)
        .optional()
}

/// Archives a living rate, or restores an archived one.
pub(super) fn set_archived(
    conn: &mut Conn,
    ctx: &Ctx,
    id: ExchangeRateId,
    base: Option<i32>,
    archived: bool,
) -> QueryResult<Option<ExchangeRate>> {
    let (oldest, newest) = base.map_or((i32::MIN, i32::MAX), |version| (version, version));
    let (verb, at) = if archived { (Verb::Deleted, Some(ctx.now)) } else { (Verb::Restored, None) };
    let target = scope(ctx)
        .filter(exchange_rates::deleted_at.is_null().eq(archived))
        .filter(exchange_rates::id.eq(id))
        .filter(exchange_rates::version.between(oldest, newest));
    let moved = (
        exchange_rates::deleted_at.eq(at),
        exchange_rates::version.eq(exchange_rates::version + 1),
        exchange_rates::updated_at.eq(ctx.now),
        exchange_rates::updated_by.eq(ctx.actor.user),
    );
    diesel::update(target)
        .set(moved)
        .returning(ExchangeRate::as_returning())
        .recorded::<ExchangeRate>(ctx, verb)
        .get_result(conn)
        .optional()
}

pub(super) fn delete(conn: &mut Conn, ctx: &Ctx, id: ExchangeRateId) -> QueryResult<Option<ExchangeRate>> {
    diesel::delete(scope(ctx).filter(exchange_rates::id.eq(id)))
        .returning(ExchangeRate::as_returning())
        .recorded::<ExchangeRate>(ctx, Verb::Purged)
        .get_result(conn)
        .optional()
}

impl Batch for ExchangeRate {
    fn find(conn: &mut Conn, ctx: &Ctx, id: ExchangeRateId) -> Result<Self> {
        find(conn, ctx, id)
    }
    fn batch(conn: &mut Conn, tenant: TenantId, ids: &[ExchangeRateId]) -> Result<Vec<Self>> {
        Ok(exchange_rates::table
            .filter(exchange_rates::tenant_id.eq(tenant))
            .filter(exchange_rates::deleted_at.is_null())
            .filter(exchange_rates::id.eq_any(ids))
            .select(ExchangeRate::as_select())
            .load(conn)?)
    }
}
