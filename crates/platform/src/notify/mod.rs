//! What somebody is told of by itself: that a record which they follow has changed, that one has become theirs or was
//! shown to them, that they are named in a text, that something waits for their yes, or what came of it that they have asked
//! for one, that their work in the background has ended, that a webhook of theirs is switched off.
//!
//! All of it comes from the events, in their order ([`fanout`]), and holds no more than which event it is: what that tells
//! is asked anew whenever it is read, in the eyes of the reader. Nobody is told of what they have done themselves.
pub mod approval;
mod deeds;
pub mod device;
pub mod fanout;
pub mod letter;
mod mention;
pub mod preference;
mod promise;
pub mod push;
mod schema;
mod store;

pub use deeds::{list, mark, prefer};
pub use schema::notifications::table as Table;
pub use store::{clear, unread};

use crate::event::Event;
use crate::filter::Listed;
use chrono::{DateTime, Utc};
use diesel::prelude::{Queryable, Selectable};
use kernel::catalogue::{Catalogue, Field, Kind as Holds, Owned};
use kernel::{EventId, NotificationId, Noun, Record, Tidy, UserId, rule};
use schema::notifications;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use utoipa::openapi::schema::{Object, ObjectBuilder, Type};
use uuid::Uuid;
use validator::{Validate, ValidationError};

pub const ASSIGNED: &str = "assigned";
pub const SHARED: &str = "shared";
pub const ENDED: &str = "ended";
pub const DISABLED: &str = "disabled";
pub const REMINDER: &str = "task_reminder";
pub const MENTIONED: &str = "mentioned";
pub const APPROVAL_REQUESTED: &str = "approval_requested";
pub const APPROVAL_DECIDED: &str = "approval_decided";
pub const SLA_WARNED: &str = "sla_warned";
pub const SLA_BREACHED: &str = "sla_breached";
pub const ESCALATED: &str = "escalated";
pub const FOLLOWED: &str = "followed";
/// Why somebody is told: what comes first counts.
pub const KINDS: &[&str] = &[
    ASSIGNED,
    SHARED,
    ENDED,
    DISABLED,
    REMINDER,
    MENTIONED,
    APPROVAL_REQUESTED,
    APPROVAL_DECIDED,
    SLA_WARNED,
    SLA_BREACHED,
    ESCALATED,
    FOLLOWED,
];

pub const UNREAD: &str = "unread";
pub const STATUSES: &[&str] = &[UNREAD, "read", "archived"];

/// How long they are kept.
pub const KEPT: chrono::Duration = chrono::Duration::days(90);

/// Something that the caller is told of, as it is kept.
#[derive(Clone, Debug, Queryable, Selectable, Serialize, ToSchema)]
#[diesel(table_name = notifications, check_for_backend(diesel::pg::Pg))]
#[schema(as = KeptNotification)]
pub struct Kept {
    pub id: NotificationId,
    /// `assigned`, `shared`, `ended`, `disabled`, `task_reminder`, `mentioned`, `approval_requested`, `approval_decided`,
    /// `sla_warned`, `sla_breached`, `escalated` or `followed`
    #[schema(example = "followed")]
    pub kind: String,
    /// of which noun
    #[schema(example = "contact")]
    pub resource: String,
    /// which record
    pub record_id: Uuid,
    pub event_id: EventId,
    /// who did it
    pub actor_id: UserId,
    /// `unread`, `read` or `archived`
    #[schema(example = "unread")]
    pub status: String,
    pub created_at: DateTime<Utc>,
    #[serde(skip)]
    seq: i64,
}

/// Something that the caller is told of.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct Notification {
    #[serde(flatten)]
    pub kept: Kept,
    /// what has happened, as the caller sees it now; null where they see it no more
    pub event: Option<Event>,
}

/// Of which notifications it is said.
#[derive(Clone, Debug, Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({"status": "read"}))]
pub struct NotificationMarks {
    /// `unread`, `read` or `archived`
    #[validate(custom(function = "is_status"))]
    #[schema(schema_with = statuses)]
    pub status: String,
    /// all of the caller's, where there are none
    #[validate(length(max = 1000))]
    #[schema(max_items = 1000)]
    pub ids: Option<Vec<NotificationId>>,
}

impl Tidy for NotificationMarks {}

fn statuses() -> Object {
    ObjectBuilder::new().schema_type(Type::String).enum_values(Some(STATUSES.iter().copied())).build()
}

fn is_status(status: &str) -> Result<(), ValidationError> {
    match STATUSES.contains(&status) {
        true => Ok(()),
        false => Err(rule!("choice", "is none of unread, read and archived")),
    }
}

pub static CATALOGUE: Catalogue = Catalogue {
    noun: "notification",
    table: "notifications",
    fields: &[
        Field::new("id", Holds::Id),
        Field::new("kind", Holds::Choice(KINDS)),
        Field::new("resource", Holds::Text),
        Field::new("record_id", Holds::Id),
        Field::new("event_id", Holds::Id),
        Field::new("actor_id", Holds::Id),
        Field::new("status", Holds::Choice(STATUSES)),
        Field::new("created_at", Holds::Instant),
    ],
    relations: &[],
    custom: None,
    // each is one person's alone: its one list says so
    owned: Owned::Shared,
};

impl Noun for Kept {
    const NAME: &'static str = "notification";
}
impl Record for Kept {
    type Id = NotificationId;
    fn id(&self) -> NotificationId {
        self.id
    }
    /// Nobody but its reader changes it.
    fn version(&self) -> i32 {
        1
    }
}
impl Noun for Notification {
    const NAME: &'static str = Kept::NAME;
}
impl Record for Notification {
    type Id = NotificationId;
    fn id(&self) -> NotificationId {
        self.kept.id
    }
    fn version(&self) -> i32 {
        self.kept.version()
    }
}
impl Listed for notifications::table {
    const CATALOGUE: &'static Catalogue = &CATALOGUE;
    const ENDURES: bool = true;
}
