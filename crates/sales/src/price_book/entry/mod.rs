//! A price book entry says what one product costs in its book, from a quantity on: several of a product make a scale.
//!
//! An entry is part of its book: whatever changes here is a change of the book, with its version, event and audit row.
mod deeds;
mod store;

pub use crate::schema::price_book_entries::table as Table;
pub(super) use deeds::put;
pub use deeds::{add, find, remove, update};
pub(super) use store::{at, same};
pub use store::{list, of_all};

use crate::exact;
use crate::schema::price_book_entries;
use chrono::{DateTime, Utc};
use diesel::prelude::{AsChangeset, Queryable, Selectable};
use kernel::catalogue::{Catalogue, Field, Kind as Holds, Owned, Relation};
use kernel::{Noun, PriceBookEntryId, PriceBookId, ProductId, Record, Tidy, money, rule};
use platform::filter::Listed;
use rust_decimal::Decimal;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use validator::{Validate, ValidationError};

/// What a product costs in a book, from a quantity on.
#[derive(Clone, Debug, Queryable, Selectable, Serialize, ToSchema)]
#[diesel(table_name = price_book_entries, check_for_backend(diesel::pg::Pg))]
#[schema(example = json!({
    "id": "0192f0c1-5252-7000-8000-000000000022", "price_book_id": "0192f0c1-5151-7000-8000-000000000021",
    "product_id": "0192f0c1-2222-7000-8000-000000000003", "min_quantity": "10", "unit_price": "248", "currency": "CNY",
    "version": 1, "created_at": "2026-11-21T08:00:00Z", "updated_at": "2026-11-21T08:00:00Z"
}))]
pub struct PriceBookEntry {
    pub id: PriceBookEntryId,
    pub price_book_id: PriceBookId,
    pub product_id: ProductId,
    /// from how many on the price is good
    #[serde(serialize_with = "exact::plain")]
    #[schema(value_type = String, format = "decimal", example = "10")]
    pub min_quantity: Decimal,
    /// before discount and tax; may be finer than the currency
    #[serde(serialize_with = "exact::plain")]
    #[schema(value_type = String, format = "decimal", example = "248")]
    pub unit_price: Decimal,
    /// that of the book
    #[schema(example = "CNY")]
    pub currency: String,
    pub version: i32,
    pub created_at: DateTime<Utc>,
    pub updated_at: DateTime<Utc>,
}

/// What a new entry is made of.
#[derive(Clone, Debug, Default, Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({
    "product_id": "0192f0c1-2222-7000-8000-000000000003", "min_quantity": "10", "unit_price": "248.00"
}))]
pub struct NewPriceBookEntry {
    pub product_id: Option<ProductId>,
    /// without a `product_id`, the SKU of a product
    #[validate(length(min = 1, max = 100))]
    #[schema(min_length = 1, max_length = 100)]
    pub sku: Option<String>,
    /// from how many on the price is good: 0, for any quantity, unless said otherwise
    #[serde(default, deserialize_with = "exact::maybe")]
    #[validate(custom(function = "is_least"))]
    #[schema(value_type = Option<String>, format = "decimal", example = "10", pattern = r"^\d{1,15}(\.\d{1,6})?$")]
    pub min_quantity: Option<Decimal>,
    #[serde(deserialize_with = "money::decimal")]
    #[validate(custom(function = "is_least"))]
    #[schema(value_type = String, format = "decimal", example = "248.00", pattern = r"^\d{1,15}(\.\d{1,6})?$")]
    pub unit_price: Decimal,
}

/// A merge patch of an entry. Its product stays: the price of another product is another entry.
#[derive(Clone, Debug, Default, Deserialize, AsChangeset, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
#[diesel(table_name = price_book_entries)]
#[schema(example = json!({"unit_price": "239.00"}))]
pub struct PriceBookEntryPatch {
    #[serde(default, deserialize_with = "exact::value")]
    #[validate(custom(function = "is_least"))]
    #[schema(value_type = String, required = false, format = "decimal", pattern = r"^\d{1,15}(\.\d{1,6})?$")]
    pub min_quantity: Option<Decimal>,
    #[serde(default, deserialize_with = "exact::value")]
    #[validate(custom(function = "is_least"))]
    #[schema(value_type = String, required = false, format = "decimal", pattern = r"^\d{1,15}(\.\d{1,6})?$")]
    pub unit_price: Option<Decimal>,
}

pub static CATALOGUE: Catalogue = Catalogue {
    noun: "price_book_entry",
    table: "price_book_entries",
    fields: &[
        Field::new("id", Holds::Id),
        Field::new("price_book_id", Holds::Id),
        Field::new("product_id", Holds::Id),
        Field::new("min_quantity", Holds::Decimal),
        Field::new("unit_price", Holds::Decimal),
        Field::new("currency", Holds::Text),
        Field::new("version", Holds::Int),
        Field::new("created_at", Holds::Instant),
        Field::new("updated_at", Holds::Instant),
    ],
    relations: &[
        Relation::one("price_book", "price_book", "price_book_id"),
        Relation::one("product", "product", "product_id"),
    ],
    custom: None,
    owned: Owned::Part { of: "price_book", column: "price_book_id" },
};

impl Noun for PriceBookEntry {
    const NAME: &'static str = "price_book_entry";
}
impl Record for PriceBookEntry {
    type Id = PriceBookEntryId;
    fn id(&self) -> PriceBookEntryId {
        self.id
    }
    fn version(&self) -> i32 {
        self.version
    }
}
impl Listed for price_book_entries::table {
    const CATALOGUE: &'static Catalogue = &CATALOGUE;
    const ENDURES: bool = true;
}

impl Tidy for NewPriceBookEntry {
    fn tidy(&mut self) {
        self.sku.iter_mut().for_each(kernel::tidy::trim);
    }
}
impl Tidy for PriceBookEntryPatch {
    fn tidy(&mut self) {}
}

/// A figure that is not below nothing.
fn is_least(figure: &Decimal) -> Result<(), ValidationError> {
    if figure.is_sign_negative() && !figure.is_zero() {
        return Err(rule!("range", "is below zero"));
    }
    exact::is_figure(figure)
}
