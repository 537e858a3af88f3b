//! The queries of what was sent. A part goes by its schedule, which its list asks for.
use super::ReportRun;
use crate::schema::report_runs;
use chrono::{DateTime, Utc};
use diesel::prelude::*;
use diesel::result::QueryResult;
use kernel::{Ctx, Page, ReportRunId, ReportScheduleId, Result};
use platform::{Conn, Listing};

/// What was sent by all schedules that the actor may see.
pub fn list(conn: &mut Conn, ctx: &Ctx, listing: &Listing<report_runs::table>) -> Result<Page<ReportRun>> {
    let all = || report_runs::table.filter(report_runs::tenant_id.eq(ctx.tenant));
    listing.page(
        conn,
        ctx,
        |conn, ask| {
            let page = all().filter(ask.matching()).order(ask.order()).limit(ask.limit());
            page.select((ReportRun::as_select(), ask.keys())).load(conn)
        },
        |ask| all().filter(ask.matching()).select(report_runs::id),
        |_| "",
    )
}

/// What became of it; a job that was begun anew says so once more. Whose schedule has gone meanwhile, nothing is kept of.
pub fn note(
    conn: &mut Conn,
    ctx: &Ctx,
    (schedule, due_at): (ReportScheduleId, DateTime<Utc>),
    row_count: Option<i32>,
    error: Option<&str>,
) -> QueryResult<usize> {
    let became = (
        report_runs::status.eq(if error.is_some() { "failed" } else { "succeeded" }),
        report_runs::error.eq(error),
        report_runs::row_count.eq(row_count),
        report_runs::updated_at.eq(ctx.now),
    );
    let row = (
        report_runs::tenant_id.eq(ctx.tenant),
        report_runs::id.eq(ReportRunId::new()),
        report_runs::report_schedule_id.eq(schedule),
        report_runs::recipient_id.eq(ctx.actor.user),
        report_runs::due_at.eq(due_at),
        report_runs::created_at.eq(ctx.now),
    );
    let once =
        (report_runs::tenant_id, report_runs::report_schedule_id, report_runs::recipient_id, report_runs::due_at);
    diesel::insert_into(report_runs::table)
        .values((row, became))
        .on_conflict(once)
        .do_update()
        .set(became)
        .execute(conn)
}

/// Takes away what was sent before that, of all tenants.
pub fn clear(conn: &mut Conn, before: DateTime<Utc>) -> QueryResult<usize> {
    diesel::delete(report_runs::table.filter(report_runs::created_at.lt(before))).execute(conn)
}
