//! What is sent to make a promotion, and to change it.
use super::schema::promotions;
use super::{KINDS, STACKINGS, STATUSES};
use crate::figure;
use chrono::{DateTime, Utc};
use customer::choices::one_of;
use diesel::prelude::{AsChangeset, Insertable};
use kernel::{ProductId, PromotionId, SegmentId, Tidy, patch, rule, tidy};
use platform::custom::{Custom, CustomPatch};
use rust_decimal::Decimal;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;
use utoipa::ToSchema;
use validator::{Validate, ValidationError};

platform::jsonb!(Names(BTreeMap<String, String>), "What a promotion is called by locale, as a column keeps it.");
platform::jsonb!(Gives(PromotionBenefit), "What a promotion gives, as a column keeps it.");
platform::jsonb!(Asked(PromotionConditions), "What a promotion asks of a cart, as a column keeps it.");

const MOST_NAMES: usize = 50;
const MOST_PRODUCTS: usize = 1000;

/// What a promotion gives: the members that its kind needs, and no others.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({"rate": "0.1"}))]
pub struct PromotionBenefit {
    /// of `percentage` and `buy_x_get_y`: what part is off; more than 0, up to 1, which is for nothing
    #[serde(default, deserialize_with = "figure::maybe", serialize_with = "figure::maybe_plain")]
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<String>, format = "decimal", example = "0.1", pattern = r"^(0(\.\d{1,6})?|1(\.0{1,6})?)$")]
    pub rate: Option<Decimal>,
    /// of `fixed_amount`: so much off, in the promotion's currency
    #[serde(default, deserialize_with = "figure::maybe", serialize_with = "figure::maybe_plain")]
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<String>, format = "decimal", example = "20.00", pattern = r"^\d{1,15}(\.\d{1,6})?$")]
    pub amount: Option<Decimal>,
    /// of `buy_x_get_y`: of every `buy` + `get` units, `get` are cheaper by the rate, those that cost least
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(minimum = 1, example = 2)]
    pub buy: Option<u32>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(minimum = 1, example = 1)]
    pub get: Option<u32>,
    /// of `buy_x_get_y`: how often at most
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(minimum = 1, example = 3)]
    pub most: Option<u32>,
    /// of `free_gift`: what comes on top, once
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub product_id: Option<ProductId>,
    #[serde(default, deserialize_with = "figure::maybe", serialize_with = "figure::maybe_plain")]
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<String>, format = "decimal", example = "1", pattern = r"^\d{1,15}(\.\d{1,6})?$")]
    pub quantity: Option<Decimal>,
}

/// What a cart must be like, as it came: after the discounts of its own lines, before any promotion.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({"products": ["0192f0c1-2222-7000-8000-000000000003"], "minimum_subtotal": "200"}))]
pub struct PromotionConditions {
    /// the products that count and that something is off; all, where there are none
    #[serde(default)]
    #[schema(required = false, max_items = 1000)]
    pub products: Vec<ProductId>,
    /// what the lines that count come to at least, in the promotion's currency
    #[serde(default, deserialize_with = "figure::maybe", serialize_with = "figure::maybe_plain")]
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<String>, format = "decimal", example = "200", pattern = r"^\d{1,15}(\.\d{1,6})?$")]
    pub minimum_subtotal: Option<Decimal>,
    /// how many units they have at least
    #[serde(default, deserialize_with = "figure::maybe", serialize_with = "figure::maybe_plain")]
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<String>, format = "decimal", example = "2", pattern = r"^\d{1,15}(\.\d{1,6})?$")]
    pub minimum_quantity: Option<Decimal>,
}

/// What a new promotion is made of. It is a draft until it is made active.
#[derive(Clone, Debug, Deserialize, Insertable, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
#[diesel(table_name = promotions, treat_none_as_default_value = false)]
#[schema(example = json!({
    "code": "SINGLES11", "name": "双十一九折", "kind": "percentage", "benefit": {"rate": "0.1"}, "currency": "CNY",
    "conditions": {"minimum_subtotal": "200"}, "cap": "50", "customer_limit": 1
}))]
pub struct NewPromotion {
    /// made by the client, when it creates offline
    #[diesel(skip_insertion)]
    #[validate(custom(function = "kernel::id::is_of_its_time"))]
    pub id: Option<PromotionId>,
    /// kept in capitals
    #[validate(length(max = 64), custom(function = "is_code"))]
    #[schema(min_length = 1, max_length = 64, pattern = "^[A-Za-z0-9_-]+$")]
    pub code: String,
    #[validate(length(max = 200), custom(function = "tidy::is_filled"))]
    #[schema(min_length = 1, max_length = 200)]
    pub name: String,
    #[serde(default)]
    #[validate(custom(function = "are_names"))]
    #[schema(value_type = BTreeMap<String, String>, required = false)]
    pub names: Names,
    #[validate(length(max = 10000))]
    #[schema(max_length = 10000)]
    pub description: Option<String>,
    #[validate(custom(function = "is_kind"))]
    #[schema(example = "percentage")]
    pub kind: String,
    #[validate(custom(function = "gives_within_bounds"))]
    #[schema(value_type = PromotionBenefit)]
    pub benefit: Gives,
    #[serde(default)]
    #[validate(custom(function = "asks_within_bounds"))]
    #[schema(value_type = PromotionConditions, required = false)]
    pub conditions: Asked,
    /// needed where there is any sum
    #[validate(custom(function = "figure::is_currency"))]
    #[schema(example = "CNY", pattern = "^[A-Z]{3}$", min_length = 3, max_length = 3)]
    pub currency: Option<String>,
    #[serde(default, deserialize_with = "figure::maybe")]
    #[validate(custom(function = "figure::is_above_zero"))]
    #[schema(value_type = Option<String>, format = "decimal", example = "50", pattern = r"^\d{1,15}(\.\d{1,6})?$")]
    pub cap: Option<Decimal>,
    #[serde(default)]
    #[schema(required = false, default = 0)]
    pub priority: i32,
    #[serde(default = "combinable")]
    #[validate(custom(function = "is_stacking"))]
    #[schema(required = false, default = "combinable")]
    pub stacking: String,
    pub starts_at: Option<DateTime<Utc>>,
    pub ends_at: Option<DateTime<Utc>>,
    /// a segment of accounts or contacts
    pub segment_id: Option<SegmentId>,
    #[serde(default)]
    #[schema(required = false, default = false)]
    pub is_coupon_needed: bool,
    #[validate(range(min = 1, max = 1000000000))]
    #[schema(minimum = 1, maximum = 1_000_000_000)]
    pub total_limit: Option<i32>,
    #[validate(range(min = 1, max = 1000000000))]
    #[schema(minimum = 1, maximum = 1_000_000_000)]
    pub customer_limit: Option<i32>,
    #[serde(default, deserialize_with = "figure::maybe")]
    #[validate(custom(function = "figure::is_above_zero"))]
    #[schema(value_type = Option<String>, format = "decimal", example = "2000", pattern = r"^\d{1,15}(\.\d{1,6})?$")]
    pub budget: Option<Decimal>,
    /// fields of the tenant's own
    #[serde(default)]
    #[schema(required = false)]
    pub custom: Custom,
}

/// A merge patch: what is absent stays, what is null is cleared. `benefit`, `conditions` and `names` are replaced whole.
#[derive(Clone, Debug, Default, Deserialize, AsChangeset, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
#[diesel(table_name = promotions)]
#[schema(example = json!({"ends_at": "2026-11-12T16:00:00Z", "budget": "250000"}))]
pub struct PromotionPatch {
    #[serde(default, deserialize_with = "patch::value")]
    #[validate(length(max = 64), custom(function = "is_code"))]
    #[schema(value_type = String, required = false, min_length = 1, max_length = 64, pattern = "^[A-Za-z0-9_-]+$")]
    pub code: Option<String>,
    #[serde(default, deserialize_with = "patch::value")]
    #[validate(length(max = 200), custom(function = "tidy::is_filled"))]
    #[schema(value_type = String, required = false, min_length = 1, max_length = 200)]
    pub name: Option<String>,
    #[serde(default, deserialize_with = "patch::value")]
    #[validate(custom(function = "are_names"))]
    #[schema(value_type = BTreeMap<String, String>, required = false)]
    pub names: Option<Names>,
    #[serde(default, deserialize_with = "patch::nullable")]
    #[validate(length(max = 10000))]
    #[schema(value_type = Option<String>, max_length = 10000)]
    pub description: Option<Option<String>>,
    #[serde(default, deserialize_with = "patch::value")]
    #[validate(custom(function = "is_kind"))]
    #[schema(value_type = String, required = false)]
    pub kind: Option<String>,
    #[serde(default, deserialize_with = "patch::value")]
    #[validate(custom(function = "gives_within_bounds"))]
    #[schema(value_type = PromotionBenefit, required = false)]
    pub benefit: Option<Gives>,
    #[serde(default, deserialize_with = "patch::value")]
    #[validate(custom(function = "asks_within_bounds"))]
    #[schema(value_type = PromotionConditions, required = false)]
    pub conditions: Option<Asked>,
    #[serde(default, deserialize_with = "patch::nullable")]
    #[validate(custom(function = "figure::is_currency"))]
    #[schema(value_type = Option<String>, pattern = "^[A-Z]{3}$", min_length = 3, max_length = 3)]
    pub currency: Option<Option<String>>,
    #[serde(default, deserialize_with = "figure::nullable")]
    #[validate(custom(function = "figure::is_above_zero"))]
    #[schema(value_type = Option<String>, format = "decimal", pattern = r"^\d{1,15}(\.\d{1,6})?$")]
    pub cap: Option<Option<Decimal>>,
    #[serde(default, deserialize_with = "patch::value")]
    #[schema(value_type = i32, required = false)]
    pub priority: Option<i32>,
    #[serde(default, deserialize_with = "patch::value")]
    #[validate(custom(function = "is_stacking"))]
    #[schema(value_type = String, required = false)]
    pub stacking: Option<String>,
    #[serde(default, deserialize_with = "patch::nullable")]
    #[schema(value_type = Option<DateTime<Utc>>)]
    pub starts_at: Option<Option<DateTime<Utc>>>,
    #[serde(default, deserialize_with = "patch::nullable")]
    #[schema(value_type = Option<DateTime<Utc>>)]
    pub ends_at: Option<Option<DateTime<Utc>>>,
    #[serde(default, deserialize_with = "patch::nullable")]
    #[schema(value_type = Option<SegmentId>)]
    pub segment_id: Option<Option<SegmentId>>,
    #[serde(default, deserialize_with = "patch::value")]
    #[schema(value_type = bool, required = false)]
    pub is_coupon_needed: Option<bool>,
    #[serde(default, deserialize_with = "patch::nullable")]
    #[validate(range(min = 1, max = 1000000000))]
    #[schema(value_type = Option<i32>, minimum = 1, maximum = 1_000_000_000)]
    pub total_limit: Option<Option<i32>>,
    #[serde(default, deserialize_with = "patch::nullable")]
    #[validate(range(min = 1, max = 1000000000))]
    #[schema(value_type = Option<i32>, minimum = 1, maximum = 1_000_000_000)]
    pub customer_limit: Option<Option<i32>>,
    #[serde(default, deserialize_with = "figure::nullable")]
    #[validate(custom(function = "figure::is_above_zero"))]
    #[schema(value_type = Option<String>, format = "decimal", pattern = r"^\d{1,15}(\.\d{1,6})?$")]
    pub budget: Option<Option<Decimal>>,
    /// fields of the tenant's own: what is absent stays, what is null is cleared
    #[serde(default, deserialize_with = "patch::value")]
    #[schema(value_type = Custom, required = false)]
    pub custom: Option<CustomPatch>,
}

/// To which status a promotion comes.
#[derive(Clone, Debug, Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({"status": "active"}))]
pub struct PromotionTransition {
    /// a draft becomes active; what is active is paused, goes on, or is ended for good
    #[validate(custom(function = "is_status"))]
    #[schema(example = "active")]
    pub status: String,
}

impl Tidy for NewPromotion {
    fn tidy(&mut self) {
        tidy::capital(&mut self.code);
        tidy::trim(&mut self.name);
    }
}
impl Tidy for PromotionPatch {
    fn tidy(&mut self) {
        self.code.iter_mut().for_each(tidy::capital);
        self.name.iter_mut().for_each(tidy::trim);
    }
}
impl Tidy for PromotionTransition {}

fn combinable() -> String {
    "combinable".to_owned()
}

fn is_kind(text: &str) -> Result<(), ValidationError> {
    one_of(text, KINDS)
}
fn is_stacking(text: &str) -> Result<(), ValidationError> {
    one_of(text, STACKINGS)
}
fn is_status(text: &str) -> Result<(), ValidationError> {
    one_of(text, STATUSES)
}

/// The rule behind codes, of coupons too.
pub(crate) fn is_code(text: &str) -> Result<(), ValidationError> {
    let is_plain = |byte: u8| byte.is_ascii_alphanumeric() || byte == b'-' || byte == b'_';
    match !text.is_empty() && text.bytes().all(is_plain) {
        true => Ok(()),
        false => Err(rule!("code", "is not made of letters, digits, - and _ alone")),
    }
}

fn are_names(Names(names): &Names) -> Result<(), ValidationError> {
    let is_locale = |text: &str| (2..=35).contains(&text.len()) && is_code(text).is_ok();
    let is_name = |text: &str| !text.trim().is_empty() && text.chars().count() <= 200;
    match names.len() <= MOST_NAMES && names.iter().all(|(locale, name)| is_locale(locale) && is_name(name)) {
        true => Ok(()),
        false => Err(rule!("names", "are up to {max} names by locale, each of 1 to 200 characters", max = MOST_NAMES)),
    }
}

/// What its kind needs of them is asked later, of all terms together.
fn gives_within_bounds(Gives(benefit): &Gives) -> Result<(), ValidationError> {
    [benefit.rate, benefit.amount, benefit.quantity].iter().flatten().try_for_each(figure::is_above_zero)
}

fn asks_within_bounds(Asked(conditions): &Asked) -> Result<(), ValidationError> {
    if conditions.products.len() > MOST_PRODUCTS {
        return Err(rule!("products", "are more than {max} products", max = MOST_PRODUCTS));
    }
    [conditions.minimum_subtotal, conditions.minimum_quantity].iter().flatten().try_for_each(figure::is_sum)
}
