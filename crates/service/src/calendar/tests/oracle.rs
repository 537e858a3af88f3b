//! The same questions, answered without any of the calendar's own reckoning: time passes in small steps, and of each step
//! is asked what the clock on the wall has shown. Local times are never turned into instants here.
//!
//! A shift runs at a moment if the clock has come to its start by then, whatever it shows now, and will yet show a time
//! before its end: which says of gaps and of hours that come twice what the calendar's head says.
use super::super::{Shift, Terms};
use chrono::{DateTime, Datelike, NaiveDateTime, TimeDelta, Timelike, Utc};
use chrono_tz::Tz;

pub(crate) struct Oracle {
    from: DateTime<Utc>,
    step: TimeDelta,
    open: Vec<bool>,
}

impl Oracle {
    /// Of a window that begins on a whole step. Every shift and every change of the clocks falls on one too.
    pub(crate) fn new(terms: &Terms, from: DateTime<Utc>, to: DateTime<Utc>, step: TimeDelta) -> Self {
        let zone: Tz = terms.time_zone.parse().unwrap();
        // far enough around it that no clock is moved across
        let margin = TimeDelta::days(3);
        let count = usize::try_from((to - from + margin * 2).num_seconds() / step.num_seconds()).unwrap();
        let steps = (0..count).map(|step_of| from - margin + step * i32::try_from(step_of).unwrap());
        let shown: Vec<NaiveDateTime> = steps.map(|at| at.with_timezone(&zone).naive_local()).collect();
        let mut latest = shown.clone();
        for place in 1..count {
            latest[place] = latest[place].max(latest[place - 1]);
        }
        let mut earliest = shown;
        for place in (0..count - 1).rev() {
            earliest[place] = earliest[place].min(earliest[place + 1]);
        }
        let runs: Vec<bool> = latest.iter().zip(&earliest).map(|(late, early)| is_work(terms, *late, *early)).collect();
        let skipped = usize::try_from(margin.num_seconds() / step.num_seconds()).unwrap();
        Self { from, step, open: runs[skipped..count - skipped].to_vec() }
    }

    pub(crate) fn moments(&self) -> impl Iterator<Item = (DateTime<Utc>, bool)> {
        let (from, step) = (self.from, self.step);
        self.open.iter().enumerate().map(move |(place, open)| (from + step * i32::try_from(place).unwrap(), *open))
    }

    pub(crate) fn between(&self, from: DateTime<Utc>, to: DateTime<Utc>) -> TimeDelta {
        let open = self.moments().filter(|(_, open)| *open);
        let parts = open.map(|(start, _)| to.min(start + self.step) - from.max(start));
        parts.filter(|part| *part > TimeDelta::zero()).sum()
    }

    pub(crate) fn is_open(&self, at: DateTime<Utc>) -> bool {
        self.moments().any(|(start, open)| open && start <= at && at < start + self.step)
    }

    /// `None` where it lies behind the window.
    pub(crate) fn add(&self, from: DateTime<Utc>, duration: TimeDelta) -> Option<DateTime<Utc>> {
        if duration <= TimeDelta::zero() {
            return Some(from);
        }
        let mut left = duration;
        for (start, _) in self.moments().filter(|(_, open)| *open) {
            let start_here = start.max(from);
            let here = start + self.step - start_here;
            if here >= left {
                return Some(start_here + left);
            }
            left -= here.max(TimeDelta::zero());
        }
        None
    }

    pub(crate) fn next_opening(&self, at: DateTime<Utc>) -> Option<DateTime<Utc>> {
        let open = self.moments().filter(|(_, open)| *open);
        open.filter(|(start, _)| *start + self.step > at).map(|(start, _)| start.max(at)).next()
    }
}

fn is_work(terms: &Terms, latest: NaiveDateTime, earliest: NaiveDateTime) -> bool {
    let days = earliest.date().iter_days().take_while(|date| *date <= latest.date());
    days.into_iter().any(|date| {
        let own = terms.holidays.iter().find(|holiday| holiday.on == date);
        let shifts: &[Shift] = own.map_or_else(|| terms.weekly.of(date.weekday()), |holiday| &holiday.shifts);
        // minutes of that day; a clock that shows another day is before or after all of it
        let minutes = |shown: NaiveDateTime| {
            i64::from(shown.num_seconds_from_midnight() / 60) + (shown.date() - date).num_days() * 1440
        };
        let (late, early) = (minutes(latest), minutes(earliest));
        shifts.iter().any(|shift| late >= i64::from(shift.start) && early < i64::from(shift.end))
    })
}
