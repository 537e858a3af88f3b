//! When things happened: days counted back from the anchor date, business hours in local time, seasons of trade.
//! Nothing happens in the two days before the anchor, so that no time zone reaches past it.

use chrono::{DateTime, Datelike, NaiveDate, NaiveTime, TimeDelta, Utc};

use super::Profile;
use super::random::Rng;

/// The latest day on which something happens, in days before the anchor.
pub const NEWEST: u32 = 2;
/// How far back orders reach: three years.
pub const ORDERS_SINCE: u32 = 1095;
/// How far back the first account reaches.
pub const OLDEST: u32 = 2000;

#[derive(Clone, Copy, Debug)]
pub struct Calendar {
    anchor: NaiveDate,
}

impl Default for Calendar {
    fn default() -> Self {
        Self::ending(NaiveDate::from_ymd_opt(2026, 11, 1).unwrap_or_default())
    }
}

impl Calendar {
    pub fn ending(anchor: NaiveDate) -> Self {
        Self { anchor }
    }

    pub fn day(&self, days_before: u32) -> NaiveDate {
        self.anchor.checked_sub_signed(TimeDelta::days(i64::from(days_before))).unwrap_or(self.anchor)
    }

    /// A moment in the working hours of that day, at a place so many hours east of Greenwich.
    pub fn moment(&self, days_before: u32, hours_east: i32, rng: &mut Rng) -> DateTime<Utc> {
        let local = TimeDelta::seconds(i64::from(rng.between(30_600, 70_000)));
        let midnight = self.day(days_before).and_time(NaiveTime::MIN).and_utc();
        midnight + local - TimeDelta::hours(i64::from(hours_east))
    }

    /// The day an account came, more of them lately than long ago.
    pub fn arrival(rng: &mut Rng) -> u32 {
        let one = rng.between(NEWEST, OLDEST);
        one.min(rng.between(NEWEST, OLDEST * 2))
    }

    /// A day of an order between two days, as likely as its month and weekday are good for trade.
    pub fn order_day(&self, profile: Profile, oldest: u32, newest: u32, rng: &mut Rng) -> u32 {
        let mut day = newest;
        for _ in 0..6 {
            day = rng.between(newest, oldest);
            if rng.below(10_000) < appetite(profile, self.day(day)) {
                break;
            }
        }
        day
    }
}

/// How good for trade a day is, out of 10,000.
fn appetite(profile: Profile, day: NaiveDate) -> u32 {
    let (months, weekend) = match profile {
        // stocking up before the Spring Festival, the June and November sales
        Profile::RetailZh => ([90, 35, 50, 52, 60, 82, 55, 56, 72, 60, 100, 80], 70),
        // quarter ends, above all the last
        Profile::SaasEn => ([60, 55, 85, 50, 55, 82, 45, 40, 85, 60, 65, 100], 10),
    };
    let month = usize::try_from(day.month0()).ok().and_then(|at| months.get(at)).copied().unwrap_or(50);
    let weekday = if day.weekday().number_from_monday() > 5 { weekend } else { 100 };
    month * weekday
}
