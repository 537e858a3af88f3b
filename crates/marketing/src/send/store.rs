//! The queries of a send. Its campaign was asked for through its `scope` before.
use super::body::Audience;
use super::{NewSend, SendPatch, Sending};
use crate::campaign;
use crate::schema::{deliveries, segment_members, send_runs, sends, tenants};
use chrono::{DateTime, Duration, Utc};
use diesel::dsl::count_star;
use diesel::prelude::*;
use diesel::result::QueryResult;
use kernel::{CampaignId, ContactId, Ctx, Page, Result, SegmentId, SendId, TenantId};
use platform::{Conn, Listing};
use std::collections::{BTreeMap, BTreeSet};
use uuid::Uuid;

/// How much later it is anywhere than anywhere else.
const AHEAD: Duration = Duration::hours(26);

/// The sends of all campaigns that the actor may see: a part's `Listing` asks for its whole.
pub fn list(conn: &mut Conn, ctx: &Ctx, listing: &Listing<sends::table>) -> Result<Page<Sending>> {
    let all = || sends::table.filter(sends::tenant_id.eq(ctx.tenant));
    listing.page(
        conn,
        ctx,
        |conn, ask| {
            let page = all().filter(ask.matching()).order(ask.order()).limit(ask.limit());
            page.select((Sending::as_select(), ask.keys())).load(conn)
        },
        |ask| all().filter(ask.matching()).select(sends::id),
        |_| "",
    )
}

/// Those among `ids` whose campaigns the actor may see.
pub fn many(conn: &mut Conn, ctx: &Ctx, ids: &[SendId]) -> Result<Vec<Sending>> {
    let found: Vec<Sending> = sends::table
        .filter(sends::tenant_id.eq(ctx.tenant))
        .filter(sends::id.eq_any(ids))
        .select(Sending::as_select())
        .load(conn)?;
    let campaigns: Vec<CampaignId> = found.iter().map(|one| one.campaign_id).collect();
    let seen: BTreeSet<CampaignId> = campaign::many(conn, ctx, &campaigns)?.into_iter().map(|one| one.id).collect();
    Ok(found.into_iter().filter(|one| seen.contains(&one.campaign_id)).collect())
}

pub(super) fn find(conn: &mut Conn, tenant: TenantId, id: SendId) -> QueryResult<Sending> {
    sends::table.find((tenant, id)).select(Sending::as_select()).first(conn)
}

/// The send, held until the transaction ends.
pub(super) fn lock(conn: &mut Conn, tenant: TenantId, id: SendId) -> QueryResult<Sending> {
    sends::table.find((tenant, id)).select(Sending::as_select()).for_update().first(conn)
}

pub(super) fn insert(conn: &mut Conn, ctx: &Ctx, campaign: CampaignId, new: &NewSend) -> QueryResult<Sending> {
    let id = new.id.unwrap_or_else(SendId::new);
    let given = (
        sends::tenant_id.eq(ctx.tenant),
        sends::id.eq(id),
        sends::campaign_id.eq(campaign),
        sends::status.eq("draft"),
        sends::created_at.eq(ctx.now),
        sends::updated_at.eq(ctx.now),
        sends::created_by.eq(ctx.actor.user),
        sends::updated_by.eq(ctx.actor.user),
    );
    let made =
        diesel::insert_into(sends::table).values((given, new)).returning(Sending::as_returning()).get_result(conn)?;
    let run = (send_runs::tenant_id.eq(ctx.tenant), send_runs::send_id.eq(id), send_runs::free_at.eq(ctx.now));
    diesel::insert_into(send_runs::table).values(run).execute(conn)?;
    Ok(made)
}

/// Of one that is locked.
pub(super) fn update(conn: &mut Conn, ctx: &Ctx, id: SendId, patch: &SendPatch) -> QueryResult<Sending> {
    let moved =
        (sends::version.eq(sends::version + 1), sends::updated_at.eq(ctx.now), sends::updated_by.eq(ctx.actor.user));
    diesel::update(sends::table.find((ctx.tenant, id)))
        .set((patch, moved))
        .returning(Sending::as_returning())
        .get_result(conn)
}

/// Where a send has come to.
#[derive(Default, AsChangeset)]
#[diesel(table_name = sends)]
pub(super) struct Moved<'a> {
    pub status: &'a str,
    pub scheduled_at: Option<DateTime<Utc>>,
    pub started_by: Option<kernel::UserId>,
    pub started_at: Option<DateTime<Utc>>,
    pub ended_at: Option<DateTime<Utc>>,
    pub audience: Option<Audience>,
}

/// Of one that is locked.
pub(super) fn set(
    conn: &mut Conn,
    tenant: TenantId,
    id: SendId,
    moved: &Moved,
    now: DateTime<Utc>,
) -> QueryResult<Sending> {
    diesel::update(sends::table.find((tenant, id)))
        .set((moved, sends::version.eq(sends::version + 1), sends::updated_at.eq(now)))
        .returning(Sending::as_returning())
        .get_result(conn)
}

pub(super) fn delete(conn: &mut Conn, ctx: &Ctx, id: SendId) -> QueryResult<usize> {
    diesel::delete(sends::table.find((ctx.tenant, id))).execute(conn)
}

/// What goes on by itself, of all tenants.
pub(super) fn under_way(conn: &mut Conn, now: DateTime<Utc>) -> QueryResult<Vec<(TenantId, SendId)>> {
    // where it is later than where the tenant is, the hour comes up to a day before
    let at_once = sends::is_local_time.eq(false).and(sends::scheduled_at.le(now).assume_not_null());
    let ahead = sends::is_local_time.and(sends::scheduled_at.le(now + AHEAD).assume_not_null());
    let is_due = sends::status.eq("scheduled").and(at_once.or(ahead));
    sends::table
        .filter(sends::status.eq_any(["freezing", "sending"]).or(is_due))
        .order((sends::is_transactional.desc(), sends::tenant_id, sends::id))
        .select((sends::tenant_id, sends::id))
        .load(conn)
}

/// Who is in one of these segments, in the order of their ids.
pub(super) fn members(
    conn: &mut Conn,
    tenant: TenantId,
    segments: &[SegmentId],
    after: Option<Uuid>,
    most: i64,
) -> QueryResult<Vec<Uuid>> {
    segment_members::table
        .filter(segment_members::tenant_id.eq(tenant))
        .filter(segment_members::segment_id.eq_any(segments))
        .filter(segment_members::resource.eq("contact"))
        .filter(segment_members::left_at.is_null())
        .filter(segment_members::record_id.gt(after.unwrap_or_else(Uuid::nil)))
        .order(segment_members::record_id)
        .select(segment_members::record_id)
        .distinct()
        .limit(most)
        .load(conn)
}

/// Which of these are in one of the segments.
pub(super) fn among(
    conn: &mut Conn,
    tenant: TenantId,
    segments: &[SegmentId],
    ids: &[ContactId],
) -> QueryResult<BTreeSet<Uuid>> {
    let found: Vec<Uuid> = segment_members::table
        .filter(segment_members::tenant_id.eq(tenant))
        .filter(segment_members::segment_id.eq_any(segments))
        .filter(segment_members::left_at.is_null())
        .filter(segment_members::record_id.eq_any(ids))
        .select(segment_members::record_id)
        .load(conn)?;
    Ok(found.into_iter().collect())
}

/// How many of a purpose these have got in the last days, or are about to get.
pub(super) fn got_lately(
    conn: &mut Conn,
    ctx: &Ctx,
    purpose: &str,
    days: i32,
    ids: &[ContactId],
) -> QueryResult<BTreeMap<ContactId, i64>> {
    let since = ctx.now - Duration::days(i64::from(days));
    let counted: Vec<(ContactId, i64)> = deliveries::table
        .filter(deliveries::tenant_id.eq(ctx.tenant))
        .filter(deliveries::contact_id.eq_any(ids))
        .filter(deliveries::purpose.eq(purpose))
        .filter(deliveries::sent_at.gt(since))
        .group_by(deliveries::contact_id)
        .select((deliveries::contact_id, count_star()))
        .load(conn)?;
    Ok(counted.into_iter().collect())
}

/// The zone of the tenant.
pub(super) fn zone(conn: &mut Conn, tenant: TenantId) -> QueryResult<String> {
    tenants::table.find(tenant).select(tenants::time_zone).first(conn)
}

/// How many deliveries of a send are in which status, and how many of them were opened and clicked.
pub(super) fn counts(conn: &mut Conn, ctx: &Ctx, id: SendId) -> QueryResult<Vec<(String, i64, i64, i64)>> {
    use diesel::dsl::count;
    deliveries::table
        .filter(deliveries::tenant_id.eq(ctx.tenant))
        .filter(deliveries::send_id.eq(id))
        .group_by(deliveries::status)
        .select((deliveries::status, count_star(), count(deliveries::opened_at), count(deliveries::clicked_at)))
        .load(conn)
}

/// The last contact of the audience that has its delivery.
pub(super) fn frozen_up_to(conn: &mut Conn, tenant: TenantId, id: SendId) -> QueryResult<Option<Uuid>> {
    send_runs::table.find((tenant, id)).select(send_runs::after_id).first(conn)
}

pub(super) fn set_frozen_up_to(
    conn: &mut Conn,
    tenant: TenantId,
    id: SendId,
    last: Option<Uuid>,
) -> QueryResult<usize> {
    diesel::update(send_runs::table.find((tenant, id))).set(send_runs::after_id.eq(last)).execute(conn)
}

/// Whatever waits is sent no more.
pub(super) fn give_up(conn: &mut Conn, tenant: TenantId, id: SendId, now: DateTime<Utc>) -> QueryResult<usize> {
    let waiting = deliveries::table
        .filter(deliveries::tenant_id.eq(tenant))
        .filter(deliveries::send_id.eq(id))
        .filter(deliveries::status.eq("queued"));
    diesel::update(waiting)
        .set((
            deliveries::status.eq("cancelled"),
            deliveries::version.eq(deliveries::version + 1),
            deliveries::updated_at.eq(now),
        ))
        .execute(conn)
}
