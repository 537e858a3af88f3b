//! The queries of who takes part. Their opportunity was asked for through its `scope` before.
use super::{OpportunityContact, OpportunityContactPatch};
use crate::opportunity::schema::opportunity_contacts;
use diesel::prelude::*;
use diesel::result::QueryResult;
use kernel::{ContactId, Ctx, OpportunityContactId, OpportunityId, Page, Result};
use platform::{Conn, Listing};

/// Who takes part in opportunities that the caller may see, the primary one first.
pub fn of_all(conn: &mut Conn, ctx: &Ctx, opportunities: &[OpportunityId]) -> Result<Vec<OpportunityContact>> {
    Ok(opportunity_contacts::table
        .filter(opportunity_contacts::tenant_id.eq(ctx.tenant))
        .filter(opportunity_contacts::opportunity_id.eq_any(opportunities))
        .order((opportunity_contacts::is_primary.desc(), opportunity_contacts::id))
        .select(OpportunityContact::as_select())
        .load(conn)?)
}

/// Who takes part in all opportunities that the actor may see: a part's `Listing` asks for its whole.
pub fn list(
    conn: &mut Conn,
    ctx: &Ctx,
    listing: &Listing<opportunity_contacts::table>,
) -> Result<Page<OpportunityContact>> {
    let all = || opportunity_contacts::table.filter(opportunity_contacts::tenant_id.eq(ctx.tenant));
    listing.page(
        conn,
        ctx,
        |conn, ask| {
            let page = all().filter(ask.matching()).order(ask.order()).limit(ask.limit());
            page.select((OpportunityContact::as_select(), ask.keys())).load(conn)
        },
        |ask| all().filter(ask.matching()).select(opportunity_contacts::id),
        |_| "",
    )
}

pub(super) fn find(conn: &mut Conn, ctx: &Ctx, id: OpportunityContactId) -> QueryResult<OpportunityContact> {
    opportunity_contacts::table.find((ctx.tenant, id)).select(OpportunityContact::as_select()).first(conn)
}

/// The one of this pair, made where there is none.
pub(super) fn pair(
    conn: &mut Conn,
    ctx: &Ctx,
    opportunity: OpportunityId,
    contact: ContactId,
) -> QueryResult<OpportunityContact> {
    let row = (
        opportunity_contacts::tenant_id.eq(ctx.tenant),
        opportunity_contacts::id.eq(OpportunityContactId::new()),
        opportunity_contacts::opportunity_id.eq(opportunity),
        opportunity_contacts::contact_id.eq(contact),
        opportunity_contacts::created_at.eq(ctx.now),
        opportunity_contacts::updated_at.eq(ctx.now),
    );
    diesel::insert_into(opportunity_contacts::table).values(row).on_conflict_do_nothing().execute(conn)?;
    opportunity_contacts::table
        .filter(opportunity_contacts::tenant_id.eq(ctx.tenant))
        .filter(opportunity_contacts::opportunity_id.eq(opportunity))
        .filter(opportunity_contacts::contact_id.eq(contact))
        .select(OpportunityContact::as_select())
        .first(conn)
}

/// Nobody is the primary one.
pub(super) fn demote(conn: &mut Conn, ctx: &Ctx, opportunity: OpportunityId) -> QueryResult<usize> {
    let primary = opportunity_contacts::table
        .filter(opportunity_contacts::tenant_id.eq(ctx.tenant))
        .filter(opportunity_contacts::opportunity_id.eq(opportunity))
        .filter(opportunity_contacts::is_primary);
    diesel::update(primary).set(opportunity_contacts::is_primary.eq(false)).execute(conn)
}

pub(super) fn update(
    conn: &mut Conn,
    ctx: &Ctx,
    id: OpportunityContactId,
    patch: &OpportunityContactPatch,
) -> QueryResult<OpportunityContact> {
    let moved = (
        opportunity_contacts::version.eq(opportunity_contacts::version + 1),
        opportunity_contacts::updated_at.eq(ctx.now),
    );
    diesel::update(opportunity_contacts::table.find((ctx.tenant, id)))
        .set((patch, moved))
        .returning(OpportunityContact::as_returning())
        .get_result(conn)
}

pub(super) fn remove(conn: &mut Conn, ctx: &Ctx, id: OpportunityContactId) -> QueryResult<usize> {
    diesel::delete(opportunity_contacts::table.find((ctx.tenant, id))).execute(conn)
}
