//! A quota that fills up again all the time (GCRA: a bucket is one number, the moment at which it will be full).
use moka::sync::Cache;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::{Duration, Instant};

/// Seconds in which an empty bucket fills up.
pub const WINDOW: u64 = 60;
const NANOS: u64 = WINDOW * 1_000_000_000;
/// Buckets that are remembered of a sort. Whoever asks often stays, whatever passes by once.
const ROOM: u64 = 100_000;

/// Buckets of one sort, each `quota` units a minute. All copies are the same.
#[derive(Clone, Debug)]
pub struct Buckets {
    pub quota: u64,
    all: Cache<u128, Arc<AtomicU64>>,
    start: Instant,
}

/// How a bucket stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Level {
    /// units that are left
    pub left: u64,
    /// seconds until it is full
    pub full_in: u64,
}

/// Not enough is left; there will be after so many seconds.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Empty {
    pub seconds: u64,
    pub level: Level,
}

impl Buckets {
    /// `quota` must not be 0.
    pub fn new(quota: u64) -> Self {
        let all = Cache::builder().max_capacity(ROOM).time_to_idle(Duration::from_secs(2 * WINDOW)).build();
        Self { quota: quota.max(1), all, start: now() }
    }

    /// Takes so many units, or none where there are too few. What costs more than all takes all.
    pub fn take(&self, of: u128, cost: u64) -> Result<Level, Empty> {
        self.take_at(of, cost, self.time())
    }

    /// Takes what there is, up to so many units: for what shows its cost only afterwards.
    pub fn charge(&self, of: u128, cost: u64) -> Level {
        let (now, bucket) = (self.time(), self.bucket(of));
        let price = self.price(cost);
        let spent = |full: u64| full.max(now).saturating_add(price).min(now + NANOS);
        let before = bucket.fetch_update(Ordering::Relaxed, Ordering::Relaxed, |full| Some(spent(full)));
        self.level(spent(before.unwrap_or_default()), now)
    }

    pub fn look(&self, of: u128) -> Level {
        let now = self.time();
        let full = self.all.get(&of).map_or(now, |bucket| bucket.load(Ordering::Relaxed));
        self.level(full, now)
    }

    fn take_at(&self, of: u128, cost: u64, now: u64) -> Result<Level, Empty> {
        let (bucket, price) = (self.bucket(of), self.price(cost));
        let spent = |full: u64| full.max(now).saturating_add(price);
        let fits = |full: u64| Some(spent(full)).filter(|spent| spent - now <= NANOS);
        match bucket.fetch_update(Ordering::Relaxed, Ordering::Relaxed, fits) {
            Ok(before) => Ok(self.level(spent(before), now)),
            Err(full) => {
                let over = spent(full) - now - NANOS;
                Err(Empty { seconds: over.div_ceil(1_000_000_000).max(1), level: self.level(full, now) })
            }
        }
    }

    fn bucket(&self, of: u128) -> Arc<AtomicU64> {
        match self.all.get(&of) {
            Some(bucket) => bucket,
            None => self.all.get_with(of, Arc::default),
        }
    }

    /// Of units, in time.
    fn price(&self, cost: u64) -> u64 {
        u64::try_from(u128::from(NANOS) * u128::from(cost.min(self.quota)) / u128::from(self.quota)).unwrap_or(NANOS)
    }

    fn level(&self, full: u64, now: u64) -> Level {
        let missing = full.saturating_sub(now);
        let left = u128::from(NANOS.saturating_sub(missing)) * u128::from(self.quota) / u128::from(NANOS);
        Level { left: u64::try_from(left).unwrap_or_default(), full_in: missing.div_ceil(1_000_000_000) }
    }

    fn time(&self) -> u64 {
        u64::try_from(self.start.elapsed().as_nanos()).unwrap_or(u64::MAX / 2)
    }
}

#[allow(clippy::disallowed_methods)] // an interval, not a time of day
fn now() -> Instant {
    Instant::now()
}

#[cfg(test)]
mod tests {
    use super::*;

    const SECOND: u64 = 1_000_000_000;

    #[test]
    fn a_bucket_empties_and_fills_again_at_its_own_pace() {
        let buckets = Buckets::new(60);
        assert_eq!(buckets.take_at(1, 20, 0), Ok(Level { left: 40, full_in: 20 }));
        assert_eq!(buckets.take_at(1, 40, 0), Ok(Level { left: 0, full_in: 60 }));
        let refused = buckets.take_at(1, 5, SECOND);
        assert_eq!(refused, Err(Empty { seconds: 4, level: Level { left: 1, full_in: 59 } }));
        assert_eq!(buckets.take_at(2, 1, SECOND).map(|level| level.left), Ok(59), "another's is full");
        assert_eq!(buckets.take_at(1, 5, 5 * SECOND).map(|level| level.left), Ok(0), "a refusal costs nothing");
        assert_eq!(buckets.take_at(1, 1, 500 * SECOND).map(|level| level.left), Ok(59), "it never holds more");
    }

    #[test]
    fn what_costs_more_than_all_takes_all() {
        let buckets = Buckets::new(10);
        assert_eq!(buckets.take_at(1, 1000, 0).map(|level| level.left), Ok(0));
        assert_eq!(buckets.take_at(1, 1000, 30 * SECOND).map_err(|empty| empty.seconds), Err(30));
        assert_eq!(buckets.charge(2, 7).left, 3);
        assert_eq!(buckets.charge(2, 7).left, 0);
    }

    /// A flood of addresses takes no more room than there is.
    #[test]
    fn the_buckets_of_a_flood_are_forgotten() {
        let buckets = Buckets::new(10);
        for of in 0..u128::from(3 * ROOM) {
            assert!(buckets.take_at(of, 1, 0).is_ok());
        }
        buckets.all.run_pending_tasks();
        assert!(buckets.all.entry_count() <= ROOM, "{}", buckets.all.entry_count());
    }

    #[test]
    fn at_once_no_more_is_taken_than_there_is() {
        let buckets = Buckets::new(1000);
        let taken: usize = std::thread::scope(|scope| {
            let one = || (0..500).filter(|_| buckets.take_at(7, 1, 0).is_ok()).count();
            let all: Vec<_> = (0..8).map(|_| scope.spawn(one)).collect();
            all.into_iter().map(|one| one.join().unwrap_or_default()).sum()
        });
        assert_eq!(taken, 1000);
    }
}
