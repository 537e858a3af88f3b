//! What is sent to make a coupon, and to change it.
use super::STATUSES;
use super::schema::coupons;
use crate::promotion::is_code;
use chrono::{DateTime, Utc};
use customer::choices::one_of;
use diesel::prelude::{AsChangeset, Insertable};
use kernel::{ContactId, CouponId, PromotionId, Tidy, patch, tidy};
use serde::Deserialize;
use utoipa::ToSchema;
use validator::{Validate, ValidationError};

/// What a new coupon is made of.
#[derive(Clone, Debug, Deserialize, Insertable, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
#[diesel(table_name = coupons, treat_none_as_default_value = false)]
#[schema(example = json!({
    "promotion_id": "0192f0c1-8a8a-7000-8000-000000000031", "code": "WELCOME10", "total_limit": 100, "customer_limit": 1
}))]
pub struct NewCoupon {
    /// made by the client, when it creates offline
    #[diesel(skip_insertion)]
    #[validate(custom(function = "kernel::id::is_of_its_time"))]
    pub id: Option<CouponId>,
    pub promotion_id: PromotionId,
    /// kept in capitals; one that nobody can guess, where it is absent
    #[diesel(skip_insertion)]
    #[validate(length(max = 64), custom(function = "is_code"))]
    #[schema(min_length = 1, max_length = 64, pattern = "^[A-Za-z0-9_-]+$")]
    pub code: Option<String>,
    /// whose it is alone
    pub contact_id: Option<ContactId>,
    /// as often as anybody likes, where it is absent
    #[validate(range(min = 1, max = 1000000000))]
    #[schema(minimum = 1, maximum = 1_000_000_000)]
    pub total_limit: Option<i32>,
    #[validate(range(min = 1, max = 1000000000))]
    #[schema(minimum = 1, maximum = 1_000_000_000)]
    pub customer_limit: Option<i32>,
    pub expires_at: Option<DateTime<Utc>>,
    #[serde(default = "active")]
    #[validate(custom(function = "is_status"))]
    #[schema(required = false, default = "active")]
    pub status: String,
}

/// A merge patch: what is absent stays, what is null is cleared. Another code, or another promotion, is another coupon.
#[derive(Clone, Debug, Default, Deserialize, AsChangeset, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
#[diesel(table_name = coupons)]
#[schema(example = json!({"total_limit": 200, "status": "active"}))]
pub struct CouponPatch {
    #[serde(default, deserialize_with = "patch::nullable")]
    #[schema(value_type = Option<ContactId>)]
    pub contact_id: Option<Option<ContactId>>,
    #[serde(default, deserialize_with = "patch::nullable")]
    #[validate(range(min = 1, max = 1000000000))]
    #[schema(value_type = Option<i32>, minimum = 1, maximum = 1_000_000_000)]
    pub total_limit: Option<Option<i32>>,
    #[serde(default, deserialize_with = "patch::nullable")]
    #[validate(range(min = 1, max = 1000000000))]
    #[schema(value_type = Option<i32>, minimum = 1, maximum = 1_000_000_000)]
    pub customer_limit: Option<Option<i32>>,
    #[serde(default, deserialize_with = "patch::nullable")]
    #[schema(value_type = Option<DateTime<Utc>>)]
    pub expires_at: Option<Option<DateTime<Utc>>>,
    #[serde(default, deserialize_with = "patch::value")]
    #[validate(custom(function = "is_status"))]
    #[schema(value_type = String, required = false)]
    pub status: Option<String>,
}

impl Tidy for NewCoupon {
    fn tidy(&mut self) {
        self.code.iter_mut().for_each(tidy::capital);
    }
}
impl Tidy for CouponPatch {}

fn active() -> String {
    "active".to_owned()
}

fn is_status(text: &str) -> Result<(), ValidationError> {
    one_of(text, STATUSES)
}
