//! A delivery is what a sender has sent, word for word. It is kept with the job that makes records of it, and stays for
//! thirty days, so that one that failed can be done again.
//!
//! It is told from others by what its sender calls it: the same twice is one. A record of the sender's, sent in several
//! deliveries, is claimed by each of them in turn, so that the newest state is the one that stays.
mod deeds;
mod store;

pub use crate::connection::schema::inbound_deliveries::table as Table;
pub use deeds::{Arrival, Receipt, receive, replay, reveal};
pub use store::{Raw, below, claim, clear, find, list, lock, name, sender, settle};

use crate::connection::schema::inbound_deliveries;
use crate::filter::Listed;
use chrono::{DateTime, Duration, Utc};
use diesel::prelude::{Queryable, Selectable};
use kernel::catalogue::{Catalogue, Field, Kind as Holds, Owned, Relation};
use kernel::{ConnectionId, InboundDeliveryId, Noun, Record};
use serde::Serialize;
use utoipa::ToSchema;

/// The kind of the jobs that make records of deliveries.
pub const JOB: &str = "inbound";
pub const KEPT: Duration = Duration::days(30);
/// The largest body, and the largest mail.
pub const LIMIT: usize = 2 << 20;
pub const MAIL_LIMIT: usize = 6 << 20;
pub const STATUSES: &[&str] = &["queued", "processed", "superseded", "ignored", "failed"];

/// Something that a sender has sent.
#[derive(Clone, Debug, Queryable, Selectable, Serialize, ToSchema)]
#[diesel(table_name = inbound_deliveries, check_for_backend(diesel::pg::Pg))]
#[schema(example = json!({
    "id": "0192f0c1-9999-7000-8000-00000000000b", "connection_id": "0192f0c1-9999-7000-8000-00000000000a",
    "sender_key": "b54557e4-bdd9-4b37-8a5f-bf7d70bcd043", "topic": "orders/create",
    "sent_at": "2026-11-26T08:00:00Z", "size": 8123, "status": "processed", "error": null, "attempts": 1,
    "version": 2, "created_at": "2026-11-26T08:00:01Z", "updated_at": "2026-11-26T08:00:01Z",
    "processed_at": "2026-11-26T08:00:01Z"
}))]
pub struct InboundDelivery {
    pub id: InboundDeliveryId,
    pub connection_id: ConnectionId,
    /// what its sender calls it
    pub sender_key: String,
    #[schema(example = "orders/create")]
    pub topic: String,
    pub sent_at: Option<DateTime<Utc>>,
    /// of the body, in bytes
    pub size: i64,
    /// `queued`, `processed`, `superseded` (a newer state was there), `ignored` (nothing comes of its topic) or `failed`
    #[schema(example = "processed")]
    pub status: String,
    /// why it failed
    pub error: Option<String>,
    /// how often it was worked on
    pub attempts: i32,
    pub version: i32,
    /// when it arrived
    pub created_at: DateTime<Utc>,
    pub updated_at: DateTime<Utc>,
    pub processed_at: Option<DateTime<Utc>>,
}

/// A delivery word for word.
#[derive(Clone, Debug, Serialize, ToSchema)]
#[schema(example = json!({"body": "{\"id\": 820982911946154508, \"name\": \"#1001\"}"}))]
pub struct RevealedDelivery {
    /// of a mail in base64
    pub body: String,
}

pub static CATALOGUE: Catalogue = Catalogue {
    noun: "inbound_delivery",
    table: "inbound_deliveries",
    fields: &[
        Field::new("id", Holds::Id),
        Field::new("connection_id", Holds::Id),
        Field::new("sender_key", Holds::Text),
        Field::new("topic", Holds::Text),
        Field::new("sent_at", Holds::Instant).nullable(),
        Field::new("size", Holds::Int),
        Field::new("status", Holds::Choice(STATUSES)),
        Field::new("error", Holds::Text).nullable().unsortable(),
        Field::new("attempts", Holds::Int),
        Field::new("version", Holds::Int),
        Field::new("created_at", Holds::Instant),
        Field::new("updated_at", Holds::Instant),
        Field::new("processed_at", Holds::Instant).nullable(),
    ],
    relations: &[Relation::one("connection", "connection", "connection_id")],
    custom: None,
    owned: Owned::Shared,
};

impl Noun for InboundDelivery {
    const NAME: &'static str = "inbound_delivery";
}
impl Record for InboundDelivery {
    type Id = InboundDeliveryId;
    fn id(&self) -> InboundDeliveryId {
        self.id
    }
    fn version(&self) -> i32 {
        self.version
    }
}
impl Listed for inbound_deliveries::table {
    const CATALOGUE: &'static Catalogue = &CATALOGUE;
    const ENDURES: bool = true;
}
