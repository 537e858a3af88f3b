//! `/v1/promotions`: what is taken off a purchase, and when.
use crate::answer::{Created, Found, Nothing, Put, Result, Shown};
use crate::batch::{self, Batch, BatchOp, BatchResults, Done, Many};
use crate::extract::{
    Asked, Can, DeleteQuery, Id, IfMatch, List, ListQuery, UpsertQuery, Upserting, Valid, View, ViewQuery,
};
use crate::key::{KeyPath, external, unknown_key};
use crate::routes::Routes;
use ::marketing::promotion::{self, Key, NewPromotion, Promotion, PromotionPatch};
use actix_web::web::{Data, Path};
use actix_web::{delete, get, patch, post, put};
use kernel::{Create, Delete, Page, PromotionId, Purge, Read, Update, Writes};
use platform::Db;
use serde_json::Value;

pub fn routes(cfg: &mut Routes) {
    cfg.service(list_promotions)
        .service(create_promotion)
        .service(batch_promotions)
        .service(upsert_promotion)
        .service(get_promotion)
        .service(update_promotion)
        .service(delete_promotion)
        .service(restore_promotion);
}

type PromotionPage = Page<Promotion>;

/// List promotions
///
/// Newest first, unless `sort` says otherwise.
#[utoipa::path(tag = "promotions", params(ListQuery),
    responses((status = 200, description = "a page of promotions", body = PromotionPage)))]
#[get("/promotions")]
async fn list_promotions(
    db: Data<Db>,
    Can(can): Can<Read<Promotion>>,
    List(listing, view): List<promotion::Table>,
) -> Result<Shown<PromotionPage, Page<Value>>> {
    view.page(&db, can, move |conn, ctx| promotion::list(conn, ctx, &listing)).await
}

/// Create a promotion
///
/// A draft, which is used from when it is made active. Refused where another has the code, or its terms break rules, all of
/// which are told.
#[utoipa::path(tag = "promotions", request_body = NewPromotion,
    responses((status = 201, description = "the promotion as it was made", body = Promotion)))]
#[post("/promotions")]
async fn create_promotion(
    db: Data<Db>,
    Can(can): Can<Create<Promotion>>,
    Valid(new): Valid<NewPromotion>,
) -> Result<Created<Promotion>> {
    Ok(Created(db.change(can, move |conn, ctx| promotion::create(conn, ctx, &new)).await?))
}

/// Get a promotion
#[utoipa::path(tag = "promotions", params(("id" = PromotionId, Path), ViewQuery),
    responses((status = 200, description = "the promotion", body = Promotion)))]
#[get("/promotions/{id}")]
async fn get_promotion(
    db: Data<Db>,
    Can(can): Can<Read<Promotion>>,
    Id(id): Id<PromotionId>,
    view: View,
) -> Result<Found<Promotion>> {
    view.one(&db, can, id).await
}

/// Update a promotion
///
/// What is in use goes on by its new terms; what has ended stays as it was. `status` is changed by its transition.
#[utoipa::path(tag = "promotions", params(("id" = PromotionId, Path)),
    request_body(content = PromotionPatch, content_type = "application/merge-patch+json"),
    responses((status = 200, description = "the promotion as it is now", body = Promotion)))]
#[patch("/promotions/{id}")]
async fn update_promotion(
    db: Data<Db>,
    Can(can): Can<Update<Promotion>>,
    Id(id): Id<PromotionId>,
    IfMatch(base): IfMatch,
    Valid(patch): Valid<PromotionPatch>,
) -> Result<Found<Promotion>> {
    Ok(Found::plain(db.change(can, move |conn, ctx| promotion::update(conn, ctx, id, base, &patch)).await?))
}

/// Archive or purge a promotion
///
/// Archived, it is used no more, and neither are its coupons. One that has coupons or was used is not purged.
#[utoipa::path(tag = "promotions", params(("id" = PromotionId, Path), DeleteQuery),
    responses((status = 204, description = "archived, or gone for good")))]
#[delete("/promotions/{id}")]
async fn delete_promotion(
    db: Data<Db>,
    Can(can): Can<Delete<Promotion>>,
    Id(id): Id<PromotionId>,
    IfMatch(base): IfMatch,
    Asked(query): Asked<DeleteQuery>,
) -> Result<Nothing> {
    db.change(can, move |conn, ctx| match query.purge {
        true => ctx.must::<Purge<Promotion>>().and_then(|()| promotion::purge(conn, ctx, id, base)),
        false => promotion::archive(conn, ctx, id, base).map(drop),
    })
    .await?;
    Ok(Nothing)
}

/// Restore an archived promotion
#[utoipa::path(tag = "promotions", params(("id" = PromotionId, Path)),
    responses((status = 200, description = "the promotion, in use again", body = Promotion)))]
#[post("/promotions/{id}/restore")]
async fn restore_promotion(
    db: Data<Db>,
    Can(can): Can<Delete<Promotion>>,
    Id(id): Id<PromotionId>,
) -> Result<Found<Promotion>> {
    Ok(Found::plain(db.change(can, move |conn, ctx| promotion::restore(conn, ctx, id)).await?))
}

/// Create or update a promotion by a key
///
/// The key is `code` or `ext:{source_system}`.
#[utoipa::path(tag = "promotions", params(KeyPath, UpsertQuery), request_body = NewPromotion,
    responses((status = 200, description = "the promotion as it is now", body = Promotion),
              (status = 201, description = "the promotion as it was made", body = Promotion)))]
#[put("/promotions/by/{key}/{value}")]
async fn upsert_promotion(
    db: Data<Db>,
    Can(can): Can<(Create<Promotion>, Update<Promotion>)>,
    path: Path<KeyPath>,
    Upserting(ask): Upserting<NewPromotion, PromotionPatch>,
) -> Result<Put<Promotion>> {
    let key = key(path.into_inner())?;
    Ok(Put(db.write(can, move |conn, ctx| promotion::upsert(conn, ctx, &key, &ask)).await?))
}

/// Write many promotions
///
/// Up to 1,000 creations, changes, upserts and deletions, answered one by one in their order.
#[utoipa::path(tag = "promotions", request_body = Batch,
    responses((status = 200, description = "all went well", body = BatchResults),
              (status = 207, description = "some did not: each result has its status", body = BatchResults)))]
#[post("/promotions/batch")]
async fn batch_promotions(db: Data<Db>, Can(can): Can<Writes<Promotion>>, all: Many) -> Result<BatchResults> {
    let done = db.write(can, move |conn, ctx| {
        batch::run(conn, ctx, &all, |conn, ctx, item| match item.op {
            BatchOp::Create => {
                ctx.must::<Create<Promotion>>()?;
                promotion::create(conn, ctx, &item.read()?).map(Done::Made)
            }
            BatchOp::Update => {
                ctx.must::<Update<Promotion>>()?;
                promotion::update(conn, ctx, item.id()?, item.if_match, &item.read()?).map(Done::Changed)
            }
            BatchOp::Upsert => {
                ctx.must::<(Create<Promotion>, Update<Promotion>)>()?;
                let (path, ask) = item.upsert()?;
                promotion::upsert(conn, ctx, &key(path)?, &ask).map(Done::from)
            }
            BatchOp::Delete => {
                ctx.must::<Delete<Promotion>>()?;
                promotion::archive(conn, ctx, item.id()?, item.if_match).map(|_| Done::Gone)
            }
        })
    });
    Ok(done.await?)
}

fn key(path: KeyPath) -> kernel::Result<Key> {
    Ok(match path.key.as_str() {
        "code" => Key::Code(path.value.trim().to_ascii_uppercase()),
        other => {
            let source_system = external(other).ok_or_else(|| unknown_key(other))?;
            Key::External { source_system, external_id: path.value }
        }
    })
}
