//! The queries of those who are written to.
use crate::schema::{roles, tenants, user_roles, users};
use diesel::prelude::*;
use diesel::result::QueryResult;
use kernel::{TenantId, UserId};
use platform::Conn;

pub fn owners(conn: &mut Conn, tenant: TenantId) -> QueryResult<Vec<UserId>> {
    let owners = user_roles::table
        .inner_join(roles::table.on(roles::id.eq(user_roles::role_id).and(roles::tenant_id.eq(tenant))))
        .filter(user_roles::tenant_id.eq(tenant))
        .filter(roles::builtin.eq("owner"))
        .select(user_roles::user_id);
    users::table
        .filter(users::tenant_id.eq(tenant))
        .filter(users::is_active)
        .filter(users::deleted_at.is_null())
        .filter(users::id.eq_any(owners))
        .order(users::id)
        .select(users::id)
        .load(conn)
}

pub fn house(conn: &mut Conn, tenant: TenantId) -> QueryResult<Option<String>> {
    tenants::table.find(tenant).select(tenants::name).first(conn).optional()
}
