//! Orders as their rows: an order and its lines, reckoned by the rules of any order.
use super::lexemes::Lexemes;
use super::owners::Owners;
use super::schema::{order_lines, orders};
use crate::seed::{self, part};
use chrono::{DateTime, Utc};
use diesel::prelude::*;
use platform::search::Words;
use rust_decimal::Decimal;
use sales::order::amounts::{Amounts, Sums, Terms};
use uuid::Uuid;

/// The rows of some orders.
#[derive(Default)]
pub struct Sold {
    orders: Vec<Order>,
    lines: Vec<Line>,
}

impl Sold {
    /// `None` where one comes to more than a column keeps.
    pub fn new(owners: &Owners, wares: &[Uuid], orders: Vec<seed::Order>) -> Option<Self> {
        let mut sold = Self::default();
        for order in orders {
            let amounts: Vec<Amounts> =
                order.lines.iter().map(|line| terms(line).amounts(order.currency)).collect::<Option<_>>()?;
            let lines = (0..).zip(order.lines.iter().zip(&amounts));
            for (place, (line, amounts)) in lines {
                let product = *wares.get(line.product)?;
                sold.lines.push(Line::new(owners, &order, place, line, product, amounts));
            }
            sold.orders.push(Order::new(owners, order, &Sums::over(&amounts, Decimal::ZERO)?));
        }
        Some(sold)
    }

    pub fn copy(self, conn: &mut PgConnection) -> QueryResult<()> {
        diesel::copy_from(orders::table).from_insertable(self.orders).execute(conn)?;
        diesel::copy_from(order_lines::table).from_insertable(self.lines).execute(conn).map(drop)
    }
}

#[derive(Insertable)]
#[diesel(table_name = orders, treat_none_as_default_value = false)]
struct Order {
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
struct Line {
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

fn terms(line: &seed::Line) -> Terms {
    Terms {
        quantity: line.quantity.into(),
        unit_price: line.unit_price,
        discount_rate: line.discount_rate,
        tax_rate: line.tax_rate,
    }
}

impl Line {
    fn new(
        owners: &Owners,
        order: &seed::Order,
        place: u16,
        line: &seed::Line,
        product_id: Uuid,
        amounts: &Amounts,
    ) -> Self {
        let position = i32::from(place) + 1;
        let Terms { quantity, unit_price, discount_rate, tax_rate } = terms(line);
        Self {
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
}

impl Order {
    fn new(owners: &Owners, order: seed::Order, sums: &Sums) -> Self {
        Self {
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
}
