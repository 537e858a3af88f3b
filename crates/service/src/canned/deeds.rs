//! What may be done with a canned response.
use super::body::code;
use super::{CODE_TAKEN, CannedResponse, CannedResponsePatch, NewCannedResponse, store};
use diesel::Connection;
use diesel::result::Error as Sql;
use kernel::existing::conflict;
use kernel::{CannedResponseId, Ctx, Error, Existing, Result, error};
use platform::Conn;
use platform::deed::{self, ByName, Upsert, Upserted, may_own, untouched};
use platform::search::Words;

/// Refused where another has the short code.
pub fn create(conn: &mut Conn, ctx: &Ctx, new: &NewCannedResponse) -> Result<CannedResponse> {
    may_own::<CannedResponse>(ctx, new.owner_id)?;
    let words = words(&new.title, &new.short_code, new.folder.as_deref());
    let done = conn.transaction(|conn| store::insert(conn, ctx, new, words).map_err(named));
    done.map_err(|error| with_existing(conn, ctx, error, Some(&new.short_code)))
}

/// With a `base`, only if it is still at that version; without, on whatever is there now.
pub fn update(
    conn: &mut Conn,
    ctx: &Ctx,
    id: CannedResponseId,
    base: Option<i32>,
    patch: &CannedResponsePatch,
) -> Result<CannedResponse> {
    may_own::<CannedResponse>(ctx, patch.owner_id)?;
    let before = store::find(conn, ctx, id)?;
    let called = (patch.title.is_some() || patch.short_code.is_some() || patch.folder.is_some()).then(|| {
        let folder = patch.folder.as_ref().unwrap_or(&before.folder);
        let short_code = patch.short_code.as_ref().unwrap_or(&before.short_code);
        words(patch.title.as_ref().unwrap_or(&before.title), short_code, folder.as_deref())
    });
    let done = conn.transaction(|conn| match store::update(conn, ctx, id, base, patch, called).map_err(named)? {
        Some(response) => Ok(response),
        None => Err(untouched(conn, ctx, store::find, id, base)),
    });
    done.map_err(|error| with_existing(conn, ctx, error, patch.short_code.as_deref()))
}

/// The one with this short code is changed, or made where there is none.
pub fn upsert(
    conn: &mut Conn,
    ctx: &Ctx,
    key: &ByName,
    ask: &Upsert<NewCannedResponse, CannedResponsePatch>,
) -> Result<Upserted<CannedResponse>> {
    let mut key = key.clone();
    code(&mut key.0);
    deed::upsert(
        conn,
        ctx,
        &key,
        ask,
        (store::find_by, store::find_any),
        |conn, new| create(conn, ctx, &NewCannedResponse { short_code: key.0.clone(), ..new.clone() }),
        |conn, found, patch| update(conn, ctx, found.id, ask.base, patch),
    )
}

pub fn archive(conn: &mut Conn, ctx: &Ctx, id: CannedResponseId, base: Option<i32>) -> Result<CannedResponse> {
    match store::set_archived(conn, ctx, id, base, true)? {
        Some(response) => Ok(response),
        None => Err(untouched(conn, ctx, store::find, id, base)),
    }
}

/// One that is not archived is answered as it is. Its short code has to be free still.
pub fn restore(conn: &mut Conn, ctx: &Ctx, id: CannedResponseId) -> Result<CannedResponse> {
    let found = store::find_any(conn, ctx, id)?;
    if found.deleted_at.is_none() {
        return Ok(found);
    }
    let done = conn.transaction(|conn| store::set_archived(conn, ctx, id, None, false).map_err(named));
    let done = done.map_err(|error| with_existing(conn, ctx, error, Some(&found.short_code)))?;
    done.ok_or_else(|| error::FORBIDDEN.into())
}

/// Gone for good.
pub fn purge(conn: &mut Conn, ctx: &Ctx, id: CannedResponseId, base: Option<i32>) -> Result<()> {
    deed::purge(conn, ctx, id, base, store::find_any, store::delete)
}

fn words(title: &str, short_code: &str, folder: Option<&str>) -> Vec<String> {
    Words::new().name(title).text(short_code).maybe(folder, |words, text| words.text(text)).lexemes()
}

fn named(error: Sql) -> Error {
    match &error {
        Sql::DatabaseError(_, info) if info.constraint_name() == Some("canned_responses_short_code_key") => {
            Error::from(CODE_TAKEN).source(error)
        }
        _ => error.into(),
    }
}

/// Which has the short code, where the caller sees it: asked after the transaction that failed on it.
fn with_existing(conn: &mut Conn, ctx: &Ctx, error: Error, short_code: Option<&str>) -> Error {
    match short_code {
        Some(short_code) if error.code == CODE_TAKEN => {
            let taken = store::find_by(conn, ctx, &ByName(short_code.to_owned())).unwrap_or_default();
            let existing: Vec<Existing> = taken.iter().map(|one| Existing::new(one.id, "short_code", 100)).collect();
            Error { members: conflict(CODE_TAKEN, &existing).members, ..error }
        }
        _ => error,
    }
}
