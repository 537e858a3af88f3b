//! How a clock stands by its terms: what is written of it. Pure.
use super::{BREACHED, CANCELLED, CaseSla, LATE, MET, PAUSED, RUNNING};
use crate::calendar::{self, Calendar};
use crate::promise::{Entry, Event, Hours, Metric, Standing, Status, Target, Warning, standing};
use crate::sla_policy::{SlaPolicy, SlaTarget, Statuses};
use chrono::{DateTime, TimeDelta, Utc};
use kernel::{BusinessCalendarId, SlaPolicyId};

/// What is promised, by whom, and by whose hours.
#[derive(Clone, Debug, PartialEq)]
pub struct Terms {
    pub policy_id: Option<SlaPolicyId>,
    pub calendar_id: Option<BusinessCalendarId>,
    pub minutes: i32,
    pub hours: String,
    pub warn_at_percent: Option<i32>,
    pub is_pausable: bool,
    /// in which statuses of its case it stands still
    pub pausing_statuses: Statuses,
}

/// How a clock stands.
#[derive(Clone, Debug, PartialEq)]
pub struct State {
    pub status: &'static str,
    pub started_at: DateTime<Utc>,
    pub due_at: Option<DateTime<Utc>>,
    pub warn_at: Option<DateTime<Utc>>,
    pub paused_at: Option<DateTime<Utc>>,
    pub paused_ms: i64,
    pub met_at: Option<DateTime<Utc>>,
    pub breached_at: Option<DateTime<Utc>>,
    pub cancelled_at: Option<DateTime<Utc>>,
    pub next_at: Option<DateTime<Utc>>,
    /// whether it has come to the warning and not to the breach
    pub warns: bool,
}

impl Terms {
    pub fn of_target(policy: &SlaPolicy, calendar: Option<BusinessCalendarId>, target: &SlaTarget) -> Self {
        Self {
            policy_id: Some(policy.id),
            calendar_id: calendar.filter(|_| target.hours == "business"),
            minutes: target.minutes,
            hours: target.hours.clone(),
            warn_at_percent: target.warn_at_percent,
            is_pausable: target.is_pausable,
            pausing_statuses: policy.pausing_statuses.clone(),
        }
    }

    /// Those by which a clock was reckoned last.
    pub fn of_row(row: &CaseSla) -> Self {
        Self {
            policy_id: row.policy_id,
            calendar_id: row.calendar_id,
            minutes: row.minutes,
            hours: row.hours.clone(),
            warn_at_percent: row.warn_at_percent,
            is_pausable: row.is_pausable,
            pausing_statuses: row.pausing_statuses.clone(),
        }
    }

    /// Where there is no calendar, all time counts.
    fn target(&self, metric: Metric, has_calendar: bool) -> Target {
        Target {
            metric,
            minutes: u32::try_from(self.minutes).unwrap_or(1),
            hours: if has_calendar && self.hours == "business" { Hours::Business } else { Hours::WallClock },
            warning: self.warn_at_percent.and_then(|part| u8::try_from(part).ok()).map(Warning::Percent),
            is_pausable: self.is_pausable,
        }
    }

    /// How a clock of these terms stands now, by what has happened; none where it was never started.
    pub fn state(
        &self,
        metric: Metric,
        calendar: Option<&Calendar>,
        entries: &[Entry],
        now: DateTime<Utc>,
    ) -> Option<State> {
        let target = self.target(metric, calendar.is_some());
        let always = Calendar::new(calendar::Terms { time_zone: "UTC".into(), ..calendar::Terms::default() }).ok()?;
        let told = standing(&target, calendar.unwrap_or(&always), entries, now)?;
        Some(State::of(&told, entries, now))
    }
}

impl State {
    fn of(told: &Standing, entries: &[Entry], now: DateTime<Utc>) -> Self {
        let status = match told.status {
            Status::Active | Status::Warning => RUNNING,
            Status::Paused => PAUSED,
            Status::Met => MET,
            Status::Breached if told.met_at.is_some() => LATE,
            Status::Breached => BREACHED,
            Status::Cancelled => CANCELLED,
        };
        let is_paused = status == PAUSED;
        let paused_at =
            entries.iter().rev().filter(|one| one.at <= now && one.event == Event::Paused).map(|one| one.at);
        let paused_at = paused_at.max().filter(|_| is_paused);
        let pause = paused_at.map_or_else(TimeDelta::zero, |since| now - since);
        Self {
            status,
            started_at: told.started_at,
            // as if it went on now, which is another moment whenever one looks
            due_at: told.due_at.filter(|_| !is_paused),
            warn_at: told.warning_at.filter(|_| !is_paused),
            paused_at,
            paused_ms: (told.paused_ms - pause.num_milliseconds()).max(0),
            met_at: told.met_at,
            breached_at: told.breached_at.filter(|_| told.cancelled_at.is_none()),
            cancelled_at: told.cancelled_at,
            next_at: told.changes_at(),
            warns: told.status == Status::Warning,
        }
    }

    /// Whether nothing is waited for any more.
    pub fn is_over(&self) -> bool {
        self.met_at.is_some() || self.cancelled_at.is_some()
    }

    /// The same, promised no more from this moment on.
    pub fn cancelled(row: &CaseSla, now: DateTime<Utc>) -> Self {
        Self {
            status: CANCELLED,
            started_at: row.started_at,
            due_at: row.due_at,
            warn_at: row.warn_at,
            paused_at: None,
            paused_ms: row.paused_ms,
            met_at: None,
            breached_at: None,
            cancelled_at: Some(row.cancelled_at.unwrap_or(now)),
            next_at: None,
            warns: false,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::{State, Statuses, Terms};
    use crate::promise::{Entry, Event, Metric};
    use chrono::{DateTime, TimeDelta, Utc};

    fn at(minute: i64) -> DateTime<Utc> {
        DateTime::UNIX_EPOCH + TimeDelta::minutes(minute)
    }

    /// An hour by the wall clock, with a warning at half of it.
    fn state(told: &[(i64, Event)], now: i64) -> State {
        let terms = Terms {
            policy_id: None,
            calendar_id: None,
            minutes: 60,
            hours: "business".into(),
            warn_at_percent: Some(50),
            is_pausable: true,
            pausing_statuses: Statuses(Vec::new()),
        };
        let entries: Vec<Entry> = told.iter().map(|(minute, event)| Entry::new(at(*minute), *event)).collect();
        terms.state(Metric::Resolution, None, &entries, at(now)).unwrap()
    }

    #[test]
    fn a_clock_runs_pauses_and_ends() {
        let begun = [(0, Event::Started)];
        let now = state(&begun, 10);
        assert_eq!((now.status, now.due_at, now.next_at), ("running", Some(at(60)), Some(at(30))));
        assert!(!now.warns);
        let now = state(&begun, 30);
        assert_eq!((now.status, now.next_at, now.warns), ("running", Some(at(60)), true));
        let paused = [(0, Event::Started), (20, Event::Paused)];
        let now = state(&paused, 45);
        assert_eq!((now.status, now.due_at, now.paused_at, now.paused_ms), ("paused", None, Some(at(20)), 0));
        let resumed = [(0, Event::Started), (20, Event::Paused), (50, Event::Resumed)];
        let now = state(&resumed, 55);
        assert_eq!((now.status, now.due_at, now.paused_ms), ("running", Some(at(90)), 30 * 60_000));
        let met = [(0, Event::Started), (60, Event::Met)];
        let now = state(&met, 70);
        assert_eq!((now.status, now.met_at, now.breached_at, now.next_at), ("met", Some(at(60)), None, None));
        let late = [(0, Event::Started), (61, Event::Met)];
        let now = state(&late, 70);
        assert_eq!((now.status, now.met_at, now.breached_at), ("late", Some(at(61)), Some(at(60))));
        assert_eq!(state(&begun, 61).status, "breached");
        assert!(state(&late, 70).is_over());
    }
}
