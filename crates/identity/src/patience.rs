//! How long somebody who was wrong has to wait before they may try again: the first failures are free, then each makes
//! the pause twice as long, up to a bound.
use chrono::{DateTime, Utc};

const FIRST_PAUSE: i64 = 30;

/// How many failures are free, and how often the pause doubles then.
pub struct Patience {
    pub free: i32,
    pub doublings: i32,
}

impl Patience {
    /// Seconds until the next may be tried, after so many failures of which the last was at second `last`.
    pub fn wait(&self, failures: i32, last: i64, now: DateTime<Utc>) -> i64 {
        match failures - self.free {
            ..0 => 0,
            more => (last + (FIRST_PAUSE << more.min(self.doublings)) - now.timestamp()).max(0),
        }
    }
}
