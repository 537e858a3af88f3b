//! What may be done with candidates: they are looked for, and dismissed.
use super::{DuplicateCandidate, DuplicateScan, KIND, scan, store};
use diesel::Connection;
use kernel::{Action, Ctx, DuplicateCandidateId, Error, Result, error};
use platform::job::{self, Job};
use platform::{Conn, audit, custom, visible};
use serde_json::json;

/// Begins to look, as whoever asks sees the records: the newest at once, the others in the background.
pub fn begin(conn: &mut Conn, ctx: &Ctx, asked: &DuplicateScan) -> Result<Job> {
    ctx.must_all(&asked.resource, &[Action::Read])?;
    conn.transaction(|conn| {
        let may: Vec<(&str, &str)> = ctx.grants.all().map(|(object, action, _)| (object, action.name())).collect();
        let step = scan::step(conn, ctx, &asked.resource, &scan::Reached::default())?;
        let payload = json!({"resource": asked.resource, "reached": step, "may": may, "key": ctx.actor.key});
        let id = job::enqueue_as(conn, ctx, job::Priority::Long, KIND, &payload)?;
        audit::note(conn, ctx, "duplicate_candidate.scanned", "duplicate_candidate", id, None)?;
        job::find(conn, ctx, id)
    })
}

/// These are two. Whoever says so may change both.
pub fn dismiss(conn: &mut Conn, ctx: &Ctx, id: DuplicateCandidateId) -> Result<DuplicateCandidate> {
    let found = store::find(conn, ctx, id)?;
    let all = custom::catalogues().ok_or_else(|| Error::internal("the catalogues are not open"))?;
    let noun = all.get(&found.resource).ok_or(error::NOT_FOUND)?;
    let both = [found.record_id, found.other_id];
    if visible::among(conn, ctx, noun, &both, Action::Update)?.len() < both.len() && found.status == "open" {
        return Err(error::FORBIDDEN.into());
    }
    store::set_dismissed(conn, ctx, id)?;
    store::find(conn, ctx, id)
}
