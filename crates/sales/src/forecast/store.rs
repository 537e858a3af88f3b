//! The queries of a forecast: over all opportunities, on their one `scope`, or out of what is kept of them. Either is
//! one statement, however many there are.
use super::period::Span;
use crate::opportunity::schema::{forecast_figures, opportunities};
use crate::opportunity::store::scope;
use crate::opportunity::sums;
use crate::schema::stages;
use chrono::{DateTime, NaiveDate, Utc};
use diesel::dsl::{count, count_star, sum};
use diesel::prelude::*;
use diesel::result::QueryResult;
use kernel::{Action, Ctx, TeamId, UserId};
use platform::Conn;
use platform::visible::{self, By};
use rust_decimal::Decimal;

/// Opportunities that agree in all of these, and what they come to together.
#[derive(Clone, Debug, Queryable)]
pub struct Sum {
    pub owner_id: UserId,
    pub team_id: Option<TeamId>,
    pub category: String,
    pub kind: String,
    pub probability: i32,
    pub base_currency: String,
    pub count: i64,
    /// of how many it is known
    pub known: i64,
    pub amount: Option<Decimal>,
}

/// Which opportunities count: those that are expected to close on days from the first to before the second, and those
/// that were closed at moments likewise.
#[derive(Clone, Copy, Debug)]
pub struct Within {
    pub expected: (NaiveDate, NaiveDate),
    pub closed: (DateTime<Utc>, DateTime<Utc>),
}

/// The living ones that count, of what is seen by that.
pub fn sums(conn: &mut Conn, ctx: &Ctx, within: Within, by: By) -> QueryResult<Vec<Sum>> {
    let Within { expected: (first, last), closed: (begin, end) } = within;
    let expected = opportunities::closed_at
        .is_null()
        .and(opportunities::expected_close_on.ge(first))
        .and(opportunities::expected_close_on.lt(last));
    let closed = opportunities::closed_at.ge(begin).and(opportunities::closed_at.lt(end));
    let of_stage = stages::tenant_id.eq(opportunities::tenant_id).and(stages::id.eq(opportunities::stage_id));
    scope(ctx, Action::Read)
        .inner_join(stages::table.on(of_stage))
        .filter(visible::by::<opportunities::table>(ctx, by))
        .filter(opportunities::deleted_at.is_null())
        .filter(expected.or(closed))
        .group_by((
            opportunities::owner_id,
            opportunities::team_id,
            opportunities::forecast_category,
            stages::kind,
            opportunities::probability,
            opportunities::base_currency,
        ))
        .select((
            opportunities::owner_id,
            opportunities::team_id,
            opportunities::forecast_category,
            stages::kind,
            opportunities::probability,
            opportunities::base_currency,
            count_star(),
            count(opportunities::base_amount),
            sum(opportunities::base_amount),
        ))
        .load(conn)
}

/// What is kept of a month or several; whose it is, is nobody's and of no category where the level does not tell.
#[derive(Clone, Debug, Queryable)]
pub struct Kept {
    pub owner_id: UserId,
    pub team_id: TeamId,
    pub category: String,
    pub base_currency: String,
    pub open_count: Option<i64>,
    pub won_count: Option<i64>,
    pub lost_count: Option<i64>,
    pub unknown_count: Option<i64>,
    pub won: Option<Decimal>,
    pub pipeline: Option<Decimal>,
    pub best_case: Option<Decimal>,
    pub commit: Option<Decimal>,
    /// each times its probability, which is in per cent
    pub weighted: Option<Decimal>,
}

/// Of the months of a period, which begin and end in UTC, what is kept at a level and what waits, as far as the actor
/// sees it whoever owns it, or by owner and team.
pub fn kept(conn: &mut Conn, ctx: &Ctx, period: Span, level: &'static str) -> QueryResult<Vec<Kept>> {
    forecast_figures::table
        .filter(forecast_figures::tenant_id.eq(ctx.tenant))
        .filter(forecast_figures::level.eq_any([level, sums::WAITING]))
        .filter(forecast_figures::month_on.ge(period.first))
        .filter(forecast_figures::month_on.lt(period.end))
        .filter(visible::by::<forecast_figures::table>(ctx, By::Holder))
        .group_by((
            forecast_figures::owner_id,
            forecast_figures::team_id,
            forecast_figures::forecast_category,
            forecast_figures::base_currency,
        ))
        .select((
            forecast_figures::owner_id,
            forecast_figures::team_id,
            forecast_figures::forecast_category,
            forecast_figures::base_currency,
            sum(forecast_figures::open_count),
            sum(forecast_figures::won_count),
            sum(forecast_figures::lost_count),
            sum(forecast_figures::unknown_count),
            sum(forecast_figures::won_amount),
            sum(forecast_figures::pipeline_amount),
            sum(forecast_figures::best_case_amount),
            sum(forecast_figures::commit_amount),
            sum(forecast_figures::weighted_amount),
        ))
        .load(conn)
}
