//! `/v1/pools`: where leads lie that nobody works on yet, and how they are taken.
use crate::answer::{Created, Found, Nothing, Put, Result, Shown};
use crate::batch::{self, Batch, BatchOp, BatchResults, Done, Many};
use crate::extract::{
    Asked, Can, DeleteQuery, Id, IfMatch, List, ListQuery, UpsertQuery, Upserting, Valid, View, ViewQuery,
};
use crate::key::{KeyPath, name};
use crate::routes::Routes;
use ::sales::lead::Lead;
use ::sales::lead::pooling::{self, PoolAllowance, PoolClaim};
use ::sales::pool::{self, NewPool, Pool, PoolPatch};
use actix_web::web::{Data, Json, Path};
use actix_web::{delete, get, patch, post, put};
use kernel::{Create, Delete, Page, PoolId, Purge, Read, Update, Writes};
use platform::Db;
use serde_json::Value;

pub fn routes(cfg: &mut Routes) {
    cfg.service(list_pools)
        .service(create_pool)
        .service(batch_pools)
        .service(upsert_pool)
        .service(get_pool)
        .service(update_pool)
        .service(delete_pool)
        .service(restore_pool)
        .service(get_pool_allowance)
        .service(claim_from_pool);
}

type PoolPage = Page<Pool>;

/// List pools
///
/// Newest first, unless `sort` says otherwise.
#[utoipa::path(tag = "pools", params(ListQuery),
    responses((status = 200, description = "a page of pools", body = PoolPage)))]
#[get("/pools")]
async fn list_pools(
    db: Data<Db>,
    Can(can): Can<Read<Pool>>,
    List(listing, view): List<pool::Table>,
) -> Result<Shown<PoolPage, Page<Value>>> {
    view.page(&db, can, move |conn, ctx| pool::list(conn, ctx, &listing)).await
}

/// Create a pool
///
/// Of a queue that has no leads yet: those who serve the queue see what lies in the pool, and may take it.
#[utoipa::path(tag = "pools", request_body = NewPool,
    responses((status = 201, description = "the pool as it was made", body = Pool)))]
#[post("/pools")]
async fn create_pool(db: Data<Db>, Can(can): Can<Create<Pool>>, Valid(new): Valid<NewPool>) -> Result<Created<Pool>> {
    Ok(Created(db.change(can, move |conn, ctx| pool::create(conn, ctx, &new)).await?))
}

/// Get a pool
#[utoipa::path(tag = "pools", params(("id" = PoolId, Path), ViewQuery),
    responses((status = 200, description = "the pool", body = Pool)))]
#[get("/pools/{id}")]
async fn get_pool(db: Data<Db>, Can(can): Can<Read<Pool>>, Id(id): Id<PoolId>, view: View) -> Result<Found<Pool>> {
    view.one(&db, can, id).await
}

/// Update a pool
#[utoipa::path(tag = "pools", params(("id" = PoolId, Path)),
    request_body(content = PoolPatch, content_type = "application/merge-patch+json"),
    responses((status = 200, description = "the pool as it is now", body = Pool)))]
#[patch("/pools/{id}")]
async fn update_pool(
    db: Data<Db>,
    Can(can): Can<Update<Pool>>,
    Id(id): Id<PoolId>,
    IfMatch(base): IfMatch,
    Valid(patch): Valid<PoolPatch>,
) -> Result<Found<Pool>> {
    Ok(Found::plain(db.change(can, move |conn, ctx| pool::update(conn, ctx, id, base, &patch)).await?))
}

/// Archive or purge a pool
///
/// Archived, it is shut: what lies there stays there, until the pool is restored or a lead is transferred. Purged, its
/// ledger goes with it; one that leads are of is archived, and not purged.
#[utoipa::path(tag = "pools", params(("id" = PoolId, Path), DeleteQuery),
    responses((status = 204, description = "archived, or gone for good")))]
#[delete("/pools/{id}")]
async fn delete_pool(
    db: Data<Db>,
    Can(can): Can<Delete<Pool>>,
    Id(id): Id<PoolId>,
    IfMatch(base): IfMatch,
    Asked(query): Asked<DeleteQuery>,
) -> Result<Nothing> {
    db.change(can, move |conn, ctx| match query.purge {
        true => ctx.must::<Purge<Pool>>().and_then(|()| pool::purge(conn, ctx, id, base)),
        false => pool::archive(conn, ctx, id, base).map(drop),
    })
    .await?;
    Ok(Nothing)
}

/// Restore an archived pool
#[utoipa::path(tag = "pools", params(("id" = PoolId, Path)),
    responses((status = 200, description = "the pool, in use again", body = Pool)))]
#[post("/pools/{id}/restore")]
async fn restore_pool(db: Data<Db>, Can(can): Can<Delete<Pool>>, Id(id): Id<PoolId>) -> Result<Found<Pool>> {
    Ok(Found::plain(db.change(can, move |conn, ctx| pool::restore(conn, ctx, id)).await?))
}

/// Create or update a pool by a key
///
/// The key is `name`. Where several pools have the name, they are told, and nothing is written. The queue of one that is
/// there stays.
#[utoipa::path(tag = "pools", params(KeyPath, UpsertQuery), request_body = NewPool,
    responses((status = 200, description = "the pool as it is now", body = Pool),
              (status = 201, description = "the pool as it was made", body = Pool)))]
#[put("/pools/by/{key}/{value}")]
async fn upsert_pool(
    db: Data<Db>,
    Can(can): Can<(Create<Pool>, Update<Pool>)>,
    path: Path<KeyPath>,
    Upserting(ask): Upserting<NewPool, PoolPatch>,
) -> Result<Put<Pool>> {
    let key = name(path.into_inner())?;
    Ok(Put(db.write(can, move |conn, ctx| pool::upsert(conn, ctx, &key, &ask)).await?))
}

/// Write many pools
///
/// Up to 1,000 creations, changes, upserts and deletions, answered one by one in their order.
#[utoipa::path(tag = "pools", request_body = Batch,
    responses((status = 200, description = "all went well", body = BatchResults),
              (status = 207, description = "some did not: each result has its status", body = BatchResults)))]
#[post("/pools/batch")]
async fn batch_pools(db: Data<Db>, Can(can): Can<Writes<Pool>>, all: Many) -> Result<BatchResults> {
    let done = db.write(can, move |conn, ctx| {
        batch::run(conn, ctx, &all, |conn, ctx, item| match item.op {
            BatchOp::Create => {
                ctx.must::<Create<Pool>>()?;
                pool::create(conn, ctx, &item.read()?).map(Done::Made)
            }
            BatchOp::Update => {
                ctx.must::<Update<Pool>>()?;
                pool::update(conn, ctx, item.id()?, item.if_match, &item.read()?).map(Done::Changed)
            }
            BatchOp::Upsert => {
                ctx.must::<(Create<Pool>, Update<Pool>)>()?;
                let (path, ask) = item.upsert()?;
                pool::upsert(conn, ctx, &name(path)?, &ask).map(Done::from)
            }
            BatchOp::Delete => {
                ctx.must::<Delete<Pool>>()?;
                pool::archive(conn, ctx, item.id()?, item.if_match).map(|_| Done::Gone)
            }
        })
    });
    Ok(done.await?)
}

/// Get what you could take from a pool
///
/// How many leads lie there, what you have taken and have in hand, and when the next is free. Nothing is taken.
#[utoipa::path(tag = "pools", params(("id" = PoolId, Path)),
    responses((status = 200, description = "what the caller could take now", body = PoolAllowance)))]
#[get("/pools/{id}/allowance")]
async fn get_pool_allowance(
    db: Data<Db>,
    Can(can): Can<(Read<Pool>, Read<Lead>)>,
    Id(id): Id<PoolId>,
) -> Result<Json<PoolAllowance>> {
    Ok(Json(db.read(can, move |conn, ctx| pooling::allowance(conn, ctx, id)).await?))
}

/// Take a lead from a pool
///
/// The one that lies there longest of those that nobody else is about to take, or the one that is named: of many who want
/// it one gets it. It is the caller's from then on, with its address and number. 429 `pool_claims_used` says when the next
/// is free, 409 `pool_hands_full` that one has to go first.
#[utoipa::path(tag = "pools", params(("id" = PoolId, Path)), request_body = PoolClaim,
    responses((status = 200, description = "the lead, which is the caller's now", body = Lead)))]
#[post("/pools/{id}/claim")]
async fn claim_from_pool(
    db: Data<Db>,
    Can(can): Can<Update<Lead>>,
    Id(id): Id<PoolId>,
    Valid(ask): Valid<PoolClaim>,
) -> Result<Found<Lead>> {
    Ok(Found::plain(db.write(can, move |conn, ctx| pooling::claim_next(conn, ctx, id, &ask)).await?))
}
