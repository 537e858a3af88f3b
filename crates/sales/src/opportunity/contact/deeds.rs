//! What may be done about who takes part. Each deed locks the opportunity and is a change of it.
use super::{NewOpportunityContact, OpportunityContact, OpportunityContactPatch, store};
use crate::opportunity;
use crate::opportunity::deeds::{changeable, touch};
use customer::contact;
use kernel::{Ctx, OpportunityContactId, OpportunityId, Result};
use platform::Conn;

/// Who takes part in an opportunity, the primary one first.
pub fn of(conn: &mut Conn, ctx: &Ctx, opportunity: OpportunityId) -> Result<Vec<OpportunityContact>> {
    opportunity::find(conn, ctx, opportunity)?;
    store::of_all(conn, ctx, &[opportunity])
}

/// One who takes part in an opportunity that the caller may see.
pub fn find(conn: &mut Conn, ctx: &Ctx, id: OpportunityContactId) -> Result<OpportunityContact> {
    let one = store::find(conn, ctx, id)?;
    opportunity::find(conn, ctx, one.opportunity_id)?;
    Ok(one)
}

/// Somebody takes part; where they do already, this says how.
pub fn add(
    conn: &mut Conn,
    ctx: &Ctx,
    opportunity: OpportunityId,
    new: &NewOpportunityContact,
) -> Result<OpportunityContact> {
    let before = changeable(conn, ctx, opportunity, None)?;
    contact::is_there(conn, ctx, Some(new.contact_id))?;
    let one = store::pair(conn, ctx, opportunity, new.contact_id)?;
    let patch =
        OpportunityContactPatch { role: new.role.clone().map(Some), is_primary: new.is_primary.then_some(true) };
    let after = change(conn, ctx, &one, &patch)?;
    touch(conn, ctx, &before)?;
    Ok(after)
}

/// Changes how somebody takes part.
pub fn update(
    conn: &mut Conn,
    ctx: &Ctx,
    id: OpportunityContactId,
    patch: &OpportunityContactPatch,
) -> Result<OpportunityContact> {
    let one = find(conn, ctx, id)?;
    let before = changeable(conn, ctx, one.opportunity_id, None)?;
    let after = change(conn, ctx, &one, patch)?;
    touch(conn, ctx, &before)?;
    Ok(after)
}

/// Somebody takes part no longer.
pub fn remove(conn: &mut Conn, ctx: &Ctx, id: OpportunityContactId) -> Result<()> {
    let one = find(conn, ctx, id)?;
    let before = changeable(conn, ctx, one.opportunity_id, None)?;
    ctx.may_write::<OpportunityContact>("contact_id")?;
    store::remove(conn, ctx, id)?;
    touch(conn, ctx, &before).map(drop)
}

fn change(
    conn: &mut Conn,
    ctx: &Ctx,
    one: &OpportunityContact,
    patch: &OpportunityContactPatch,
) -> Result<OpportunityContact> {
    if patch.is_primary == Some(true) && !one.is_primary {
        store::demote(conn, ctx, one.opportunity_id)?;
    }
    Ok(store::update(conn, ctx, one.id, patch)?)
}
