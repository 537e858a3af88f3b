//! A cart as it is sent.
use crate::figure;
use chrono::{DateTime, Utc};
use kernel::{AccountId, ContactId, ProductId, Tidy, money, rule, tidy};
use rust_decimal::Decimal;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use validator::{Validate, ValidationError};

/// What somebody is about to buy, and by which coupons.
#[derive(Clone, Debug, Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({
    "currency": "CNY", "coupon_codes": ["WELCOME10"],
    "lines": [{"product_id": "0192f0c1-2222-7000-8000-000000000003", "quantity": "2", "unit_price": "268.00"}]
}))]
pub struct PromotionCart {
    /// ISO 4217 code
    #[validate(custom(function = "figure::is_currency"))]
    #[schema(example = "CNY", pattern = "^[A-Z]{3}$", min_length = 3, max_length = 3)]
    pub currency: String,
    #[validate(nested, length(min = 1, max = 500))]
    #[schema(min_items = 1, max_items = 500)]
    pub lines: Vec<CartLine>,
    /// who buys, for what is for some alone or so often for each
    pub contact_id: Option<ContactId>,
    /// the same of an organisation; where a contact is named, limits for each customer are the contact's
    pub account_id: Option<AccountId>,
    #[serde(default)]
    #[validate(custom(function = "are_codes"))]
    #[schema(required = false, max_items = 20)]
    pub coupon_codes: Vec<String>,
    /// the moment at which promotions have to be valid; now, unless said otherwise
    pub at: Option<DateTime<Utc>>,
}

/// A line of a cart, which comes to its quantity × unit price.
#[derive(Clone, Debug, Serialize, Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({"sku": "TEA-LJ-250", "quantity": "2", "unit_price": "268.00"}))]
pub struct CartLine {
    /// unique in the cart; its place from 1 on, unless said otherwise
    #[validate(length(min = 1, max = 100), custom(function = "tidy::is_filled"))]
    #[schema(min_length = 1, max_length = 100)]
    pub line_key: Option<String>,
    pub product_id: Option<ProductId>,
    /// without a `product_id`, the SKU of a product
    #[validate(length(min = 1, max = 100), custom(function = "tidy::is_filled"))]
    #[schema(min_length = 1, max_length = 100)]
    pub sku: Option<String>,
    #[serde(deserialize_with = "money::decimal")]
    #[validate(custom(function = "figure::is_above_zero"))]
    #[schema(value_type = String, format = "decimal", example = "2", pattern = r"^\d{1,15}(\.\d{1,6})?$")]
    pub quantity: Decimal,
    #[serde(deserialize_with = "money::decimal")]
    #[validate(custom(function = "figure::is_sum"))]
    #[schema(value_type = String, format = "decimal", example = "268.00", pattern = r"^\d{1,15}(\.\d{1,6})?$")]
    pub unit_price: Decimal,
    /// what is off the line by itself
    #[serde(default, deserialize_with = "figure::maybe")]
    #[validate(custom(function = "figure::is_sum"))]
    #[schema(value_type = Option<String>, format = "decimal", example = "10.00", pattern = r"^\d{1,15}(\.\d{1,6})?$")]
    pub discount: Option<Decimal>,
}

impl Tidy for PromotionCart {
    fn tidy(&mut self) {
        tidy::trim(&mut self.currency);
        self.coupon_codes.iter_mut().for_each(tidy::capital);
        self.lines.iter_mut().flat_map(|line| [&mut line.line_key, &mut line.sku]).flatten().for_each(tidy::trim);
    }
}

const MOST_CODES: usize = 20;

fn are_codes(codes: &[String]) -> Result<(), ValidationError> {
    let is_code = |code: &String| (1..=64).contains(&code.chars().count());
    match codes.len() <= MOST_CODES && codes.iter().all(is_code) {
        true => Ok(()),
        false => Err(rule!("codes", "are up to {max} codes of 1 to 64 characters", max = MOST_CODES)),
    }
}
