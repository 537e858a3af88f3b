//! The statements of imported lines: each writes or reads a whole chunk. Their orders are locked before.
use super::super::amounts::Amounts;
use super::super::{CATALOGUE, Order};
use crate::order::amounts::Terms;
use crate::schema::order_lines;
use chrono::{DateTime, Utc};
use diesel::dsl::max;
use diesel::pg::Pg;
use diesel::prelude::*;
use diesel::query_builder::{AstPass, QueryFragment};
use diesel::result::QueryResult;
use diesel::sql_types::{Array, Integer, Nullable, Numeric, Text, Timestamptz, Uuid as SqlUuid};
use kernel::event::Verb;
use kernel::{Ctx, OrderId, OrderLineId, ProductId, Result, TenantId, UserId};
use platform::Conn;
use platform::import::many::Many;
use rust_decimal::Decimal;
use std::collections::HashMap;
use uuid::Uuid;

/// A line as it is to stand.
#[derive(Clone, Debug, PartialEq)]
pub struct Line {
    pub id: OrderLineId,
    pub order: OrderId,
    pub key: String,
    pub position: i32,
    pub product: Option<ProductId>,
    pub sku: Option<String>,
    pub name: String,
    pub terms: Terms,
    pub amounts: Amounts,
    pub currency: String,
}

/// A line as it stands.
#[derive(Clone, Debug, QueryableByName)]
pub struct Standing {
    #[diesel(sql_type = SqlUuid)]
    pub id: OrderLineId,
    #[diesel(sql_type = SqlUuid)]
    pub order_id: OrderId,
    #[diesel(sql_type = Text)]
    pub line_key: String,
    #[diesel(sql_type = Integer)]
    pub position: i32,
    #[diesel(sql_type = Nullable<SqlUuid>)]
    pub product_id: Option<ProductId>,
    #[diesel(sql_type = Nullable<Text>)]
    pub sku: Option<String>,
    #[diesel(sql_type = Text)]
    pub name: String,
    #[diesel(sql_type = Numeric)]
    pub quantity: Decimal,
    #[diesel(sql_type = Numeric)]
    pub unit_price: Decimal,
    #[diesel(sql_type = Numeric)]
    pub discount_rate: Decimal,
    #[diesel(sql_type = Numeric)]
    pub tax_rate: Decimal,
}

/// The lines with these keys.
pub fn standing(conn: &mut Conn, ctx: &Ctx, keys: &[(OrderId, String)]) -> QueryResult<Vec<Standing>> {
    if keys.is_empty() {
        return Ok(Vec::new());
    }
    let (orders, keys): (Vec<OrderId>, Vec<&str>) = keys.iter().map(|(order, key)| (*order, key.as_str())).unzip();
    diesel::sql_query(
        "SELECT l.id, l.order_id, l.line_key, l.position, l.product_id, l.sku, l.name, l.quantity, l.unit_price, \
         l.discount_rate, l.tax_rate FROM unnest($2, $3) AS k (order_id, line_key) \
         JOIN order_lines AS l ON l.tenant_id = $1 AND l.order_id = k.order_id AND l.line_key = k.line_key",
    )
    .bind::<SqlUuid, _>(ctx.tenant)
    .bind::<Array<SqlUuid>, _>(orders)
    .bind::<Array<Text>, _>(keys)
    .load(conn)
}

/// The last place of each order that has lines.
pub fn last_places(conn: &mut Conn, ctx: &Ctx, orders: &[OrderId]) -> QueryResult<HashMap<OrderId, i32>> {
    let lines =
        order_lines::table.filter(order_lines::tenant_id.eq(ctx.tenant)).filter(order_lines::order_id.eq_any(orders));
    let places = lines.group_by(order_lines::order_id).select((order_lines::order_id, max(order_lines::position)));
    let places: Vec<(OrderId, Option<i32>)> = places.load(conn)?;
    Ok(places.into_iter().filter_map(|(order, place)| Some((order, place?))).collect())
}

/// Which of these orders have lines.
pub fn orders_with_lines(conn: &mut Conn, ctx: &Ctx, orders: &[Uuid]) -> Result<Vec<Uuid>> {
    Ok(order_lines::table
        .filter(order_lines::tenant_id.eq(ctx.tenant))
        .filter(order_lines::order_id.eq_any(orders))
        .select(order_lines::order_id)
        .distinct()
        .load(conn)?)
}

const COLUMNS: &str = "(id, order_id, line_key, position, product_id, sku, name, quantity, unit_price, discount_rate, \
                       tax_rate, subtotal_amount, discount_amount, tax_amount, total_amount, currency)";
const ROWS: &str = "unnest($3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18) AS n";

pub fn insert(conn: &mut Conn, ctx: &Ctx, lines: &[Line]) -> QueryResult<usize> {
    let columns = COLUMNS.trim_start_matches('(');
    write(
        conn,
        ctx,
        lines,
        format!(
            "INSERT INTO order_lines (tenant_id, created_at, updated_at, {columns} SELECT $1, $2, $2, n.* FROM {ROWS} {COLUMNS}"
        ),
    )
}

/// Puts lines in place of those with their ids.
pub fn update(conn: &mut Conn, ctx: &Ctx, lines: &[Line]) -> QueryResult<usize> {
    write(
        conn,
        ctx,
        lines,
        format!(
            "UPDATE order_lines AS l SET product_id = n.product_id, sku = n.sku, name = n.name, quantity = n.quantity, \
             unit_price = n.unit_price, discount_rate = n.discount_rate, tax_rate = n.tax_rate, \
             subtotal_amount = n.subtotal_amount, discount_amount = n.discount_amount, tax_amount = n.tax_amount, \
             total_amount = n.total_amount, version = l.version + 1, updated_at = $2 \
             FROM {ROWS} {COLUMNS} WHERE l.tenant_id = $1 AND l.id = n.id"
        ),
    )
}

fn write(conn: &mut Conn, ctx: &Ctx, lines: &[Line], text: String) -> QueryResult<usize> {
    if lines.is_empty() {
        return Ok(0);
    }
    let figures = |of: fn(&Line) -> Decimal| lines.iter().map(of).collect::<Vec<Decimal>>();
    diesel::sql_query(text)
        .bind::<SqlUuid, _>(ctx.tenant)
        .bind::<Timestamptz, _>(ctx.now)
        .bind::<Array<SqlUuid>, _>(lines.iter().map(|line| line.id).collect::<Vec<_>>())
        .bind::<Array<SqlUuid>, _>(lines.iter().map(|line| line.order).collect::<Vec<_>>())
        .bind::<Array<Text>, _>(lines.iter().map(|line| line.key.as_str()).collect::<Vec<_>>())
        .bind::<Array<Integer>, _>(lines.iter().map(|line| line.position).collect::<Vec<_>>())
        .bind::<Array<Nullable<SqlUuid>>, _>(lines.iter().map(|line| line.product).collect::<Vec<_>>())
        .bind::<Array<Nullable<Text>>, _>(lines.iter().map(|line| line.sku.as_deref()).collect::<Vec<_>>())
        .bind::<Array<Text>, _>(lines.iter().map(|line| line.name.as_str()).collect::<Vec<_>>())
        .bind::<Array<Numeric>, _>(figures(|line| line.terms.quantity))
        .bind::<Array<Numeric>, _>(figures(|line| line.terms.unit_price))
        .bind::<Array<Numeric>, _>(figures(|line| line.terms.discount_rate))
        .bind::<Array<Numeric>, _>(figures(|line| line.terms.tax_rate))
        .bind::<Array<Numeric>, _>(figures(|line| line.amounts.subtotal))
        .bind::<Array<Numeric>, _>(figures(|line| line.amounts.discount))
        .bind::<Array<Numeric>, _>(figures(|line| line.amounts.tax))
        .bind::<Array<Numeric>, _>(figures(|line| line.amounts.total))
        .bind::<Array<Text>, _>(lines.iter().map(|line| line.currency.as_str()).collect::<Vec<_>>())
        .execute(conn)
}

/// Reckons the sums of orders anew, after their lines have changed: one version, one event an order.
pub fn sum_up(conn: &mut Conn, ctx: &Ctx, orders: &[OrderId]) -> QueryResult<()> {
    if !orders.is_empty() {
        let ids: Vec<Uuid> = orders.iter().map(|id| id.0).collect();
        let sums = Summed { tenant: ctx.tenant, actor: ctx.actor.user, now: ctx.now, orders: ids.clone() };
        Many::new(ctx, &CATALOGUE, Verb::Updated, ids, sums).run(conn)?;
    }
    Ok(())
}

struct Summed {
    tenant: TenantId,
    actor: UserId,
    now: DateTime<Utc>,
    orders: Vec<Uuid>,
}

impl QueryFragment<Pg> for Summed {
    fn walk_ast<'b>(&'b self, mut out: AstPass<'_, 'b, Pg>) -> QueryResult<()> {
        out.push_sql(
            "UPDATE orders AS t SET subtotal_amount = s.subtotal, discount_amount = s.discount, tax_amount = s.tax, \
             total_amount = s.subtotal - s.discount + s.tax + t.shipping_amount, line_count = s.lines, \
             version = t.version + 1, updated_at = ",
        );
        out.push_bind_param::<Timestamptz, _>(&self.now)?;
        out.push_sql(", updated_by = ");
        out.push_bind_param::<SqlUuid, _>(&self.actor)?;
        out.push_sql(
            // order by order: an aggregate of all would read every line while the statistics are young
            " FROM unnest(",
        );
        out.push_bind_param::<Array<SqlUuid>, _>(&self.orders)?;
        out.push_sql(
            ") AS o (id) CROSS JOIN LATERAL (SELECT coalesce(sum(l.subtotal_amount), 0) AS subtotal, \
             coalesce(sum(l.discount_amount), 0) AS discount, coalesce(sum(l.tax_amount), 0) AS tax, \
             count(l.id)::int AS lines FROM order_lines AS l WHERE l.tenant_id = ",
        );
        out.push_bind_param::<SqlUuid, _>(&self.tenant)?;
        out.push_sql(" AND l.order_id = o.id) AS s WHERE t.tenant_id = ");
        out.push_bind_param::<SqlUuid, _>(&self.tenant)?;
        out.push_sql(" AND t.id = o.id");
        Ok(())
    }
}

/// Takes lines away; the sums of their orders follow.
pub fn remove(conn: &mut Conn, ctx: &Ctx, ids: &[Uuid]) -> Result<Vec<Uuid>> {
    let lines = order_lines::table.filter(order_lines::tenant_id.eq(ctx.tenant)).filter(order_lines::id.eq_any(ids));
    let mut orders: Vec<OrderId> = diesel::delete(lines).returning(order_lines::order_id).load(conn)?;
    orders.sort_unstable();
    orders.dedup();
    sum_up(conn, ctx, &orders)?;
    Ok(ids.to_vec())
}

/// The terms of a line that stands.
impl From<&Standing> for Terms {
    fn from(line: &Standing) -> Self {
        Self {
            quantity: line.quantity,
            unit_price: line.unit_price,
            discount_rate: line.discount_rate,
            tax_rate: line.tax_rate,
        }
    }
}

/// An order that is there, or is about to be.
#[derive(Clone, Debug)]
pub struct Head {
    pub id: OrderId,
    pub currency: String,
    /// made by this chunk
    pub is_new: bool,
}

impl From<&Order> for Head {
    fn from(order: &Order) -> Self {
        Self { id: order.id, currency: order.currency.clone(), is_new: false }
    }
}
