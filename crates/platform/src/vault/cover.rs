//! What stood in the open before there was a vault is sealed where it stands.
use super::{Held, Place, SERVER, Vault, rows, sealed_by};
use crate::Conn;
use diesel::Connection;
use kernel::{Result, TenantId};
use std::collections::BTreeMap;
use uuid::Uuid;

const CHUNK: i64 = 500;

impl Vault {
    /// Seals what stood in the open before there was a vault; how many values.
    pub fn cover(&self, conn: &mut Conn, places: &[&Place]) -> Result<u64> {
        let mut count = 0;
        for (place, bare) in places.iter().filter_map(|place| Some((*place, place.bare?))) {
            let mut after = (SERVER, Uuid::nil());
            while let Some((last, some)) = conn.transaction(|conn| self.cover_some(conn, place, bare, after))? {
                after = last;
                count += some;
            }
        }
        Ok(count)
    }

    fn cover_some(
        &self,
        conn: &mut Conn,
        place: &Place,
        bare: &str,
        after: (TenantId, Uuid),
    ) -> Result<Option<((TenantId, Uuid), u64)>> {
        let found = rows::bare(conn, place, bare, after, CHUNK)?;
        let mut keys: BTreeMap<TenantId, Held> = BTreeMap::new();
        let (mut places, mut sealed) = (Vec::new(), Vec::new());
        for one in &found {
            let held = match keys.remove(&one.tenant) {
                Some(held) => held,
                None => self.current(conn, one.tenant, &place.purpose())?,
            };
            sealed.push(sealed_by(&held, one.tenant, place, one.id, &one.bare)?);
            places.push((one.tenant, one.id));
            keys.insert(one.tenant, held);
        }
        let Some(last) = places.last().copied() else { return Ok(None) };
        let count = rows::cover(conn, place, bare, &places, &sealed)?;
        Ok(Some((last, u64::try_from(count).unwrap_or_default())))
    }
}
