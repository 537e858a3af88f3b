//! The queries of notifications. `scope` is the reader's way in; the rest is for the fan-out.
use super::letter::Way;
use super::preference::{self, Reader};
use super::schema::{notification_cursors, notifications};
use super::{Kept, UNREAD};
use crate::{Conn, Listing};
use chrono::{DateTime, Utc};
use diesel::dsl::auto_type;
use diesel::pg::Pg;
use diesel::prelude::*;
use diesel::result::QueryResult;
use diesel::sql_types::{Bool, Uuid as SqlUuid};
use kernel::{Action, Ctx, EventId, NotificationId, Page, Result, TenantId, UserId};
use std::collections::HashMap;
use uuid::Uuid;

/// What the actor is told of, and nobody else.
#[auto_type]
fn scope(ctx: &Ctx) -> _ {
    let (tenant, user): (TenantId, UserId) = (ctx.tenant, ctx.actor.user);
    notifications::table
        .filter(notifications::tenant_id.eq(tenant))
        .filter(notifications::user_id.eq(user))
        .filter(notifications::is_listed)
}

pub(super) fn list(conn: &mut Conn, ctx: &Ctx, listing: &Listing<notifications::table>) -> Result<Page<Kept>> {
    listing.page(
        conn,
        ctx,
        |conn, ask| {
            let page = scope(ctx).filter(ask.matching()).order(ask.order()).limit(ask.limit());
            page.select((Kept::as_select(), ask.keys())).load(conn)
        },
        |ask| scope(ctx).filter(ask.matching()).select(notifications::id),
        |one| &one.kind,
    )
}

/// How many the actor has not read.
pub fn unread(conn: &mut Conn, ctx: &Ctx) -> Result<i64> {
    Ok(scope(ctx).filter(notifications::status.eq(UNREAD)).count().get_result(conn)?)
}

/// Of the ids, or of all; how many became so.
pub(super) fn mark(conn: &mut Conn, ctx: &Ctx, ids: Option<&[NotificationId]>, status: &str) -> QueryResult<usize> {
    let others = scope(ctx).filter(notifications::status.ne(status));
    let now = notifications::status.eq(status);
    match ids {
        Some(ids) => diesel::update(others.filter(notifications::id.eq_any(ids))).set(now).execute(conn),
        None => diesel::update(others).set(now).execute(conn),
    }
}

#[derive(QueryableByName)]
struct Due {
    #[diesel(sql_type = SqlUuid)]
    tenant_id: TenantId,
}

/// The tenants of whom something has happened since it was last looked.
pub(super) fn due(conn: &mut Conn) -> QueryResult<Vec<TenantId>> {
    let text = "SELECT t.tenant_id FROM tenants AS t LEFT JOIN notification_cursors AS n ON n.tenant_id = t.tenant_id \
                WHERE EXISTS (SELECT FROM audit_chain AS c WHERE c.tenant_id = t.tenant_id \
                AND c.seq > coalesce(n.position, 0))";
    let due: Vec<Due> = diesel::sql_query(text).load(conn)?;
    Ok(due.into_iter().map(|one| one.tenant_id).collect())
}

/// How far it has come, for whoever goes on; nothing where somebody does already.
pub(super) fn hold(conn: &mut Conn, tenant: TenantId) -> QueryResult<Option<i64>> {
    let first = (notification_cursors::tenant_id.eq(tenant), notification_cursors::position.eq(0));
    diesel::insert_into(notification_cursors::table).values(first).on_conflict_do_nothing().execute(conn)?;
    let cursor = notification_cursors::table.find(tenant).select(notification_cursors::position);
    cursor.for_update().skip_locked().first(conn).optional()
}

pub(super) fn moved(conn: &mut Conn, tenant: TenantId, position: i64) -> QueryResult<usize> {
    let cursor = notification_cursors::table.find(tenant);
    diesel::update(cursor).set(notification_cursors::position.eq(position)).execute(conn)
}

/// What somebody is to be told of.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct News {
    pub user: UserId,
    pub kind: &'static str,
    pub resource: String,
    pub record: Uuid,
    pub event: EventId,
    pub seq: i64,
    pub actor: UserId,
    /// the field that names them, which they have to see
    pub place: Option<&'static str>,
    /// what they have to be able to do with the record
    pub action: Option<Action>,
}

/// Puts them down, for people who work here, as they want to be told; of an event, one person is told once.
pub(super) fn put(conn: &mut Conn, tenant: TenantId, news: &[News], now: DateTime<Utc>) -> QueryResult<usize> {
    let users: Vec<Uuid> = news.iter().map(|one| one.user.0).collect();
    let readers: HashMap<UserId, Reader> = preference::readers(conn, tenant, &users)?.into_iter().collect();
    let row = |one: &News| {
        let Reader { wanted, zone, has_device } = readers.get(&one.user)?;
        let mail_at = preference::due(wanted, one.kind, *zone, now);
        let push_at = preference::shown(wanted, one.kind, *zone, now).filter(|_| *has_device);
        let is_listed = wanted.ways(one.kind).in_app;
        (is_listed || mail_at.is_some() || push_at.is_some()).then(|| {
            (
                (notifications::tenant_id.eq(tenant), notifications::id.eq(NotificationId::new())),
                (notifications::user_id.eq(one.user), notifications::kind.eq(one.kind)),
                (notifications::resource.eq(one.resource.clone()), notifications::record_id.eq(one.record)),
                (notifications::event_id.eq(one.event), notifications::seq.eq(one.seq)),
                (notifications::actor_id.eq(one.actor), notifications::created_at.eq(now)),
                (notifications::is_listed.eq(is_listed), notifications::mail_at.eq(mail_at)),
                notifications::push_at.eq(push_at),
            )
        })
    };
    let rows: Vec<_> = news.iter().filter_map(row).collect();
    let mut put = 0;
    // a statement takes 65,535 values
    for some in rows.chunks(1_000) {
        put +=
            diesel::insert_into(notifications::table).values(some.to_vec()).on_conflict_do_nothing().execute(conn)?;
    }
    Ok(put)
}

/// Somebody whom a letter is due to, or a message.
#[derive(Clone, Copy, Debug, Queryable)]
pub(super) struct Awaiting {
    pub tenant: TenantId,
    pub user: UserId,
}

type Condition = Box<dyn BoxableExpression<notifications::table, Pg, SqlType = Bool>>;

fn is_due(way: Way, now: DateTime<Utc>) -> Condition {
    match way {
        Way::Letter => Box::new(notifications::mail_at.le(now).assume_not_null()),
        Way::Push => Box::new(notifications::push_at.le(now).assume_not_null()),
    }
}

/// Of all tenants, some to whom something is due by this way.
pub(super) fn awaiting(conn: &mut Conn, way: Way, now: DateTime<Utc>, most: i64) -> QueryResult<Vec<Awaiting>> {
    let due = notifications::table.filter(is_due(way, now));
    due.select((notifications::tenant_id, notifications::user_id)).distinct().limit(most).load(conn)
}

/// What it tells them, the oldest first: taken by whoever comes first.
pub(super) fn take(conn: &mut Conn, way: Way, one: Awaiting, now: DateTime<Utc>) -> QueryResult<Vec<NotificationId>> {
    let due = notifications::table
        .filter(notifications::tenant_id.eq(one.tenant))
        .filter(notifications::user_id.eq(one.user))
        .filter(is_due(way, now));
    let (due, never) = (diesel::update(due), None::<DateTime<Utc>>);
    let mut ids: Vec<NotificationId> = match way {
        Way::Letter => due.set(notifications::mail_at.eq(never)).returning(notifications::id).load(conn)?,
        Way::Push => due.set(notifications::push_at.eq(never)).returning(notifications::id).load(conn)?,
    };
    ids.sort_unstable();
    Ok(ids)
}

/// Those of these that the actor has not read meanwhile.
pub(super) fn unread_of(conn: &mut Conn, ctx: &Ctx, ids: &[NotificationId]) -> QueryResult<Vec<Kept>> {
    let own = notifications::table
        .filter(notifications::tenant_id.eq(ctx.tenant))
        .filter(notifications::user_id.eq(ctx.actor.user))
        .filter(notifications::status.eq(UNREAD))
        .filter(notifications::id.eq_any(ids));
    own.order(notifications::seq).select(Kept::as_select()).load(conn)
}

/// Of all tenants, those that are older go.
pub fn clear(conn: &mut Conn, before: DateTime<Utc>) -> QueryResult<usize> {
    diesel::delete(notifications::table.filter(notifications::created_at.lt(before))).execute(conn)
}
