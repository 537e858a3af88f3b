//! A tenant is a business that uses the house. Everything belongs to exactly one, and nothing is seen across.
//!
//! A caller knows its own tenant and no other. Its base currency is what totals are reckoned in, its time zone what
//! days are, and its years begin with a month of its own.
mod deeds;
mod store;

pub use deeds::update;
pub(crate) use store::insert;
pub use store::own;

use crate::schema::tenants;
use chrono::{DateTime, Utc};
use diesel::prelude::{AsChangeset, Queryable, Selectable};
use kernel::{Noun, Record, TenantId, Tidy, money, patch, rule, tidy};
use rust_decimal::Decimal;
use serde::{Deserialize, Deserializer, Serialize, Serializer};
use utoipa::ToSchema;
use validator::{Validate, ValidationError};

/// The business that the caller belongs to.
#[derive(Clone, Debug, Queryable, Selectable, Serialize, ToSchema)]
#[diesel(table_name = tenants, check_for_backend(diesel::pg::Pg))]
#[schema(example = json!({
    "id": "0192f0c1-0000-7000-8000-0000000000aa", "name": "晨光商贸", "locale": "zh-Hans", "time_zone": "Asia/Shanghai",
    "base_currency": "CNY", "require_second_factor": false, "quote_approval_discount": "0.15", "requires_if_match": false,
    "fiscal_year_start_month": 1, "phone_region": "CN", "version": 1, "created_at": "2026-11-21T08:00:00Z",
    "updated_at": "2026-11-21T08:00:00Z"
}))]
pub struct Tenant {
    pub id: TenantId,
    pub name: String,
    /// BCP 47
    pub locale: String,
    /// IANA
    pub time_zone: String,
    /// ISO 4217
    pub base_currency: String,
    /// whether people may do nothing but add a second factor until they have one; API keys have none
    pub require_second_factor: bool,
    /// the discount, from 0 to 1, above which a quote has to be approved; null: none has to
    #[serde(serialize_with = "plain")]
    #[schema(value_type = Option<String>, format = "decimal", example = "0.15")]
    pub quote_approval_discount: Option<Decimal>,
    /// whether a change of one record has to say by If-Match which version it was made on; and so does an item of a
    /// batch by `if_match`; upserts and imports need not
    pub requires_if_match: bool,
    /// the month that the years of forecasts and quotas begin with, from 1 to 12: a year is called by the one that it
    /// begins in, and its quarters are counted from there
    #[schema(minimum = 1, maximum = 12, example = 4)]
    pub fiscal_year_start_month: i32,
    /// ISO 3166-1 alpha-2: whose phone numbers are that do not say their country, such as `13800138000`; null: only numbers
    /// with their country code are taken. A form, and the mapping of an import, may say otherwise for their own
    #[schema(example = "CN")]
    pub phone_region: Option<String>,
    pub version: i32,
    pub created_at: DateTime<Utc>,
    pub updated_at: DateTime<Utc>,
}

/// A merge patch: what is absent stays.
#[derive(Clone, Debug, Default, Deserialize, AsChangeset, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
#[diesel(table_name = tenants)]
#[schema(example = json!({"name": "晨光集团", "time_zone": "Asia/Shanghai"}))]
pub struct TenantPatch {
    #[serde(default, deserialize_with = "patch::value")]
    #[validate(length(max = 200), custom(function = "tidy::is_filled"))]
    #[schema(value_type = String, required = false, min_length = 1, max_length = 200)]
    pub name: Option<String>,
    #[serde(default, deserialize_with = "patch::value")]
    #[validate(custom(function = "is_locale"))]
    #[schema(value_type = String, required = false, max_length = 35)]
    pub locale: Option<String>,
    #[serde(default, deserialize_with = "patch::value")]
    #[validate(custom(function = "is_time_zone"))]
    #[schema(value_type = String, required = false, max_length = 64)]
    pub time_zone: Option<String>,
    #[serde(default, deserialize_with = "patch::value")]
    #[validate(custom(function = "is_currency"))]
    #[schema(value_type = String, required = false, pattern = "^[A-Z]{3}$", min_length = 3, max_length = 3)]
    pub base_currency: Option<String>,
    #[serde(default, deserialize_with = "patch::value")]
    #[schema(value_type = bool, required = false)]
    pub require_second_factor: Option<bool>,
    #[serde(default, deserialize_with = "discount")]
    #[validate(custom(function = "is_part"))]
    #[schema(value_type = Option<String>, format = "decimal", pattern = r"^(0(\.\d{1,6})?|1(\.0{1,6})?)$")]
    pub quote_approval_discount: Option<Option<Decimal>>,
    #[serde(default, deserialize_with = "patch::value")]
    #[schema(value_type = bool, required = false)]
    pub requires_if_match: Option<bool>,
    #[serde(default, deserialize_with = "patch::value")]
    #[validate(range(min = 1, max = 12))]
    #[schema(value_type = i32, required = false, minimum = 1, maximum = 12)]
    pub fiscal_year_start_month: Option<i32>,
    #[serde(default, deserialize_with = "patch::nullable")]
    #[validate(custom(function = "kernel::phone::is_region"))]
    #[schema(value_type = Option<String>, pattern = "^[A-Z]{2}$", min_length = 2, max_length = 2)]
    pub phone_region: Option<Option<String>>,
}

#[derive(Deserialize)]
struct Exact(#[serde(deserialize_with = "money::decimal")] Decimal);

#[allow(clippy::option_option)] // as every patch has it
fn discount<'de, D: Deserializer<'de>>(de: D) -> Result<Option<Option<Decimal>>, D::Error> {
    Ok(Some(Option::<Exact>::deserialize(de)?.map(|Exact(figure)| figure)))
}

#[allow(clippy::ref_option)] // serde's signature
fn plain<S: Serializer>(figure: &Option<Decimal>, to: S) -> Result<S::Ok, S::Error> {
    match figure {
        Some(figure) => to.collect_str(&figure.normalize()),
        None => to.serialize_none(),
    }
}

impl Noun for Tenant {
    const NAME: &'static str = "tenant";
}
impl Record for Tenant {
    type Id = TenantId;
    fn id(&self) -> TenantId {
        self.id
    }
    fn version(&self) -> i32 {
        self.version
    }
}

impl Tidy for TenantPatch {
    fn tidy(&mut self) {
        self.name.iter_mut().for_each(tidy::trim);
        self.phone_region.iter_mut().flatten().for_each(tidy::capital);
    }
}

fn is_part(figure: &Decimal) -> Result<(), ValidationError> {
    if (Decimal::ZERO..=Decimal::ONE).contains(figure) && figure.normalize().scale() <= 6 {
        return Ok(());
    }
    Err(rule!("range", "is no part, from 0 to 1, of six decimals at most"))
}

/// A language tag of BCP 47, by its shape: `en`, `zh-Hans`, `pt-BR`.
pub(crate) fn is_locale(text: &str) -> Result<(), ValidationError> {
    let part = |part: &str| (1..=8).contains(&part.len()) && part.bytes().all(|b| b.is_ascii_alphanumeric());
    let language = text.split('-').next().unwrap_or_default();
    let good = (2..=8).contains(&language.len()) && language.bytes().all(|b| b.is_ascii_alphabetic());
    if good && text.len() <= 35 && text.split('-').all(part) {
        return Ok(());
    }
    Err(rule!("locale", "is no language tag, such as zh-Hans"))
}

pub(crate) fn is_time_zone(text: &str) -> Result<(), ValidationError> {
    match text.parse::<chrono_tz::Tz>() {
        Ok(_) => Ok(()),
        Err(_) => Err(rule!("time_zone", "is no time zone, such as Asia/Shanghai")),
    }
}

pub(crate) fn is_currency(text: &str) -> Result<(), ValidationError> {
    match money::decimals(text) {
        Some(_) => Ok(()),
        None => Err(rule!("currency", "is no currency of ISO 4217, such as CNY")),
    }
}
