//! `/v1/pipelines`: the ways of selling.
use crate::answer::{Created, Found, Nothing, Put, Result, Shown};
use crate::extract::{
    Asked, Can, DeleteQuery, Id, IfMatch, List, ListQuery, UpsertQuery, Upserting, Valid, View, ViewQuery,
};
use crate::key::{KeyPath, name};
use crate::routes::Routes;
use ::sales::pipeline::{self, NewPipeline, Pipeline, PipelinePatch};
use actix_web::web::{Data, Path};
use actix_web::{delete, get, patch, post, put};
use kernel::{Create, Delete, Page, PipelineId, Purge, Read, Update};
use platform::Db;
use serde_json::Value;

pub fn routes(cfg: &mut Routes) {
    cfg.service(list_pipelines)
        .service(create_pipeline)
        .service(upsert_pipeline)
        .service(get_pipeline)
        .service(update_pipeline)
        .service(delete_pipeline)
        .service(restore_pipeline);
}

type PipelinePage = Page<Pipeline>;

/// List pipelines
///
/// Newest first, unless `sort` says otherwise. `include=stages` puts their stages in.
#[utoipa::path(tag = "pipelines", params(ListQuery),
    responses((status = 200, description = "a page of pipelines", body = PipelinePage)))]
#[get("/pipelines")]
async fn list_pipelines(
    db: Data<Db>,
    Can(can): Can<Read<Pipeline>>,
    List(listing, view): List<pipeline::Table>,
) -> Result<Shown<PipelinePage, Page<Value>>> {
    view.page(&db, can, move |conn, ctx| pipeline::list(conn, ctx, &listing)).await
}

/// Create a pipeline
///
/// With its stages, or with the usual ones. Refused where another pipeline has the name.
#[utoipa::path(tag = "pipelines", request_body = NewPipeline,
    responses((status = 201, description = "the pipeline as it was made", body = Pipeline)))]
#[post("/pipelines")]
async fn create_pipeline(
    db: Data<Db>,
    Can(can): Can<Create<Pipeline>>,
    Valid(new): Valid<NewPipeline>,
) -> Result<Created<Pipeline>> {
    Ok(Created(db.write(can, move |conn, ctx| pipeline::create(conn, ctx, &new)).await?))
}

/// Get a pipeline
#[utoipa::path(tag = "pipelines", params(("id" = PipelineId, Path), ViewQuery),
    responses((status = 200, description = "the pipeline", body = Pipeline)))]
#[get("/pipelines/{id}")]
async fn get_pipeline(
    db: Data<Db>,
    Can(can): Can<Read<Pipeline>>,
    Id(id): Id<PipelineId>,
    view: View,
) -> Result<Found<Pipeline>> {
    view.one(&db, can, id).await
}

/// Update a pipeline
///
/// One that becomes the default takes the place of the one that was.
#[utoipa::path(tag = "pipelines", params(("id" = PipelineId, Path)),
    request_body(content = PipelinePatch, content_type = "application/merge-patch+json"),
    responses((status = 200, description = "the pipeline as it is now", body = Pipeline)))]
#[patch("/pipelines/{id}")]
async fn update_pipeline(
    db: Data<Db>,
    Can(can): Can<Update<Pipeline>>,
    Id(id): Id<PipelineId>,
    IfMatch(base): IfMatch,
    Valid(patch): Valid<PipelinePatch>,
) -> Result<Found<Pipeline>> {
    Ok(Found::plain(db.write(can, move |conn, ctx| pipeline::update(conn, ctx, id, base, &patch)).await?))
}

/// Archive or purge a pipeline
///
/// The default one stays. One that has opportunities in it can be archived, and not purged.
#[utoipa::path(tag = "pipelines", params(("id" = PipelineId, Path), DeleteQuery),
    responses((status = 204, description = "archived, or gone for good")))]
#[delete("/pipelines/{id}")]
async fn delete_pipeline(
    db: Data<Db>,
    Can(can): Can<Delete<Pipeline>>,
    Id(id): Id<PipelineId>,
    IfMatch(base): IfMatch,
    Asked(query): Asked<DeleteQuery>,
) -> Result<Nothing> {
    db.change(can, move |conn, ctx| match query.purge {
        true => ctx.must::<Purge<Pipeline>>().and_then(|()| pipeline::purge(conn, ctx, id, base)),
        false => pipeline::archive(conn, ctx, id, base).map(drop),
    })
    .await?;
    Ok(Nothing)
}

/// Restore an archived pipeline
#[utoipa::path(tag = "pipelines", params(("id" = PipelineId, Path)),
    responses((status = 200, description = "the pipeline, in use again", body = Pipeline)))]
#[post("/pipelines/{id}/restore")]
async fn restore_pipeline(
    db: Data<Db>,
    Can(can): Can<Delete<Pipeline>>,
    Id(id): Id<PipelineId>,
) -> Result<Found<Pipeline>> {
    Ok(Found::plain(db.change(can, move |conn, ctx| pipeline::restore(conn, ctx, id)).await?))
}

/// Create or update a pipeline by a key
///
/// The key is `name`. A new one is made with its stages; those of one that is there stay, for they have doors of their own.
#[utoipa::path(tag = "pipelines", params(KeyPath, UpsertQuery), request_body = NewPipeline,
    responses((status = 200, description = "the pipeline as it is now", body = Pipeline),
              (status = 201, description = "the pipeline as it was made", body = Pipeline)))]
#[put("/pipelines/by/{key}/{value}")]
async fn upsert_pipeline(
    db: Data<Db>,
    Can(can): Can<(Create<Pipeline>, Update<Pipeline>)>,
    path: Path<KeyPath>,
    Upserting(ask): Upserting<NewPipeline, PipelinePatch>,
) -> Result<Put<Pipeline>> {
    let key = name(path.into_inner())?;
    Ok(Put(db.write(can, move |conn, ctx| pipeline::upsert(conn, ctx, &key, &ask)).await?))
}
