//! A delivery is one event on its way to one endpoint.
//!
//! Its id is made of both, so that it is the same whenever and however often it is sent: the receiver knows it as
//! `webhook-id`. It holds no data: what is sent is what the endpoint's user sees of the event when it is sent. How it went
//! stands in its attempts, the last twenty. It is kept for thirty days.
mod deeds;
pub(super) mod store;

pub use crate::schema::webhook_deliveries::table as Table;
pub use deeds::retry;
pub(super) use store::test;
pub use store::{clear, find, list};

use crate::filter::Listed;
use crate::schema::webhook_deliveries;
use chrono::{DateTime, Utc};
use diesel::prelude::{Queryable, Selectable};
use kernel::catalogue::{Catalogue, Field, Kind as Holds, Owned, Relation};
use kernel::{EventId, Noun, Record, WebhookDeliveryId, WebhookEndpointId};
use serde::Serialize;
use sha2::{Digest, Sha256};
use utoipa::ToSchema;
use uuid::{Builder, Uuid};

pub const PENDING: &str = "pending";
/// On its way; taken by the receiver; given up after the last attempt; no more to be sent, for its user does not see it.
pub const STATUSES: &[&str] = &[PENDING, "delivered", "failed", "cancelled"];

/// The event of a test.
pub const TEST: &str = "webhook_endpoint.test";

/// How long deliveries are kept.
pub const KEPT: chrono::Duration = chrono::Duration::days(30);

/// One event on its way to one endpoint.
#[derive(Clone, Debug, Queryable, Selectable, Serialize, ToSchema)]
#[diesel(table_name = webhook_deliveries, check_for_backend(diesel::pg::Pg))]
#[schema(example = json!({
    "id": "0192f0c1-8888-7000-8000-000000000002", "endpoint_id": "0192f0c1-8888-7000-8000-000000000001",
    "event_id": "0192f0c1-8888-7000-8000-000000000003", "event_name": "contact.updated",
    "object_id": "0192f0c1-7a3b-7c4d-8e5f-a1b2c3d4e5f6", "seq": 4711, "status": "pending", "attempt_count": 1,
    "attempts": [{"at": "2026-11-26T08:00:00Z", "duration_ms": 15000, "status": null, "error": "timed_out", "answer": null}],
    "next_attempt_at": "2026-11-26T08:00:20Z", "version": 2, "created_at": "2026-11-26T08:00:00Z",
    "updated_at": "2026-11-26T08:00:15Z", "finished_at": null
}))]
pub struct WebhookDelivery {
    /// the receiver knows it as `webhook-id`
    pub id: WebhookDeliveryId,
    pub endpoint_id: WebhookEndpointId,
    pub event_id: EventId,
    #[schema(example = "contact.updated")]
    pub event_name: String,
    /// the record that the event is about
    pub object_id: Uuid,
    /// the place of the event in the order of all; null for a test
    pub seq: Option<i64>,
    #[schema(example = "pending")]
    pub status: String,
    /// how often it was tried since it was last begun
    pub attempt_count: i32,
    /// the last of them, the newest at the end
    #[schema(value_type = Vec<WebhookAttempt>)]
    pub attempts: serde_json::Value,
    /// while it is pending
    pub next_attempt_at: Option<DateTime<Utc>>,
    pub version: i32,
    pub created_at: DateTime<Utc>,
    pub updated_at: DateTime<Utc>,
    pub finished_at: Option<DateTime<Utc>>,
}

/// How it went once.
#[derive(Clone, Debug, PartialEq, Serialize, ToSchema)]
#[schema(example = json!({
    "at": "2026-11-26T08:00:00Z", "duration_ms": 120, "status": 503, "error": "status", "answer": "try later"
}))]
pub struct WebhookAttempt {
    pub at: DateTime<Utc>,
    pub duration_ms: i64,
    /// what the receiver answered
    pub status: Option<u16>,
    /// `status`, `timed_out`, `unreachable`, `refused`, `broken`, `sender_inactive`, `not_visible`; null where it was taken
    pub error: Option<String>,
    /// how the answer begins, without what signed the request
    pub answer: Option<String>,
}

pub static CATALOGUE: Catalogue = Catalogue {
    noun: "webhook_delivery",
    table: "webhook_deliveries",
    fields: &[
        Field::new("id", Holds::Id),
        Field::new("endpoint_id", Holds::Id),
        Field::new("event_id", Holds::Id),
        Field::new("event_name", Holds::Text),
        Field::new("object_id", Holds::Id),
        Field::new("seq", Holds::Int).nullable(),
        Field::new("status", Holds::Choice(STATUSES)),
        Field::new("attempt_count", Holds::Int),
        Field::new("attempts", Holds::Text).unfilterable().unsortable(),
        Field::new("next_attempt_at", Holds::Instant).nullable(),
        Field::new("version", Holds::Int),
        Field::new("created_at", Holds::Instant),
        Field::new("updated_at", Holds::Instant),
        Field::new("finished_at", Holds::Instant).nullable(),
    ],
    relations: &[Relation::one("endpoint", "webhook_endpoint", "endpoint_id")],
    custom: None,
    owned: Owned::Shared,
};

impl Noun for WebhookDelivery {
    const NAME: &'static str = "webhook_delivery";
}
impl Record for WebhookDelivery {
    type Id = WebhookDeliveryId;
    fn id(&self) -> WebhookDeliveryId {
        self.id
    }
    fn version(&self) -> i32 {
        self.version
    }
}
impl Listed for webhook_deliveries::table {
    const CATALOGUE: &'static Catalogue = &CATALOGUE;
    const ENDURES: bool = true;
}

/// The id of an event's delivery to an endpoint: a UUIDv7 of the event's time, the rest of it a digest of both.
pub fn id_of(endpoint: WebhookEndpointId, event: EventId) -> WebhookDeliveryId {
    let digest = Sha256::new().chain_update(endpoint.0.as_bytes()).chain_update(event.0.as_bytes()).finalize();
    let (time, rest) = (event.0.as_bytes().iter().take(6), digest.iter().take(10));
    let mut bytes = [0; 16];
    bytes.iter_mut().zip(time.chain(rest)).for_each(|(place, byte)| *place = *byte);
    let version = uuid::Version::SortRand;
    Builder::from_bytes(bytes).with_version(version).with_variant(uuid::Variant::RFC4122).into_uuid().into()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_id_is_of_both_and_in_the_order_of_events() {
        let (one, other) = (WebhookEndpointId::new(), WebhookEndpointId::new());
        let event = EventId::new();
        assert_eq!(id_of(one, event), id_of(one, event));
        assert_ne!(id_of(one, event), id_of(other, event));
        assert_eq!(id_of(one, event).0.get_version_num(), 7);
        assert_eq!(id_of(one, event).0.as_bytes()[..6], event.0.as_bytes()[..6]);
    }
}
