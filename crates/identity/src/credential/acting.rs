//! Work that goes on when its creator is no longer at the door: what they may do is asked anew when it begins.
use super::{Identity, gather};
use crate::schema::{roles, tenants, user_roles, users};
use chrono::{DateTime, Utc};
use diesel::prelude::*;
use kernel::{Actor, ApiKeyId, Ctx, Error, Origin, Region, RequestId, Result, TenantId, UserId, error, text};
use std::sync::Arc;

impl Identity {
    /// The active user, as if they asked now; `key` is the one they asked through at first.
    pub async fn acting(
        &self,
        tenant: TenantId,
        user: UserId,
        key: Option<ApiKeyId>,
        now: DateTime<Utc>,
    ) -> Result<Ctx> {
        let (objects, own) = (self.objects(), self.own.of(tenant));
        let grants = self.db.unpermitted(move |conn| {
            let active = users::table
                .inner_join(tenants::table.on(tenants::tenant_id.eq(users::tenant_id)))
                .filter(users::tenant_id.eq(tenant))
                .filter(users::id.eq(user))
                .filter(users::is_active)
                .filter(users::deleted_at.is_null())
                .select(tenants::phone_region);
            let Some(region) = active.first::<Option<String>>(conn).optional()? else { return Ok(None) };
            let grants = gather(conn, tenant, user, objects, own)?;
            Ok(Some(grants.dialling_in(region.as_deref().and_then(Region::of))))
        });
        let grants = grants.await?.ok_or(error::UNAUTHENTICATED)?;
        let (request, origin) = (RequestId::new(), Origin::default());
        Ok(Ctx { tenant, actor: Actor { user, key }, grants: Arc::new(grants), request, origin, now })
    }

    /// In whose name a command works: the first active owner of the tenant, of the oldest where none is named.
    pub async fn owner(&self, tenant: Option<TenantId>) -> Result<(TenantId, UserId)> {
        let found = self.db.unpermitted(move |conn| {
            let tenant = match tenant {
                Some(tenant) => Some(tenant),
                None => {
                    let oldest = tenants::table.order((tenants::created_at, tenants::tenant_id));
                    oldest.select(tenants::tenant_id).first(conn).optional()?
                }
            };
            let Some(tenant) = tenant else { return Ok(None) };
            let owners = user_roles::table
                .inner_join(roles::table.on(roles::id.eq(user_roles::role_id).and(roles::tenant_id.eq(tenant))))
                .filter(user_roles::tenant_id.eq(tenant))
                .filter(roles::builtin.eq("owner"))
                .select(user_roles::user_id);
            let active = users::table
                .filter(users::tenant_id.eq(tenant))
                .filter(users::is_active)
                .filter(users::deleted_at.is_null())
                .filter(users::id.eq_any(owners));
            let owner: Option<UserId> = active.order(users::id).select(users::id).first(conn).optional()?;
            Ok(owner.map(|owner| (tenant, owner)))
        });
        let missing =
            || Error::from(error::NOT_FOUND).detail(text!("there is no such tenant, or it has no active owner"));
        found.await?.ok_or_else(missing)
    }
}
