//! A line of a quote says how much of what is offered, and on which terms. It obeys the rules of order lines; beyond them
//! a sum may be off it in place of a rate, and it bears its part of what is off the whole ([`super::amounts`]). Lines of a
//! quote come and go together, with its body.
pub(super) mod pricing;
mod store;

pub use super::schema::quote_lines::table as Table;
pub use store::{list, of, of_all};
pub(super) use store::{replace, write};

use super::amounts::LineAmounts;
use super::schema::quote_lines;
use crate::exact;
use chrono::{DateTime, Utc};
use diesel::NullableExpressionMethods;
use diesel::dsl::Nullable;
use diesel::prelude::{Queryable, Selectable};
use kernel::catalogue::{Catalogue, Field, Kind as Holds, Owned, Relation};
use kernel::money::MaybeMoney;
use kernel::{Money, Noun, ProductId, QuoteId, QuoteLineId, Record, Tidy, money, rule, tidy};
use platform::filter::Listed;
use rust_decimal::Decimal;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use validator::{Validate, ValidationError};

/// How much of what is offered.
#[derive(Clone, Debug, Queryable, Selectable, Serialize, ToSchema)]
#[diesel(table_name = quote_lines, check_for_backend(diesel::pg::Pg))]
#[schema(example = json!({
    "id": "0192f0c1-7777-7000-8000-000000000031", "quote_id": "0192f0c1-7777-7000-8000-000000000030", "line_key": "1",
    "position": 1, "product_id": "0192f0c1-2222-7000-8000-000000000003", "sku": "TEA-LJ-250",
    "name": "西湖龙井 250克", "quantity": "40", "unit_price": "268", "discount_rate": "0.05", "discount_fixed": null,
    "tax_rate": "0.13", "currency": "CNY", "subtotal": {"amount": "10720.00", "currency": "CNY"},
    "discount": {"amount": "536.00", "currency": "CNY"}, "shared_discount": {"amount": "0.00", "currency": "CNY"},
    "tax": {"amount": "1323.92", "currency": "CNY"}, "total": {"amount": "11507.92", "currency": "CNY"}, "version": 1,
    "created_at": "2026-11-21T08:00:00Z", "updated_at": "2026-11-21T08:00:00Z"
}))]
pub struct QuoteLine {
    pub id: QuoteLineId,
    pub quote_id: QuoteId,
    /// what tells it from the other lines of its quote
    #[schema(example = "1")]
    pub line_key: String,
    pub position: i32,
    pub product_id: Option<ProductId>,
    pub sku: Option<String>,
    pub name: String,
    #[serde(serialize_with = "exact::plain")]
    #[schema(value_type = String, format = "decimal", example = "40")]
    pub quantity: Decimal,
    /// before discount; with the tax, where the prices of the quote hold it; may be finer than the currency
    #[serde(serialize_with = "exact::plain")]
    #[schema(value_type = String, format = "decimal", example = "268")]
    pub unit_price: Decimal,
    /// from 0 to 1
    #[serde(serialize_with = "exact::plain")]
    #[schema(value_type = String, format = "decimal", example = "0.05")]
    pub discount_rate: Decimal,
    /// a sum off the line, where it is no rate
    #[diesel(select_expression = (quote_lines::discount_fixed, quote_lines::currency.nullable()),
             select_expression_type = (quote_lines::discount_fixed, Nullable<quote_lines::currency>),
             deserialize_as = MaybeMoney)]
    pub discount_fixed: Option<Money>,
    /// from 0 to 1
    #[serde(serialize_with = "exact::plain")]
    #[schema(value_type = String, format = "decimal", example = "0.13")]
    pub tax_rate: Decimal,
    #[schema(example = "CNY")]
    pub currency: String,
    /// quantity × unit price
    #[diesel(select_expression = (quote_lines::subtotal_amount, quote_lines::currency),
             select_expression_type = (quote_lines::subtotal_amount, quote_lines::currency))]
    pub subtotal: Money,
    /// what is off this line
    #[diesel(select_expression = (quote_lines::discount_amount, quote_lines::currency),
             select_expression_type = (quote_lines::discount_amount, quote_lines::currency))]
    pub discount: Money,
    /// its part of what is off all lines
    #[diesel(select_expression = (quote_lines::shared_amount, quote_lines::currency),
             select_expression_type = (quote_lines::shared_amount, quote_lines::currency))]
    pub shared_discount: Money,
    #[diesel(select_expression = (quote_lines::tax_amount, quote_lines::currency),
             select_expression_type = (quote_lines::tax_amount, quote_lines::currency))]
    pub tax: Money,
    /// after both discounts, with the tax
    #[diesel(select_expression = (quote_lines::total_amount, quote_lines::currency),
             select_expression_type = (quote_lines::total_amount, quote_lines::currency))]
    pub total: Money,
    pub version: i32,
    pub created_at: DateTime<Utc>,
    pub updated_at: DateTime<Utc>,
}

impl QuoteLine {
    pub fn amounts(&self) -> LineAmounts {
        LineAmounts {
            subtotal: self.subtotal.amount,
            discount: self.discount.amount,
            shared: self.shared_discount.amount,
            tax: self.tax.amount,
            total: self.total.amount,
        }
    }
}

/// What a new line is made of: a product, by its id or its SKU, or a name and a price.
#[derive(Clone, Debug, Default, Serialize, Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
#[validate(schema(function = "one_discount"))]
#[schema(example = json!({"sku": "TEA-LJ-250", "quantity": "40", "discount_rate": "0.05", "tax_rate": "0.13"}))]
pub struct NewQuoteLine {
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
    /// what the price book says, or the product, in the currency of the quote, unless said otherwise
    #[serde(default, deserialize_with = "exact::maybe")]
    #[validate(custom(function = "exact::is_figure"))]
    #[schema(value_type = Option<String>, format = "decimal", example = "268.00", pattern = r"^-?\d{1,15}(\.\d{1,6})?$")]
    pub unit_price: Option<Decimal>,
    /// from 0 to 1; nothing, unless said otherwise
    #[serde(default, deserialize_with = "exact::maybe")]
    #[validate(custom(function = "exact::is_rate"))]
    #[schema(value_type = Option<String>, format = "decimal", example = "0.05", pattern = r"^(0(\.\d{1,6})?|1(\.0{1,6})?)$")]
    pub discount_rate: Option<Decimal>,
    /// a sum off the line, in place of a rate
    #[serde(default, deserialize_with = "exact::maybe")]
    #[validate(custom(function = "exact::is_sum"))]
    #[schema(value_type = Option<String>, format = "decimal", example = "20.00", pattern = r"^\d{1,15}(\.\d{1,6})?$")]
    pub discount_fixed: Option<Decimal>,
    /// from 0 to 1; nothing, unless said otherwise
    #[serde(default, deserialize_with = "exact::maybe")]
    #[validate(custom(function = "exact::is_rate"))]
    #[schema(value_type = Option<String>, format = "decimal", example = "0.13", pattern = r"^(0(\.\d{1,6})?|1(\.0{1,6})?)$")]
    pub tax_rate: Option<Decimal>,
}

pub static CATALOGUE: Catalogue = Catalogue {
    noun: "quote_line",
    table: "quote_lines",
    fields: &[
        Field::new("id", Holds::Id),
        Field::new("quote_id", Holds::Id),
        Field::new("line_key", Holds::Text),
        Field::new("position", Holds::Int),
        Field::new("product_id", Holds::Id).nullable(),
        Field::new("sku", Holds::Text).nullable(),
        Field::new("name", Holds::Text),
        Field::new("quantity", Holds::Decimal),
        Field::new("unit_price", Holds::Decimal),
        Field::new("discount_rate", Holds::Decimal),
        Field::new("discount_fixed", Holds::Money { currency: "currency" }).nullable(),
        Field::new("tax_rate", Holds::Decimal),
        Field::new("currency", Holds::Text),
        Field::new("subtotal", Holds::Money { currency: "currency" }).column("subtotal_amount"),
        Field::new("discount", Holds::Money { currency: "currency" }).column("discount_amount"),
        Field::new("shared_discount", Holds::Money { currency: "currency" }).column("shared_amount"),
        Field::new("tax", Holds::Money { currency: "currency" }).column("tax_amount"),
        Field::new("total", Holds::Money { currency: "currency" }).column("total_amount"),
        Field::new("version", Holds::Int),
        Field::new("created_at", Holds::Instant),
        Field::new("updated_at", Holds::Instant),
    ],
    relations: &[Relation::one("quote", "quote", "quote_id"), Relation::one("product", "product", "product_id")],
    custom: None,
    owned: Owned::Part { of: "quote", column: "quote_id" },
};

impl Noun for QuoteLine {
    const NAME: &'static str = "quote_line";
}
impl Record for QuoteLine {
    type Id = QuoteLineId;
    fn id(&self) -> QuoteLineId {
        self.id
    }
    fn version(&self) -> i32 {
        self.version
    }
}
impl Listed for quote_lines::table {
    const CATALOGUE: &'static Catalogue = &CATALOGUE;
    const ENDURES: bool = true;
}
impl Tidy for NewQuoteLine {
    fn tidy(&mut self) {
        [&mut self.line_key, &mut self.sku, &mut self.name].into_iter().flatten().for_each(tidy::trim);
    }
}

fn one_discount(line: &NewQuoteLine) -> Result<(), ValidationError> {
    one_of_both(line.discount_rate, line.discount_fixed)
}

/// The rule behind discounts: a rate or a sum.
pub(super) fn one_of_both(rate: Option<Decimal>, fixed: Option<Decimal>) -> Result<(), ValidationError> {
    if rate.is_none() || fixed.is_none() {
        return Ok(());
    }
    let mut rule = rule!("both", "is a sum, where there is a rate already: one of both is enough");
    rule.add_param("member".into(), &"discount_fixed");
    Err(rule)
}
