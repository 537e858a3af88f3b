//! `/v1/duplicate-candidates`: records that are probably one, as `/v1/duplicate-scans` finds them.
use crate::answer::{Found, Result, Shown};
use crate::extract::{Can, Id, List, ListQuery, Valid, View, ViewQuery};
use crate::routes::Routes;
use crate::worker;
use ::customer::duplicate::{self, DuplicateCandidate, DuplicateScan};
use ::platform::Db;
use ::platform::job::Job;
use actix_web::web::Data;
use actix_web::{HttpResponse, get, post};
use kernel::{Create, DuplicateCandidateId, Page, Read, Update};
use serde_json::Value;

pub fn routes(cfg: &mut Routes) {
    cfg.service(begin_duplicate_scan)
        .service(list_duplicate_candidates)
        .service(get_duplicate_candidate)
        .service(dismiss_duplicate_candidate);
}

type DuplicateCandidatePage = Page<DuplicateCandidate>;

/// Look for records that are probably one
///
/// Of all that the caller sees: the newest two hundred at once, the others in the background. Pairs that were dismissed are
/// not found again.
#[utoipa::path(tag = "merges", request_body = DuplicateScan,
    responses((status = 202, description = "the job that looks", body = Job)))]
#[post("/duplicate-scans")]
async fn begin_duplicate_scan(
    db: Data<Db>,
    Can(can): Can<Create<DuplicateCandidate>>,
    Valid(asked): Valid<DuplicateScan>,
) -> Result<HttpResponse> {
    let job = db.change(can, move |conn, ctx| duplicate::begin(conn, ctx, &asked)).await?;
    worker::wake();
    Ok(HttpResponse::Accepted().json(job))
}

/// List records that are probably one
///
/// Of pairs of which the caller sees both. `?status=open&sort=-score` are those that somebody should look at.
#[utoipa::path(tag = "merges", params(ListQuery),
    responses((status = 200, description = "a page of pairs", body = DuplicateCandidatePage)))]
#[get("/duplicate-candidates")]
async fn list_duplicate_candidates(
    db: Data<Db>,
    Can(can): Can<Read<DuplicateCandidate>>,
    List(listing, view): List<duplicate::Table>,
) -> Result<Shown<DuplicateCandidatePage, Page<Value>>> {
    view.page(&db, can, move |conn, ctx| duplicate::list(conn, ctx, &listing)).await
}

/// Get two records that are probably one
#[utoipa::path(tag = "merges", params(("id" = DuplicateCandidateId, Path), ViewQuery),
    responses((status = 200, description = "the pair", body = DuplicateCandidate)))]
#[get("/duplicate-candidates/{id}")]
async fn get_duplicate_candidate(
    db: Data<Db>,
    Can(can): Can<Read<DuplicateCandidate>>,
    Id(id): Id<DuplicateCandidateId>,
    view: View,
) -> Result<Found<DuplicateCandidate>> {
    view.one(&db, can, id).await
}

/// Say that two records are two
///
/// For whoever may change both. They are not found again; one that is no more open is answered as it is.
#[utoipa::path(tag = "merges", params(("id" = DuplicateCandidateId, Path)),
    responses((status = 200, description = "the pair as it is now", body = DuplicateCandidate)))]
#[post("/duplicate-candidates/{id}/dismiss")]
async fn dismiss_duplicate_candidate(
    db: Data<Db>,
    Can(can): Can<Update<DuplicateCandidate>>,
    Id(id): Id<DuplicateCandidateId>,
) -> Result<Found<DuplicateCandidate>> {
    Ok(Found::plain(db.write(can, move |conn, ctx| duplicate::dismiss(conn, ctx, id)).await?))
}
