//! What may be done with a portal. Whoever takes an address does so in turn, of the whole server.
use super::{KbPortal, KbPortalPatch, NewKbPortal, SLUG_TAKEN, store};
use diesel::Connection;
use diesel::result::Error as Sql;
use kernel::existing::conflict;
use kernel::{Ctx, Error, Existing, Fault, KbPortalId, Result, error, text};
use platform::Conn;
use platform::deed::{self, in_turn, untouched};
use platform::search::Words;

/// Refused where another portal of the server has the address.
pub fn create(conn: &mut Conn, ctx: &Ctx, new: &NewKbPortal) -> Result<KbPortal> {
    conn.transaction(|conn| {
        is_free(conn, ctx, &new.slug, None)?;
        store::insert(conn, ctx, new, words(&new.name, &new.slug)).map_err(named)
    })
}

/// With a `base`, only if the portal is still at that version; without, on whatever is there now.
pub fn update(
    conn: &mut Conn,
    ctx: &Ctx,
    id: KbPortalId,
    base: Option<i32>,
    patch: &KbPortalPatch,
) -> Result<KbPortal> {
    conn.transaction(|conn| {
        let before = store::find(conn, ctx, id)?;
        if let Some(slug) = patch.slug.as_ref().filter(|slug| **slug != before.slug) {
            is_free(conn, ctx, slug, Some(id))?;
        }
        let (name, slug) = (patch.name.as_ref(), patch.slug.as_ref());
        let called = (name.is_some() || slug.is_some())
            .then(|| words(name.unwrap_or(&before.name), slug.unwrap_or(&before.slug)));
        match store::update(conn, ctx, id, base, patch, called).map_err(named)? {
            Some(portal) => Ok(portal),
            None => Err(untouched(conn, ctx, store::find, id, base)),
        }
    })
}

/// It is shut, with all that stands in it.
pub fn archive(conn: &mut Conn, ctx: &Ctx, id: KbPortalId, base: Option<i32>) -> Result<KbPortal> {
    match store::set_archived(conn, ctx, id, base, true)? {
        Some(portal) => Ok(portal),
        None => Err(untouched(conn, ctx, store::find, id, base)),
    }
}

/// A portal that is not archived is answered as it is. Its address has to be free still.
pub fn restore(conn: &mut Conn, ctx: &Ctx, id: KbPortalId) -> Result<KbPortal> {
    conn.transaction(|conn| {
        let found = store::find_any(conn, ctx, id)?;
        if found.deleted_at.is_none() {
            return Ok(found);
        }
        is_free(conn, ctx, &found.slug, Some(id))?;
        store::set_archived(conn, ctx, id, None, false)?.ok_or_else(|| error::FORBIDDEN.into())
    })
}

/// Gone for good; refused while categories or articles stand in it.
pub fn purge(conn: &mut Conn, ctx: &Ctx, id: KbPortalId, base: Option<i32>) -> Result<()> {
    deed::purge(conn, ctx, id, base, store::find_any, store::delete)
}

/// A fault, where there is no such portal.
pub(crate) fn stands(conn: &mut Conn, ctx: &Ctx, id: KbPortalId) -> Result<()> {
    match store::many(conn, ctx, &[id])?.is_empty() {
        true => {
            let fault = Fault::new("/portal_id", error::UNKNOWN_REFERENCE.name, text!("there is no such record"));
            Err(Error::from(error::UNKNOWN_REFERENCE).fault(fault))
        }
        false => Ok(()),
    }
}

/// Until the transaction ends, nobody else takes this address. Whose it is, is told to those alone who see it.
fn is_free(conn: &mut Conn, ctx: &Ctx, slug: &str, but: Option<KbPortalId>) -> Result<()> {
    in_turn(conn, &format!("kb portal {slug}"))?;
    match store::called(conn, slug)? {
        Some((_, id)) if Some(id) == but => Ok(()),
        Some((tenant, id)) if tenant == ctx.tenant => Err(conflict(SLUG_TAKEN, &[Existing::new(id, "slug", 100)])),
        Some(_) => Err(conflict(SLUG_TAKEN, &[])),
        None => Ok(()),
    }
}

fn words(name: &str, slug: &str) -> Vec<String> {
    Words::new().name(name).text(slug).lexemes()
}

/// The constraints of the table, as faults.
fn named(error: Sql) -> Error {
    match &error {
        Sql::DatabaseError(_, info) if info.constraint_name() == Some("kb_portals_default_locale") => {
            let message = text!("is not among the languages of the portal");
            Error::invalid("/default_locale", "unknown_choice", message)
        }
        _ => error.into(),
    }
}
