//! `/v1/jobs`: work that goes on in the background.
use crate::answer::{Found, Result, Shown};
use crate::extract::{Can, Id, List, ListQuery, View, ViewQuery};
use crate::routes::Routes;
use crate::worker;
use ::platform::Db;
use ::platform::job::{self, Job};
use ::platform::{export, import};
use actix_web::web::Data;
use actix_web::{get, post};
use kernel::{JobId, Page, Read, Update};
use serde_json::Value;

pub fn routes(cfg: &mut Routes) {
    cfg.service(list_jobs).service(get_job).service(cancel_job).service(retry_job);
}

type JobPage = Page<Job>;

/// List jobs
///
/// Newest first, unless `sort` says otherwise.
#[utoipa::path(tag = "jobs", params(ListQuery),
    responses((status = 200, description = "a page of jobs", body = JobPage)))]
#[get("/jobs")]
async fn list_jobs(
    db: Data<Db>,
    Can(can): Can<Read<Job>>,
    List(listing, view): List<job::Table>,
) -> Result<Shown<JobPage, Page<Value>>> {
    view.page(&db, can, move |conn, ctx| job::list(conn, ctx, &listing)).await
}

/// Get a job
#[utoipa::path(tag = "jobs", params(("id" = JobId, Path), ViewQuery),
    responses((status = 200, description = "the job", body = Job)))]
#[get("/jobs/{id}")]
async fn get_job(db: Data<Db>, Can(can): Can<Read<Job>>, Id(id): Id<JobId>, view: View) -> Result<Found<Job>> {
    view.one(&db, can, id).await
}

/// Ask for a job to end
///
/// One that waits ends at once, one that runs as soon as what it has in hand is done. What is done stays done.
#[utoipa::path(tag = "jobs", params(("id" = JobId, Path)),
    responses((status = 200, description = "the job as it is now", body = Job)))]
#[post("/jobs/{id}/cancel")]
async fn cancel_job(db: Data<Db>, Can(can): Can<Update<Job>>, Id(id): Id<JobId>) -> Result<Found<Job>> {
    let done = db.write(can, move |conn, ctx| {
        let job = job::cancel(conn, ctx, id)?;
        if job.status == "cancelled" {
            import::cancelled_with(conn, ctx, id)?;
            export::cancelled_with(conn, ctx, id)?;
        }
        Ok(job)
    });
    Ok(Found::plain(done.await?))
}

/// Begin a job anew
///
/// One that has failed, or was cancelled. What it got done before stays done: an import goes on behind its last chunk, an
/// export begins a new file. What the privacy office does is begun anew by its requests.
#[utoipa::path(tag = "jobs", params(("id" = JobId, Path)),
    responses((status = 200, description = "the job, which waits for a worker", body = Job)))]
#[post("/jobs/{id}/retry")]
async fn retry_job(db: Data<Db>, Can(can): Can<Update<Job>>, Id(id): Id<JobId>) -> Result<Found<Job>> {
    let done = db.write(can, move |conn, ctx| {
        let job = job::again(conn, ctx, id)?;
        if !worker::is_retryable(&job.kind) {
            return Err(job::NOT_RETRYABLE.into());
        }
        import::begun_with(conn, ctx, id, &job.kind)?;
        export::begun_with(conn, ctx, id)?;
        Ok(job)
    });
    let job = done.await?;
    worker::wake();
    Ok(Found::plain(job))
}
