//! An order line says how much of what was bought, and on which terms.
//!
//! It may name a product or merely a thing; what it took from the product stays as it was. Its amounts follow from its
//! quantity, price and rates ([`super::amounts`]). Its `line_key` tells it from the others of its order. A line is part
//! of its order: whatever changes here is a change of the order, with its version, event and audit row.
mod deeds;
pub(crate) mod pricing;
mod store;

pub use crate::schema::order_lines::table as Table;
pub use deeds::{add, find, of, of_all, remove, replace, update};
pub(super) use deeds::{replace_with, write};
pub use store::list;

use super::amounts::Terms;
use crate::exact;
use crate::schema::order_lines;
use chrono::{DateTime, Utc};
use diesel::prelude::{AsChangeset, Queryable, Selectable};
use kernel::catalogue::{Catalogue, Field, Kind as Holds, Owned, Relation};
use kernel::{Money, Noun, OrderId, OrderLineId, ProductId, Record, Tidy, money, patch, tidy};
use platform::filter::Listed;
use rust_decimal::Decimal;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use validator::Validate;

/// How much of what was bought.
#[derive(Clone, Debug, Queryable, Selectable, Serialize, ToSchema)]
#[diesel(table_name = order_lines, check_for_backend(diesel::pg::Pg))]
#[schema(example = json!({
    "id": "0192f0c1-4444-7000-8000-000000000005", "order_id": "0192f0c1-3333-7000-8000-000000000004", "line_key": "1",
    "position": 1, "product_id": "0192f0c1-2222-7000-8000-000000000003", "sku": "TEA-LJ-250",
    "name": "西湖龙井 250克", "quantity": "2", "unit_price": "268", "discount_rate": "0.05", "tax_rate": "0.13",
    "currency": "CNY", "subtotal": {"amount": "536.00", "currency": "CNY"},
    "discount": {"amount": "26.80", "currency": "CNY"}, "tax": {"amount": "66.20", "currency": "CNY"},
    "total": {"amount": "575.40", "currency": "CNY"}, "version": 1, "created_at": "2026-11-21T08:00:00Z",
    "updated_at": "2026-11-21T08:00:00Z"
}))]
pub struct OrderLine {
    pub id: OrderLineId,
    pub order_id: OrderId,
    /// what tells it from the other lines of its order
    #[schema(example = "1")]
    pub line_key: String,
    pub position: i32,
    pub product_id: Option<ProductId>,
    pub sku: Option<String>,
    pub name: String,
    /// negative where something came back
    #[serde(serialize_with = "exact::plain")]
    #[schema(value_type = String, format = "decimal", example = "2")]
    pub quantity: Decimal,
    /// before discount and tax; may be finer than the currency
    #[serde(serialize_with = "exact::plain")]
    #[schema(value_type = String, format = "decimal", example = "268")]
    pub unit_price: Decimal,
    /// from 0 to 1
    #[serde(serialize_with = "exact::plain")]
    #[schema(value_type = String, format = "decimal", example = "0.05")]
    pub discount_rate: Decimal,
    /// from 0 to 1
    #[serde(serialize_with = "exact::plain")]
    #[schema(value_type = String, format = "decimal", example = "0.13")]
    pub tax_rate: Decimal,
    #[schema(example = "CNY")]
    pub currency: String,
    /// quantity × unit price
    #[diesel(select_expression = (order_lines::subtotal_amount, order_lines::currency),
             select_expression_type = (order_lines::subtotal_amount, order_lines::currency))]
    pub subtotal: Money,
    #[diesel(select_expression = (order_lines::discount_amount, order_lines::currency),
             select_expression_type = (order_lines::discount_amount, order_lines::currency))]
    pub discount: Money,
    #[diesel(select_expression = (order_lines::tax_amount, order_lines::currency),
             select_expression_type = (order_lines::tax_amount, order_lines::currency))]
    pub tax: Money,
    /// subtotal − discount + tax
    #[diesel(select_expression = (order_lines::total_amount, order_lines::currency),
             select_expression_type = (order_lines::total_amount, order_lines::currency))]
    pub total: Money,
    pub version: i32,
    pub created_at: DateTime<Utc>,
    pub updated_at: DateTime<Utc>,
}

/// What a new line is made of: a product, by its id or its SKU, or a name and a price.
#[derive(Clone, Debug, Default, Serialize, Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({"sku": "TEA-LJ-250", "quantity": "2", "discount_rate": "0.05", "tax_rate": "0.13"}))]
pub struct NewOrderLine {
    /// its place in the order, unless said otherwise
    #[validate(length(min = 1, max = 100), custom(function = "tidy::is_filled"))]
    #[schema(min_length = 1, max_length = 100)]
    pub line_key: Option<String>,
    pub product_id: Option<ProductId>,
    /// without a `product_id`, the SKU of a product
    #[validate(length(min = 1, max = 100), custom(function = "tidy::is_filled"))]
    #[schema(min_length = 1, max_length = 100)]
    pub sku: Option<String>,
    /// the product's, unless said otherwise
    #[validate(length(min = 1, max = 300), custom(function = "tidy::is_filled"))]
    #[schema(min_length = 1, max_length = 300)]
    pub name: Option<String>,
    /// negative where something comes back
    #[serde(deserialize_with = "money::decimal")]
    #[validate(custom(function = "exact::is_quantity"))]
    #[schema(value_type = String, format = "decimal", example = "2", pattern = r"^-?\d{1,15}(\.\d{1,6})?$")]
    pub quantity: Decimal,
    /// the product's, where it is in the currency of the order, unless said otherwise
    #[serde(default, deserialize_with = "exact::maybe")]
    #[validate(custom(function = "exact::is_figure"))]
    #[schema(value_type = Option<String>, format = "decimal", example = "268.00", pattern = r"^-?\d{1,15}(\.\d{1,6})?$")]
    pub unit_price: Option<Decimal>,
    /// from 0 to 1; nothing, unless said otherwise
    #[serde(default, deserialize_with = "exact::maybe")]
    #[validate(custom(function = "exact::is_rate"))]
    #[schema(value_type = Option<String>, format = "decimal", example = "0.05", pattern = r"^(0(\.\d{1,6})?|1(\.0{1,6})?)$")]
    pub discount_rate: Option<Decimal>,
    /// from 0 to 1; nothing, unless said otherwise
    #[serde(default, deserialize_with = "exact::maybe")]
    #[validate(custom(function = "exact::is_rate"))]
    #[schema(value_type = Option<String>, format = "decimal", example = "0.13", pattern = r"^(0(\.\d{1,6})?|1(\.0{1,6})?)$")]
    pub tax_rate: Option<Decimal>,
}

/// All lines of an order.
#[derive(Clone, Debug, Default, Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({"lines": [{"name": "西湖龙井 250克", "quantity": "3", "unit_price": "268.00"}]}))]
pub struct NewOrderLines {
    #[validate(nested, length(max = 500))]
    #[schema(max_items = 500)]
    pub lines: Vec<NewOrderLine>,
}

/// A merge patch of a line. Its product stays: another product is another line.
#[derive(Clone, Debug, Default, Deserialize, AsChangeset, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
#[diesel(table_name = order_lines)]
#[schema(example = json!({"quantity": "3"}))]
pub struct OrderLinePatch {
    #[serde(default, deserialize_with = "patch::value")]
    #[validate(length(min = 1, max = 100), custom(function = "tidy::is_filled"))]
    #[schema(value_type = String, required = false, min_length = 1, max_length = 100)]
    pub line_key: Option<String>,
    #[serde(default, deserialize_with = "patch::value")]
    #[validate(range(min = 1))]
    #[schema(value_type = i32, required = false, minimum = 1)]
    pub position: Option<i32>,
    #[serde(default, deserialize_with = "patch::nullable")]
    #[validate(length(min = 1, max = 100), custom(function = "tidy::is_filled"))]
    #[schema(value_type = Option<String>, min_length = 1, max_length = 100)]
    pub sku: Option<Option<String>>,
    #[serde(default, deserialize_with = "patch::value")]
    #[validate(length(min = 1, max = 300), custom(function = "tidy::is_filled"))]
    #[schema(value_type = String, required = false, min_length = 1, max_length = 300)]
    pub name: Option<String>,
    #[serde(default, deserialize_with = "exact::value")]
    #[validate(custom(function = "exact::is_quantity"))]
    #[schema(value_type = String, required = false, format = "decimal", pattern = r"^-?\d{1,15}(\.\d{1,6})?$")]
    pub quantity: Option<Decimal>,
    #[serde(default, deserialize_with = "exact::value")]
    #[validate(custom(function = "exact::is_figure"))]
    #[schema(value_type = String, required = false, format = "decimal", pattern = r"^-?\d{1,15}(\.\d{1,6})?$")]
    pub unit_price: Option<Decimal>,
    #[serde(default, deserialize_with = "exact::value")]
    #[validate(custom(function = "exact::is_rate"))]
    #[schema(value_type = String, required = false, format = "decimal", pattern = r"^(0(\.\d{1,6})?|1(\.0{1,6})?)$")]
    pub discount_rate: Option<Decimal>,
    #[serde(default, deserialize_with = "exact::value")]
    #[validate(custom(function = "exact::is_rate"))]
    #[schema(value_type = String, required = false, format = "decimal", pattern = r"^(0(\.\d{1,6})?|1(\.0{1,6})?)$")]
    pub tax_rate: Option<Decimal>,
}

impl OrderLinePatch {
    /// The terms of a line once it is patched.
    pub fn terms(&self, line: &OrderLine) -> Terms {
        Terms {
            quantity: self.quantity.unwrap_or(line.quantity),
            unit_price: self.unit_price.unwrap_or(line.unit_price),
            discount_rate: self.discount_rate.unwrap_or(line.discount_rate),
            tax_rate: self.tax_rate.unwrap_or(line.tax_rate),
        }
    }
}

pub static CATALOGUE: Catalogue = Catalogue {
    noun: "order_line",
    table: "order_lines",
    fields: &[
        Field::new("id", Holds::Id),
        Field::new("order_id", Holds::Id),
        Field::new("line_key", Holds::Text),
        Field::new("position", Holds::Int),
        Field::new("product_id", Holds::Id).nullable(),
        Field::new("sku", Holds::Text).nullable(),
        Field::new("name", Holds::Text),
        Field::new("quantity", Holds::Decimal),
        Field::new("unit_price", Holds::Decimal),
        Field::new("discount_rate", Holds::Decimal),
        Field::new("tax_rate", Holds::Decimal),
        Field::new("currency", Holds::Text),
        Field::new("subtotal", Holds::Money { currency: "currency" }).column("subtotal_amount"),
        Field::new("discount", Holds::Money { currency: "currency" }).column("discount_amount"),
        Field::new("tax", Holds::Money { currency: "currency" }).column("tax_amount"),
        Field::new("total", Holds::Money { currency: "currency" }).column("total_amount"),
        Field::new("version", Holds::Int),
        Field::new("created_at", Holds::Instant),
        Field::new("updated_at", Holds::Instant),
    ],
    relations: &[Relation::one("order", "order", "order_id"), Relation::one("product", "product", "product_id")],
    custom: None,
    owned: Owned::Part { of: "order", column: "order_id" },
};

impl Noun for OrderLine {
    const NAME: &'static str = "order_line";
}
impl Record for OrderLine {
    type Id = OrderLineId;
    fn id(&self) -> OrderLineId {
        self.id
    }
    fn version(&self) -> i32 {
        self.version
    }
}
impl Listed for order_lines::table {
    const CATALOGUE: &'static Catalogue = &CATALOGUE;
    const ENDURES: bool = true;
}

impl Tidy for NewOrderLine {
    fn tidy(&mut self) {
        [&mut self.line_key, &mut self.sku, &mut self.name].into_iter().flatten().for_each(tidy::trim);
    }
}
impl Tidy for NewOrderLines {
    fn tidy(&mut self) {
        self.lines.iter_mut().for_each(Tidy::tidy);
    }
}
impl Tidy for OrderLinePatch {
    fn tidy(&mut self) {
        [&mut self.line_key, &mut self.name].into_iter().flatten().for_each(tidy::trim);
        self.sku.iter_mut().flatten().for_each(tidy::trim);
    }
}
