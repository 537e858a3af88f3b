//! `/v1/kb-categories`: what the articles of a portal are sorted by.
use crate::answer::{Created, Found, Nothing, Result, Shown};
use crate::batch::{self, Batch, BatchOp, BatchResults, Done, Many};
use crate::extract::{Asked, Can, DeleteQuery, Id, IfMatch, List, ListQuery, Valid, View, ViewQuery};
use crate::routes::Routes;
use ::service::kb::category::{self, KbCategory, KbCategoryPatch, NewKbCategory};
use actix_web::web::Data;
use actix_web::{delete, get, patch, post};
use kernel::{Create, Delete, KbCategoryId, Page, Purge, Read, Update, Writes};
use platform::Db;
use serde_json::Value;

pub fn routes(cfg: &mut Routes) {
    cfg.service(list_kb_categories)
        .service(create_kb_category)
        .service(batch_kb_categories)
        .service(get_kb_category)
        .service(update_kb_category)
        .service(delete_kb_category)
        .service(restore_kb_category);
}

type KbCategoryPage = Page<KbCategory>;

/// List knowledge base categories
///
/// Newest first, unless `sort` says otherwise.
#[utoipa::path(tag = "kb-categories", params(ListQuery),
    responses((status = 200, description = "a page of knowledge base categories", body = KbCategoryPage)))]
#[get("/kb-categories")]
async fn list_kb_categories(
    db: Data<Db>,
    Can(can): Can<Read<KbCategory>>,
    List(listing, view): List<category::Table>,
) -> Result<Shown<KbCategoryPage, Page<Value>>> {
    view.page(&db, can, move |conn, ctx| category::list(conn, ctx, &listing)).await
}

/// Create a knowledge base category
///
/// In a portal, or below another category of that.
#[utoipa::path(tag = "kb-categories", request_body = NewKbCategory,
    responses((status = 201, description = "the knowledge base category as it was made", body = KbCategory)))]
#[post("/kb-categories")]
async fn create_kb_category(
    db: Data<Db>,
    Can(can): Can<Create<KbCategory>>,
    Valid(new): Valid<NewKbCategory>,
) -> Result<Created<KbCategory>> {
    Ok(Created(db.change(can, move |conn, ctx| category::create(conn, ctx, &new)).await?))
}

/// Get a knowledge base category
#[utoipa::path(tag = "kb-categories", params(("id" = KbCategoryId, Path), ViewQuery),
    responses((status = 200, description = "the knowledge base category", body = KbCategory)))]
#[get("/kb-categories/{id}")]
async fn get_kb_category(
    db: Data<Db>,
    Can(can): Can<Read<KbCategory>>,
    Id(id): Id<KbCategoryId>,
    view: View,
) -> Result<Found<KbCategory>> {
    view.one(&db, can, id).await
}

/// Update a knowledge base category
#[utoipa::path(tag = "kb-categories", params(("id" = KbCategoryId, Path)),
    request_body(content = KbCategoryPatch, content_type = "application/merge-patch+json"),
    responses((status = 200, description = "the knowledge base category as it is now", body = KbCategory)))]
#[patch("/kb-categories/{id}")]
async fn update_kb_category(
    db: Data<Db>,
    Can(can): Can<Update<KbCategory>>,
    Id(id): Id<KbCategoryId>,
    IfMatch(base): IfMatch,
    Valid(patch): Valid<KbCategoryPatch>,
) -> Result<Found<KbCategory>> {
    Ok(Found::plain(db.change(can, move |conn, ctx| category::update(conn, ctx, id, base, &patch)).await?))
}

/// Archive or purge a knowledge base category
///
/// Refused while other categories stand below it. Its articles stay, and stand in no category that is shown. One that
/// articles are of is archived, and not purged.
#[utoipa::path(tag = "kb-categories", params(("id" = KbCategoryId, Path), DeleteQuery),
    responses((status = 204, description = "archived, or gone for good")))]
#[delete("/kb-categories/{id}")]
async fn delete_kb_category(
    db: Data<Db>,
    Can(can): Can<Delete<KbCategory>>,
    Id(id): Id<KbCategoryId>,
    IfMatch(base): IfMatch,
    Asked(query): Asked<DeleteQuery>,
) -> Result<Nothing> {
    db.change(can, move |conn, ctx| match query.purge {
        true => ctx.must::<Purge<KbCategory>>().and_then(|()| category::purge(conn, ctx, id, base)),
        false => category::archive(conn, ctx, id, base).map(drop),
    })
    .await?;
    Ok(Nothing)
}

/// Restore an archived knowledge base category
#[utoipa::path(tag = "kb-categories", params(("id" = KbCategoryId, Path)),
    responses((status = 200, description = "the knowledge base category, in use again", body = KbCategory)))]
#[post("/kb-categories/{id}/restore")]
async fn restore_kb_category(
    db: Data<Db>,
    Can(can): Can<Delete<KbCategory>>,
    Id(id): Id<KbCategoryId>,
) -> Result<Found<KbCategory>> {
    Ok(Found::plain(db.change(can, move |conn, ctx| category::restore(conn, ctx, id)).await?))
}

/// Write many knowledge base categories
///
/// Up to 1,000 creations, changes and deletions, answered one by one in their order.
#[utoipa::path(tag = "kb-categories", request_body = Batch,
    responses((status = 200, description = "all went well", body = BatchResults),
              (status = 207, description = "some did not: each result has its status", body = BatchResults)))]
#[post("/kb-categories/batch")]
async fn batch_kb_categories(db: Data<Db>, Can(can): Can<Writes<KbCategory>>, all: Many) -> Result<BatchResults> {
    let done = db.write(can, move |conn, ctx| {
        batch::run(conn, ctx, &all, |conn, ctx, item| match item.op {
            BatchOp::Create => {
                ctx.must::<Create<KbCategory>>()?;
                category::create(conn, ctx, &item.read()?).map(Done::Made)
            }
            BatchOp::Update => {
                ctx.must::<Update<KbCategory>>()?;
                category::update(conn, ctx, item.id()?, item.if_match, &item.read()?).map(Done::Changed)
            }
            BatchOp::Upsert => Err(batch::no_upsert()),
            BatchOp::Delete => {
                ctx.must::<Delete<KbCategory>>()?;
                category::archive(conn, ctx, item.id()?, item.if_match).map(|_| Done::Gone)
            }
        })
    });
    Ok(done.await?)
}
