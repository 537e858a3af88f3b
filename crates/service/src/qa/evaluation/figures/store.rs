//! The query of figures, below the scope of evaluations.
use super::super::schema::qa_evaluations as rows;
use super::super::store::scope;
use super::super::{DRAFT, REVISED};
use super::{QaFigure, Span};
use diesel::dsl::{avg, count, count_star};
use diesel::prelude::*;
use diesel::result::QueryResult;
use diesel::sql_types::{Bool, Nullable, Numeric};
use kernel::{Action, Ctx, QaScorecardId, UserId};
use platform::Conn;
use rust_decimal::Decimal;
use uuid::Uuid;

diesel::define_sql_function! {
    #[aggregate]
    #[sql_name = "min"]
    fn lowest(total: Nullable<Numeric>) -> Nullable<Numeric>;
}

type Counts = (i64, i64, i64, i64);
type Told = (UserId, i64, Option<Decimal>, Option<Decimal>, Counts);

pub(super) fn by_agent(conn: &mut Conn, ctx: &Ctx, span: Span) -> QueryResult<Vec<QaFigure>> {
    let (any, card) = (span.scorecard.is_none(), span.scorecard.unwrap_or(QaScorecardId(Uuid::nil())));
    let all: Vec<Told> = scope(ctx, Action::Read)
        .filter(rows::deleted_at.is_null())
        .filter(rows::status.ne(DRAFT))
        .filter(rows::finalized_at.ge(span.from))
        .filter(rows::finalized_at.lt(span.until))
        .filter(rows::scorecard_id.eq(card).or(any.into_sql::<Bool>()))
        .group_by(rows::agent_id)
        .order(rows::agent_id)
        .select((
            rows::agent_id,
            count_star(),
            avg(rows::total),
            lowest(rows::total),
            (
                count(rows::id).aggregate_filter(rows::is_passed),
                count(rows::id).aggregate_filter(rows::has_failed),
                count(rows::id).aggregate_filter(rows::appealed_at.is_not_null()),
                count(rows::id).aggregate_filter(rows::status.eq(REVISED)),
            ),
        ))
        .load(conn)?;
    Ok(all.into_iter().map(told).collect())
}

fn told((agent_id, evaluation_count, average_total, lowest_total, counts): Told) -> QaFigure {
    let (passed_count, failed_count, appealed_count, revised_count) = counts;
    QaFigure {
        agent_id,
        evaluation_count,
        average_total,
        lowest_total,
        passed_count,
        failed_count,
        appealed_count,
        revised_count,
    }
}
