//! The queries of places on the board. Cards stand before and behind each other, whoever sees them.
use crate::opportunity::Opportunity;
use crate::opportunity::schema::opportunities;
use diesel::dsl::auto_type;
use diesel::prelude::*;
use diesel::result::QueryResult;
use kernel::event::Verb;
use kernel::{Ctx, OpportunityId, StageId, TenantId};
use platform::{Conn, Record};

/// A card's place: its rank, and its id where two have the same.
pub type Place = (i64, OpportunityId);

/// The living cards of a stage, whoever sees them, but for one.
#[auto_type]
fn cards(ctx: &Ctx, stage: StageId, without: OpportunityId) -> _ {
    let tenant: TenantId = ctx.tenant;
    opportunities::table
        .filter(opportunities::tenant_id.eq(tenant))
        .filter(opportunities::stage_id.eq(stage))
        .filter(opportunities::deleted_at.is_null())
        .filter(opportunities::id.ne(without))
}

/// The places behind this one, in their order.
pub fn cards_behind(
    conn: &mut Conn,
    ctx: &Ctx,
    stage: StageId,
    without: OpportunityId,
    (rank, id): Place,
    limit: i64,
) -> QueryResult<Vec<Place>> {
    let behind = opportunities::rank.gt(rank).or(opportunities::rank.eq(rank).and(opportunities::id.gt(id)));
    cards(ctx, stage, without)
        .filter(opportunities::rank.ge(rank))
        .filter(behind)
        .order((opportunities::rank, opportunities::id))
        .limit(limit)
        .select((opportunities::rank, opportunities::id))
        .load(conn)
}

/// The place before this one.
pub fn card_before(
    conn: &mut Conn,
    ctx: &Ctx,
    stage: StageId,
    without: OpportunityId,
    (rank, id): Place,
) -> QueryResult<Option<Place>> {
    let before = opportunities::rank.lt(rank).or(opportunities::rank.eq(rank).and(opportunities::id.lt(id)));
    cards(ctx, stage, without)
        .filter(opportunities::rank.le(rank))
        .filter(before)
        .order((opportunities::rank.desc(), opportunities::id.desc()))
        .select((opportunities::rank, opportunities::id))
        .first(conn)
        .optional()
}

/// A card makes room for another, whoever sees it.
pub fn set_rank(conn: &mut Conn, ctx: &Ctx, id: OpportunityId, rank: i64) -> QueryResult<Opportunity> {
    let moved = (
        opportunities::rank.eq(rank),
        opportunities::version.eq(opportunities::version + 1),
        opportunities::updated_at.eq(ctx.now),
        opportunities::updated_by.eq(ctx.actor.user),
    );
    diesel::update(opportunities::table.find((ctx.tenant, id)))
        .set(moved)
        .returning(Opportunity::as_returning())
        .recorded::<Opportunity>(ctx, Verb::Updated)
        .get_result(conn)
}
