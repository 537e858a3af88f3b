//! The queries of calendar links: each is its user's alone.
use crate::schema::calendar_feeds;
use diesel::prelude::*;
use diesel::result::QueryResult;
use kernel::{CalendarFeedId, Ctx, Result, TenantId, UserId};
use platform::Conn;

pub(super) fn put(conn: &mut Conn, ctx: &Ctx, id: CalendarFeedId) -> QueryResult<usize> {
    let said = (calendar_feeds::id.eq(id), calendar_feeds::created_at.eq(ctx.now));
    diesel::insert_into(calendar_feeds::table)
        .values((calendar_feeds::tenant_id.eq(ctx.tenant), calendar_feeds::user_id.eq(ctx.actor.user), said))
        .on_conflict((calendar_feeds::tenant_id, calendar_feeds::user_id))
        .do_update()
        .set(said)
        .execute(conn)
}

pub(super) fn remove(conn: &mut Conn, ctx: &Ctx) -> QueryResult<usize> {
    diesel::delete(calendar_feeds::table.find((ctx.tenant, ctx.actor.user))).execute(conn)
}

/// Whether this is the link that its user has.
pub fn is_good(conn: &mut Conn, tenant: TenantId, user: UserId, id: CalendarFeedId) -> Result<bool> {
    let feed = calendar_feeds::table.find((tenant, user)).filter(calendar_feeds::id.eq(id));
    Ok(diesel::select(diesel::dsl::exists(feed)).get_result(conn)?)
}
