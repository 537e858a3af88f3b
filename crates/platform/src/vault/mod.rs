//! The vault: what is sensitive stands sealed in the database, and whoever has the database alone has nothing of it.
//!
//! Each column that is sealed is a [`Place`]. A tenant has a key of its own for each place, kept in `data_keys` and
//! wrapped by a master key, which never comes into the database ([`master`]). A sealed value is bound to tenant, table,
//! column, row and key, and opens nowhere else. Where equality is asked for, a fingerprint stands beside it (HMAC by a
//! key of its own).
//!
//! - A value is sealed in the transaction that writes it: its key stays until that ends.
//! - A value is opened in a transaction that has locked its row, or its key may be gone by the time it is looked for.
//! - Without its master key a value is not opened and nothing is sealed in its place; the rest of the house goes on.
mod cover;
mod key;
mod listed;
mod master;
mod place;
mod rotate;
mod rows;
mod sealed;
mod store;

pub use listed::Listed;
pub use master::{Given as Masters, Source};
pub use place::Place;
pub use rotate::{Go, Progress, ROTATION};
pub use sealed::{Fingerprint, Given, Plain, Sealed};

use crate::Conn;
use kernel::{Code, DataKeyId, Error, Kind, Result, TenantId, clock};
use key::Key;
use moka::sync::Cache;
use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, PoisonError};
use store::DataKey;
use uuid::Uuid;

pub const LOCKED: Code = Code::new(
    "vault_locked",
    Kind::Busy,
    "The key that this is sealed by is not here: whoever runs the server has to bring its master key back.",
);
pub const BROKEN: Code = Code::new(
    "sealed_value_broken",
    Kind::Internal,
    "The sealed value does not belong where it stands, or is damaged.",
);
pub const CODES: &[Code] = &[LOCKED, BROKEN];

/// The tenant whose keys are the server's own.
pub const SERVER: TenantId = TenantId(Uuid::nil());
const ROOM: u64 = 10_000;

/// Seals and opens. One a program, shared by all threads.
#[derive(Clone)]
pub struct Vault {
    inner: Arc<Inner>,
}

struct Inner {
    masters: master::Masters,
    keys: Cache<(TenantId, DataKeyId), Arc<Key>>,
    makeshift: Mutex<BTreeMap<&'static str, (Uuid, Vec<u8>)>>,
}

/// A key of values that is at hand.
struct Held {
    id: DataKeyId,
    key: Arc<Key>,
}

impl Vault {
    /// With the master keys of the source; the first start makes one.
    pub fn ready(conn: &mut Conn, source: &Source) -> Result<Self> {
        Self::of(source, store::is_empty(conn)?)
    }

    /// With the master keys that are there; none is made.
    pub fn as_found(source: &Source) -> Result<Self> {
        Self::of(source, false)
    }

    fn of(source: &Source, is_first: bool) -> Result<Self> {
        let masters = master::Masters::open(source, is_first)?;
        let inner = Inner { masters, keys: Cache::new(ROOM), makeshift: Mutex::default() };
        Ok(Self { inner: Arc::new(inner) })
    }

    /// Seals a value for this row.
    pub fn seal(
        &self,
        conn: &mut Conn,
        tenant: TenantId,
        place: &Place,
        row: impl Into<Uuid>,
        plain: &[u8],
    ) -> Result<Sealed> {
        let held = self.current(conn, tenant, &place.purpose())?;
        sealed_by(&held, tenant, place, row.into(), plain)
    }

    /// Opens what was sealed for this row.
    pub fn open(
        &self,
        conn: &mut Conn,
        tenant: TenantId,
        place: &Place,
        row: impl Into<Uuid>,
        sealed: &Sealed,
    ) -> Result<Plain> {
        let row = row.into();
        let broken = || Error::from(BROKEN).source(format!("{} of {row}", place.purpose()));
        let (id, inside) = sealed.parts().ok_or_else(broken)?;
        let key = match self.inner.keys.get(&(tenant, id)) {
            Some(key) => key,
            None => self.unwrapped(&store::find(conn, tenant, id)?.ok_or_else(broken)?)?,
        };
        key.open(inside, &place.about(tenant, row, id)).map(Plain::new).ok_or_else(broken)
    }

    /// What values of this sort that are equal to this one have in common from now on.
    pub fn fingerprint(
        &self,
        conn: &mut Conn,
        tenant: TenantId,
        place: &Place,
        sort: &str,
        value: &str,
    ) -> Result<Fingerprint> {
        let held = self.current(conn, tenant, &place.index_purpose().unwrap_or_default())?;
        Ok(print_by(&held, sort, value))
    }

    /// All that equal values may have in common while keys are being replaced, the newest first.
    pub fn fingerprints(
        &self,
        conn: &mut Conn,
        tenant: TenantId,
        place: &Place,
        sort: &str,
        value: &str,
    ) -> Result<Vec<Fingerprint>> {
        let mut prints = Vec::new();
        for wrapped in store::of_purpose(conn, tenant, &place.index_purpose().unwrap_or_default())? {
            match self.unwrapped(&wrapped) {
                Ok(key) => prints.push(print_by(&Held { id: wrapped.id, key }, sort, value)),
                // given up with its master key: what it stands beside cannot be opened either
                Err(error) if error.code == LOCKED && wrapped.retired_at.is_some() => {}
                Err(error) => return Err(error),
            }
        }
        Ok(prints)
    }

    /// The master keys that something needs and that are not here, or are not what they were.
    pub fn missing(&self, conn: &mut Conn) -> Result<Vec<String>> {
        let lost = store::samples(conn)?.into_iter().filter(|sample| self.opened(sample).is_none());
        Ok(lost.map(|sample| sample.master).collect())
    }

    /// What stands in for a secret of the server's own while the vault is locked: the same until the process ends.
    pub(crate) fn makeshift(&self, name: &'static str, fresh: impl FnOnce() -> Vec<u8>) -> (Uuid, Vec<u8>) {
        let mut all = self.inner.makeshift.lock().unwrap_or_else(PoisonError::into_inner);
        all.entry(name).or_insert_with(|| (DataKeyId::new().0, fresh())).clone()
    }

    /// The key that seals now; where there is none, it is made.
    fn current(&self, conn: &mut Conn, tenant: TenantId, purpose: &str) -> Result<Held> {
        let wrapped = match store::current(conn, tenant, purpose)? {
            Some(wrapped) => wrapped,
            None => {
                let fresh = self.fresh(tenant, purpose)?;
                store::insert(conn, &fresh)?;
                // somebody else may have been quicker
                store::current(conn, tenant, purpose)?.ok_or_else(|| Error::internal("a key is gone at once"))?
            }
        };
        Ok(Held { id: wrapped.id, key: self.unwrapped(&wrapped)? })
    }

    fn fresh(&self, tenant_id: TenantId, purpose: &str) -> Result<DataKey> {
        let wrapped = DataKey {
            tenant_id,
            id: DataKeyId::new(),
            purpose: purpose.to_owned(),
            master: String::new(),
            wrapped: Vec::new(),
            created_at: clock::now(),
            retired_at: None,
        };
        self.wrap(wrapped, &Key::fresh())
    }

    /// Wraps a key by the newest master key.
    fn wrap(&self, into: DataKey, key: &Key) -> Result<DataKey> {
        let wrapped = self.inner.masters.newest(|id, master| {
            let wrapped = master.seal(key.bytes(), &about(&into))?;
            Ok(DataKey { master: id.to_owned(), wrapped, ..into })
        });
        wrapped.unwrap_or_else(|| Err(LOCKED.into()))
    }

    fn unwrapped(&self, wrapped: &DataKey) -> Result<Arc<Key>> {
        let place = (wrapped.tenant_id, wrapped.id);
        if let Some(key) = self.inner.keys.get(&place) {
            return Ok(key);
        }
        let key = self.opened(wrapped);
        let key = key.ok_or_else(|| Error::from(LOCKED).source(format!("master key {}", wrapped.master)))?;
        let key = Arc::new(key);
        self.inner.keys.insert(place, Arc::clone(&key));
        Ok(key)
    }

    fn opened(&self, wrapped: &DataKey) -> Option<Key> {
        let opened =
            self.inner.masters.called(&wrapped.master, |master| master.open(&wrapped.wrapped, &about(wrapped)));
        Key::of(&opened.flatten()?)
    }
}

/// What a wrapped key is bound to.
fn about(key: &DataKey) -> String {
    format!("guanxi key|{}|{}|{}", key.tenant_id, key.purpose, key.id)
}

fn sealed_by(held: &Held, tenant: TenantId, place: &Place, row: Uuid, plain: &[u8]) -> Result<Sealed> {
    Ok(Sealed::new(held.id, &held.key.seal(plain, &place.about(tenant, row, held.id))?))
}

fn print_by(held: &Held, sort: &str, value: &str) -> Fingerprint {
    Fingerprint::new(held.id, &held.key.print(&format!("{sort}|{value}")))
}
