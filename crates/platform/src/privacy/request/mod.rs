//! What somebody asks about their data, and what becomes of it: `received → verified → in_progress → completed`, or
//! `rejected` on the way. Each step is kept with its event; what is closed changes no more.
//!
//! Somebody whom nobody here knows has no subject: such a request is completed by looking for them and telling that
//! nothing is held, and is refused while something is.
mod asked;
mod deeds;
mod due;
mod store;
mod work;

pub use crate::schema::privacy_requests::table as Table;
pub use asked::{NewPrivacyRequest, PrivacyRequestPatch, Rejection, Verification};
pub use deeds::{complete, create, lift, reject, start, update, verify};
pub use store::{expired, find, list};
pub use work::{downloaded, erased, failed, file, gathered};

use super::hold::SUBJECTS;
use crate::filter::Listed;
use crate::schema::privacy_requests;
use chrono::{DateTime, NaiveDate, Utc};
use diesel::prelude::{Queryable, Selectable};
use kernel::catalogue::{Catalogue, Field, Kind as Holds, Owned, Relation, Searched};
use kernel::{Code, JobId, Kind, Noun, PrivacyRequestId, Record, UserId};
use serde::Serialize;
use utoipa::ToSchema;
use uuid::Uuid;

pub const WRONG_STATUS: Code = Code::new(
    "privacy_wrong_status",
    Kind::Conflict,
    "The request is not where this step begins: `received`, `verified`, `in_progress`, then `completed` or `rejected`.",
);
pub const UNDER_WAY: Code =
    Code::new("privacy_under_way", Kind::Conflict, "A job works on the request: come back when it has ended.");
pub const SUBJECT_KNOWN: Code = Code::new(
    "privacy_subject_known",
    Kind::Conflict,
    "Something is held of somebody with this address: `existing` says what; name it as the subject.",
);
pub const NO_FILE: Code =
    Code::new("privacy_no_file", Kind::NotFound, "There is no file: none was gathered yet, or it has expired.");
pub const NO_RESTRICTION: Code =
    Code::new("privacy_no_restriction", Kind::Conflict, "No restriction stands by this request.");
pub const CODES: &[Code] = &[WRONG_STATUS, UNDER_WAY, SUBJECT_KNOWN, NO_FILE, NO_RESTRICTION];

pub const KINDS: &[&str] = &["access", "portability", "rectification", "erasure", "restriction"];
pub const STATUSES: &[&str] = &["received", "verified", "in_progress", "completed", "rejected"];
pub const CHANNELS: &[&str] =
    &["email", "phone", "sms", "chat", "web_form", "portal", "social", "wechat", "api", "in_person", "letter", "other"];
/// The laws that set a time to answer.
pub const LAWS: &[&str] = &["gdpr", "pipl"];

/// What somebody asks about their data.
#[derive(Clone, Debug, Queryable, Selectable, Serialize, ToSchema)]
#[diesel(table_name = privacy_requests, check_for_backend(diesel::pg::Pg))]
#[schema(example = json!({
    "id": "0192f0c1-7777-7000-8000-000000000007", "kind": "access", "status": "received", "subject_kind": "contact",
    "subject_id": "0192f0c1-7a3b-7c4d-8e5f-a1b2c3d4e5f6", "requester_name": "王伟",
    "requester_email": "wang.wei@example.cn", "words": "What do you know of me?", "channel": "email", "law": "gdpr",
    "due_on": "2026-12-21", "evidence": null, "verified_how": null, "verified_at": null, "started_at": null,
    "closed_at": null, "reason": null, "outcome": {}, "error": null, "file_size": null, "file_sha256": null,
    "file_expires_at": null, "job_id": null, "version": 1, "created_at": "2026-11-21T08:00:00Z",
    "updated_at": "2026-11-21T08:00:00Z", "created_by": "0192f0c1-0000-7000-8000-000000000001",
    "updated_by": "0192f0c1-0000-7000-8000-000000000001", "deleted_at": null
}))]
pub struct PrivacyRequest {
    pub id: PrivacyRequestId,
    #[schema(example = "access")]
    pub kind: String,
    #[schema(example = "received")]
    pub status: String,
    /// `contact`, `account`, `lead` or `user`; none is known
    pub subject_kind: Option<String>,
    pub subject_id: Option<Uuid>,
    pub requester_name: Option<String>,
    pub requester_email: Option<String>,
    /// what they ask for, in their words
    pub words: Option<String>,
    #[schema(example = "email")]
    pub channel: String,
    /// the law that it is asked by
    #[schema(example = "gdpr")]
    pub law: String,
    /// by when they have to be answered
    pub due_on: NaiveDate,
    pub evidence: Option<String>,
    /// how it was found out that it is they who ask
    pub verified_how: Option<String>,
    pub verified_at: Option<DateTime<Utc>>,
    pub started_at: Option<DateTime<Utc>>,
    pub closed_at: Option<DateTime<Utc>>,
    /// why it was rejected
    pub reason: Option<String>,
    /// what was done: counts and ids
    #[schema(value_type = Object)]
    pub outcome: serde_json::Value,
    /// why the job failed
    pub error: Option<String>,
    /// of what was gathered, in bytes
    pub file_size: Option<i64>,
    pub file_sha256: Option<String>,
    pub file_expires_at: Option<DateTime<Utc>>,
    pub job_id: Option<JobId>,
    pub version: i32,
    pub created_at: DateTime<Utc>,
    pub updated_at: DateTime<Utc>,
    pub created_by: UserId,
    pub updated_by: UserId,
    pub deleted_at: Option<DateTime<Utc>>,
}

pub static CATALOGUE: Catalogue = Catalogue {
    noun: "privacy_request",
    table: "privacy_requests",
    fields: &[
        Field::new("id", Holds::Id),
        Field::new("kind", Holds::Choice(KINDS)),
        Field::new("status", Holds::Choice(STATUSES)),
        Field::new("subject_kind", Holds::Choice(SUBJECTS)).nullable(),
        Field::new("subject_id", Holds::Id).nullable(),
        Field::new("requester_name", Holds::Text).nullable().searched(Searched::Name),
        Field::new("requester_email", Holds::Text).nullable().searched(Searched::Whole),
        Field::new("words", Holds::Text).nullable().unsortable().searched(Searched::Text),
        Field::new("channel", Holds::Choice(CHANNELS)),
        Field::new("law", Holds::Choice(LAWS)),
        Field::new("due_on", Holds::Date),
        Field::new("evidence", Holds::Text).nullable().unsortable(),
        Field::new("verified_how", Holds::Text).nullable().unsortable(),
        Field::new("verified_at", Holds::Instant).nullable(),
        Field::new("started_at", Holds::Instant).nullable(),
        Field::new("closed_at", Holds::Instant).nullable(),
        Field::new("reason", Holds::Text).nullable().unsortable(),
        Field::new("outcome", Holds::Text).unfilterable().unsortable(),
        Field::new("error", Holds::Text).nullable().unsortable(),
        Field::new("file_size", Holds::Int).nullable(),
        Field::new("file_sha256", Holds::Text).nullable(),
        Field::new("file_expires_at", Holds::Instant).nullable(),
        Field::new("job_id", Holds::Id).nullable(),
        Field::new("version", Holds::Int),
        Field::new("created_at", Holds::Instant),
        Field::new("updated_at", Holds::Instant),
        Field::new("created_by", Holds::Id),
        Field::new("updated_by", Holds::Id),
        Field::new("deleted_at", Holds::Instant).nullable(),
    ],
    relations: &[Relation::one("creator", "user", "created_by"), Relation::one("job", "job", "job_id")],
    custom: None,
    owned: Owned::Shared,
};

impl Noun for PrivacyRequest {
    const NAME: &'static str = "privacy_request";
}
impl Record for PrivacyRequest {
    type Id = PrivacyRequestId;
    fn id(&self) -> PrivacyRequestId {
        self.id
    }
    fn version(&self) -> i32 {
        self.version
    }
}
impl Listed for privacy_requests::table {
    const CATALOGUE: &'static Catalogue = &CATALOGUE;
}
