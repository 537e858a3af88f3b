//! An order says what somebody bought, when, and for how much.
//!
//! It always has an owner, a number that is unique among the living orders of a tenant, and a currency. Its amounts are
//! the sums over its lines and its shipping ([`amounts`]), kept in the transaction that changes any of them; a line is
//! part of its order, and whatever changes there is a change of the order.
pub mod amounts;
mod deeds;
mod from_quote;
pub mod import;
pub mod line;
mod store;
pub mod summary;

pub use crate::schema::orders::table as Table;
pub use deeds::{archive, create, duplicates, purge, restore, update, upsert};
pub(crate) use from_quote::{next_number, of_quote};
pub use line::of_all as lines_of;
pub use store::{find, find_by, list, many, newest};

use crate::exact;
use crate::schema::orders;
use chrono::{DateTime, Utc};
use customer::choices::{SOURCES, one_of};
use diesel::prelude::{AsChangeset, Insertable, Queryable, Selectable};
use kernel::catalogue::{Catalogue, Field, Kind as Holds, Owned, Relation, Searched};
use kernel::{
    AccountId, Code, ContactId, Kind, Money, Noun, OrderId, QuoteId, Record, TeamId, Tidy, UserId, patch, tidy,
};
use platform::custom::{Custom, CustomPatch};
use platform::filter::Listed;
use rust_decimal::Decimal;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use validator::{Validate, ValidationError};

pub const NUMBER_TAKEN: Code =
    Code::new("order_number_taken", Kind::Conflict, "Another order has this number: `existing` says which.");
pub const CURRENCY_FIXED: Code = Code::new(
    "order_currency_fixed",
    Kind::Conflict,
    "The currency of an order stays as long as it has lines, unless all of them are replaced with it.",
);
pub const LINE_KEY_TAKEN: Code =
    Code::new("order_line_key_taken", Kind::Conflict, "Another line of the order has this key: `existing` says which.");
pub const QUOTE_ORDERED: Code =
    Code::new("quote_ordered", Kind::Conflict, "An order came of the quote already, which is not the caller's to see.");
pub const CODES: &[Code] = &[NUMBER_TAKEN, CURRENCY_FIXED, LINE_KEY_TAKEN, QUOTE_ORDERED];

pub const STATUSES: &[&str] = &["pending", "confirmed", "fulfilled", "completed", "cancelled", "returned"];

/// What somebody bought.
#[derive(Clone, Debug, Queryable, Selectable, Serialize, ToSchema)]
#[diesel(table_name = orders, check_for_backend(diesel::pg::Pg))]
#[schema(example = json!({
    "id": "0192f0c1-3333-7000-8000-000000000004", "owner_id": "0192f0c1-0000-7000-8000-000000000001", "team_id": null,
    "number": "SO-20261121-000042", "account_id": "0192f0c1-1111-7000-8000-000000000002",
    "contact_id": "0192f0c1-7a3b-7c4d-8e5f-a1b2c3d4e5f6", "status": "confirmed", "source": "web",
    "placed_at": "2026-11-21T07:58:00Z", "currency": "CNY",
    "subtotal": {"amount": "536.00", "currency": "CNY"}, "discount": {"amount": "26.80", "currency": "CNY"},
    "tax": {"amount": "66.20", "currency": "CNY"}, "shipping": {"amount": "12.00", "currency": "CNY"},
    "total": {"amount": "587.40", "currency": "CNY"}, "line_count": 1, "quote_id": null, "description": null, "custom": {},
    "version": 1,
    "created_at": "2026-11-21T08:00:00Z", "updated_at": "2026-11-21T08:00:00Z",
    "created_by": "0192f0c1-0000-7000-8000-000000000001", "updated_by": "0192f0c1-0000-7000-8000-000000000001",
    "deleted_at": null
}))]
pub struct Order {
    pub id: OrderId,
    pub owner_id: UserId,
    pub team_id: Option<TeamId>,
    pub number: String,
    pub account_id: Option<AccountId>,
    pub contact_id: Option<ContactId>,
    #[schema(example = "confirmed")]
    pub status: String,
    pub source: Option<String>,
    pub placed_at: DateTime<Utc>,
    /// ISO 4217 code, of the order and of all its lines
    #[schema(example = "CNY")]
    pub currency: String,
    /// quantity × unit price, over the lines
    #[diesel(select_expression = (orders::subtotal_amount, orders::currency),
             select_expression_type = (orders::subtotal_amount, orders::currency))]
    pub subtotal: Money,
    /// what the lines are discounted by
    #[diesel(select_expression = (orders::discount_amount, orders::currency),
             select_expression_type = (orders::discount_amount, orders::currency))]
    pub discount: Money,
    /// the tax of the lines
    #[diesel(select_expression = (orders::tax_amount, orders::currency),
             select_expression_type = (orders::tax_amount, orders::currency))]
    pub tax: Money,
    #[diesel(select_expression = (orders::shipping_amount, orders::currency),
             select_expression_type = (orders::shipping_amount, orders::currency))]
    pub shipping: Money,
    /// subtotal − discount + tax + shipping
    #[diesel(select_expression = (orders::total_amount, orders::currency),
             select_expression_type = (orders::total_amount, orders::currency))]
    pub total: Money,
    pub line_count: i32,
    /// the quote that it came of
    pub quote_id: Option<QuoteId>,
    pub description: Option<String>,
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

/// What a new order is made of.
#[derive(Clone, Debug, Default, Deserialize, Insertable, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
#[diesel(table_name = orders, treat_none_as_default_value = false)]
#[schema(example = json!({
    "currency": "CNY", "placed_at": "2026-11-21T07:58:00Z", "source": "web", "shipping": "12.00",
    "lines": [{"name": "西湖龙井 250克", "quantity": "2", "unit_price": "268.00", "discount_rate": "0.05",
               "tax_rate": "0.13"}]
}))]
pub struct NewOrder {
    /// made by the client, when it creates offline
    #[diesel(skip_insertion)]
    #[validate(custom(function = "kernel::id::is_of_its_time"))]
    pub id: Option<OrderId>,
    /// the caller, unless said otherwise
    #[diesel(skip_insertion)]
    pub owner_id: Option<UserId>,
    pub team_id: Option<TeamId>,
    /// counted on where it is absent: `SO-20261121-000042`
    #[diesel(skip_insertion)]
    #[validate(length(min = 1, max = 100), custom(function = "tidy::is_filled"))]
    #[schema(min_length = 1, max_length = 100)]
    pub number: Option<String>,
    pub account_id: Option<AccountId>,
    pub contact_id: Option<ContactId>,
    /// `confirmed`, unless said otherwise
    #[diesel(skip_insertion)]
    #[validate(custom(function = "is_status"))]
    #[schema(example = "confirmed")]
    pub status: Option<String>,
    #[validate(custom(function = "is_source"))]
    #[schema(example = "web")]
    pub source: Option<String>,
    /// now, unless said otherwise
    #[diesel(skip_insertion)]
    pub placed_at: Option<DateTime<Utc>>,
    /// ISO 4217 code
    #[validate(custom(function = "exact::is_currency"))]
    #[schema(example = "CNY", pattern = "^[A-Z]{3}$", min_length = 3, max_length = 3)]
    pub currency: String,
    /// what the delivery costs
    #[serde(default, deserialize_with = "exact::maybe")]
    #[diesel(skip_insertion)]
    #[validate(custom(function = "exact::is_figure"))]
    #[schema(value_type = Option<String>, format = "decimal", example = "12.00", pattern = r"^-?\d{1,15}(\.\d{1,6})?$")]
    pub shipping: Option<Decimal>,
    #[validate(length(max = 10000))]
    #[schema(max_length = 10000)]
    pub description: Option<String>,
    #[serde(default)]
    #[diesel(skip_insertion)]
    #[validate(nested, length(max = 500))]
    #[schema(max_items = 500)]
    pub lines: Vec<line::NewOrderLine>,
    /// fields of the tenant's own
    #[serde(default)]
    #[schema(required = false)]
    pub custom: Custom,
}

/// A merge patch: what is absent stays, what is null is cleared.
#[derive(Clone, Debug, Default, Deserialize, AsChangeset, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
#[diesel(table_name = orders)]
#[schema(example = json!({"status": "fulfilled", "shipping": "0.00"}))]
pub struct OrderPatch {
    #[serde(default, deserialize_with = "patch::value")]
    #[schema(value_type = UserId, required = false)]
    pub owner_id: Option<UserId>,
    #[serde(default, deserialize_with = "patch::nullable")]
    #[schema(value_type = Option<TeamId>)]
    pub team_id: Option<Option<TeamId>>,
    #[serde(default, deserialize_with = "patch::value")]
    #[validate(length(min = 1, max = 100), custom(function = "tidy::is_filled"))]
    #[schema(value_type = String, required = false, min_length = 1, max_length = 100)]
    pub number: Option<String>,
    #[serde(default, deserialize_with = "patch::nullable")]
    #[schema(value_type = Option<AccountId>)]
    pub account_id: Option<Option<AccountId>>,
    #[serde(default, deserialize_with = "patch::nullable")]
    #[schema(value_type = Option<ContactId>)]
    pub contact_id: Option<Option<ContactId>>,
    #[serde(default, deserialize_with = "patch::value")]
    #[validate(custom(function = "is_status"))]
    #[schema(value_type = String, required = false)]
    pub status: Option<String>,
    #[serde(default, deserialize_with = "patch::nullable")]
    #[validate(custom(function = "is_source"))]
    #[schema(value_type = Option<String>)]
    pub source: Option<Option<String>>,
    #[serde(default, deserialize_with = "patch::value")]
    #[schema(value_type = DateTime<Utc>, required = false)]
    pub placed_at: Option<DateTime<Utc>>,
    /// changes only while there are no lines, or together with all of them
    #[serde(default, deserialize_with = "patch::value")]
    #[validate(custom(function = "exact::is_currency"))]
    #[schema(value_type = String, required = false, pattern = "^[A-Z]{3}$", min_length = 3, max_length = 3)]
    pub currency: Option<String>,
    #[serde(default, deserialize_with = "exact::value")]
    #[diesel(skip_update)]
    #[validate(custom(function = "exact::is_figure"))]
    #[schema(value_type = String, required = false, format = "decimal", pattern = r"^-?\d{1,15}(\.\d{1,6})?$")]
    pub shipping: Option<Decimal>,
    #[serde(default, deserialize_with = "patch::nullable")]
    #[validate(length(max = 10000))]
    #[schema(value_type = Option<String>, max_length = 10000)]
    pub description: Option<Option<String>>,
    /// all lines of the order, in place of those that are there
    #[serde(default, deserialize_with = "patch::value")]
    #[diesel(skip_update)]
    #[validate(nested, length(max = 500))]
    #[schema(value_type = Vec<line::NewOrderLine>, required = false, max_items = 500)]
    pub lines: Option<Vec<line::NewOrderLine>>,
    /// fields of the tenant's own: what is absent stays, what is null is cleared
    #[serde(default, deserialize_with = "patch::value")]
    #[schema(value_type = Custom, required = false)]
    pub custom: Option<CustomPatch>,
}

pub static CATALOGUE: Catalogue = Catalogue {
    noun: "order",
    table: "orders",
    fields: &[
        Field::new("id", Holds::Id),
        Field::new("owner_id", Holds::Id),
        Field::new("team_id", Holds::Id).nullable(),
        Field::new("number", Holds::Text).searched(Searched::Whole),
        Field::new("account_id", Holds::Id).nullable(),
        Field::new("contact_id", Holds::Id).nullable(),
        Field::new("status", Holds::Choice(STATUSES)),
        Field::new("source", Holds::Choice(SOURCES)).nullable(),
        Field::new("placed_at", Holds::Instant),
        Field::new("currency", Holds::Text),
        Field::new("subtotal", Holds::Money { currency: "currency" }).column("subtotal_amount"),
        Field::new("discount", Holds::Money { currency: "currency" }).column("discount_amount"),
        Field::new("tax", Holds::Money { currency: "currency" }).column("tax_amount"),
        Field::new("shipping", Holds::Money { currency: "currency" }).column("shipping_amount"),
        Field::new("total", Holds::Money { currency: "currency" }).column("total_amount"),
        Field::new("line_count", Holds::Int),
        Field::new("quote_id", Holds::Id).nullable(),
        Field::new("description", Holds::Text).nullable().unsortable().mentions(),
        Field::new("version", Holds::Int),
        Field::new("created_at", Holds::Instant),
        Field::new("updated_at", Holds::Instant),
        Field::new("created_by", Holds::Id),
        Field::new("updated_by", Holds::Id),
        Field::new("deleted_at", Holds::Instant).nullable(),
    ],
    relations: &[
        Relation::one("account", "account", "account_id"),
        Relation::one("contact", "contact", "contact_id"),
        Relation::one("owner", "user", "owner_id"),
        Relation::one("team", "team", "team_id"),
        Relation::one("quote", "quote", "quote_id"),
        Relation::many("lines", "order_line", "order_id"),
        Relation::through("activities", "activity", "activity_links", ("record_id", "activity_id"), "order"),
        Relation::through("tasks", "task", "task_links", ("record_id", "task_id"), "order"),
        Relation::through("tags", "tag", "taggings", ("record_id", "tag_id"), "order"),
        Relation::many("external_refs", "external_ref", "record_id"),
    ],
    custom: Some("custom"),
    owned: Owned::Rows { owner: "owner_id", team: "team_id" },
};

impl Noun for Order {
    const NAME: &'static str = "order";
}
impl Record for Order {
    type Id = OrderId;
    fn id(&self) -> OrderId {
        self.id
    }
    fn version(&self) -> i32 {
        self.version
    }
}
impl Listed for orders::table {
    const CATALOGUE: &'static Catalogue = &CATALOGUE;
}

/// The unique fields by which an order may be asked for and upserted.
#[derive(Clone, Debug, PartialEq)]
pub enum Key {
    Number(String),
    External { source_system: String, external_id: String },
}

impl Tidy for NewOrder {
    fn tidy(&mut self) {
        self.number.iter_mut().for_each(tidy::trim);
        tidy::trim(&mut self.currency);
        self.lines.iter_mut().for_each(Tidy::tidy);
    }
}
impl Tidy for OrderPatch {
    fn tidy(&mut self) {
        [&mut self.number, &mut self.currency].into_iter().flatten().for_each(tidy::trim);
        self.lines.iter_mut().flatten().for_each(Tidy::tidy);
    }
}

fn is_status(text: &str) -> Result<(), ValidationError> {
    one_of(text, STATUSES)
}
fn is_source(text: &str) -> Result<(), ValidationError> {
    one_of(text, SOURCES)
}
