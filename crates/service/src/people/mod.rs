//! What the wing asks of tables that are not its own: where a tenant is, and who works there.
mod schema;
pub(crate) mod store;

pub(crate) use store::time_zone;

use chrono::{DateTime, Duration, NaiveDate, NaiveTime, TimeZone, Utc};
use chrono_tz::Tz;

/// A clock that is put forward leaves out two hours at most, in quarters of one.
const LEFT_OUT: i64 = 8;

/// When a day begins: at midnight, of two the first; where the clock leaves midnight out, when it goes on.
pub(crate) fn begin_of(zone: Tz, day: NaiveDate) -> DateTime<Utc> {
    let midnight = day.and_time(NaiveTime::MIN);
    let quarter = |count: i64| midnight.checked_add_signed(Duration::minutes(15 * count));
    let tried = (0..=LEFT_OUT).filter_map(quarter);
    let mut told = tried.filter_map(|local| zone.from_local_datetime(&local).earliest());
    told.next().map_or_else(|| midnight.and_utc(), |at| at.with_timezone(&Utc))
}
