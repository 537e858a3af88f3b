//! The keys as they are told of.
use super::rotate::both;
use super::{DataKey, Place, Vault, rows, store};
use crate::Conn;
use chrono::{DateTime, Utc};
use kernel::{DataKeyId, Result, TenantId};
use std::collections::BTreeMap;

/// A key as it is told of.
#[derive(Debug)]
pub struct Listed {
    pub tenant: TenantId,
    pub id: DataKeyId,
    pub purpose: String,
    pub master: String,
    pub created_at: DateTime<Utc>,
    pub retired_at: Option<DateTime<Utc>>,
    /// how many values need it
    pub values: i64,
    /// whether its master key is here
    pub opens: bool,
}

impl Vault {
    /// Every key, and how many values need it.
    pub fn list(&self, conn: &mut Conn, places: &[&Place]) -> Result<Vec<Listed>> {
        let mut counts: BTreeMap<(TenantId, DataKeyId), i64> = BTreeMap::new();
        for (place, by_index) in both(places) {
            let all = rows::counts(conn, place, by_index)?;
            counts.extend(all.into_iter().map(|(tenant, key, count)| ((tenant, key), count)));
        }
        let listed = |key: DataKey| Listed {
            opens: self.opened(&key).is_some(),
            values: counts.get(&(key.tenant_id, key.id)).copied().unwrap_or_default(),
            tenant: key.tenant_id,
            id: key.id,
            purpose: key.purpose,
            master: key.master,
            created_at: key.created_at,
            retired_at: key.retired_at,
        };
        Ok(store::all(conn)?.into_iter().map(listed).collect())
    }
}
