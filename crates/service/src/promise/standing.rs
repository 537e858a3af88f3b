//! How a promise stands at a moment: how much of its time has passed, when it is due, whether it is kept.
//!
//! What is done at the very moment at which it is due is done in time. A moment later it is breached, whether or not
//! anybody works then: due on Friday at 17:00, it is breached over the weekend though no business time has passed since.
use super::clock::{Entry, Phase, Round};
use super::{Hours, Metric, Target};
use crate::calendar::Calendar;
use chrono::{DateTime, TimeDelta, Utc};
use serde::{Deserialize, Serialize};

#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Status {
    /// the clock runs
    Active,
    /// it stands still, for the customer is waited for; also where it has warned before
    Paused,
    /// it runs, and has warned
    Warning,
    /// kept
    Met,
    /// its time was over before it was kept; it stays so when it is kept after all
    Breached,
    /// it is no longer promised; also where it was breached before
    Cancelled,
}

/// What is known of a promise at a moment, in the round that it is in. All of it follows from target, calendar, entries
/// and the moment, and is reckoned anew when one of them changes.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Standing {
    pub metric: Metric,
    pub status: Status,
    pub started_at: DateTime<Utc>,
    /// the last moment at which it is kept in time. While it is paused, as if it went on now; after an end, as if it had
    /// gone on. None where the calendar does not open for long enough ([`crate::calendar::HORIZON`])
    pub due_at: Option<DateTime<Utc>>,
    /// when it warns or would have warned, by the same rules
    pub warning_at: Option<DateTime<Utc>>,
    /// the warning, where it came to that
    pub warned_at: Option<DateTime<Utc>>,
    /// the breach, where it came to that
    pub breached_at: Option<DateTime<Utc>>,
    pub met_at: Option<DateTime<Utc>>,
    pub cancelled_at: Option<DateTime<Utc>>,
    /// how long the clock has run, in the target's time; milliseconds, what is less than one is left out
    pub elapsed_ms: i64,
    /// how long it stood still, by the clock on the wall
    pub paused_ms: i64,
}

impl Standing {
    /// The next moment at which it becomes another without anything happening: when to look again.
    pub fn changes_at(&self) -> Option<DateTime<Utc>> {
        match self.status {
            Status::Active => self.warning_at.into_iter().chain(self.due_at).min(),
            Status::Warning => self.due_at,
            _ => None,
        }
    }
}

/// How the target stands at `now`, by what has happened until then; entries after it do not count yet. None where the
/// clock was never started.
pub fn standing(target: &Target, calendar: &Calendar, entries: &[Entry], now: DateTime<Utc>) -> Option<Standing> {
    let round = Round::at(target, entries, now)?;
    let course = Course { hours: target.hours, calendar, round: &round, now };
    let due_at = course.reached(target.allowed());
    let warning_at = target.until_warning().and_then(|time| course.reached(time));
    let warned_at = warning_at.filter(|at| course.has_come(*at));
    let breached_at = due_at.filter(|at| course.has_come(*at));
    let ended = |phase: Phase| (round.phase == phase).then_some(round.since);
    let status = match round.phase {
        Phase::Cancelled => Status::Cancelled,
        _ if breached_at.is_some() => Status::Breached,
        Phase::Met => Status::Met,
        Phase::Paused => Status::Paused,
        Phase::Running if warned_at.is_some() => Status::Warning,
        Phase::Running => Status::Active,
    };
    let pause = if round.phase == Phase::Paused { now - round.since } else { TimeDelta::zero() };
    Some(Standing {
        metric: target.metric,
        status,
        started_at: round.started_at,
        due_at,
        warning_at,
        warned_at,
        breached_at,
        met_at: ended(Phase::Met),
        cancelled_at: ended(Phase::Cancelled),
        elapsed_ms: course.elapsed().num_milliseconds(),
        paused_ms: (round.paused + pause).num_milliseconds(),
    })
}

/// A round on the time that counts for it.
struct Course<'a> {
    hours: Hours,
    calendar: &'a Calendar,
    round: &'a Round,
    now: DateTime<Utc>,
}

impl Course<'_> {
    fn between(&self, from: DateTime<Utc>, to: DateTime<Utc>) -> TimeDelta {
        match self.hours {
            Hours::Business => self.calendar.business_time_between(from, to),
            Hours::WallClock => to - from,
        }
    }

    fn add(&self, from: DateTime<Utc>, time: TimeDelta) -> Option<DateTime<Utc>> {
        match self.hours {
            Hours::Business => self.calendar.add_business_time(from, time),
            Hours::WallClock => from.checked_add_signed(time),
        }
    }

    fn elapsed(&self) -> TimeDelta {
        self.round.spans.iter().map(|span| self.between(span.from, span.to.unwrap_or(self.now))).sum()
    }

    /// When the clock has run for so long, or will have.
    fn reached(&self, time: TimeDelta) -> Option<DateTime<Utc>> {
        let mut left = time;
        for span in &self.round.spans {
            let at = self.add(span.from, left);
            let Some(to) = span.to else { return at };
            // at its very end it was in time, so if it is opened again it is over only then
            let at = at.filter(|at| *at < to || (*at == to && !span.is_last_word));
            if at.is_some() {
                return at;
            }
            left -= self.between(span.from, to);
        }
        let goes_on = if self.is_over() { self.round.since } else { self.now };
        self.add(goes_on, left)
    }

    fn is_over(&self) -> bool {
        matches!(self.round.phase, Phase::Met | Phase::Cancelled)
    }

    /// Whether it came to what the clock reaches at that moment.
    fn has_come(&self, at: DateTime<Utc>) -> bool {
        if self.is_over() { at < self.round.since } else { at <= self.now }
    }
}
