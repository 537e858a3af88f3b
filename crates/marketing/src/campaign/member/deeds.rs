//! What may be done about who is in a campaign. Each deed locks the campaign and is a change of it.
use super::{CampaignMember, CampaignMemberPatch, NewCampaignMember, TAKEN, store};
use crate::campaign::{self, Campaign, changeable, touch};
use customer::contact;
use kernel::existing::conflict;
use kernel::{CampaignId, CampaignMemberId, Ctx, Error, Existing, Result, error};
use platform::Conn;
use platform::deed::unmoved;

/// In these somebody has responded.
const RESPONDED: &[&str] = &["responded", "converted"];

/// One who is in a campaign that the caller may see.
pub fn find(conn: &mut Conn, ctx: &Ctx, id: CampaignMemberId) -> Result<CampaignMember> {
    let one = store::find(conn, ctx, id)?;
    campaign::find(conn, ctx, one.campaign_id)?;
    Ok(one)
}

/// Refused where they are in it already. In a transaction. That a lead is seen is asked at the door.
pub fn add(conn: &mut Conn, ctx: &Ctx, campaign: CampaignId, new: &NewCampaignMember) -> Result<CampaignMember> {
    let before = changeable(conn, ctx, campaign, None)?;
    contact::is_there(conn, ctx, new.contact_id)?;
    let has_responded = new.status.as_deref().is_some_and(|status| RESPONDED.contains(&status));
    match store::insert(conn, ctx, campaign, new, has_responded.then_some(ctx.now))? {
        Some(member) => {
            touch(conn, ctx, &before)?;
            Ok(member)
        }
        None => match store::there(conn, ctx, campaign, new)? {
            Some(member) => {
                let by = if new.contact_id.is_some() { "contact_id" } else { "lead_id" };
                Err(conflict(TAKEN, &[Existing::new(member.id, by, 100)]))
            }
            None => Err(Error::from(error::UNKNOWN_REFERENCE)),
        },
    }
}

/// With a `base`, only if the member is still at this version.
pub fn update(
    conn: &mut Conn,
    ctx: &Ctx,
    id: CampaignMemberId,
    base: Option<i32>,
    patch: &CampaignMemberPatch,
) -> Result<CampaignMember> {
    let (before, one) = locked(conn, ctx, id, base)?;
    let responds = patch.status.as_deref().is_some_and(|status| RESPONDED.contains(&status));
    let mut patch = patch.clone();
    if responds && patch.responded_at.is_none() && one.responded_at.is_none() {
        patch.responded_at = Some(Some(ctx.now));
    }
    let after = store::update(conn, ctx, id, &patch)?;
    touch(conn, ctx, &before)?;
    Ok(after)
}

/// They are in the campaign no longer.
pub fn remove(conn: &mut Conn, ctx: &Ctx, id: CampaignMemberId, base: Option<i32>) -> Result<()> {
    let (before, _) = locked(conn, ctx, id, base)?;
    ctx.may_write::<CampaignMember>("contact_id")?;
    store::remove(conn, ctx, id)?;
    touch(conn, ctx, &before).map(drop)
}

/// The member, and their campaign, which is held: nobody else changes who is in it meanwhile.
fn locked(conn: &mut Conn, ctx: &Ctx, id: CampaignMemberId, base: Option<i32>) -> Result<(Campaign, CampaignMember)> {
    let one = find(conn, ctx, id)?;
    let campaign = changeable(conn, ctx, one.campaign_id, None)?;
    let now = find(conn, ctx, id)?;
    unmoved(conn, ctx, &now, base)?;
    Ok((campaign, now))
}
