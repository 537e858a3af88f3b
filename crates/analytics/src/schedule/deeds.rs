//! What may be done with a schedule. Its report is one that whoever says so sees, and its recipients are people who work
//! here.
use super::rhythm::Rhythm;
use super::{NewReportSchedule, ReportSchedule, ReportSchedulePatch, store};
use crate::report;
use chrono::{DateTime, Utc};
use chrono_tz::Tz;
use kernel::{Ctx, Error, Fault, ReportScheduleId, Result, error, text};
use platform::Conn;
use platform::deed::{attempt, may_own, untouched};
use uuid::Uuid;

pub fn create(conn: &mut Conn, ctx: &Ctx, new: &NewReportSchedule) -> Result<ReportSchedule> {
    may_own::<ReportSchedule>(ctx, new.owner_id)?;
    ctx.must_all("report", &[kernel::Action::Read])?;
    let unknown =
        |pointer: &str| Error::invalid(pointer, error::UNKNOWN_REFERENCE.name, text!("there is no such report"));
    report::find(conn, ctx, new.report_id).map_err(|_| unknown("/report_id"))?;
    are_here(conn, ctx, &new.recipient_ids)?;
    let next = next(&new.rule, &new.time_zone, ctx.now);
    Ok(attempt(conn, |conn| store::insert(conn, ctx, new, next))?)
}

/// With a `base`, only if the schedule is still at that version. A new rule begins with the next time from now.
pub fn update(
    conn: &mut Conn,
    ctx: &Ctx,
    id: ReportScheduleId,
    base: Option<i32>,
    patch: &ReportSchedulePatch,
) -> Result<ReportSchedule> {
    may_own::<ReportSchedule>(ctx, patch.owner_id)?;
    if let Some(recipients) = &patch.recipient_ids {
        are_here(conn, ctx, recipients)?;
    }
    let moves = patch.rule.is_some() || patch.time_zone.is_some() || patch.status.is_some();
    let next_at = match moves {
        false => None,
        true => {
            let before = store::find(conn, ctx, id)?;
            let rule = patch.rule.as_ref().unwrap_or(&before.rule);
            let zone = patch.time_zone.as_ref().unwrap_or(&before.time_zone);
            Some(next(rule, zone, ctx.now))
        }
    };
    match store::update(conn, ctx, id, base, patch, next_at)? {
        Some(schedule) => Ok(schedule),
        None => Err(untouched(conn, ctx, store::find, id, base)),
    }
}

pub fn archive(conn: &mut Conn, ctx: &Ctx, id: ReportScheduleId, base: Option<i32>) -> Result<ReportSchedule> {
    match store::set_archived(conn, ctx, id, base, true)? {
        Some(schedule) => Ok(schedule),
        None => Err(untouched(conn, ctx, store::find, id, base)),
    }
}

/// One that is not archived is answered as it is.
pub fn restore(conn: &mut Conn, ctx: &Ctx, id: ReportScheduleId) -> Result<ReportSchedule> {
    let found = store::find_any(conn, ctx, id)?;
    if found.deleted_at.is_none() {
        return Ok(found);
    }
    store::set_archived(conn, ctx, id, None, false)?.ok_or_else(|| error::FORBIDDEN.into())
}

/// The next time behind a moment.
pub(super) fn next(rule: &str, zone: &str, after: DateTime<Utc>) -> Option<DateTime<Utc>> {
    Rhythm::read(rule)?.next(after, zone.parse::<Tz>().ok()?)
}

fn are_here(conn: &mut Conn, ctx: &Ctx, ids: &[Uuid]) -> Result<()> {
    let here = store::people_of(conn, ctx, ids)?;
    let missing = ids.iter().enumerate().filter(|(_, id)| !here.contains(*id));
    let fault = |(at, _): (usize, &Uuid)| {
        let message = text!("nobody who works here is called by this id");
        Fault::new(format!("/recipient_ids/{at}"), error::UNKNOWN_REFERENCE.name, message)
    };
    let faults: Vec<Fault> = missing.map(fault).collect();
    if faults.is_empty() { Ok(()) } else { Err(Error::from(error::INVALID).faults(faults)) }
}
