//! The queries of secrets, of an endpoint that was asked for.
use super::PLACE;
use crate::schema::webhook_secrets;
use crate::vault::{Plain, Sealed};
use crate::{Conn, Vault};
use chrono::{DateTime, Utc};
use diesel::prelude::*;
use diesel::result::QueryResult;
use kernel::{Ctx, Result, TenantId, WebhookEndpointId, WebhookSecretId};

/// So many sign at once.
const LIVE: i64 = 2;

pub(super) fn insert(conn: &mut Conn, ctx: &Ctx, vault: &Vault, endpoint: WebhookEndpointId, key: &[u8]) -> Result<()> {
    let id = WebhookSecretId::new();
    let row = (
        webhook_secrets::tenant_id.eq(ctx.tenant),
        webhook_secrets::id.eq(id),
        webhook_secrets::endpoint_id.eq(endpoint),
        webhook_secrets::sealed.eq(vault.seal(conn, ctx.tenant, &PLACE, id, key)?),
        webhook_secrets::created_at.eq(ctx.now),
    );
    diesel::insert_into(webhook_secrets::table).values(row).execute(conn)?;
    Ok(())
}

/// The current secret signs until `until`; those that took their leave before it, no more.
pub fn retire(conn: &mut Conn, ctx: &Ctx, endpoint: WebhookEndpointId, until: DateTime<Utc>) -> QueryResult<()> {
    let of = webhook_secrets::table
        .filter(webhook_secrets::tenant_id.eq(ctx.tenant))
        .filter(webhook_secrets::endpoint_id.eq(endpoint));
    diesel::delete(of.filter(webhook_secrets::expires_at.is_not_null())).execute(conn)?;
    diesel::update(of).set(webhook_secrets::expires_at.eq(until)).execute(conn)?;
    Ok(())
}

/// Those that sign now, the newest first. In a transaction: their rows are held, so that no key goes meanwhile.
pub fn current(
    conn: &mut Conn,
    vault: &Vault,
    tenant: TenantId,
    endpoint: WebhookEndpointId,
    now: DateTime<Utc>,
) -> Result<Vec<Plain>> {
    let kept: Vec<(WebhookSecretId, Sealed)> = webhook_secrets::table
        .filter(webhook_secrets::tenant_id.eq(tenant))
        .filter(webhook_secrets::endpoint_id.eq(endpoint))
        .filter(webhook_secrets::expires_at.is_null().or(webhook_secrets::expires_at.gt(now)))
        .order(webhook_secrets::id.desc())
        .limit(LIVE)
        .for_share()
        .select((webhook_secrets::id, webhook_secrets::sealed))
        .load(conn)?;
    kept.into_iter().map(|(id, sealed)| vault.open(conn, tenant, &PLACE, id, &sealed)).collect()
}
