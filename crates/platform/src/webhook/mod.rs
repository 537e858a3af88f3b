//! Webhooks: what happens here is told to other servers, as the Standard Webhooks specification says.
//!
//! An *endpoint* says whom, about what, and in whose eyes: it is sent what its user sees, trimmed as their feed is. The
//! *fan-out* goes through the events of a tenant in their order and puts down a *delivery* for each endpoint that wants
//! one, in the transaction that moves its cursor: none is missed, none put down twice. The *dispatch* takes what is due,
//! under a lease with a fence, sends it outside of any transaction, and writes down what came of it. What dies in between
//! is sent again, by the same `webhook-id`.
pub mod delivery;
pub mod dispatch;
pub mod endpoint;
pub mod fanout;
pub mod replay;
pub mod secret;

use kernel::{Code, Kind};
use std::time::Duration;

pub const DISABLED: Code = Code::new(
    "webhook_endpoint_disabled",
    Kind::Conflict,
    "The endpoint is disabled, and nothing is sent to it: enable it first.",
);
pub const TOO_MANY: Code = Code::new(
    "too_many_webhook_endpoints",
    Kind::Conflict,
    "The tenant has as many webhook endpoints as one may have: archive some first.",
);
pub const UNDER_WAY: Code =
    Code::new("webhook_delivery_under_way", Kind::Conflict, "The delivery is being sent at this moment.");
pub const CODES: &[Code] = &[DISABLED, TOO_MANY, UNDER_WAY];

/// When what has failed is tried again, and when an endpoint that takes nothing is given up.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Settings {
    /// the pauses between the attempts; after the last of them it has failed
    pub schedule: Vec<Duration>,
    /// after how long without anything coming through
    pub give_up: Duration,
}

impl Settings {
    pub const SCHEDULE: &'static str = "5,300,1800,7200,18000,36000,50400,72000,86400";
    pub const GIVE_UP: u64 = 5 * 86_400;
    /// The longest pause that is written down, and the most of them.
    const LONGEST: u64 = 30 * 86_400;
    const MOST: usize = 30;

    /// Seconds, one pause after the other: `5,300,1800`; nothing, where what fails is not tried again.
    pub fn of(schedule: &str, give_up: u64) -> Result<Self, String> {
        let pause = |text: &str| {
            let seconds: Option<f64> = text.trim().parse().ok();
            seconds.filter(|seconds| (0.0..=30.0 * 86_400.0).contains(seconds)).map(Duration::from_secs_f64)
        };
        let texts = schedule.split(',').filter(|_| !schedule.trim().is_empty());
        let pauses: Option<Vec<Duration>> = texts.map(pause).collect();
        match pauses.filter(|pauses| pauses.len() <= Self::MOST) {
            Some(schedule) if give_up <= Self::LONGEST => Ok(Self { schedule, give_up: Duration::from_secs(give_up) }),
            Some(_) => Err(format!("{give_up} seconds are more than {}", Self::LONGEST)),
            None => Err(format!("{schedule:?} is no list of at most {} pauses in seconds", Self::MOST)),
        }
    }
}

impl Default for Settings {
    fn default() -> Self {
        Self::of(Self::SCHEDULE, Self::GIVE_UP).unwrap_or_else(|fault| unreachable!("{fault}"))
    }
}
