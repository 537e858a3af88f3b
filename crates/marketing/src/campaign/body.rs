//! What is sent to make a campaign, to change it, and to move it on.
use super::{STATUSES, TYPES};
use crate::rules::{is_currency, is_sum, period, same_currency};
use crate::schema::campaigns;
use chrono::NaiveDate;
use customer::choices::one_of;
use diesel::prelude::{AsChangeset, Insertable};
use kernel::{CampaignId, MarketingPlanId, Money, TeamId, Tidy, UserId, patch, tidy};
use platform::custom::{Custom, CustomPatch};
use serde::Deserialize;
use utoipa::ToSchema;
use validator::{Validate, ValidationError};

/// What a new campaign is made of.
#[derive(Clone, Debug, Default, Deserialize, Insertable, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
#[diesel(table_name = campaigns, treat_none_as_default_value = false)]
#[validate(schema(function = "agrees", skip_on_field_errors = false))]
#[schema(example = json!({
    "name": "春茶上市", "campaign_type": "email", "start_on": "2027-03-01", "end_on": "2027-03-31", "currency": "CNY",
    "goal": "500 位新客户", "budget": {"amount": "50000.00", "currency": "CNY"}
}))]
pub struct NewCampaign {
    /// made by the client, when it creates offline
    #[diesel(skip_insertion)]
    #[validate(custom(function = "kernel::id::is_of_its_time"))]
    pub id: Option<CampaignId>,
    /// the caller, unless said otherwise
    #[diesel(skip_insertion)]
    pub owner_id: Option<UserId>,
    pub team_id: Option<TeamId>,
    pub plan_id: Option<MarketingPlanId>,
    pub parent_id: Option<CampaignId>,
    #[validate(length(min = 1, max = 300), custom(function = "tidy::is_filled"))]
    #[schema(min_length = 1, max_length = 300)]
    pub name: String,
    #[validate(custom(function = "is_type"))]
    #[schema(example = "email")]
    pub campaign_type: String,
    pub start_on: Option<NaiveDate>,
    pub end_on: Option<NaiveDate>,
    #[validate(length(max = 2000))]
    #[schema(max_length = 2000)]
    pub goal: Option<String>,
    #[validate(length(max = 10000))]
    #[schema(max_length = 10000)]
    pub description: Option<String>,
    #[validate(custom(function = "is_currency"))]
    #[schema(example = "CNY", pattern = "^[A-Z]{3}$", min_length = 3, max_length = 3)]
    pub currency: String,
    #[diesel(skip_insertion)]
    #[validate(nested, custom(function = "is_sum"))]
    pub budget: Option<Money>,
    #[diesel(skip_insertion)]
    #[validate(nested, custom(function = "is_sum"))]
    pub expected_cost: Option<Money>,
    #[diesel(skip_insertion)]
    #[validate(nested, custom(function = "is_sum"))]
    pub actual_cost: Option<Money>,
    #[diesel(skip_insertion)]
    #[validate(nested, custom(function = "is_sum"))]
    pub expected_revenue: Option<Money>,
    #[diesel(skip_insertion)]
    #[validate(nested, custom(function = "is_sum"))]
    pub actual_revenue: Option<Money>,
    /// fields of the tenant's own
    #[serde(default)]
    #[schema(required = false)]
    pub custom: Custom,
}

/// A merge patch: what is absent stays, what is null is cleared. Another currency is another campaign.
#[derive(Clone, Debug, Default, Deserialize, AsChangeset, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
#[diesel(table_name = campaigns)]
#[schema(example = json!({"end_on": "2027-04-15", "actual_cost": {"amount": "46120.00", "currency": "CNY"}}))]
pub struct CampaignPatch {
    #[serde(default, deserialize_with = "patch::value")]
    #[schema(value_type = UserId, required = false)]
    pub owner_id: Option<UserId>,
    #[serde(default, deserialize_with = "patch::nullable")]
    #[schema(value_type = Option<TeamId>)]
    pub team_id: Option<Option<TeamId>>,
    #[serde(default, deserialize_with = "patch::nullable")]
    #[schema(value_type = Option<MarketingPlanId>)]
    pub plan_id: Option<Option<MarketingPlanId>>,
    #[serde(default, deserialize_with = "patch::nullable")]
    #[schema(value_type = Option<CampaignId>)]
    pub parent_id: Option<Option<CampaignId>>,
    #[serde(default, deserialize_with = "patch::value")]
    #[validate(length(min = 1, max = 300), custom(function = "tidy::is_filled"))]
    #[schema(value_type = String, required = false, min_length = 1, max_length = 300)]
    pub name: Option<String>,
    #[serde(default, deserialize_with = "patch::value")]
    #[validate(custom(function = "is_type"))]
    #[schema(value_type = String, required = false)]
    pub campaign_type: Option<String>,
    #[serde(default, deserialize_with = "patch::nullable")]
    #[schema(value_type = Option<NaiveDate>)]
    pub start_on: Option<Option<NaiveDate>>,
    #[serde(default, deserialize_with = "patch::nullable")]
    #[schema(value_type = Option<NaiveDate>)]
    pub end_on: Option<Option<NaiveDate>>,
    #[serde(default, deserialize_with = "patch::nullable")]
    #[validate(length(max = 2000))]
    #[schema(value_type = Option<String>, max_length = 2000)]
    pub goal: Option<Option<String>>,
    #[serde(default, deserialize_with = "patch::nullable")]
    #[validate(length(max = 10000))]
    #[schema(value_type = Option<String>, max_length = 10000)]
    pub description: Option<Option<String>>,
    #[serde(default, deserialize_with = "patch::nullable")]
    #[diesel(skip_update)]
    #[validate(nested, custom(function = "is_sum"))]
    #[schema(value_type = Option<Money>)]
    pub budget: Option<Option<Money>>,
    #[serde(default, deserialize_with = "patch::nullable")]
    #[diesel(skip_update)]
    #[validate(nested, custom(function = "is_sum"))]
    #[schema(value_type = Option<Money>)]
    pub expected_cost: Option<Option<Money>>,
    #[serde(default, deserialize_with = "patch::nullable")]
    #[diesel(skip_update)]
    #[validate(nested, custom(function = "is_sum"))]
    #[schema(value_type = Option<Money>)]
    pub actual_cost: Option<Option<Money>>,
    #[serde(default, deserialize_with = "patch::nullable")]
    #[diesel(skip_update)]
    #[validate(nested, custom(function = "is_sum"))]
    #[schema(value_type = Option<Money>)]
    pub expected_revenue: Option<Option<Money>>,
    #[serde(default, deserialize_with = "patch::nullable")]
    #[diesel(skip_update)]
    #[validate(nested, custom(function = "is_sum"))]
    #[schema(value_type = Option<Money>)]
    pub actual_revenue: Option<Option<Money>>,
    /// fields of the tenant's own: what is absent stays, what is null is cleared
    #[serde(default, deserialize_with = "patch::value")]
    #[schema(value_type = Custom, required = false)]
    pub custom: Option<CustomPatch>,
}

/// Where a campaign goes.
#[derive(Clone, Debug, Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({"status": "active"}))]
pub struct CampaignTransition {
    #[validate(custom(function = "is_status"))]
    #[schema(example = "active")]
    pub status: String,
}

impl CampaignPatch {
    /// The sums that it says, by their members.
    pub(super) fn sums(&self) -> [(&'static str, Option<&Money>); 5] {
        [
            ("budget", self.budget.as_ref().and_then(Option::as_ref)),
            ("expected_cost", self.expected_cost.as_ref().and_then(Option::as_ref)),
            ("actual_cost", self.actual_cost.as_ref().and_then(Option::as_ref)),
            ("expected_revenue", self.expected_revenue.as_ref().and_then(Option::as_ref)),
            ("actual_revenue", self.actual_revenue.as_ref().and_then(Option::as_ref)),
        ]
    }
}

impl Tidy for NewCampaign {
    fn tidy(&mut self) {
        tidy::trim(&mut self.name);
    }
}
impl Tidy for CampaignPatch {
    fn tidy(&mut self) {
        self.name.iter_mut().for_each(tidy::trim);
    }
}
impl Tidy for CampaignTransition {}

fn is_type(text: &str) -> Result<(), ValidationError> {
    one_of(text, TYPES)
}

fn is_status(text: &str) -> Result<(), ValidationError> {
    one_of(text, STATUSES)
}

fn agrees(new: &NewCampaign) -> Result<(), ValidationError> {
    period(new.start_on, new.end_on)?;
    same_currency(
        &new.currency,
        [
            ("budget", &new.budget),
            ("expected_cost", &new.expected_cost),
            ("actual_cost", &new.actual_cost),
            ("expected_revenue", &new.expected_revenue),
            ("actual_revenue", &new.actual_revenue),
        ],
    )
}
