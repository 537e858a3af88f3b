//! How keys are replaced while everybody works on.
//!
//! A new key takes the place of the old one at once; what the old one has sealed is sealed anew in chunks, each a
//! transaction with the progress of its job, so that whatever stops it, it goes on. Rows are locked while they are
//! rewritten, and those that somebody holds are left for the next round: no write is lost. A key goes when nothing needs
//! it, which the database itself holds to.
use super::{DataKey, LOCKED, Place, SERVER, Vault, print_by, rows, sealed_by, store};
use crate::job::{self, Held as Job};
use crate::{Conn, crash};
use chrono::{DateTime, Utc};
use diesel::Connection;
use kernel::{DataKeyId, Error, Result, TenantId, error, text};
use serde::Serialize;
use uuid::Uuid;

/// The kind of job that seals a tenant's values anew.
pub const ROTATION: &str = "key_rotation";
const CHUNK: i64 = 500;
/// Rows that were held, and values that were being written by the old key, are met in a later round.
const ROUNDS: usize = 5;

/// How far a rotation is.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Progress {
    /// values that were sealed anew
    pub values: u64,
    /// values whose key is lost: they stay as they are
    pub unreadable: u64,
    /// keys that are gone
    pub keys: u64,
}

/// Whether a rotation goes on.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Go {
    On,
    /// somebody else may go on with it
    Pause,
}

impl Vault {
    /// Whose keys there are; [`SERVER`] among them.
    pub fn tenants(&self, conn: &mut Conn) -> Result<Vec<TenantId>> {
        Ok(store::tenants(conn)?)
    }

    /// New keys take the place of all of a tenant's, in a transaction; how many. What the old ones have sealed is sealed
    /// anew by [`Vault::reseal`].
    pub fn renew(&self, conn: &mut Conn, tenant: TenantId, now: DateTime<Utc>) -> Result<usize> {
        let purposes = store::purposes(conn, tenant)?;
        for purpose in &purposes {
            let fresh = self.fresh(tenant, purpose)?;
            store::retire(conn, tenant, purpose, now)?;
            store::insert(conn, &fresh)?;
        }
        Ok(purposes.len())
    }

    /// Seals anew what needs a key of the tenant that another has taken the place of, and lets go of the key.
    pub fn reseal(
        &self,
        conn: &mut Conn,
        job: &Job,
        places: &[&Place],
        watch: &mut dyn FnMut(Progress) -> Go,
    ) -> Result<Progress> {
        let mut done = Progress::default();
        for round in 0..ROUNDS {
            let retired = store::retired(conn, job.tenant_id)?;
            let keys: Vec<DataKeyId> = retired.iter().map(|key| key.id).collect();
            let mut walk = Walk { vault: self, job, keys: &keys, waits: round > 0, done };
            walk.done.unreadable = 0;
            for (place, by_index) in both(places).filter(|(place, _)| place.is_servers == (job.tenant_id == SERVER)) {
                if walk.place(conn, place, by_index, watch)? == Go::Pause {
                    job::release(conn, job)?;
                    return Ok(walk.done);
                }
            }
            done = walk.done;
            crash::point("before_keys_go");
            let mut left = 0;
            for key in &retired {
                match self.let_go(conn, key, places)? {
                    true => done.keys += 1,
                    false => left += 1,
                }
            }
            if left == 0 || done.unreadable > 0 {
                return ended(conn, job, done);
            }
        }
        Err(Error::from(error::BUSY).detail(text!("values are still being written by the old keys")))
    }

    /// `false` where something needs it still. Whoever is sealing by it is waited for.
    fn let_go(&self, conn: &mut Conn, key: &DataKey, places: &[&Place]) -> Result<bool> {
        conn.transaction(|conn| {
            if !store::lock(conn, key.tenant_id, key.id)? {
                return Ok(true);
            }
            let mut its = both(places).filter(|(place, by_index)| purpose(place, *by_index) == key.purpose).peekable();
            if its.peek().is_none() {
                return Ok(false); // of a column that this program does not know
            }
            for (place, by_index) in its {
                if rows::needs(conn, place, by_index, key.tenant_id, key.id)? {
                    return Ok(false);
                }
            }
            store::remove(conn, key.tenant_id, key.id)?;
            Ok(true)
        })
    }

    /// Puts a new master key before those of the server's own file; `None` where somebody else keeps them.
    pub fn renew_master(&self) -> Result<Option<String>> {
        self.inner.masters.renew()
    }

    /// Wraps by the newest master key whatever another has wrapped: which it is, and how many keys that were.
    pub fn rewrap(&self, conn: &mut Conn) -> Result<(String, usize)> {
        let newest = self.inner.masters.newest(|id, _| id.to_owned()).ok_or(LOCKED)?;
        let mut count = 0;
        loop {
            let some = conn.transaction(|conn| {
                let old = store::wrapped_by_others(conn, &newest, CHUNK)?;
                for wrapped in &old {
                    let key = self.opened(wrapped);
                    let key = key.ok_or_else(|| {
                        Error::from(LOCKED).detail(text!("{master} is not here", master = wrapped.master))
                    })?;
                    store::rewrap(conn, &self.wrap(wrapped.clone(), &key)?)?;
                }
                crash::point("rewrapped");
                Ok::<_, Error>(old.len())
            })?;
            count += some;
            if some == 0 {
                return Ok((newest, count));
            }
        }
    }
}

/// One round over the values that need old keys.
struct Walk<'a> {
    vault: &'a Vault,
    job: &'a Job,
    keys: &'a [DataKeyId],
    waits: bool,
    done: Progress,
}

impl Walk<'_> {
    fn place(
        &mut self,
        conn: &mut Conn,
        place: &Place,
        by_index: bool,
        watch: &mut dyn FnMut(Progress) -> Go,
    ) -> Result<Go> {
        let mut after = Uuid::nil();
        while let Some((last, done)) = conn.transaction(|conn| self.chunk(conn, place, by_index, after))? {
            (after, self.done) = (last, done);
            if watch(done) == Go::Pause {
                return Ok(Go::Pause);
            }
        }
        Ok(Go::On)
    }

    /// The last row of the chunk, and how far it is with it.
    fn chunk(&self, conn: &mut Conn, place: &Place, by_index: bool, after: Uuid) -> Result<Option<(Uuid, Progress)>> {
        let (tenant, mut done) = (self.job.tenant_id, self.done);
        let ask = rows::Ask { tenant, by_index, keys: self.keys, after, waits: self.waits, limit: CHUNK };
        let found = rows::stale(conn, place, &ask)?;
        let Some(last) = found.last().map(|one| one.id) else { return Ok(None) };
        let seals = self.vault.current(conn, tenant, &place.purpose())?;
        let indexes = place.index_purpose().map(|purpose| self.vault.current(conn, tenant, &purpose)).transpose()?;
        let (mut rows, mut sealed, mut prints) = (Vec::new(), Vec::new(), Vec::new());
        for one in &found {
            let plain = match self.vault.open(conn, tenant, place, one.id, &one.sealed) {
                Ok(plain) => plain,
                Err(error) => {
                    tracing::warn!(%error, table = place.table, row = %one.id, "cannot be sealed anew");
                    done.unreadable += u64::from(!by_index);
                    continue;
                }
            };
            rows.push(one.id);
            sealed.push(sealed_by(&seals, tenant, place, one.id, plain.expose())?);
            prints.extend(indexes.as_ref().map(|held| print_by(held, &one.sort, plain.text())));
        }
        rows::replace(conn, place, tenant, &rows, &sealed, &prints)?;
        done.values += u64::try_from(rows.len()).unwrap_or_default();
        let told = serde_json::to_value(done).map_err(Error::internal)?;
        job::keep(conn, self.job, Some(&told))?;
        if self.done.values > 0 {
            crash::point("values_resealed");
        }
        Ok(Some((last, done)))
    }
}

fn ended(conn: &mut Conn, job: &Job, done: Progress) -> Result<Progress> {
    match done.unreadable {
        0 => job::end(conn, job, "succeeded", None)?,
        lost => {
            let why = format!("{lost} values cannot be opened: their master key is missing, or they were changed");
            job::end(conn, job, "partially_succeeded", Some(&why))?;
        }
    }
    Ok(done)
}

/// Each place by the key of its values, and by that of its fingerprints.
pub(super) fn both<'a>(places: &'a [&'a Place]) -> impl Iterator<Item = (&'a Place, bool)> {
    places.iter().flat_map(|place| [Some((*place, false)), place.index.map(|_| (*place, true))]).flatten()
}

fn purpose(place: &Place, by_index: bool) -> String {
    if by_index { place.index_purpose().unwrap_or_default() } else { place.purpose() }
}
