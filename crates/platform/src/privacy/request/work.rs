//! What the jobs of a request have done, and the file that came of it.
use super::deeds::closed;
use super::store::{self, Step};
use super::{NO_FILE, PrivacyRequest};
use crate::Conn;
use crate::privacy::erase;
use crate::privacy::export::Written;
use chrono::Duration;
use diesel::Connection;
use kernel::event::Verb;
use kernel::{Ctx, PrivacyRequestId, Result};
use serde_json::json;

/// How long a file waits to be fetched.
const KEPT: Duration = Duration::days(30);

/// A request whose file may be fetched now.
pub fn file(conn: &mut Conn, ctx: &Ctx, id: PrivacyRequestId) -> Result<PrivacyRequest> {
    let request = store::find(conn, ctx, id)?;
    match request.file_expires_at.is_some_and(|until| until > ctx.now) {
        true => Ok(request),
        false => Err(NO_FILE.into()),
    }
}

/// Somebody has got the file.
pub fn downloaded(conn: &mut Conn, ctx: &Ctx, id: PrivacyRequestId) -> Result<PrivacyRequest> {
    conn.transaction(|conn| {
        file(conn, ctx, id)?;
        Ok(store::step(conn, ctx, id, &Step { error: Some(None), ..Step::default() }, Verb::Downloaded)?)
    })
}

/// What was gathered stands in its file.
pub fn gathered(conn: &mut Conn, ctx: &Ctx, id: PrivacyRequestId, written: Written) -> Result<PrivacyRequest> {
    let step = Step {
        outcome: Some(json!({"rows": written.rows})),
        error: Some(None),
        file_size: Some(Some(written.size)),
        file_sha256: Some(Some(written.sha256)),
        file_expires_at: Some(Some(ctx.now + KEPT)),
        ..Step::default()
    };
    Ok(store::step(conn, ctx, id, &step, Verb::Gathered)?)
}

/// The job has erased whom the request is about.
pub fn erased(conn: &mut Conn, ctx: &Ctx, id: PrivacyRequestId, done: erase::Done) -> Result<PrivacyRequest> {
    closed(conn, ctx, id, json!({"rows": done}))
}

/// The job has failed for good; it may be begun again.
pub fn failed(conn: &mut Conn, ctx: &Ctx, id: PrivacyRequestId, why: &str) -> Result<PrivacyRequest> {
    let step = Step { error: Some(Some(why.to_owned())), ..Step::default() };
    Ok(store::step(conn, ctx, id, &step, Verb::Updated)?)
}
