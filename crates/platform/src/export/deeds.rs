//! What may be done with an export: begun, fetched, taken away.
use super::query::{self, Query};
use super::{Export, Exporter, Grounds, NewExport, store};
use crate::job::{self, Priority};
use crate::{Conn, audit};
use diesel::Connection;
use kernel::{Code, Ctx, ExportId, JobId, Kind, Result, error};
use serde_json::{Value, json};

pub const NO_FILE: Code =
    Code::new("export_without_file", Kind::Conflict, "The export has not ended well, or its file has expired.");

/// What a job has to know of its export: which one, and what its maker might do when it was asked for. A key that may less
/// than its user does not gain by the detour.
fn payload(ctx: &Ctx, id: ExportId) -> Value {
    let may: Vec<(&str, &str)> = ctx.grants.all().map(|(object, action, _)| (object, action.name())).collect();
    json!({"export": id, "may": may, "key": ctx.actor.key})
}

/// Begins an export; its job is put down with it, or held by whoever works on it at once.
pub fn start(
    conn: &mut Conn,
    ctx: &Ctx,
    grounds: &Grounds,
    exporter: &dyn Exporter,
    new: &NewExport,
    kind: &str,
) -> Result<(Export, JobId)> {
    let (id, query) = (ExportId::new(), Query::read(new, ctx, exporter, grounds)?);
    conn.transaction(|conn| {
        let job = job::enqueue_as(conn, ctx, Priority::Long, kind, &payload(ctx, id))?;
        Ok((store::insert(conn, ctx, id, exporter.resource(), &new.format, &query, job)?, job))
    })
}

/// The export whose file the actor may have: their own, as long as they may take such lists out and see all its columns.
/// That they fetched it is noted.
pub fn downloadable(
    conn: &mut Conn,
    ctx: &Ctx,
    grounds: &Grounds,
    exporter: &dyn Exporter,
    id: ExportId,
) -> Result<Export> {
    let export = store::find(conn, ctx, id)?;
    if export.created_by != ctx.actor.user {
        return Err(error::FORBIDDEN.into());
    }
    query::may(ctx, grounds, exporter.catalogue())?;
    let asked: Query = serde_json::from_value(export.query.clone()).unwrap_or_default();
    if asked.seen(ctx, exporter.catalogue()).len() < asked.fields.len() {
        return Err(error::FORBIDDEN.into());
    }
    let stands = export.status == "succeeded" && export.expires_at.is_none_or(|end| end > ctx.now);
    if !stands {
        return Err(NO_FILE.into());
    }
    audit::note(conn, ctx, "export.downloaded", "export", id, None)?;
    Ok(export)
}

/// Takes an export away, and whatever works on it; its file is the caller's to remove.
pub fn remove(conn: &mut Conn, ctx: &Ctx, id: ExportId) -> Result<Export> {
    conn.transaction(|conn| {
        let Some(export) = store::lock(conn, ctx, id)? else {
            return store::find(conn, ctx, id).and(Err(error::FORBIDDEN.into()));
        };
        if let Some(job) = export.job_id {
            store::end_job(conn, ctx, job)?;
        }
        Ok(store::delete(conn, ctx, id)?)
    })
}

/// With a job that was ended before it began ends what it was to do.
pub fn cancelled_with(conn: &mut Conn, ctx: &Ctx, job: JobId) -> Result<()> {
    if let Some(id) = store::of_job(conn, ctx, job, &["queued"])? {
        store::set_status(conn, ctx, id, "cancelled", None)?;
    }
    Ok(())
}

/// With a job that is begun anew goes on what it had not ended.
pub fn begun_with(conn: &mut Conn, ctx: &Ctx, job: JobId) -> Result<()> {
    if let Some(id) = store::of_job(conn, ctx, job, &["failed", "cancelled"])? {
        store::set_status(conn, ctx, id, "queued", None)?;
    }
    Ok(())
}
