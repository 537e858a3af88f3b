//! `/v1/coupons`: codes by which promotions are used.
use crate::answer::{Created, Found, Nothing, Put, Result, Shown};
use crate::batch::{self, Batch, BatchOp, BatchResults, Done, Many};
use crate::extract::{
    Asked, Can, DeleteQuery, Id, IfMatch, List, ListQuery, UpsertQuery, Upserting, Valid, View, ViewQuery,
};
use crate::key::{KeyPath, unknown_key};
use crate::routes::Routes;
use ::marketing::coupon::{self, Coupon, CouponPatch, NewCoupon};
use actix_web::web::{Data, Path};
use actix_web::{delete, get, patch, post, put};
use kernel::{CouponId, Create, Delete, Page, Purge, Read, Update, Writes};
use platform::Db;
use platform::deed::ByName;
use serde_json::Value;

pub fn routes(cfg: &mut Routes) {
    cfg.service(list_coupons)
        .service(create_coupon)
        .service(batch_coupons)
        .service(upsert_coupon)
        .service(get_coupon)
        .service(update_coupon)
        .service(delete_coupon)
        .service(restore_coupon);
}

type CouponPage = Page<Coupon>;

/// List coupons
///
/// Newest first, unless `sort` says otherwise.
#[utoipa::path(tag = "coupons", params(ListQuery),
    responses((status = 200, description = "a page of coupons", body = CouponPage)))]
#[get("/coupons")]
async fn list_coupons(
    db: Data<Db>,
    Can(can): Can<Read<Coupon>>,
    List(listing, view): List<coupon::Table>,
) -> Result<Shown<CouponPage, Page<Value>>> {
    view.page(&db, can, move |conn, ctx| coupon::list(conn, ctx, &listing)).await
}

/// Create a coupon
///
/// Refused where another has the code, in whatever case. Without a code, it gets one that nobody can guess.
#[utoipa::path(tag = "coupons", request_body = NewCoupon,
    responses((status = 201, description = "the coupon as it was made", body = Coupon)))]
#[post("/coupons")]
async fn create_coupon(
    db: Data<Db>,
    Can(can): Can<Create<Coupon>>,
    Valid(new): Valid<NewCoupon>,
) -> Result<Created<Coupon>> {
    Ok(Created(db.change(can, move |conn, ctx| coupon::create(conn, ctx, &new)).await?))
}

/// Get a coupon
#[utoipa::path(tag = "coupons", params(("id" = CouponId, Path), ViewQuery),
    responses((status = 200, description = "the coupon", body = Coupon)))]
#[get("/coupons/{id}")]
async fn get_coupon(
    db: Data<Db>,
    Can(can): Can<Read<Coupon>>,
    Id(id): Id<CouponId>,
    view: View,
) -> Result<Found<Coupon>> {
    view.one(&db, can, id).await
}

/// Update a coupon
#[utoipa::path(tag = "coupons", params(("id" = CouponId, Path)),
    request_body(content = CouponPatch, content_type = "application/merge-patch+json"),
    responses((status = 200, description = "the coupon as it is now", body = Coupon)))]
#[patch("/coupons/{id}")]
async fn update_coupon(
    db: Data<Db>,
    Can(can): Can<Update<Coupon>>,
    Id(id): Id<CouponId>,
    IfMatch(base): IfMatch,
    Valid(patch): Valid<CouponPatch>,
) -> Result<Found<Coupon>> {
    Ok(Found::plain(db.change(can, move |conn, ctx| coupon::update(conn, ctx, id, base, &patch)).await?))
}

/// Archive or purge a coupon
///
/// Archived, it is used no more. One that was used is not purged.
#[utoipa::path(tag = "coupons", params(("id" = CouponId, Path), DeleteQuery),
    responses((status = 204, description = "archived, or gone for good")))]
#[delete("/coupons/{id}")]
async fn delete_coupon(
    db: Data<Db>,
    Can(can): Can<Delete<Coupon>>,
    Id(id): Id<CouponId>,
    IfMatch(base): IfMatch,
    Asked(query): Asked<DeleteQuery>,
) -> Result<Nothing> {
    db.change(can, move |conn, ctx| match query.purge {
        true => ctx.must::<Purge<Coupon>>().and_then(|()| coupon::purge(conn, ctx, id, base)),
        false => coupon::archive(conn, ctx, id, base).map(drop),
    })
    .await?;
    Ok(Nothing)
}

/// Restore an archived coupon
#[utoipa::path(tag = "coupons", params(("id" = CouponId, Path)),
    responses((status = 200, description = "the coupon, in use again", body = Coupon)))]
#[post("/coupons/{id}/restore")]
async fn restore_coupon(db: Data<Db>, Can(can): Can<Delete<Coupon>>, Id(id): Id<CouponId>) -> Result<Found<Coupon>> {
    Ok(Found::plain(db.change(can, move |conn, ctx| coupon::restore(conn, ctx, id)).await?))
}

/// Create or update a coupon by a key
///
/// The key is `code`, in whatever case.
#[utoipa::path(tag = "coupons", params(KeyPath, UpsertQuery), request_body = NewCoupon,
    responses((status = 200, description = "the coupon as it is now", body = Coupon),
              (status = 201, description = "the coupon as it was made", body = Coupon)))]
#[put("/coupons/by/{key}/{value}")]
async fn upsert_coupon(
    db: Data<Db>,
    Can(can): Can<(Create<Coupon>, Update<Coupon>)>,
    path: Path<KeyPath>,
    Upserting(ask): Upserting<NewCoupon, CouponPatch>,
) -> Result<Put<Coupon>> {
    let key = key(path.into_inner())?;
    Ok(Put(db.write(can, move |conn, ctx| coupon::upsert(conn, ctx, &key, &ask)).await?))
}

/// Write many coupons
///
/// Up to 1,000 creations, changes, upserts and deletions, answered one by one in their order.
#[utoipa::path(tag = "coupons", request_body = Batch,
    responses((status = 200, description = "all went well", body = BatchResults),
              (status = 207, description = "some did not: each result has its status", body = BatchResults)))]
#[post("/coupons/batch")]
async fn batch_coupons(db: Data<Db>, Can(can): Can<Writes<Coupon>>, all: Many) -> Result<BatchResults> {
    let done = db.write(can, move |conn, ctx| {
        batch::run(conn, ctx, &all, |conn, ctx, item| match item.op {
            BatchOp::Create => {
                ctx.must::<Create<Coupon>>()?;
                coupon::create(conn, ctx, &item.read()?).map(Done::Made)
            }
            BatchOp::Update => {
                ctx.must::<Update<Coupon>>()?;
                coupon::update(conn, ctx, item.id()?, item.if_match, &item.read()?).map(Done::Changed)
            }
            BatchOp::Upsert => {
                ctx.must::<(Create<Coupon>, Update<Coupon>)>()?;
                let (path, ask) = item.upsert()?;
                coupon::upsert(conn, ctx, &key(path)?, &ask).map(Done::from)
            }
            BatchOp::Delete => {
                ctx.must::<Delete<Coupon>>()?;
                coupon::archive(conn, ctx, item.id()?, item.if_match).map(|_| Done::Gone)
            }
        })
    });
    Ok(done.await?)
}

fn key(path: KeyPath) -> kernel::Result<ByName> {
    match path.key.as_str() {
        "code" => Ok(ByName(path.value.trim().to_ascii_uppercase())),
        other => Err(unknown_key(other)),
    }
}
