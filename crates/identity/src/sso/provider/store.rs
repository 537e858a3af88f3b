//! The queries of a provider. `scope` is the way of those who set it up; the rest is for whoever proves who they are.
use super::{ButtonsOf, ClientSecret, NewSsoProvider, SECRET, SsoButton, SsoProvider, SsoProviderPatch};
use crate::schema::{sso_provider_secrets, sso_providers};
use diesel::dsl::{AsExprOf, auto_type};
use diesel::prelude::*;
use diesel::result::QueryResult;
use diesel::sql_types::Bool;
use kernel::event::Verb;
use kernel::{Action, Ctx, Cut, Error, Page, Reach, Result, SsoProviderId, TenantId, UserId};
use platform::vault::Sealed;
use platform::{Conn, Record, Vault};

/// No tenant has more of them.
pub(super) const MOST: i64 = 50;

#[auto_type]
fn scope(ctx: &Ctx, action: Action) -> _ {
    let tenant: TenantId = ctx.tenant;
    let open: AsExprOf<bool, Bool> =
        (ctx.reach::<SsoProvider>(Action::Read).min(ctx.reach::<SsoProvider>(action)) > Reach::None).into_sql::<Bool>();
    sso_providers::table.filter(sso_providers::tenant_id.eq(tenant)).filter(open)
}

pub fn find(conn: &mut Conn, ctx: &Ctx, id: SsoProviderId) -> Result<SsoProvider> {
    Ok(scope(ctx, Action::Read).filter(sso_providers::id.eq(id)).select(SsoProvider::as_select()).first(conn)?)
}

/// All of the tenant, the newest first.
pub fn list(conn: &mut Conn, ctx: &Ctx) -> Result<Page<SsoProvider>> {
    let all = scope(ctx, Action::Read).order(sso_providers::id.desc()).limit(MOST);
    Ok(Page { data: all.select(SsoProvider::as_select()).load(conn)?, page: Cut::default() })
}

pub(super) fn insert(conn: &mut Conn, ctx: &Ctx, new: &NewSsoProvider) -> QueryResult<SsoProvider> {
    // made here and not by the client: an open door finds a provider by its id alone
    let given = (
        sso_providers::tenant_id.eq(ctx.tenant),
        sso_providers::id.eq(SsoProviderId::new()),
        sso_providers::created_at.eq(ctx.now),
        sso_providers::updated_at.eq(ctx.now),
        sso_providers::created_by.eq(ctx.actor.user),
        sso_providers::updated_by.eq(ctx.actor.user),
    );
    diesel::insert_into(sso_providers::table)
        .values((given, new))
        .returning(SsoProvider::as_returning())
        .recorded::<SsoProvider>(ctx, Verb::Created)
        .get_result(conn)
}

/// Nothing comes back where it may not be changed, or is no longer at version `base`.
pub(super) fn update(
    conn: &mut Conn,
    ctx: &Ctx,
    id: SsoProviderId,
    base: Option<i32>,
    patch: &SsoProviderPatch,
) -> QueryResult<Option<SsoProvider>> {
    let (oldest, newest) = base.map_or((i32::MIN, i32::MAX), |version| (version, version));
    let target = scope(ctx, Action::Update)
        .filter(sso_providers::id.eq(id))
        .filter(sso_providers::version.between(oldest, newest));
    diesel::update(target)
        .set((patch, moved(ctx)))
        .returning(SsoProvider::as_returning())
        .recorded::<SsoProvider>(ctx, Verb::Updated)
        .get_result(conn)
        .optional()
}

#[auto_type]
fn moved(ctx: &Ctx) -> _ {
    let now: chrono::DateTime<chrono::Utc> = ctx.now;
    let user: UserId = ctx.actor.user;
    (
        sso_providers::version.eq(sso_providers::version + 1_i32),
        sso_providers::updated_at.eq(now),
        sso_providers::updated_by.eq(user),
    )
}

pub(super) fn delete(conn: &mut Conn, ctx: &Ctx, id: SsoProviderId) -> QueryResult<Option<SsoProvider>> {
    diesel::delete(scope(ctx, Action::Delete).filter(sso_providers::id.eq(id)))
        .returning(SsoProvider::as_returning())
        .recorded::<SsoProvider>(ctx, Verb::Purged)
        .get_result(conn)
        .optional()
}

/// Keeps the secret of a provider; takes it away where there is none.
pub(super) fn keep_secret(
    conn: &mut Conn,
    ctx: &Ctx,
    vault: &Vault,
    id: SsoProviderId,
    secret: Option<&ClientSecret>,
) -> Result<()> {
    diesel::delete(sso_provider_secrets::table.find((ctx.tenant, id))).execute(conn)?;
    if let Some(secret) = secret {
        let row = (
            sso_provider_secrets::tenant_id.eq(ctx.tenant),
            sso_provider_secrets::provider_id.eq(id),
            sso_provider_secrets::sealed.eq(vault.seal(conn, ctx.tenant, &SECRET, id, secret.reveal().as_bytes())?),
        );
        diesel::insert_into(sso_provider_secrets::table).values(row).execute(conn)?;
    }
    Ok(())
}

/// The secret of a provider, on its way there. In a transaction: its row is held, so that no key goes meanwhile.
pub(crate) fn secret(
    conn: &mut Conn,
    vault: &Vault,
    tenant: TenantId,
    id: SsoProviderId,
) -> Result<Option<ClientSecret>> {
    let kept = sso_provider_secrets::table.find((tenant, id)).select(sso_provider_secrets::sealed).for_update();
    let Some(sealed): Option<Sealed> = kept.first(conn).optional()? else { return Ok(None) };
    let plain = vault.open(conn, tenant, &SECRET, id, &sealed)?;
    let text = String::from_utf8(plain.expose().to_vec()).map_err(Error::internal)?;
    Ok(Some(ClientSecret::of(text)))
}

/// One that lets people in, of whatever tenant: whoever is at the door names nothing but its id.
pub(crate) fn open(conn: &mut Conn, id: SsoProviderId) -> QueryResult<Option<(TenantId, SsoProvider)>> {
    sso_providers::table
        .filter(sso_providers::id.eq(id))
        .filter(sso_providers::is_active)
        .select((sso_providers::tenant_id, SsoProvider::as_select()))
        .first(conn)
        .optional()
}

/// One of the tenant that lets people in.
pub(crate) fn open_in(conn: &mut Conn, tenant: TenantId, id: SsoProviderId) -> QueryResult<Option<SsoProvider>> {
    sso_providers::table
        .find((tenant, id))
        .filter(sso_providers::is_active)
        .select(SsoProvider::as_select())
        .first(conn)
        .optional()
}

/// Those that let people in at a login page. Nobody's address is looked for.
pub(crate) fn buttons(conn: &mut Conn, of: &ButtonsOf) -> QueryResult<Vec<SsoButton>> {
    let active = sso_providers::table.filter(sso_providers::is_active).order(sso_providers::id).limit(MOST);
    let drawn = (sso_providers::id, sso_providers::tenant_id, sso_providers::name);
    match of {
        ButtonsOf::Tenant(tenant) => active.filter(sso_providers::tenant_id.eq(*tenant)).select(drawn).load(conn),
        ButtonsOf::Domain(domain) => {
            active.filter(sso_providers::domains.contains(vec![domain])).select(drawn).load(conn)
        }
    }
}
