//! What may be done with an API key.
use super::{ApiKey, FreshApiKey, NewApiKey, TOO_MANY, scope, store, text};
use crate::permission::Objects;
use diesel::Connection;
use kernel::{Action, ApiKeyId, Ctx, Error, Reach, Result, error};
use platform::Conn;

/// A key of the actor's own.
pub fn create(conn: &mut Conn, ctx: &Ctx, objects: Objects, new: &NewApiKey) -> Result<FreshApiKey> {
    if ctx.reach::<ApiKey>(Action::Create) == Reach::None {
        return Err(error::FORBIDDEN.into());
    }
    if new.expires_at.is_some_and(|at| at <= ctx.now) {
        return Err(Error::invalid("/expires_at", "past", "is not in the future"));
    }
    scope::check(ctx, &new.scopes, objects)?;
    if store::count(conn, ctx)? >= store::MOST {
        return Err(TOO_MANY.into());
    }
    issue(conn, ctx, new)
}

/// Makes it, whatever its scopes.
pub(crate) fn issue(conn: &mut Conn, ctx: &Ctx, new: &NewApiKey) -> Result<FreshApiKey> {
    let id = ApiKeyId::new();
    let (key, hash) = text::fresh(ctx.tenant, id);
    let api_key = conn.transaction(|conn| store::insert(conn, ctx, id, new, &text::hint(&key), &hash))?;
    Ok(FreshApiKey { key, api_key })
}

/// It lets nobody in from now on; on other machines within five seconds. A revoked key is answered as it is.
pub fn revoke(conn: &mut Conn, ctx: &Ctx, id: ApiKeyId) -> Result<ApiKey> {
    match store::revoke(conn, ctx, id)? {
        Some(key) => Ok(key),
        None => match store::find(conn, ctx, id)? {
            key if key.revoked_at.is_some() => Ok(key),
            _ => Err(error::FORBIDDEN.into()),
        },
    }
}
