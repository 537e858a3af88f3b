//! The queries of order lines. Their order was asked for through its `scope` before.
use super::pricing::Priced;
use super::{OrderLine, OrderLinePatch};
use crate::order::Order;
use crate::order::amounts::{Amounts, Sums};
use crate::schema::order_lines;
use diesel::dsl::{auto_type, count_star, sum};
use diesel::prelude::*;
use diesel::result::QueryResult;
use kernel::{Ctx, OrderId, OrderLineId, Page, Result, TenantId};
use platform::{Conn, Listing};
use rust_decimal::Decimal;

#[auto_type]
fn within(ctx: &Ctx, order: OrderId) -> _ {
    let tenant: TenantId = ctx.tenant;
    order_lines::table.filter(order_lines::tenant_id.eq(tenant)).filter(order_lines::order_id.eq(order))
}

/// The lines of these orders, each order's by position.
pub(super) fn of(conn: &mut Conn, ctx: &Ctx, orders: &[OrderId]) -> QueryResult<Vec<OrderLine>> {
    order_lines::table
        .filter(order_lines::tenant_id.eq(ctx.tenant))
        .filter(order_lines::order_id.eq_any(orders))
        .order((order_lines::order_id, order_lines::position, order_lines::id))
        .select(OrderLine::as_select())
        .load(conn)
}

/// The lines of all orders that the actor may see: a part's `Listing` asks for its whole.
pub fn list(conn: &mut Conn, ctx: &Ctx, listing: &Listing<order_lines::table>) -> Result<Page<OrderLine>> {
    let all = || order_lines::table.filter(order_lines::tenant_id.eq(ctx.tenant));
    listing.page(
        conn,
        ctx,
        |conn, ask| {
            let page = all().filter(ask.matching()).order(ask.order()).limit(ask.limit());
            page.select((OrderLine::as_select(), ask.keys())).load(conn)
        },
        |ask| all().filter(ask.matching()).select(order_lines::id),
        |one| &one.name,
    )
}

pub(super) fn find(conn: &mut Conn, ctx: &Ctx, id: OrderLineId) -> QueryResult<Option<OrderLine>> {
    order_lines::table.find((ctx.tenant, id)).select(OrderLine::as_select()).first(conn).optional()
}

/// The key and the place of each line.
pub(super) fn keys(conn: &mut Conn, ctx: &Ctx, order: OrderId) -> QueryResult<Vec<(String, OrderLineId, i32)>> {
    within(ctx, order).select((order_lines::line_key, order_lines::id, order_lines::position)).load(conn)
}

/// Adds lines. One that has the key of a line in `before` goes on as that line.
pub(super) fn insert(
    conn: &mut Conn,
    ctx: &Ctx,
    order: &Order,
    lines: &[Priced],
    before: &[OrderLine],
) -> QueryResult<Vec<OrderLine>> {
    let row = |line: &Priced| {
        let old = before.iter().find(|old| old.line_key == line.line_key);
        (
            (
                order_lines::tenant_id.eq(ctx.tenant),
                order_lines::id.eq(old.map_or_else(OrderLineId::new, |old| old.id)),
                order_lines::order_id.eq(order.id),
                order_lines::line_key.eq(line.line_key.clone()),
                order_lines::position.eq(line.position),
                order_lines::product_id.eq(line.product_id),
                order_lines::sku.eq(line.sku.clone()),
                order_lines::name.eq(line.name.clone()),
                order_lines::quantity.eq(line.terms.quantity),
                order_lines::unit_price.eq(line.terms.unit_price),
                order_lines::discount_rate.eq(line.terms.discount_rate),
                order_lines::tax_rate.eq(line.terms.tax_rate),
            ),
            amounted(&line.amounts),
            (
                order_lines::currency.eq(order.currency.clone()),
                order_lines::version.eq(old.map_or(1, |old| old.version + 1)),
                order_lines::created_at.eq(old.map_or(ctx.now, |old| old.created_at)),
                order_lines::updated_at.eq(ctx.now),
            ),
        )
    };
    let rows: Vec<_> = lines.iter().map(row).collect();
    diesel::insert_into(order_lines::table).values(rows).returning(OrderLine::as_returning()).get_results(conn)
}

pub(super) fn update(
    conn: &mut Conn,
    ctx: &Ctx,
    line: &OrderLine,
    patch: &OrderLinePatch,
    amounts: &Amounts,
) -> QueryResult<OrderLine> {
    let moved = (order_lines::version.eq(order_lines::version + 1), order_lines::updated_at.eq(ctx.now));
    diesel::update(within(ctx, line.order_id).filter(order_lines::id.eq(line.id)))
        .set((patch, amounted(amounts), moved))
        .returning(OrderLine::as_returning())
        .get_result(conn)
}

pub(super) fn remove(conn: &mut Conn, ctx: &Ctx, order: OrderId, id: OrderLineId) -> QueryResult<usize> {
    diesel::delete(within(ctx, order).filter(order_lines::id.eq(id))).execute(conn)
}

/// Removes all lines of an order and answers them.
pub(super) fn clear(conn: &mut Conn, ctx: &Ctx, order: OrderId) -> QueryResult<Vec<OrderLine>> {
    diesel::delete(within(ctx, order)).returning(OrderLine::as_returning()).get_results(conn)
}

/// The sums over the lines of an order; its shipping and its total are not known here.
pub(super) fn sums(conn: &mut Conn, ctx: &Ctx, order: OrderId) -> QueryResult<Sums> {
    let (subtotal, discount, tax, lines): (Option<Decimal>, Option<Decimal>, Option<Decimal>, i64) = within(ctx, order)
        .select((
            sum(order_lines::subtotal_amount),
            sum(order_lines::discount_amount),
            sum(order_lines::tax_amount),
            count_star(),
        ))
        .get_result(conn)?;
    Ok(Sums {
        subtotal: subtotal.unwrap_or_default(),
        discount: discount.unwrap_or_default(),
        tax: tax.unwrap_or_default(),
        line_count: i32::try_from(lines).unwrap_or(i32::MAX),
        ..Sums::default()
    })
}

/// The columns that the amounts stand in.
#[auto_type]
fn amounted(amounts: &Amounts) -> _ {
    let (subtotal, discount): (Decimal, Decimal) = (amounts.subtotal, amounts.discount);
    let (tax, total): (Decimal, Decimal) = (amounts.tax, amounts.total);
    (
        order_lines::subtotal_amount.eq(subtotal),
        order_lines::discount_amount.eq(discount),
        order_lines::tax_amount.eq(tax),
        order_lines::total_amount.eq(total),
    )
}
