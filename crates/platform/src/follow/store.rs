//! The queries of who follows what. Whether the record is seen was asked before.
use super::Follower;
use super::schema::followers;
use crate::Conn;
use diesel::prelude::*;
use diesel::result::QueryResult;
use kernel::{Ctx, TenantId, UserId};
use uuid::Uuid;

pub(super) fn of(conn: &mut Conn, ctx: &Ctx, resource: &str, record: Uuid) -> QueryResult<Vec<Follower>> {
    followers::table
        .filter(followers::tenant_id.eq(ctx.tenant))
        .filter(followers::record_id.eq(record))
        .filter(followers::resource.eq(resource))
        .order((followers::created_at, followers::user_id))
        .select(Follower::as_select())
        .load(conn)
}

/// Who follows one of many records.
#[derive(Clone, Debug, Queryable)]
pub struct Followed {
    pub resource: String,
    pub record: Uuid,
    pub user: UserId,
}

/// Those of many records.
pub fn of_all(conn: &mut Conn, tenant: TenantId, records: &[Uuid]) -> QueryResult<Vec<Followed>> {
    if records.is_empty() {
        return Ok(Vec::new());
    }
    followers::table
        .filter(followers::tenant_id.eq(tenant))
        .filter(followers::record_id.eq_any(records))
        .select((followers::resource, followers::record_id, followers::user_id))
        .load(conn)
}

pub(super) fn insert(conn: &mut Conn, ctx: &Ctx, resource: &str, record: Uuid) -> QueryResult<usize> {
    let row = (
        (followers::tenant_id.eq(ctx.tenant), followers::resource.eq(resource), followers::record_id.eq(record)),
        (followers::user_id.eq(ctx.actor.user), followers::created_at.eq(ctx.now)),
    );
    diesel::insert_into(followers::table).values(row).on_conflict_do_nothing().execute(conn)
}

pub(super) fn remove(conn: &mut Conn, ctx: &Ctx, resource: &str, record: Uuid) -> QueryResult<usize> {
    let own = followers::table
        .filter(followers::tenant_id.eq(ctx.tenant))
        .filter(followers::record_id.eq(record))
        .filter(followers::resource.eq(resource))
        .filter(followers::user_id.eq(ctx.actor.user));
    diesel::delete(own).execute(conn)
}

/// Of records that are gone for good, when those who followed them have been told: their ids may come again.
pub fn forget(conn: &mut Conn, tenant: TenantId, records: &[Uuid]) -> QueryResult<usize> {
    if records.is_empty() {
        return Ok(0);
    }
    let all = followers::table.filter(followers::tenant_id.eq(tenant)).filter(followers::record_id.eq_any(records));
    diesel::delete(all).execute(conn)
}
