//! `/v1/marketing-plans`: what is to be done in a period, and for how much.
use crate::answer::{Created, Found, Nothing, Put, Result, Shown};
use crate::batch::{self, Batch, BatchOp, BatchResults, Done, Many};
use crate::extract::{
    Asked, Can, DeleteQuery, Id, IfMatch, List, ListQuery, UpsertQuery, Upserting, Valid, View, ViewQuery,
};
use crate::key::{KeyPath, name};
use crate::routes::Routes;
use ::marketing::plan::{self, MarketingPlan, MarketingPlanPatch, NewMarketingPlan};
use actix_web::web::{Data, Path};
use actix_web::{delete, get, patch, post, put};
use kernel::{Create, Delete, MarketingPlanId, Page, Purge, Read, Update, Writes};
use platform::Db;
use serde_json::Value;

pub fn routes(cfg: &mut Routes) {
    cfg.service(list_marketing_plans)
        .service(create_marketing_plan)
        .service(batch_marketing_plans)
        .service(upsert_marketing_plan)
        .service(get_marketing_plan)
        .service(update_marketing_plan)
        .service(delete_marketing_plan)
        .service(restore_marketing_plan);
}

type MarketingPlanPage = Page<MarketingPlan>;

/// List marketing plans
///
/// Newest first, unless `sort` says otherwise.
#[utoipa::path(tag = "marketing-plans", params(ListQuery),
    responses((status = 200, description = "a page of marketing plans", body = MarketingPlanPage)))]
#[get("/marketing-plans")]
async fn list_marketing_plans(
    db: Data<Db>,
    Can(can): Can<Read<MarketingPlan>>,
    List(listing, view): List<plan::Table>,
) -> Result<Shown<MarketingPlanPage, Page<Value>>> {
    view.page(&db, can, move |conn, ctx| plan::list(conn, ctx, &listing)).await
}

/// Create a marketing plan
///
/// As a draft, unless it says otherwise. Refused where another has the name.
#[utoipa::path(tag = "marketing-plans", request_body = NewMarketingPlan,
    responses((status = 201, description = "the marketing plan as it was made", body = MarketingPlan)))]
#[post("/marketing-plans")]
async fn create_marketing_plan(
    db: Data<Db>,
    Can(can): Can<Create<MarketingPlan>>,
    Valid(new): Valid<NewMarketingPlan>,
) -> Result<Created<MarketingPlan>> {
    Ok(Created(db.change(can, move |conn, ctx| plan::create(conn, ctx, &new)).await?))
}

/// Get a marketing plan
#[utoipa::path(tag = "marketing-plans", params(("id" = MarketingPlanId, Path), ViewQuery),
    responses((status = 200, description = "the marketing plan", body = MarketingPlan)))]
#[get("/marketing-plans/{id}")]
async fn get_marketing_plan(
    db: Data<Db>,
    Can(can): Can<Read<MarketingPlan>>,
    Id(id): Id<MarketingPlanId>,
    view: View,
) -> Result<Found<MarketingPlan>> {
    view.one(&db, can, id).await
}

/// Update a marketing plan
#[utoipa::path(tag = "marketing-plans", params(("id" = MarketingPlanId, Path)),
    request_body(content = MarketingPlanPatch, content_type = "application/merge-patch+json"),
    responses((status = 200, description = "the marketing plan as it is now", body = MarketingPlan)))]
#[patch("/marketing-plans/{id}")]
async fn update_marketing_plan(
    db: Data<Db>,
    Can(can): Can<Update<MarketingPlan>>,
    Id(id): Id<MarketingPlanId>,
    IfMatch(base): IfMatch,
    Valid(patch): Valid<MarketingPlanPatch>,
) -> Result<Found<MarketingPlan>> {
    Ok(Found::plain(db.change(can, move |conn, ctx| plan::update(conn, ctx, id, base, &patch)).await?))
}

/// Archive or purge a marketing plan
///
/// One that campaigns are of is archived, and not purged.
#[utoipa::path(tag = "marketing-plans", params(("id" = MarketingPlanId, Path), DeleteQuery),
    responses((status = 204, description = "archived, or gone for good")))]
#[delete("/marketing-plans/{id}")]
async fn delete_marketing_plan(
    db: Data<Db>,
    Can(can): Can<Delete<MarketingPlan>>,
    Id(id): Id<MarketingPlanId>,
    IfMatch(base): IfMatch,
    Asked(query): Asked<DeleteQuery>,
) -> Result<Nothing> {
    db.change(can, move |conn, ctx| match query.purge {
        true => ctx.must::<Purge<MarketingPlan>>().and_then(|()| plan::purge(conn, ctx, id, base)),
        false => plan::archive(conn, ctx, id, base).map(drop),
    })
    .await?;
    Ok(Nothing)
}

/// Restore an archived marketing plan
#[utoipa::path(tag = "marketing-plans", params(("id" = MarketingPlanId, Path)),
    responses((status = 200, description = "the marketing plan, in use again", body = MarketingPlan)))]
#[post("/marketing-plans/{id}/restore")]
async fn restore_marketing_plan(
    db: Data<Db>,
    Can(can): Can<Delete<MarketingPlan>>,
    Id(id): Id<MarketingPlanId>,
) -> Result<Found<MarketingPlan>> {
    Ok(Found::plain(db.change(can, move |conn, ctx| plan::restore(conn, ctx, id)).await?))
}

/// Create or update a marketing plan by a key
///
/// The key is `name`.
#[utoipa::path(tag = "marketing-plans", params(KeyPath, UpsertQuery), request_body = NewMarketingPlan,
    responses((status = 200, description = "the marketing plan as it is now", body = MarketingPlan),
              (status = 201, description = "the marketing plan as it was made", body = MarketingPlan)))]
#[put("/marketing-plans/by/{key}/{value}")]
async fn upsert_marketing_plan(
    db: Data<Db>,
    Can(can): Can<(Create<MarketingPlan>, Update<MarketingPlan>)>,
    path: Path<KeyPath>,
    Upserting(ask): Upserting<NewMarketingPlan, MarketingPlanPatch>,
) -> Result<Put<MarketingPlan>> {
    let key = name(path.into_inner())?;
    Ok(Put(db.write(can, move |conn, ctx| plan::upsert(conn, ctx, &key, &ask)).await?))
}

/// Write many marketing plans
///
/// Up to 1,000 creations, changes, upserts and deletions, answered one by one in their order.
#[utoipa::path(tag = "marketing-plans", request_body = Batch,
    responses((status = 200, description = "all went well", body = BatchResults),
              (status = 207, description = "some did not: each result has its status", body = BatchResults)))]
#[post("/marketing-plans/batch")]
async fn batch_marketing_plans(db: Data<Db>, Can(can): Can<Writes<MarketingPlan>>, all: Many) -> Result<BatchResults> {
    let done = db.write(can, move |conn, ctx| {
        batch::run(conn, ctx, &all, |conn, ctx, item| match item.op {
            BatchOp::Create => {
                ctx.must::<Create<MarketingPlan>>()?;
                plan::create(conn, ctx, &item.read()?).map(Done::Made)
            }
            BatchOp::Update => {
                ctx.must::<Update<MarketingPlan>>()?;
                plan::update(conn, ctx, item.id()?, item.if_match, &item.read()?).map(Done::Changed)
            }
            BatchOp::Upsert => {
                ctx.must::<(Create<MarketingPlan>, Update<MarketingPlan>)>()?;
                let (path, ask) = item.upsert()?;
                plan::upsert(conn, ctx, &name(path)?, &ask).map(Done::from)
            }
            BatchOp::Delete => {
                ctx.must::<Delete<MarketingPlan>>()?;
                plan::archive(conn, ctx, item.id()?, item.if_match).map(|_| Done::Gone)
            }
        })
    });
    Ok(done.await?)
}
