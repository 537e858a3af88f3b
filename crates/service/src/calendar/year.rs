//! The open time of one local year, summed up once: what is asked of it afterwards is found by halving.
use super::local::{Nanos, end, start};
use super::terms::{Shift, Terms};
use chrono::{Datelike, NaiveDate};
use chrono_tz::Tz;
use std::collections::BTreeMap;
use std::ops::RangeInclusive;

/// The local years that a calendar knows; there is no business time outside of them.
pub const YEARS: RangeInclusive<i32> = 1970..=2099;

/// An unbroken stretch of open time.
#[derive(Clone, Copy, Debug)]
struct Stretch {
    start: Nanos,
    end: Nanos,
    /// what of the year is open before it
    before: Nanos,
}

/// The stretches of a year, in their order, none touching the next.
#[derive(Clone, Debug, Default)]
pub struct Year {
    stretches: Vec<Stretch>,
    pub total: Nanos,
}

/// What dates are not as their day of the week says.
pub type Special = BTreeMap<NaiveDate, Vec<Shift>>;

impl Year {
    /// Shifts that overlap because the clocks are moved back between them count once: for the earlier.
    pub fn build(zone: Tz, terms: &Terms, special: &Special, year: i32) -> Self {
        let mut built = Self::default();
        let Some(first) = NaiveDate::from_ymd_opt(year, 1, 1) else { return built };
        let shifts = |date: NaiveDate| match special.get(&date) {
            Some(own) => own.as_slice(),
            None => terms.weekly.of(date.weekday()),
        };
        let eve = first.pred_opt().filter(|eve| YEARS.contains(&eve.year()));
        let eve = eve.into_iter().flat_map(|eve| shifts(eve).iter().map(move |shift| end(zone, eve, shift.end)));
        let mut taken = eve.max().unwrap_or(Nanos::MIN);
        for date in first.iter_days().take_while(|date| date.year() == year) {
            for shift in shifts(date) {
                let from = start(zone, date, shift.start).max(taken);
                let to = end(zone, date, shift.end);
                if to > from {
                    built.push(from, to);
                    taken = to;
                }
            }
        }
        built
    }

    fn push(&mut self, start: Nanos, end: Nanos) {
        match self.stretches.last_mut().filter(|last| last.end == start) {
            Some(last) => last.end = end,
            None => self.stretches.push(Stretch { start, end, before: self.total }),
        }
        self.total += end - start;
    }

    /// How much of the year is open before `at`.
    pub fn open_before(&self, at: Nanos) -> Nanos {
        let place = self.stretches.partition_point(|stretch| stretch.start < at);
        let last = place.checked_sub(1).and_then(|place| self.stretches.get(place));
        last.map_or(0, |stretch| stretch.before + at.min(stretch.end) - stretch.start)
    }

    /// The first instant by which so much of the year has been open, which is more than nothing.
    pub fn reached(&self, sum: Nanos) -> Option<Nanos> {
        let place = self.stretches.partition_point(|stretch| stretch.before < sum);
        let stretch = self.stretches.get(place.checked_sub(1)?)?;
        (sum <= self.total).then_some(stretch.start + sum - stretch.before)
    }

    /// The first instant from `at` on at which it is open.
    pub fn opening(&self, at: Nanos) -> Option<Nanos> {
        let place = self.stretches.partition_point(|stretch| stretch.end <= at);
        self.stretches.get(place).map(|stretch| stretch.start.max(at))
    }
}
