//! What is promised of a request: by when it is answered first, answered again and settled. Pure: whoever asks says what
//! has happened and what time it is, so that a promise can be reckoned anew whenever its terms or its calendar change.
mod clock;
mod standing;
#[cfg(test)]
mod tests;

pub use clock::{Entry, Event};
pub use standing::{Standing, Status, standing};

use crate::Faults;
use chrono::TimeDelta;
use serde::{Deserialize, Serialize};
use std::collections::BTreeSet;

/// The longest target: 3,650 days.
pub const MOST_MINUTES: u32 = 3_650 * 1440;

/// What is measured.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Metric {
    /// from when the request came until somebody answered
    FirstResponse,
    /// from each word of the customer that waits for an answer until it came
    NextResponse,
    /// from when the request came until it was settled
    Resolution,
}

/// Which time counts.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Hours {
    /// while the calendar is open
    #[default]
    Business,
    /// always
    WallClock,
}

/// When to say that a target may be missed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Warning {
    /// when so much of the target's time has passed: 1 to 99 of a hundred
    Percent(u8),
    /// when so many minutes of the target's time are left, which are business minutes where the target's are; fewer than
    /// the target has
    MinutesBefore(u32),
}

/// One target: so many minutes, of which time, and whether the clock stands still while the customer is waited for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Target {
    pub metric: Metric,
    /// 1 to [`MOST_MINUTES`]
    pub minutes: u32,
    #[serde(default)]
    pub hours: Hours,
    #[serde(default)]
    pub warning: Option<Warning>,
    #[serde(default = "yes")]
    pub is_pausable: bool,
}

const fn yes() -> bool {
    true
}

impl Target {
    /// Of business time, pausable, without a warning.
    pub const fn new(metric: Metric, minutes: u32) -> Self {
        Self { metric, minutes, hours: Hours::Business, warning: None, is_pausable: true }
    }

    /// How long the clock may run.
    pub fn allowed(&self) -> TimeDelta {
        TimeDelta::minutes(i64::from(self.minutes))
    }

    /// How long it runs until the warning; exact, for a hundredth of a minute is 600 milliseconds.
    pub fn until_warning(&self) -> Option<TimeDelta> {
        match self.warning? {
            Warning::Percent(part) => {
                Some(TimeDelta::milliseconds(i64::from(self.minutes) * i64::from(part.min(100)) * 600))
            }
            Warning::MinutesBefore(minutes) => {
                Some(TimeDelta::minutes(i64::from(self.minutes.saturating_sub(minutes))))
            }
        }
    }
}

/// Targets of which each measures something else. As JSON it is `{"targets": [...]}`.
///
/// Codes of what is wrong: `required` (no target at all), `range` (minutes or a part that cannot be), `duplicate` (two
/// targets of one metric).
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(try_from = "Terms")]
pub struct Promise {
    targets: Vec<Target>,
}

/// A promise as it is set.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Terms {
    targets: Vec<Target>,
}

impl Promise {
    /// # Errors
    /// All that is wrong at once.
    pub fn new(targets: Vec<Target>) -> Result<Self, Faults> {
        let mut faults = Faults::default();
        if targets.is_empty() {
            faults.add("/targets", "required");
        }
        let mut metrics = BTreeSet::new();
        for (at, target) in targets.iter().enumerate() {
            if !metrics.insert(target.metric) {
                faults.add(format!("/targets/{at}/metric"), "duplicate");
            }
            if !(1..=MOST_MINUTES).contains(&target.minutes) {
                faults.add(format!("/targets/{at}/minutes"), "range");
            }
            let is_sound = target.warning.is_none_or(|warning| match warning {
                Warning::Percent(part) => (1..=99).contains(&part),
                Warning::MinutesBefore(minutes) => minutes > 0 && minutes < target.minutes,
            });
            if !is_sound {
                faults.add(format!("/targets/{at}/warning"), "range");
            }
        }
        faults.or(Self { targets })
    }

    pub fn targets(&self) -> &[Target] {
        &self.targets
    }

    pub fn target(&self, metric: Metric) -> Option<&Target> {
        self.targets.iter().find(|target| target.metric == metric)
    }
}

impl TryFrom<Terms> for Promise {
    type Error = Faults;

    fn try_from(terms: Terms) -> Result<Self, Faults> {
        Self::new(terms.targets)
    }
}
