//! How a run begins: asked for, or by itself; and how it is given up.
use super::{ClassCounts, KIND, SegmentationRun, SegmentationRunRequest, store};
use crate::facts;
use crate::segmentation::deeds::next;
use crate::segmentation::{self, INACTIVE, RUNNING, Segmentation};
use chrono::{DateTime, NaiveDate, Utc};
use chrono_tz::Tz;
use diesel::Connection;
use kernel::{Ctx, Result, SegmentationId, SegmentationRunId, TenantId};
use platform::deed::in_turn;
use platform::job::{self, Priority};
use platform::{Conn, audit};
use serde_json::json;

/// Begins a run. Refused while another of the segmentation is under way.
pub fn begin(
    conn: &mut Conn,
    ctx: &Ctx,
    id: SegmentationId,
    asked: &SegmentationRunRequest,
) -> Result<SegmentationRun> {
    conn.transaction(|conn| {
        let of = segmentation::find(conn, ctx, id)?;
        if !of.is_active {
            return Err(INACTIVE.into());
        }
        in_turn(conn, &format!("{} segmentation {id}", ctx.tenant))?;
        if store::is_under_way(conn, ctx.tenant, id)? {
            return Err(RUNNING.into());
        }
        let run = put_down(conn, ctx, &of, asked.as_of_on)?;
        audit::note(conn, ctx, "segmentation.run_started", "segmentation", id, json!({"run_id": run.id}))?;
        Ok(run)
    })
}

fn put_down(conn: &mut Conn, ctx: &Ctx, of: &Segmentation, as_of: Option<NaiveDate>) -> Result<SegmentationRun> {
    let (zone, base) = facts::zone(conn, ctx.tenant)?;
    let today = ctx.now.with_timezone(&zone.parse().unwrap_or(Tz::UTC)).date_naive();
    // what is not over yet is looked at as today
    let as_of = as_of.filter(|day| *day < today);
    let currency = of.currency.as_deref().unwrap_or(&base);
    let run = store::insert(conn, ctx, of.id, (as_of.unwrap_or(today), as_of.is_some()), currency)?;
    let payload = json!({"run": run.id, "may": [], "key": ctx.actor.key});
    let job = job::enqueue_as(conn, ctx, Priority::Long, KIND, &payload)?;
    Ok(store::set_job(conn, ctx.tenant, run.id, job)?)
}

/// Begins the runs that are due, of all tenants; how many.
pub fn put_down_due(conn: &mut Conn) -> Result<usize> {
    let mut count = 0;
    while conn.transaction(one_due)? {
        count += 1;
    }
    Ok(count)
}

fn one_due(conn: &mut Conn) -> Result<bool> {
    let Some(due) = store::due(conn)? else { return Ok(false) };
    let ctx = Ctx::powerless(due.tenant, due.updated_by, due.now);
    let of = segmentation::find(conn, &ctx, due.id)?;
    segmentation::store::set_next(conn, &ctx, due.id, next(&of.schedule, due.now))?;
    if !store::is_under_way(conn, due.tenant, due.id)? {
        put_down(conn, &ctx, &of, None)?;
    }
    Ok(true)
}

/// Its job is not tried again.
pub fn give_up(conn: &mut Conn, tenant: TenantId, id: SegmentationRunId, now: DateTime<Utc>) -> Result<()> {
    let failed = ("failed", Some(kernel::error::INTERNAL.name));
    store::end(conn, tenant, id, failed, ClassCounts::default(), now)?;
    Ok(())
}
