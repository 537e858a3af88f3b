//! The columns of an opportunity, in two parts: diesel reads 32 of one row at most.
use super::Opportunity;
use super::schema::{opportunities, opportunities_beside};
use chrono::{DateTime, NaiveDate, Utc};
use diesel::NullableExpressionMethods;
use diesel::deserialize::{self, FromStaticSqlRow, Queryable as Reads};
use diesel::dsl::Nullable;
use diesel::expression::Selectable as Selects;
use diesel::pg::Pg;
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

type Parts = (What, Standing);

impl Selects<Pg> for Opportunity {
    type SelectExpression = (<What as Selects<Pg>>::SelectExpression, <Standing as Selects<Pg>>::SelectExpression);

    fn construct_selection() -> Self::SelectExpression {
        (<What as Selects<Pg>>::construct_selection(), <Standing as Selects<Pg>>::construct_selection())
    }
}

impl<ST> Reads<ST, Pg> for Opportunity
where
    Parts: FromStaticSqlRow<ST, Pg>,
{
    type Row = Parts;

    fn build((what, standing): Parts) -> deserialize::Result<Self> {
        Ok(Self {
            id: what.id,
            owner_id: what.owner_id,
            team_id: what.team_id,
            name: what.name,
            account_id: what.account_id,
            pipeline_id: what.pipeline_id,
            stage_id: what.stage_id,
            currency: what.currency,
            amount: what.amount,
            base_amount: what.base_amount,
            base_currency: what.base_currency,
            exchange_rate: what.exchange_rate,
            probability: what.probability,
            expected_value: what.expected_value,
            forecast_category: what.forecast_category,
            expected_close_on: what.expected_close_on,
            closed_at: standing.closed_at,
            stage_entered_at: standing.stage_entered_at,
            rots_at: standing.rots_at,
            is_rotten: standing.is_rotten,
            opportunity_type: standing.opportunity_type,
            source: standing.source,
            next_step: standing.next_step,
            lost_reason: standing.lost_reason,
            competitors: standing.competitors,
            rank: standing.rank,
            custom: standing.custom,
            version: standing.version,
            created_at: standing.created_at,
            updated_at: standing.updated_at,
            created_by: standing.created_by,
            updated_by: standing.updated_by,
            deleted_at: standing.deleted_at,
        })
    }
}
