//! `/v1/routing-rules`: how the cases of a queue are given out.
use crate::answer::{Created, Found, Nothing, Put, Result, Shown};
use crate::batch::{self, Batch, BatchOp, BatchResults, Done, Many};
use crate::extract::{
    Asked, Can, DeleteQuery, Id, IfMatch, List, ListQuery, UpsertQuery, Upserting, Valid, View, ViewQuery,
};
use crate::key::{KeyPath, name};
use crate::routes::Routes;
use ::service::routing::{self, NewRoutingRule, RoutingRule, RoutingRulePatch};
use actix_web::web::{Data, Path};
use actix_web::{delete, get, patch, post, put};
use kernel::{Create, Delete, Page, Purge, Read, RoutingRuleId, Update, Writes};
use platform::Db;
use serde_json::Value;

pub fn routes(cfg: &mut Routes) {
    cfg.service(list_routing_rules)
        .service(create_routing_rule)
        .service(batch_routing_rules)
        .service(upsert_routing_rule)
        .service(get_routing_rule)
        .service(update_routing_rule)
        .service(delete_routing_rule)
        .service(restore_routing_rule);
}

type RoutingRulePage = Page<RoutingRule>;

/// List routing rules
///
/// Newest first, unless `sort` says otherwise.
#[utoipa::path(tag = "routing-rules", params(ListQuery),
    responses((status = 200, description = "a page of routing rules", body = RoutingRulePage)))]
#[get("/routing-rules")]
async fn list_routing_rules(
    db: Data<Db>,
    Can(can): Can<Read<RoutingRule>>,
    List(listing, view): List<routing::Table>,
) -> Result<Shown<RoutingRulePage, Page<Value>>> {
    view.page(&db, can, move |conn, ctx| routing::list(conn, ctx, &listing)).await
}

/// Create a routing rule
///
/// A queue has one. What waits there is given out within some seconds: to agents who serve the queue, are online, have
/// the skills and have room.
#[utoipa::path(tag = "routing-rules", request_body = NewRoutingRule,
    responses((status = 201, description = "the routing rule as it was made", body = RoutingRule)))]
#[post("/routing-rules")]
async fn create_routing_rule(
    db: Data<Db>,
    Can(can): Can<Create<RoutingRule>>,
    Valid(new): Valid<NewRoutingRule>,
) -> Result<Created<RoutingRule>> {
    Ok(Created(db.change(can, move |conn, ctx| routing::create(conn, ctx, &new)).await?))
}

/// Get a routing rule
#[utoipa::path(tag = "routing-rules", params(("id" = RoutingRuleId, Path), ViewQuery),
    responses((status = 200, description = "the routing rule", body = RoutingRule)))]
#[get("/routing-rules/{id}")]
async fn get_routing_rule(
    db: Data<Db>,
    Can(can): Can<Read<RoutingRule>>,
    Id(id): Id<RoutingRuleId>,
    view: View,
) -> Result<Found<RoutingRule>> {
    view.one(&db, can, id).await
}

/// Update a routing rule
#[utoipa::path(tag = "routing-rules", params(("id" = RoutingRuleId, Path)),
    request_body(content = RoutingRulePatch, content_type = "application/merge-patch+json"),
    responses((status = 200, description = "the routing rule as it is now", body = RoutingRule)))]
#[patch("/routing-rules/{id}")]
async fn update_routing_rule(
    db: Data<Db>,
    Can(can): Can<Update<RoutingRule>>,
    Id(id): Id<RoutingRuleId>,
    IfMatch(base): IfMatch,
    Valid(patch): Valid<RoutingRulePatch>,
) -> Result<Found<RoutingRule>> {
    Ok(Found::plain(db.change(can, move |conn, ctx| routing::update(conn, ctx, id, base, &patch)).await?))
}

/// Archive or purge a routing rule
///
/// Archived, it gives nothing out any more. What it gave out stays where it is.
#[utoipa::path(tag = "routing-rules", params(("id" = RoutingRuleId, Path), DeleteQuery),
    responses((status = 204, description = "archived, or gone for good")))]
#[delete("/routing-rules/{id}")]
async fn delete_routing_rule(
    db: Data<Db>,
    Can(can): Can<Delete<RoutingRule>>,
    Id(id): Id<RoutingRuleId>,
    IfMatch(base): IfMatch,
    Asked(query): Asked<DeleteQuery>,
) -> Result<Nothing> {
    db.change(can, move |conn, ctx| match query.purge {
        true => ctx.must::<Purge<RoutingRule>>().and_then(|()| routing::purge(conn, ctx, id, base)),
        false => routing::archive(conn, ctx, id, base).map(drop),
    })
    .await?;
    Ok(Nothing)
}

/// Restore an archived routing rule
#[utoipa::path(tag = "routing-rules", params(("id" = RoutingRuleId, Path)),
    responses((status = 200, description = "the routing rule, in use again", body = RoutingRule)))]
#[post("/routing-rules/{id}/restore")]
async fn restore_routing_rule(
    db: Data<Db>,
    Can(can): Can<Delete<RoutingRule>>,
    Id(id): Id<RoutingRuleId>,
) -> Result<Found<RoutingRule>> {
    Ok(Found::plain(db.change(can, move |conn, ctx| routing::restore(conn, ctx, id)).await?))
}

/// Create or update a routing rule by a key
///
/// The key is `name`. Where several rules have the name, they are told, and nothing is written. The queue of one that is
/// there stays.
#[utoipa::path(tag = "routing-rules", params(KeyPath, UpsertQuery), request_body = NewRoutingRule,
    responses((status = 200, description = "the routing rule as it is now", body = RoutingRule),
              (status = 201, description = "the routing rule as it was made", body = RoutingRule)))]
#[put("/routing-rules/by/{key}/{value}")]
async fn upsert_routing_rule(
    db: Data<Db>,
    Can(can): Can<(Create<RoutingRule>, Update<RoutingRule>)>,
    path: Path<KeyPath>,
    Upserting(ask): Upserting<NewRoutingRule, RoutingRulePatch>,
) -> Result<Put<RoutingRule>> {
    let key = name(path.into_inner())?;
    Ok(Put(db.write(can, move |conn, ctx| routing::upsert(conn, ctx, &key, &ask)).await?))
}

/// Write many routing rules
///
/// Up to 1,000 creations, changes, upserts and deletions, answered one by one in their order.
#[utoipa::path(tag = "routing-rules", request_body = Batch,
    responses((status = 200, description = "all went well", body = BatchResults),
              (status = 207, description = "some did not: each result has its status", body = BatchResults)))]
#[post("/routing-rules/batch")]
async fn batch_routing_rules(db: Data<Db>, Can(can): Can<Writes<RoutingRule>>, all: Many) -> Result<BatchResults> {
    let done = db.write(can, move |conn, ctx| {
        batch::run(conn, ctx, &all, |conn, ctx, item| match item.op {
            BatchOp::Create => {
                ctx.must::<Create<RoutingRule>>()?;
                routing::create(conn, ctx, &item.read()?).map(Done::Made)
            }
            BatchOp::Update => {
                ctx.must::<Update<RoutingRule>>()?;
                routing::update(conn, ctx, item.id()?, item.if_match, &item.read()?).map(Done::Changed)
            }
            BatchOp::Upsert => {
                ctx.must::<(Create<RoutingRule>, Update<RoutingRule>)>()?;
                let (path, ask) = item.upsert()?;
                routing::upsert(conn, ctx, &name(path)?, &ask).map(Done::from)
            }
            BatchOp::Delete => {
                ctx.must::<Delete<RoutingRule>>()?;
                routing::archive(conn, ctx, item.id()?, item.if_match).map(|_| Done::Gone)
            }
        })
    });
    Ok(done.await?)
}
