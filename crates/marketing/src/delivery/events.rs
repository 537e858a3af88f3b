//! What came of a delivery: of each sort, and of each link, one row that counts. It is written by whoever has the link of
//! a mail, so it never grows with how often that is followed.
use super::Delivery;
use crate::campaign::member;
use crate::schema::{deliveries, delivery_events, send_links};
use chrono::{DateTime, Utc};
use diesel::prelude::*;
use diesel::result::QueryResult;
use kernel::{Ctx, DeliveryEventId, DeliveryId, Result, SendLinkId, TenantId};
use platform::Conn;
use serde::Serialize;
use utoipa::ToSchema;

/// Something that came of a delivery, and how often.
#[derive(Clone, Debug, Queryable, Serialize, ToSchema)]
#[schema(example = json!({
    "kind": "click", "url": "https://www.example.com/spring", "event_count": 2,
    "occurred_at": "2027-03-01T02:00:00Z", "last_at": "2027-03-01T05:00:00Z"
}))]
pub struct DeliveryEvent {
    /// `sent`, `open`, `click`, `reply`, `soft_bounce`, `hard_bounce`, `complaint` or `unsubscribe`
    #[schema(example = "click")]
    pub kind: String,
    /// of a click: where it led
    pub url: Option<String>,
    #[schema(minimum = 1)]
    pub event_count: i32,
    /// the first time
    pub occurred_at: DateTime<Utc>,
    pub last_at: DateTime<Utc>,
}

/// What came of a delivery of a campaign that the caller may see, the oldest first.
pub fn of(conn: &mut Conn, ctx: &Ctx, id: DeliveryId) -> Result<Vec<DeliveryEvent>> {
    super::find(conn, ctx, id)?;
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

/// Something that happens to a delivery.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Happened {
    Sent,
    Open,
    Click(SendLinkId),
    SoftBounce,
    HardBounce,
    Complaint,
    Unsubscribe,
}

impl Happened {
    const fn kind(self) -> &'static str {
        match self {
            Self::Sent => "sent",
            Self::Open => "open",
            Self::Click(_) => "click",
            Self::SoftBounce => "soft_bounce",
            Self::HardBounce => "hard_bounce",
            Self::Complaint => "complaint",
            Self::Unsubscribe => "unsubscribe",
        }
    }

    /// How far the member of the campaign comes by it, and from where.
    const fn member(self) -> Option<(&'static str, &'static [&'static str])> {
        match self {
            Self::Sent => Some(("sent", &["targeted"])),
            Self::Open => Some(("opened", &["targeted", "sent"])),
            Self::Click(_) => Some(("clicked", &["targeted", "sent", "opened"])),
            Self::HardBounce => Some(("bounced", &["targeted", "sent"])),
            Self::Unsubscribe | Self::Complaint => Some(("unsubscribed", &["targeted", "sent", "opened", "clicked"])),
            Self::SoftBounce => None,
        }
    }
}

/// Writes it down, with all that follows for the delivery and the campaign. In a transaction.
pub fn happened(
    conn: &mut Conn,
    tenant: TenantId,
    one: &Delivery,
    what: Happened,
    now: DateTime<Utc>,
) -> QueryResult<()> {
    count(conn, tenant, one.id, what, now)?;
    if let Some(step) = what.member() {
        member::reach(conn, tenant, one.campaign_id, one.contact_id, step, now)?;
    }
    mark(conn, tenant, one, what, now)
}

fn count(conn: &mut Conn, tenant: TenantId, id: DeliveryId, what: Happened, now: DateTime<Utc>) -> QueryResult<()> {
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
fn mark(conn: &mut Conn, tenant: TenantId, one: &Delivery, what: Happened, now: DateTime<Utc>) -> QueryResult<()> {
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
