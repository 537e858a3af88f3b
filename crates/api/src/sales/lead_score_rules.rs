//! `/v1/lead-score-rules`: how leads are rated.
use crate::answer::{Created, Found, Nothing, Put, Result, Shown};
use crate::batch::{self, Batch, BatchOp, BatchResults, Done, Many};
use crate::extract::{
    Asked, Can, DeleteQuery, Id, IfMatch, List, ListQuery, UpsertQuery, Upserting, Valid, View, ViewQuery,
};
use crate::key::{KeyPath, name};
use crate::routes::Routes;
use ::sales::score_rule::{self, LeadScoreRule, LeadScoreRulePatch, NewLeadScoreRule};
use actix_web::web::{Data, Path};
use actix_web::{delete, get, patch, post, put};
use kernel::{Create, Delete, LeadScoreRuleId, Page, Purge, Read, Update, Writes};
use platform::Db;
use serde_json::Value;

pub fn routes(cfg: &mut Routes) {
    cfg.service(list_lead_score_rules)
        .service(create_lead_score_rule)
        .service(batch_lead_score_rules)
        .service(upsert_lead_score_rule)
        .service(get_lead_score_rule)
        .service(update_lead_score_rule)
        .service(delete_lead_score_rule)
        .service(restore_lead_score_rule);
}

type LeadScoreRulePage = Page<LeadScoreRule>;

/// List score rules
///
/// Newest first, unless `sort` says otherwise.
#[utoipa::path(tag = "lead-score-rules", params(ListQuery),
    responses((status = 200, description = "a page of score rules", body = LeadScoreRulePage)))]
#[get("/lead-score-rules")]
async fn list_lead_score_rules(
    db: Data<Db>,
    Can(can): Can<Read<LeadScoreRule>>,
    List(listing, view): List<score_rule::Table>,
) -> Result<Shown<LeadScoreRulePage, Page<Value>>> {
    view.page(&db, can, move |conn, ctx| score_rule::list(conn, ctx, &listing)).await
}

/// Create a score rule
///
/// So many points to leads of which its filter holds: it looks at the lead alone. What it gave before is kept until a lead
/// changes next.
#[utoipa::path(tag = "lead-score-rules", request_body = NewLeadScoreRule,
    responses((status = 201, description = "the score rule as it was made", body = LeadScoreRule)))]
#[post("/lead-score-rules")]
async fn create_lead_score_rule(
    db: Data<Db>,
    Can(can): Can<Create<LeadScoreRule>>,
    Valid(new): Valid<NewLeadScoreRule>,
) -> Result<Created<LeadScoreRule>> {
    Ok(Created(db.change(can, move |conn, ctx| score_rule::create(conn, ctx, &new)).await?))
}

/// Get a score rule
#[utoipa::path(tag = "lead-score-rules", params(("id" = LeadScoreRuleId, Path), ViewQuery),
    responses((status = 200, description = "the score rule", body = LeadScoreRule)))]
#[get("/lead-score-rules/{id}")]
async fn get_lead_score_rule(
    db: Data<Db>,
    Can(can): Can<Read<LeadScoreRule>>,
    Id(id): Id<LeadScoreRuleId>,
    view: View,
) -> Result<Found<LeadScoreRule>> {
    view.one(&db, can, id).await
}

/// Update a score rule
#[utoipa::path(tag = "lead-score-rules", params(("id" = LeadScoreRuleId, Path)),
    request_body(content = LeadScoreRulePatch, content_type = "application/merge-patch+json"),
    responses((status = 200, description = "the score rule as it is now", body = LeadScoreRule)))]
#[patch("/lead-score-rules/{id}")]
async fn update_lead_score_rule(
    db: Data<Db>,
    Can(can): Can<Update<LeadScoreRule>>,
    Id(id): Id<LeadScoreRuleId>,
    IfMatch(base): IfMatch,
    Valid(patch): Valid<LeadScoreRulePatch>,
) -> Result<Found<LeadScoreRule>> {
    Ok(Found::plain(db.change(can, move |conn, ctx| score_rule::update(conn, ctx, id, base, &patch)).await?))
}

/// Archive or purge a score rule
///
/// Archived, no lead is rated by it any more. What it gave is taken back when a lead changes next.
#[utoipa::path(tag = "lead-score-rules", params(("id" = LeadScoreRuleId, Path), DeleteQuery),
    responses((status = 204, description = "archived, or gone for good")))]
#[delete("/lead-score-rules/{id}")]
async fn delete_lead_score_rule(
    db: Data<Db>,
    Can(can): Can<Delete<LeadScoreRule>>,
    Id(id): Id<LeadScoreRuleId>,
    IfMatch(base): IfMatch,
    Asked(query): Asked<DeleteQuery>,
) -> Result<Nothing> {
    db.change(can, move |conn, ctx| match query.purge {
        true => ctx.must::<Purge<LeadScoreRule>>().and_then(|()| score_rule::purge(conn, ctx, id, base)),
        false => score_rule::archive(conn, ctx, id, base).map(drop),
    })
    .await?;
    Ok(Nothing)
}

/// Restore an archived score rule
#[utoipa::path(tag = "lead-score-rules", params(("id" = LeadScoreRuleId, Path)),
    responses((status = 200, description = "the score rule, in use again", body = LeadScoreRule)))]
#[post("/lead-score-rules/{id}/restore")]
async fn restore_lead_score_rule(
    db: Data<Db>,
    Can(can): Can<Delete<LeadScoreRule>>,
    Id(id): Id<LeadScoreRuleId>,
) -> Result<Found<LeadScoreRule>> {
    Ok(Found::plain(db.change(can, move |conn, ctx| score_rule::restore(conn, ctx, id)).await?))
}

/// Create or update a score rule by a key
///
/// The key is `name`. Where several rules have the name, they are told, and nothing is written.
#[utoipa::path(tag = "lead-score-rules", params(KeyPath, UpsertQuery), request_body = NewLeadScoreRule,
    responses((status = 200, description = "the score rule as it is now", body = LeadScoreRule),
              (status = 201, description = "the score rule as it was made", body = LeadScoreRule)))]
#[put("/lead-score-rules/by/{key}/{value}")]
async fn upsert_lead_score_rule(
    db: Data<Db>,
    Can(can): Can<(Create<LeadScoreRule>, Update<LeadScoreRule>)>,
    path: Path<KeyPath>,
    Upserting(ask): Upserting<NewLeadScoreRule, LeadScoreRulePatch>,
) -> Result<Put<LeadScoreRule>> {
    let key = name(path.into_inner())?;
    Ok(Put(db.write(can, move |conn, ctx| score_rule::upsert(conn, ctx, &key, &ask)).await?))
}

/// Write many score rules
///
/// Up to 1,000 creations, changes, upserts and deletions, answered one by one in their order.
#[utoipa::path(tag = "lead-score-rules", request_body = Batch,
    responses((status = 200, description = "all went well", body = BatchResults),
              (status = 207, description = "some did not: each result has its status", body = BatchResults)))]
#[post("/lead-score-rules/batch")]
async fn batch_lead_score_rules(db: Data<Db>, Can(can): Can<Writes<LeadScoreRule>>, all: Many) -> Result<BatchResults> {
    let done = db.write(can, move |conn, ctx| {
        batch::run(conn, ctx, &all, |conn, ctx, item| match item.op {
            BatchOp::Create => {
                ctx.must::<Create<LeadScoreRule>>()?;
                score_rule::create(conn, ctx, &item.read()?).map(Done::Made)
            }
            BatchOp::Update => {
                ctx.must::<Update<LeadScoreRule>>()?;
                score_rule::update(conn, ctx, item.id()?, item.if_match, &item.read()?).map(Done::Changed)
            }
            BatchOp::Upsert => {
                ctx.must::<(Create<LeadScoreRule>, Update<LeadScoreRule>)>()?;
                let (path, ask) = item.upsert()?;
                score_rule::upsert(conn, ctx, &name(path)?, &ask).map(Done::from)
            }
            BatchOp::Delete => {
                ctx.must::<Delete<LeadScoreRule>>()?;
                score_rule::archive(conn, ctx, item.id()?, item.if_match).map(|_| Done::Gone)
            }
        })
    });
    Ok(done.await?)
}
