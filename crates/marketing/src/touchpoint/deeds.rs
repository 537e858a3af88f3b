//! What may be done with touchpoints: they are written down.
use super::{NewTouchpoint, Touchpoint, store};
use customer::contact;
use kernel::{Action, Ctx, Result, TouchpointId, error};
use platform::deed::Upserted;
use platform::{Conn, visible};
use uuid::Uuid;

/// Written down for a contact that the caller may change; what another system has sent before is answered as it is.
pub fn record(conn: &mut Conn, ctx: &Ctx, new: &NewTouchpoint) -> Result<Upserted<Touchpoint>> {
    contact::is_there(conn, ctx, Some(new.contact_id))?;
    let ids = [Uuid::from(new.contact_id)];
    if visible::among(conn, ctx, &contact::CATALOGUE, &ids, Action::Update)?.is_empty() {
        return Err(error::FORBIDDEN.into());
    }
    if let Some(made) = store::insert(conn, ctx, new)? {
        return Ok(Upserted::Created(made));
    }
    // of another contact, which may be one that the caller does not see
    match store::called(conn, ctx, new)? {
        Some(found) if contact::find(conn, ctx, found.contact_id).is_ok() => Ok(Upserted::Updated(found)),
        _ => Err(error::ALREADY_EXISTS.into()),
    }
}

/// One of a contact that the caller may see.
pub fn find(conn: &mut Conn, ctx: &Ctx, id: TouchpointId) -> Result<Touchpoint> {
    let found = store::find(conn, ctx, id)?;
    contact::find(conn, ctx, found.contact_id)?;
    Ok(found)
}
