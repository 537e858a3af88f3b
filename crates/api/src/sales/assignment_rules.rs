//! `/v1/assignment-rules`: who gets which leads.
use crate::answer::{Created, Found, Nothing, Put, Result, Shown};
use crate::batch::{self, Batch, BatchOp, BatchResults, Done, Many};
use crate::extract::{
    Asked, Can, DeleteQuery, Id, IfMatch, List, ListQuery, UpsertQuery, Upserting, Valid, View, ViewQuery,
};
use crate::key::{KeyPath, name};
use crate::routes::Routes;
use ::sales::assignment::{self, AssignmentRule, AssignmentRulePatch, NewAssignmentRule};
use actix_web::web::{Data, Path};
use actix_web::{delete, get, patch, post, put};
use kernel::{AssignmentRuleId, Create, Delete, Page, Purge, Read, Update, Writes};
use platform::Db;
use serde_json::Value;

pub fn routes(cfg: &mut Routes) {
    cfg.service(list_assignment_rules)
        .service(create_assignment_rule)
        .service(batch_assignment_rules)
        .service(upsert_assignment_rule)
        .service(get_assignment_rule)
        .service(update_assignment_rule)
        .service(delete_assignment_rule)
        .service(restore_assignment_rule);
}

type AssignmentRulePage = Page<AssignmentRule>;

/// List assignment rules
///
/// Newest first, unless `sort` says otherwise.
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

/// Archive or purge an assignment rule
///
/// Archived, it gives nothing out any more. What it gave out stays where it is.
#[utoipa::path(tag = "assignment-rules", params(("id" = AssignmentRuleId, Path), DeleteQuery),
    responses((status = 204, description = "archived, or gone for good")))]
#[delete("/assignment-rules/{id}")]
async fn delete_assignment_rule(
    db: Data<Db>,
    Can(can): Can<Delete<AssignmentRule>>,
    Id(id): Id<AssignmentRuleId>,
    IfMatch(base): IfMatch,
    Asked(query): Asked<DeleteQuery>,
) -> Result<Nothing> {
    db.change(can, move |conn, ctx| match query.purge {
        true => ctx.must::<Purge<AssignmentRule>>().and_then(|()| assignment::purge(conn, ctx, id, base)),
        false => assignment::archive(conn, ctx, id, base).map(drop),
    })
    .await?;
    Ok(Nothing)
}

/// Restore an archived assignment rule
#[utoipa::path(tag = "assignment-rules", params(("id" = AssignmentRuleId, Path)),
    responses((status = 200, description = "the assignment rule, in use again", body = AssignmentRule)))]
#[post("/assignment-rules/{id}/restore")]
async fn restore_assignment_rule(
    db: Data<Db>,
    Can(can): Can<Delete<AssignmentRule>>,
    Id(id): Id<AssignmentRuleId>,
) -> Result<Found<AssignmentRule>> {
    Ok(Found::plain(db.change(can, move |conn, ctx| assignment::restore(conn, ctx, id)).await?))
}

/// Create or update an assignment rule by a key
///
/// The key is `name`. Where several rules have the name, they are told, and nothing is written.
#[utoipa::path(tag = "assignment-rules", params(KeyPath, UpsertQuery), request_body = NewAssignmentRule,
    responses((status = 200, description = "the assignment rule as it is now", body = AssignmentRule),
              (status = 201, description = "the assignment rule as it was made", body = AssignmentRule)))]
#[put("/assignment-rules/by/{key}/{value}")]
async fn upsert_assignment_rule(
    db: Data<Db>,
    Can(can): Can<(Create<AssignmentRule>, Update<AssignmentRule>)>,
    path: Path<KeyPath>,
    Upserting(ask): Upserting<NewAssignmentRule, AssignmentRulePatch>,
) -> Result<Put<AssignmentRule>> {
    let key = name(path.into_inner())?;
    Ok(Put(db.write(can, move |conn, ctx| assignment::upsert(conn, ctx, &key, &ask)).await?))
}

/// Write many assignment rules
///
/// Up to 1,000 creations, changes, upserts and deletions, answered one by one in their order.
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
            BatchOp::Upsert => {
                ctx.must::<(Create<AssignmentRule>, Update<AssignmentRule>)>()?;
                let (path, ask) = item.upsert()?;
                assignment::upsert(conn, ctx, &name(path)?, &ask).map(Done::from)
            }
            BatchOp::Delete => {
                ctx.must::<Delete<AssignmentRule>>()?;
                assignment::archive(conn, ctx, item.id()?, item.if_match).map(|_| Done::Gone)
            }
        })
    });
    Ok(done.await?)
}
