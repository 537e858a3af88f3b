//! What is sent to redeem promotions, and what comes of it.
use super::Redemption;
use crate::evaluation::{PromotionCart, PromotionEvaluation};
use crate::figure;
use kernel::{OrderId, ProductId, Tidy, money, rule, tidy};
use rust_decimal::Decimal;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use validator::{Validate, ValidationError};

/// What a promotion took off a line.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, ToSchema)]
#[schema(example = json!({"line_key": "1", "amount": "53.6"}))]
pub struct RedeemedLine {
    pub line_key: String,
    #[serde(deserialize_with = "money::decimal", serialize_with = "figure::plain")]
    #[schema(value_type = String, format = "decimal", example = "53.6")]
    pub amount: Decimal,
}

/// What came on top.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, ToSchema)]
#[schema(example = json!({"product_id": "0192f0c1-2222-7000-8000-000000000003", "quantity": "1"}))]
pub struct RedeemedGift {
    pub product_id: ProductId,
    #[serde(deserialize_with = "money::decimal", serialize_with = "figure::plain")]
    #[schema(value_type = String, format = "decimal", example = "1")]
    pub quantity: Decimal,
}

platform::jsonb!(Lines(Vec<RedeemedLine>), "What a promotion took off which lines, as a column keeps it.");
platform::jsonb!(Gifts(Vec<RedeemedGift>), "What came on top, as a column keeps it.");

/// What is redeemed: whatever the promotions come to on a cart now.
#[derive(Clone, Debug, Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
#[validate(schema(function = "is_of_now", skip_on_field_errors = false))]
#[schema(example = json!({
    "cart": {"currency": "CNY", "lines": [{"line_key": "1", "quantity": "2", "unit_price": "268.00"}]},
    "hold_minutes": 30
}))]
pub struct NewRedemption {
    #[validate(nested)]
    pub cart: PromotionCart,
    /// the order that they are redeemed for: the same asked again comes to the same redemptions
    pub order_id: Option<OrderId>,
    /// what another system calls it
    #[validate(length(max = 200), custom(function = "tidy::is_filled"))]
    #[schema(min_length = 1, max_length = 200)]
    pub order_ref: Option<String>,
    /// holds them for so long, to be confirmed or released; they are redeemed at once, where it is absent
    #[validate(range(min = 1, max = 43200))]
    #[schema(minimum = 1, maximum = 43200)]
    pub hold_minutes: Option<i32>,
}

/// What was redeemed, and how it came to be.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct PromotionsRedeemed {
    /// one a promotion; none, where no promotion applies
    pub redemptions: Vec<Redemption>,
    /// what the cart came to; null where the order had these redemptions already
    pub evaluation: Option<PromotionEvaluation>,
}

impl Tidy for NewRedemption {
    fn tidy(&mut self) {
        self.cart.tidy();
        self.order_ref.iter_mut().for_each(tidy::trim);
    }
}

/// What is redeemed is redeemed now.
fn is_of_now(new: &NewRedemption) -> Result<(), ValidationError> {
    match new.cart.at {
        None => Ok(()),
        Some(_) => {
            let mut broken = rule!("now", "is now, where something is redeemed");
            broken.add_param("member".into(), &"cart/at");
            Err(broken)
        }
    }
}
