//! The trail as its readers see it.
use crate::filter::Listed;
use crate::schema::audit_log;
use chrono::{DateTime, Utc};
use diesel::prelude::{Queryable, Selectable};
use kernel::catalogue::{Catalogue, Field, Kind, Owned, Relation};
use kernel::{ApiKeyId, EventId, Noun, Record, RequestId, SessionId, UserId};
use serde::Serialize;
use utoipa::ToSchema;
use uuid::Uuid;

/// Something that somebody did.
#[derive(Clone, Debug, Queryable, Selectable, Serialize, ToSchema)]
#[diesel(table_name = audit_log, check_for_backend(diesel::pg::Pg))]
#[schema(example = json!({
    "id": "0192f0c1-7a3b-7c4d-8e5f-a1b2c3d4e5f6", "action": "contact.updated", "noun": "contact",
    "object_id": "0192f0c1-0000-7000-8000-000000000c01", "version": 4,
    "actor_id": "0192f0c1-0000-7000-8000-000000000001", "api_key_id": null,
    "session_id": "0192f0c1-0000-7000-8000-0000000000d1", "request_id": "0192f0c1-0000-7000-8000-0000000000f1",
    "address": "203.0.113.7", "details": null, "occurred_at": "2026-11-25T08:00:00Z"
}))]
pub struct AuditLog {
    /// of a change: the id of its event
    pub id: EventId,
    #[schema(example = "contact.updated")]
    pub action: String,
    /// what sort of thing it was done to
    #[schema(example = "contact")]
    pub noun: String,
    pub object_id: Uuid,
    /// the version that came of it, where it was a change of a record
    pub version: Option<i32>,
    /// who; of a login that failed, whom it would have been
    pub actor_id: UserId,
    /// the API key through which
    pub api_key_id: Option<ApiKeyId>,
    /// the session in which
    pub session_id: Option<SessionId>,
    pub request_id: RequestId,
    /// from where; null where the server did it by itself, or it was erased
    pub address: Option<String>,
    /// what else there is to say of what is no change of a record
    #[schema(value_type = Option<Object>)]
    pub details: Option<serde_json::Value>,
    pub occurred_at: DateTime<Utc>,
}

pub static CATALOGUE: Catalogue = Catalogue {
    noun: "audit_log",
    table: "audit_log",
    fields: &[
        Field::new("id", Kind::Id),
        Field::new("action", Kind::Text),
        Field::new("noun", Kind::Text),
        Field::new("object_id", Kind::Id),
        Field::new("version", Kind::Int).nullable(),
        Field::new("actor_id", Kind::Id),
        Field::new("api_key_id", Kind::Id).nullable(),
        Field::new("session_id", Kind::Id).nullable(),
        Field::new("request_id", Kind::Id),
        Field::new("address", Kind::Text).nullable(),
        Field::new("details", Kind::Text).nullable().unfilterable().unsortable(),
        Field::new("occurred_at", Kind::Instant),
    ],
    relations: &[Relation::one("actor", "user", "actor_id")],
    custom: None,
    owned: Owned::Shared,
};

impl Noun for AuditLog {
    const NAME: &'static str = "audit_log";
}
impl Record for AuditLog {
    type Id = EventId;
    fn id(&self) -> EventId {
        self.id
    }
    /// It never changes.
    fn version(&self) -> i32 {
        1
    }
}
impl Listed for audit_log::table {
    const CATALOGUE: &'static Catalogue = &CATALOGUE;
    const ENDURES: bool = true;
}
