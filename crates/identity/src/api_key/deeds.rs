//! What may be done with an API key.
use super::{ApiKey, FreshApiKey, NewApiKey, Rotation, TOO_MANY, scope, store, text};
use crate::permission::{Objects, covered};
use crate::{role, user};
use chrono::Duration;
use diesel::Connection;
use kernel::{Action, ApiKeyId, Ctx, Error, Fault, Reach, Result, UserId, error};
use platform::Conn;

/// A key of the actor's own, or of a service account that holds nothing that the actor lacks.
pub fn create(conn: &mut Conn, ctx: &Ctx, objects: Objects, new: &NewApiKey) -> Result<FreshApiKey> {
    if ctx.reach::<ApiKey>(Action::Create) == Reach::None {
        return Err(error::FORBIDDEN.into());
    }
    if new.expires_at.is_some_and(|at| at <= ctx.now) {
        return Err(Error::invalid("/expires_at", "past", kernel::text!("is not in the future")));
    }
    scope::check(ctx, &new.scopes, objects)?;
    serves(conn, ctx, objects, new.user_id.unwrap_or(ctx.actor.user))?;
    if store::count(conn, ctx, new.user_id.unwrap_or(ctx.actor.user))? >= store::MOST {
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

/// A new text for it, shown this once; the one that it had stays good for a while. Whoever gets the text holds what the
/// key holds, so it has to be a key that they could make.
pub fn rotate(conn: &mut Conn, ctx: &Ctx, objects: Objects, id: ApiKeyId, how: &Rotation) -> Result<FreshApiKey> {
    conn.transaction(|conn| {
        let before = store::lock(conn, ctx, id)?;
        if before.revoked_at.is_some() || before.expires_at.is_some_and(|at| at <= ctx.now) {
            return Err(Error::from(error::NOT_FOUND).detail(kernel::text!("the key has ended")));
        }
        scope::check(ctx, &before.scopes, objects)?;
        serves(conn, ctx, objects, before.user_id)?;
        let (key, hash) = text::fresh(ctx.tenant, id);
        let until = ctx.now + Duration::seconds(how.overlap_seconds);
        let api_key = store::rotate(conn, ctx, id, &text::hint(&key), &hash, until)?.ok_or(error::FORBIDDEN)?;
        Ok(FreshApiKey { key, api_key })
    })
}

/// Whose keys the actor may make: their own, and those of service accounts whose rights they hold. With a key of
/// another person they would be that person.
fn serves(conn: &mut Conn, ctx: &Ctx, objects: Objects, id: UserId) -> Result<()> {
    if id == ctx.actor.user {
        return Ok(());
    }
    if ctx.reach::<ApiKey>(Action::Create) < Reach::All {
        return Err(
            Error::from(error::FORBIDDEN).detail(kernel::text!("keys for others are made by those who see all keys"))
        );
    }
    let missing = |_| {
        let fault = Fault::new("/user_id", "unknown_reference", kernel::text!("there is no such service account"));
        Error::from(error::UNKNOWN_REFERENCE).fault(fault)
    };
    let account = user::find(conn, ctx, id).map_err(missing)?;
    if account.kind != user::SERVICE {
        return Err(missing(error::NOT_FOUND.into()));
    }
    covered(&ctx.grants, &role::held(conn, ctx.tenant, id, objects)?, objects)
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
