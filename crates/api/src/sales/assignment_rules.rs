//! `/v1/assignment-rules`: who gets which leads.
use crate::answer::{Created, Found, Nothing, Result, Shown};
use crate::batch::{self, Batch, BatchOp, BatchResults, Done, Many};
use crate::extract::{Can, Id, IfMatch, List, ListQuery, Valid, View, ViewQuery};
use crate::routes::Routes;
use ::sales::assignment::{self, AssignmentRule, AssignmentRulePatch, NewAssignmentRule};
use actix_web::web::Data;
use actix_web::{delete, get, patch, post};
use kernel::{AssignmentRuleId, Create, Delete, Page, Read, Update, Writes};
use platform::Db;
use serde_json::Value;

pub fn routes(cfg: &mut Routes) {
    cfg.service(list_assignment_rules)
        .service(create_assignment_rule)
        .service(batch_assignment_rules)
        .service(get_assignment_rule)
        .service(update_assignment_rule)
        .service(delete_assignment_rule);
}

type AssignmentRulePage = Page<AssignmentRule>;

/// List assignment rules
///
/// Newest first, unless `sort` says otherwise. They are neither archived nor searched by words.
#[utoipa::path(tag = "assignment-rules", params(ListQuery),
    responses((status = 200, description = "a page of assignment rules", body = AssignmentRulePage)))]
#[get("/assignment-rules")]
async fn list_assignment_rules(
    db: Data<Db>,
    Can(can): Can<Read<AssignmentRule>>,
    List(listing, view): List<assignment::Table>,
) -> Result<Shown<AssignmentRulePage, Page<Value>>> {
    view.page(&db, can, move |conn, ctx| assignment::list(conn, ctx, &listing)).await
}

/// Create an assignment rule
///
/// Of those that hold of a lead the first gives it out that has somebody free, by `position`. It looks at the lead alone.
#[utoipa::path(tag = "assignment-rules", request_body = NewAssignmentRule,
    responses((status = 201, description = "the assignment rule as it was made", body = AssignmentRule)))]
#[post("/assignment-rules")]
async fn create_assignment_rule(
    db: Data<Db>,
    Can(can): Can<Create<AssignmentRule>>,
    Valid(new): Valid<NewAssignmentRule>,
) -> Result<Created<AssignmentRule>> {
    Ok(Created(db.change(can, move |conn, ctx| assignment::create(conn, ctx, &new)).await?))
}

/// Get an assignment rule
#[utoipa::path(tag = "assignment-rules", params(("id" = AssignmentRuleId, Path), ViewQuery),
    responses((status = 200, description = "the assignment rule", body = AssignmentRule)))]
#[get("/assignment-rules/{id}")]
async fn get_assignment_rule(
    db: Data<Db>,
    Can(can): Can<Read<AssignmentRule>>,
    Id(id): Id<AssignmentRuleId>,
    view: View,
) -> Result<Found<AssignmentRule>> {
    view.one(&db, can, id).await
}

/// Update an assignment rule
#[utoipa::path(tag = "assignment-rules", params(("id" = AssignmentRuleId, Path)),
    request_body(content = AssignmentRulePatch, content_type = "application/merge-patch+json"),
    responses((status = 200, description = "the assignment rule as it is now", body = AssignmentRule)))]
#[patch("/assignment-rules/{id}")]
async fn update_assignment_rule(
    db: Data<Db>,
    Can(can): Can<Update<AssignmentRule>>,
    Id(id): Id<AssignmentRuleId>,
    IfMatch(base): IfMatch,
    Valid(patch): Valid<AssignmentRulePatch>,
) -> Result<Found<AssignmentRule>> {
    Ok(Found::plain(db.change(can, move |conn, ctx| assignment::update(conn, ctx, id, base, &patch)).await?))
}

/// Delete an assignment rule
///
/// It is gone for good.
#[utoipa::path(tag = "assignment-rules", params(("id" = AssignmentRuleId, Path)), responses((status = 204, description = "gone")))]
#[delete("/assignment-rules/{id}")]
async fn delete_assignment_rule(
    db: Data<Db>,
    Can(can): Can<Delete<AssignmentRule>>,
    Id(id): Id<AssignmentRuleId>,
    IfMatch(base): IfMatch,
) -> Result<Nothing> {
    db.change(can, move |conn, ctx| assignment::remove(conn, ctx, id, base)).await?;
    Ok(Nothing)
}

/// Write many assignment rules
///
/// Up to 1,000 creations, changes and deletions, answered one by one in their order.
#[utoipa::path(tag = "assignment-rules", request_body = Batch,
    responses((status = 200, description = "all went well", body = BatchResults),
              (status = 207, description = "some did not: each result has its status", body = BatchResults)))]
#[post("/assignment-rules/batch")]
async fn batch_assignment_rules(
    db: Data<Db>,
    Can(can): Can<Writes<AssignmentRule>>,
    all: Many,
) -> Result<BatchResults> {
    let done = db.write(can, move |conn, ctx| {
        batch::run(conn, ctx, &all, |conn, ctx, item| match item.op {
            BatchOp::Create => {
                ctx.must::<Create<AssignmentRule>>()?;
                assignment::create(conn, ctx, &item.read()?).map(Done::Made)
            }
            BatchOp::Update => {
                ctx.must::<Update<AssignmentRule>>()?;
                assignment::update(conn, ctx, item.id()?, item.if_match, &item.read()?).map(Done::Changed)
            }
            BatchOp::Upsert => Err(batch::no_upsert()),
            BatchOp::Delete => {
                ctx.must::<Delete<AssignmentRule>>()?;
                assignment::remove(conn, ctx, item.id()?, item.if_match).map(|_| Done::Gone)
            }
        })
    });
    Ok(done.await?)
}
