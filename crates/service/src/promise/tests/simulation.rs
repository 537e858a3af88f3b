//! A clock that is watched minute by minute, by the rules in words and with no reckoning of the promise's own.
use crate::calendar::tests::oracle::Oracle;
use crate::promise::{Entry, Event, Hours, Status, Target};
use chrono::{DateTime, TimeDelta, Utc};

#[derive(Clone, Copy, Debug, PartialEq)]
enum Is {
    Nothing,
    Running,
    Paused,
    Met,
    Cancelled,
}

/// What was seen at the last minute.
#[derive(Clone, Debug)]
pub(super) struct Watch {
    is: Is,
    ended_at: Option<DateTime<Utc>>,
    pub elapsed: i64,
    pub paused: i64,
    pub warned_at: Option<DateTime<Utc>>,
    pub breached_at: Option<DateTime<Utc>>,
}

impl Watch {
    fn new(is: Is) -> Self {
        Self { is, ended_at: None, elapsed: 0, paused: 0, warned_at: None, breached_at: None }
    }

    /// Until `now`, which is a whole minute, as all entries are.
    pub(super) fn until(now: DateTime<Utc>, target: &Target, entries: &[Entry], day: &Oracle) -> Self {
        let mut watch = Self::new(Is::Nothing);
        for (minute, open) in day.moments().take_while(|(minute, _)| *minute <= now) {
            for entry in entries.iter().filter(|entry| entry.at == minute) {
                watch.sees(entry.event, target, minute);
            }
            if matches!(watch.is, Is::Running | Is::Paused) {
                let warning = target.until_warning().filter(|time| watch.elapsed >= time.num_minutes());
                watch.warned_at = watch.warned_at.or(warning.map(|_| minute));
                let is_over = watch.elapsed >= i64::from(target.minutes);
                watch.breached_at = watch.breached_at.or(is_over.then_some(minute));
            }
            if minute < now {
                watch.passes(open || target.hours == Hours::WallClock);
            }
        }
        watch
    }

    fn sees(&mut self, event: Event, target: &Target, minute: DateTime<Utc>) {
        match (event, self.is) {
            (Event::Started, Is::Nothing | Is::Met | Is::Cancelled) => *self = Self::new(Is::Running),
            (Event::Paused, Is::Running) if target.is_pausable => self.is = Is::Paused,
            (Event::Resumed, Is::Paused) => self.is = Is::Running,
            (Event::Resumed, Is::Met) => (self.is, self.ended_at) = (Is::Running, None),
            (Event::Met, Is::Running | Is::Paused) => (self.is, self.ended_at) = (Is::Met, Some(minute)),
            (Event::Cancelled, Is::Running | Is::Paused) => (self.is, self.ended_at) = (Is::Cancelled, Some(minute)),
            _ => {}
        }
    }

    fn passes(&mut self, counts: bool) {
        match self.is {
            Is::Running if counts => self.elapsed += 1,
            Is::Paused => self.paused += 1,
            _ => {}
        }
    }

    pub(super) fn status(&self) -> Option<Status> {
        Some(match self.is {
            Is::Nothing => return None,
            Is::Cancelled => Status::Cancelled,
            _ if self.breached_at.is_some() => Status::Breached,
            Is::Met => Status::Met,
            Is::Paused => Status::Paused,
            Is::Running if self.warned_at.is_some() => Status::Warning,
            Is::Running => Status::Active,
        })
    }

    /// When so many minutes have passed if nothing happens any more: from `now`, or from where it ended. `None` where
    /// that lies behind the days that are watched.
    pub(super) fn reaches(
        &self,
        time: TimeDelta,
        now: DateTime<Utc>,
        target: &Target,
        day: &Oracle,
    ) -> Option<DateTime<Utc>> {
        let from = self.ended_at.unwrap_or(now);
        let mut elapsed = self.elapsed;
        for (minute, open) in day.moments().skip_while(|(minute, _)| *minute < from) {
            if elapsed >= time.num_minutes() {
                return Some(minute);
            }
            elapsed += i64::from(open || target.hours == Hours::WallClock);
        }
        None
    }
}
