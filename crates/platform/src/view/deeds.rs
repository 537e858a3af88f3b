//! What may be done with a view. What it says is looked through for whoever says it.
use super::{NewView, View, ViewPatch, store};
use crate::Conn;
use crate::deed::{attempt, may_own, untouched};
use crate::filter;
use crate::listing;
use diesel::Connection;
use kernel::catalogue::{Catalogue, Catalogues};
use kernel::custom::CUSTOM;
use kernel::{Ctx, Error, Fault, Grants, Result, UserId, ViewId, error, text};

pub fn create(conn: &mut Conn, ctx: &Ctx, catalogues: &'static Catalogues, new: &NewView) -> Result<View> {
    may_own::<View>(ctx, new.owner_id)?;
    fits(ctx, catalogues, &new.object, [&new.filter, &new.sort, &new.fields])?;
    conn.transaction(|conn| {
        if new.is_default {
            store::no_default(conn, ctx, new.owner_id.unwrap_or(ctx.actor.user), &new.object)?;
        }
        Ok(attempt(conn, |conn| store::insert(conn, ctx, new))?)
    })
}

pub fn update(
    conn: &mut Conn,
    ctx: &Ctx,
    catalogues: &'static Catalogues,
    id: ViewId,
    base: Option<i32>,
    patch: &ViewPatch,
) -> Result<View> {
    may_own::<View>(ctx, patch.owner_id)?;
    let before = store::find(conn, ctx, id)?;
    // what is not said anew may be broken: it is mended by saying it
    let [filter, sort, fields] = [&patch.filter, &patch.sort, &patch.fields].map(|said| said.clone().flatten());
    fits(ctx, catalogues, &before.object, [&filter, &sort, &fields])?;
    conn.transaction(|conn| {
        let owner: UserId = patch.owner_id.unwrap_or(before.owner_id);
        if patch.is_default == Some(true) {
            store::no_default(conn, ctx, owner, &before.object)?;
        }
        match store::update(conn, ctx, id, base, patch)? {
            Some(view) => Ok(view),
            None => Err(untouched(conn, ctx, store::find, id, base)),
        }
    })
}

pub fn archive(conn: &mut Conn, ctx: &Ctx, id: ViewId, base: Option<i32>) -> Result<View> {
    match store::set_archived(conn, ctx, id, base, true)? {
        Some(view) => Ok(view),
        None => Err(untouched(conn, ctx, store::find, id, base)),
    }
}

/// One that is not archived is answered as it is.
pub fn restore(conn: &mut Conn, ctx: &Ctx, id: ViewId) -> Result<View> {
    let found = store::find_any(conn, ctx, id)?;
    if found.deleted_at.is_none() {
        return Ok(found);
    }
    store::set_archived(conn, ctx, id, None, false)?.ok_or_else(|| error::FORBIDDEN.into())
}

/// All that is wrong with what it says of a list.
fn fits(ctx: &Ctx, catalogues: &'static Catalogues, object: &str, says: [&Option<String>; 3]) -> Result<()> {
    let Some(noun) = catalogues.get(object) else {
        return Err(Error::invalid("/object", "choice", text!("is no noun whose records are listed")));
    };
    let ([filter, sort, fields], grants) =
        (says.map(|text| text.as_deref().filter(|text| !text.trim().is_empty())), &ctx.grants);
    let mut faults = Vec::new();
    if let Some(Err(refusal)) = filter.map(|text| filter::checked_by(text, noun, catalogues, grants)) {
        let faulty = Error::from(refusal).faults;
        faults.extend(faulty.into_iter().map(|fault| Fault { pointer: "/filter".into(), ..fault }));
    }
    if let Some(Err(error)) = sort.map(|text| listing::sortable(text, noun, catalogues, grants)) {
        faults.extend(error.faults.into_iter().map(|fault| Fault { pointer: "/sort".into(), ..fault }));
    }
    for name in fields.into_iter().flat_map(|text| text.split(',')).map(str::trim) {
        if !is_field(noun, grants, name) {
            let message = text!("{noun} has no \"{name}\"", noun = object, name);
            faults.push(Fault::new("/fields", "unknown_field", message));
        }
    }
    if faults.is_empty() { Ok(()) } else { Err(Error::from(error::INVALID).faults(faults)) }
}

/// Whether there is such a field for the caller, of the noun's or of the tenant's own.
pub fn is_field(noun: &Catalogue, grants: &Grants, name: &str) -> bool {
    if grants.hides(noun.noun, name) {
        return false;
    }
    match kernel::custom::key(name) {
        Some(key) => noun.custom.is_some() && grants.own().get(noun.noun, key).is_some(),
        None if name == CUSTOM => noun.custom.is_some(),
        None => noun.field(name).is_some(),
    }
}
