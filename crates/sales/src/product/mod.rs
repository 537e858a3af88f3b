//! A product is something that the business sells: a thing or a service.
//!
//! It always has a name and a SKU, which is unique among the living products of a tenant. It belongs to nobody: whoever
//! may read products sees them all. What an order line took from it stays as it was when the product changes.
mod deeds;
pub mod import;
mod store;

pub use crate::schema::products::table as Table;
pub use deeds::{archive, create, duplicates, purge, restore, update, upsert};
pub(crate) use store::meant;
pub use store::{find, find_by, list, many};

use crate::schema::products;
use chrono::{DateTime, Utc};
use diesel::prelude::{AsChangeset, Insertable, Queryable, Selectable};
use kernel::catalogue::{Catalogue, Field, Kind as Holds, Owned, Relation, Searched};
use kernel::money::MaybeMoney;
use kernel::{Code, Kind, Money, Noun, ProductId, Record, Tidy, UserId, patch, tidy};
use platform::custom::{Custom, CustomPatch};
use platform::filter::Listed;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use validator::Validate;

pub const SKU_TAKEN: Code =
    Code::new("product_sku_taken", Kind::Conflict, "Another product has this SKU: `existing` says which.");
pub const CODES: &[Code] = &[SKU_TAKEN];

/// Something that the business sells.
#[derive(Clone, Debug, Queryable, Selectable, Serialize, ToSchema)]
#[diesel(table_name = products, check_for_backend(diesel::pg::Pg))]
#[schema(example = json!({
    "id": "0192f0c1-2222-7000-8000-000000000003", "sku": "TEA-LJ-250", "name": "西湖龙井 250克", "category": "茶叶",
    "description": null, "unit": "盒", "unit_price": {"amount": "268.00", "currency": "CNY"}, "is_active": true,
    "custom": {}, "version": 1, "created_at": "2026-11-21T08:00:00Z", "updated_at": "2026-11-21T08:00:00Z",
    "created_by": "0192f0c1-0000-7000-8000-000000000001", "updated_by": "0192f0c1-0000-7000-8000-000000000001",
    "deleted_at": null
}))]
pub struct Product {
    pub id: ProductId,
    /// the stock keeping unit, as it was given
    pub sku: String,
    pub name: String,
    pub category: Option<String>,
    pub description: Option<String>,
    /// what is counted: piece, box, hour
    pub unit: Option<String>,
    /// what one unit costs, before discount and tax
    #[diesel(select_expression = (products::unit_price_amount, products::unit_price_currency),
             select_expression_type = (products::unit_price_amount, products::unit_price_currency),
             deserialize_as = MaybeMoney)]
    pub unit_price: Option<Money>,
    /// whether it is still offered
    pub is_active: bool,
    /// fields of the tenant's own
    pub custom: Custom,
    pub version: i32,
    pub created_at: DateTime<Utc>,
    pub updated_at: DateTime<Utc>,
    pub created_by: UserId,
    pub updated_by: UserId,
    /// when it was archived
    pub deleted_at: Option<DateTime<Utc>>,
}

/// What a new product is made of.
#[derive(Clone, Debug, Default, Deserialize, Insertable, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
#[diesel(table_name = products, treat_none_as_default_value = false)]
#[schema(example = json!({
    "sku": "TEA-LJ-250", "name": "西湖龙井 250克", "category": "茶叶", "unit": "盒",
    "unit_price": {"amount": "268.00", "currency": "CNY"}
}))]
pub struct NewProduct {
    /// made by the client, when it creates offline
    #[diesel(skip_insertion)]
    #[validate(custom(function = "kernel::id::is_of_its_time"))]
    pub id: Option<ProductId>,
    #[validate(length(min = 1, max = 100), custom(function = "tidy::is_filled"))]
    #[schema(min_length = 1, max_length = 100)]
    pub sku: String,
    #[validate(length(min = 1, max = 300), custom(function = "tidy::is_filled"))]
    #[schema(min_length = 1, max_length = 300)]
    pub name: String,
    #[validate(length(max = 200))]
    #[schema(max_length = 200)]
    pub category: Option<String>,
    #[validate(length(max = 10000))]
    #[schema(max_length = 10000)]
    pub description: Option<String>,
    #[validate(length(max = 50))]
    #[schema(max_length = 50)]
    pub unit: Option<String>,
    #[diesel(skip_insertion)]
    #[validate(nested)]
    pub unit_price: Option<Money>,
    /// `true`, unless said otherwise
    #[diesel(skip_insertion)]
    pub is_active: Option<bool>,
    /// fields of the tenant's own
    #[serde(default)]
    #[schema(required = false)]
    pub custom: Custom,
}

/// A merge patch: what is absent stays, what is null is cleared.
#[derive(Clone, Debug, Default, Deserialize, AsChangeset, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
#[diesel(table_name = products)]
#[schema(example = json!({"unit_price": {"amount": "288.00", "currency": "CNY"}, "category": null}))]
pub struct ProductPatch {
    #[serde(default, deserialize_with = "patch::value")]
    #[validate(length(min = 1, max = 100), custom(function = "tidy::is_filled"))]
    #[schema(value_type = String, required = false, min_length = 1, max_length = 100)]
    pub sku: Option<String>,
    #[serde(default, deserialize_with = "patch::value")]
    #[validate(length(min = 1, max = 300), custom(function = "tidy::is_filled"))]
    #[schema(value_type = String, required = false, min_length = 1, max_length = 300)]
    pub name: Option<String>,
    #[serde(default, deserialize_with = "patch::nullable")]
    #[validate(length(max = 200))]
    #[schema(value_type = Option<String>, max_length = 200)]
    pub category: Option<Option<String>>,
    #[serde(default, deserialize_with = "patch::nullable")]
    #[validate(length(max = 10000))]
    #[schema(value_type = Option<String>, max_length = 10000)]
    pub description: Option<Option<String>>,
    #[serde(default, deserialize_with = "patch::nullable")]
    #[validate(length(max = 50))]
    #[schema(value_type = Option<String>, max_length = 50)]
    pub unit: Option<Option<String>>,
    #[serde(default, deserialize_with = "patch::nullable")]
    #[diesel(skip_update)]
    #[validate(nested)]
    #[schema(value_type = Option<Money>)]
    pub unit_price: Option<Option<Money>>,
    #[serde(default, deserialize_with = "patch::value")]
    #[schema(value_type = bool, required = false)]
    pub is_active: Option<bool>,
    /// fields of the tenant's own: what is absent stays, what is null is cleared
    #[serde(default, deserialize_with = "patch::value")]
    #[schema(value_type = Custom, required = false)]
    pub custom: Option<CustomPatch>,
}

pub static CATALOGUE: Catalogue = Catalogue {
    noun: "product",
    table: "products",
    fields: &[
        Field::new("id", Holds::Id),
        Field::new("sku", Holds::Text).searched(Searched::Whole),
        Field::new("name", Holds::Text).searched(Searched::Name),
        Field::new("category", Holds::Text).nullable().searched(Searched::Text),
        Field::new("description", Holds::Text).nullable().unsortable().mentions(),
        Field::new("unit", Holds::Text).nullable(),
        Field::new("unit_price", Holds::Money { currency: "unit_price_currency" })
            .column("unit_price_amount")
            .nullable(),
        Field::new("is_active", Holds::Bool),
        Field::new("version", Holds::Int),
        Field::new("created_at", Holds::Instant),
        Field::new("updated_at", Holds::Instant),
        Field::new("created_by", Holds::Id),
        Field::new("updated_by", Holds::Id),
        Field::new("deleted_at", Holds::Instant).nullable(),
    ],
    relations: &[
        Relation::many("order_lines", "order_line", "product_id"),
        Relation::many("prices", "price_book_entry", "product_id"),
        Relation::through("tags", "tag", "taggings", ("record_id", "tag_id"), "product"),
        Relation::many("opportunity_lines", "opportunity_line", "product_id"),
        Relation::many("external_refs", "external_ref", "record_id"),
    ],
    custom: Some("custom"),
    owned: Owned::Shared,
};

impl Noun for Product {
    const NAME: &'static str = "product";
}
impl Record for Product {
    type Id = ProductId;
    fn id(&self) -> ProductId {
        self.id
    }
    fn version(&self) -> i32 {
        self.version
    }
}
impl Listed for products::table {
    const CATALOGUE: &'static Catalogue = &CATALOGUE;
}

/// The unique fields by which a product may be asked for and upserted.
#[derive(Clone, Debug, PartialEq)]
pub enum Key {
    Sku(String),
    External { source_system: String, external_id: String },
}

impl Tidy for NewProduct {
    fn tidy(&mut self) {
        tidy::trim(&mut self.sku);
        tidy::trim(&mut self.name);
        [&mut self.category, &mut self.unit].into_iter().flatten().for_each(tidy::trim);
    }
}
impl Tidy for ProductPatch {
    fn tidy(&mut self) {
        [&mut self.sku, &mut self.name].into_iter().flatten().for_each(tidy::trim);
        [&mut self.category, &mut self.unit].into_iter().flatten().flatten().for_each(tidy::trim);
    }
}
