//! The trail in months: a partition of `audit_log` holds the rows of a month, by their ids. The next ones are made ahead;
//! one that has ended long ago is closed, so that who seals passes it over; and one that is older than is kept is dropped.
//!
//! The service owns no table: functions of the owner do each of these, and only that. What goes is looked through once
//! more, up to a checkpoint, and each tenant's chain gets a [`Floor`] there, before anything is taken away; each step can be
//! repeated, so whoever dies between two of them leaves the rest to the next look.
mod store;

pub(super) use store::{Month, floors, spans};
pub use store::{Months, close as close_months, open as open_months, outline as months};

use super::chain::{GENESIS, Keys};
use super::floor::Floor;
use super::seal::Patience;
use super::seal::store::hold;
use super::{log, note, verify};
use crate::{Conn, crash, moment};
use chrono::{DateTime, Datelike, NaiveDate, Utc};
use diesel::Connection;
use kernel::{Ctx, Error, Noun, Result, TenantId, UserId};
use serde_json::json;
use std::path::Path;
use uuid::Uuid;

/// Drops the months that ended so many months before this one began; which those were. One that is not as it was sealed
/// stays, and with it all after it.
pub fn drop_old(conn: &mut Conn, keys: &Keys, file: &Path, now: DateTime<Utc>, keep: u32) -> Result<Vec<String>> {
    store::forget_links(conn)?;
    // a process whose clock is ahead drops nothing too early
    let now = now.min(store::clock(conn)?);
    let mut dropped = Vec::new();
    for month in store::before(conn, kept_from(now, keep)?)? {
        if !lay_floors(conn, keys, file, &month, now)? {
            break;
        }
        crash::point("months.floored");
        if store::drop_month(conn, &month)? {
            dropped.push(month.name);
        }
        crash::point("months.dropped");
        store::forget_links(conn)?;
    }
    Ok(dropped)
}

/// The first id of the oldest month that stays.
fn kept_from(now: DateTime<Utc>, keep: u32) -> Result<Uuid> {
    let this = i64::from(now.year()) * 12 + i64::from(now.month0());
    let first = this - i64::from(keep);
    let year = i32::try_from(first.div_euclid(12)).map_err(Error::internal)?;
    let month = u32::try_from(first.rem_euclid(12) + 1).map_err(Error::internal)?;
    let day = NaiveDate::from_ymd_opt(year, month, 1).and_then(|day| day.and_hms_opt(0, 0, 0));
    day.map(|day| moment::first_of(day.and_utc())).ok_or_else(|| Error::internal("there is no such month"))
}

/// A floor for each tenant that has rows in the month; whether all of them have one.
fn lay_floors(conn: &mut Conn, keys: &Keys, file: &Path, month: &Month, now: DateTime<Utc>) -> Result<bool> {
    let mut laid = Vec::new();
    for tenant in store::tenants(conn, month)? {
        let last = floors(conn, tenant)?.pop();
        let floor = under(conn, tenant, month, last.as_ref())?;
        if last.as_ref().is_some_and(|last| last.is_as(&floor)) {
            continue;
        }
        if let Some(fault) = verify::upto(conn, keys, tenant, file, floor.reaches())? {
            tracing::error!(%tenant, month = month.name, fault, "a month of the audit trail stays, for it cannot be signed");
            return Ok(false);
        }
        laid.push((last, floor.signed(keys, now)?));
    }
    conn.transaction(|conn| {
        hold(conn, Patience::Wait)?;
        for (last, floor) in &laid {
            // another worker was quicker: what it has cleared away since is missing from this floor, and the rest is its
            if floors(conn, floor.tenant)?.pop() != *last {
                return Ok(false);
            }
            store::keep(conn, floor)?;
            let ctx = Ctx::powerless(floor.tenant, UserId(Uuid::nil()), now);
            let details = json!({"month": month.name, "upto": floor.seq, "further": floor.further.len()});
            note(conn, &ctx, "audit_log.month_dropped", log::AuditLog::NAME, month.until, details)?;
        }
        Ok(true)
    })
}

/// Where the chain of a tenant begins once a month has gone.
fn under(conn: &mut Conn, tenant: TenantId, month: &Month, last: Option<&Floor>) -> Result<Floor> {
    let from = last.map_or(0, |last| last.seq);
    let seq = store::last_below(conn, tenant, from, month.until)?;
    let hash = match (seq, last) {
        (0, _) => Some(GENESIS),
        (seq, Some(last)) if last.seq == seq => Some(last.hash),
        (seq, _) => store::hash(conn, tenant, seq)?,
    };
    let hash = hash.ok_or_else(|| Error::internal("a link of the audit trail is missing"))?;
    let further = store::further(conn, tenant, seq, month.until)?;
    let nobody = (Uuid::nil(), Vec::new());
    Ok(Floor {
        tenant,
        cut: month.until,
        signed_at: DateTime::UNIX_EPOCH,
        seq,
        hash,
        further,
        kid: nobody.0,
        signature: nobody.1,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn whole_months_are_kept() {
        let now: DateTime<Utc> = "2026-11-26T04:00:00Z".parse().unwrap();
        let first = |keep| moment::of(Uuid::from_u128(kept_from(now, keep).unwrap().as_u128() | 7 << 76)).unwrap();
        assert_eq!(first(1).to_rfc3339(), "2026-10-01T00:00:00+00:00");
        assert_eq!(first(11).to_rfc3339(), "2025-12-01T00:00:00+00:00");
        assert_eq!(first(24).to_rfc3339(), "2024-11-01T00:00:00+00:00");
    }
}
