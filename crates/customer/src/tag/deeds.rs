//! What may be done with a tag.
use super::{CATALOGUE, NAME_TAKEN, NewTag, Tag, TagMerger, TagPatch, store, tagging};
use diesel::Connection;
use diesel::result::{DatabaseErrorKind::UniqueViolation, Error as Sql};
use kernel::event::Verb;
use kernel::existing::conflict;
use kernel::{Ctx, Error, Existing, Fault, Result, TagId, error, text};
use platform::Conn;
use platform::deed::{self, ByName, Upsert, Upserted, attempt, untouched};
use platform::import::many;

/// Refused where the name is taken, however it is written.
pub fn create(conn: &mut Conn, ctx: &Ctx, new: &NewTag) -> Result<Tag> {
    attempt(conn, |conn| store::insert(conn, ctx, new)).map_err(|e| named(conn, ctx, e, Some(&new.name)))
}

/// With a `base`, only if the tag is still at that version; without, on whatever is there now.
pub fn update(conn: &mut Conn, ctx: &Ctx, id: TagId, base: Option<i32>, patch: &TagPatch) -> Result<Tag> {
    let done = attempt(conn, |conn| store::update(conn, ctx, id, base, patch));
    match done.map_err(|e| named(conn, ctx, e, patch.name.as_deref()))? {
        Some(tag) => Ok(tag),
        None => Err(untouched(conn, ctx, store::find, id, base)),
    }
}

/// The tag with this name, however it is written, is changed, or made where there is none.
pub fn upsert(conn: &mut Conn, ctx: &Ctx, name: &ByName, ask: &Upsert<NewTag, TagPatch>) -> Result<Upserted<Tag>> {
    deed::upsert(
        conn,
        ctx,
        name,
        ask,
        (store::find_by, store::find_any),
        |conn, new| create(conn, ctx, &NewTag { name: name.0.clone(), ..new.clone() }),
        |conn, found, patch| update(conn, ctx, found.id, ask.base, patch),
    )
}

/// What has it keeps it, out of sight.
pub fn archive(conn: &mut Conn, ctx: &Ctx, id: TagId, base: Option<i32>) -> Result<Tag> {
    match store::set_archived(conn, ctx, id, base, true)? {
        Some(tag) => Ok(tag),
        None => Err(untouched(conn, ctx, store::find, id, base)),
    }
}

/// A tag that is not archived is answered as it is.
pub fn restore(conn: &mut Conn, ctx: &Ctx, id: TagId) -> Result<Tag> {
    let found = store::find_any(conn, ctx, id)?;
    if found.deleted_at.is_none() {
        return Ok(found);
    }
    let done = attempt(conn, |conn| store::set_archived(conn, ctx, id, None, false));
    let done = done.map_err(|e| named(conn, ctx, e, Some(&found.name)))?;
    done.ok_or_else(|| error::FORBIDDEN.into())
}

/// Gone for good, from whatever had it.
pub fn purge(conn: &mut Conn, ctx: &Ctx, id: TagId, base: Option<i32>) -> Result<()> {
    deed::purge(conn, ctx, id, base, store::find_any, store::delete)
}

/// Whatever had one of the others has this one from now on, and the others are archived.
pub fn merge(conn: &mut Conn, ctx: &Ctx, id: TagId, merger: &TagMerger) -> Result<Tag> {
    let tag = store::find(conn, ctx, id)?;
    let known = store::many(conn, ctx, &merger.source_ids)?;
    let wrong = |(at, source): (usize, &TagId)| {
        let place = format!("/source_ids/{at}");
        match *source == id {
            true => Some(Fault::new(place, "itself", text!("a tag cannot become one with itself"))),
            false if known.iter().any(|tag| tag.id == *source) => None,
            false => Some(Fault::new(place, error::UNKNOWN_REFERENCE.name, text!("there is no such tag"))),
        }
    };
    let faults: Vec<Fault> = merger.source_ids.iter().enumerate().filter_map(wrong).collect();
    if !faults.is_empty() {
        return Err(Error::from(error::UNKNOWN_REFERENCE).faults(faults));
    }
    conn.transaction(|conn| {
        tagging::move_all(conn, ctx, id, &merger.source_ids)?;
        for source in &known {
            store::set_archived(conn, ctx, source.id, None, true)?;
        }
        // of whom others have it now, this event alone tells
        many::touch(conn, ctx, &CATALOGUE, Verb::Updated, &[tag.id.0])?;
        store::find(conn, ctx, id)
    })
}

/// The constraints of the table, by the codes of the room.
fn named(conn: &mut Conn, ctx: &Ctx, error: Sql, name: Option<&str>) -> Error {
    match &error {
        Sql::DatabaseError(UniqueViolation, info) if info.constraint_name() == Some("tags_name_key") => {
            let found = name.and_then(|name| store::called(conn, ctx, name).ok().flatten());
            let existing: Vec<Existing> = found.iter().map(|one| Existing::new(one.id, "name", 100)).collect();
            conflict(NAME_TAKEN, &existing).source(error)
        }
        _ => error.into(),
    }
}
