//! What may be done with a share. Whoever does it has to see the record that is shared, of whichever noun it is.
use super::{NewShare, SHARED_ALREADY, Share, SharePatch, UPDATE, store};
use crate::deed::{attempt, untouched};
use crate::schema::shares;
use crate::{Conn, Listing, visible};
use diesel::result::{DatabaseErrorKind::UniqueViolation, Error as Sql};
use kernel::catalogue::{Catalogue, Catalogues, Owned};
use kernel::existing::conflict;
use kernel::{Action, Ctx, Error, Existing, Page, Result, ShareId, error, text};
use uuid::Uuid;

pub fn create(conn: &mut Conn, ctx: &Ctx, catalogues: &Catalogues, new: &NewShare) -> Result<Share> {
    let Some(noun) = owned(catalogues, &new.resource) else {
        return Err(Error::invalid("/resource", "choice", text!("has no records that can be shared")));
    };
    lent(conn, ctx, noun, new.record_id, &new.access)?;
    if new.expires_at.is_some_and(|at| at <= ctx.now) {
        return Err(Error::invalid("/expires_at", "past", text!("is not in the future")));
    }
    match attempt(conn, |conn| store::insert(conn, ctx, new)) {
        Err(Sql::DatabaseError(UniqueViolation, info)) if info.constraint_name() == Some("shares_grantee_key") => {
            let existing: Vec<Existing> =
                store::same(conn, ctx, new)?.into_iter().map(|id| Existing::new(id, "grantee", 100)).collect();
            Err(conflict(SHARED_ALREADY, &existing))
        }
        done => Ok(done?),
    }
}

/// All shares of a record that the caller sees; without one those with the caller and by the caller.
pub fn list(
    conn: &mut Conn,
    ctx: &Ctx,
    catalogues: &Catalogues,
    listing: &Listing<shares::table>,
    record: Option<(&str, Uuid)>,
) -> Result<Page<Share>> {
    let Some((resource, id)) = record else { return store::list(conn, ctx, listing, None) };
    let noun = owned(catalogues, resource).ok_or(error::NOT_FOUND)?;
    visible::reached(conn, ctx, noun, id, &[Action::Read])?;
    store::list(conn, ctx, listing, Some((noun.noun, id)))
}

/// A share that the caller may know of.
pub fn find(conn: &mut Conn, ctx: &Ctx, catalogues: &Catalogues, id: ShareId) -> Result<Share> {
    let (share, known) = store::find(conn, ctx, id)?;
    if !known {
        let noun = owned(catalogues, &share.resource).ok_or(error::NOT_FOUND)?;
        visible::seen(conn, ctx, noun, share.record_id)?;
    }
    Ok(share)
}

/// With a `base`, only if the share is still at that version. What it comes to allow the caller may do themselves.
pub fn update(
    conn: &mut Conn,
    ctx: &Ctx,
    catalogues: &Catalogues,
    id: ShareId,
    base: Option<i32>,
    patch: &SharePatch,
) -> Result<Share> {
    let share = find(conn, ctx, catalogues, id)?;
    let noun = owned(catalogues, &share.resource).ok_or(error::NOT_FOUND)?;
    let access = patch.access.as_ref().unwrap_or(&share.access);
    // who knows of the share knows of the record
    lent(conn, ctx, noun, share.record_id, access).map_err(|error| match error.code {
        error::NOT_FOUND => error::FORBIDDEN.into(),
        _ => error,
    })?;
    if patch.expires_at.flatten().is_some_and(|at| at <= ctx.now) {
        return Err(Error::invalid("/expires_at", "past", text!("is not in the future")));
    }
    match store::update(conn, ctx, id, base, patch)? {
        Some(share) => Ok(share),
        None => Err(untouched(conn, ctx, |conn, ctx, id| find(conn, ctx, catalogues, id), id, base)),
    }
}

/// Taken back by its maker, whatever they may do by now, or by whoever could share the record.
pub fn remove(conn: &mut Conn, ctx: &Ctx, catalogues: &Catalogues, id: ShareId, base: Option<i32>) -> Result<Share> {
    let share = find(conn, ctx, catalogues, id)?;
    if share.created_by != ctx.actor.user {
        let noun = owned(catalogues, &share.resource).ok_or(error::NOT_FOUND)?;
        lent(conn, ctx, noun, share.record_id, super::READ).map_err(|error| match error.code {
            error::NOT_FOUND => error::FORBIDDEN.into(),
            _ => error,
        })?;
    }
    match store::remove(conn, ctx, id, base)? {
        Some(share) => Ok(share),
        None => Err(untouched(conn, ctx, |conn, ctx, id| find(conn, ctx, catalogues, id), id, base)),
    }
}

/// The noun, if its records are owned one by one.
fn owned(catalogues: &Catalogues, name: &str) -> Option<&'static Catalogue> {
    catalogues.get(name).filter(|noun| matches!(noun.owned, Owned::Rows { .. }))
}

/// The caller may share the record, and do with it what the share allows.
fn lent(conn: &mut Conn, ctx: &Ctx, noun: &'static Catalogue, record: Uuid, access: &str) -> Result<()> {
    let updates = access == UPDATE;
    let needed: &[Action] =
        if updates { &[Action::Read, Action::Share, Action::Update] } else { &[Action::Read, Action::Share] };
    let may = visible::reached(conn, ctx, noun, record, needed)?;
    match needed.iter().zip(may).find(|(_, may)| !may) {
        None => Ok(()),
        Some((action, _)) => {
            let text = text!("{noun}:{action} does not reach this record", noun = noun.noun, action = action.name());
            Err(Error::from(error::FORBIDDEN).detail(text))
        }
    }
}
