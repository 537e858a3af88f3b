//! `/v1/labels`: what accounts may be called.
use crate::answer::{Created, Found, Nothing, Put, Result, Shown};
use crate::batch::{self, Batch, BatchOp, BatchResults, Done, Many};
use crate::extract::{
    Asked, Can, DeleteQuery, Id, IfMatch, List, ListQuery, UpsertQuery, Upserting, Valid, View, ViewQuery,
};
use crate::key::{KeyPath, name};
use crate::routes::Routes;
use ::analytics::label::{self, Label, LabelPatch, NewLabel};
use actix_web::web::{Data, Path};
use actix_web::{delete, get, patch, post, put};
use kernel::{Create, Delete, LabelId, Page, Purge, Read, Update, Writes};
use platform::Db;
use serde_json::Value;

pub fn routes(cfg: &mut Routes) {
    cfg.service(list_labels)
        .service(create_label)
        .service(batch_labels)
        .service(upsert_label)
        .service(get_label)
        .service(update_label)
        .service(delete_label)
        .service(restore_label);
}

type LabelPage = Page<Label>;

/// List labels
///
/// Newest first, unless `sort` says otherwise.
#[utoipa::path(tag = "labels", params(ListQuery),
    responses((status = 200, description = "a page of labels", body = LabelPage)))]
#[get("/labels")]
async fn list_labels(
    db: Data<Db>,
    Can(can): Can<Read<Label>>,
    List(listing, view): List<label::Table>,
) -> Result<Shown<LabelPage, Page<Value>>> {
    view.page(&db, can, move |conn, ctx| label::list(conn, ctx, &listing)).await
}

/// Create a label
///
/// Refused where another has the key, which stays.
#[utoipa::path(tag = "labels", request_body = NewLabel,
    responses((status = 201, description = "the label as it was made", body = Label)))]
#[post("/labels")]
async fn create_label(
    db: Data<Db>,
    Can(can): Can<Create<Label>>,
    Valid(new): Valid<NewLabel>,
) -> Result<Created<Label>> {
    Ok(Created(db.change(can, move |conn, ctx| label::create(conn, ctx, &new)).await?))
}

/// Get a label
#[utoipa::path(tag = "labels", params(("id" = LabelId, Path), ViewQuery),
    responses((status = 200, description = "the label", body = Label)))]
#[get("/labels/{id}")]
async fn get_label(db: Data<Db>, Can(can): Can<Read<Label>>, Id(id): Id<LabelId>, view: View) -> Result<Found<Label>> {
    view.one(&db, can, id).await
}

/// Update a label
#[utoipa::path(tag = "labels", params(("id" = LabelId, Path)),
    request_body(content = LabelPatch, content_type = "application/merge-patch+json"),
    responses((status = 200, description = "the label as it is now", body = Label)))]
#[patch("/labels/{id}")]
async fn update_label(
    db: Data<Db>,
    Can(can): Can<Update<Label>>,
    Id(id): Id<LabelId>,
    IfMatch(base): IfMatch,
    Valid(patch): Valid<LabelPatch>,
) -> Result<Found<Label>> {
    Ok(Found::plain(db.change(can, move |conn, ctx| label::update(conn, ctx, id, base, &patch)).await?))
}

/// Archive or purge a label
///
/// Accounts that have it are called so no more. A label that is a class of a segmentation goes with that alone.
#[utoipa::path(tag = "labels", params(("id" = LabelId, Path), DeleteQuery),
    responses((status = 204, description = "archived, or gone for good")))]
#[delete("/labels/{id}")]
async fn delete_label(
    db: Data<Db>,
    Can(can): Can<Delete<Label>>,
    Id(id): Id<LabelId>,
    IfMatch(base): IfMatch,
    Asked(query): Asked<DeleteQuery>,
) -> Result<Nothing> {
    db.change(can, move |conn, ctx| match query.purge {
        true => ctx.must::<Purge<Label>>().and_then(|()| label::purge(conn, ctx, id, base)),
        false => label::archive(conn, ctx, id, base).map(drop),
    })
    .await?;
    Ok(Nothing)
}

/// Restore an archived label
#[utoipa::path(tag = "labels", params(("id" = LabelId, Path)),
    responses((status = 200, description = "the label, in use again", body = Label)))]
#[post("/labels/{id}/restore")]
async fn restore_label(db: Data<Db>, Can(can): Can<Delete<Label>>, Id(id): Id<LabelId>) -> Result<Found<Label>> {
    Ok(Found::plain(db.change(can, move |conn, ctx| label::restore(conn, ctx, id)).await?))
}

/// Create or update a label by a key
///
/// The key is `name`. Where several labels have the name, they are told, and nothing is written. The key of one that is
/// there stays.
#[utoipa::path(tag = "labels", params(KeyPath, UpsertQuery), request_body = NewLabel,
    responses((status = 200, description = "the label as it is now", body = Label),
              (status = 201, description = "the label as it was made", body = Label)))]
#[put("/labels/by/{key}/{value}")]
async fn upsert_label(
    db: Data<Db>,
    Can(can): Can<(Create<Label>, Update<Label>)>,
    path: Path<KeyPath>,
    Upserting(ask): Upserting<NewLabel, LabelPatch>,
) -> Result<Put<Label>> {
    let key = name(path.into_inner())?;
    Ok(Put(db.write(can, move |conn, ctx| label::upsert(conn, ctx, &key, &ask)).await?))
}

/// Write many labels
///
/// Up to 1,000 creations, changes, upserts and deletions, answered one by one in their order.
#[utoipa::path(tag = "labels", request_body = Batch,
    responses((status = 200, description = "all went well", body = BatchResults),
              (status = 207, description = "some did not: each result has its status", body = BatchResults)))]
#[post("/labels/batch")]
async fn batch_labels(db: Data<Db>, Can(can): Can<Writes<Label>>, all: Many) -> Result<BatchResults> {
    let done = db.write(can, move |conn, ctx| {
        batch::run(conn, ctx, &all, |conn, ctx, item| match item.op {
            BatchOp::Create => {
                ctx.must::<Create<Label>>()?;
                label::create(conn, ctx, &item.read()?).map(Done::Made)
            }
            BatchOp::Update => {
                ctx.must::<Update<Label>>()?;
                label::update(conn, ctx, item.id()?, item.if_match, &item.read()?).map(Done::Changed)
            }
            BatchOp::Upsert => {
                ctx.must::<(Create<Label>, Update<Label>)>()?;
                let (path, ask) = item.upsert()?;
                label::upsert(conn, ctx, &name(path)?, &ask).map(Done::from)
            }
            BatchOp::Delete => {
                ctx.must::<Delete<Label>>()?;
                label::archive(conn, ctx, item.id()?, item.if_match).map(|_| Done::Gone)
            }
        })
    });
    Ok(done.await?)
}
