//! The queries of where opportunities have been. Their opportunity was asked for through its `scope` before.
use super::StageChange;
use crate::opportunity::schema::opportunity_stage_history as history;
use crate::opportunity::settle::Step;
use crate::opportunity::{self, Opportunity};
use diesel::prelude::*;
use kernel::{Ctx, OpportunityId, Page, Result, StageChangeId};
use platform::{Conn, Listing};

/// Where an opportunity has been, from the beginning.
pub fn of(conn: &mut Conn, ctx: &Ctx, opportunity: OpportunityId) -> Result<Vec<StageChange>> {
    opportunity::find(conn, ctx, opportunity)?;
    of_all(conn, ctx, &[opportunity])
}

/// Where opportunities have been that the caller may see.
pub fn of_all(conn: &mut Conn, ctx: &Ctx, opportunities: &[OpportunityId]) -> Result<Vec<StageChange>> {
    Ok(history::table
        .filter(history::tenant_id.eq(ctx.tenant))
        .filter(history::opportunity_id.eq_any(opportunities))
        // ids are of the moment of writing, which one does after the other
        .order((history::opportunity_id, history::id))
        .select(StageChange::as_select())
        .load(conn)?)
}

/// Where all opportunities have been that the actor may see: a part's `Listing` asks for its whole.
pub fn list(conn: &mut Conn, ctx: &Ctx, listing: &Listing<history::table>) -> Result<Page<StageChange>> {
    let all = || history::table.filter(history::tenant_id.eq(ctx.tenant));
    listing.page(
        conn,
        ctx,
        |conn, ask| {
            let page = all().filter(ask.matching()).order(ask.order()).limit(ask.limit());
            page.select((StageChange::as_select(), ask.keys())).load(conn)
        },
        |ask| all().filter(ask.matching()).select(history::id),
        |one| &one.to_stage,
    )
}

/// It has come to a stage.
pub fn note(conn: &mut Conn, ctx: &Ctx, after: &Opportunity, step: &Step, before: Option<&Opportunity>) -> Result<()> {
    let stayed = before.map(|before| (ctx.now - before.stage_entered_at).num_seconds().max(0));
    let row = (
        history::tenant_id.eq(ctx.tenant),
        history::id.eq(StageChangeId::new()),
        history::opportunity_id.eq(after.id),
        history::pipeline_id.eq(after.pipeline_id),
        history::from_stage.eq(step.from.as_ref().map(|from| from.key.clone())),
        history::to_stage.eq(step.to.key.clone()),
        history::kind.eq(step.to.kind.clone()),
        history::duration_seconds.eq(stayed),
        history::changed_at.eq(ctx.now),
        history::changed_by.eq(ctx.actor.user),
    );
    diesel::insert_into(history::table).values(row).execute(conn)?;
    Ok(())
}
