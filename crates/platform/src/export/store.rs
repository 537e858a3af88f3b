//! The queries of an export. `scope` is the only way in for callers; what works on an export holds its job's fence.
use super::{Export, Query, Written};
use crate::schema::{exports, jobs};
use crate::search::{Words, array_to_tsvector};
use crate::{Batch, Conn, Listing, Record, Visible, visible};
use chrono::{DateTime, Utc};
use diesel::dsl::auto_type;
use diesel::prelude::*;
use diesel::result::QueryResult;
use kernel::event::Verb;
use kernel::{Action, Ctx, Error, ExportId, JobId, Page, Result, TenantId};

/// The exports of the tenant on which the actor may do `action`: those of whom it may see the work.
#[auto_type]
pub(super) fn scope(ctx: &Ctx, action: Action) -> _ {
    let tenant: TenantId = ctx.tenant;
    let visible: Visible<exports::table> = visible::rows(ctx, action);
    exports::table.filter(exports::tenant_id.eq(tenant)).filter(visible)
}

pub fn find(conn: &mut Conn, ctx: &Ctx, id: ExportId) -> Result<Export> {
    Ok(scope(ctx, Action::Read).filter(exports::id.eq(id)).select(Export::as_select()).first(conn)?)
}

pub fn list(conn: &mut Conn, ctx: &Ctx, listing: &Listing<exports::table>) -> Result<Page<Export>> {
    listing.page(
        conn,
        ctx,
        |conn, ask| {
            let page = scope(ctx, Action::Read).filter(ask.matching()).order(ask.order()).limit(ask.limit());
            page.select((Export::as_select(), ask.keys())).load(conn)
        },
        |ask| scope(ctx, Action::Read).filter(ask.matching()).select(exports::id),
        |export| &export.resource,
    )
}

pub(super) fn insert(
    conn: &mut Conn,
    ctx: &Ctx,
    id: ExportId,
    resource: &str,
    format: &str,
    query: &Query,
    job: JobId,
) -> Result<Export> {
    let query = serde_json::to_value(query).map_err(Error::internal)?;
    let row = (
        (exports::tenant_id.eq(ctx.tenant), exports::id.eq(id), exports::resource.eq(resource)),
        (exports::format.eq(format), exports::query.eq(query), exports::job_id.eq(job)),
        (exports::created_at.eq(ctx.now), exports::updated_at.eq(ctx.now), exports::created_by.eq(ctx.actor.user)),
        exports::team_id.eq(ctx.grants.teams().first().copied()),
        exports::search.eq(array_to_tsvector(Words::new().text(resource).lexemes())),
    );
    Ok(diesel::insert_into(exports::table)
        .values(row)
        .returning(Export::as_returning())
        .recorded::<Export>(ctx, Verb::Created)
        .get_result(conn)?)
}

/// Another status, and why.
pub(super) fn set_status(
    conn: &mut Conn,
    ctx: &Ctx,
    id: ExportId,
    status: &str,
    error: Option<&str>,
) -> QueryResult<Export> {
    let ended = !matches!(status, "queued" | "running");
    let moved = (exports::version.eq(exports::version + 1), exports::updated_at.eq(ctx.now));
    let what =
        (exports::status.eq(status), exports::error.eq(error), exports::finished_at.eq(ended.then_some(ctx.now)));
    diesel::update(exports::table.find((ctx.tenant, id)))
        .set((moved, what))
        .returning(Export::as_returning())
        .recorded::<Export>(ctx, Verb::Updated)
        .get_result(conn)
}

/// An export whose job will not be tried again has failed.
pub fn give_up(conn: &mut Conn, ctx: &Ctx, id: ExportId, error: &str) -> Result<()> {
    set_status(conn, ctx, id, "failed", Some(error))?;
    Ok(())
}

/// The file is whole: what there is to say of it.
pub(super) fn finish(
    conn: &mut Conn,
    ctx: &Ctx,
    id: ExportId,
    written: &Written,
    expires_at: DateTime<Utc>,
) -> QueryResult<Export> {
    let moved = (exports::version.eq(exports::version + 1), exports::updated_at.eq(ctx.now));
    let ended = (exports::status.eq("succeeded"), exports::finished_at.eq(ctx.now), exports::expires_at.eq(expires_at));
    let file = (
        exports::file_size.eq(written.size),
        exports::file_sha256.eq(&written.sha256),
        exports::rows_written.eq(written.rows),
    );
    diesel::update(exports::table.find((ctx.tenant, id)))
        .set((moved, ended, file))
        .returning(Export::as_returning())
        .recorded::<Export>(ctx, Verb::Completed)
        .get_result(conn)
}

pub(super) fn delete(conn: &mut Conn, ctx: &Ctx, id: ExportId) -> QueryResult<Export> {
    diesel::delete(exports::table.find((ctx.tenant, id)))
        .returning(Export::as_returning())
        .recorded::<Export>(ctx, Verb::Purged)
        .get_result(conn)
}

/// The export that a job works on, where it stands so.
pub(super) fn of_job(conn: &mut Conn, ctx: &Ctx, job: JobId, statuses: &[&str]) -> QueryResult<Option<ExportId>> {
    exports::table
        .filter(exports::tenant_id.eq(ctx.tenant))
        .filter(exports::job_id.eq(job))
        .filter(exports::status.eq_any(statuses))
        .select(exports::id)
        .first(conn)
        .optional()
}

/// Of all tenants, those whose time has come say so.
pub fn expire(conn: &mut Conn, now: DateTime<Utc>) -> Result<usize> {
    let due = exports::table.filter(exports::status.eq("succeeded")).filter(exports::expires_at.le(now));
    let moved = (exports::version.eq(exports::version + 1), exports::updated_at.eq(now));
    Ok(diesel::update(due).set((moved, exports::status.eq("expired"))).execute(conn)?)
}

/// Which of these exports there is still a file of: those that have not expired, and those that are being written.
pub fn kept(conn: &mut Conn, ids: &[ExportId]) -> Result<Vec<ExportId>> {
    let kept = exports::table.filter(exports::id.eq_any(ids)).filter(exports::status.eq_any(["running", "succeeded"]));
    Ok(kept.select(exports::id).load(conn)?)
}

/// Locks the export, if the actor may take it away.
pub(super) fn lock(conn: &mut Conn, ctx: &Ctx, id: ExportId) -> QueryResult<Option<Export>> {
    let target = scope(ctx, Action::Delete).filter(exports::id.eq(id)).for_update();
    target.select(Export::as_select()).first(conn).optional()
}

/// Ends the job of an export that is taken away: whoever has it in hand finds that out.
pub(super) fn end_job(conn: &mut Conn, ctx: &Ctx, job: JobId) -> QueryResult<usize> {
    let under_way = jobs::table.find((ctx.tenant, job)).filter(jobs::status.eq_any(["queued", "running"]));
    let ended = (jobs::status.eq("cancelled"), jobs::cancel_asked.eq(true), jobs::finished_at.eq(ctx.now));
    diesel::update(under_way).set((ended, jobs::version.eq(jobs::version + 1))).execute(conn)
}

impl Batch for Export {
    fn find(conn: &mut Conn, ctx: &Ctx, id: ExportId) -> Result<Self> {
        find(conn, ctx, id)
    }
    fn batch(conn: &mut Conn, tenant: TenantId, ids: &[ExportId]) -> Result<Vec<Self>> {
        Ok(exports::table
            .filter(exports::tenant_id.eq(tenant))
            .filter(exports::id.eq_any(ids))
            .select(Export::as_select())
            .load(conn)?)
    }
}
