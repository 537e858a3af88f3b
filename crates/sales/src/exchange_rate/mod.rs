//! An exchange rate says what one unit of a currency is worth in the tenant's own, from a day on.
//!
//! Of several, the newest counts that is not after the day that is asked about; of a pair of currencies and a day one is
//! living. What was reckoned by a rate keeps it: a rate that comes, changes or goes later changes no opportunity by itself.
//! Rates belong to nobody.
mod deeds;
mod store;

pub use crate::schema::exchange_rates::table as Table;
pub use deeds::{archive, create, purge, restore, update, upsert};
pub(crate) use store::on;
pub use store::{find, list};

use crate::exact;
use crate::schema::exchange_rates;
use chrono::{DateTime, NaiveDate, Utc};
use diesel::prelude::{AsChangeset, Insertable, Queryable, Selectable};
use kernel::catalogue::{Catalogue, Field, Kind as Holds, Owned, Relation, Searched};
use kernel::{Code, ExchangeRateId, Kind, Noun, Record, Tidy, UserId, money, patch, rule, tidy};
use platform::filter::Listed;
use rust_decimal::Decimal;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use validator::{Validate, ValidationError};

pub const DAY_TAKEN: Code = Code::new(
    "exchange_rate_day_taken",
    Kind::Conflict,
    "There is a rate of these currencies from this day on: `existing` says which.",
);
pub const CODES: &[Code] = &[DAY_TAKEN];

/// What a currency is worth in the tenant's own, from a day on.
#[derive(Clone, Debug, Queryable, Selectable, Serialize, ToSchema)]
#[diesel(table_name = exchange_rates, check_for_backend(diesel::pg::Pg))]
#[schema(example = json!({
    "id": "0192f0c1-5555-7000-8000-00000000000d", "from_currency": "USD", "to_currency": "CNY",
    "valid_on": "2026-11-01", "rate": "7.1185", "version": 1, "created_at": "2026-11-21T08:00:00Z",
    "updated_at": "2026-11-21T08:00:00Z", "created_by": "0192f0c1-0000-7000-8000-000000000001",
    "updated_by": "0192f0c1-0000-7000-8000-000000000001", "deleted_at": null
}))]
pub struct ExchangeRate {
    pub id: ExchangeRateId,
    /// ISO 4217 code
    #[schema(example = "USD")]
    pub from_currency: String,
    /// the tenant's own when the rate was made
    #[schema(example = "CNY")]
    pub to_currency: String,
    /// the first day that it holds
    pub valid_on: NaiveDate,
    /// what one unit of the first is in the second
    #[serde(serialize_with = "exact::plain")]
    #[schema(value_type = String, format = "decimal", example = "7.1185")]
    pub rate: Decimal,
    pub version: i32,
    pub created_at: DateTime<Utc>,
    pub updated_at: DateTime<Utc>,
    pub created_by: UserId,
    pub updated_by: UserId,
    /// when it was archived: nothing is reckoned by it then
    pub deleted_at: Option<DateTime<Utc>>,
}

/// What a new exchange rate is made of. It is one into the tenant's own currency.
#[derive(Clone, Debug, Deserialize, Insertable, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
#[diesel(table_name = exchange_rates)]
#[schema(example = json!({"from_currency": "JPY", "valid_on": "2026-11-01", "rate": "0.0462"}))]
pub struct NewExchangeRate {
    /// made by the client, when it creates offline
    #[diesel(skip_insertion)]
    #[validate(custom(function = "kernel::id::is_of_its_time"))]
    pub id: Option<ExchangeRateId>,
    #[validate(custom(function = "exact::is_currency"))]
    #[schema(example = "JPY", pattern = "^[A-Z]{3}$", min_length = 3, max_length = 3)]
    pub from_currency: String,
    pub valid_on: NaiveDate,
    #[serde(deserialize_with = "money::decimal")]
    #[validate(custom(function = "is_exchange_rate"))]
    #[schema(value_type = String, format = "decimal", example = "0.0462", pattern = r"^\d{1,11}(\.\d{1,10})?$")]
    pub rate: Decimal,
}

/// A merge patch: another currency, or another day, is another rate.
#[derive(Clone, Debug, Default, Deserialize, AsChangeset, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
#[diesel(table_name = exchange_rates)]
#[schema(example = json!({"rate": "0.0465"}))]
pub struct ExchangeRatePatch {
    #[serde(default, deserialize_with = "exact::value")]
    #[validate(custom(function = "is_exchange_rate"))]
    #[schema(value_type = String, required = false, format = "decimal", pattern = r"^\d{1,11}(\.\d{1,10})?$")]
    pub rate: Option<Decimal>,
    #[serde(default, deserialize_with = "patch::value")]
    #[schema(value_type = NaiveDate, required = false)]
    pub valid_on: Option<NaiveDate>,
}

pub static CATALOGUE: Catalogue = Catalogue {
    noun: "exchange_rate",
    table: "exchange_rates",
    fields: &[
        Field::new("id", Holds::Id),
        Field::new("from_currency", Holds::Text).searched(Searched::Text),
        Field::new("to_currency", Holds::Text),
        Field::new("valid_on", Holds::Date),
        Field::new("rate", Holds::Decimal),
        Field::new("version", Holds::Int),
        Field::new("created_at", Holds::Instant),
        Field::new("updated_at", Holds::Instant),
        Field::new("created_by", Holds::Id),
        Field::new("updated_by", Holds::Id),
        Field::new("deleted_at", Holds::Instant).nullable(),
    ],
    relations: &[Relation::one("creator", "user", "created_by")],
    custom: None,
    owned: Owned::Shared,
};

impl Noun for ExchangeRate {
    const NAME: &'static str = "exchange_rate";
}
impl Record for ExchangeRate {
    type Id = ExchangeRateId;
    fn id(&self) -> ExchangeRateId {
        self.id
    }
    fn version(&self) -> i32 {
        self.version
    }
}
impl Listed for exchange_rates::table {
    const CATALOGUE: &'static Catalogue = &CATALOGUE;
}

/// What tells one rate from all others: of which currency into the tenant's own, and from which day on.
#[derive(Clone, Debug, PartialEq)]
pub struct Key {
    pub from_currency: String,
    pub valid_on: NaiveDate,
}

impl Tidy for NewExchangeRate {
    fn tidy(&mut self) {
        tidy::trim(&mut self.from_currency);
    }
}
impl Tidy for ExchangeRatePatch {}

/// What the column keeps.
const DECIMALS: u32 = 10;
const LIMIT: i64 = 100_000_000_000;

fn is_exchange_rate(rate: &Decimal) -> Result<(), ValidationError> {
    match *rate > Decimal::ZERO && *rate < Decimal::from(LIMIT) && rate.normalize().scale() <= DECIMALS {
        true => Ok(()),
        false => Err(rule!("range", "is above zero and has at most {most} decimals", most = DECIMALS)),
    }
}
