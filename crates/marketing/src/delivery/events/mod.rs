//! What came of a delivery: of each sort, and of each link, one row that counts. It is written by whoever has the link of
//! a mail, so it never grows with how often that is followed.
mod store;

pub use store::of;

use super::Delivery;
use crate::campaign::member;
use chrono::{DateTime, Utc};
use diesel::prelude::Queryable;
use diesel::result::QueryResult;
use kernel::{SendLinkId, TenantId};
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
    store::count(conn, tenant, one.id, what, now)?;
    if let Some(step) = what.member() {
        member::reach(conn, tenant, one.campaign_id, one.contact_id, step, now)?;
    }
    store::mark(conn, tenant, one, what, now)
}
