//! What may be done with a tenant.
use super::{Tenant, TenantPatch, store};
use kernel::{Ctx, Result};
use platform::Conn;
use platform::deed::untouched;

/// With a `base`, only if the tenant is still at that version.
pub fn update(conn: &mut Conn, ctx: &Ctx, base: Option<i32>, patch: &TenantPatch) -> Result<Tenant> {
    match store::update(conn, ctx, base, patch)? {
        Some(tenant) => Ok(tenant),
        None => Err(untouched(conn, ctx, |conn, ctx, _| store::own(conn, ctx), ctx.tenant, base)),
    }
}
