//! Whose the records are: a tenant, the owner in whose name they are written, and the users who share them out.
use super::schema::{roles, tenants, user_roles, users};
use diesel::prelude::*;
use kernel::TenantId;
use uuid::Uuid;

pub struct Owners {
    pub tenant: Uuid,
    /// the tenant's owner
    pub writer: Uuid,
    /// the active users, never none
    users: Vec<Uuid>,
}

impl Owners {
    /// Of the tenant with this id, or of the oldest.
    pub fn of(conn: &mut PgConnection, tenant: Option<TenantId>) -> Result<Self, Box<dyn std::error::Error>> {
        let found = match tenant {
            Some(id) => tenants::table.find(id.0).select(tenants::tenant_id).first(conn).optional()?,
            None => tenants::table
                .order((tenants::created_at, tenants::tenant_id))
                .select(tenants::tenant_id)
                .first(conn)
                .optional()?,
        };
        let tenant: Uuid = found.ok_or("there is no such tenant")?;
        let owner = user_roles::table
            .inner_join(
                roles::table.on(roles::tenant_id.eq(user_roles::tenant_id).and(roles::id.eq(user_roles::role_id))),
            )
            .filter(user_roles::tenant_id.eq(tenant))
            .filter(roles::builtin.eq("owner"))
            .select(user_roles::user_id);
        let active = users::table
            .filter(users::tenant_id.eq(tenant))
            .filter(users::is_active)
            .filter(users::deleted_at.is_null())
            .order(users::id)
            .select(users::id);
        let writer = active.filter(users::id.eq_any(owner)).first(conn).optional()?;
        Ok(Self { tenant, writer: writer.ok_or("the tenant has no active owner")?, users: active.load(conn)? })
    }

    /// Who looks after an account and all that belongs to it, or after a person without one: by id, so that each of
    /// its records comes to the same user.
    pub fn of_account(&self, id: Uuid) -> Uuid {
        let count = u64::try_from(self.users.len()).unwrap_or(1);
        let (_, drawn) = id.as_u64_pair();
        let at = drawn.checked_rem(count).and_then(|at| usize::try_from(at).ok()).unwrap_or_default();
        self.users.get(at).copied().unwrap_or(self.writer)
    }
}
