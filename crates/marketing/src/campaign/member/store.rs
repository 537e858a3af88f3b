//! The queries of who is in a campaign. Their campaign was asked for through its `scope` before.
use super::{CampaignMember, CampaignMemberPatch, NewCampaignMember};
use crate::schema::campaign_members;
use chrono::{DateTime, Utc};
use diesel::prelude::*;
use diesel::result::QueryResult;
use kernel::{CampaignId, CampaignMemberId, ContactId, Ctx, Page, Result, TenantId};
use platform::{Conn, Listing};

/// Who is in all campaigns that the actor may see: a part's `Listing` asks for its whole.
pub fn list(conn: &mut Conn, ctx: &Ctx, listing: &Listing<campaign_members::table>) -> Result<Page<CampaignMember>> {
    let all = || campaign_members::table.filter(campaign_members::tenant_id.eq(ctx.tenant));
    listing.page(
        conn,
        ctx,
        |conn, ask| {
            let page = all().filter(ask.matching()).order(ask.order()).limit(ask.limit());
            page.select((CampaignMember::as_select(), ask.keys())).load(conn)
        },
        |ask| all().filter(ask.matching()).select(campaign_members::id),
        |_| "",
    )
}

pub(super) fn find(conn: &mut Conn, ctx: &Ctx, id: CampaignMemberId) -> QueryResult<CampaignMember> {
    campaign_members::table.find((ctx.tenant, id)).select(CampaignMember::as_select()).first(conn)
}

/// Nothing comes back where they are in it already.
pub(super) fn insert(
    conn: &mut Conn,
    ctx: &Ctx,
    campaign: CampaignId,
    new: &NewCampaignMember,
    responded_at: Option<DateTime<Utc>>,
) -> QueryResult<Option<CampaignMember>> {
    let row = (
        campaign_members::tenant_id.eq(ctx.tenant),
        campaign_members::id.eq(CampaignMemberId::new()),
        campaign_members::campaign_id.eq(campaign),
        campaign_members::contact_id.eq(new.contact_id),
        campaign_members::lead_id.eq(new.lead_id),
        campaign_members::status.eq(new.status.as_deref().unwrap_or("targeted")),
        campaign_members::responded_at.eq(responded_at),
        campaign_members::created_at.eq(ctx.now),
        campaign_members::updated_at.eq(ctx.now),
    );
    diesel::insert_into(campaign_members::table)
        .values(row)
        .on_conflict_do_nothing()
        .returning(CampaignMember::as_returning())
        .get_result(conn)
        .optional()
}

/// The member that somebody is already.
pub(super) fn there(
    conn: &mut Conn,
    ctx: &Ctx,
    campaign: CampaignId,
    new: &NewCampaignMember,
) -> QueryResult<Option<CampaignMember>> {
    campaign_members::table
        .filter(campaign_members::tenant_id.eq(ctx.tenant))
        .filter(campaign_members::campaign_id.eq(campaign))
        .filter(campaign_members::contact_id.eq(new.contact_id).or(campaign_members::lead_id.eq(new.lead_id)))
        .select(CampaignMember::as_select())
        .first(conn)
        .optional()
}

pub(super) fn update(
    conn: &mut Conn,
    ctx: &Ctx,
    id: CampaignMemberId,
    patch: &CampaignMemberPatch,
) -> QueryResult<CampaignMember> {
    let moved = (campaign_members::version.eq(campaign_members::version + 1), campaign_members::updated_at.eq(ctx.now));
    diesel::update(campaign_members::table.find((ctx.tenant, id)))
        .set((patch, moved))
        .returning(CampaignMember::as_returning())
        .get_result(conn)
}

pub(super) fn remove(conn: &mut Conn, ctx: &Ctx, id: CampaignMemberId) -> QueryResult<usize> {
    diesel::delete(campaign_members::table.find((ctx.tenant, id))).execute(conn)
}

/// What a send brings about: somebody has come as far as `status`, unless they are further already. Whoever was in no
/// campaign yet is in it from now on.
pub(crate) fn reach(
    conn: &mut Conn,
    tenant: TenantId,
    campaign: CampaignId,
    contact: ContactId,
    (status, before): (&str, &[&str]),
    now: DateTime<Utc>,
) -> QueryResult<()> {
    let row = (
        campaign_members::tenant_id.eq(tenant),
        campaign_members::id.eq(CampaignMemberId::new()),
        campaign_members::campaign_id.eq(campaign),
        campaign_members::contact_id.eq(contact),
        campaign_members::status.eq(status),
        campaign_members::created_at.eq(now),
        campaign_members::updated_at.eq(now),
    );
    let made = diesel::insert_into(campaign_members::table).values(row).on_conflict_do_nothing().execute(conn)?;
    if made == 0 {
        let theirs = campaign_members::table
            .filter(campaign_members::tenant_id.eq(tenant))
            .filter(campaign_members::campaign_id.eq(campaign))
            .filter(campaign_members::contact_id.eq(contact))
            .filter(campaign_members::status.eq_any(before));
        let moved = (
            campaign_members::status.eq(status),
            campaign_members::version.eq(campaign_members::version + 1),
            campaign_members::updated_at.eq(now),
        );
        diesel::update(theirs).set(moved).execute(conn)?;
    }
    Ok(())
}
