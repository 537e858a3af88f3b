//! A schedule sends a report to people, again and again: each of them gets what they see themselves. What was missed while
//! nothing ran is made up for once. Where its owner has left, it is paused, and says so.
mod body;
mod clock;
mod deeds;
pub mod rhythm;
pub mod run;
mod store;

pub use crate::schema::report_schedules::table as Table;
pub use body::{NewReportSchedule, ReportSchedulePatch};
pub use clock::{JOB, put_down_due};
pub use deeds::{archive, create, restore, update};
pub use store::{find, list};

use crate::schema::report_schedules;
use chrono::{DateTime, Utc};
use diesel::prelude::{Queryable, Selectable};
use kernel::catalogue::{Catalogue, Field, Kind as Holds, Owned, Relation, Searched};
use kernel::{Noun, Record, ReportId, ReportScheduleId, TeamId, UserId};
use platform::filter::Listed;
use serde::Serialize;
use serde_json::Value;
use utoipa::ToSchema;
use uuid::Uuid;

pub const STATUSES: &[&str] = &["active", "paused"];
pub const FORMATS: &[&str] = &["csv", "xlsx", "pdf"];

/// A report that is sent to people, again and again.
#[derive(Clone, Debug, Queryable, Selectable, Serialize, ToSchema)]
#[diesel(table_name = report_schedules, check_for_backend(diesel::pg::Pg))]
#[schema(example = json!({
    "id": "0192f0c1-8888-7000-8000-000000000010", "owner_id": "0192f0c1-0000-7000-8000-000000000001", "team_id": null,
    "report_id": "0192f0c1-8888-7000-8000-00000000000e", "name": "Every Monday", "rule": "FREQ=WEEKLY;BYDAY=MO;BYHOUR=8",
    "time_zone": "Asia/Shanghai", "recipient_ids": ["0192f0c1-0000-7000-8000-000000000001"], "format": "pdf",
    "parameters": {}, "status": "active", "status_reason": null, "next_at": "2026-11-30T00:00:00Z", "last_at": null,
    "version": 1, "created_at": "2026-11-27T08:00:00Z", "updated_at": "2026-11-27T08:00:00Z",
    "created_by": "0192f0c1-0000-7000-8000-000000000001", "updated_by": "0192f0c1-0000-7000-8000-000000000001",
    "deleted_at": null
}))]
pub struct ReportSchedule {
    pub id: ReportScheduleId,
    pub owner_id: UserId,
    pub team_id: Option<TeamId>,
    pub report_id: ReportId,
    pub name: String,
    /// a recurrence rule (RFC 5545) of `FREQ` (`HOURLY` to `MONTHLY`), `INTERVAL`, `BYDAY`, `BYMONTHDAY`, `BYHOUR`, `BYMINUTE`
    #[schema(example = "FREQ=WEEKLY;BYDAY=MO;BYHOUR=8")]
    pub rule: String,
    /// by whose clock, of the IANA list
    #[schema(example = "Asia/Shanghai")]
    pub time_zone: String,
    /// users: each gets what they see and may take out
    pub recipient_ids: Vec<Uuid>,
    /// `csv`, `xlsx` or `pdf`
    #[schema(example = "pdf")]
    pub format: String,
    /// what the report asks for
    #[schema(value_type = Object)]
    pub parameters: Value,
    /// `active` or `paused`
    #[schema(example = "active")]
    pub status: String,
    /// why it was paused by itself: `owner_gone`
    pub status_reason: Option<String>,
    /// when it is sent next
    pub next_at: Option<DateTime<Utc>>,
    pub last_at: Option<DateTime<Utc>>,
    pub version: i32,
    pub created_at: DateTime<Utc>,
    pub updated_at: DateTime<Utc>,
    pub created_by: UserId,
    pub updated_by: UserId,
    pub deleted_at: Option<DateTime<Utc>>,
}

pub static CATALOGUE: Catalogue = Catalogue {
    noun: "report_schedule",
    table: "report_schedules",
    fields: &[
        Field::new("id", Holds::Id),
        Field::new("owner_id", Holds::Id),
        Field::new("team_id", Holds::Id).nullable(),
        Field::new("report_id", Holds::Id),
        Field::new("name", Holds::Text).searched(Searched::Name),
        Field::new("rule", Holds::Text).unsortable(),
        Field::new("time_zone", Holds::Text),
        Field::new("recipient_ids", Holds::Text).unfilterable().unsortable(),
        Field::new("format", Holds::Choice(FORMATS)),
        Field::new("parameters", Holds::Text).unfilterable().unsortable(),
        Field::new("status", Holds::Choice(STATUSES)),
        Field::new("status_reason", Holds::Text).nullable(),
        Field::new("next_at", Holds::Instant).nullable(),
        Field::new("last_at", Holds::Instant).nullable(),
        Field::new("version", Holds::Int),
        Field::new("created_at", Holds::Instant),
        Field::new("updated_at", Holds::Instant),
        Field::new("created_by", Holds::Id),
        Field::new("updated_by", Holds::Id),
        Field::new("deleted_at", Holds::Instant).nullable(),
    ],
    relations: &[
        Relation::one("owner", "user", "owner_id"),
        Relation::one("team", "team", "team_id"),
        Relation::one("report", "report", "report_id"),
        Relation::many("runs", "report_run", "report_schedule_id"),
    ],
    custom: None,
    owned: Owned::Rows { owner: "owner_id", team: "team_id" },
};

impl Noun for ReportSchedule {
    const NAME: &'static str = "report_schedule";
}
impl Record for ReportSchedule {
    type Id = ReportScheduleId;
    fn id(&self) -> ReportScheduleId {
        self.id
    }
    fn version(&self) -> i32 {
        self.version
    }
}
impl Listed for report_schedules::table {
    const CATALOGUE: &'static Catalogue = &CATALOGUE;
}
