//! `/v1/retention-policies`: which records go by their age, and how.
use crate::answer::{Created, Found, Nothing, Result, Shown};
use crate::extract::{Can, Id, IfMatch, List, ListQuery, Valid, View, ViewQuery};
use crate::house::{House, registry};
use crate::routes::Routes;
use crate::worker;
use crate::worker::privacy::RETENTION;
use ::platform::Db;
use ::platform::privacy::plan::Plan;
use ::platform::privacy::retention::{self, NewRetentionPolicy, Reached, RetentionPolicy, RetentionPolicyPatch};
use actix_web::web::{Data, Json};
use actix_web::{HttpResponse, delete, get, patch, post};
use kernel::{Create, Delete, Page, Read, RetentionPolicyId, Update};
use serde_json::Value;

pub fn routes(cfg: &mut Routes) {
    cfg.service(list_retention_policies)
        .service(create_retention_policy)
        .service(get_retention_policy)
        .service(update_retention_policy)
        .service(delete_retention_policy)
        .service(restore_retention_policy)
        .service(preview_retention_policy)
        .service(run_retention_policy);
}

type RetentionPolicyPage = Page<RetentionPolicy>;

/// List retention policies
///
/// Newest first, unless `sort` says otherwise.
#[utoipa::path(tag = "privacy", params(ListQuery),
    responses((status = 200, description = "a page of retention policies", body = RetentionPolicyPage)))]
#[get("/retention-policies")]
async fn list_retention_policies(
    db: Data<Db>,
    Can(can): Can<Read<RetentionPolicy>>,
    List(listing, view): List<retention::Table>,
) -> Result<Shown<RetentionPolicyPage, Page<Value>>> {
    view.page(&db, can, move |conn, ctx| retention::list(conn, ctx, &listing)).await
}

/// Create a retention policy
///
/// It is carried out once a day while it is active. `archive` puts records out of use, `anonymise` erases what tells of
/// anybody, `purge` deletes them for good, but for those that others refer to.
#[utoipa::path(tag = "privacy", request_body = NewRetentionPolicy,
    responses((status = 201, description = "the retention policy as it was made", body = RetentionPolicy)))]
#[post("/retention-policies")]
async fn create_retention_policy(
    house: Data<House>,
    Can(can): Can<Create<RetentionPolicy>>,
    Valid(new): Valid<NewRetentionPolicy>,
) -> Result<Created<RetentionPolicy>> {
    let all = house.catalogues;
    Ok(Created(house.db.change(can, move |conn, ctx| retention::create(conn, ctx, all, &new)).await?))
}

/// Get a retention policy
#[utoipa::path(tag = "privacy", params(("id" = RetentionPolicyId, Path), ViewQuery),
    responses((status = 200, description = "the retention policy", body = RetentionPolicy)))]
#[get("/retention-policies/{id}")]
async fn get_retention_policy(
    db: Data<Db>,
    Can(can): Can<Read<RetentionPolicy>>,
    Id(id): Id<RetentionPolicyId>,
    view: View,
) -> Result<Found<RetentionPolicy>> {
    view.one(&db, can, id).await
}

/// Update a retention policy
#[utoipa::path(tag = "privacy", params(("id" = RetentionPolicyId, Path)),
    request_body(content = RetentionPolicyPatch, content_type = "application/merge-patch+json"),
    responses((status = 200, description = "the retention policy as it is now", body = RetentionPolicy)))]
#[patch("/retention-policies/{id}")]
async fn update_retention_policy(
    house: Data<House>,
    Can(can): Can<Update<RetentionPolicy>>,
    Id(id): Id<RetentionPolicyId>,
    IfMatch(base): IfMatch,
    Valid(patch): Valid<RetentionPolicyPatch>,
) -> Result<Found<RetentionPolicy>> {
    let all = house.catalogues;
    let done = house.db.change(can, move |conn, ctx| retention::update(conn, ctx, all, id, base, &patch));
    Ok(Found::plain(done.await?))
}

/// Archive a retention policy
#[utoipa::path(tag = "privacy", params(("id" = RetentionPolicyId, Path)),
    responses((status = 204, description = "archived: it is carried out no more")))]
#[delete("/retention-policies/{id}")]
async fn delete_retention_policy(
    db: Data<Db>,
    Can(can): Can<Delete<RetentionPolicy>>,
    Id(id): Id<RetentionPolicyId>,
    IfMatch(base): IfMatch,
) -> Result<Nothing> {
    db.change(can, move |conn, ctx| retention::archive(conn, ctx, id, base)).await?;
    Ok(Nothing)
}

/// Restore an archived retention policy
#[utoipa::path(tag = "privacy", params(("id" = RetentionPolicyId, Path)),
    responses((status = 200, description = "the retention policy, in use again", body = RetentionPolicy)))]
#[post("/retention-policies/{id}/restore")]
async fn restore_retention_policy(
    db: Data<Db>,
    Can(can): Can<Delete<RetentionPolicy>>,
    Id(id): Id<RetentionPolicyId>,
) -> Result<Found<RetentionPolicy>> {
    Ok(Found::plain(db.change(can, move |conn, ctx| retention::restore(conn, ctx, id)).await?))
}

/// Count what a retention policy would reach
///
/// Nothing is done.
#[utoipa::path(tag = "privacy", params(("id" = RetentionPolicyId, Path)),
    responses((status = 200, description = "how many records", body = Reached)))]
#[post("/retention-policies/{id}/preview")]
async fn preview_retention_policy(
    house: Data<House>,
    Can(can): Can<Read<RetentionPolicy>>,
    Id(id): Id<RetentionPolicyId>,
) -> Result<Json<Reached>> {
    let all = house.catalogues;
    let reached = house.db.read(can, move |conn, ctx| {
        let plan = Plan::read(conn, &registry())?;
        retention::preview(conn, ctx, &plan, all, id)
    });
    Ok(Json(reached.await?))
}

/// Carry a retention policy out now
///
/// A job does it, as it does once a day.
#[utoipa::path(tag = "privacy", params(("id" = RetentionPolicyId, Path)),
    responses((status = 202, description = "the retention policy, whose job goes on in the background", body = RetentionPolicy)))]
#[post("/retention-policies/{id}/run")]
async fn run_retention_policy(
    db: Data<Db>,
    Can(can): Can<Update<RetentionPolicy>>,
    Id(id): Id<RetentionPolicyId>,
) -> Result<HttpResponse> {
    let policy = db.write(can, move |conn, ctx| retention::begin(conn, ctx, id, RETENTION)).await?;
    worker::wake();
    Ok(HttpResponse::Accepted().json(policy))
}
