//! How often a login has failed of late. After five times from one address, each further one has to wait, longer and
//! longer. Whether the user exists makes no difference.
use super::TOO_MANY_LOGINS;
use crate::digest::{self, Digest};
use chrono::{DateTime, Utc};
use kernel::{Error, Result};
use moka::sync::Cache;
use std::time::Duration;

const FREE: u32 = 5;
const FIRST_PAUSE: i64 = 30;
const DOUBLINGS: u32 = 5;
const REMEMBERED: Duration = Duration::from_secs(30 * 60);
const ROOM: u64 = 100_000;

/// The failures of this node.
#[derive(Clone)]
pub struct Attempts(Cache<Digest, Attempt>);

#[derive(Clone, Copy, Default)]
struct Attempt {
    failures: u32,
    last: i64,
}

impl Default for Attempts {
    fn default() -> Self {
        Self(Cache::builder().max_capacity(ROOM).time_to_idle(REMEMBERED).build())
    }
}

impl Attempts {
    /// Counts as a failure until it is [`Self::forgiven`]: many at once count each.
    pub fn begin(&self, email: &str, address: &str, now: DateTime<Utc>) -> Result<()> {
        let (mut wait, now) = (0, now.timestamp());
        self.0.entry(key(email, address)).and_upsert_with(|known| {
            let before = known.map(moka::Entry::into_value).unwrap_or_default();
            wait = before.wait(now);
            match wait {
                0 => Attempt { failures: before.failures.saturating_add(1), last: now },
                _ => before,
            }
        });
        match wait {
            0 => Ok(()),
            seconds => Err(Error::from(TOO_MANY_LOGINS).member("retry_after", seconds)),
        }
    }

    /// It was the right password after all.
    pub fn forgiven(&self, email: &str, address: &str) {
        self.0.invalidate(&key(email, address));
    }
}

impl Attempt {
    /// Seconds until the next may be tried.
    fn wait(self, now: i64) -> i64 {
        match self.failures.checked_sub(FREE) {
            None => 0,
            Some(more) => (self.last + (FIRST_PAUSE << more.min(DOUBLINGS)) - now).max(0),
        }
    }
}

fn key(email: &str, address: &str) -> Digest {
    digest::of(format!("{email}\0{address}"))
}

#[cfg(test)]
mod tests {
    use super::*;
    use kernel::Kind;

    #[test]
    fn the_sixth_failure_waits_and_the_next_longer() {
        let attempts = Attempts::default();
        let at = |second: i64| DateTime::from_timestamp(1_800_000_000 + second, 0).unwrap_or_default();
        let fails = |address: &str, second: i64| {
            let refused = attempts.begin("a@b.cn", address, at(second)).err();
            refused.map(|error| (error.kind(), error.members.get("retry_after").and_then(serde_json::Value::as_i64)))
        };
        assert!((0..5).all(|second| fails("1.1.1.1", second).is_none()));
        assert_eq!(fails("1.1.1.1", 5), Some((Kind::TooMany, Some(29))));
        assert_eq!(fails("2.2.2.2", 5), None);
        assert_eq!(fails("1.1.1.1", 34), None);
        assert_eq!(fails("1.1.1.1", 35), Some((Kind::TooMany, Some(59))));
        attempts.forgiven("a@b.cn", "1.1.1.1");
        assert_eq!(fails("1.1.1.1", 36), None);
    }
}
