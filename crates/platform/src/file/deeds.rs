//! What may be done with a file. Whoever does it has to see the record that it is attached to, and may change it where the
//! file changes.
use super::link::UPLOAD;
use super::objects::{Examined, Settings};
use super::store::Removal;
use super::whole::Brought;
use super::{File, FilePatch, NOT_PENDING, NOT_READY, NewFile, Object, PENDING, QUOTA, READY, kind, store};
use crate::deed::{self, untouched};
use crate::file::schema::files;
use crate::{Conn, Listing, audit, visible};
use diesel::Connection;
use diesel::result::QueryResult;
use kernel::catalogue::Catalogues;
use kernel::{Action, Ctx, Error, FileId, Page, Result, error, text};
use uuid::Uuid;

/// Announces a file, and names its object: the caller may change the record that it is attached to, and the tenant has
/// room for it.
pub fn create(
    conn: &mut Conn,
    ctx: &Ctx,
    all: &Catalogues,
    settings: &Settings,
    new: &NewFile,
) -> Result<(File, Uuid)> {
    may_attach(conn, ctx, all, new)?;
    if new.size > settings.largest {
        return Err(Error::invalid("/size", "range", text!("at most {most} bytes", most = settings.largest)));
    }
    conn.transaction(|conn| {
        has_room(conn, ctx, settings, new.size)?;
        let object = FileId::new().0;
        Ok((store::insert(conn, ctx, new, object, ctx.now + UPLOAD)?, object))
    })
}

/// A file whose content has come along, and was put off to be removed ([`store::put_off`]): from now on it stays.
pub fn bring(
    conn: &mut Conn,
    ctx: &Ctx,
    all: &Catalogues,
    settings: &Settings,
    new: &NewFile,
    brought: Brought,
) -> Result<File> {
    may_attach(conn, ctx, all, new)?;
    let Brought { object, found, keep } = brought;
    if new.sha256.as_ref().is_some_and(|hash| *hash != found.sha256) {
        return Err(Error::invalid("/sha256", "checksum", text!("is not that of what came")));
    }
    conn.transaction(|conn| {
        has_room(conn, ctx, settings, new.size)?;
        let file = store::insert(conn, ctx, new, object, ctx.now)?;
        let file = complete(conn, ctx, file.id, &file, &found)?;
        // who has cleared away what nobody seemed to want was quicker: it is sent again
        if store::keep(conn, Removal { tenant: ctx.tenant, object })? == 0 {
            return Err(error::BUSY.into());
        }
        keep()?;
        crate::crash::point("file_kept");
        Ok(file)
    })
}

/// Whether it may come: the caller may change the record that it is attached to, and the tenant has room for it.
pub fn may_bring(conn: &mut Conn, ctx: &Ctx, all: &Catalogues, settings: &Settings, new: &NewFile) -> Result<()> {
    may_attach(conn, ctx, all, new)?;
    has_room(conn, ctx, settings, new.size)
}

fn may_attach(conn: &mut Conn, ctx: &Ctx, all: &Catalogues, new: &NewFile) -> Result<()> {
    let (Some(resource), Some(record)) = (&new.resource, new.record_id) else { return Ok(()) };
    let Some(noun) = visible::ordinary(all, resource) else {
        return Err(Error::invalid("/resource", "choice", text!("has no records that files are attached to")));
    };
    let needed = [Action::Read, Action::Update];
    let may = visible::reached(conn, ctx, noun, record, &needed)?;
    if may.contains(&false) {
        let action = Action::Update.name();
        let text = text!("{noun}:{action} does not reach this record", noun = noun.noun, action);
        return Err(Error::from(error::FORBIDDEN).detail(text));
    }
    Ok(())
}

/// Until the transaction ends, no other file of the tenant takes it.
fn has_room(conn: &mut Conn, ctx: &Ctx, settings: &Settings, size: i64) -> Result<()> {
    if settings.quota > 0 {
        let taken = store::taken(conn, ctx.tenant)?;
        if taken.saturating_add(size) > settings.quota {
            let text = text!("{taken} of {quota} bytes are taken", taken, quota = settings.quota);
            return Err(Error::from(QUOTA).detail(text));
        }
    }
    Ok(())
}

/// All files of a record that the caller sees; without one those that are the caller's alone.
pub fn list(
    conn: &mut Conn,
    ctx: &Ctx,
    all: &Catalogues,
    listing: &Listing<files::table>,
    record: Option<(&str, Uuid)>,
) -> Result<Page<File>> {
    let Some((resource, id)) = record else { return store::list(conn, ctx, listing, None) };
    let noun = visible::ordinary(all, resource).ok_or(error::NOT_FOUND)?;
    visible::reached(conn, ctx, noun, id, &[Action::Read])?;
    store::list(conn, ctx, listing, Some((noun.noun, id)))
}

/// A file that the caller sees, and its object.
fn seen(conn: &mut Conn, ctx: &Ctx, all: &Catalogues, id: FileId, action: Action) -> Result<(File, Object)> {
    let (file, object) = store::find(conn, ctx, id)?;
    match (&file.resource, file.record_id) {
        (Some(resource), Some(record)) => {
            let noun = visible::ordinary(all, resource).ok_or(error::NOT_FOUND)?;
            visible::seen(conn, ctx, noun, record)?;
            if action != Action::Read {
                // who sees the file sees the record
                let may = visible::reached(conn, ctx, noun, record, &[Action::Read, action])?;
                if may.contains(&false) {
                    return Err(error::FORBIDDEN.into());
                }
            }
        }
        _ if file.created_by != ctx.actor.user => return Err(error::NOT_FOUND.into()),
        _ => {}
    }
    Ok((file, object))
}

pub fn find(conn: &mut Conn, ctx: &Ctx, all: &Catalogues, id: FileId) -> Result<File> {
    living(seen(conn, ctx, all, id, Action::Read)?).map(|(file, _)| file)
}

/// The file whose content is to come, from whoever may change it.
pub fn awaiting(conn: &mut Conn, ctx: &Ctx, all: &Catalogues, id: FileId) -> Result<(File, Uuid)> {
    let (file, object) = living(seen(conn, ctx, all, id, Action::Update)?)?;
    if file.status == PENDING { Ok((file, object.id)) } else { Err(NOT_PENDING.into()) }
}

/// The file whose content is there to be read, and its object.
pub fn readable(conn: &mut Conn, ctx: &Ctx, all: &Catalogues, id: FileId) -> Result<(File, Object)> {
    let (file, object) = living(seen(conn, ctx, all, id, Action::Read)?)?;
    if file.status == READY { Ok((file, object)) } else { Err(NOT_READY.into()) }
}

/// The same, and that the caller fetches it is noted.
pub fn fetched(conn: &mut Conn, ctx: &Ctx, all: &Catalogues, id: FileId) -> Result<File> {
    let (file, _) = readable(conn, ctx, all, id)?;
    audit::note(conn, ctx, "file.downloaded", "file", id, None)?;
    Ok(file)
}

/// Puts what has come in its place, as long as it is still awaited: whoever takes the file away waits until it is there,
/// or was there first.
pub fn received(conn: &mut Conn, ctx: &Ctx, id: FileId, keep: impl FnOnce() -> Result<()>) -> Result<()> {
    conn.transaction(|conn| {
        let file = store::lock(conn, ctx, id)?;
        if file.status != PENDING || file.deleted_at.is_some() {
            return Err(NOT_PENDING.into());
        }
        keep()
    })
}

/// Its content has been read: it is ready if it is what was announced, and what it is by how it begins.
pub fn complete(conn: &mut Conn, ctx: &Ctx, id: FileId, file: &File, found: &Examined) -> Result<File> {
    let announced = file.sha256.as_ref().is_none_or(|hash| *hash == found.sha256);
    let kind = kind::of(&found.head, &file.content_type);
    let outcome = match (found.size == file.size, announced) {
        (false, _) => Err("size"),
        (true, false) => Err("checksum"),
        (true, true) => Ok((kind.as_str(), found)),
    };
    store::complete(conn, ctx, id, outcome)?.ok_or_else(|| NOT_PENDING.into())
}

/// With a `base`, only if the file is still at that version.
pub fn update(
    conn: &mut Conn,
    ctx: &Ctx,
    all: &Catalogues,
    id: FileId,
    base: Option<i32>,
    patch: &FilePatch,
) -> Result<File> {
    living(seen(conn, ctx, all, id, Action::Update)?)?;
    touched(conn, ctx, all, id, base, |conn| store::update(conn, ctx, id, base, patch))
}

pub fn archive(conn: &mut Conn, ctx: &Ctx, all: &Catalogues, id: FileId, base: Option<i32>) -> Result<File> {
    living(seen(conn, ctx, all, id, Action::Update)?)?;
    touched(conn, ctx, all, id, base, |conn| store::set_archived(conn, ctx, id, base, true))
}

/// A file that is not archived is answered as it is.
pub fn restore(conn: &mut Conn, ctx: &Ctx, all: &Catalogues, id: FileId) -> Result<File> {
    let (file, _) = seen(conn, ctx, all, id, Action::Update)?;
    match file.deleted_at {
        None => Ok(file),
        Some(_) => touched(conn, ctx, all, id, None, |conn| store::set_archived(conn, ctx, id, None, false)),
    }
}

/// Gone for good, archived or not. What it held goes from the store when this is kept.
pub fn purge(conn: &mut Conn, ctx: &Ctx, all: &Catalogues, id: FileId, base: Option<i32>) -> Result<()> {
    let find = |conn: &mut Conn, ctx: &Ctx, id| seen(conn, ctx, all, id, Action::Update).map(|(file, _)| file);
    deed::purge(conn, ctx, id, base, find, |conn, ctx, id| store::delete(conn, ctx, id).map(Some))
}

/// Whatever was attached to records that are gone for good.
pub fn forget(conn: &mut Conn, ctx: &Ctx, records: &[Uuid]) -> QueryResult<usize> {
    store::delete_of(conn, ctx, records)
}

fn touched(
    conn: &mut Conn,
    ctx: &Ctx,
    all: &Catalogues,
    id: FileId,
    base: Option<i32>,
    change: impl FnOnce(&mut Conn) -> QueryResult<Option<File>>,
) -> Result<File> {
    match change(conn)? {
        Some(file) => Ok(file),
        None => Err(untouched(conn, ctx, |conn, ctx, id| find(conn, ctx, all, id), id, base)),
    }
}

fn living((file, object): (File, Object)) -> Result<(File, Object)> {
    if file.deleted_at.is_none() { Ok((file, object)) } else { Err(error::NOT_FOUND.into()) }
}
