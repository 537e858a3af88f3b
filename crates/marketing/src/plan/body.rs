//! What is sent to make a marketing plan, and to change it.
use super::STATUSES;
use crate::rules::{is_currency, is_sum, period, same_currency};
use crate::schema::marketing_plans;
use chrono::NaiveDate;
use customer::choices::one_of;
use diesel::prelude::{AsChangeset, Insertable};
use kernel::{MarketingPlanId, Money, Tidy, patch, tidy};
use serde::Deserialize;
use utoipa::ToSchema;
use validator::{Validate, ValidationError};

/// What a new marketing plan is made of.
#[derive(Clone, Debug, Deserialize, Insertable, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
#[diesel(table_name = marketing_plans, treat_none_as_default_value = false)]
#[validate(schema(function = "agrees", skip_on_field_errors = false))]
#[schema(example = json!({
    "name": "2027 春季", "start_on": "2027-01-01", "end_on": "2027-03-31", "currency": "CNY",
    "budget": {"amount": "200000.00", "currency": "CNY"}
}))]
pub struct NewMarketingPlan {
    /// made by the client, when it creates offline
    #[diesel(skip_insertion)]
    #[validate(custom(function = "kernel::id::is_of_its_time"))]
    pub id: Option<MarketingPlanId>,
    #[validate(length(min = 1, max = 200), custom(function = "tidy::is_filled"))]
    #[schema(min_length = 1, max_length = 200)]
    pub name: String,
    #[validate(length(max = 10000))]
    #[schema(max_length = 10000)]
    pub description: Option<String>,
    /// `draft`, unless said otherwise
    #[diesel(skip_insertion)]
    #[validate(custom(function = "is_status"))]
    #[schema(example = "draft")]
    pub status: Option<String>,
    pub start_on: NaiveDate,
    pub end_on: NaiveDate,
    #[validate(custom(function = "is_currency"))]
    #[schema(example = "CNY", pattern = "^[A-Z]{3}$", min_length = 3, max_length = 3)]
    pub currency: String,
    /// in its currency
    #[diesel(skip_insertion)]
    #[validate(nested, custom(function = "is_sum"))]
    pub budget: Option<Money>,
}

/// A merge patch: what is absent stays, what is null is cleared. Another currency is another plan.
#[derive(Clone, Debug, Default, Deserialize, AsChangeset, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
#[diesel(table_name = marketing_plans)]
#[schema(example = json!({"status": "active", "end_on": "2027-04-30"}))]
pub struct MarketingPlanPatch {
    #[serde(default, deserialize_with = "patch::value")]
    #[validate(length(min = 1, max = 200), custom(function = "tidy::is_filled"))]
    #[schema(value_type = String, required = false, min_length = 1, max_length = 200)]
    pub name: Option<String>,
    #[serde(default, deserialize_with = "patch::nullable")]
    #[validate(length(max = 10000))]
    #[schema(value_type = Option<String>, max_length = 10000)]
    pub description: Option<Option<String>>,
    #[serde(default, deserialize_with = "patch::value")]
    #[validate(custom(function = "is_status"))]
    #[schema(value_type = String, required = false)]
    pub status: Option<String>,
    #[serde(default, deserialize_with = "patch::value")]
    #[schema(value_type = NaiveDate, required = false)]
    pub start_on: Option<NaiveDate>,
    #[serde(default, deserialize_with = "patch::value")]
    #[schema(value_type = NaiveDate, required = false)]
    pub end_on: Option<NaiveDate>,
    #[serde(default, deserialize_with = "patch::nullable")]
    #[diesel(skip_update)]
    #[validate(nested, custom(function = "is_sum"))]
    #[schema(value_type = Option<Money>)]
    pub budget: Option<Option<Money>>,
}

impl Tidy for NewMarketingPlan {
    fn tidy(&mut self) {
        tidy::trim(&mut self.name);
    }
}
impl Tidy for MarketingPlanPatch {
    fn tidy(&mut self) {
        self.name.iter_mut().for_each(tidy::trim);
    }
}

fn is_status(text: &str) -> Result<(), ValidationError> {
    one_of(text, STATUSES)
}

fn agrees(new: &NewMarketingPlan) -> Result<(), ValidationError> {
    period(Some(new.start_on), Some(new.end_on))?;
    same_currency(&new.currency, [("budget", &new.budget)])
}
