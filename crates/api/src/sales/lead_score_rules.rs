//! `/v1/lead-score-rules`: how leads are rated.
use crate::answer::{Created, Found, Nothing, Result, Shown};
use crate::batch::{self, Batch, BatchOp, BatchResults, Done, Many};
use crate::extract::{Can, Id, IfMatch, List, ListQuery, Valid, View, ViewQuery};
use crate::routes::Routes;
use ::sales::score_rule::{self, LeadScoreRule, LeadScoreRulePatch, NewLeadScoreRule};
use actix_web::web::Data;
use actix_web::{delete, get, patch, post};
use kernel::{Create, Delete, LeadScoreRuleId, Page, Read, Update, Writes};
use platform::Db;
use serde_json::Value;

pub fn routes(cfg: &mut Routes) {
    cfg.service(list_lead_score_rules)
        .service(create_lead_score_rule)
        .service(batch_lead_score_rules)
        .service(get_lead_score_rule)
        .service(update_lead_score_rule)
        .service(delete_lead_score_rule);
}

type LeadScoreRulePage = Page<LeadScoreRule>;

/// List score rules
///
/// Newest first, unless `sort` says otherwise. They are neither archived nor searched by words.
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

/// Delete a score rule
///
/// It is gone for good.
#[utoipa::path(tag = "lead-score-rules", params(("id" = LeadScoreRuleId, Path)), responses((status = 204, description = "gone")))]
#[delete("/lead-score-rules/{id}")]
async fn delete_lead_score_rule(
    db: Data<Db>,
    Can(can): Can<Delete<LeadScoreRule>>,
    Id(id): Id<LeadScoreRuleId>,
    IfMatch(base): IfMatch,
) -> Result<Nothing> {
    db.change(can, move |conn, ctx| score_rule::remove(conn, ctx, id, base)).await?;
    Ok(Nothing)
}

/// Write many score rules
///
/// Up to 1,000 creations, changes and deletions, answered one by one in their order.
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
            BatchOp::Upsert => Err(batch::no_upsert()),
            BatchOp::Delete => {
                ctx.must::<Delete<LeadScoreRule>>()?;
                score_rule::remove(conn, ctx, item.id()?, item.if_match).map(|_| Done::Gone)
            }
        })
    });
    Ok(done.await?)
}
