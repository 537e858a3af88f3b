//! What this server knows of each tenant's fields: one place a tenant, read anew with whoever's rights are asked for (so
//! it is some seconds old at most), and before anything is written where there are such fields.
use super::store;
use crate::{Conn, Db};
use kernel::custom::{Fields, Known};
use kernel::{Result, TenantId};
use moka::sync::Cache;
use std::sync::Arc;

const ROOM: u64 = 10_000;

/// What is known of all tenants of one database.
#[derive(Clone, Debug)]
pub struct Registry(Cache<TenantId, Known>);

impl Default for Registry {
    fn default() -> Self {
        Self(Cache::new(ROOM))
    }
}

impl Registry {
    /// What is known of a tenant's fields, with nothing asked.
    pub fn of(&self, tenant: TenantId) -> Known {
        self.0.get_with(tenant, Known::default)
    }
}

/// Learns what has changed: one look at the versions, and no more where they are known.
pub fn refresh(conn: &mut Conn, tenant: TenantId, known: &Known) -> Result<()> {
    let versions = store::versions(conn, tenant)?;
    let now = known.now();
    let same = now.0.len() == versions.len() && versions.iter().all(|(noun, version)| now.version(noun) == *version);
    if !same {
        known.learn(Arc::new(Fields(store::fields(conn, tenant, versions)?)));
    }
    Ok(())
}

/// Before something is written; a tenant without such fields pays nothing, unless a write of theirs was refused.
pub async fn refreshed(db: &Db, tenant: TenantId, known: &Known) -> Result<()> {
    if known.now().0.is_empty() && !known.is_doubted() {
        return Ok(());
    }
    let known = known.clone();
    db.looked(move |conn| refresh(conn, tenant, &known)).await
}
