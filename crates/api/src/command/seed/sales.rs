//! The second half: products, and orders with their lines. A product that the tenant has already, by its SKU, is
//! ordered as it is.
use super::history::Table;
use super::lexemes::Lexemes;
use super::load::{Shown, pour};
use super::owners::Owners;
use super::schema::{order_lines, orders, products};
use crate::seed::{self, World, made_at, part};
use chrono::{DateTime, Utc};
use diesel::prelude::*;
use diesel::result::Error as Sql;
use platform::search::Words;
use rust_decimal::Decimal;
use sales::order::amounts::{Amounts, Sums, Terms};
use uuid::Uuid;

/// By the first order: it is written with all others, or not at all.
pub fn are_there(conn: &mut PgConnection, world: &World, owners: &Owners) -> QueryResult<bool> {
    let Some(first) = world.orders().next() else { return Ok(false) };
    diesel::select(diesel::dsl::exists(orders::table.find((owners.tenant, first.id)))).get_result(conn)
}

pub fn load(conn: &mut PgConnection, world: &World, owners: &Owners) -> QueryResult<&'static [Table]> {
    let wares = price_list(conn, world, owners)?;
    pour(
        conn,
        &Shown::new("orders", None),
        world.orders(),
        |piece| Sold::of(owners, &wares, piece),
        |conn, sold: Option<Sold>| {
            let sold = sold.ok_or_else(|| Sql::QueryBuilderError("an order comes to more than can be kept".into()))?;
            diesel::copy_from(orders::table).from_insertable(sold.orders).execute(conn)?;
            diesel::copy_from(order_lines::table).from_insertable(sold.lines).execute(conn).map(drop)
        },
    )?;
    Ok(&[Table::Products, Table::Orders])
}

/// The ids of the products, in the order of the world's; those that are not there yet are written.
fn price_list(conn: &mut PgConnection, world: &World, owners: &Owners) -> QueryResult<Vec<Uuid>> {
    let known: Vec<(String, Uuid)> = products::table
        .filter(products::tenant_id.eq(owners.tenant))
        .filter(products::deleted_at.is_null())
        .filter(products::sku.eq_any(world.products().map(|product| product.sku)))
        .select((products::sku, products::id))
        .load(conn)?;
    let found = |product: &seed::Product| known.iter().find(|(sku, _)| sku == product.sku).map(|(_, id)| *id);
    let ids = world.products().map(|product| found(&product).unwrap_or(product.id)).collect();
    pour(
        conn,
        &Shown::new("products", None),
        world.products().filter(|product| found(product).is_none()),
        |piece| piece.into_iter().map(|product| product_row(owners, product)).collect(),
        |conn, rows: Vec<ProductRow>| diesel::copy_from(products::table).from_insertable(rows).execute(conn).map(drop),
    )?;
    Ok(ids)
}

#[derive(Insertable)]
#[diesel(table_name = products, treat_none_as_default_value = false)]
struct ProductRow {
    tenant_id: Uuid,
    id: Uuid,
    sku: &'static str,
    name: &'static str,
    category: &'static str,
    unit_price_amount: Decimal,
    unit_price_currency: &'static str,
    is_active: bool,
    created_at: DateTime<Utc>,
    updated_at: DateTime<Utc>,
    created_by: Uuid,
    updated_by: Uuid,
    search: Lexemes,
}

fn product_row(owners: &Owners, product: seed::Product) -> ProductRow {
    let listed_at = made_at(product.id);
    ProductRow {
        tenant_id: owners.tenant,
        id: product.id,
        sku: product.sku,
        name: product.name,
        category: product.category,
        unit_price_amount: product.unit_price,
        unit_price_currency: product.currency,
        is_active: product.is_active,
        created_at: listed_at,
        updated_at: listed_at,
        created_by: owners.writer,
        updated_by: owners.writer,
        search: Words::new().whole(product.sku).name(product.name).text(product.category).into(),
    }
}

#[derive(Insertable)]
#[diesel(table_name = orders, treat_none_as_default_value = false)]
struct OrderRow {
    tenant_id: Uuid,
    id: Uuid,
    owner_id: Uuid,
    number: String,
    account_id: Uuid,
    contact_id: Option<Uuid>,
    status: &'static str,
    placed_at: DateTime<Utc>,
    currency: &'static str,
    subtotal_amount: Decimal,
    discount_amount: Decimal,
    tax_amount: Decimal,
    total_amount: Decimal,
    line_count: i32,
    created_at: DateTime<Utc>,
    updated_at: DateTime<Utc>,
    created_by: Uuid,
    updated_by: Uuid,
    search: Lexemes,
}

#[derive(Insertable)]
#[diesel(table_name = order_lines, treat_none_as_default_value = false)]
struct LineRow {
    tenant_id: Uuid,
    id: Uuid,
    order_id: Uuid,
    line_key: String,
    position: i32,
    product_id: Uuid,
    sku: &'static str,
    name: &'static str,
    quantity: Decimal,
    unit_price: Decimal,
    discount_rate: Decimal,
    tax_rate: Decimal,
    subtotal_amount: Decimal,
    discount_amount: Decimal,
    tax_amount: Decimal,
    total_amount: Decimal,
    currency: &'static str,
    created_at: DateTime<Utc>,
    updated_at: DateTime<Utc>,
}

/// The rows of some orders.
#[derive(Default)]
struct Sold {
    orders: Vec<OrderRow>,
    lines: Vec<LineRow>,
}

impl Sold {
    /// `None` where one comes to more than a column keeps.
    fn of(owners: &Owners, wares: &[Uuid], orders: Vec<seed::Order>) -> Option<Self> {
        let mut sold = Self::default();
        for order in orders {
            let amounts: Vec<Amounts> =
                order.lines.iter().map(|line| terms(line).amounts(order.currency)).collect::<Option<_>>()?;
            let lines = (0..).zip(order.lines.iter().zip(&amounts));
            for (place, (line, amounts)) in lines {
                let product = *wares.get(line.product)?;
                sold.lines.push(line_row(owners, &order, place, line, product, amounts));
            }
            sold.orders.push(order_row(owners, order, &Sums::over(&amounts, Decimal::ZERO)?));
        }
        Some(sold)
    }
}

fn terms(line: &seed::Line) -> Terms {
    Terms {
        quantity: line.quantity.into(),
        unit_price: line.unit_price,
        discount_rate: line.discount_rate,
        tax_rate: line.tax_rate,
    }
}

fn line_row(
    owners: &Owners,
    order: &seed::Order,
    place: u16,
    line: &seed::Line,
    product_id: Uuid,
    amounts: &Amounts,
) -> LineRow {
    let position = i32::from(place) + 1;
    let Terms { quantity, unit_price, discount_rate, tax_rate } = terms(line);
    LineRow {
        tenant_id: owners.tenant,
        id: part(order.id, place.into()),
        order_id: order.id,
        line_key: position.to_string(),
        position,
        product_id,
        sku: line.sku,
        name: line.name,
        quantity,
        unit_price,
        discount_rate,
        tax_rate,
        subtotal_amount: amounts.subtotal,
        discount_amount: amounts.discount,
        tax_amount: amounts.tax,
        total_amount: amounts.total,
        currency: order.currency,
        created_at: order.placed_at,
        updated_at: order.placed_at,
    }
}

fn order_row(owners: &Owners, order: seed::Order, sums: &Sums) -> OrderRow {
    OrderRow {
        tenant_id: owners.tenant,
        id: order.id,
        owner_id: owners.of_account(order.account_id),
        account_id: order.account_id,
        contact_id: order.contact_id,
        status: order.status,
        placed_at: order.placed_at,
        currency: order.currency,
        subtotal_amount: sums.subtotal,
        discount_amount: sums.discount,
        tax_amount: sums.tax,
        total_amount: sums.total,
        line_count: sums.line_count,
        created_at: order.placed_at,
        updated_at: order.placed_at,
        created_by: owners.writer,
        updated_by: owners.writer,
        search: Words::new().whole(&order.number).into(),
        number: order.number,
    }
}
