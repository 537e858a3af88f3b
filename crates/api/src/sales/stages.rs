//! `/v1/pipelines/{id}/stages`, `/v1/stages/{id}`: how far a sale has come.
use crate::answer::{Created, Found, Nothing, Result, Shown};
use crate::extract::{Asked, Can, Id, IfMatch, List, ListQuery, Valid};
use crate::routes::Routes;
use ::sales::pipeline::Pipeline;
use ::sales::pipeline::stage::{self, NewStage, Stage, StagePatch};
use actix_web::web::{Data, Json};
use actix_web::{delete, get, patch, post};
use kernel::{Page, PipelineId, Read, StageId, Update};
use platform::Db;
use serde::Deserialize;
use serde_json::Value;
use utoipa::IntoParams;

pub fn routes(cfg: &mut Routes) {
    cfg.service(list_all_stages)
        .service(list_stages)
        .service(add_stage)
        .service(get_stage)
        .service(update_stage)
        .service(remove_stage);
}

type StagePage = Page<Stage>;

/// Where the opportunities of a stage go when it does.
#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
#[serde(deny_unknown_fields)]
pub struct MoveQuery {
    /// the stage of the same pipeline that takes them over
    pub move_to: Option<StageId>,
}

/// List the stages of all pipelines
///
/// Newest first, unless `sort` says otherwise. They are neither archived nor searched by words.
#[utoipa::path(tag = "pipelines", params(ListQuery),
    responses((status = 200, description = "a page of them", body = StagePage)))]
#[get("/stages")]
async fn list_all_stages(
    db: Data<Db>,
    Can(can): Can<Read<Pipeline>>,
    List(listing, view): List<stage::Table>,
) -> Result<Shown<StagePage, Page<Value>>> {
    view.page(&db, can, move |conn, ctx| stage::list(conn, ctx, &listing)).await
}

/// List the stages of a pipeline
#[utoipa::path(tag = "pipelines", params(("id" = PipelineId, Path)),
    responses((status = 200, description = "all of them, in their order", body = [Stage])))]
#[get("/pipelines/{id}/stages")]
async fn list_stages(db: Data<Db>, Can(can): Can<Read<Pipeline>>, Id(id): Id<PipelineId>) -> Result<Json<Vec<Stage>>> {
    Ok(Json(db.read(can, move |conn, ctx| stage::of(conn, ctx, id)).await?))
}

/// Add a stage to a pipeline
///
/// It stands last, unless it says where. If-Match asks for the version of the pipeline.
#[utoipa::path(tag = "pipelines", params(("id" = PipelineId, Path)), request_body = NewStage,
    responses((status = 201, description = "the stage", body = Stage)))]
#[post("/pipelines/{id}/stages")]
async fn add_stage(
    db: Data<Db>,
    Can(can): Can<Update<Pipeline>>,
    Id(id): Id<PipelineId>,
    IfMatch(base): IfMatch,
    Valid(new): Valid<NewStage>,
) -> Result<Created<Stage>> {
    Ok(Created(db.write(can, move |conn, ctx| stage::add(conn, ctx, id, base, &new)).await?))
}

/// Get a stage
#[utoipa::path(tag = "pipelines", params(("id" = StageId, Path)),
    responses((status = 200, description = "the stage", body = Stage)))]
#[get("/stages/{id}")]
async fn get_stage(db: Data<Db>, Can(can): Can<Read<Pipeline>>, Id(id): Id<StageId>) -> Result<Found<Stage>> {
    Ok(Found::plain(db.read(can, move |conn, ctx| stage::find(conn, ctx, id)).await?))
}

/// Update a stage
///
/// What it demands from now on is asked of those who come to it; who is there already may lack it.
#[utoipa::path(tag = "pipelines", params(("id" = StageId, Path)),
    request_body(content = StagePatch, content_type = "application/merge-patch+json"),
    responses((status = 200, description = "the stage as it is now", body = Stage)))]
#[patch("/stages/{id}")]
async fn update_stage(
    db: Data<Db>,
    Can(can): Can<Update<Pipeline>>,
    Id(id): Id<StageId>,
    IfMatch(base): IfMatch,
    Valid(patch): Valid<StagePatch>,
) -> Result<Found<Stage>> {
    Ok(Found::plain(db.write(can, move |conn, ctx| stage::update(conn, ctx, id, base, &patch)).await?))
}

/// Remove a stage from its pipeline
///
/// Refused while there are opportunities in it, unless `move_to` says where they go; what is demanded there is demanded
/// of them.
#[utoipa::path(tag = "pipelines", params(("id" = StageId, Path), MoveQuery),
    responses((status = 204, description = "removed")))]
#[delete("/stages/{id}")]
async fn remove_stage(
    db: Data<Db>,
    Can(can): Can<Update<Pipeline>>,
    Id(id): Id<StageId>,
    IfMatch(base): IfMatch,
    Asked(query): Asked<MoveQuery>,
) -> Result<Nothing> {
    db.write(can, move |conn, ctx| stage::remove(conn, ctx, id, base, query.move_to)).await?;
    Ok(Nothing)
}
