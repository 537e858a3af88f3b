//! What may be done with a connection. Whoever sets one up lets others act as its user: whether they may is asked where
//! it is known what users may do (`identity::permission::lends`).
use super::{
    Connection, ConnectionPatch, ConnectionSecretRotation, FreshConnection, NewConnection, SharedSecret, store,
};
use crate::deed::{self, untouched};
use crate::{Conn, Vault, audit};
use chrono::Duration;
use diesel::Connection as _;
use kernel::{Action, ConnectionId, Ctx, Noun, Reach, Result, error};

pub fn create(conn: &mut Conn, ctx: &Ctx, vault: &Vault, new: &NewConnection) -> Result<FreshConnection> {
    conn.transaction(|conn| {
        let connection = store::insert(conn, ctx, new)?;
        let (secret, shown) = given_or_fresh(new.secret.as_ref());
        store::keep_secret(conn, ctx, vault, connection.id, &secret, ctx.now)?;
        Ok(FreshConnection { secret: shown, connection })
    })
}

fn given_or_fresh(given: Option<&SharedSecret>) -> (SharedSecret, Option<String>) {
    given.map_or_else(
        || {
            let fresh = SharedSecret::fresh();
            let shown = fresh.reveal().to_owned();
            (fresh, Some(shown))
        },
        |given| (given.clone(), None),
    )
}

/// With a `base`, only if the connection is still at that version.
pub fn update(
    conn: &mut Conn,
    ctx: &Ctx,
    id: ConnectionId,
    base: Option<i32>,
    patch: &ConnectionPatch,
) -> Result<Connection> {
    conn.transaction(|conn| {
        let Some(after) = store::update(conn, ctx, id, base, patch)? else {
            return Err(untouched(conn, ctx, store::find, id, base));
        };
        if patch.name.is_some() {
            store::set_words(conn, ctx, &after)?;
        }
        Ok(after)
    })
}

/// A new secret; the one before stays good for a while.
pub fn rotate(
    conn: &mut Conn,
    ctx: &Ctx,
    vault: &Vault,
    id: ConnectionId,
    how: &ConnectionSecretRotation,
) -> Result<FreshConnection> {
    conn.transaction(|conn| {
        let connection = store::find(conn, ctx, id)?;
        if ctx.reach::<Connection>(Action::Update) == Reach::None {
            return Err(error::FORBIDDEN.into());
        }
        let (secret, shown) = given_or_fresh(how.secret.as_ref());
        let until = ctx.now + Duration::seconds(how.overlap_seconds);
        store::keep_secret(conn, ctx, vault, id, &secret, until)?;
        audit::note(conn, ctx, "connection.secret_rotated", Connection::NAME, id, None)?;
        Ok(FreshConnection { secret: shown, connection })
    })
}

pub fn archive(conn: &mut Conn, ctx: &Ctx, id: ConnectionId, base: Option<i32>) -> Result<Connection> {
    match store::set_archived(conn, ctx, id, base, true)? {
        Some(connection) => Ok(connection),
        None => Err(untouched(conn, ctx, store::find, id, base)),
    }
}

/// A connection that is not archived is answered as it is.
pub fn restore(conn: &mut Conn, ctx: &Ctx, id: ConnectionId) -> Result<Connection> {
    let found = store::find_any(conn, ctx, id)?;
    if found.deleted_at.is_none() {
        return Ok(found);
    }
    store::set_archived(conn, ctx, id, None, false)?.ok_or_else(|| error::FORBIDDEN.into())
}

/// Gone for good, with its secrets and all that has arrived by it. What came of that stays.
pub fn purge(conn: &mut Conn, ctx: &Ctx, id: ConnectionId, base: Option<i32>) -> Result<()> {
    deed::purge(conn, ctx, id, base, store::find_any, store::delete)
}
