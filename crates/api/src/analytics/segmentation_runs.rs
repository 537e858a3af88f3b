//! `/v1/segmentation-runs`, `/v1/classifications`: when customers were sorted, and as what.
use crate::answer::{Found, Result, Shown};
use crate::extract::{Can, Id, List, ListQuery, Valid};
use crate::routes::Routes;
use crate::worker;
use ::analytics::classification::{self, Classification};
use ::analytics::segmentation::Segmentation;
use ::analytics::segmentation::run::{self, SegmentationRun, SegmentationRunRequest};
use ::customer::account::Account;
use actix_web::web::Data;
use actix_web::{HttpResponse, get, post};
use kernel::{Page, Read, SegmentationId, SegmentationRunId, Update};
use platform::Db;
use serde_json::Value;

pub fn routes(cfg: &mut Routes) {
    cfg.service(run_segmentation)
        .service(list_segmentation_runs)
        .service(get_segmentation_run)
        .service(list_classifications);
}

type SegmentationRunPage = Page<SegmentationRun>;
type ClassificationPage = Page<Classification>;

/// Run a segmentation
///
/// Sorts all customers in the background. Looked at from an earlier day, what was ordered later counts for nothing. One run
/// of a segmentation goes on at a time.
#[utoipa::path(tag = "segmentations", params(("id" = SegmentationId, Path)), request_body = SegmentationRunRequest,
    responses((status = 202, description = "the run that was begun", body = SegmentationRun)))]
#[post("/segmentations/{id}/run")]
async fn run_segmentation(
    db: Data<Db>,
    Can(can): Can<Update<Segmentation>>,
    Id(id): Id<SegmentationId>,
    Valid(asked): Valid<SegmentationRunRequest>,
) -> Result<HttpResponse> {
    let begun = db.change(can, move |conn, ctx| run::begin(conn, ctx, id, &asked)).await?;
    worker::wake();
    Ok(HttpResponse::Accepted().json(begun))
}

/// List runs of segmentations
///
/// Newest first, unless `sort` says otherwise. They are neither archived nor searched by words.
#[utoipa::path(tag = "segmentations", params(ListQuery),
    responses((status = 200, description = "a page of runs", body = SegmentationRunPage)))]
#[get("/segmentation-runs")]
async fn list_segmentation_runs(
    db: Data<Db>,
    Can(can): Can<Read<Segmentation>>,
    List(listing, view): List<run::Table>,
) -> Result<Shown<SegmentationRunPage, Page<Value>>> {
    view.page(&db, can, move |conn, ctx| run::list(conn, ctx, &listing)).await
}

/// Get a run of a segmentation
///
/// How far it is; who is in which class, and how many came from one to another; by what they were sorted.
#[utoipa::path(tag = "segmentations", params(("id" = SegmentationRunId, Path)),
    responses((status = 200, description = "the run", body = SegmentationRun)))]
#[get("/segmentation-runs/{id}")]
async fn get_segmentation_run(
    db: Data<Db>,
    Can(can): Can<Read<Segmentation>>,
    Id(id): Id<SegmentationRunId>,
) -> Result<Found<SegmentationRun>> {
    Ok(Found::plain(db.read(can, move |conn, ctx| run::find(conn, ctx, id)).await?))
}

/// List what customers were sorted as
///
/// Of the accounts that the caller sees, with what they were before: `?filter=valid_until_at == null` is what they are now.
#[utoipa::path(tag = "segmentations", params(ListQuery),
    responses((status = 200, description = "a page of it", body = ClassificationPage)))]
#[get("/classifications")]
async fn list_classifications(
    db: Data<Db>,
    Can(can): Can<Read<Account>>,
    List(listing, view): List<classification::Table>,
) -> Result<Shown<ClassificationPage, Page<Value>>> {
    view.page(&db, can, move |conn, ctx| classification::list(conn, ctx, &listing)).await
}
