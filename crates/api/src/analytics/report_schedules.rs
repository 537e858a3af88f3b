//! `/v1/report-schedules`: reports that are sent to people, again and again; and `/v1/report-runs`: what was sent.
use crate::answer::{Created, Found, Nothing, Result, Shown};
use crate::extract::{Can, Id, IfMatch, List, ListQuery, Valid, View, ViewQuery};
use crate::routes::Routes;
use ::analytics::schedule::run::{self, ReportRun};
use ::analytics::schedule::{self, NewReportSchedule, ReportSchedule, ReportSchedulePatch};
use ::platform::Db;
use actix_web::web::Data;
use actix_web::{delete, get, patch, post};
use kernel::{Create, Delete, Page, Read, ReportScheduleId, Update};
use serde_json::Value;

pub fn routes(cfg: &mut Routes) {
    cfg.service(list_report_schedules)
        .service(create_report_schedule)
        .service(get_report_schedule)
        .service(update_report_schedule)
        .service(delete_report_schedule)
        .service(restore_report_schedule)
        .service(list_report_runs);
}

type ReportSchedulePage = Page<ReportSchedule>;
type ReportRunPage = Page<ReportRun>;

/// List report schedules
///
/// Newest first, unless `sort` says otherwise.
#[utoipa::path(tag = "report-schedules", params(ListQuery),
    responses((status = 200, description = "a page of schedules", body = ReportSchedulePage)))]
#[get("/report-schedules")]
async fn list_report_schedules(
    db: Data<Db>,
    Can(can): Can<Read<ReportSchedule>>,
    List(listing, view): List<schedule::Table>,
) -> Result<Shown<ReportSchedulePage, Page<Value>>> {
    view.page(&db, can, move |conn, ctx| schedule::list(conn, ctx, &listing)).await
}

/// Create a report schedule
///
/// Each recipient gets a letter with what they see themselves and may take out. Times that were missed while nothing ran
/// are made up for once. Where its owner has left, it is paused.
#[utoipa::path(tag = "report-schedules", request_body = NewReportSchedule,
    responses((status = 201, description = "the schedule as it was made", body = ReportSchedule)))]
#[post("/report-schedules")]
async fn create_report_schedule(
    db: Data<Db>,
    Can(can): Can<Create<ReportSchedule>>,
    Valid(new): Valid<NewReportSchedule>,
) -> Result<Created<ReportSchedule>> {
    Ok(Created(db.change(can, move |conn, ctx| schedule::create(conn, ctx, &new)).await?))
}

/// Get a report schedule
#[utoipa::path(tag = "report-schedules", params(("id" = ReportScheduleId, Path), ViewQuery),
    responses((status = 200, description = "the schedule", body = ReportSchedule)))]
#[get("/report-schedules/{id}")]
async fn get_report_schedule(
    db: Data<Db>,
    Can(can): Can<Read<ReportSchedule>>,
    Id(id): Id<ReportScheduleId>,
    view: View,
) -> Result<Found<ReportSchedule>> {
    view.one(&db, can, id).await
}

/// Update a report schedule
///
/// What was paused goes on with the next time from now.
#[utoipa::path(tag = "report-schedules", params(("id" = ReportScheduleId, Path)),
    request_body(content = ReportSchedulePatch, content_type = "application/merge-patch+json"),
    responses((status = 200, description = "the schedule as it is now", body = ReportSchedule)))]
#[patch("/report-schedules/{id}")]
async fn update_report_schedule(
    db: Data<Db>,
    Can(can): Can<Update<ReportSchedule>>,
    Id(id): Id<ReportScheduleId>,
    IfMatch(base): IfMatch,
    Valid(patch): Valid<ReportSchedulePatch>,
) -> Result<Found<ReportSchedule>> {
    Ok(Found::plain(db.change(can, move |conn, ctx| schedule::update(conn, ctx, id, base, &patch)).await?))
}

/// Archive a report schedule
#[utoipa::path(tag = "report-schedules", params(("id" = ReportScheduleId, Path)),
    responses((status = 204, description = "archived")))]
#[delete("/report-schedules/{id}")]
async fn delete_report_schedule(
    db: Data<Db>,
    Can(can): Can<Delete<ReportSchedule>>,
    Id(id): Id<ReportScheduleId>,
    IfMatch(base): IfMatch,
) -> Result<Nothing> {
    db.change(can, move |conn, ctx| schedule::archive(conn, ctx, id, base)).await?;
    Ok(Nothing)
}

/// Restore an archived report schedule
#[utoipa::path(tag = "report-schedules", params(("id" = ReportScheduleId, Path)),
    responses((status = 200, description = "the schedule, in use again", body = ReportSchedule)))]
#[post("/report-schedules/{id}/restore")]
async fn restore_report_schedule(
    db: Data<Db>,
    Can(can): Can<Delete<ReportSchedule>>,
    Id(id): Id<ReportScheduleId>,
) -> Result<Found<ReportSchedule>> {
    Ok(Found::plain(db.change(can, move |conn, ctx| schedule::restore(conn, ctx, id)).await?))
}

/// List what was sent by report schedules
///
/// Of the last ninety days: to whom, and what went wrong.
#[utoipa::path(tag = "report-schedules", params(ListQuery),
    responses((status = 200, description = "a page of what was sent", body = ReportRunPage)))]
#[get("/report-runs")]
async fn list_report_runs(
    db: Data<Db>,
    Can(can): Can<Read<ReportSchedule>>,
    List(listing, view): List<run::Table>,
) -> Result<Shown<ReportRunPage, Page<Value>>> {
    view.page(&db, can, move |conn, ctx| run::list(conn, ctx, &listing)).await
}
