//! The clock of a target as a state machine: what has happened to it, and when it has run because of that.
//!
//! ```text
//!            Started             Paused
//! (nothing) ─────────▶ running ─────────▶ paused
//!                       ▲  │ ◀─────────── │
//!         Resumed:      │  │   Resumed    │
//!         opened again  │  │ Met          │ Met
//!                       │  ▼              │
//!                       met ◀─────────────┘        Cancelled ends a clock that is not met
//! ```
//! After an end, `Started` begins another round, in which nothing has passed yet. `Resumed` after `Met` opens the same
//! round again: what had passed counts, the time in between does not. An event that tells nothing new changes nothing,
//! so that one that comes twice, or one that no longer fits, does no harm.
use super::Target;
use chrono::{DateTime, TimeDelta, Utc};
use serde::{Deserialize, Serialize};

/// What happens to a clock. That it warns and that it breaches are no events of this kind: they follow from the rest.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Event {
    /// somebody waits for us
    Started,
    /// we wait for the customer
    Paused,
    Resumed,
    /// what was promised is done
    Met,
    /// it is no longer promised
    Cancelled,
}

/// What happened, and when.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Entry {
    pub at: DateTime<Utc>,
    pub event: Event,
}

impl Entry {
    pub const fn new(at: DateTime<Utc>, event: Event) -> Self {
        Self { at, event }
    }
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Phase {
    Running,
    Paused,
    Met,
    Cancelled,
}

/// A time in which the clock runs, or has run.
#[derive(Clone, Copy, Debug)]
pub(super) struct Span {
    pub from: DateTime<Utc>,
    pub to: Option<DateTime<Utc>>,
    /// whether it ended with the round, rather than with a pause
    pub is_last_word: bool,
}

/// From a start to an end.
#[derive(Clone, Debug)]
pub(super) struct Round {
    pub started_at: DateTime<Utc>,
    pub phase: Phase,
    /// since when it is in its phase
    pub since: DateTime<Utc>,
    pub spans: Vec<Span>,
    /// in pauses that are over
    pub paused: TimeDelta,
}

impl Round {
    /// The round that holds at `now`, by what has happened until then; entries are taken in the order of their moments,
    /// and those of one moment as they stand.
    pub fn at(target: &Target, entries: &[Entry], now: DateTime<Utc>) -> Option<Self> {
        let mut past: Vec<&Entry> = entries.iter().filter(|entry| entry.at <= now).collect();
        past.sort_by_key(|entry| entry.at);
        past.into_iter().fold(None, |round, entry| match round {
            None => (entry.event == Event::Started).then(|| Self::start(entry.at)),
            Some(round) => Some(round.after(target, *entry)),
        })
    }

    fn start(at: DateTime<Utc>) -> Self {
        let spans = vec![Span { from: at, to: None, is_last_word: false }];
        Self { started_at: at, phase: Phase::Running, since: at, spans, paused: TimeDelta::zero() }
    }

    fn after(mut self, target: &Target, Entry { at, event }: Entry) -> Self {
        let next = match (self.phase, event) {
            (Phase::Met | Phase::Cancelled, Event::Started) => return Self::start(at),
            (Phase::Running, Event::Paused) if target.is_pausable => Phase::Paused,
            (Phase::Paused | Phase::Met, Event::Resumed) => Phase::Running,
            (Phase::Running | Phase::Paused, Event::Met) => Phase::Met,
            (Phase::Running | Phase::Paused, Event::Cancelled) => Phase::Cancelled,
            _ => return self,
        };
        if self.phase == Phase::Paused {
            self.paused += at - self.since;
        }
        if let Some(span) = self.spans.last_mut() {
            span.to.get_or_insert(at);
        }
        if matches!(next, Phase::Met | Phase::Cancelled) {
            // also where a pause began, or was over, at the very moment at which it ended
            let now = self.spans.iter_mut().rev().take_while(|span| span.to == Some(at));
            now.for_each(|span| span.is_last_word = true);
        }
        if next == Phase::Running {
            self.spans.push(Span { from: at, to: None, is_last_word: false });
        }
        (self.phase, self.since) = (next, at);
        self
    }
}
