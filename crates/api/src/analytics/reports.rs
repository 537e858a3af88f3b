//! `/v1/reports`: queries that are kept.
use super::printed;
use crate::answer::{Created, Found, Nothing, Result, Shown};
use crate::extract::{Asked, Can, Id, IfMatch, List, ListQuery, Valid, View, ViewQuery};
use crate::house::House;
use crate::language;
use crate::routes::Routes;
use ::analytics::report::{
    self, NewReport, Report, ReportFormat, ReportOutcome, ReportPatch, ReportQuestion, RunFormat,
};
use ::platform::Db;
use actix_web::http::header;
use actix_web::web::Data;
use actix_web::{HttpRequest, HttpResponse, delete, get, patch, post};
use kernel::{Create, Delete, Export, Page, Read, ReportId, Update};
use serde::Deserialize;
use serde_json::Value;
use utoipa::IntoParams;

pub fn routes(cfg: &mut Routes) {
    cfg.service(list_reports)
        .service(create_report)
        .service(get_report)
        .service(update_report)
        .service(delete_report)
        .service(restore_report)
        .service(run_report)
        .service(export_report);
}

type ReportPage = Page<Report>;

/// How a report is answered.
#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
#[serde(deny_unknown_fields)]
pub struct RunQuery {
    /// figures as JSON, its chart as SVG, or as a specification of Vega-Lite
    #[param(inline)]
    format: Option<RunFormat>,
}

/// How a report is taken out.
#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
#[serde(deny_unknown_fields)]
pub struct ReportExportQuery {
    /// what sort of file
    #[param(inline)]
    format: Option<ReportFormat>,
}

/// List reports
///
/// Newest first, unless `sort` says otherwise.
#[utoipa::path(tag = "reports", params(ListQuery),
    responses((status = 200, description = "a page of reports", body = ReportPage)))]
#[get("/reports")]
async fn list_reports(
    db: Data<Db>,
    Can(can): Can<Read<Report>>,
    List(listing, view): List<report::Table>,
) -> Result<Shown<ReportPage, Page<Value>>> {
    view.page(&db, can, move |conn, ctx| report::list(conn, ctx, &listing)).await
}

/// Create a report
///
/// The caller's own, unless it is of a team, public, or shared. Whoever runs it is told what they see themselves.
#[utoipa::path(tag = "reports", request_body = NewReport,
    responses((status = 201, description = "the report as it was made", body = Report)))]
#[post("/reports")]
async fn create_report(
    house: Data<House>,
    Can(can): Can<Create<Report>>,
    Valid(new): Valid<NewReport>,
) -> Result<Created<Report>> {
    let all = house.catalogues;
    Ok(Created(house.db.change(can, move |conn, ctx| report::create(conn, ctx, all, &new)).await?))
}

/// Get a report
#[utoipa::path(tag = "reports", params(("id" = ReportId, Path), ViewQuery),
    responses((status = 200, description = "the report", body = Report)))]
#[get("/reports/{id}")]
async fn get_report(
    db: Data<Db>,
    Can(can): Can<Read<Report>>,
    Id(id): Id<ReportId>,
    view: View,
) -> Result<Found<Report>> {
    view.one(&db, can, id).await
}

/// Update a report
#[utoipa::path(tag = "reports", params(("id" = ReportId, Path)),
    request_body(content = ReportPatch, content_type = "application/merge-patch+json"),
    responses((status = 200, description = "the report as it is now", body = Report)))]
#[patch("/reports/{id}")]
async fn update_report(
    house: Data<House>,
    Can(can): Can<Update<Report>>,
    Id(id): Id<ReportId>,
    IfMatch(base): IfMatch,
    Valid(patch): Valid<ReportPatch>,
) -> Result<Found<Report>> {
    let all = house.catalogues;
    let done = house.db.change(can, move |conn, ctx| report::update(conn, ctx, all, id, base, &patch));
    Ok(Found::plain(done.await?))
}

/// Archive a report
#[utoipa::path(tag = "reports", params(("id" = ReportId, Path)),
    responses((status = 204, description = "archived")))]
#[delete("/reports/{id}")]
async fn delete_report(
    db: Data<Db>,
    Can(can): Can<Delete<Report>>,
    Id(id): Id<ReportId>,
    IfMatch(base): IfMatch,
) -> Result<Nothing> {
    db.change(can, move |conn, ctx| report::archive(conn, ctx, id, base)).await?;
    Ok(Nothing)
}

/// Restore an archived report
#[utoipa::path(tag = "reports", params(("id" = ReportId, Path)),
    responses((status = 200, description = "the report, in use again", body = Report)))]
#[post("/reports/{id}/restore")]
async fn restore_report(db: Data<Db>, Can(can): Can<Delete<Report>>, Id(id): Id<ReportId>) -> Result<Found<Report>> {
    Ok(Found::plain(db.change(can, move |conn, ctx| report::restore(conn, ctx, id)).await?))
}

/// Run a report
///
/// As the caller, who is told of what they see, whoever has made the report.
#[utoipa::path(tag = "reports", params(("id" = ReportId, Path), RunQuery), request_body = ReportQuestion,
    responses((status = 200, description = "what came of it",
        content((ReportOutcome = "application/json"), (String = "image/svg+xml"),
                (Object = "application/vnd.vegalite.v5+json")))))]
#[post("/reports/{id}/run")]
async fn run_report(
    house: Data<House>,
    Can(can): Can<Read<Report>>,
    Id(id): Id<ReportId>,
    Asked(query): Asked<RunQuery>,
    Valid(run): Valid<ReportQuestion>,
) -> Result<HttpResponse> {
    let all = house.catalogues;
    let outcome = house.db.read(can, move |conn, ctx| report::run(conn, ctx, all, id, &run)).await?;
    Ok(match query.format.unwrap_or_default() {
        RunFormat::Json => HttpResponse::Ok().insert_header((header::CACHE_CONTROL, "no-store")).json(outcome),
        RunFormat::Svg => printed::svg(outcome.svg()?),
        RunFormat::VegaLite => printed::vega_lite(&outcome.vega_lite()?),
    })
}

/// Take what comes of a report out
///
/// As a file: CSV, unless another format is asked for. It needs the permission to export reports and the records that are
/// looked at, and tells of what the caller may take out of them.
#[utoipa::path(tag = "reports", params(("id" = ReportId, Path), ReportExportQuery), request_body = ReportQuestion,
    responses((status = 200, description = "the file",
        content((String = "text/csv"), (String = "application/pdf"),
                (String = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet")))))]
#[post("/reports/{id}/export")]
async fn export_report(
    req: HttpRequest,
    house: Data<House>,
    Can(can): Can<(Create<::platform::export::Export>, (Read<Report>, Export<Report>))>,
    Id(id): Id<ReportId>,
    Asked(query): Asked<ReportExportQuery>,
    Valid(run): Valid<ReportQuestion>,
) -> Result<HttpResponse> {
    let (all, format) = (house.catalogues, query.format.unwrap_or(ReportFormat::Csv));
    let outcome = house.db.change(can, move |conn, ctx| report::export(conn, ctx, all, id, &run, format)).await?;
    printed::file(&house, &outcome, format, language::of(&req)).await
}
