//! How often a login has failed of late, known to all nodes. After five failures from one address each further attempt
//! has to wait, longer and longer. Whether the user exists makes no difference.
//!
//! Failures are counted for the address and the account together, and more patiently for the account alone, whatever the
//! address: that slows guessing from many places. It must not lock the user out, so whoever comes from where the user
//! has a living session is counted by the address alone. A login that is right writes nothing here unless there was
//! something to forgive.
mod store;

use super::TOO_MANY_LOGINS;
use crate::digest::{self, Digest};
use crate::patience::Patience;
use chrono::{DateTime, Duration, Utc};
use kernel::{Error, Result};
use platform::Db;
use std::collections::HashMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
pub(super) use store::clear;

/// After how long failures are forgotten, and how patient one is until then.
struct Memory {
    patience: Patience,
    hours: i64,
}

const OF_PAIR: Memory = Memory { patience: Patience { free: 5, doublings: 5 }, hours: 1 };
const OF_ACCOUNT: Memory = Memory { patience: Patience { free: 50, doublings: 3 }, hours: 24 };

/// How many are being tried on this node, by key.
type Running = Arc<Mutex<HashMap<Digest, i32>>>;

/// What has failed.
#[derive(Clone)]
pub struct Attempts {
    db: Db,
    running: Running,
}

/// One that is under way; whoever made it says how it went.
pub struct Attempt {
    db: Db,
    pair: Digest,
    account: Digest,
    /// failures of the pair before
    before: i32,
    _place: Place,
}

/// A place among those that are tried at once, given back when dropped.
struct Place {
    key: Digest,
    running: Running,
}

/// What is known of the failures of a key.
#[derive(Clone, Copy, Debug, Default)]
struct Failures {
    count: i32,
    last: i64,
}

impl Attempts {
    pub fn new(db: Db) -> Self {
        Self { db, running: Arc::default() }
    }

    /// Refused while it has to wait. Of many at once no more are let through than there are failures left.
    pub async fn begin(&self, email: &str, address: &str, now: DateTime<Utc>) -> Result<Attempt> {
        let (pair, account) = (digest::of(format!("{email}\0{address}")), digest::of(email));
        let (place, taken) = Place::take(&self.running, pair);
        let (email, address) = (email.to_owned(), address.to_owned());
        let known = self.db.unpermitted(move |conn| {
            let [of_pair, of_account] = store::of(conn, [&pair, &account], now)?;
            let waits = of_account.wait(&OF_ACCOUNT, now) > 0;
            let exempt = waits && store::is_familiar(conn, &email, &address, now)?;
            Ok((of_pair, if exempt { Failures::default() } else { of_account }))
        });
        let (of_pair, of_account) = known.await?;
        let crowded = i64::from(taken > (OF_PAIR.patience.free - of_pair.count).max(1));
        match of_pair.wait(&OF_PAIR, now).max(of_account.wait(&OF_ACCOUNT, now)).max(crowded) {
            0 => Ok(Attempt { db: self.db.clone(), pair, account, before: of_pair.count, _place: place }),
            seconds => Err(Error::from(TOO_MANY_LOGINS).member("retry_after", seconds)),
        }
    }
}

impl Attempt {
    /// It was wrong.
    pub async fn failed(self, now: DateTime<Utc>) -> Result<()> {
        let until = |memory: &Memory| now + Duration::hours(memory.hours);
        let keys = [(self.pair, until(&OF_PAIR)), (self.account, until(&OF_ACCOUNT))];
        self.db.unpermitted(move |conn| Ok(store::count(conn, &keys, now)?)).await?;
        Ok(())
    }

    /// It was right: the failures from this address are forgotten. Those of the account are not, for others made them.
    pub async fn right(self) -> Result<()> {
        let pair = self.pair;
        if self.before > 0 {
            self.db.unpermitted(move |conn| Ok(store::forget(conn, &pair)?)).await?;
        }
        Ok(())
    }
}

impl Failures {
    /// Seconds until the next may be tried.
    fn wait(self, memory: &Memory, now: DateTime<Utc>) -> i64 {
        memory.patience.wait(self.count, self.last, now)
    }
}

impl Place {
    /// A place, and how many with this key are taken now.
    fn take(running: &Running, key: Digest) -> (Self, i32) {
        let taken = {
            let mut running = lock(running);
            let taken = running.entry(key).or_default();
            *taken += 1;
            *taken
        };
        (Self { key, running: Arc::clone(running) }, taken)
    }
}

impl Drop for Place {
    fn drop(&mut self) {
        let mut running = lock(&self.running);
        if let Some(taken) = running.get_mut(&self.key) {
            *taken -= 1;
            if *taken == 0 {
                running.remove(&self.key);
            }
        }
    }
}

fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_sixth_attempt_waits_and_each_further_one_longer() {
        let at = |second: i64| DateTime::from_timestamp(second, 0).unwrap_or_default();
        let wait = |count: i32, memory: &Memory| Failures { count, last: 1_000 }.wait(memory, at(1_000));
        assert_eq!([0, 4, 5, 6, 7, 10, 99].map(|count| wait(count, &OF_PAIR)), [0, 0, 30, 60, 120, 960, 960]);
        assert_eq!([49, 50, 53, 999].map(|count| wait(count, &OF_ACCOUNT)), [0, 30, 240, 240]);
        assert_eq!(Failures { count: 5, last: 1_000 }.wait(&OF_PAIR, at(1_030)), 0);
    }
}
