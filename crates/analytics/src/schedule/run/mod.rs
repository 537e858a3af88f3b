//! Each time that a report was sent to somebody, or was not: a part of its schedule. It is kept for ninety days.
pub use crate::schema::report_runs::table as Table;

mod store;

use super::{ReportSchedule, store as schedules};
use crate::report::{self, ReportFormat, ReportOutcome, ReportQuestion};
use crate::schema::report_runs;
use chrono::{DateTime, TimeDelta, Utc};
use diesel::prelude::{Queryable, Selectable};
use kernel::catalogue::{Catalogue, Catalogues, Field, Kind as Holds, Owned, Relation};
use kernel::{Ctx, Language, Noun, Record, ReportRunId, ReportScheduleId, Result, UserId};
use platform::Conn;
use platform::filter::Listed;
use serde::Serialize;
use utoipa::ToSchema;

pub use store::{clear, list, note};

/// How long it is kept what was sent.
pub const KEPT: TimeDelta = TimeDelta::days(90);
pub const STATUSES: &[&str] = &["succeeded", "failed"];

/// A report that was sent to somebody, or was not.
#[derive(Clone, Debug, Queryable, Selectable, Serialize, ToSchema)]
#[diesel(table_name = report_runs, check_for_backend(diesel::pg::Pg))]
#[schema(example = json!({
    "id": "0192f0c1-8888-7000-8000-000000000011", "report_schedule_id": "0192f0c1-8888-7000-8000-000000000010",
    "recipient_id": "0192f0c1-0000-7000-8000-000000000001", "due_at": "2026-11-30T00:00:00Z", "status": "succeeded",
    "error": null, "row_count": 12, "version": 1, "created_at": "2026-11-30T00:00:04Z",
    "updated_at": "2026-11-30T00:00:04Z"
}))]
pub struct ReportRun {
    pub id: ReportRunId,
    pub report_schedule_id: ReportScheduleId,
    pub recipient_id: UserId,
    /// when it was to be sent
    pub due_at: DateTime<Utc>,
    /// `succeeded` or `failed`
    #[schema(example = "succeeded")]
    pub status: String,
    /// the code of what went wrong
    pub error: Option<String>,
    pub row_count: Option<i32>,
    pub version: i32,
    pub created_at: DateTime<Utc>,
    pub updated_at: DateTime<Utc>,
}

pub static CATALOGUE: Catalogue = Catalogue {
    noun: "report_run",
    table: "report_runs",
    fields: &[
        Field::new("id", Holds::Id),
        Field::new("report_schedule_id", Holds::Id),
        Field::new("recipient_id", Holds::Id),
        Field::new("due_at", Holds::Instant),
        Field::new("status", Holds::Choice(STATUSES)),
        Field::new("error", Holds::Text).nullable(),
        Field::new("row_count", Holds::Int).nullable(),
        Field::new("version", Holds::Int),
        Field::new("created_at", Holds::Instant),
        Field::new("updated_at", Holds::Instant),
    ],
    relations: &[
        Relation::one("report_schedule", "report_schedule", "report_schedule_id"),
        Relation::one("recipient", "user", "recipient_id"),
    ],
    custom: None,
    owned: Owned::Part { of: "report_schedule", column: "report_schedule_id" },
};

impl Noun for ReportRun {
    const NAME: &'static str = "report_run";
}
impl Record for ReportRun {
    type Id = ReportRunId;
    fn id(&self) -> ReportRunId {
        self.id
    }
    fn version(&self) -> i32 {
        self.version
    }
}
impl Listed for report_runs::table {
    const CATALOGUE: &'static Catalogue = &CATALOGUE;
    const ENDURES: bool = true;
}

/// What is sent: the report as its recipient may take it out, and where to.
#[derive(Clone, Debug)]
pub struct Delivery {
    pub schedule: ReportSchedule,
    pub outcome: ReportOutcome,
    pub format: ReportFormat,
    pub to: String,
    pub language: Language,
}

/// What a recipient gets, asked as that recipient; nothing where it is wanted no more.
pub fn delivery(
    conn: &mut Conn,
    ctx: &Ctx,
    all: &'static Catalogues,
    id: ReportScheduleId,
) -> Result<Option<Delivery>> {
    let schedule = schedules::held(conn, ctx, id)?;
    let address = schedules::address(conn, ctx, ctx.actor.user)?;
    let Some((to, locale)) = address.filter(|_| schedule.status == "active") else { return Ok(None) };
    let format = match schedule.format.as_str() {
        "xlsx" => ReportFormat::Xlsx,
        "pdf" => ReportFormat::Pdf,
        _ => ReportFormat::Csv,
    };
    let parameters = schedule.parameters.as_object().cloned().unwrap_or_default();
    let outcome = report::export(conn, ctx, all, schedule.report_id, &ReportQuestion { parameters }, format)?;
    let language = locale.and_then(|locale| Language::of(&locale)).unwrap_or_default();
    Ok(Some(Delivery { schedule, outcome, format, to, language }))
}
