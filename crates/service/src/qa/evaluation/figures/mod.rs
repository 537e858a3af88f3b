//! What the evaluations of a period come to, by agent: of those that hold and that the caller sees.
mod store;

use chrono::{DateTime, Utc};
use kernel::{Ctx, QaScorecardId, Result, UserId};
use platform::Conn;
use rust_decimal::{Decimal, RoundingStrategy};
use serde::Serialize;
use utoipa::ToSchema;

/// Of which evaluations: those that came to hold within it, by a scorecard or by all.
#[derive(Clone, Copy, Debug)]
pub struct Span {
    pub from: DateTime<Utc>,
    pub until: DateTime<Utc>,
    pub scorecard: Option<QaScorecardId>,
}

/// What the evaluations of a period come to.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct QaFigures {
    pub from_at: DateTime<Utc>,
    pub until_at: DateTime<Utc>,
    pub groups: Vec<QaFigure>,
}

/// What those of one agent come to.
#[derive(Clone, Debug, Serialize, ToSchema)]
#[schema(example = json!({
    "agent_id": "0192f0c1-0000-7000-8000-000000000001", "evaluation_count": 12, "average_total": "86.42",
    "lowest_total": "61", "passed_count": 10, "failed_count": 1, "appealed_count": 2, "revised_count": 1
}))]
pub struct QaFigure {
    pub agent_id: UserId,
    #[schema(minimum = 0)]
    pub evaluation_count: i64,
    #[serde(serialize_with = "crate::qa::figure::maybe_plain")]
    #[schema(value_type = Option<String>, format = "decimal", example = "86.42")]
    pub average_total: Option<Decimal>,
    #[serde(serialize_with = "crate::qa::figure::maybe_plain")]
    #[schema(value_type = Option<String>, format = "decimal", example = "61")]
    pub lowest_total: Option<Decimal>,
    #[schema(minimum = 0)]
    pub passed_count: i64,
    /// of those, in which something critical has failed
    #[schema(minimum = 0)]
    pub failed_count: i64,
    /// against which the agent has appealed, whatever came of it
    #[schema(minimum = 0)]
    pub appealed_count: i64,
    #[schema(minimum = 0)]
    pub revised_count: i64,
}

pub fn of(conn: &mut Conn, ctx: &Ctx, span: Span) -> Result<QaFigures> {
    let rounded = |one: QaFigure| QaFigure {
        average_total: one
            .average_total
            .map(|mean| mean.round_dp_with_strategy(2, RoundingStrategy::MidpointAwayFromZero)),
        ..one
    };
    let groups = store::by_agent(conn, ctx, span)?.into_iter().map(rounded).collect();
    Ok(QaFigures { from_at: span.from, until_at: span.until, groups })
}
