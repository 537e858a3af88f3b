//! `/v1/quotas`: what is to be sold in a period.
use crate::answer::{Created, Found, Nothing, Result, Shown};
use crate::batch::{self, Batch, BatchOp, BatchResults, Done, Many};
use crate::extract::{Can, Id, IfMatch, List, ListQuery, Valid, View, ViewQuery};
use crate::routes::Routes;
use ::sales::quota::{self, NewQuota, Quota, QuotaPatch};
use actix_web::web::Data;
use actix_web::{delete, get, patch, post};
use kernel::{Create, Delete, Page, QuotaId, Read, Update, Writes};
use platform::Db;
use serde_json::Value;

pub fn routes(cfg: &mut Routes) {
    cfg.service(list_quotas)
        .service(create_quota)
        .service(batch_quotas)
        .service(get_quota)
        .service(update_quota)
        .service(delete_quota);
}

type QuotaPage = Page<Quota>;

/// List quotas
///
/// Newest first, unless `sort` says otherwise. They are neither archived nor searched by words.
#[utoipa::path(tag = "quotas", params(ListQuery),
    responses((status = 200, description = "a page of quotas", body = QuotaPage)))]
#[get("/quotas")]
async fn list_quotas(
    db: Data<Db>,
    Can(can): Can<Read<Quota>>,
    List(listing, view): List<quota::Table>,
) -> Result<Shown<QuotaPage, Page<Value>>> {
    view.page(&db, can, move |conn, ctx| quota::list(conn, ctx, &listing)).await
}

/// Create a quota
///
/// Of somebody, or of a team, for a year, a quarter or a month. There is one of each.
#[utoipa::path(tag = "quotas", request_body = NewQuota,
    responses((status = 201, description = "the quota as it was made", body = Quota)))]
#[post("/quotas")]
async fn create_quota(
    db: Data<Db>,
    Can(can): Can<Create<Quota>>,
    Valid(new): Valid<NewQuota>,
) -> Result<Created<Quota>> {
    Ok(Created(db.change(can, move |conn, ctx| quota::create(conn, ctx, &new)).await?))
}

/// Get a quota
#[utoipa::path(tag = "quotas", params(("id" = QuotaId, Path), ViewQuery),
    responses((status = 200, description = "the quota", body = Quota)))]
#[get("/quotas/{id}")]
async fn get_quota(db: Data<Db>, Can(can): Can<Read<Quota>>, Id(id): Id<QuotaId>, view: View) -> Result<Found<Quota>> {
    view.one(&db, can, id).await
}

/// Update a quota
#[utoipa::path(tag = "quotas", params(("id" = QuotaId, Path)),
    request_body(content = QuotaPatch, content_type = "application/merge-patch+json"),
    responses((status = 200, description = "the quota as it is now", body = Quota)))]
#[patch("/quotas/{id}")]
async fn update_quota(
    db: Data<Db>,
    Can(can): Can<Update<Quota>>,
    Id(id): Id<QuotaId>,
    IfMatch(base): IfMatch,
    Valid(patch): Valid<QuotaPatch>,
) -> Result<Found<Quota>> {
    Ok(Found::plain(db.change(can, move |conn, ctx| quota::update(conn, ctx, id, base, &patch)).await?))
}

/// Delete a quota
///
/// It is gone for good.
#[utoipa::path(tag = "quotas", params(("id" = QuotaId, Path)), responses((status = 204, description = "gone")))]
#[delete("/quotas/{id}")]
async fn delete_quota(
    db: Data<Db>,
    Can(can): Can<Delete<Quota>>,
    Id(id): Id<QuotaId>,
    IfMatch(base): IfMatch,
) -> Result<Nothing> {
    db.change(can, move |conn, ctx| quota::remove(conn, ctx, id, base)).await?;
    Ok(Nothing)
}

/// Write many quotas
///
/// Up to 1,000 creations, changes and deletions, answered one by one in their order.
#[utoipa::path(tag = "quotas", request_body = Batch,
    responses((status = 200, description = "all went well", body = BatchResults),
              (status = 207, description = "some did not: each result has its status", body = BatchResults)))]
#[post("/quotas/batch")]
async fn batch_quotas(db: Data<Db>, Can(can): Can<Writes<Quota>>, all: Many) -> Result<BatchResults> {
    let done = db.write(can, move |conn, ctx| {
        batch::run(conn, ctx, &all, |conn, ctx, item| match item.op {
            BatchOp::Create => {
                ctx.must::<Create<Quota>>()?;
                quota::create(conn, ctx, &item.read()?).map(Done::Made)
            }
            BatchOp::Update => {
                ctx.must::<Update<Quota>>()?;
                quota::update(conn, ctx, item.id()?, item.if_match, &item.read()?).map(Done::Changed)
            }
            BatchOp::Upsert => Err(batch::no_upsert()),
            BatchOp::Delete => {
                ctx.must::<Delete<Quota>>()?;
                quota::remove(conn, ctx, item.id()?, item.if_match).map(|_| Done::Gone)
            }
        })
    });
    Ok(done.await?)
}
