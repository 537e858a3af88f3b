//! The queries of an order. `scope` is the only way in.
use super::amounts::Sums;
use super::summary::Whose;
use super::{Key, NewOrder, Order, OrderPatch};
use crate::schema::{counters, orders};
use chrono::{DateTime, Utc};
use diesel::dsl::{auto_type, count_star, max, min, sum};
use diesel::pg::Pg;
use diesel::prelude::*;
use diesel::result::QueryResult;
use diesel::sql_types::{Bool, Nullable};
use kernel::event::Verb;
use kernel::{AccountId, Action, Ctx, OrderId, Page, QuoteId, Result, TenantId};
use platform::search::array_to_tsvector;
use platform::{Batch, Conn, Listing, Record, Visible, visible};
use rust_decimal::Decimal;

/// The orders of the tenant on which the actor may do `action`, archived ones too.
#[auto_type]
pub(super) fn scope(ctx: &Ctx, action: Action) -> _ {
    let tenant: TenantId = ctx.tenant;
    let visible: Visible<orders::table> = visible::rows(ctx, action);
    orders::table.filter(orders::tenant_id.eq(tenant)).filter(visible)
}

pub fn find(conn: &mut Conn, ctx: &Ctx, id: OrderId) -> Result<Order> {
    Ok(scope(ctx, Action::Read)
        .filter(orders::deleted_at.is_null())
        .filter(orders::id.eq(id))
        .select(Order::as_select())
        .first(conn)?)
}

pub fn list(conn: &mut Conn, ctx: &Ctx, listing: &Listing<orders::table>) -> Result<Page<Order>> {
    listing.page(
        conn,
        ctx,
        |conn, ask| {
            let page = scope(ctx, Action::Read).filter(ask.matching()).order(ask.order()).limit(ask.limit());
            page.select((Order::as_select(), ask.keys())).load(conn)
        },
        |ask| scope(ctx, Action::Read).filter(ask.matching()).select(orders::id),
        |order| &order.number,
    )
}

/// The living orders among `ids`, in no order.
pub fn many(conn: &mut Conn, ctx: &Ctx, ids: &[OrderId]) -> Result<Vec<Order>> {
    Ok(scope(ctx, Action::Read)
        .filter(orders::deleted_at.is_null())
        .filter(orders::id.eq_any(ids))
        .select(Order::as_select())
        .load(conn)?)
}

/// The living orders with this key.
pub fn find_by(conn: &mut Conn, ctx: &Ctx, key: &Key) -> Result<Vec<Order>> {
    let living = scope(ctx, Action::Read).filter(orders::deleted_at.is_null()).select(Order::as_select());
    Ok(match key {
        Key::Number(number) => living.filter(orders::number.eq(number)).load(conn)?,
        Key::External { source_system, external_id } => {
            match platform::external::find::<Order>(conn, ctx, source_system, external_id)? {
                Some(id) => living.filter(orders::id.eq(id)).load(conn)?,
                None => Vec::new(),
            }
        }
    })
}

pub(super) fn insert(
    conn: &mut Conn,
    ctx: &Ctx,
    new: &NewOrder,
    number: &str,
    sums: &Sums,
    quote: Option<QuoteId>,
    words: Vec<String>,
) -> QueryResult<Order> {
    let given = (
        orders::tenant_id.eq(ctx.tenant),
        orders::id.eq(new.id.unwrap_or_else(OrderId::new)),
        orders::owner_id.eq(new.owner_id.unwrap_or(ctx.actor.user)),
        orders::number.eq(number),
        orders::quote_id.eq(quote),
        orders::status.eq(new.status.as_deref().unwrap_or("confirmed")),
        orders::placed_at.eq(new.placed_at.unwrap_or(ctx.now)),
        orders::created_at.eq(ctx.now),
        orders::updated_at.eq(ctx.now),
        orders::created_by.eq(ctx.actor.user),
        orders::updated_by.eq(ctx.actor.user),
        orders::search.eq(array_to_tsvector(words)),
    );
    diesel::insert_into(orders::table)
        .values((given, summed(sums), new))
        .returning(Order::as_returning())
        .recorded::<Order>(ctx, Verb::Created)
        .get_result(conn)
}

/// Nothing comes back where the order may not be changed, or is no longer at version `base`.
pub(super) fn update(
    conn: &mut Conn,
    ctx: &Ctx,
    id: OrderId,
    base: Option<i32>,
    patch: &OrderPatch,
    sums: Option<&Sums>,
) -> QueryResult<Option<Order>> {
    let (oldest, newest) = base.map_or((i32::MIN, i32::MAX), |version| (version, version));
    let target = scope(ctx, Action::Update)
        .filter(orders::deleted_at.is_null())
        .filter(orders::id.eq(id))
        .filter(orders::version.between(oldest, newest));
    let moved = (
        orders::version.eq(orders::version + 1),
        orders::updated_at.eq(ctx.now),
        orders::updated_by.eq(ctx.actor.user),
        sums.map(summed),
    );
    diesel::update(target)
        .set((patch, moved))
        .returning(Order::as_returning())
        .recorded::<Order>(ctx, Verb::Updated)
        .get_result(conn)
        .optional()
}

/// The columns that the sums stand in.
#[auto_type]
fn summed(sums: &Sums) -> _ {
    let (subtotal, discount, tax): (Decimal, Decimal, Decimal) = (sums.subtotal, sums.discount, sums.tax);
    let (shipping, total, lines): (Decimal, Decimal, i32) = (sums.shipping, sums.total, sums.line_count);
    (
        orders::subtotal_amount.eq(subtotal),
        orders::discount_amount.eq(discount),
        orders::tax_amount.eq(tax),
        orders::shipping_amount.eq(shipping),
        orders::total_amount.eq(total),
        orders::line_count.eq(lines),
    )
}

/// What is searched follows every change; who changed it may see it no longer.
pub(super) fn set_words(conn: &mut Conn, ctx: &Ctx, id: OrderId, words: Vec<String>) -> QueryResult<usize> {
    diesel::update(orders::table.find((ctx.tenant, id))).set(orders::search.eq(array_to_tsvector(words))).execute(conn)
}

/// Locks the order, if the actor may change it.
pub(super) fn lock(conn: &mut Conn, ctx: &Ctx, id: OrderId) -> QueryResult<Option<Order>> {
    scope(ctx, Action::Update)
        .filter(orders::deleted_at.is_null())
        .filter(orders::id.eq(id))
        .for_update()
        .select(Order::as_select())
        .first(conn)
        .optional()
}

/// Archives a living order, or restores an archived one.
pub(super) fn set_archived(
    conn: &mut Conn,
    ctx: &Ctx,
    id: OrderId,
    base: Option<i32>,
    archived: bool,
) -> QueryResult<Option<Order>> {
    let (oldest, newest) = base.map_or((i32::MIN, i32::MAX), |version| (version, version));
    let (verb, at) = if archived { (Verb::Deleted, Some(ctx.now)) } else { (Verb::Restored, None) };
    let target = scope(ctx, Action::Delete)
        .filter(orders::deleted_at.is_null().eq(archived))
        .filter(orders::id.eq(id))
        .filter(orders::version.between(oldest, newest));
    let moved = (
        orders::deleted_at.eq(at),
        orders::version.eq(orders::version + 1),
        orders::updated_at.eq(ctx.now),
        orders::updated_by.eq(ctx.actor.user),
    );
    diesel::update(target)
        .set(moved)
        .returning(Order::as_returning())
        .recorded::<Order>(ctx, verb)
        .get_result(conn)
        .optional()
}

pub(super) fn delete(conn: &mut Conn, ctx: &Ctx, id: OrderId) -> QueryResult<Option<Order>> {
    diesel::delete(scope(ctx, Action::Purge).filter(orders::id.eq(id)))
        .returning(Order::as_returning())
        .recorded::<Order>(ctx, Verb::Purged)
        .get_result(conn)
        .optional()
}

/// The order whether living or archived, as far as the caller may see it.
pub(super) fn find_any(conn: &mut Conn, ctx: &Ctx, id: OrderId) -> QueryResult<Order> {
    scope(ctx, Action::Read).filter(orders::id.eq(id)).select(Order::as_select()).first(conn)
}

/// Whether a living order has this number, whoever may see it.
pub(super) fn is_taken(conn: &mut Conn, ctx: &Ctx, number: &str) -> QueryResult<bool> {
    let same = orders::table
        .filter(orders::tenant_id.eq(ctx.tenant))
        .filter(orders::deleted_at.is_null())
        .filter(orders::number.eq(number));
    diesel::select(diesel::dsl::exists(same)).get_result(conn)
}

/// One more of this name is numbered: how many there are now. Who counts next waits for this transaction.
pub(super) fn count_on(conn: &mut Conn, ctx: &Ctx, name: &str) -> QueryResult<i64> {
    let first = (counters::tenant_id.eq(ctx.tenant), counters::name.eq(name), counters::value.eq(1_i64));
    diesel::insert_into(counters::table)
        .values(first)
        .on_conflict((counters::tenant_id, counters::name))
        .do_update()
        .set(counters::value.eq(counters::value + 1))
        .returning(counters::value)
        .get_result(conn)
}

/// The order that came of a quote, whoever may see it; archived ones too.
pub(super) fn of_quote(conn: &mut Conn, ctx: &Ctx, quote: QuoteId) -> QueryResult<Option<OrderId>> {
    orders::table
        .filter(orders::tenant_id.eq(ctx.tenant))
        .filter(orders::quote_id.eq(quote))
        .select(orders::id)
        .first(conn)
        .optional()
}

/// Of the orders in one currency: currency, how many, their total, the first, the last.
pub(super) type Totals = (String, i64, Option<Decimal>, Option<DateTime<Utc>>, Option<DateTime<Utc>>);

/// Over the living orders of a customer in other statuses than `without`, by currency.
pub(super) fn totals(conn: &mut Conn, ctx: &Ctx, whose: Whose, without: &[&str]) -> QueryResult<Vec<Totals>> {
    scope(ctx, Action::Read)
        .filter(orders::deleted_at.is_null())
        .filter(of(whose))
        .filter(orders::status.ne_all(without))
        .group_by(orders::currency)
        .order(orders::currency)
        .select((
            orders::currency,
            count_star(),
            sum(orders::total_amount),
            min(orders::placed_at),
            max(orders::placed_at),
        ))
        .load(conn)
}

/// The same of many accounts: currency, how many, what they come to.
pub(super) fn totals_of_all(
    conn: &mut Conn,
    ctx: &Ctx,
    accounts: &[AccountId],
    without: &[&str],
) -> QueryResult<Vec<(String, i64, Option<Decimal>)>> {
    scope(ctx, Action::Read)
        .filter(orders::deleted_at.is_null())
        .filter(orders::account_id.eq_any(accounts))
        .filter(orders::status.ne_all(without))
        .group_by(orders::currency)
        .order(orders::currency)
        .select((orders::currency, count_star(), sum(orders::total_amount)))
        .load(conn)
}

/// The newest living orders of a customer, from below a mark on.
pub fn newest(
    conn: &mut Conn,
    ctx: &Ctx,
    whose: Whose,
    below: Option<(DateTime<Utc>, OrderId)>,
    limit: i64,
) -> QueryResult<Vec<Order>> {
    let theirs = scope(ctx, Action::Read)
        .filter(orders::deleted_at.is_null())
        .filter(of(whose))
        .order((orders::placed_at.desc(), orders::id.desc()))
        .limit(limit)
        .select(Order::as_select());
    let Some((at, id)) = below else { return theirs.load(conn) };
    let lower = orders::placed_at.lt(at).or(orders::placed_at.eq(at).and(orders::id.lt(id)));
    theirs.filter(orders::placed_at.le(at).and(lower)).load(conn)
}

/// The newest living orders of a customer in one of these statuses, each with how many there are in all.
pub(super) fn newest_in(
    conn: &mut Conn,
    ctx: &Ctx,
    whose: Whose,
    statuses: &[&str],
    limit: i64,
) -> QueryResult<Vec<(Order, i64)>> {
    scope(ctx, Action::Read)
        .filter(orders::deleted_at.is_null())
        .filter(of(whose))
        .filter(orders::status.eq_any(statuses))
        .order((orders::placed_at.desc(), orders::id.desc()))
        .limit(limit)
        .select((Order::as_select(), count_star().over()))
        .load(conn)
}

fn of(whose: Whose) -> Box<dyn BoxableExpression<orders::table, Pg, SqlType = Nullable<Bool>>> {
    match whose {
        Whose::Account(id) => Box::new(orders::account_id.eq(id)),
        Whose::Contact(id) => Box::new(orders::contact_id.eq(id)),
        Whose::Person { account, contact } => {
            Box::new(orders::account_id.eq(account).or(orders::contact_id.eq(contact)))
        }
    }
}

impl Batch for Order {
    fn find(conn: &mut Conn, ctx: &Ctx, id: OrderId) -> Result<Self> {
        find(conn, ctx, id)
    }
    fn batch(conn: &mut Conn, tenant: TenantId, ids: &[OrderId]) -> Result<Vec<Self>> {
        Ok(orders::table
            .filter(orders::tenant_id.eq(tenant))
            .filter(orders::deleted_at.is_null())
            .filter(orders::id.eq_any(ids))
            .select(Order::as_select())
            .load(conn)?)
    }
}
