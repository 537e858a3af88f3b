//! What may be done with a category. Whoever moves one does so in turn, of a tenant: the tree is looked at as a whole,
//! so that no category comes to stand above itself.
use super::{CaseCategory, CaseCategoryPatch, NAME_TAKEN, NewCaseCategory, OWN_PARENT, store};
use crate::others;
use diesel::Connection;
use diesel::result::{DatabaseErrorKind::UniqueViolation, Error as Sql};
use kernel::existing::conflict;
use kernel::{CaseCategoryId, Ctx, Error, Existing, Fault, Kind, Result, error, text};
use platform::Conn;
use platform::deed::{self, ByName, Upsert, Upserted, in_turn, untouched};
use platform::search::Words;
use std::collections::BTreeSet;

pub fn create(conn: &mut Conn, ctx: &Ctx, new: &NewCaseCategory) -> Result<CaseCategory> {
    let done = conn.transaction(|conn| {
        if let Some(parent) = new.parent_id {
            may_stand(conn, ctx, None, parent)?;
        }
        store::insert(conn, ctx, new, words(&new.name)).map_err(coded)
    });
    done.map_err(|error| with_existing(conn, ctx, error, Some(&new.name)))
}

/// With a `base`, only if the category is still at that version; without, on whatever is there now.
pub fn update(
    conn: &mut Conn,
    ctx: &Ctx,
    id: CaseCategoryId,
    base: Option<i32>,
    patch: &CaseCategoryPatch,
) -> Result<CaseCategory> {
    let done = conn.transaction(|conn| {
        if let Some(parent) = patch.parent_id.flatten() {
            store::find(conn, ctx, id)?;
            may_stand(conn, ctx, Some(id), parent)?;
        }
        let words = patch.name.as_deref().map(words);
        match store::update(conn, ctx, id, base, patch, words).map_err(coded)? {
            Some(category) => Ok(category),
            None => Err(untouched(conn, ctx, store::find, id, base)),
        }
    });
    done.map_err(|error| with_existing(conn, ctx, error, patch.name.as_deref()))
}

/// The category with this name is changed, or made where there is none.
pub fn upsert(
    conn: &mut Conn,
    ctx: &Ctx,
    name: &ByName,
    ask: &Upsert<NewCaseCategory, CaseCategoryPatch>,
) -> Result<Upserted<CaseCategory>> {
    deed::upsert(
        conn,
        ctx,
        name,
        ask,
        (store::find_by, store::find_any),
        |conn, new| create(conn, ctx, &NewCaseCategory { name: name.0.clone(), ..new.clone() }),
        |conn, found, patch| update(conn, ctx, found.id, ask.base, patch),
    )
}

/// Refused while categories stand below it.
pub fn archive(conn: &mut Conn, ctx: &Ctx, id: CaseCategoryId, base: Option<i32>) -> Result<CaseCategory> {
    conn.transaction(|conn| {
        tree_in_turn(conn, ctx)?;
        if store::living(conn, ctx)?.iter().any(|one| one.parent_id == Some(id)) {
            let found = store::find(conn, ctx, id)?;
            deed::unmoved(conn, ctx, &found, base)?;
            return Err(Error::from(error::IN_USE).detail(text!("other categories stand below this one")));
        }
        match store::set_archived(conn, ctx, id, base, true)? {
            Some(category) => Ok(category),
            None => Err(untouched(conn, ctx, store::find, id, base)),
        }
    })
}

/// A category that is not archived is answered as it is. What it stands below has to be there.
pub fn restore(conn: &mut Conn, ctx: &Ctx, id: CaseCategoryId) -> Result<CaseCategory> {
    let found = store::find_any(conn, ctx, id)?;
    if found.deleted_at.is_none() {
        return Ok(found);
    }
    let done = conn.transaction(|conn| {
        if let Some(parent) = found.parent_id {
            may_stand(conn, ctx, None, parent)?;
        }
        store::set_archived(conn, ctx, id, None, false).map_err(coded)
    });
    let done = done.map_err(|error| with_existing(conn, ctx, error, Some(&found.name)))?;
    done.ok_or_else(|| error::FORBIDDEN.into())
}

/// Gone for good; refused while cases are about it, or categories stand below it.
pub fn purge(conn: &mut Conn, ctx: &Ctx, id: CaseCategoryId, base: Option<i32>) -> Result<()> {
    deed::purge(conn, ctx, id, base, store::find_any, store::delete)
}

/// A record may refer to a living category, and to no other.
pub fn is_there(conn: &mut Conn, ctx: &Ctx, id: Option<CaseCategoryId>) -> Result<()> {
    let Some(id) = id else { return Ok(()) };
    store::find(conn, ctx, id).map(drop).map_err(|error| match error.kind() {
        Kind::NotFound => Error::from(error::UNKNOWN_REFERENCE).fault(others::unknown("/category_id")),
        _ => error,
    })
}

/// Going up from a living `parent` never leads to `id`. Until the transaction ends, nobody else moves one.
fn may_stand(conn: &mut Conn, ctx: &Ctx, id: Option<CaseCategoryId>, parent: CaseCategoryId) -> Result<()> {
    tree_in_turn(conn, ctx)?;
    let all = store::living(conn, ctx)?;
    let find = |id: CaseCategoryId| all.iter().find(|one| one.id == id);
    if find(parent).is_none() {
        return Err(Error::from(error::UNKNOWN_REFERENCE).fault(others::unknown("/parent_id")));
    }
    let (mut met, mut next) = (BTreeSet::new(), Some(parent));
    while let Some(one) = next.filter(|one| met.insert(*one)) {
        next = find(one).and_then(|one| one.parent_id);
    }
    match id.is_some_and(|id| met.contains(&id)) {
        true => Err(Error::from(OWN_PARENT).fault(Fault::of("/parent_id", OWN_PARENT))),
        false => Ok(()),
    }
}

fn tree_in_turn(conn: &mut Conn, ctx: &Ctx) -> Result<()> {
    in_turn(conn, &format!("{} case categories", ctx.tenant))
}

fn words(name: &str) -> Vec<String> {
    Words::new().name(name).lexemes()
}

/// The constraints of the table, by the codes of the room.
fn coded(error: Sql) -> Error {
    match &error {
        Sql::DatabaseError(UniqueViolation, info) if info.constraint_name() == Some("case_categories_name_key") => {
            Error::from(NAME_TAKEN).source(error)
        }
        _ => error.into(),
    }
}

/// Which category has the name: asked after the transaction that failed on it.
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
