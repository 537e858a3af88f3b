//! The queries of what is not the wing's own.
use super::schema::{counters, tenants, users};
use diesel::dsl::exists;
use diesel::prelude::*;
use diesel::result::QueryResult;
use kernel::{Ctx, TenantId, UserId};
use platform::Conn;

/// One more of this name is numbered: how many there are now.
pub fn count_on(conn: &mut Conn, ctx: &Ctx, name: &str) -> QueryResult<i64> {
    let first = (counters::tenant_id.eq(ctx.tenant), counters::name.eq(name), counters::value.eq(1_i64));
    diesel::insert_into(counters::table)
        .values(first)
        .on_conflict((counters::tenant_id, counters::name))
        .do_update()
        .set(counters::value.eq(counters::value + 1))
        .returning(counters::value)
        .get_result(conn)
}

/// Whether there is a queue of this id.
pub fn is_queue(conn: &mut Conn, ctx: &Ctx, id: UserId) -> QueryResult<bool> {
    let queue = users::table
        .filter(users::tenant_id.eq(ctx.tenant))
        .filter(users::id.eq(id))
        .filter(users::kind.eq("queue"))
        .filter(users::deleted_at.is_null());
    diesel::select(exists(queue)).get_result(conn)
}

/// What the tenant is called, and the language it is written to in.
pub fn letterhead(conn: &mut Conn, tenant: TenantId) -> QueryResult<(String, String)> {
    tenants::table.find(tenant).select((tenants::name, tenants::locale)).first(conn)
}

/// What somebody is called.
pub fn name_of(conn: &mut Conn, tenant: TenantId, id: UserId) -> QueryResult<Option<String>> {
    users::table.find((tenant, id)).select(users::display_name).first(conn).optional()
}
