//! The columns of an opportunity, in two parts: diesel reads 32 of one row at most.
use super::Opportunity;
use super::schema::{opportunities, opportunities_beside};
use chrono::{DateTime, NaiveDate, Utc};
use diesel::NullableExpressionMethods;
use diesel::dsl::Nullable;
use diesel::prelude::{Queryable, Selectable};
use kernel::money::MaybeMoney;
use kernel::{AccountId, Money, OpportunityId, PipelineId, StageId, TeamId, UserId};
use platform::custom::Custom;
use rust_decimal::Decimal;

/// What it is, and what it comes to.
#[derive(Queryable, Selectable)]
#[diesel(table_name = opportunities, check_for_backend(diesel::pg::Pg))]
pub struct What {
    id: OpportunityId,
    owner_id: UserId,
    team_id: Option<TeamId>,
    name: String,
    account_id: Option<AccountId>,
    pipeline_id: PipelineId,
    stage_id: StageId,
    currency: String,
    #[diesel(select_expression = (opportunities::amount, opportunities::currency.nullable()),
             select_expression_type = (opportunities::amount, Nullable<opportunities::currency>),
             deserialize_as = MaybeMoney)]
    amount: Option<Money>,
    #[diesel(select_expression = (opportunities::base_amount, opportunities::base_currency.nullable()),
             select_expression_type = (opportunities::base_amount, Nullable<opportunities::base_currency>),
             deserialize_as = MaybeMoney)]
    base_amount: Option<Money>,
    base_currency: String,
    exchange_rate: Option<Decimal>,
    probability: i32,
    #[diesel(select_expression = (opportunities::expected_amount, opportunities::currency.nullable()),
             select_expression_type = (opportunities::expected_amount, Nullable<opportunities::currency>),
             deserialize_as = MaybeMoney)]
    expected_value: Option<Money>,
    forecast_category: String,
    expected_close_on: Option<NaiveDate>,
}

/// How far it has come.
#[derive(Queryable, Selectable)]
#[diesel(table_name = opportunities, check_for_backend(diesel::pg::Pg))]
pub struct Standing {
    closed_at: Option<DateTime<Utc>>,
    stage_entered_at: DateTime<Utc>,
    #[diesel(select_expression = opportunities_beside::rots_at, select_expression_type = opportunities_beside::rots_at)]
    rots_at: Option<DateTime<Utc>>,
    #[diesel(select_expression = opportunities_beside::is_rotten,
             select_expression_type = opportunities_beside::is_rotten)]
    is_rotten: bool,
    opportunity_type: Option<String>,
    source: Option<String>,
    next_step: Option<String>,
    lost_reason: Option<String>,
    competitors: Vec<String>,
    rank: i64,
    custom: Custom,
    version: i32,
    created_at: DateTime<Utc>,
    updated_at: DateTime<Utc>,
    created_by: UserId,
    updated_by: UserId,
    deleted_at: Option<DateTime<Utc>>,
}

platform::in_two_parts!(Opportunity {
    What {
        id, owner_id, team_id, name, account_id, pipeline_id, stage_id, currency, amount, base_amount,
        base_currency, exchange_rate, probability, expected_value, forecast_category, expected_close_on
    }
    Standing {
        closed_at, stage_entered_at, rots_at, is_rotten, opportunity_type, source, next_step, lost_reason,
        competitors, rank, custom, version, created_at, updated_at, created_by, updated_by, deleted_at
    }
});
