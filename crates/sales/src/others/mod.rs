//! What the wing asks of tables that are not its own: whose money a tenant reckons in, who is called what.
pub(crate) mod store;

use chrono::{NaiveDate, TimeZone, Utc};
use kernel::{Ctx, Result};
use platform::Conn;

/// Which day it is where the tenant is.
pub(crate) fn today(conn: &mut Conn, ctx: &Ctx) -> Result<NaiveDate> {
    let zone = store::time_zone(conn, ctx)?;
    let zone: chrono_tz::Tz = zone.parse().unwrap_or(chrono_tz::UTC);
    Ok(zone.from_utc_datetime(&ctx.now.naive_utc()).date_naive())
}

/// The end of a day where the tenant is.
pub(crate) fn end_of(conn: &mut Conn, ctx: &Ctx, day: NaiveDate) -> Result<chrono::DateTime<Utc>> {
    let zone = store::time_zone(conn, ctx)?;
    let zone: chrono_tz::Tz = zone.parse().unwrap_or(chrono_tz::UTC);
    let next = day.succ_opt().unwrap_or(day).and_time(chrono::NaiveTime::MIN);
    Ok(zone.from_local_datetime(&next).earliest().map_or_else(|| next.and_utc(), |at| at.with_timezone(&Utc)))
}
