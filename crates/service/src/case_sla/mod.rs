//! What was promised of a case, and how far that is: the clocks of its first answer, of each further one, and of its
//! solution. A clock is part of its case, and one a metric; of further answers each question has its own, by `round`.
//!
//! Clocks follow from what has happened: which statuses the case has had, and who has said what about it ([`facts`]). They
//! are reckoned, not kept up: whatever moves them leaves a mark by a trigger, whichever way it comes, and a worker settles
//! what is marked ([`clock`]). What is about to be broken, and what is, is told once each, as `case.sla_warned` and
//! `case.sla_breached`, in the transaction that says so of the clock.
mod clock;
pub(crate) mod facts;
mod policy;
pub(crate) mod schema;
mod settle;
mod store;
mod terms;

pub use clock::watch;
pub use schema::case_slas::table as Table;
pub use store::{list, of, of_all};

use chrono::{DateTime, Utc};
use diesel::prelude::{Queryable, Selectable};
use kernel::catalogue::{Catalogue, Field, Kind as Holds, Owned, Relation};
use kernel::{BusinessCalendarId, CaseId, CaseSlaId, Noun, Record, SlaPolicyId};
use platform::filter::Listed;
use schema::case_slas;
use serde::Serialize;
use utoipa::ToSchema;

use crate::sla_policy::{HOURS, METRICS, Statuses};

pub(crate) const RUNNING: &str = "running";
pub(crate) const PAUSED: &str = "paused";
pub(crate) const MET: &str = "met";
pub(crate) const LATE: &str = "late";
pub(crate) const BREACHED: &str = "breached";
pub(crate) const CANCELLED: &str = "cancelled";
pub const STATUSES: &[&str] = &[RUNNING, PAUSED, MET, LATE, BREACHED, CANCELLED];

/// A promise of a case, and how far it is.
#[derive(Clone, Debug, PartialEq, Queryable, Selectable, Serialize, ToSchema)]
#[diesel(table_name = case_slas, check_for_backend(diesel::pg::Pg))]
#[schema(example = json!({
    "id": "0192f0c1-9999-7000-8000-000000000003", "case_id": "0192f0c1-aaaa-7000-8000-000000000001",
    "metric": "first_response", "round": 1, "policy_id": "0192f0c1-9999-7000-8000-000000000002",
    "calendar_id": "0192f0c1-9999-7000-8000-000000000001", "minutes": 60, "hours": "business", "warn_at_percent": 80,
    "is_pausable": true,
    "pausing_statuses": ["pending"], "status": "running", "started_at": "2026-11-27T08:00:00Z", "due_at": "2026-11-27T09:00:00Z",
    "warn_at": "2026-11-27T08:48:00Z", "paused_at": null, "paused_ms": 0, "warned_at": null, "met_at": null,
    "breached_at": null, "cancelled_at": null, "version": 1, "created_at": "2026-11-27T08:00:02Z",
    "updated_at": "2026-11-27T08:00:02Z"
}))]
pub struct CaseSla {
    pub id: CaseSlaId,
    pub case_id: CaseId,
    /// `first_response`, `next_response` or `resolution`
    #[schema(example = "first_response")]
    pub metric: String,
    /// of `next_response` the how-manieth question it is about; of the others 1
    #[schema(minimum = 1, example = 1)]
    pub round: i32,
    /// which policy says so
    pub policy_id: Option<SlaPolicyId>,
    /// by whose hours it runs, if by any
    pub calendar_id: Option<BusinessCalendarId>,
    #[schema(minimum = 1, example = 60)]
    pub minutes: i32,
    /// which time counts: `business` or `wall_clock`
    #[schema(example = "business")]
    pub hours: String,
    #[schema(minimum = 1, maximum = 99, example = 80)]
    pub warn_at_percent: Option<i32>,
    pub is_pausable: bool,
    /// in which statuses of the case it stands still
    #[schema(value_type = Vec<String>, example = json!(["pending"]))]
    pub pausing_statuses: Statuses,
    /// `running`; `paused`, while somebody else is waited for; `met`; `late`, where it was kept after its time was over;
    /// `breached`, where it still is not; `cancelled`, where it is promised no more
    #[schema(example = "running")]
    pub status: String,
    pub started_at: DateTime<Utc>,
    /// the last moment at which it is kept in time; null while it is paused, and where its calendar opens too seldom
    pub due_at: Option<DateTime<Utc>>,
    /// when it warns
    pub warn_at: Option<DateTime<Utc>>,
    pub paused_at: Option<DateTime<Utc>>,
    /// how long it stood still, in pauses that are over
    #[schema(minimum = 0)]
    pub paused_ms: i64,
    /// when it was told that it is about to be broken
    pub warned_at: Option<DateTime<Utc>>,
    pub met_at: Option<DateTime<Utc>>,
    /// when its time was over and it was not kept
    pub breached_at: Option<DateTime<Utc>>,
    pub cancelled_at: Option<DateTime<Utc>>,
    pub version: i32,
    pub created_at: DateTime<Utc>,
    pub updated_at: DateTime<Utc>,
}

pub static CATALOGUE: Catalogue = Catalogue {
    noun: "case_sla",
    table: "case_slas",
    fields: &[
        Field::new("id", Holds::Id),
        Field::new("case_id", Holds::Id),
        Field::new("metric", Holds::Choice(METRICS)),
        Field::new("round", Holds::Int),
        Field::new("policy_id", Holds::Id).nullable(),
        Field::new("calendar_id", Holds::Id).nullable(),
        Field::new("minutes", Holds::Int),
        Field::new("hours", Holds::Choice(HOURS)),
        Field::new("warn_at_percent", Holds::Int).nullable(),
        Field::new("is_pausable", Holds::Bool),
        Field::new("pausing_statuses", Holds::Text).unfilterable().unsortable(),
        Field::new("status", Holds::Choice(STATUSES)),
        Field::new("started_at", Holds::Instant),
        Field::new("due_at", Holds::Instant).nullable(),
        Field::new("warn_at", Holds::Instant).nullable(),
        Field::new("paused_at", Holds::Instant).nullable(),
        Field::new("paused_ms", Holds::Int),
        Field::new("warned_at", Holds::Instant).nullable(),
        Field::new("met_at", Holds::Instant).nullable(),
        Field::new("breached_at", Holds::Instant).nullable(),
        Field::new("cancelled_at", Holds::Instant).nullable(),
        Field::new("version", Holds::Int),
        Field::new("created_at", Holds::Instant),
        Field::new("updated_at", Holds::Instant),
    ],
    relations: &[
        Relation::one("case", "case", "case_id"),
        Relation::one("policy", "sla_policy", "policy_id"),
        Relation::one("calendar", "business_calendar", "calendar_id"),
    ],
    custom: None,
    owned: Owned::Part { of: "case", column: "case_id" },
};

impl Noun for CaseSla {
    const NAME: &'static str = "case_sla";
}
impl Record for CaseSla {
    type Id = CaseSlaId;
    fn id(&self) -> CaseSlaId {
        self.id
    }
    fn version(&self) -> i32 {
        self.version
    }
}
impl Listed for case_slas::table {
    const CATALOGUE: &'static Catalogue = &CATALOGUE;
    const ENDURES: bool = true;
}
