//! What may be done with a category. Whoever moves one does so in turn, of its portal: the tree is looked at as a whole, so
//! that no category comes to stand below itself.
use super::{KbCategory, KbCategoryPatch, NewKbCategory, OWN_PARENT, SLUG_TAKEN, store};
use crate::kb::portal;
use diesel::Connection;
use diesel::result::Error as Sql;
use kernel::existing::conflict;
use kernel::{Ctx, Error, Existing, Fault, KbCategoryId, KbPortalId, Result, error, text};
use platform::Conn;
use platform::deed::{self, in_turn, untouched};
use platform::search::Words;
use std::collections::BTreeSet;

/// Refused where another category of the portal has the address.
pub fn create(conn: &mut Conn, ctx: &Ctx, new: &NewKbCategory) -> Result<KbCategory> {
    let done = conn.transaction(|conn| {
        portal::stands(conn, ctx, new.portal_id)?;
        if let Some(parent) = new.parent_id {
            may_stand(conn, ctx, new.portal_id, None, parent)?;
        }
        store::insert(conn, ctx, new, words(&new.name, &new.slug)).map_err(named)
    });
    done.map_err(|error| with_existing(conn, ctx, error, new.portal_id, Some(&new.slug)))
}

/// With a `base`, only if the category is still at that version; without, on whatever is there now.
pub fn update(
    conn: &mut Conn,
    ctx: &Ctx,
    id: KbCategoryId,
    base: Option<i32>,
    patch: &KbCategoryPatch,
) -> Result<KbCategory> {
    let before = store::find(conn, ctx, id)?;
    let done = conn.transaction(|conn| {
        if let Some(parent) = patch.parent_id.flatten() {
            may_stand(conn, ctx, before.portal_id, Some(id), parent)?;
        }
        let (name, slug) = (patch.name.as_ref(), patch.slug.as_ref());
        let called = (name.is_some() || slug.is_some())
            .then(|| words(name.unwrap_or(&before.name), slug.unwrap_or(&before.slug)));
        match store::update(conn, ctx, id, base, patch, called).map_err(named)? {
            Some(category) => Ok(category),
            None => Err(untouched(conn, ctx, store::find, id, base)),
        }
    });
    done.map_err(|error| with_existing(conn, ctx, error, before.portal_id, patch.slug.as_deref()))
}

/// Refused while categories stand below it.
pub fn archive(conn: &mut Conn, ctx: &Ctx, id: KbCategoryId, base: Option<i32>) -> Result<KbCategory> {
    conn.transaction(|conn| {
        let found = store::find(conn, ctx, id)?;
        tree_in_turn(conn, ctx, found.portal_id)?;
        if store::of_portal(conn, ctx, found.portal_id)?.iter().any(|one| one.parent_id == Some(id)) {
            deed::unmoved(conn, ctx, &found, base)?;
            return Err(Error::from(error::IN_USE).detail(text!("other categories stand below this one")));
        }
        match store::set_archived(conn, ctx, id, base, true)? {
            Some(category) => Ok(category),
            None => Err(untouched(conn, ctx, store::find, id, base)),
        }
    })
}

/// A category that is not archived is answered as it is. What it stands in and below has to be there.
pub fn restore(conn: &mut Conn, ctx: &Ctx, id: KbCategoryId) -> Result<KbCategory> {
    let found = store::find_any(conn, ctx, id)?;
    if found.deleted_at.is_none() {
        return Ok(found);
    }
    let done = conn.transaction(|conn| {
        portal::stands(conn, ctx, found.portal_id)?;
        if let Some(parent) = found.parent_id {
            may_stand(conn, ctx, found.portal_id, Some(id), parent)?;
        }
        store::set_archived(conn, ctx, id, None, false).map_err(named)
    });
    let done = done.map_err(|error| with_existing(conn, ctx, error, found.portal_id, Some(&found.slug)))?;
    done.ok_or_else(|| error::FORBIDDEN.into())
}

/// Gone for good; refused while articles or other categories are of it.
pub fn purge(conn: &mut Conn, ctx: &Ctx, id: KbCategoryId, base: Option<i32>) -> Result<()> {
    deed::purge(conn, ctx, id, base, store::find_any, store::delete)
}

/// A fault, where it is none of this portal.
pub(crate) fn stands(conn: &mut Conn, ctx: &Ctx, portal: KbPortalId, id: KbCategoryId) -> Result<()> {
    match store::many(conn, ctx, &[id])?.iter().any(|one| one.portal_id == portal) {
        true => Ok(()),
        false => Err(nowhere("/category_id")),
    }
}

/// Going up from a living `parent` of the portal never leads to `id`. Until the transaction ends, nobody else moves one.
fn may_stand(
    conn: &mut Conn,
    ctx: &Ctx,
    portal: KbPortalId,
    id: Option<KbCategoryId>,
    parent: KbCategoryId,
) -> Result<()> {
    tree_in_turn(conn, ctx, portal)?;
    let all = store::of_portal(conn, ctx, portal)?;
    let find = |id: KbCategoryId| all.iter().find(|one| one.id == id);
    if find(parent).is_none() {
        return Err(nowhere("/parent_id"));
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

fn nowhere(pointer: &str) -> Error {
    let fault = Fault::new(pointer, error::UNKNOWN_REFERENCE.name, text!("there is no such category in the portal"));
    Error::from(error::UNKNOWN_REFERENCE).fault(fault)
}

fn tree_in_turn(conn: &mut Conn, ctx: &Ctx, portal: KbPortalId) -> Result<()> {
    in_turn(conn, &format!("{} kb categories {portal}", ctx.tenant))
}

fn words(name: &str, slug: &str) -> Vec<String> {
    Words::new().name(name).text(slug).lexemes()
}

fn named(error: Sql) -> Error {
    match &error {
        Sql::DatabaseError(_, info) if info.constraint_name() == Some("kb_categories_slug_key") => {
            Error::from(SLUG_TAKEN).source(error)
        }
        _ => error.into(),
    }
}

/// Which category has the address: asked after the transaction that failed on it.
fn with_existing(conn: &mut Conn, ctx: &Ctx, error: Error, portal: KbPortalId, slug: Option<&str>) -> Error {
    match slug {
        Some(slug) if error.code == SLUG_TAKEN => {
            let all = store::of_portal(conn, ctx, portal).unwrap_or_default();
            let taken = all.iter().filter(|one| one.slug == slug);
            let existing: Vec<Existing> = taken.map(|one| Existing::new(one.id, "slug", 100)).collect();
            Error { members: conflict(SLUG_TAKEN, &existing).members, ..error }
        }
        _ => error,
    }
}
