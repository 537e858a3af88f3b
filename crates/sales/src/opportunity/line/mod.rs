//! A line of an opportunity says how much of what may be bought. It obeys the rules of order lines, and is reckoned as they
//! are ([`crate::order::amounts`]); lines of an opportunity come and go together, with its body.
mod store;

pub use super::schema::opportunity_lines::table as Table;
pub(super) use store::{any, replace, write};
pub use store::{list, of, of_all};

use super::schema::opportunity_lines;
use crate::exact;
use crate::order::line::NewOrderLine;
use chrono::{DateTime, Utc};
use diesel::prelude::{Queryable, Selectable};
use kernel::catalogue::{Catalogue, Field, Kind as Holds, Owned, Relation};
use kernel::{Money, Noun, OpportunityId, OpportunityLineId, ProductId, Record, Tidy, money, tidy};
use platform::filter::Listed;
use rust_decimal::Decimal;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use validator::Validate;

/// How much of what may be bought.
#[derive(Clone, Debug, Queryable, Selectable, Serialize, ToSchema)]
#[diesel(table_name = opportunity_lines, check_for_backend(diesel::pg::Pg))]
#[schema(example = json!({
    "id": "0192f0c1-6666-7000-8000-000000000010", "opportunity_id": "0192f0c1-6666-7000-8000-00000000000e",
    "line_key": "1", "position": 1, "product_id": "0192f0c1-2222-7000-8000-000000000003", "sku": "TEA-LJ-250",
    "name": "西湖龙井 250克", "quantity": "40", "unit_price": "268", "discount_rate": "0.05", "tax_rate": "0.13",
    "currency": "CNY", "subtotal": {"amount": "10720.00", "currency": "CNY"},
    "discount": {"amount": "536.00", "currency": "CNY"}, "tax": {"amount": "1323.92", "currency": "CNY"},
    "total": {"amount": "11507.92", "currency": "CNY"}, "version": 1, "created_at": "2026-11-21T08:00:00Z",
    "updated_at": "2026-11-21T08:00:00Z"
}))]
pub struct OpportunityLine {
    pub id: OpportunityLineId,
    pub opportunity_id: OpportunityId,
    /// what tells it from the other lines
    #[schema(example = "1")]
    pub line_key: String,
    pub position: i32,
    pub product_id: Option<ProductId>,
    pub sku: Option<String>,
    pub name: String,
    #[serde(serialize_with = "exact::plain")]
    #[schema(value_type = String, format = "decimal", example = "40")]
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
    #[diesel(select_expression = (opportunity_lines::subtotal_amount, opportunity_lines::currency),
             select_expression_type = (opportunity_lines::subtotal_amount, opportunity_lines::currency))]
    pub subtotal: Money,
    #[diesel(select_expression = (opportunity_lines::discount_amount, opportunity_lines::currency),
             select_expression_type = (opportunity_lines::discount_amount, opportunity_lines::currency))]
    pub discount: Money,
    #[diesel(select_expression = (opportunity_lines::tax_amount, opportunity_lines::currency),
             select_expression_type = (opportunity_lines::tax_amount, opportunity_lines::currency))]
    pub tax: Money,
    /// subtotal − discount + tax
    #[diesel(select_expression = (opportunity_lines::total_amount, opportunity_lines::currency),
             select_expression_type = (opportunity_lines::total_amount, opportunity_lines::currency))]
    pub total: Money,
    pub version: i32,
    pub created_at: DateTime<Utc>,
    pub updated_at: DateTime<Utc>,
}

/// What a new line is made of: a product, by its id or its SKU, or a name and a price.
#[derive(Clone, Debug, Default, Serialize, Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({"sku": "TEA-LJ-250", "quantity": "40", "discount_rate": "0.05", "tax_rate": "0.13"}))]
pub struct NewOpportunityLine {
    /// its place, unless said otherwise
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
    #[serde(deserialize_with = "money::decimal")]
    #[validate(custom(function = "exact::is_quantity"))]
    #[schema(value_type = String, format = "decimal", example = "40", pattern = r"^-?\d{1,15}(\.\d{1,6})?$")]
    pub quantity: Decimal,
    /// the product's, where it is in the currency of the opportunity, unless said otherwise
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

impl From<NewOpportunityLine> for NewOrderLine {
    fn from(line: NewOpportunityLine) -> Self {
        let NewOpportunityLine { line_key, product_id, sku, name, quantity, unit_price, discount_rate, tax_rate } =
            line;
        Self { line_key, product_id, sku, name, quantity, unit_price, discount_rate, tax_rate }
    }
}

pub static CATALOGUE: Catalogue = Catalogue {
    noun: "opportunity_line",
    table: "opportunity_lines",
    fields: &[
        Field::new("id", Holds::Id),
        Field::new("opportunity_id", Holds::Id),
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
    relations: &[
        Relation::one("opportunity", "opportunity", "opportunity_id"),
        Relation::one("product", "product", "product_id"),
    ],
    custom: None,
    owned: Owned::Part { of: "opportunity", column: "opportunity_id" },
};

impl Noun for OpportunityLine {
    const NAME: &'static str = "opportunity_line";
}
impl Record for OpportunityLine {
    type Id = OpportunityLineId;
    fn id(&self) -> OpportunityLineId {
        self.id
    }
    fn version(&self) -> i32 {
        self.version
    }
}
impl Listed for opportunity_lines::table {
    const CATALOGUE: &'static Catalogue = &CATALOGUE;
    const ENDURES: bool = true;
}
impl Tidy for NewOpportunityLine {
    fn tidy(&mut self) {
        [&mut self.line_key, &mut self.sku, &mut self.name].into_iter().flatten().for_each(tidy::trim);
    }
}
