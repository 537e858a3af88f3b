//! `/v1/case-categories`: what cases are about.
use crate::answer::{Created, Found, Nothing, Put, Result, Shown};
use crate::batch::{self, Batch, BatchOp, BatchResults, Done, Many};
use crate::extract::{
    Asked, Can, DeleteQuery, Id, IfMatch, List, ListQuery, UpsertQuery, Upserting, Valid, View, ViewQuery,
};
use crate::key::{KeyPath, name};
use crate::routes::Routes;
use ::service::category::{self, CaseCategory, CaseCategoryPatch, NewCaseCategory};
use actix_web::web::{Data, Path};
use actix_web::{delete, get, patch, post, put};
use kernel::{CaseCategoryId, Create, Delete, Page, Purge, Read, Update, Writes};
use platform::Db;
use serde_json::Value;

pub fn routes(cfg: &mut Routes) {
    cfg.service(list_case_categories)
        .service(create_case_category)
        .service(batch_case_categories)
        .service(upsert_case_category)
        .service(get_case_category)
        .service(update_case_category)
        .service(delete_case_category)
        .service(restore_case_category);
}

type CaseCategoryPage = Page<CaseCategory>;

/// List case categories
///
/// Newest first, unless `sort` says otherwise.
#[utoipa::path(tag = "case-categories", params(ListQuery),
    responses((status = 200, description = "a page of categories", body = CaseCategoryPage)))]
#[get("/case-categories")]
async fn list_case_categories(
    db: Data<Db>,
    Can(can): Can<Read<CaseCategory>>,
    List(listing, view): List<category::Table>,
) -> Result<Shown<CaseCategoryPage, Page<Value>>> {
    view.page(&db, can, move |conn, ctx| category::list(conn, ctx, &listing)).await
}

/// Create a case category
///
/// Refused where another has the name.
#[utoipa::path(tag = "case-categories", request_body = NewCaseCategory,
    responses((status = 201, description = "the category as it was made", body = CaseCategory)))]
#[post("/case-categories")]
async fn create_case_category(
    db: Data<Db>,
    Can(can): Can<Create<CaseCategory>>,
    Valid(new): Valid<NewCaseCategory>,
) -> Result<Created<CaseCategory>> {
    Ok(Created(db.change(can, move |conn, ctx| category::create(conn, ctx, &new)).await?))
}

/// Get a case category
#[utoipa::path(tag = "case-categories", params(("id" = CaseCategoryId, Path), ViewQuery),
    responses((status = 200, description = "the category", body = CaseCategory)))]
#[get("/case-categories/{id}")]
async fn get_case_category(
    db: Data<Db>,
    Can(can): Can<Read<CaseCategory>>,
    Id(id): Id<CaseCategoryId>,
    view: View,
) -> Result<Found<CaseCategory>> {
    view.one(&db, can, id).await
}

/// Update a case category
///
/// Below another it is a part of that; a category never stands above itself.
#[utoipa::path(tag = "case-categories", params(("id" = CaseCategoryId, Path)),
    request_body(content = CaseCategoryPatch, content_type = "application/merge-patch+json"),
    responses((status = 200, description = "the category as it is now", body = CaseCategory)))]
#[patch("/case-categories/{id}")]
async fn update_case_category(
    db: Data<Db>,
    Can(can): Can<Update<CaseCategory>>,
    Id(id): Id<CaseCategoryId>,
    IfMatch(base): IfMatch,
    Valid(patch): Valid<CaseCategoryPatch>,
) -> Result<Found<CaseCategory>> {
    Ok(Found::plain(db.change(can, move |conn, ctx| category::update(conn, ctx, id, base, &patch)).await?))
}

/// Archive or purge a case category
///
/// Refused while others stand below it. Archived, no further case is about it; one that cases are about is archived,
/// and not purged.
#[utoipa::path(tag = "case-categories", params(("id" = CaseCategoryId, Path), DeleteQuery),
    responses((status = 204, description = "archived, or gone for good")))]
#[delete("/case-categories/{id}")]
async fn delete_case_category(
    db: Data<Db>,
    Can(can): Can<Delete<CaseCategory>>,
    Id(id): Id<CaseCategoryId>,
    IfMatch(base): IfMatch,
    Asked(query): Asked<DeleteQuery>,
) -> Result<Nothing> {
    db.change(can, move |conn, ctx| match query.purge {
        true => ctx.must::<Purge<CaseCategory>>().and_then(|()| category::purge(conn, ctx, id, base)),
        false => category::archive(conn, ctx, id, base).map(drop),
    })
    .await?;
    Ok(Nothing)
}

/// Restore an archived case category
#[utoipa::path(tag = "case-categories", params(("id" = CaseCategoryId, Path)),
    responses((status = 200, description = "the category, in use again", body = CaseCategory)))]
#[post("/case-categories/{id}/restore")]
async fn restore_case_category(
    db: Data<Db>,
    Can(can): Can<Delete<CaseCategory>>,
    Id(id): Id<CaseCategoryId>,
) -> Result<Found<CaseCategory>> {
    Ok(Found::plain(db.change(can, move |conn, ctx| category::restore(conn, ctx, id)).await?))
}

/// Create or update a case category by a key
///
/// The key is `name`.
#[utoipa::path(tag = "case-categories", params(KeyPath, UpsertQuery), request_body = NewCaseCategory,
    responses((status = 200, description = "the category as it is now", body = CaseCategory),
              (status = 201, description = "the category as it was made", body = CaseCategory)))]
#[put("/case-categories/by/{key}/{value}")]
async fn upsert_case_category(
    db: Data<Db>,
    Can(can): Can<(Create<CaseCategory>, Update<CaseCategory>)>,
    path: Path<KeyPath>,
    Upserting(ask): Upserting<NewCaseCategory, CaseCategoryPatch>,
) -> Result<Put<CaseCategory>> {
    let key = name(path.into_inner())?;
    Ok(Put(db.write(can, move |conn, ctx| category::upsert(conn, ctx, &key, &ask)).await?))
}

/// Write many case categories
///
/// Up to 1,000 creations, changes, upserts and deletions, answered one by one in their order.
#[utoipa::path(tag = "case-categories", request_body = Batch,
    responses((status = 200, description = "all went well", body = BatchResults),
              (status = 207, description = "some did not: each result has its status", body = BatchResults)))]
#[post("/case-categories/batch")]
async fn batch_case_categories(db: Data<Db>, Can(can): Can<Writes<CaseCategory>>, all: Many) -> Result<BatchResults> {
    let done = db.write(can, move |conn, ctx| {
        batch::run(conn, ctx, &all, |conn, ctx, item| match item.op {
            BatchOp::Create => {
                ctx.must::<Create<CaseCategory>>()?;
                category::create(conn, ctx, &item.read()?).map(Done::Made)
            }
            BatchOp::Update => {
                ctx.must::<Update<CaseCategory>>()?;
                category::update(conn, ctx, item.id()?, item.if_match, &item.read()?).map(Done::Changed)
            }
            BatchOp::Upsert => {
                ctx.must::<(Create<CaseCategory>, Update<CaseCategory>)>()?;
                let (path, ask) = item.upsert()?;
                category::upsert(conn, ctx, &name(path)?, &ask).map(Done::from)
            }
            BatchOp::Delete => {
                ctx.must::<Delete<CaseCategory>>()?;
                category::archive(conn, ctx, item.id()?, item.if_match).map(|_| Done::Gone)
            }
        })
    });
    Ok(done.await?)
}
