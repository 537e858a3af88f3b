//! The queries of the board, on the one `scope` of opportunities.
use super::super::store::scope;
use super::super::{Opportunity, Table, sums};
use crate::opportunity::schema::{board_figures, opportunities, opportunities_beside};
use diesel::dsl::{count, count_star, sum};
use diesel::expression::{AppearsOnTable, Expression, SelectableExpression, ValidGrouping, is_aggregate};
use diesel::pg::{Pg, PgConnection};
use diesel::prelude::*;
use diesel::query_builder::{AstPass, Query, QueryFragment, QueryId};
use diesel::result::QueryResult;
use diesel::sql_types::{Array, Bool, Uuid as SqlUuid};
use kernel::{Action, Ctx, OpportunityId, StageId};
use platform::visible::{self, By};
use platform::{Conn, Listing};
use rust_decimal::Decimal;

/// The first cards of each of these stages, one more than a page takes: which they are in one statement, they themselves
/// in another.
pub fn first(
    conn: &mut Conn,
    ctx: &Ctx,
    stages: &[StageId],
    listing: &Listing<Table>,
) -> QueryResult<Vec<Opportunity>> {
    let cards = scope(ctx, Action::Read)
        .filter(listing.matching(ctx))
        .filter(OfStage)
        .order((opportunities::rank, opportunities::id))
        .limit(i64::from(listing.limit()) + 1)
        .select(opportunities::id);
    let ids: Vec<OpportunityId> = Firsts { stages: stages.to_vec(), cards }.load(conn)?;
    scope(ctx, Action::Read)
        .filter(opportunities::id.eq_any(ids))
        .order((opportunities::stage_id, opportunities::rank, opportunities::id))
        .select(Opportunity::as_select())
        .load(conn)
}

/// The cards of one stage behind this place.
pub fn behind(
    conn: &mut Conn,
    ctx: &Ctx,
    stage: StageId,
    (rank, id): (i64, OpportunityId),
    listing: &Listing<Table>,
) -> QueryResult<Vec<Opportunity>> {
    let behind = opportunities::rank.gt(rank).or(opportunities::rank.eq(rank).and(opportunities::id.gt(id)));
    scope(ctx, Action::Read)
        .filter(listing.matching(ctx))
        .filter(opportunities::stage_id.eq(stage))
        .filter(opportunities::rank.ge(rank))
        .filter(behind)
        .order((opportunities::rank, opportunities::id))
        .limit(i64::from(listing.limit()) + 1)
        .select(Opportunity::as_select())
        .load(conn)
}

/// Stage, currency, the tenant's own, how many, how many of them are rotten, what they come to in both.
pub type Sum = (StageId, String, String, i64, i64, Option<Decimal>, Option<Decimal>);

/// Counts and sums of what is seen by that, over all opportunities.
pub fn sums(conn: &mut Conn, ctx: &Ctx, stages: &[StageId], listing: &Listing<Table>, by: By) -> QueryResult<Vec<Sum>> {
    scope(ctx, Action::Read)
        .filter(visible::by::<Table>(ctx, by))
        .filter(listing.matching(ctx))
        .filter(opportunities::stage_id.eq_any(stages))
        .group_by((opportunities::stage_id, opportunities::currency, opportunities::base_currency))
        .select((
            opportunities::stage_id,
            opportunities::currency,
            opportunities::base_currency,
            count_star(),
            count(opportunities::id).aggregate_filter(opportunities_beside::is_rotten),
            sum(opportunities::amount),
            sum(opportunities::base_amount),
        ))
        .load(conn)
}

/// As [`sums`] of all living ones that the actor sees whoever owns them, or by owner and team: out of what is kept.
pub fn kept(conn: &mut Conn, ctx: &Ctx, stages: &[StageId]) -> QueryResult<Vec<Sum>> {
    let level = if sums::is_whole(ctx) { sums::ALL } else { sums::SELLER };
    let all: Vec<Kept> = board_figures::table
        .filter(board_figures::tenant_id.eq(ctx.tenant))
        .filter(board_figures::level.eq_any([level, sums::WAITING]))
        .filter(board_figures::stage_id.eq_any(stages))
        .filter(visible::by::<board_figures::table>(ctx, By::Holder))
        .group_by((board_figures::stage_id, board_figures::currency, board_figures::base_currency))
        .select((
            board_figures::stage_id,
            board_figures::currency,
            board_figures::base_currency,
            sum(board_figures::deal_count),
            sum(board_figures::rotten_count),
            (sum(board_figures::amount_count), sum(board_figures::amount)),
            (sum(board_figures::base_count), sum(board_figures::base_amount)),
        ))
        .load(conn)?;
    Ok(all.into_iter().map(told).collect())
}

/// How many amounts are known, and what those come to.
type Known = (Option<i64>, Option<Decimal>);
type Kept = (StageId, String, String, Option<i64>, Option<i64>, Known, Known);

fn told((stage, currency, base_currency, count, rotten, total, base): Kept) -> Sum {
    let known = |(count, sum): Known| sum.filter(|_| count.is_some_and(|count| count > 0));
    let (count, rotten) = (count.unwrap_or_default(), rotten.unwrap_or_default());
    (stage, currency, base_currency, count, rotten, known(total), known(base))
}

/// `cards` once a stage, where it is called `s`.
struct Firsts<Q> {
    stages: Vec<StageId>,
    cards: Q,
}

impl<Q> Query for Firsts<Q> {
    type SqlType = SqlUuid;
}
impl<Q> RunQueryDsl<PgConnection> for Firsts<Q> {}
impl<Q> QueryId for Firsts<Q> {
    type QueryId = ();
    const HAS_STATIC_QUERY_ID: bool = false; // cached by its text
}
impl<Q: QueryFragment<Pg>> QueryFragment<Pg> for Firsts<Q> {
    fn walk_ast<'b>(&'b self, mut out: AstPass<'_, 'b, Pg>) -> QueryResult<()> {
        out.push_sql("SELECT card.id FROM unnest(");
        out.push_bind_param::<Array<SqlUuid>, _>(&self.stages)?;
        out.push_sql(") AS s (id) CROSS JOIN LATERAL (");
        self.cards.walk_ast(out.reborrow())?;
        out.push_sql(") AS card");
        Ok(())
    }
}

/// Of the stage that is gone through at the moment.
#[derive(Clone, Copy, Debug, QueryId)]
struct OfStage;

impl Expression for OfStage {
    type SqlType = Bool;
}
impl AppearsOnTable<opportunities::table> for OfStage {}
impl SelectableExpression<opportunities::table> for OfStage {}
impl ValidGrouping<()> for OfStage {
    type IsAggregate = is_aggregate::No;
}
impl QueryFragment<Pg> for OfStage {
    fn walk_ast<'b>(&'b self, mut out: AstPass<'_, 'b, Pg>) -> QueryResult<()> {
        out.push_sql("\"opportunities\".\"stage_id\" = s.id");
        Ok(())
    }
}
