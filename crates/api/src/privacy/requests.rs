//! `/v1/privacy-requests`: what people ask about their data.
use crate::answer::{Created, Found, Result, Shown};
use crate::extract::{Can, Id, IfMatch, List, ListQuery, Valid, View, ViewQuery};
use crate::house::{House, registry};
use crate::routes::Routes;
use crate::worker;
use crate::worker::privacy::{ERASURE, GATHERING};
use ::identity::user;
use ::platform::Db;
use ::platform::privacy::plan::Plan;
use ::platform::privacy::preview::{self, ErasurePreview};
use ::platform::privacy::request::{
    self, NewPrivacyRequest, PrivacyRequest, PrivacyRequestPatch, Rejection, Verification,
};
use actix_web::web::{Data, Json};
use actix_web::{get, patch, post};
use kernel::{Create, Page, PrivacyRequestId, Read, Update, UserId};
use serde_json::Value;

pub fn routes(cfg: &mut Routes) {
    cfg.service(list_privacy_requests)
        .service(create_privacy_request)
        .service(get_privacy_request)
        .service(update_privacy_request)
        .service(verify_privacy_request)
        .service(start_privacy_request)
        .service(preview_privacy_request)
        .service(complete_privacy_request)
        .service(reject_privacy_request)
        .service(lift_privacy_restriction);
}

type PrivacyRequestPage = Page<PrivacyRequest>;

/// List privacy requests
///
/// Newest first, unless `sort` says otherwise: `sort=due_on` shows what is due first.
#[utoipa::path(tag = "privacy", params(ListQuery),
    responses((status = 200, description = "a page of privacy requests", body = PrivacyRequestPage)))]
#[get("/privacy-requests")]
async fn list_privacy_requests(
    db: Data<Db>,
    Can(can): Can<Read<PrivacyRequest>>,
    List(listing, view): List<request::Table>,
) -> Result<Shown<PrivacyRequestPage, Page<Value>>> {
    view.page(&db, can, move |conn, ctx| request::list(conn, ctx, &listing)).await
}

/// Create a privacy request
///
/// Access, portability, rectification, erasure or restriction, as somebody has asked for it. Without a subject it is
/// somebody whom nobody here knows.
#[utoipa::path(tag = "privacy", request_body = NewPrivacyRequest,
    responses((status = 201, description = "the privacy request as it was made", body = PrivacyRequest)))]
#[post("/privacy-requests")]
async fn create_privacy_request(
    house: Data<House>,
    Can(can): Can<Create<PrivacyRequest>>,
    Valid(new): Valid<NewPrivacyRequest>,
) -> Result<Created<PrivacyRequest>> {
    let law = house.privacy_law;
    Ok(Created(house.db.change(can, move |conn, ctx| request::create(conn, ctx, &new, law)).await?))
}

/// Get a privacy request
#[utoipa::path(tag = "privacy", params(("id" = PrivacyRequestId, Path), ViewQuery),
    responses((status = 200, description = "the privacy request", body = PrivacyRequest)))]
#[get("/privacy-requests/{id}")]
async fn get_privacy_request(
    db: Data<Db>,
    Can(can): Can<Read<PrivacyRequest>>,
    Id(id): Id<PrivacyRequestId>,
    view: View,
) -> Result<Found<PrivacyRequest>> {
    view.one(&db, can, id).await
}

/// Update a privacy request
///
/// One that is closed changes no more; the subject can be named until the work begins.
#[utoipa::path(tag = "privacy", params(("id" = PrivacyRequestId, Path)),
    request_body(content = PrivacyRequestPatch, content_type = "application/merge-patch+json"),
    responses((status = 200, description = "the privacy request as it is now", body = PrivacyRequest)))]
#[patch("/privacy-requests/{id}")]
async fn update_privacy_request(
    db: Data<Db>,
    Can(can): Can<Update<PrivacyRequest>>,
    Id(id): Id<PrivacyRequestId>,
    IfMatch(base): IfMatch,
    Valid(patch): Valid<PrivacyRequestPatch>,
) -> Result<Found<PrivacyRequest>> {
    Ok(Found::plain(db.change(can, move |conn, ctx| request::update(conn, ctx, id, base, &patch)).await?))
}

/// Note that it is they who ask
///
/// `received` becomes `verified`; nothing is done for anybody of whom that is not sure.
#[utoipa::path(tag = "privacy", params(("id" = PrivacyRequestId, Path)), request_body = Verification,
    responses((status = 200, description = "the privacy request, verified", body = PrivacyRequest)))]
#[post("/privacy-requests/{id}/verify")]
async fn verify_privacy_request(
    db: Data<Db>,
    Can(can): Can<Update<PrivacyRequest>>,
    Id(id): Id<PrivacyRequestId>,
    Valid(how): Valid<Verification>,
) -> Result<Found<PrivacyRequest>> {
    Ok(Found::plain(db.change(can, move |conn, ctx| request::verify(conn, ctx, id, &how)).await?))
}

/// Begin the work on a privacy request
///
/// `verified` becomes `in_progress`. For access and portability a job gathers what is held into a file, and may
/// be begun again when it has ended.
#[utoipa::path(tag = "privacy", params(("id" = PrivacyRequestId, Path)),
    responses((status = 200, description = "the privacy request, in progress", body = PrivacyRequest)))]
#[post("/privacy-requests/{id}/start")]
async fn start_privacy_request(
    db: Data<Db>,
    Can(can): Can<Update<PrivacyRequest>>,
    Id(id): Id<PrivacyRequestId>,
) -> Result<Found<PrivacyRequest>> {
    let request = db.change(can, move |conn, ctx| request::start(conn, ctx, id, GATHERING)).await?;
    worker::wake();
    Ok(Found::plain(request))
}

/// Show what an erasure would do
///
/// Which columns of how many rows would go, which would stay and why, and which legal holds stand in its way. Nothing is
/// done.
#[utoipa::path(tag = "privacy", params(("id" = PrivacyRequestId, Path)),
    responses((status = 200, description = "what would go and what would stay", body = ErasurePreview)))]
#[post("/privacy-requests/{id}/preview")]
async fn preview_privacy_request(
    house: Data<House>,
    Can(can): Can<Read<PrivacyRequest>>,
    Id(id): Id<PrivacyRequestId>,
) -> Result<Json<ErasurePreview>> {
    let folder = house.data_dir.clone();
    let shown = house.db.read(can, move |conn, ctx| {
        let request = request::find(conn, ctx, id)?;
        let plan = Plan::read(conn, &registry())?;
        match request.subject(ctx) {
            Some(subject) => preview::preview(conn, &plan, &folder, subject),
            None => Ok(ErasurePreview::default()),
        }
    });
    Ok(Json(shown.await?))
}

/// Complete a privacy request
///
/// Of access and portability, the file has been gathered; of rectification, `outcome` points to the changes since; a
/// restriction stands from now on; an erasure goes on as a job, which completes the request when it is done. A user who is
/// erased is archived first, by who may do that. Of somebody unknown it is looked whether something is held all the same.
#[utoipa::path(tag = "privacy", params(("id" = PrivacyRequestId, Path)),
    responses((status = 200, description = "the privacy request: completed, or with the job of its erasure", body = PrivacyRequest)))]
#[post("/privacy-requests/{id}/complete")]
async fn complete_privacy_request(
    house: Data<House>,
    Can(can): Can<Update<PrivacyRequest>>,
    Id(id): Id<PrivacyRequestId>,
) -> Result<Found<PrivacyRequest>> {
    let objects = house.identity.objects();
    let done = house.db.write(can, move |conn, ctx| {
        let request = request::complete(conn, ctx, &registry(), id, ERASURE)?;
        let user = request.subject_id.filter(|_| request.subject_kind.as_deref() == Some("user")).map(UserId);
        if let Some(user) = user.filter(|_| request.kind == "erasure") {
            match user::archive(conn, ctx, objects, user, None) {
                Err(error) if error.code == kernel::error::NOT_FOUND => {} // archived before
                done => drop(done?),
            }
        }
        Ok(request)
    });
    let request = done.await?;
    house.identity.forget();
    worker::wake();
    Ok(Found::plain(request))
}

/// Reject a privacy request
#[utoipa::path(tag = "privacy", params(("id" = PrivacyRequestId, Path)), request_body = Rejection,
    responses((status = 200, description = "the privacy request, rejected", body = PrivacyRequest)))]
#[post("/privacy-requests/{id}/reject")]
async fn reject_privacy_request(
    db: Data<Db>,
    Can(can): Can<Update<PrivacyRequest>>,
    Id(id): Id<PrivacyRequestId>,
    Valid(why): Valid<Rejection>,
) -> Result<Found<PrivacyRequest>> {
    Ok(Found::plain(db.change(can, move |conn, ctx| request::reject(conn, ctx, id, &why)).await?))
}

/// Lift the restriction that a privacy request brought
#[utoipa::path(tag = "privacy", params(("id" = PrivacyRequestId, Path)),
    responses((status = 200, description = "the privacy request, whose subject may be worked with again", body = PrivacyRequest)))]
#[post("/privacy-requests/{id}/lift")]
async fn lift_privacy_restriction(
    db: Data<Db>,
    Can(can): Can<Update<PrivacyRequest>>,
    Id(id): Id<PrivacyRequestId>,
) -> Result<Found<PrivacyRequest>> {
    Ok(Found::plain(db.change(can, move |conn, ctx| request::lift(conn, ctx, id)).await?))
}
