//! An earlier time beside the one that is asked for: how far away it is, and the same figures of it.
use super::plan::Reader;
use super::{Earlier, FiguresComparison};
use chrono::{Datelike, Months, NaiveDate, TimeDelta};
use kernel::catalogue::Kind;
use kernel::{Ctx, text};
use platform::tally::{Shift, Tally, Within, midnight};

impl Reader<'_> {
    /// The time that is asked for; and the one that it is compared with, and how far that is away.
    pub(super) fn compared(&mut self, asked: &FiguresComparison) -> Option<(Within, (Within, Shift))> {
        let term = self.term(&asked.field, "/compare/field");
        let zone = self.zone(asked.time_zone.as_deref(), "/compare/time_zone");
        if asked.until <= asked.from {
            self.refuse("/compare/until".to_owned(), "order", text!("ends before it begins"));
        }
        let (term, zone) = (term?, zone?);
        if !matches!(term.holds(), Kind::Date | Kind::Instant) {
            self.refuse("/compare/field".to_owned(), "type", text!("is neither a day nor a moment"));
            return None;
        }
        let shift = shift(asked);
        let days = (asked.from, asked.until);
        let before = back(days.0, shift).zip(back(days.1, shift));
        let within = |days: (NaiveDate, NaiveDate)| {
            let moments = (midnight(days.0, zone)?, midnight(days.1, zone)?);
            Some(Within { term: term.clone(), days, moments })
        };
        let both = before.and_then(|before| Some((within(days)?, (within(before)?, shift))));
        if both.is_none() {
            self.refuse("/compare/from".to_owned(), "range", text!("lies outside of the years that there are"));
        }
        both
    }
}

/// Whole months move by months, whatever their days.
fn shift(asked: &FiguresComparison) -> Shift {
    let (from, until) = (asked.from, asked.until);
    let months = (until.year() - from.year()) * 12 + i32::try_from(until.month()).unwrap_or_default()
        - i32::try_from(from.month()).unwrap_or_default();
    match asked.to {
        Earlier::PreviousYear => Shift { months: 12, days: 0 },
        Earlier::PreviousPeriod if from.day() == 1 && until.day() == 1 => Shift { months, days: 0 },
        Earlier::PreviousPeriod => {
            Shift { months: 0, days: i32::try_from((until - from).num_days()).unwrap_or(i32::MAX) }
        }
    }
}

fn back(day: NaiveDate, shift: Shift) -> Option<NaiveDate> {
    let months = Months::new(u32::try_from(shift.months).ok()?);
    let day = day.checked_sub_months(months)?.checked_sub_signed(TimeDelta::try_days(shift.days.into())?)?;
    (1..=9999).contains(&day.year()).then_some(day)
}

/// The same of an earlier time, whose stretches are moved so that each stands beside the one that it is compared with.
pub(super) fn moved(ctx: &Ctx, tally: &Tally, within: Within, shift: Shift) -> Tally {
    let mut earlier = tally.clone();
    for group in &mut earlier.groups {
        if group.bucket.is_some() && group.term.is(&within.term, ctx) {
            group.shift = shift;
        }
    }
    earlier.within = Some(within);
    earlier
}
