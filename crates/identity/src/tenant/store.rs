//! The queries of a tenant: a caller reaches its own.
use super::{Tenant, TenantPatch};
use crate::found::NewTenant;
use crate::schema::tenants;
use diesel::dsl::auto_type;
use diesel::prelude::*;
use diesel::result::QueryResult;
use diesel::sql_types::Bool;
use kernel::event::Verb;
use kernel::{Action, Ctx, Reach, Result, TenantId};
use platform::{Conn, Record};

#[auto_type]
fn scope(ctx: &Ctx, action: Action) -> _ {
    let tenant: TenantId = ctx.tenant;
    let open: bool = ctx.reach::<Tenant>(action) > Reach::None;
    tenants::table.filter(tenants::tenant_id.eq(tenant)).filter(open.into_sql::<Bool>())
}

/// The caller's tenant: everybody knows where they belong.
pub fn own(conn: &mut Conn, ctx: &Ctx) -> Result<Tenant> {
    Ok(tenants::table.find(ctx.tenant).select(Tenant::as_select()).first(conn)?)
}

/// Nothing comes back where it may not be changed, or is no longer at version `base`.
pub(super) fn update(
    conn: &mut Conn,
    ctx: &Ctx,
    base: Option<i32>,
    patch: &TenantPatch,
) -> QueryResult<Option<Tenant>> {
    let (oldest, newest) = base.map_or((i32::MIN, i32::MAX), |version| (version, version));
    let target = scope(ctx, Action::Update).filter(tenants::version.between(oldest, newest));
    let moved = (tenants::version.eq(tenants::version + 1), tenants::updated_at.eq(ctx.now));
    diesel::update(target)
        .set((patch, moved))
        .returning(Tenant::as_returning())
        .recorded::<Tenant>(ctx, Verb::Updated)
        .get_result(conn)
        .optional()
}

pub(crate) fn insert(conn: &mut Conn, ctx: &Ctx, new: &NewTenant) -> QueryResult<Tenant> {
    let row = (
        tenants::tenant_id.eq(ctx.tenant),
        tenants::name.eq(&new.name),
        tenants::locale.eq(&new.locale),
        tenants::time_zone.eq(&new.time_zone),
        tenants::base_currency.eq(&new.base_currency),
        tenants::created_at.eq(ctx.now),
        tenants::updated_at.eq(ctx.now),
    );
    diesel::insert_into(tenants::table)
        .values(row)
        .returning(Tenant::as_returning())
        .recorded::<Tenant>(ctx, Verb::Created)
        .get_result(conn)
}
