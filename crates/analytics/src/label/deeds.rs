//! What may be done with a label.
use super::{KEY_TAKEN, Label, LabelPatch, NewLabel, OF_A_CLASS, account, store};
use diesel::Connection;
use diesel::result::{DatabaseErrorKind::UniqueViolation, Error as Sql};
use kernel::existing::conflict;
use kernel::{Ctx, Error, Existing, LabelId, Result, SegmentationId, error};
use platform::Conn;
use platform::deed::{self, ByName, Upsert, Upserted, untouched};
use platform::search::Words;

/// Refused where another has the key.
pub fn create(conn: &mut Conn, ctx: &Ctx, new: &NewLabel) -> Result<Label> {
    let made = deed::attempt(conn, |conn| store::insert(conn, ctx, new, words(&new.name)));
    made.map_err(|error| with_existing(conn, ctx, coded(error), &new.key))
}

/// With a `base`, only if the label is still at that version; without, on whatever is there now.
pub fn update(conn: &mut Conn, ctx: &Ctx, id: LabelId, base: Option<i32>, patch: &LabelPatch) -> Result<Label> {
    match store::update(conn, ctx, id, base, patch, patch.name.as_deref().map(words))? {
        Some(label) => Ok(label),
        None => Err(untouched(conn, ctx, store::find, id, base)),
    }
}

/// The label with this name is changed, or made where there is none. Its key stays.
pub fn upsert(
    conn: &mut Conn,
    ctx: &Ctx,
    name: &ByName,
    ask: &Upsert<NewLabel, LabelPatch>,
) -> Result<Upserted<Label>> {
    deed::upsert(
        conn,
        ctx,
        name,
        ask,
        (store::find_by, store::find_any),
        |conn, new| create(conn, ctx, &NewLabel { name: name.0.clone(), ..new.clone() }),
        |conn, found, patch| update(conn, ctx, found.id, ask.base, patch),
    )
}

/// Accounts that have it are called so no more, which is told as an event of each.
pub fn archive(conn: &mut Conn, ctx: &Ctx, id: LabelId, base: Option<i32>) -> Result<Label> {
    conn.transaction(|conn| {
        of_nobody(&store::find(conn, ctx, id)?)?;
        match store::set_archived(conn, ctx, id, base, true)? {
            Some(label) => {
                account::drop_all(conn, ctx, id)?;
                Ok(label)
            }
            None => Err(untouched(conn, ctx, store::find, id, base)),
        }
    })
}

/// A label that is not archived is answered as it is. Nobody has it yet.
pub fn restore(conn: &mut Conn, ctx: &Ctx, id: LabelId) -> Result<Label> {
    let found = store::find_any(conn, ctx, id)?;
    if found.deleted_at.is_none() {
        return Ok(found);
    }
    let done = deed::attempt(conn, |conn| store::set_archived(conn, ctx, id, None, false));
    let done = done.map_err(|error| with_existing(conn, ctx, coded(error), &found.key))?;
    done.ok_or_else(|| error::FORBIDDEN.into())
}

/// Gone for good, wherever it is.
pub fn purge(conn: &mut Conn, ctx: &Ctx, id: LabelId, base: Option<i32>) -> Result<()> {
    conn.transaction(|conn| {
        of_nobody(&store::find_any(conn, ctx, id)?)?;
        account::drop_all(conn, ctx, id)?;
        deed::purge(conn, ctx, id, base, store::find_any, store::delete)
    })
}

fn of_nobody(label: &Label) -> Result<()> {
    match label.segmentation_id {
        Some(_) => Err(OF_A_CLASS.into()),
        None => Ok(()),
    }
}

pub(crate) fn words(name: &str) -> Vec<String> {
    Words::new().name(name).lexemes()
}

/// The constraints of the table, by the codes of the room.
fn coded(error: Sql) -> Error {
    match &error {
        Sql::DatabaseError(UniqueViolation, info) if info.constraint_name() == Some("labels_key_key") => {
            Error::from(KEY_TAKEN).source(error)
        }
        _ => error.into(),
    }
}

/// Which label has the key: asked after the statement that failed on it.
fn with_existing(conn: &mut Conn, ctx: &Ctx, error: Error, key: &str) -> Error {
    if error.code != KEY_TAKEN {
        return error;
    }
    let found = store::keyed(conn, ctx, key).unwrap_or_default();
    let existing: Vec<Existing> = found.iter().map(|one| Existing::new(one.id, "key", 100)).collect();
    Error { members: conflict(KEY_TAKEN, &existing).members, ..error }
}

/// The labels of the classes of a segmentation go with it, and accounts are called so no more; or they are there again. In
/// a transaction.
pub(crate) fn go_along(conn: &mut Conn, ctx: &Ctx, of: SegmentationId, is_archived: bool) -> Result<()> {
    for label in store::of_classes(conn, ctx, of)? {
        if is_archived {
            account::drop_all(conn, ctx, label.id)?;
        }
        if label.deleted_at.is_some() != is_archived {
            store::set_archived(conn, ctx, label.id, None, is_archived)?;
        }
    }
    Ok(())
}

/// They are gone for good with it. In a transaction.
pub(crate) fn go_for_good(conn: &mut Conn, ctx: &Ctx, of: SegmentationId) -> Result<()> {
    for label in store::of_classes(conn, ctx, of)? {
        account::drop_all(conn, ctx, label.id)?;
        store::delete(conn, ctx, label.id)?;
    }
    Ok(())
}
