//! The queries of what came of deliveries.
use super::super::Delivery;
use super::{DeliveryEvent, Happened};
use crate::schema::{deliveries, delivery_events, send_links};
use chrono::{DateTime, Utc};
use diesel::prelude::*;
use diesel::result::QueryResult;
use kernel::{Ctx, DeliveryEventId, DeliveryId, Result, TenantId};
use platform::Conn;

/// What came of a delivery of a campaign that the caller may see, the oldest first.
pub fn of(conn: &mut Conn, ctx: &Ctx, id: DeliveryId) -> Result<Vec<DeliveryEvent>> {
    crate::delivery::find(conn, ctx, id)?;
    let same = send_links::tenant_id
        .eq(delivery_events::tenant_id)
        .and(send_links::id.nullable().eq(delivery_events::link_id));
    Ok(delivery_events::table
        .left_join(send_links::table.on(same))
        .filter(delivery_events::tenant_id.eq(ctx.tenant))
        .filter(delivery_events::delivery_id.eq(id))
        .order((delivery_events::occurred_at, delivery_events::id))
        .select((
            delivery_events::kind,
            send_links::url.nullable(),
            delivery_events::event_count,
            delivery_events::occurred_at,
            delivery_events::last_at,
        ))
        .load(conn)?)
}

pub(super) fn count(
    conn: &mut Conn,
    tenant: TenantId,
    id: DeliveryId,
    what: Happened,
    now: DateTime<Utc>,
) -> QueryResult<()> {
    let link = if let Happened::Click(link) = what { Some(link) } else { None };
    let row = (
        delivery_events::tenant_id.eq(tenant),
        delivery_events::id.eq(DeliveryEventId::new()),
        delivery_events::delivery_id.eq(id),
        delivery_events::kind.eq(what.kind()),
        delivery_events::link_id.eq(link),
        delivery_events::event_count.eq(1),
        delivery_events::occurred_at.eq(now),
        delivery_events::last_at.eq(now),
    );
    let made = diesel::insert_into(delivery_events::table).values(row).on_conflict_do_nothing().execute(conn)?;
    if made == 0 {
        let same = delivery_events::table
            .filter(delivery_events::tenant_id.eq(tenant))
            .filter(delivery_events::delivery_id.eq(id))
            .filter(delivery_events::kind.eq(what.kind()))
            .filter(delivery_events::link_id.is_not_distinct_from(link))
            .filter(delivery_events::event_count.lt(i32::MAX));
        let again =
            (delivery_events::event_count.eq(delivery_events::event_count + 1), delivery_events::last_at.eq(now));
        diesel::update(same).set(again).execute(conn)?;
    }
    Ok(())
}

/// What is told of the delivery itself: the first opening, and what it has come to. Whatever comes back of one of which
/// nobody knew shows that it went out.
pub(super) fn mark(
    conn: &mut Conn,
    tenant: TenantId,
    one: &Delivery,
    what: Happened,
    now: DateTime<Utc>,
) -> QueryResult<()> {
    let target = deliveries::table.find((tenant, one.id));
    let moved = (deliveries::version.eq(deliveries::version + 1), deliveries::updated_at.eq(now));
    match what {
        Happened::Open if one.opened_at.is_none() => {
            diesel::update(target).set((deliveries::opened_at.eq(now), moved)).execute(conn)?;
        }
        Happened::Click(_) if one.clicked_at.is_none() => {
            let opened_at = one.opened_at.unwrap_or(now);
            let told = (deliveries::clicked_at.eq(now), deliveries::opened_at.eq(opened_at), moved);
            diesel::update(target).set(told).execute(conn)?;
        }
        Happened::HardBounce if one.status != "bounced" => {
            diesel::update(target).set((deliveries::status.eq("bounced"), moved)).execute(conn)?;
        }
        Happened::Complaint if one.status != "complained" => {
            diesel::update(target).set((deliveries::status.eq("complained"), moved)).execute(conn)?;
        }
        Happened::Unsubscribe if one.unsubscribed_at.is_none() => {
            let told = (deliveries::status.eq("unsubscribed"), deliveries::unsubscribed_at.eq(now), moved);
            diesel::update(target).set(told).execute(conn)?;
        }
        _ if one.status == "unknown" => {
            let told = (deliveries::status.eq("sent"), deliveries::failure.eq(None::<String>), moved);
            diesel::update(target).set(told).execute(conn)?;
        }
        _ => {}
    }
    Ok(())
}
