//! `/v1/dashboards`: figures beside each other.
use crate::answer::{Created, Found, Nothing, Result, Shown};
use crate::extract::{Can, Id, IfMatch, List, ListQuery, Valid, View, ViewQuery, request_id};
use crate::house::House;
use crate::problem::{self, Problem};
use crate::routes::Routes;
use crate::{language, sight};
use ::analytics::dashboard::{self, Dashboard, DashboardPatch, NewDashboard, WidgetFigures, WidgetPlace};
use ::platform::Db;
use actix_web::web::{Data, Json};
use actix_web::{HttpRequest, delete, get, patch, post};
use kernel::{Create, DashboardId, Delete, Page, Read, Update};
use serde::Serialize;
use serde_json::Value;
use utoipa::ToSchema;

pub fn routes(cfg: &mut Routes) {
    cfg.service(list_dashboards)
        .service(create_dashboard)
        .service(get_dashboard)
        .service(get_dashboard_data)
        .service(update_dashboard)
        .service(delete_dashboard)
        .service(restore_dashboard);
}

type DashboardPage = Page<Dashboard>;

/// A widget with what it shows, or why it shows nothing.
#[derive(Debug, Serialize, ToSchema)]
#[schema(example = json!({
    "title": "Accounts", "place": {"x": 0, "y": 0, "width": 3, "height": 2},
    "shows": {"figures": {"resource": "account",
        "columns": [{"name": "count", "role": "measure", "type": "int", "op": "count"}],
        "rows": [{"count": 12}], "subtotals": [], "totals": [], "has_more": false}, "matrix": null, "vega_lite": null},
    "problem": null
}))]
pub struct WidgetData {
    pub title: String,
    pub place: WidgetPlace,
    pub shows: Option<WidgetFigures>,
    pub problem: Option<Problem>,
}

/// All that a dashboard shows.
#[derive(Debug, Serialize, ToSchema)]
#[schema(example = json!({"dashboard_id": "0192f0c1-8888-7000-8000-00000000000f", "widgets": []}))]
pub struct DashboardData {
    pub dashboard_id: DashboardId,
    /// in their order
    pub widgets: Vec<WidgetData>,
}

/// List dashboards
///
/// Newest first, unless `sort` says otherwise.
#[utoipa::path(tag = "dashboards", params(ListQuery),
    responses((status = 200, description = "a page of dashboards", body = DashboardPage)))]
#[get("/dashboards")]
async fn list_dashboards(
    db: Data<Db>,
    Can(can): Can<Read<Dashboard>>,
    List(listing, view): List<dashboard::Table>,
) -> Result<Shown<DashboardPage, Page<Value>>> {
    view.page(&db, can, move |conn, ctx| dashboard::list(conn, ctx, &listing)).await
}

/// Create a dashboard
///
/// The caller's own, unless it is of a team, public, or shared.
#[utoipa::path(tag = "dashboards", request_body = NewDashboard,
    responses((status = 201, description = "the dashboard as it was made", body = Dashboard)))]
#[post("/dashboards")]
async fn create_dashboard(
    house: Data<House>,
    Can(can): Can<Create<Dashboard>>,
    Valid(new): Valid<NewDashboard>,
) -> Result<Created<Dashboard>> {
    let all = house.catalogues;
    Ok(Created(house.db.change(can, move |conn, ctx| dashboard::create(conn, ctx, all, &new)).await?))
}

/// Get a dashboard
#[utoipa::path(tag = "dashboards", params(("id" = DashboardId, Path), ViewQuery),
    responses((status = 200, description = "the dashboard", body = Dashboard)))]
#[get("/dashboards/{id}")]
async fn get_dashboard(
    db: Data<Db>,
    Can(can): Can<Read<Dashboard>>,
    Id(id): Id<DashboardId>,
    view: View,
) -> Result<Found<Dashboard>> {
    view.one(&db, can, id).await
}

/// Get what a dashboard shows
///
/// All its widgets at once, of one state of the database, as the caller sees what is behind them. A widget that cannot be
/// asked says why, and the others are there all the same.
#[utoipa::path(tag = "dashboards", params(("id" = DashboardId, Path)),
    responses((status = 200, description = "a widget each", body = DashboardData)))]
#[get("/dashboards/{id}/data")]
async fn get_dashboard_data(
    req: HttpRequest,
    house: Data<House>,
    Can(can): Can<Read<Dashboard>>,
    Id(id): Id<DashboardId>,
) -> Result<Json<DashboardData>> {
    let all = house.catalogues;
    let (dashboard, seen) = house.db.read(can, move |conn, ctx| dashboard::data(conn, ctx, all, id)).await?;
    let (request, language) = (request_id(&req).to_string(), language::of(&req));
    let widget = |seen: dashboard::Seen| {
        let (shows, problem) = match seen.shows {
            Ok(shows) => (Some(shows), None),
            Err(error) => {
                let mut problem = problem::of(&error, language, req.path(), &request);
                sight::hush_for(&req, language, &mut problem);
                (None, Some(problem))
            }
        };
        WidgetData { title: seen.widget.title, place: seen.widget.place, shows, problem }
    };
    Ok(Json(DashboardData { dashboard_id: dashboard.id, widgets: seen.into_iter().map(widget).collect() }))
}

/// Update a dashboard
#[utoipa::path(tag = "dashboards", params(("id" = DashboardId, Path)),
    request_body(content = DashboardPatch, content_type = "application/merge-patch+json"),
    responses((status = 200, description = "the dashboard as it is now", body = Dashboard)))]
#[patch("/dashboards/{id}")]
async fn update_dashboard(
    house: Data<House>,
    Can(can): Can<Update<Dashboard>>,
    Id(id): Id<DashboardId>,
    IfMatch(base): IfMatch,
    Valid(patch): Valid<DashboardPatch>,
) -> Result<Found<Dashboard>> {
    let all = house.catalogues;
    let done = house.db.change(can, move |conn, ctx| dashboard::update(conn, ctx, all, id, base, &patch));
    Ok(Found::plain(done.await?))
}

/// Archive a dashboard
#[utoipa::path(tag = "dashboards", params(("id" = DashboardId, Path)),
    responses((status = 204, description = "archived")))]
#[delete("/dashboards/{id}")]
async fn delete_dashboard(
    db: Data<Db>,
    Can(can): Can<Delete<Dashboard>>,
    Id(id): Id<DashboardId>,
    IfMatch(base): IfMatch,
) -> Result<Nothing> {
    db.change(can, move |conn, ctx| dashboard::archive(conn, ctx, id, base)).await?;
    Ok(Nothing)
}

/// Restore an archived dashboard
#[utoipa::path(tag = "dashboards", params(("id" = DashboardId, Path)),
    responses((status = 200, description = "the dashboard, in use again", body = Dashboard)))]
#[post("/dashboards/{id}/restore")]
async fn restore_dashboard(
    db: Data<Db>,
    Can(can): Can<Delete<Dashboard>>,
    Id(id): Id<DashboardId>,
) -> Result<Found<Dashboard>> {
    Ok(Found::plain(db.change(can, move |conn, ctx| dashboard::restore(conn, ctx, id)).await?))
}
