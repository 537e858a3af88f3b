//! What has happened, told to those who may see it, in the order in which it was committed.
//!
//! Each change of a record writes its event (see [`crate::record`]); the sealer of the audit trail, which takes all rows
//! below the oldest transaction that still runs, gives it its `seq`: one sequencer a tenant, one order for everybody.
//! Nothing comes in front of what was told, and the events of a record come in the order of its versions. A `seq` that
//! stands for an audit row without an event is left out; so gaps mean nothing.
//!
//! Two steps: [`rows`] reads what is there of a tenant, the same for all; [`tell`] says what of it one reader sees, and
//! how. A reader sees the events of the records that they see now, and of those that are gone, if they saw them last. A
//! change by which a record leaves their sight is told as `contact.access_lost`, without data.
mod kept;
mod members;
mod names;
mod seen;
mod shared;
mod store;
pub mod sync;
mod tell;
mod wake;

pub use kept::{Bounds, Kept, bounds};
pub(crate) use names::is_silent;
pub use names::{EventType, Types, is_told, names};
pub use store::{Row, Window, heads, position, rows, rows_at, rows_of};
pub use tell::{outlook, tell};
pub use wake::{sealed, sealings, writings, written};

use chrono::{DateTime, Utc};
use kernel::{ApiKeyId, Code, EventId, Kind, RequestId, UserId};
use serde::Serialize;
use serde_json::{Map, Value};
use utoipa::ToSchema;
use uuid::Uuid;

pub const EXPIRED: Code = Code::new(
    "events_expired",
    Kind::Gone,
    "The place in the order of events is none that is kept, perhaps for its age: begin anew, without one.",
);
pub const CODES: &[Code] = &[EXPIRED];

/// Something that happened to a record.
#[derive(Clone, Debug, PartialEq, Serialize, ToSchema)]
#[schema(example = json!({
    "id": "0192f0c1-7a3b-7c4d-8e5f-a1b2c3d4e5f6", "type": "contact.updated", "seq": 1042,
    "occurred_at": "2026-11-26T08:00:00Z", "resource": "contact",
    "record_id": "0192f0c1-0000-7000-8000-000000000c01", "version": 4,
    "actor": {"id": "0192f0c1-0000-7000-8000-000000000001", "api_key_id": null},
    "request_id": "0192f0c1-0000-7000-8000-0000000000f1", "causation_id": "0192f0c1-0000-7000-8000-0000000000f1",
    "data": {"id": "0192f0c1-0000-7000-8000-000000000c01", "job_title": "Head of purchasing", "version": 4},
    "changed": ["job_title"], "previous": {"job_title": "Buyer"}
}))]
pub struct Event {
    /// the same wherever it is told, and however often
    pub id: EventId,
    /// noun and verb; names are published and keep their meaning
    #[schema(value_type = EventType)]
    pub r#type: String,
    /// its place in the order of the tenant's events; there are gaps
    pub seq: i64,
    pub occurred_at: DateTime<Utc>,
    /// of which noun
    #[schema(example = "contact")]
    pub resource: String,
    /// which record
    pub record_id: Uuid,
    /// the version of the record that came of it
    pub version: i32,
    pub actor: EventActor,
    /// the request that did it
    pub request_id: RequestId,
    /// the event or the request that brought it about
    pub causation_id: Uuid,
    /// the record as it was then, as far as the reader sees its fields; null where it has left their sight
    #[schema(value_type = Option<Object>)]
    pub data: Option<Map<String, Value>>,
    /// the fields that are others than before
    pub changed: Vec<String>,
    /// those fields as they were before; none, where there was no record before
    #[schema(value_type = Object)]
    pub previous: Map<String, Value>,
}

/// Who did it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, ToSchema)]
pub struct EventActor {
    pub id: UserId,
    /// the API key through which
    pub api_key_id: Option<ApiKeyId>,
}
