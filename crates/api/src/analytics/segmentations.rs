//! `/v1/segmentations`: how customers are sorted.
use crate::answer::{Created, Found, Nothing, Put, Result, Shown};
use crate::batch::{self, Batch, BatchOp, BatchResults, Done, Many};
use crate::extract::{
    Asked, Can, DeleteQuery, Id, IfMatch, List, ListQuery, UpsertQuery, Upserting, Valid, View, ViewQuery,
};
use crate::key::{KeyPath, name};
use crate::routes::Routes;
use ::analytics::segmentation::{self, NewSegmentation, Segmentation, SegmentationPatch};
use actix_web::web::{Data, Path};
use actix_web::{delete, get, patch, post, put};
use kernel::{Create, Delete, Page, Purge, Read, SegmentationId, Update, Writes};
use platform::Db;
use serde_json::Value;

pub fn routes(cfg: &mut Routes) {
    cfg.service(list_segmentations)
        .service(create_segmentation)
        .service(batch_segmentations)
        .service(upsert_segmentation)
        .service(get_segmentation)
        .service(update_segmentation)
        .service(delete_segmentation)
        .service(restore_segmentation);
}

type SegmentationPage = Page<Segmentation>;

/// List segmentations
///
/// Newest first, unless `sort` says otherwise.
#[utoipa::path(tag = "segmentations", params(ListQuery),
    responses((status = 200, description = "a page of segmentations", body = SegmentationPage)))]
#[get("/segmentations")]
async fn list_segmentations(
    db: Data<Db>,
    Can(can): Can<Read<Segmentation>>,
    List(listing, view): List<segmentation::Table>,
) -> Result<Shown<SegmentationPage, Page<Value>>> {
    view.page(&db, can, move |conn, ctx| segmentation::list(conn, ctx, &listing)).await
}

/// Create a segmentation
///
/// Nobody is sorted before its first run. Refused where another has the key, which stays, and where a filter cannot be read.
#[utoipa::path(tag = "segmentations", request_body = NewSegmentation,
    responses((status = 201, description = "the segmentation as it was made", body = Segmentation)))]
#[post("/segmentations")]
async fn create_segmentation(
    db: Data<Db>,
    Can(can): Can<Create<Segmentation>>,
    Valid(new): Valid<NewSegmentation>,
) -> Result<Created<Segmentation>> {
    Ok(Created(db.change(can, move |conn, ctx| segmentation::create(conn, ctx, &new)).await?))
}

/// Get a segmentation
#[utoipa::path(tag = "segmentations", params(("id" = SegmentationId, Path), ViewQuery),
    responses((status = 200, description = "the segmentation", body = Segmentation)))]
#[get("/segmentations/{id}")]
async fn get_segmentation(
    db: Data<Db>,
    Can(can): Can<Read<Segmentation>>,
    Id(id): Id<SegmentationId>,
    view: View,
) -> Result<Found<Segmentation>> {
    view.one(&db, can, id).await
}

/// Update a segmentation
#[utoipa::path(tag = "segmentations", params(("id" = SegmentationId, Path)),
    request_body(content = SegmentationPatch, content_type = "application/merge-patch+json"),
    responses((status = 200, description = "the segmentation as it is now", body = Segmentation)))]
#[patch("/segmentations/{id}")]
async fn update_segmentation(
    db: Data<Db>,
    Can(can): Can<Update<Segmentation>>,
    Id(id): Id<SegmentationId>,
    IfMatch(base): IfMatch,
    Valid(patch): Valid<SegmentationPatch>,
) -> Result<Found<Segmentation>> {
    Ok(Found::plain(db.change(can, move |conn, ctx| segmentation::update(conn, ctx, id, base, &patch)).await?))
}

/// Archive or purge a segmentation
///
/// What customers were sorted as by it ends, and they lose the labels of its classes. Purged, all of that is gone.
#[utoipa::path(tag = "segmentations", params(("id" = SegmentationId, Path), DeleteQuery),
    responses((status = 204, description = "archived, or gone for good")))]
#[delete("/segmentations/{id}")]
async fn delete_segmentation(
    db: Data<Db>,
    Can(can): Can<Delete<Segmentation>>,
    Id(id): Id<SegmentationId>,
    IfMatch(base): IfMatch,
    Asked(query): Asked<DeleteQuery>,
) -> Result<Nothing> {
    db.change(can, move |conn, ctx| match query.purge {
        true => ctx.must::<Purge<Segmentation>>().and_then(|()| segmentation::purge(conn, ctx, id, base)),
        false => segmentation::archive(conn, ctx, id, base).map(drop),
    })
    .await?;
    Ok(Nothing)
}

/// Restore an archived segmentation
#[utoipa::path(tag = "segmentations", params(("id" = SegmentationId, Path)),
    responses((status = 200, description = "the segmentation, in use again", body = Segmentation)))]
#[post("/segmentations/{id}/restore")]
async fn restore_segmentation(
    db: Data<Db>,
    Can(can): Can<Delete<Segmentation>>,
    Id(id): Id<SegmentationId>,
) -> Result<Found<Segmentation>> {
    Ok(Found::plain(db.change(can, move |conn, ctx| segmentation::restore(conn, ctx, id)).await?))
}

/// Create or update a segmentation by a key
///
/// The key is `name`. Where several segmentations have the name, they are told, and nothing is written. The key and the kind of
/// one that is there stay.
#[utoipa::path(tag = "segmentations", params(KeyPath, UpsertQuery), request_body = NewSegmentation,
    responses((status = 200, description = "the segmentation as it is now", body = Segmentation),
              (status = 201, description = "the segmentation as it was made", body = Segmentation)))]
#[put("/segmentations/by/{key}/{value}")]
async fn upsert_segmentation(
    db: Data<Db>,
    Can(can): Can<(Create<Segmentation>, Update<Segmentation>)>,
    path: Path<KeyPath>,
    Upserting(ask): Upserting<NewSegmentation, SegmentationPatch>,
) -> Result<Put<Segmentation>> {
    let key = name(path.into_inner())?;
    Ok(Put(db.write(can, move |conn, ctx| segmentation::upsert(conn, ctx, &key, &ask)).await?))
}

/// Write many segmentations
///
/// Up to 1,000 creations, changes, upserts and deletions, answered one by one in their order.
#[utoipa::path(tag = "segmentations", request_body = Batch,
    responses((status = 200, description = "all went well", body = BatchResults),
              (status = 207, description = "some did not: each result has its status", body = BatchResults)))]
#[post("/segmentations/batch")]
async fn batch_segmentations(db: Data<Db>, Can(can): Can<Writes<Segmentation>>, all: Many) -> Result<BatchResults> {
    let done = db.write(can, move |conn, ctx| {
        batch::run(conn, ctx, &all, |conn, ctx, item| match item.op {
            BatchOp::Create => {
                ctx.must::<Create<Segmentation>>()?;
                segmentation::create(conn, ctx, &item.read()?).map(Done::Made)
            }
            BatchOp::Update => {
                ctx.must::<Update<Segmentation>>()?;
                segmentation::update(conn, ctx, item.id()?, item.if_match, &item.read()?).map(Done::Changed)
            }
            BatchOp::Upsert => {
                ctx.must::<(Create<Segmentation>, Update<Segmentation>)>()?;
                let (path, ask) = item.upsert()?;
                segmentation::upsert(conn, ctx, &name(path)?, &ask).map(Done::from)
            }
            BatchOp::Delete => {
                ctx.must::<Delete<Segmentation>>()?;
                segmentation::archive(conn, ctx, item.id()?, item.if_match).map(|_| Done::Gone)
            }
        })
    });
    Ok(done.await?)
}
