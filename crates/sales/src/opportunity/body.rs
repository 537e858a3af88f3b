//! What is sent to make an opportunity, to change it, and to put its card somewhere.
use super::line::NewOpportunityLine;
use super::schema::opportunities;
use crate::exact;
use crate::pipeline::stage::is_category;
use chrono::{DateTime, NaiveDate, Utc};
use customer::choices::{SOURCES, one_of};
use diesel::prelude::{AsChangeset, Insertable};
use kernel::{AccountId, Money, OpportunityId, PipelineId, StageId, TeamId, Tidy, UserId, patch, rule, tidy};
use platform::custom::{Custom, CustomPatch};
use serde::Deserialize;
use utoipa::ToSchema;
use validator::{Validate, ValidationError};

/// What a new opportunity is made of.
#[derive(Clone, Debug, Default, Deserialize, Insertable, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
#[diesel(table_name = opportunities, treat_none_as_default_value = false)]
#[schema(example = json!({
    "name": "茶叶年度采购", "amount": {"amount": "12000.00", "currency": "USD"}, "expected_close_on": "2026-12-15",
    "opportunity_type": "new_business", "source": "referral", "next_step": "寄样品", "competitors": ["八马"]
}))]
pub struct NewOpportunity {
    /// made by the client, when it creates offline
    #[diesel(skip_insertion)]
    #[validate(custom(function = "kernel::id::is_of_its_time"))]
    pub id: Option<OpportunityId>,
    /// the caller, unless said otherwise
    #[diesel(skip_insertion)]
    pub owner_id: Option<UserId>,
    pub team_id: Option<TeamId>,
    #[validate(length(min = 1, max = 300), custom(function = "tidy::is_filled"))]
    #[schema(min_length = 1, max_length = 300)]
    pub name: String,
    pub account_id: Option<AccountId>,
    /// that of the stage, or the default one
    #[diesel(skip_insertion)]
    pub pipeline_id: Option<PipelineId>,
    /// the first open one of the pipeline, unless said otherwise
    #[diesel(skip_insertion)]
    pub stage_id: Option<StageId>,
    /// that of the amount, or the tenant's own, unless said otherwise
    #[diesel(skip_insertion)]
    #[validate(custom(function = "exact::is_currency"))]
    #[schema(example = "USD", pattern = "^[A-Z]{3}$", min_length = 3, max_length = 3)]
    pub currency: Option<String>,
    /// follows from the lines where there are some
    #[diesel(skip_insertion)]
    #[validate(nested)]
    pub amount: Option<Money>,
    /// per cent; the stage's, unless said otherwise
    #[diesel(skip_insertion)]
    #[validate(range(min = 0, max = 100))]
    #[schema(minimum = 0, maximum = 100)]
    pub probability: Option<i32>,
    /// the stage's, unless said otherwise
    #[diesel(skip_insertion)]
    #[validate(custom(function = "is_category"))]
    #[schema(example = "best_case")]
    pub forecast_category: Option<String>,
    pub expected_close_on: Option<NaiveDate>,
    /// of one that was won or lost already: now, unless said otherwise
    #[diesel(skip_insertion)]
    pub closed_at: Option<DateTime<Utc>>,
    #[validate(length(max = 100))]
    #[schema(max_length = 100, example = "new_business")]
    pub opportunity_type: Option<String>,
    #[validate(custom(function = "is_source"))]
    #[schema(example = "referral")]
    pub source: Option<String>,
    #[validate(length(max = 1000))]
    #[schema(max_length = 1000)]
    pub next_step: Option<String>,
    #[validate(length(max = 200))]
    #[schema(max_length = 200)]
    pub lost_reason: Option<String>,
    #[serde(default)]
    #[validate(length(max = 50), custom(function = "are_competitors"))]
    #[schema(required = false, max_items = 50)]
    pub competitors: Vec<String>,
    #[serde(default)]
    #[diesel(skip_insertion)]
    #[validate(nested, length(max = 500))]
    #[schema(required = false, max_items = 500)]
    pub lines: Vec<NewOpportunityLine>,
    /// fields of the tenant's own
    #[serde(default)]
    #[schema(required = false)]
    pub custom: Custom,
}

/// A merge patch: what is absent stays, what is null is cleared.
#[derive(Clone, Debug, Default, Deserialize, AsChangeset, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
#[diesel(table_name = opportunities)]
#[schema(example = json!({"next_step": "签合同", "amount": {"amount": "13500.00", "currency": "USD"}}))]
pub struct OpportunityPatch {
    #[serde(default, deserialize_with = "patch::value")]
    #[schema(value_type = UserId, required = false)]
    pub owner_id: Option<UserId>,
    #[serde(default, deserialize_with = "patch::nullable")]
    #[schema(value_type = Option<TeamId>)]
    pub team_id: Option<Option<TeamId>>,
    #[serde(default, deserialize_with = "patch::value")]
    #[validate(length(min = 1, max = 300), custom(function = "tidy::is_filled"))]
    #[schema(value_type = String, required = false, min_length = 1, max_length = 300)]
    pub name: Option<String>,
    #[serde(default, deserialize_with = "patch::nullable")]
    #[schema(value_type = Option<AccountId>)]
    pub account_id: Option<Option<AccountId>>,
    /// where it goes on: what is demanded there has to be there, or come with it
    #[serde(default, deserialize_with = "patch::value")]
    #[diesel(skip_update)]
    #[schema(value_type = StageId, required = false)]
    pub stage_id: Option<StageId>,
    /// that of the amount, unless said otherwise
    #[serde(default, deserialize_with = "patch::value")]
    #[diesel(skip_update)]
    #[validate(custom(function = "exact::is_currency"))]
    #[schema(value_type = String, required = false, pattern = "^[A-Z]{3}$", min_length = 3, max_length = 3)]
    pub currency: Option<String>,
    /// follows from the lines where there are some
    #[serde(default, deserialize_with = "patch::nullable")]
    #[diesel(skip_update)]
    #[validate(nested)]
    #[schema(value_type = Option<Money>)]
    pub amount: Option<Option<Money>>,
    /// per cent; another stage brings its own
    #[serde(default, deserialize_with = "patch::value")]
    #[diesel(skip_update)]
    #[validate(range(min = 0, max = 100))]
    #[schema(value_type = i32, required = false, minimum = 0, maximum = 100)]
    pub probability: Option<i32>,
    /// another stage brings its own
    #[serde(default, deserialize_with = "patch::value")]
    #[diesel(skip_update)]
    #[validate(custom(function = "is_category"))]
    #[schema(value_type = String, required = false)]
    pub forecast_category: Option<String>,
    #[serde(default, deserialize_with = "patch::nullable")]
    #[schema(value_type = Option<NaiveDate>)]
    pub expected_close_on: Option<Option<NaiveDate>>,
    /// of one that is won or lost
    #[serde(default, deserialize_with = "patch::value")]
    #[diesel(skip_update)]
    #[schema(value_type = DateTime<Utc>, required = false)]
    pub closed_at: Option<DateTime<Utc>>,
    #[serde(default, deserialize_with = "patch::nullable")]
    #[validate(length(max = 100))]
    #[schema(value_type = Option<String>, max_length = 100)]
    pub opportunity_type: Option<Option<String>>,
    #[serde(default, deserialize_with = "patch::nullable")]
    #[validate(custom(function = "is_source"))]
    #[schema(value_type = Option<String>)]
    pub source: Option<Option<String>>,
    #[serde(default, deserialize_with = "patch::nullable")]
    #[validate(length(max = 1000))]
    #[schema(value_type = Option<String>, max_length = 1000)]
    pub next_step: Option<Option<String>>,
    #[serde(default, deserialize_with = "patch::nullable")]
    #[validate(length(max = 200))]
    #[schema(value_type = Option<String>, max_length = 200)]
    pub lost_reason: Option<Option<String>>,
    #[serde(default, deserialize_with = "patch::value")]
    #[validate(length(max = 50), custom(function = "are_competitors"))]
    #[schema(value_type = Vec<String>, required = false, max_items = 50)]
    pub competitors: Option<Vec<String>>,
    /// all lines of the opportunity, in place of those that are there
    #[serde(default, deserialize_with = "patch::value")]
    #[diesel(skip_update)]
    #[validate(nested, length(max = 500))]
    #[schema(value_type = Vec<NewOpportunityLine>, required = false, max_items = 500)]
    pub lines: Option<Vec<NewOpportunityLine>>,
    /// fields of the tenant's own: what is absent stays, what is null is cleared
    #[serde(default, deserialize_with = "patch::value")]
    #[schema(value_type = Custom, required = false)]
    pub custom: Option<CustomPatch>,
}

/// Where the card of an opportunity is put on the board: at the end of the stage, unless another card is named.
#[derive(Clone, Debug, Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
#[validate(schema(function = "one_neighbour"))]
#[schema(example = json!({
    "stage_id": "0192f0c1-5555-7000-8000-00000000000c", "after": "0192f0c1-6666-7000-8000-00000000000f"
}))]
pub struct CardMove {
    pub stage_id: StageId,
    /// behind this card of the stage
    pub after: Option<OpportunityId>,
    /// before this card of the stage
    pub before: Option<OpportunityId>,
}

impl Tidy for NewOpportunity {
    fn tidy(&mut self) {
        tidy::trim(&mut self.name);
        [&mut self.currency, &mut self.opportunity_type, &mut self.lost_reason]
            .into_iter()
            .flatten()
            .for_each(tidy::trim);
        self.competitors.iter_mut().for_each(tidy::trim);
        self.lines.iter_mut().for_each(Tidy::tidy);
    }
}
impl Tidy for OpportunityPatch {
    fn tidy(&mut self) {
        [&mut self.name, &mut self.currency].into_iter().flatten().for_each(tidy::trim);
        [&mut self.opportunity_type, &mut self.lost_reason].into_iter().flatten().flatten().for_each(tidy::trim);
        self.competitors.iter_mut().flatten().for_each(tidy::trim);
        self.lines.iter_mut().flatten().for_each(Tidy::tidy);
    }
}
impl Tidy for CardMove {}

fn is_source(text: &str) -> Result<(), ValidationError> {
    one_of(text, SOURCES)
}

fn are_competitors(names: &[String]) -> Result<(), ValidationError> {
    match names.iter().all(|name| !name.trim().is_empty() && name.chars().count() <= 200) {
        true => Ok(()),
        false => Err(rule!("length", "a name has {min} to {max} characters", min = 1, max = 200)),
    }
}

fn one_neighbour(card: &CardMove) -> Result<(), ValidationError> {
    match card.after.is_some() && card.before.is_some() {
        true => Err(rule!("twice", "one of after and before is enough")),
        false => Ok(()),
    }
}
