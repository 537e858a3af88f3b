//! `/v1/auto-reply-rules`: what is answered at once to whoever opens a case by mail.
use crate::answer::{Created, Found, Nothing, Result, Shown};
use crate::extract::{Asked, Can, DeleteQuery, Id, IfMatch, List, ListQuery, Valid, View, ViewQuery};
use crate::routes::Routes;
use ::service::auto_reply::{self, AutoReplyRule, AutoReplyRulePatch, NewAutoReplyRule};
use actix_web::web::Data;
use actix_web::{delete, get, patch, post};
use kernel::{AutoReplyRuleId, Create, Delete, Page, Purge, Read, Update};
use platform::Db;
use serde_json::Value;

pub fn routes(cfg: &mut Routes) {
    cfg.service(list_auto_reply_rules)
        .service(create_auto_reply_rule)
        .service(get_auto_reply_rule)
        .service(update_auto_reply_rule)
        .service(delete_auto_reply_rule)
        .service(restore_auto_reply_rule);
}

type AutoReplyRulePage = Page<AutoReplyRule>;

/// List auto reply rules
///
/// Newest first, unless `sort` says otherwise.
#[utoipa::path(tag = "auto-reply-rules", params(ListQuery),
    responses((status = 200, description = "a page of rules", body = AutoReplyRulePage)))]
#[get("/auto-reply-rules")]
async fn list_auto_reply_rules(
    db: Data<Db>,
    Can(can): Can<Read<AutoReplyRule>>,
    List(listing, view): List<auto_reply::Table>,
) -> Result<Shown<AutoReplyRulePage, Page<Value>>> {
    view.page(&db, can, move |conn, ctx| auto_reply::list(conn, ctx, &listing)).await
}

/// Create an auto reply rule
///
/// The first whose filter holds of a case that comes in by mail is answered, in the language of its contact: once a
/// case, and to nothing that a program or a list has sent. Its places are filled in, such as `{{case.number}}`.
#[utoipa::path(tag = "auto-reply-rules", request_body = NewAutoReplyRule,
    responses((status = 201, description = "the rule as it was made", body = AutoReplyRule)))]
#[post("/auto-reply-rules")]
async fn create_auto_reply_rule(
    db: Data<Db>,
    Can(can): Can<Create<AutoReplyRule>>,
    Valid(new): Valid<NewAutoReplyRule>,
) -> Result<Created<AutoReplyRule>> {
    Ok(Created(db.change(can, move |conn, ctx| auto_reply::create(conn, ctx, &new)).await?))
}

/// Get an auto reply rule
#[utoipa::path(tag = "auto-reply-rules", params(("id" = AutoReplyRuleId, Path), ViewQuery),
    responses((status = 200, description = "the rule", body = AutoReplyRule)))]
#[get("/auto-reply-rules/{id}")]
async fn get_auto_reply_rule(
    db: Data<Db>,
    Can(can): Can<Read<AutoReplyRule>>,
    Id(id): Id<AutoReplyRuleId>,
    view: View,
) -> Result<Found<AutoReplyRule>> {
    view.one(&db, can, id).await
}

/// Update an auto reply rule
///
/// What was answered stays as it was.
#[utoipa::path(tag = "auto-reply-rules", params(("id" = AutoReplyRuleId, Path)),
    request_body(content = AutoReplyRulePatch, content_type = "application/merge-patch+json"),
    responses((status = 200, description = "the rule as it is now", body = AutoReplyRule)))]
#[patch("/auto-reply-rules/{id}")]
async fn update_auto_reply_rule(
    db: Data<Db>,
    Can(can): Can<Update<AutoReplyRule>>,
    Id(id): Id<AutoReplyRuleId>,
    IfMatch(base): IfMatch,
    Valid(patch): Valid<AutoReplyRulePatch>,
) -> Result<Found<AutoReplyRule>> {
    Ok(Found::plain(db.change(can, move |conn, ctx| auto_reply::update(conn, ctx, id, base, &patch)).await?))
}

/// Archive or purge an auto reply rule
///
/// Archived, nothing is answered by it.
#[utoipa::path(tag = "auto-reply-rules", params(("id" = AutoReplyRuleId, Path), DeleteQuery),
    responses((status = 204, description = "archived, or gone for good")))]
#[delete("/auto-reply-rules/{id}")]
async fn delete_auto_reply_rule(
    db: Data<Db>,
    Can(can): Can<Delete<AutoReplyRule>>,
    Id(id): Id<AutoReplyRuleId>,
    IfMatch(base): IfMatch,
    Asked(query): Asked<DeleteQuery>,
) -> Result<Nothing> {
    db.change(can, move |conn, ctx| match query.purge {
        true => ctx.must::<Purge<AutoReplyRule>>().and_then(|()| auto_reply::purge(conn, ctx, id, base)),
        false => auto_reply::archive(conn, ctx, id, base).map(drop),
    })
    .await?;
    Ok(Nothing)
}

/// Restore an archived auto reply rule
#[utoipa::path(tag = "auto-reply-rules", params(("id" = AutoReplyRuleId, Path)),
    responses((status = 200, description = "the rule, in use again", body = AutoReplyRule)))]
#[post("/auto-reply-rules/{id}/restore")]
async fn restore_auto_reply_rule(
    db: Data<Db>,
    Can(can): Can<Delete<AutoReplyRule>>,
    Id(id): Id<AutoReplyRuleId>,
) -> Result<Found<AutoReplyRule>> {
    Ok(Found::plain(db.change(can, move |conn, ctx| auto_reply::restore(conn, ctx, id)).await?))
}
