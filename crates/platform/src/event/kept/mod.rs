//! How far back the order of events is told.
mod store;

pub use store::bounds;

use chrono::{DateTime, Duration, Utc};
use uuid::Uuid;

/// How long events are told in their order. They stay in the history of their record, and in the trail.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Kept {
    pub days: u16,
}

impl Kept {
    pub const DAYS: u16 = 90;

    /// Ids tell when something began, and an event may have come into the order later: an hour more is kept.
    fn since(self, now: DateTime<Utc>) -> DateTime<Utc> {
        now - Duration::days(i64::from(self.days)) - Duration::hours(1)
    }
}

/// What of a tenant's order is told.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Bounds {
    /// the first place, if something has it
    pub first: i64,
    /// the last; 0 where there is none yet
    pub head: i64,
    /// what has a smaller id is none of it
    pub since: Uuid,
}
