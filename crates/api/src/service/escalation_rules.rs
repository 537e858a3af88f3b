//! `/v1/escalation-rules`: what happens where a promise is about to be broken, or is.
use crate::answer::{Created, Found, Nothing, Put, Result, Shown};
use crate::batch::{self, Batch, BatchOp, BatchResults, Done, Many};
use crate::extract::{
    Asked, Can, DeleteQuery, Id, IfMatch, List, ListQuery, UpsertQuery, Upserting, Valid, View, ViewQuery,
};
use crate::key::{KeyPath, name};
use crate::routes::Routes;
use ::service::escalation_rule::{self, EscalationRule, EscalationRulePatch, NewEscalationRule};
use actix_web::web::{Data, Path};
use actix_web::{delete, get, patch, post, put};
use kernel::{Create, Delete, EscalationRuleId, Page, Purge, Read, Update, Writes};
use platform::Db;
use serde_json::Value;

pub fn routes(cfg: &mut Routes) {
    cfg.service(list_escalation_rules)
        .service(create_escalation_rule)
        .service(batch_escalation_rules)
        .service(upsert_escalation_rule)
        .service(get_escalation_rule)
        .service(update_escalation_rule)
        .service(delete_escalation_rule)
        .service(restore_escalation_rule);
}

type EscalationRulePage = Page<EscalationRule>;

/// List escalation rules
///
/// Newest first, unless `sort` says otherwise.
#[utoipa::path(tag = "escalation-rules", params(ListQuery),
    responses((status = 200, description = "a page of escalation rules", body = EscalationRulePage)))]
#[get("/escalation-rules")]
async fn list_escalation_rules(
    db: Data<Db>,
    Can(can): Can<Read<EscalationRule>>,
    List(listing, view): List<escalation_rule::Table>,
) -> Result<Shown<EscalationRulePage, Page<Value>>> {
    view.page(&db, can, move |conn, ctx| escalation_rule::list(conn, ctx, &listing)).await
}

/// Create an escalation rule
///
/// It is asked once a promise, when that has been due for so long, or will be: of what comes due from then on.
#[utoipa::path(tag = "escalation-rules", request_body = NewEscalationRule,
    responses((status = 201, description = "the escalation rule as it was made", body = EscalationRule)))]
#[post("/escalation-rules")]
async fn create_escalation_rule(
    db: Data<Db>,
    Can(can): Can<Create<EscalationRule>>,
    Valid(new): Valid<NewEscalationRule>,
) -> Result<Created<EscalationRule>> {
    Ok(Created(db.change(can, move |conn, ctx| escalation_rule::create(conn, ctx, &new)).await?))
}

/// Get an escalation rule
#[utoipa::path(tag = "escalation-rules", params(("id" = EscalationRuleId, Path), ViewQuery),
    responses((status = 200, description = "the escalation rule", body = EscalationRule)))]
#[get("/escalation-rules/{id}")]
async fn get_escalation_rule(
    db: Data<Db>,
    Can(can): Can<Read<EscalationRule>>,
    Id(id): Id<EscalationRuleId>,
    view: View,
) -> Result<Found<EscalationRule>> {
    view.one(&db, can, id).await
}

/// Update an escalation rule
#[utoipa::path(tag = "escalation-rules", params(("id" = EscalationRuleId, Path)),
    request_body(content = EscalationRulePatch, content_type = "application/merge-patch+json"),
    responses((status = 200, description = "the escalation rule as it is now", body = EscalationRule)))]
#[patch("/escalation-rules/{id}")]
async fn update_escalation_rule(
    db: Data<Db>,
    Can(can): Can<Update<EscalationRule>>,
    Id(id): Id<EscalationRuleId>,
    IfMatch(base): IfMatch,
    Valid(patch): Valid<EscalationRulePatch>,
) -> Result<Found<EscalationRule>> {
    Ok(Found::plain(db.change(can, move |conn, ctx| escalation_rule::update(conn, ctx, id, base, &patch)).await?))
}

/// Archive or purge an escalation rule
///
/// Archived, it does nothing any more. What it did stays.
#[utoipa::path(tag = "escalation-rules", params(("id" = EscalationRuleId, Path), DeleteQuery),
    responses((status = 204, description = "archived, or gone for good")))]
#[delete("/escalation-rules/{id}")]
async fn delete_escalation_rule(
    db: Data<Db>,
    Can(can): Can<Delete<EscalationRule>>,
    Id(id): Id<EscalationRuleId>,
    IfMatch(base): IfMatch,
    Asked(query): Asked<DeleteQuery>,
) -> Result<Nothing> {
    db.change(can, move |conn, ctx| match query.purge {
        true => ctx.must::<Purge<EscalationRule>>().and_then(|()| escalation_rule::purge(conn, ctx, id, base)),
        false => escalation_rule::archive(conn, ctx, id, base).map(drop),
    })
    .await?;
    Ok(Nothing)
}

/// Restore an archived escalation rule
#[utoipa::path(tag = "escalation-rules", params(("id" = EscalationRuleId, Path)),
    responses((status = 200, description = "the escalation rule, in use again", body = EscalationRule)))]
#[post("/escalation-rules/{id}/restore")]
async fn restore_escalation_rule(
    db: Data<Db>,
    Can(can): Can<Delete<EscalationRule>>,
    Id(id): Id<EscalationRuleId>,
) -> Result<Found<EscalationRule>> {
    Ok(Found::plain(db.change(can, move |conn, ctx| escalation_rule::restore(conn, ctx, id)).await?))
}

/// Create or update an escalation rule by a key
///
/// The key is `name`. Where several rules have the name, they are told, and nothing is written.
#[utoipa::path(tag = "escalation-rules", params(KeyPath, UpsertQuery), request_body = NewEscalationRule,
    responses((status = 200, description = "the escalation rule as it is now", body = EscalationRule),
              (status = 201, description = "the escalation rule as it was made", body = EscalationRule)))]
#[put("/escalation-rules/by/{key}/{value}")]
async fn upsert_escalation_rule(
    db: Data<Db>,
    Can(can): Can<(Create<EscalationRule>, Update<EscalationRule>)>,
    path: Path<KeyPath>,
    Upserting(ask): Upserting<NewEscalationRule, EscalationRulePatch>,
) -> Result<Put<EscalationRule>> {
    let key = name(path.into_inner())?;
    Ok(Put(db.write(can, move |conn, ctx| escalation_rule::upsert(conn, ctx, &key, &ask)).await?))
}

/// Write many escalation rules
///
/// Up to 1,000 creations, changes, upserts and deletions, answered one by one in their order.
#[utoipa::path(tag = "escalation-rules", request_body = Batch,
    responses((status = 200, description = "all went well", body = BatchResults),
              (status = 207, description = "some did not: each result has its status", body = BatchResults)))]
#[post("/escalation-rules/batch")]
async fn batch_escalation_rules(
    db: Data<Db>,
    Can(can): Can<Writes<EscalationRule>>,
    all: Many,
) -> Result<BatchResults> {
    let done = db.write(can, move |conn, ctx| {
        batch::run(conn, ctx, &all, |conn, ctx, item| match item.op {
            BatchOp::Create => {
                ctx.must::<Create<EscalationRule>>()?;
                escalation_rule::create(conn, ctx, &item.read()?).map(Done::Made)
            }
            BatchOp::Update => {
                ctx.must::<Update<EscalationRule>>()?;
                escalation_rule::update(conn, ctx, item.id()?, item.if_match, &item.read()?).map(Done::Changed)
            }
            BatchOp::Upsert => {
                ctx.must::<(Create<EscalationRule>, Update<EscalationRule>)>()?;
                let (path, ask) = item.upsert()?;
                escalation_rule::upsert(conn, ctx, &name(path)?, &ask).map(Done::from)
            }
            BatchOp::Delete => {
                ctx.must::<Delete<EscalationRule>>()?;
                escalation_rule::archive(conn, ctx, item.id()?, item.if_match).map(|_| Done::Gone)
            }
        })
    });
    Ok(done.await?)
}
