//! `/v1/legal-holds`: what keeps somebody's data where it is.
use crate::answer::{Created, Found, Result, Shown};
use crate::extract::{Can, Id, IfMatch, List, ListQuery, Valid, View, ViewQuery};
use crate::routes::Routes;
use ::platform::Db;
use ::platform::privacy::hold::{self, LegalHold, LegalHoldPatch, NewLegalHold};
use actix_web::web::Data;
use actix_web::{get, patch, post};
use kernel::{Create, LegalHoldId, Page, Read, Update};
use serde_json::Value;

pub fn routes(cfg: &mut Routes) {
    cfg.service(list_legal_holds)
        .service(create_legal_hold)
        .service(get_legal_hold)
        .service(update_legal_hold)
        .service(release_legal_hold);
}

type LegalHoldPage = Page<LegalHold>;

/// List legal holds
///
/// Newest first, unless `sort` says otherwise.
#[utoipa::path(tag = "privacy", params(ListQuery),
    responses((status = 200, description = "a page of legal holds", body = LegalHoldPage)))]
#[get("/legal-holds")]
async fn list_legal_holds(
    db: Data<Db>,
    Can(can): Can<Read<LegalHold>>,
    List(listing, view): List<hold::Table>,
) -> Result<Shown<LegalHoldPage, Page<Value>>> {
    view.page(&db, can, move |conn, ctx| hold::list(conn, ctx, &listing)).await
}

/// Hold somebody's data
///
/// Neither an erasure nor a retention policy reaches it until the hold is released.
#[utoipa::path(tag = "privacy", request_body = NewLegalHold,
    responses((status = 201, description = "the legal hold as it was made", body = LegalHold)))]
#[post("/legal-holds")]
async fn create_legal_hold(
    db: Data<Db>,
    Can(can): Can<Create<LegalHold>>,
    Valid(new): Valid<NewLegalHold>,
) -> Result<Created<LegalHold>> {
    Ok(Created(db.change(can, move |conn, ctx| hold::create(conn, ctx, &new)).await?))
}

/// Get a legal hold
#[utoipa::path(tag = "privacy", params(("id" = LegalHoldId, Path), ViewQuery),
    responses((status = 200, description = "the legal hold", body = LegalHold)))]
#[get("/legal-holds/{id}")]
async fn get_legal_hold(
    db: Data<Db>,
    Can(can): Can<Read<LegalHold>>,
    Id(id): Id<LegalHoldId>,
    view: View,
) -> Result<Found<LegalHold>> {
    view.one(&db, can, id).await
}

/// Update a legal hold
#[utoipa::path(tag = "privacy", params(("id" = LegalHoldId, Path)),
    request_body(content = LegalHoldPatch, content_type = "application/merge-patch+json"),
    responses((status = 200, description = "the legal hold as it is now", body = LegalHold)))]
#[patch("/legal-holds/{id}")]
async fn update_legal_hold(
    db: Data<Db>,
    Can(can): Can<Update<LegalHold>>,
    Id(id): Id<LegalHoldId>,
    IfMatch(base): IfMatch,
    Valid(patch): Valid<LegalHoldPatch>,
) -> Result<Found<LegalHold>> {
    Ok(Found::plain(db.change(can, move |conn, ctx| hold::update(conn, ctx, id, base, &patch)).await?))
}

/// Release a legal hold
#[utoipa::path(tag = "privacy", params(("id" = LegalHoldId, Path)),
    responses((status = 200, description = "the legal hold, which holds nothing any more", body = LegalHold)))]
#[post("/legal-holds/{id}/release")]
async fn release_legal_hold(
    db: Data<Db>,
    Can(can): Can<Update<LegalHold>>,
    Id(id): Id<LegalHoldId>,
) -> Result<Found<LegalHold>> {
    Ok(Found::plain(db.change(can, move |conn, ctx| hold::release(conn, ctx, id)).await?))
}
