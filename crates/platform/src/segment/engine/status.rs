//! What becomes of a segment: it is ready, it has failed, it begins anew. Each is a version of it, and an event.
use super::Work;
use super::store::{self, Row};
use crate::Conn;
use crate::segment::{BUILDING, FAILED, READY, store as segments};
use kernel::Result;
use kernel::event::Verb;

pub(super) fn ready(conn: &mut Conn, work: &Work, row: &Row, took: i64) -> Result<()> {
    store::set_status(conn, &work.acting(row), row.id, Verb::Built, (READY, None), Some(took))?;
    Ok(())
}

/// Whoever is in it stays.
pub(super) fn fail(conn: &mut Conn, work: &Work, row: &Row, why: &str) -> Result<()> {
    if row.status == FAILED && row.status_reason.as_deref() == Some(why) {
        return Ok(());
    }
    let status = store::lock(conn, work.ctx.tenant, row.id)?;
    if status.is_some() {
        store::set_status(conn, &work.acting(row), row.id, Verb::Failed, (FAILED, Some(why)), None)?;
        store::end_any(conn, work.ctx.tenant, row.id)?;
    }
    Ok(())
}

/// It can be read again.
pub(super) fn begin(conn: &mut Conn, work: &Work, row: &mut Row) -> Result<()> {
    store::lock(conn, work.ctx.tenant, row.id)?;
    store::set_status(conn, &work.acting(row), row.id, Verb::Updated, (BUILDING, None), None)?;
    segments::ask_anew(conn, work.ctx.tenant, row.id)?;
    BUILDING.clone_into(&mut row.status);
    Ok(())
}
