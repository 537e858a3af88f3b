//! The clock of a tenant: when its days begin, and in which month its years do.
use chrono::{DateTime, Duration, NaiveDate, NaiveTime, TimeZone, Utc};
use chrono_tz::Tz;

/// When days and years begin.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Clock {
    zone: Tz,
    /// how many months after January a year begins
    pub months_late: u32,
}

/// A clock that is put forward leaves out two hours at most.
const LEFT_OUT: i64 = 8;

impl Clock {
    /// Of a zone by its name, and of the month that years begin with, from 1 to 12.
    pub fn of(zone: &str, first_month: i32) -> Self {
        let months_late = u32::try_from(first_month - 1).unwrap_or_default() % 12;
        Self { zone: zone.parse().unwrap_or(Tz::UTC), months_late }
    }

    /// The day on which something happens.
    pub fn day_of(self, at: DateTime<Utc>) -> NaiveDate {
        at.with_timezone(&self.zone).date_naive()
    }

    /// When a day begins: at midnight, of two the first; where the clock leaves midnight out, when it goes on.
    pub fn begin_of(self, day: NaiveDate) -> DateTime<Utc> {
        let midnight = day.and_time(NaiveTime::MIN);
        let quarter = |count: i64| midnight.checked_add_signed(Duration::minutes(15 * count));
        let tried = (0..=LEFT_OUT).filter_map(quarter);
        let mut told = tried.filter_map(|local| self.zone.from_local_datetime(&local).earliest());
        told.next().map_or_else(|| midnight.and_utc(), |at| at.with_timezone(&Utc))
    }
}

#[cfg(test)]
mod tests {
    use super::Clock;

    #[test]
    fn a_day_begins_where_the_tenant_is() {
        let begins = |zone: &str, day: &str| Clock::of(zone, 1).begin_of(day.parse().unwrap()).to_rfc3339();
        assert_eq!(begins("UTC", "2026-10-01"), "2026-10-01T00:00:00+00:00");
        assert_eq!(begins("Asia/Shanghai", "2026-10-01"), "2026-09-30T16:00:00+00:00");
        // midnight is left out: the day begins at one
        assert_eq!(begins("America/Santiago", "2026-09-06"), "2026-09-06T04:00:00+00:00");
        // midnight comes twice: the first
        assert_eq!(begins("Atlantic/Azores", "2026-10-25"), "2026-10-25T00:00:00+00:00");
        assert_eq!(begins("Nowhere/Else", "2026-10-01"), "2026-10-01T00:00:00+00:00");
    }

    #[test]
    fn a_moment_is_on_a_day_of_the_tenant() {
        let at = "2026-12-31T16:30:00Z".parse().unwrap();
        assert_eq!(Clock::of("Asia/Shanghai", 4).day_of(at).to_string(), "2027-01-01");
        assert_eq!(Clock::of("UTC", 4).day_of(at).to_string(), "2026-12-31");
    }
}
