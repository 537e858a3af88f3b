//! The query of a forecast, on the one `scope` of opportunities: one statement, however many there are.
use super::period::Span;
use crate::opportunity::schema::opportunities;
use crate::opportunity::store::scope;
use crate::schema::stages;
use diesel::dsl::{count, count_star, sum};
use diesel::prelude::*;
use diesel::result::QueryResult;
use kernel::{Action, Ctx, TeamId, UserId};
use platform::Conn;
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

/// The living ones that count in a period.
pub fn sums(conn: &mut Conn, ctx: &Ctx, period: Span) -> QueryResult<Vec<Sum>> {
    let (begin, end) = period.moments();
    let expected = opportunities::closed_at
        .is_null()
        .and(opportunities::expected_close_on.ge(period.first))
        .and(opportunities::expected_close_on.lt(period.end));
    let closed = opportunities::closed_at.ge(begin).and(opportunities::closed_at.lt(end));
    let of_stage = stages::tenant_id.eq(opportunities::tenant_id).and(stages::id.eq(opportunities::stage_id));
    scope(ctx, Action::Read)
        .inner_join(stages::table.on(of_stage))
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
