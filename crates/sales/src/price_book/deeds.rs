//! What may be done with a price book.
use super::{Key, NAME_TAKEN, NewPriceBook, PriceBook, PriceBookPatch, store};
use diesel::Connection;
use diesel::result::Error as Sql;
use kernel::existing::conflict;
use kernel::{Ctx, Error, Existing, Fault, Noun, PriceBookId, Result, error, text};
use platform::deed::{self, Called, Upsert, Upserted, untouched};
use platform::search::Words;
use platform::{Conn, custom};

/// Refused where the name is taken. A new default takes the place of the one before.
pub fn create(conn: &mut Conn, ctx: &Ctx, new: &NewPriceBook) -> Result<PriceBook> {
    let words = custom::words(ctx, PriceBook::NAME, &new.custom.0, words(&new.name));
    let done = conn.transaction(|conn| {
        if new.is_default {
            store::no_other_default(conn, ctx, &new.currency, None)?;
        }
        store::insert(conn, ctx, new, words).map_err(named)
    });
    done.map_err(|error| with_existing(conn, ctx, error, Some(&new.name)))
}

/// With a `base`, only if the book is still at that version; without, on whatever is there now.
pub fn update(
    conn: &mut Conn,
    ctx: &Ctx,
    id: PriceBookId,
    base: Option<i32>,
    patch: &PriceBookPatch,
) -> Result<PriceBook> {
    let done = conn.transaction(|conn| {
        if patch.is_default == Some(true) {
            let before = store::find(conn, ctx, id)?;
            store::no_other_default(conn, ctx, &before.currency, Some(id))?;
        }
        let Some(after) = store::update(conn, ctx, id, base, patch).map_err(named)? else {
            return Err(untouched(conn, ctx, store::find, id, base));
        };
        if patch.name.is_some() || patch.custom.is_some() {
            let words = custom::words(ctx, PriceBook::NAME, &after.custom.0, words(&after.name));
            store::set_words(conn, ctx, id, words)?;
        }
        Ok(after)
    });
    done.map_err(|error| with_existing(conn, ctx, error, patch.name.as_deref()))
}

/// The book with this key is changed, or made where there is none.
pub fn upsert(
    conn: &mut Conn,
    ctx: &Ctx,
    key: &Key,
    ask: &Upsert<NewPriceBook, PriceBookPatch>,
) -> Result<Upserted<PriceBook>> {
    deed::upsert(
        conn,
        ctx,
        key,
        ask,
        (store::find_by, store::find_any),
        |conn, new| {
            let mut new = new.clone();
            if let Key::Name(name) = key {
                new.name.clone_from(name);
            }
            create(conn, ctx, &new)
        },
        |conn, found, patch| update(conn, ctx, found.id, ask.base, patch),
    )
}

impl Called for Key {
    fn called(&self) -> Option<(&str, &str)> {
        match self {
            Self::External { source_system, external_id } => Some((source_system, external_id)),
            _ => None,
        }
    }
}

pub fn archive(conn: &mut Conn, ctx: &Ctx, id: PriceBookId, base: Option<i32>) -> Result<PriceBook> {
    match store::set_archived(conn, ctx, id, base, true)? {
        Some(book) => Ok(book),
        None => Err(untouched(conn, ctx, store::find, id, base)),
    }
}

/// A book that is not archived is answered as it is. One that was the default is so again.
pub fn restore(conn: &mut Conn, ctx: &Ctx, id: PriceBookId) -> Result<PriceBook> {
    let found = store::find_any(conn, ctx, id)?;
    if found.deleted_at.is_none() {
        return Ok(found);
    }
    let done = conn.transaction(|conn| {
        if found.is_default {
            store::no_other_default(conn, ctx, &found.currency, Some(id))?;
        }
        store::set_archived(conn, ctx, id, None, false).map_err(named)
    });
    let done = done.map_err(|error| with_existing(conn, ctx, error, Some(&found.name)))?;
    done.ok_or_else(|| error::FORBIDDEN.into())
}

/// Gone for good, with its entries.
pub fn purge(conn: &mut Conn, ctx: &Ctx, id: PriceBookId, base: Option<i32>) -> Result<()> {
    deed::purge(conn, ctx, id, base, store::find_any, store::delete)
}

/// Locks the book for a change of its entries; with a `base`, only if it is still at that version.
pub(crate) fn changeable(conn: &mut Conn, ctx: &Ctx, id: PriceBookId, base: Option<i32>) -> Result<PriceBook> {
    match store::lock(conn, ctx, id)? {
        Some(book) if base.is_none_or(|version| version == book.version) => Ok(book),
        _ => Err(untouched(conn, ctx, store::find, id, base)),
    }
}

/// After its entries have changed: it has so many more, or less.
pub(crate) fn counted(conn: &mut Conn, ctx: &Ctx, id: PriceBookId, more: i32) -> Result<PriceBook> {
    Ok(store::counted(conn, ctx, id, more)?)
}

/// What it is found by: the one choice of words, for imports too.
pub(super) fn words(name: &str) -> Vec<String> {
    Words::new().name(name).lexemes()
}

/// The constraints of the table, by the codes of the room.
fn named(error: Sql) -> Error {
    let constraint = match &error {
        Sql::DatabaseError(_, info) => info.constraint_name().unwrap_or_default().to_owned(),
        _ => String::new(),
    };
    match constraint.as_str() {
        "price_books_name_key" => Error::from(NAME_TAKEN).source(error),
        "price_books_validity" => {
            let fault = Fault::new("/valid_until_on", "order", text!("ends before it starts"));
            Error::from(error::INVALID).fault(fault)
        }
        _ => error.into(),
    }
}

/// Which book has the name: asked after the transaction that failed on it.
fn with_existing(conn: &mut Conn, ctx: &Ctx, error: Error, name: Option<&str>) -> Error {
    match name {
        Some(name) if error.code == NAME_TAKEN => {
            let found = store::named(conn, ctx, name).unwrap_or_default();
            let existing: Vec<Existing> = found.iter().map(|one| Existing::new(one.id, "name", 100)).collect();
            Error { members: conflict(NAME_TAKEN, &existing).members, ..error }
        }
        _ => error,
    }
}
