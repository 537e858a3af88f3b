//! The queries of a connection. `scope` is the way of those who set it up; the rest is for what comes to the open door.
use super::schema::{connection_secrets, connections};
use super::{Connection, ConnectionPatch, NewConnection, SECRET, SharedSecret};
use crate::search::{Words, array_to_tsvector};
use crate::vault::Sealed;
use crate::{Batch, Conn, Listing, Record, Vault};
use chrono::{DateTime, Utc};
use diesel::dsl::{AsExprOf, auto_type};
use diesel::prelude::*;
use diesel::result::QueryResult;
use diesel::sql_types::Bool;
use kernel::event::Verb;
use kernel::{Action, ConnectionId, ConnectionSecretId, Ctx, Error, Page, Reach, Result, TenantId};

#[auto_type]
fn scope(ctx: &Ctx, action: Action) -> _ {
    let tenant: TenantId = ctx.tenant;
    let open: AsExprOf<bool, Bool> =
        (ctx.reach::<Connection>(Action::Read).min(ctx.reach::<Connection>(action)) > Reach::None).into_sql::<Bool>();
    connections::table.filter(connections::tenant_id.eq(tenant)).filter(open)
}

pub fn find(conn: &mut Conn, ctx: &Ctx, id: ConnectionId) -> Result<Connection> {
    let living = scope(ctx, Action::Read).filter(connections::deleted_at.is_null());
    Ok(living.filter(connections::id.eq(id)).select(Connection::as_select()).first(conn)?)
}

pub fn list(conn: &mut Conn, ctx: &Ctx, listing: &Listing<connections::table>) -> Result<Page<Connection>> {
    listing.page(
        conn,
        ctx,
        |conn, ask| {
            let page = scope(ctx, Action::Read).filter(ask.matching()).order(ask.order()).limit(ask.limit());
            page.select((Connection::as_select(), ask.keys())).load(conn)
        },
        |ask| scope(ctx, Action::Read).filter(ask.matching()).select(connections::id),
        |connection| &connection.name,
    )
}

/// What it is found by.
fn words(name: &str, system: &str) -> Vec<String> {
    Words::new().name(name).whole(system).lexemes()
}

pub(super) fn insert(conn: &mut Conn, ctx: &Ctx, new: &NewConnection) -> QueryResult<Connection> {
    // made here and not by the client: the open door finds a connection by its id alone
    let given = (
        connections::tenant_id.eq(ctx.tenant),
        connections::id.eq(ConnectionId::new()),
        connections::user_id.eq(new.user_id.unwrap_or(ctx.actor.user)),
        connections::created_at.eq(ctx.now),
        connections::updated_at.eq(ctx.now),
        connections::created_by.eq(ctx.actor.user),
        connections::updated_by.eq(ctx.actor.user),
        connections::search.eq(array_to_tsvector(words(&new.name, &new.source_system))),
    );
    diesel::insert_into(connections::table)
        .values((given, new))
        .returning(Connection::as_returning())
        .recorded::<Connection>(ctx, Verb::Created)
        .get_result(conn)
}

/// Nothing comes back where it may not be changed, or is no longer at version `base`.
pub(super) fn update(
    conn: &mut Conn,
    ctx: &Ctx,
    id: ConnectionId,
    base: Option<i32>,
    patch: &ConnectionPatch,
) -> QueryResult<Option<Connection>> {
    let (oldest, newest) = base.map_or((i32::MIN, i32::MAX), |version| (version, version));
    let target = scope(ctx, Action::Update)
        .filter(connections::deleted_at.is_null())
        .filter(connections::id.eq(id))
        .filter(connections::version.between(oldest, newest));
    let moved = (
        connections::version.eq(connections::version + 1),
        connections::updated_at.eq(ctx.now),
        connections::updated_by.eq(ctx.actor.user),
    );
    diesel::update(target)
        .set((patch, moved))
        .returning(Connection::as_returning())
        .recorded::<Connection>(ctx, Verb::Updated)
        .get_result(conn)
        .optional()
}

pub(super) fn set_words(conn: &mut Conn, ctx: &Ctx, one: &Connection) -> QueryResult<usize> {
    let words = words(&one.name, &one.source_system);
    diesel::update(scope(ctx, Action::Update).filter(connections::id.eq(one.id)))
        .set(connections::search.eq(array_to_tsvector(words)))
        .execute(conn)
}

/// Archives a living connection, or restores an archived one.
pub(super) fn set_archived(
    conn: &mut Conn,
    ctx: &Ctx,
    id: ConnectionId,
    base: Option<i32>,
    archived: bool,
) -> QueryResult<Option<Connection>> {
    let (oldest, newest) = base.map_or((i32::MIN, i32::MAX), |version| (version, version));
    let (verb, at) = if archived { (Verb::Deleted, Some(ctx.now)) } else { (Verb::Restored, None) };
    let target = scope(ctx, Action::Delete)
        .filter(connections::deleted_at.is_null().eq(archived))
        .filter(connections::id.eq(id))
        .filter(connections::version.between(oldest, newest));
    let moved = (
        connections::deleted_at.eq(at),
        connections::version.eq(connections::version + 1),
        connections::updated_at.eq(ctx.now),
        connections::updated_by.eq(ctx.actor.user),
    );
    diesel::update(target)
        .set(moved)
        .returning(Connection::as_returning())
        .recorded::<Connection>(ctx, verb)
        .get_result(conn)
        .optional()
}

pub(super) fn delete(conn: &mut Conn, ctx: &Ctx, id: ConnectionId) -> QueryResult<Option<Connection>> {
    diesel::delete(scope(ctx, Action::Purge).filter(connections::id.eq(id)))
        .returning(Connection::as_returning())
        .recorded::<Connection>(ctx, Verb::Purged)
        .get_result(conn)
        .optional()
}

/// The connection whether living or archived.
pub(super) fn find_any(conn: &mut Conn, ctx: &Ctx, id: ConnectionId) -> QueryResult<Connection> {
    scope(ctx, Action::Read).filter(connections::id.eq(id)).select(Connection::as_select()).first(conn)
}

/// Keeps a new secret; the one before stays good until `until`, and an older one no longer.
pub(super) fn keep_secret(
    conn: &mut Conn,
    ctx: &Ctx,
    vault: &Vault,
    id: ConnectionId,
    secret: &SharedSecret,
    until: DateTime<Utc>,
) -> Result<()> {
    let its = connection_secrets::table
        .filter(connection_secrets::tenant_id.eq(ctx.tenant))
        .filter(connection_secrets::connection_id.eq(id));
    diesel::delete(its.filter(connection_secrets::expires_at.is_not_null())).execute(conn)?;
    diesel::update(its).set(connection_secrets::expires_at.eq(until)).execute(conn)?;
    let own = ConnectionSecretId::new();
    let row = (
        connection_secrets::tenant_id.eq(ctx.tenant),
        connection_secrets::id.eq(own),
        connection_secrets::connection_id.eq(id),
        connection_secrets::sealed.eq(vault.seal(conn, ctx.tenant, &SECRET, own, secret.reveal().as_bytes())?),
    );
    diesel::insert_into(connection_secrets::table).values(row).execute(conn)?;
    Ok(())
}

/// The secrets that are good now. In a transaction: their rows are held, so that no key goes meanwhile.
pub(super) fn secrets(
    conn: &mut Conn,
    vault: &Vault,
    tenant: TenantId,
    id: ConnectionId,
    now: DateTime<Utc>,
) -> Result<Vec<SharedSecret>> {
    let good = connection_secrets::expires_at.is_null().or(connection_secrets::expires_at.gt(now));
    let kept = connection_secrets::table
        .filter(connection_secrets::tenant_id.eq(tenant))
        .filter(connection_secrets::connection_id.eq(id))
        .filter(good)
        .select((connection_secrets::id, connection_secrets::sealed))
        .for_key_share();
    let sealed: Vec<(ConnectionSecretId, Sealed)> = kept.load(conn)?;
    let mut secrets = Vec::with_capacity(sealed.len());
    for (own, sealed) in sealed {
        let plain = vault.open(conn, tenant, &SECRET, own, &sealed)?;
        secrets.push(SharedSecret::of(String::from_utf8(plain.expose().to_vec()).map_err(Error::internal)?));
    }
    Ok(secrets)
}

/// One that lets in, of whatever tenant: whoever is at the door names nothing but its id.
pub(super) fn open(conn: &mut Conn, id: ConnectionId) -> QueryResult<Option<(TenantId, Connection)>> {
    connections::table
        .filter(connections::id.eq(id))
        .filter(connections::is_active)
        .filter(connections::deleted_at.is_null())
        .select((connections::tenant_id, Connection::as_select()))
        .first(conn)
        .optional()
}

/// One of a tenant, for what has arrived by it.
pub fn any(conn: &mut Conn, tenant: TenantId, id: ConnectionId) -> QueryResult<Connection> {
    connections::table.find((tenant, id)).select(Connection::as_select()).first(conn)
}

impl Batch for Connection {
    fn find(conn: &mut Conn, ctx: &Ctx, id: ConnectionId) -> Result<Self> {
        find(conn, ctx, id)
    }
    fn batch(conn: &mut Conn, tenant: TenantId, ids: &[ConnectionId]) -> Result<Vec<Self>> {
        Ok(connections::table
            .filter(connections::tenant_id.eq(tenant))
            .filter(connections::deleted_at.is_null())
            .filter(connections::id.eq_any(ids))
            .select(Connection::as_select())
            .load(conn)?)
    }
}
