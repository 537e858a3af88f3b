//! The queries of a session. `own` is a user's way in; the rest is for whoever proves who they are.
use super::{Device, Session};
use crate::digest::Digest;
use crate::schema::{sessions, tenants, users};
use chrono::{DateTime, Utc};
use diesel::dsl::auto_type;
use diesel::prelude::*;
use diesel::result::QueryResult;
use kernel::event::Verb;
use kernel::{Ctx, Page, Result, SessionId, TenantId, UserId, error};
use platform::{Conn, Record};

/// No user has more devices than this.
const MOST: i64 = 200;

/// The living sessions of a user.
#[auto_type]
fn living(tenant: TenantId, user: UserId, now: DateTime<Utc>) -> _ {
    sessions::table
        .filter(sessions::tenant_id.eq(tenant))
        .filter(sessions::user_id.eq(user))
        .filter(sessions::revoked_at.is_null())
        .filter(sessions::expires_at.gt(now))
}

/// The actor's own sessions, the newest first.
pub fn own(conn: &mut Conn, ctx: &Ctx, current: Option<SessionId>) -> Result<Page<Device>> {
    let all: Vec<Session> = living(ctx.tenant, ctx.actor.user, ctx.now)
        .order(sessions::id.desc())
        .limit(MOST)
        .select(Session::as_select())
        .load(conn)?;
    let data = all.into_iter().map(|session| Device { is_current: Some(session.id) == current, session }).collect();
    Ok(Page { data, page: kernel::Cut::default() })
}

/// The session of this request.
pub(crate) fn current(conn: &mut Conn, ctx: &Ctx, id: SessionId) -> QueryResult<Option<Session>> {
    let mine = living(ctx.tenant, ctx.actor.user, ctx.now).filter(sessions::id.eq(id));
    mine.select(Session::as_select()).first(conn).optional()
}

/// Ends one of the actor's own sessions.
pub fn revoke(conn: &mut Conn, ctx: &Ctx, id: SessionId) -> Result<()> {
    let mine = living(ctx.tenant, ctx.actor.user, ctx.now).filter(sessions::id.eq(id)).select(sessions::id);
    let mine: Option<SessionId> = mine.first(conn).optional()?;
    if end(conn, ctx, mine.ok_or(error::NOT_FOUND)?)? { Ok(()) } else { Err(error::NOT_FOUND.into()) }
}

/// Ends all of the actor's own sessions but the one of this request.
pub fn revoke_others(conn: &mut Conn, ctx: &Ctx, current: Option<SessionId>) -> Result<()> {
    conn.transaction(|conn| end_all(conn, ctx, ctx.actor.user, current))
}

/// Ends it; `false` where it has ended before.
pub(crate) fn end(conn: &mut Conn, ctx: &Ctx, id: SessionId) -> QueryResult<bool> {
    let target = sessions::table
        .filter(sessions::tenant_id.eq(ctx.tenant))
        .filter(sessions::id.eq(id))
        .filter(sessions::revoked_at.is_null());
    let ended: Option<Session> = diesel::update(target)
        .set((sessions::revoked_at.eq(ctx.now), sessions::version.eq(sessions::version + 1)))
        .returning(Session::as_returning())
        .recorded::<Session>(ctx, Verb::Deleted)
        .get_result(conn)
        .optional()?;
    Ok(ended.is_some())
}

/// Ends all sessions of a user but `kept`.
pub(crate) fn end_all(conn: &mut Conn, ctx: &Ctx, user: UserId, kept: Option<SessionId>) -> Result<()> {
    let all: Vec<SessionId> = living(ctx.tenant, user, ctx.now).select(sessions::id).load(conn)?;
    for id in all.into_iter().filter(|id| Some(*id) != kept) {
        end(conn, ctx, id)?;
    }
    Ok(())
}

pub(crate) fn insert(
    conn: &mut Conn,
    ctx: &Ctx,
    id: SessionId,
    hash: &Digest,
    (device, is_vouched): (Option<&str>, bool),
) -> QueryResult<Session> {
    let row = (
        sessions::tenant_id.eq(ctx.tenant),
        sessions::id.eq(id),
        sessions::user_id.eq(ctx.actor.user),
        sessions::refresh_hash.eq(hash.as_slice()),
        sessions::device.eq(device),
        sessions::address.eq(from(ctx)),
        sessions::is_vouched.eq(is_vouched),
        sessions::created_at.eq(ctx.now),
        sessions::last_used_at.eq(ctx.now),
        sessions::expires_at.eq(super::expiry(ctx.now, ctx.now)),
    );
    diesel::insert_into(sessions::table)
        .values(row)
        .returning(Session::as_returning())
        .recorded::<Session>(ctx, Verb::Created)
        .get_result(conn)
}

/// A living session of an active user, and what is kept of its refresh token.
#[derive(Debug)]
pub(crate) struct Standing {
    pub session: Session,
    pub hash: Vec<u8>,
}

/// Locked until the transaction ends: of two who show the same token one comes first.
pub(crate) fn lock(
    conn: &mut Conn,
    tenant: TenantId,
    id: SessionId,
    now: DateTime<Utc>,
) -> QueryResult<Option<Standing>> {
    let found: Option<(Session, Vec<u8>)> = sessions::table
        .filter(sessions::tenant_id.eq(tenant))
        .filter(sessions::id.eq(id))
        .filter(sessions::revoked_at.is_null())
        .filter(sessions::expires_at.gt(now))
        .for_update()
        .select((Session::as_select(), sessions::refresh_hash))
        .first(conn)
        .optional()?;
    let Some((session, hash)) = found else { return Ok(None) };
    let active: bool = diesel::select(diesel::dsl::exists(
        users::table
            .filter(users::tenant_id.eq(tenant))
            .filter(users::id.eq(session.user_id))
            .filter(users::is_active)
            .filter(users::deleted_at.is_null()),
    ))
    .get_result(conn)?;
    Ok(active.then_some(Standing { session, hash }))
}

/// The next token of the family.
pub(crate) fn rotate(
    conn: &mut Conn,
    ctx: &Ctx,
    session: &Session,
    hash: &Digest,
    at: DateTime<Utc>,
) -> QueryResult<Session> {
    diesel::update(sessions::table.find((ctx.tenant, session.id)))
        .set((
            sessions::refresh_hash.eq(hash.as_slice()),
            sessions::address.eq(from(ctx)),
            sessions::last_used_at.eq(at),
            sessions::expires_at.eq(super::expiry(session.created_at, at)),
            sessions::version.eq(sessions::version + 1),
        ))
        .returning(Session::as_returning())
        .recorded::<Session>(ctx, Verb::Updated)
        .get_result(conn)
}

fn from(ctx: &Ctx) -> Option<String> {
    ctx.origin.address.map(|address| address.to_string())
}

/// What is asked of a living session whose user may come in.
#[derive(Debug, Queryable)]
pub(crate) struct Admitted {
    /// whether the tenant requires a second factor that no provider has vouched for
    pub needs_factor: bool,
    pub locale: Option<String>,
    pub tenant_locale: String,
    pub requires_versions: bool,
    pub phone_region: Option<String>,
}

/// None where the session has ended, or its user may not come in.
pub(crate) fn admitted(
    conn: &mut Conn,
    tenant: TenantId,
    user: UserId,
    session: SessionId,
    now: DateTime<Utc>,
) -> QueryResult<Option<Admitted>> {
    sessions::table
        .inner_join(tenants::table.on(tenants::tenant_id.eq(sessions::tenant_id)))
        .inner_join(users::table.on(users::id.eq(sessions::user_id).and(users::tenant_id.eq(tenant))))
        .filter(sessions::tenant_id.eq(tenant))
        .filter(sessions::id.eq(session))
        .filter(sessions::user_id.eq(user))
        .filter(sessions::revoked_at.is_null())
        .filter(sessions::expires_at.gt(now))
        .filter(users::is_active)
        .filter(users::deleted_at.is_null())
        .select((
            tenants::require_second_factor.and(diesel::dsl::not(sessions::is_vouched)),
            users::locale,
            tenants::locale,
            tenants::requires_if_match,
            tenants::phone_region,
        ))
        .first(conn)
        .optional()
}

/// Those of these sessions that have not ended, and whose users may come in.
pub(crate) fn admitted_of(
    conn: &mut Conn,
    tenants: &[TenantId],
    ids: &[SessionId],
    now: DateTime<Utc>,
) -> QueryResult<Vec<SessionId>> {
    sessions::table
        .inner_join(users::table.on(users::id.eq(sessions::user_id).and(users::tenant_id.eq(sessions::tenant_id))))
        .filter(sessions::tenant_id.eq_any(tenants))
        .filter(sessions::id.eq_any(ids))
        .filter(sessions::revoked_at.is_null())
        .filter(sessions::expires_at.gt(now))
        .filter(users::is_active)
        .filter(users::deleted_at.is_null())
        .select(sessions::id)
        .load(conn)
}
