//! `/v1/quotas`: what is to be sold in a period.
use crate::answer::{Created, Found, Nothing, Put, Result, Shown};
use crate::batch::{self, Batch, BatchOp, BatchResults, Done, Many};
use crate::extract::{
    Asked, Can, DeleteQuery, Id, IfMatch, List, ListQuery, UpsertQuery, Upserting, Valid, View, ViewQuery,
};
use crate::key::{KeyPath, no_value, unknown_key};
use crate::routes::Routes;
use ::sales::quota::{self, Key, NewQuota, Quota, QuotaPatch};
use actix_web::web::{Data, Path};
use actix_web::{delete, get, patch, post, put};
use kernel::{Create, Delete, Page, Purge, QuotaId, Read, Update, Writes};
use platform::Db;
use serde_json::Value;

pub fn routes(cfg: &mut Routes) {
    cfg.service(list_quotas)
        .service(create_quota)
        .service(batch_quotas)
        .service(upsert_quota)
        .service(get_quota)
        .service(update_quota)
        .service(delete_quota)
        .service(restore_quota);
}

type QuotaPage = Page<Quota>;

/// List quotas
///
/// Newest first, unless `sort` says otherwise.
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

/// Archive or purge a quota
///
/// Archived, nobody is to reach it any more.
#[utoipa::path(tag = "quotas", params(("id" = QuotaId, Path), DeleteQuery),
    responses((status = 204, description = "archived, or gone for good")))]
#[delete("/quotas/{id}")]
async fn delete_quota(
    db: Data<Db>,
    Can(can): Can<Delete<Quota>>,
    Id(id): Id<QuotaId>,
    IfMatch(base): IfMatch,
    Asked(query): Asked<DeleteQuery>,
) -> Result<Nothing> {
    db.change(can, move |conn, ctx| match query.purge {
        true => ctx.must::<Purge<Quota>>().and_then(|()| quota::purge(conn, ctx, id, base)),
        false => quota::archive(conn, ctx, id, base).map(drop),
    })
    .await?;
    Ok(Nothing)
}

/// Restore an archived quota
#[utoipa::path(tag = "quotas", params(("id" = QuotaId, Path)),
    responses((status = 200, description = "the quota, in use again", body = Quota)))]
#[post("/quotas/{id}/restore")]
async fn restore_quota(db: Data<Db>, Can(can): Can<Delete<Quota>>, Id(id): Id<QuotaId>) -> Result<Found<Quota>> {
    Ok(Found::plain(db.change(can, move |conn, ctx| quota::restore(conn, ctx, id)).await?))
}

/// Create or update a quota by a key
///
/// The key is `owner_id,period` of somebody's quota and `team_id,period` of a team's, as in
/// `/v1/quotas/by/owner_id,period/0192f0c1-0000-7000-8000-000000000001,2026-Q4`.
#[utoipa::path(tag = "quotas", params(KeyPath, UpsertQuery), request_body = NewQuota,
    responses((status = 200, description = "the quota as it is now", body = Quota),
              (status = 201, description = "the quota as it was made", body = Quota)))]
#[put("/quotas/by/{key}/{value}")]
async fn upsert_quota(
    db: Data<Db>,
    Can(can): Can<(Create<Quota>, Update<Quota>)>,
    path: Path<KeyPath>,
    Upserting(ask): Upserting<NewQuota, QuotaPatch>,
) -> Result<Put<Quota>> {
    let key = key(&path)?;
    Ok(Put(db.write(can, move |conn, ctx| quota::upsert(conn, ctx, &key, &ask)).await?))
}

/// Write many quotas
///
/// Up to 1,000 creations, changes, upserts and deletions, answered one by one in their order.
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
            BatchOp::Upsert => {
                ctx.must::<(Create<Quota>, Update<Quota>)>()?;
                let (path, ask) = item.upsert()?;
                quota::upsert(conn, ctx, &key(&path)?, &ask).map(Done::from)
            }
            BatchOp::Delete => {
                ctx.must::<Delete<Quota>>()?;
                quota::archive(conn, ctx, item.id()?, item.if_match).map(|_| Done::Gone)
            }
        })
    });
    Ok(done.await?)
}

fn key(path: &KeyPath) -> kernel::Result<Key> {
    let members = path.members();
    let (id, period) = match members.as_slice() {
        [(_, id), (_, period)] => (*id, (*period).to_owned()),
        _ => return Err(unknown_key(&path.key)),
    };
    match path.key.as_str() {
        "owner_id,period" => Ok(Key::Owner(id.parse().map_err(|_| no_value())?, period)),
        "team_id,period" => Ok(Key::Team(id.parse().map_err(|_| no_value())?, period)),
        other => Err(unknown_key(other)),
    }
}
