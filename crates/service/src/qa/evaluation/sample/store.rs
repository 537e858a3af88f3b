//! The query of a sample, below the scopes of cases.
use super::super::schema::qa_evaluations as rows;
use crate::case::Case;
use crate::case::schema::cases;
use crate::case::store::scope;
use diesel::dsl::{exists, not};
use diesel::prelude::*;
use diesel::result::QueryResult;
use diesel::sql_types::{BigInt, Uuid as SqlUuid};
use kernel::{Action, Ctx, QaScorecardId};
use platform::Conn;
use platform::filter::Filter;

diesel::define_sql_function! { fn uuid_hash_extended(id: SqlUuid, seed: BigInt) -> BigInt; }

/// The newest cases of which the filter holds and whose hash is not above the highest, without those that were judged.
pub(super) fn drawn(
    conn: &mut Conn,
    ctx: &Ctx,
    card: QaScorecardId,
    filter: Option<&Filter<cases::table>>,
    (highest, limit): (Option<i64>, i64),
) -> QueryResult<Vec<Case>> {
    let Some(highest) = highest else { return Ok(Vec::new()) };
    let judged = || {
        rows::table
            .filter(rows::tenant_id.eq(ctx.tenant))
            .filter(rows::case_id.eq(cases::id))
            .filter(rows::scorecard_id.eq(card))
            .filter(rows::deleted_at.is_null())
    };
    let all = || {
        scope(ctx, Action::Read)
            .filter(cases::deleted_at.is_null())
            .filter(uuid_hash_extended(cases::id, 0).le(highest))
            .filter(not(exists(judged())))
            .order(cases::id.desc())
            .limit(limit)
            .select(Case::as_select())
    };
    match filter {
        Some(filter) => all().filter(filter.on(ctx)).load(conn),
        None => all().load(conn),
    }
}
