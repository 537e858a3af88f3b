//! What may be done with an import: begun, ended early, gone on with, taken back.
use super::{Import, Mapping, store};
use crate::Conn;
use crate::job::{self, Held, Priority};
use crate::schema::imports;
use diesel::prelude::*;
use kernel::{Action, Code, Ctx, Error, ImportId, JobId, Kind, Result, error, text};
use serde_json::{Value, json};

pub const NOT_ENDED: Code = Code::new("import_not_ended", Kind::Conflict, "The import is still being worked on.");
pub const NOT_REVERTIBLE: Code =
    Code::new("import_not_revertible", Kind::Conflict, "The import kept nothing, or is taken back already.");

/// A file that stands ready to be brought in.
#[derive(Clone, Debug)]
pub struct NewImport {
    pub id: ImportId,
    pub resource: String,
    pub file_name: String,
    pub file_key: String,
    pub file_size: i64,
    pub file_sha256: String,
    pub mapping: Value,
    pub mode: String,
    pub duplicates: String,
    pub is_dry_run: bool,
    pub header: Vec<String>,
}

/// What a job has to know of its import: which one, and what its creator might do when it was asked for. A key that may
/// less than its user does not gain by the detour.
pub fn payload(ctx: &Ctx, id: ImportId) -> Value {
    let may: Vec<(&str, &str)> = ctx.grants.all().map(|(object, action, _)| (object, action.name())).collect();
    json!({"import": id, "may": may, "key": ctx.actor.key})
}

/// Begins an import; its job is put down with it, or held by whoever works on it at once.
pub fn start(conn: &mut Conn, ctx: &Ctx, new: &NewImport, kind: &str) -> Result<(Import, JobId)> {
    Mapping::read(&new.mapping)?;
    conn.transaction(|conn| {
        let job = job::enqueue_as(conn, ctx, Priority::Long, kind, &payload(ctx, new.id))?;
        Ok((store::insert(conn, ctx, new, job)?, job))
    })
}

/// Ends an import early: what is done stays, and can be taken back.
pub fn cancel(conn: &mut Conn, ctx: &Ctx, id: ImportId) -> Result<Import> {
    conn.transaction(|conn| {
        let import = changeable(conn, ctx, id)?;
        let Some(job) = import.job_id.filter(|_| matches!(import.status.as_str(), "queued" | "running")) else {
            return Ok(import);
        };
        if stop(conn, ctx, job)? {
            return Ok(store::set_status(conn, ctx, id, "cancelled", None, None)?);
        }
        Ok(import)
    })
}

/// With a job that was ended before it began ends what it was to do.
pub fn cancelled_with(conn: &mut Conn, ctx: &Ctx, job: JobId) -> Result<()> {
    let target = imports::table.filter(imports::tenant_id.eq(ctx.tenant)).filter(imports::job_id.eq(job));
    let waiting = target.filter(imports::status.eq_any(["queued", "reverting"])).select(imports::id);
    if let Some(id) = waiting.first(conn).optional()? {
        store::set_status(conn, ctx, id, "cancelled", None, None)?;
    }
    Ok(())
}

/// With a job that is begun anew goes on what it had not ended.
pub fn begun_with(conn: &mut Conn, ctx: &Ctx, job: JobId, kind: &str) -> Result<()> {
    let target = imports::table.filter(imports::tenant_id.eq(ctx.tenant)).filter(imports::job_id.eq(job));
    let ended = target.filter(imports::status.eq_any(["failed", "cancelled"])).select(imports::id);
    if let Some(id) = ended.first(conn).optional()? {
        let status = if kind == "import_revert" { "reverting" } else { "queued" };
        store::set_status(conn, ctx, id, status, None, None)?;
    }
    Ok(())
}

/// Whether the job has ended with that; one that runs ends when it comes to it.
fn stop(conn: &mut Conn, ctx: &Ctx, job: JobId) -> Result<bool> {
    use crate::schema::jobs;
    let now = (jobs::cancel_asked.eq(true), jobs::version.eq(jobs::version + 1), jobs::updated_at.eq(ctx.now));
    let ended = (jobs::status.eq("cancelled"), jobs::finished_at.eq(ctx.now));
    let target = jobs::table.find((ctx.tenant, job));
    let waiting = diesel::update(target.filter(jobs::status.eq("queued"))).set((now, ended)).execute(conn)?;
    if waiting == 0 {
        diesel::update(target.filter(jobs::status.eq("running"))).set(now).execute(conn)?;
    }
    Ok(waiting > 0)
}

/// Takes up the job of an import that was stopped, to go on where it stopped.
pub fn resume(conn: &mut Conn, ctx: &Ctx, id: ImportId) -> Result<(Import, Held)> {
    conn.transaction(|conn| {
        let import = changeable(conn, ctx, id)?;
        if matches!(import.status.as_str(), "succeeded" | "partially_succeeded" | "reverting" | "reverted") {
            return Err(
                Error::from(error::INVALID).detail(text!("the import is {status} already", status = import.status))
            );
        }
        let job = import.job_id.ok_or(error::NOT_FOUND)?;
        let held = job::hold(conn, ctx.tenant, job)?.ok_or(error::NOT_FOUND)?;
        Ok((store::set_status(conn, ctx, id, "running", None, None)?, held))
    })
}

/// Has everything taken back that the import made; what it changed stays changed.
pub fn revert(conn: &mut Conn, ctx: &Ctx, id: ImportId) -> Result<Import> {
    conn.transaction(|conn| {
        let import = changeable(conn, ctx, id)?;
        match import.status.as_str() {
            "queued" | "running" | "reverting" => return Err(NOT_ENDED.into()),
            "reverted" => return Err(NOT_REVERTIBLE.into()),
            _ if import.is_dry_run => return Err(NOT_REVERTIBLE.into()),
            _ => {}
        }
        let job = job::enqueue_as(conn, ctx, Priority::Long, "import_revert", &payload(ctx, id))?;
        Ok(store::set_status(conn, ctx, id, "reverting", None, Some(job))?)
    })
}

/// Locks the import, if the actor may change it.
fn changeable(conn: &mut Conn, ctx: &Ctx, id: ImportId) -> Result<Import> {
    let target = store::scope(ctx, Action::Update).filter(imports::id.eq(id)).for_update();
    let found: Option<Import> = target.select(Import::as_select()).first(conn).optional()?;
    match found {
        Some(import) => Ok(import),
        None => store::find(conn, ctx, id).and(Err(error::FORBIDDEN.into())),
    }
}
