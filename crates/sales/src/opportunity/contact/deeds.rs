//! What may be done about who takes part. Each deed locks the opportunity and is a change of it.
use super::{NewOpportunityContact, OpportunityContact, OpportunityContactPatch, store};
use crate::lifecycle;
use crate::opportunity::deeds::{changeable, touch};
use crate::opportunity::{self, Opportunity};
use customer::contact;
use kernel::{Ctx, OpportunityContactId, OpportunityId, Result};
use platform::Conn;
use platform::deed::unmoved;

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
    if touch(conn, ctx, &before)?.is_won() {
        lifecycle::joined(conn, ctx, opportunity, new.contact_id)?;
    }
    Ok(after)
}

/// Changes how somebody takes part. With a `base`, only if that is still at this version.
pub fn update(
    conn: &mut Conn,
    ctx: &Ctx,
    id: OpportunityContactId,
    base: Option<i32>,
    patch: &OpportunityContactPatch,
) -> Result<OpportunityContact> {
    let (before, one) = locked(conn, ctx, id, base)?;
    let after = change(conn, ctx, &one, patch)?;
    touch(conn, ctx, &before)?;
    Ok(after)
}

/// Somebody takes part no longer.
pub fn remove(conn: &mut Conn, ctx: &Ctx, id: OpportunityContactId, base: Option<i32>) -> Result<()> {
    let (before, _) = locked(conn, ctx, id, base)?;
    ctx.may_write::<OpportunityContact>("contact_id")?;
    store::remove(conn, ctx, id)?;
    touch(conn, ctx, &before).map(drop)
}

/// Them, and their opportunity, which is held: nobody else changes who takes part in it meanwhile.
fn locked(
    conn: &mut Conn,
    ctx: &Ctx,
    id: OpportunityContactId,
    base: Option<i32>,
) -> Result<(Opportunity, OpportunityContact)> {
    let one = find(conn, ctx, id)?;
    let opportunity = changeable(conn, ctx, one.opportunity_id, None)?;
    let now = find(conn, ctx, id)?;
    unmoved(conn, ctx, &now, base)?;
    Ok((opportunity, now))
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
