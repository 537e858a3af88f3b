//! The dispatch: what is due is taken, sent, and what came of it written down.
//!
//! One worker holds a delivery at a time, under a lease by the clock of the database; its fence grows with every take, and
//! whoever comes too late with an older one writes nothing. What is sent is put together in one short transaction before,
//! and written down in one after; in between nothing of the database is held. An endpoint has so many on their way and no
//! more, and one that failed last has a single one, so that whoever is slow or dead takes no place from others.
mod answer;
mod parcel;
mod store;

pub use answer::{Outcome, judge};
pub use parcel::{Packed, Parcel, pack};
pub use store::claim;

use super::Settings;
use super::delivery::WebhookAttempt;
use super::fanout::{self, Eyes};
use crate::{Conn, random};
use chrono::{DateTime, Utc};
use diesel::Connection;
use kernel::{EventId, Result, WebhookDeliveryId, WebhookEndpointId};
use std::time::Duration;
use uuid::Uuid;

/// How long a worker may hold a delivery: longer than anything is waited for.
pub const LEASE: Duration = Duration::from_secs(60);
/// How long a receiver may take for its answer.
pub const PATIENCE: Duration = Duration::from_secs(15);
/// So much of an answer is read.
pub const LARGEST: usize = 64 << 10;
/// Deliveries of one endpoint that are on their way at once: so many are taken, packed and written down together.
const AT_ONCE: i64 = 32;

/// A delivery in the hands of a worker.
#[derive(Clone, Debug)]
pub struct Held {
    pub id: WebhookDeliveryId,
    pub endpoint: WebhookEndpointId,
    pub eyes: Eyes,
    pub url: String,
    pub event: EventId,
    pub event_name: String,
    pub object: Uuid,
    pub seq: Option<i64>,
    pub attempt_count: i32,
    pub fence: i64,
}

/// A delivery that was tried.
#[derive(Clone, Debug)]
pub struct Tried {
    pub held: Held,
    pub attempt: WebhookAttempt,
    pub outcome: Outcome,
}

/// Writes down what came of some, in one transaction; those whose time had run out are passed over.
pub fn settle(conn: &mut Conn, settings: &Settings, all: &[Tried], now: DateTime<Utc>) -> Result<()> {
    // in the order of endpoints, whose rows are locked: two workers do not wait for each other crosswise
    let mut all: Vec<&Tried> = all.iter().collect();
    all.sort_by_key(|one| (one.held.eyes.tenant, one.held.endpoint));
    conn.transaction(|conn| all.into_iter().try_for_each(|one| settle_one(conn, settings, one, now)))
}

fn settle_one(conn: &mut Conn, settings: &Settings, one: &Tried, now: DateTime<Utc>) -> Result<()> {
    let (status, pause) = match one.outcome {
        Outcome::Taken => ("delivered", None),
        Outcome::Unseen => ("cancelled", None),
        Outcome::Gone => ("failed", None),
        Outcome::Failed { not_before } => match pause(settings, one.held.attempt_count, not_before) {
            Some(pause) => ("pending", Some(pause)),
            None => ("failed", None),
        },
    };
    if !store::ended(conn, one, status, pause)? {
        return Ok(());
    }
    let (house, endpoint) = (one.held.eyes.house(now), one.held.endpoint);
    match one.outcome {
        Outcome::Unseen => Ok(()),
        Outcome::Taken => Ok(store::came_through(conn, &house, endpoint)?),
        Outcome::Gone => fanout::give_up(conn, &house, endpoint, "gone"),
        Outcome::Failed { .. } => {
            let since = store::failed(conn, &house, endpoint)?;
            let long = chrono::Duration::from_std(settings.give_up).unwrap_or(chrono::Duration::MAX);
            match since.is_some_and(|since| now.signed_duration_since(since) >= long) {
                true => fanout::give_up(conn, &house, endpoint, "failing"),
                false => Ok(()),
            }
        }
    }
}

/// Until the next attempt, after so many before this one: a tenth more or less, so that what failed together does not come
/// back together.
fn pause(settings: &Settings, before: i32, not_before: Option<Duration>) -> Option<Duration> {
    let pause = *usize::try_from(before).ok().and_then(|before| settings.schedule.get(before))?;
    let drawn = f64::from(u32::from_le_bytes(random::bytes::<4>())) / f64::from(u32::MAX);
    Some(pause.mul_f64(0.9 + 0.2 * drawn).max(not_before.unwrap_or_default()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn pauses_are_those_of_the_schedule_and_then_there_are_no_more() {
        let settings = Settings::default();
        let whole: Duration = settings.schedule.iter().sum();
        assert!((72..80).contains(&(whole.as_secs() / 3600)), "three days: {whole:?}");
        for (before, planned) in settings.schedule.iter().enumerate() {
            let pause = pause(&settings, i32::try_from(before).unwrap(), None).unwrap();
            assert!(pause >= planned.mul_f64(0.89) && pause <= planned.mul_f64(1.11), "{pause:?} of {planned:?}");
        }
        assert_eq!(pause(&settings, 9, None), None);
        assert_eq!(pause(&settings, 0, Some(Duration::from_secs(60))), Some(Duration::from_secs(60)));
    }
}
