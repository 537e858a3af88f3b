//! A product as its row, and the words it is found by, which are those of a new product.
use super::lexemes::Lexemes;
use super::owners::Owners;
use super::schema::products;
use crate::seed::{self, made_at};
use chrono::{DateTime, Utc};
use diesel::prelude::*;
use platform::search::Words;
use rust_decimal::Decimal;
use uuid::Uuid;

#[derive(Insertable)]
#[diesel(table_name = products, treat_none_as_default_value = false)]
pub struct Product {
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

impl Product {
    pub fn new(owners: &Owners, product: seed::Product) -> Self {
        let listed_at = made_at(product.id);
        Self {
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

    pub fn copy(conn: &mut PgConnection, rows: Vec<Self>) -> QueryResult<()> {
        diesel::copy_from(products::table).from_insertable(rows).execute(conn).map(drop)
    }
}
