//! A price book says what products cost: in one currency, for a while, and by how much is taken.
//!
//! Its name is unique among the living ones of a tenant, and at most one of a currency is what prices are looked for in
//! where nobody names another. Its entries are part of it. It belongs to nobody, as products do.
mod deeds;
pub mod entry;
pub mod import;
mod price;
mod store;

pub use crate::schema::price_books::table as Table;
pub use deeds::{archive, create, purge, restore, update, upsert};
pub(crate) use deeds::{changeable, counted};
pub use price::{Asked, Price, Source, price};
pub use store::{find, find_by, list, many};

use crate::exact;
use crate::schema::price_books;
use chrono::{DateTime, NaiveDate, Utc};
use diesel::prelude::{AsChangeset, Insertable, Queryable, Selectable};
use kernel::catalogue::{Catalogue, Field, Kind as Holds, Owned, Relation, Searched};
use kernel::{Code, Kind, Noun, PriceBookId, Record, Tidy, UserId, patch, rule, tidy};
use platform::custom::{Custom, CustomPatch};
use platform::filter::Listed;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use validator::{Validate, ValidationError};

pub const NAME_TAKEN: Code =
    Code::new("price_book_name_taken", Kind::Conflict, "Another price book has this name: `existing` says which.");
pub const ENTRY_TAKEN: Code = Code::new(
    "price_book_entry_taken",
    Kind::Conflict,
    "The price book has a price for this product from this quantity on: `existing` says which.",
);
pub const UNPRICED: Code = Code::new(
    "price_unknown",
    Kind::NotFound,
    "Neither a price book nor the product itself says what it costs in this currency.",
);
pub const CODES: &[Code] = &[NAME_TAKEN, ENTRY_TAKEN, UNPRICED];

/// What products cost, by one list.
#[derive(Clone, Debug, Queryable, Selectable, Serialize, ToSchema)]
#[diesel(table_name = price_books, check_for_backend(diesel::pg::Pg))]
#[schema(example = json!({
    "id": "0192f0c1-5151-7000-8000-000000000021", "name": "批发价", "description": null, "currency": "CNY",
    "is_default": true, "is_active": true, "valid_from_on": "2026-01-01", "valid_until_on": null, "entry_count": 77,
    "custom": {}, "version": 1, "created_at": "2026-11-21T08:00:00Z", "updated_at": "2026-11-21T08:00:00Z",
    "created_by": "0192f0c1-0000-7000-8000-000000000001", "updated_by": "0192f0c1-0000-7000-8000-000000000001",
    "deleted_at": null
}))]
pub struct PriceBook {
    pub id: PriceBookId,
    pub name: String,
    pub description: Option<String>,
    /// that of all its prices (ISO 4217); stays as it was given
    #[schema(example = "CNY")]
    pub currency: String,
    /// whether prices of its currency are looked for here where no other book is named
    pub is_default: bool,
    /// whether it is in use
    pub is_active: bool,
    /// the first day on which it is good; null: it always was
    pub valid_from_on: Option<NaiveDate>,
    /// the last day on which it is good; null: until further notice
    pub valid_until_on: Option<NaiveDate>,
    /// how many prices stand in it
    pub entry_count: i32,
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

/// What a new price book is made of.
#[derive(Clone, Debug, Default, Deserialize, Insertable, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
#[diesel(table_name = price_books, treat_none_as_default_value = false)]
#[validate(schema(function = "ends_after_start"))]
#[schema(example = json!({"name": "批发价", "currency": "CNY", "is_default": true, "valid_from_on": "2026-01-01"}))]
pub struct NewPriceBook {
    /// made by the client, when it creates offline
    #[diesel(skip_insertion)]
    #[validate(custom(function = "kernel::id::is_of_its_time"))]
    pub id: Option<PriceBookId>,
    #[validate(length(min = 1, max = 200), custom(function = "tidy::is_filled"))]
    #[schema(min_length = 1, max_length = 200)]
    pub name: String,
    #[validate(length(max = 10000))]
    #[schema(max_length = 10000)]
    pub description: Option<String>,
    #[validate(custom(function = "exact::is_currency"))]
    #[schema(example = "CNY", pattern = "^[A-Z]{3}$", min_length = 3, max_length = 3)]
    pub currency: String,
    /// the one that was the default of the currency is so no more
    #[serde(default)]
    #[schema(required = false)]
    pub is_default: bool,
    /// `true`, unless said otherwise
    #[diesel(skip_insertion)]
    pub is_active: Option<bool>,
    pub valid_from_on: Option<NaiveDate>,
    pub valid_until_on: Option<NaiveDate>,
    /// fields of the tenant's own
    #[serde(default)]
    #[schema(required = false)]
    pub custom: Custom,
}

/// A merge patch: what is absent stays, what is null is cleared. Another currency is another book.
#[derive(Clone, Debug, Default, Deserialize, AsChangeset, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
#[diesel(table_name = price_books)]
#[schema(example = json!({"valid_until_on": "2026-12-31", "is_default": false}))]
pub struct PriceBookPatch {
    #[serde(default, deserialize_with = "patch::value")]
    #[validate(length(min = 1, max = 200), custom(function = "tidy::is_filled"))]
    #[schema(value_type = String, required = false, min_length = 1, max_length = 200)]
    pub name: Option<String>,
    #[serde(default, deserialize_with = "patch::nullable")]
    #[validate(length(max = 10000))]
    #[schema(value_type = Option<String>, max_length = 10000)]
    pub description: Option<Option<String>>,
    #[serde(default, deserialize_with = "patch::value")]
    #[schema(value_type = bool, required = false)]
    pub is_default: Option<bool>,
    #[serde(default, deserialize_with = "patch::value")]
    #[schema(value_type = bool, required = false)]
    pub is_active: Option<bool>,
    #[serde(default, deserialize_with = "patch::nullable")]
    #[schema(value_type = Option<NaiveDate>)]
    pub valid_from_on: Option<Option<NaiveDate>>,
    #[serde(default, deserialize_with = "patch::nullable")]
    #[schema(value_type = Option<NaiveDate>)]
    pub valid_until_on: Option<Option<NaiveDate>>,
    /// fields of the tenant's own: what is absent stays, what is null is cleared
    #[serde(default, deserialize_with = "patch::value")]
    #[schema(value_type = Custom, required = false)]
    pub custom: Option<CustomPatch>,
}

pub static CATALOGUE: Catalogue = Catalogue {
    noun: "price_book",
    table: "price_books",
    fields: &[
        Field::new("id", Holds::Id),
        Field::new("name", Holds::Text).searched(Searched::Name),
        Field::new("description", Holds::Text).nullable().unsortable(),
        Field::new("currency", Holds::Text),
        Field::new("is_default", Holds::Bool),
        Field::new("is_active", Holds::Bool),
        Field::new("valid_from_on", Holds::Date).nullable(),
        Field::new("valid_until_on", Holds::Date).nullable(),
        Field::new("entry_count", Holds::Int),
        Field::new("version", Holds::Int),
        Field::new("created_at", Holds::Instant),
        Field::new("updated_at", Holds::Instant),
        Field::new("created_by", Holds::Id),
        Field::new("updated_by", Holds::Id),
        Field::new("deleted_at", Holds::Instant).nullable(),
    ],
    relations: &[
        Relation::many("entries", "price_book_entry", "price_book_id"),
        Relation::many("external_refs", "external_ref", "record_id"),
    ],
    custom: Some("custom"),
    owned: Owned::Shared,
};

impl Noun for PriceBook {
    const NAME: &'static str = "price_book";
}
impl Record for PriceBook {
    type Id = PriceBookId;
    fn id(&self) -> PriceBookId {
        self.id
    }
    fn version(&self) -> i32 {
        self.version
    }
}
impl Listed for price_books::table {
    const CATALOGUE: &'static Catalogue = &CATALOGUE;
}

/// The unique fields by which a price book may be asked for and upserted.
#[derive(Clone, Debug, PartialEq)]
pub enum Key {
    Name(String),
    External { source_system: String, external_id: String },
}

impl PriceBook {
    /// Whether prices may be taken from it on this day.
    #[must_use]
    pub fn is_good_on(&self, day: NaiveDate) -> bool {
        self.is_active
            && self.deleted_at.is_none()
            && self.valid_from_on.is_none_or(|from| from <= day)
            && self.valid_until_on.is_none_or(|until| day <= until)
    }
}

impl Tidy for NewPriceBook {
    fn tidy(&mut self) {
        tidy::trim(&mut self.name);
    }
}
impl Tidy for PriceBookPatch {
    fn tidy(&mut self) {
        self.name.iter_mut().for_each(tidy::trim);
    }
}

fn ends_after_start(new: &NewPriceBook) -> Result<(), ValidationError> {
    match (new.valid_from_on, new.valid_until_on) {
        (Some(from), Some(until)) if until < from => Err(rule!("order", "ends before it starts")),
        _ => Ok(()),
    }
}
