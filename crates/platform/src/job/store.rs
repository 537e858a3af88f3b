//! The queries of a job as its callers see it. `scope` is the only way in.
use super::{Job, NOT_RETRYABLE};
use crate::schema::jobs;
use crate::{Batch, Conn, Listing, Visible, audit, visible};
use diesel::dsl::auto_type;
use diesel::prelude::*;
use kernel::{Action, Ctx, JobId, Page, Result, TenantId, error};

/// The jobs of the tenant on which the actor may do `action`: those of whom it may see the work.
#[auto_type]
fn scope(ctx: &Ctx, action: Action) -> _ {
    let tenant: TenantId = ctx.tenant;
    let visible: Visible<jobs::table> = visible::rows(ctx, action);
    jobs::table.filter(jobs::tenant_id.eq(tenant)).filter(visible)
}

pub fn find(conn: &mut Conn, ctx: &Ctx, id: JobId) -> Result<Job> {
    Ok(scope(ctx, Action::Read).filter(jobs::id.eq(id)).select(Job::as_select()).first(conn)?)
}

pub fn list(conn: &mut Conn, ctx: &Ctx, listing: &Listing<jobs::table>) -> Result<Page<Job>> {
    listing.page(
        conn,
        ctx,
        |conn, ask| {
            let page = scope(ctx, Action::Read).filter(ask.matching()).order(ask.order()).limit(ask.limit());
            page.select((Job::as_select(), ask.keys())).load(conn)
        },
        |ask| scope(ctx, Action::Read).filter(ask.matching()).select(jobs::id),
        |job| &job.kind,
    )
}

/// Asks for a job to end. One that has not begun ends at once, one that runs between two chunks; one that has ended is
/// answered as it is.
pub fn cancel(conn: &mut Conn, ctx: &Ctx, id: JobId) -> Result<Job> {
    let waiting = jobs::status.eq("queued");
    let begun = scope(ctx, Action::Update).filter(jobs::id.eq(id)).filter(jobs::status.eq("running"));
    let moved = (jobs::version.eq(jobs::version + 1), jobs::updated_at.eq(ctx.now));
    let ended = (jobs::status.eq("cancelled"), jobs::cancel_asked.eq(true), jobs::finished_at.eq(ctx.now));
    let first = scope(ctx, Action::Update).filter(jobs::id.eq(id)).filter(waiting);
    let cancelled = diesel::update(first).set((ended, moved)).returning(Job::as_returning()).get_result(conn);
    if let Some(job) = cancelled.optional()? {
        audit::note(conn, ctx, "job.cancelled", "job", id, None)?;
        return Ok(job);
    }
    let asked = diesel::update(begun).set((jobs::cancel_asked.eq(true), moved)).returning(Job::as_returning());
    match asked.get_result(conn).optional()? {
        Some(job) => {
            audit::note(conn, ctx, "job.cancel_asked", "job", id, None)?;
            Ok(job)
        }
        None => {
            let job = find(conn, ctx, id)?;
            if job.finished_at.is_some() { Ok(job) } else { Err(error::FORBIDDEN.into()) }
        }
    }
}

/// Has a job begun anew that has failed or was cancelled: where it goes on is for what it works on to say.
pub fn again(conn: &mut Conn, ctx: &Ctx, id: JobId) -> Result<Job> {
    let ended = ["failed", "cancelled"];
    let target = scope(ctx, Action::Update).filter(jobs::id.eq(id)).filter(jobs::status.eq_any(ended));
    let moved = (jobs::version.eq(jobs::version + 1), jobs::updated_at.eq(ctx.now), jobs::run_at.eq(diesel::dsl::now));
    let anew = (jobs::status.eq("queued"), jobs::attempts.eq(0), jobs::cancel_asked.eq(false));
    let clean = (jobs::error.eq(None::<String>), jobs::finished_at.eq(None::<chrono::DateTime<chrono::Utc>>));
    let begun = diesel::update(target).set((moved, anew, clean)).returning(Job::as_returning()).get_result(conn);
    if let Some(job) = begun.optional()? {
        audit::note(conn, ctx, "job.retried", "job", id, None)?;
        return Ok(job);
    }
    let job = find(conn, ctx, id)?;
    if ended.contains(&job.status.as_str()) { Err(error::FORBIDDEN.into()) } else { Err(NOT_RETRYABLE.into()) }
}

impl Batch for Job {
    fn find(conn: &mut Conn, ctx: &Ctx, id: JobId) -> Result<Self> {
        find(conn, ctx, id)
    }
    fn batch(conn: &mut Conn, tenant: TenantId, ids: &[JobId]) -> Result<Vec<Self>> {
        Ok(jobs::table
            .filter(jobs::tenant_id.eq(tenant))
            .filter(jobs::id.eq_any(ids))
            .select(Job::as_select())
            .load(conn)?)
    }
}
