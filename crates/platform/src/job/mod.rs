//! A job is work that is done later, outside the request that asked for it.
//!
//! It is put down in the transaction that makes it necessary, so that it exists exactly if that is kept. One worker holds
//! it at a time, under a lease; its fence grows with every take-over, and whoever holds an older one writes nothing more.
//! A job is done at least once: what it does stands in transactions that also write its progress.
mod queue;
pub mod schedule;
mod store;

pub use crate::schema::jobs::table as Table;
pub use queue::{
    Held, LEASE, LOST, MOST_ATTEMPTS, Priority, claim, discard, end, enqueue, enqueue_as, enqueue_held, hold, keep,
    progress, release, retry, tell,
};
pub use store::{again, cancel, find, list};

use crate::filter::Listed;
use crate::schema::jobs;
use chrono::{DateTime, Utc};
use diesel::prelude::{Queryable, Selectable};
use kernel::catalogue::{Catalogue, Field, Kind as Holds, Owned, Relation, Searched};
use kernel::{Code, JobId, Kind, Noun, Record, UserId};
use serde::Serialize;
use utoipa::ToSchema;

/// How far a job is.
pub const STATUSES: &[&str] = &["queued", "running", "succeeded", "partially_succeeded", "failed", "cancelled"];

pub const NOT_RETRYABLE: Code =
    Code::new("job_not_retryable", Kind::Conflict, "The job has not failed, or is begun anew by other means.");

/// The codes of jobs.
pub const CODES: &[Code] = &[LOST, NOT_RETRYABLE];

/// How far a job has got; nothing before it has begun.
#[derive(Clone, Debug, Default, Serialize, ToSchema)]
pub struct JobProgress {
    pub done: i64,
    /// what it runs up to, where that is known
    #[serde(skip_serializing_if = "Option::is_none")]
    pub total: Option<i64>,
    /// what is counted
    #[schema(example = "rows")]
    pub unit: &'static str,
}

impl JobProgress {
    pub fn json(&self) -> serde_json::Value {
        serde_json::to_value(self).unwrap_or_default()
    }
}

/// Work that goes on in the background.
#[derive(Clone, Debug, Queryable, Selectable, Serialize, ToSchema)]
#[diesel(table_name = jobs, check_for_backend(diesel::pg::Pg))]
#[schema(example = json!({
    "id": "0192f0c1-5555-7000-8000-000000000006", "kind": "import", "status": "running",
    "priority": 9, "progress": {"done": 12000, "total": 48000, "unit": "rows"}, "error": null, "attempts": 1, "cancel_asked": false,
    "created_by": "0192f0c1-0000-7000-8000-000000000001", "version": 4, "created_at": "2026-11-21T08:00:00Z",
    "updated_at": "2026-11-21T08:00:09Z", "finished_at": null
}))]
pub struct Job {
    pub id: JobId,
    /// what is done
    #[schema(example = "import")]
    pub kind: String,
    #[schema(example = "running")]
    pub status: String,
    /// the smaller, the sooner it is taken
    #[schema(example = 9)]
    pub priority: i16,
    /// what it has got done so far: `done` of `total`, in `unit`s
    #[schema(value_type = Object)]
    pub progress: serde_json::Value,
    /// why it failed, or why it is tried again
    pub error: Option<String>,
    /// how often it was begun without getting anything done since
    pub attempts: i32,
    pub cancel_asked: bool,
    pub created_by: UserId,
    pub version: i32,
    pub created_at: DateTime<Utc>,
    pub updated_at: DateTime<Utc>,
    pub finished_at: Option<DateTime<Utc>>,
}

pub static CATALOGUE: Catalogue = Catalogue {
    noun: "job",
    table: "jobs",
    fields: &[
        Field::new("id", Holds::Id),
        Field::new("kind", Holds::Text).searched(Searched::Text),
        Field::new("status", Holds::Choice(STATUSES)),
        Field::new("priority", Holds::Int),
        Field::new("progress", Holds::Text).unfilterable().unsortable(),
        Field::new("error", Holds::Text).nullable().unsortable(),
        Field::new("attempts", Holds::Int),
        Field::new("cancel_asked", Holds::Bool),
        Field::new("created_by", Holds::Id),
        Field::new("version", Holds::Int),
        Field::new("created_at", Holds::Instant),
        Field::new("updated_at", Holds::Instant),
        Field::new("finished_at", Holds::Instant).nullable(),
    ],
    relations: &[Relation::one("creator", "user", "created_by")],
    custom: None,
    owned: Owned::Rows { owner: "created_by", team: "team_id" },
};

impl Noun for Job {
    const NAME: &'static str = "job";
}
impl Record for Job {
    type Id = JobId;
    fn id(&self) -> JobId {
        self.id
    }
    fn version(&self) -> i32 {
        self.version
    }
}
impl Listed for jobs::table {
    const CATALOGUE: &'static Catalogue = &CATALOGUE;
}
