//! What is due is put down as jobs, one for each recipient, and the next time is set in the same transaction: a worker that
//! dies sends nothing twice by that, and what was missed is sent once. Of an owner who has left nothing is sent any more.
use super::{deeds, store};
use crate::schedule::ReportSchedule;
use chrono::{DateTime, Utc};
use diesel::QueryableByName;
use diesel::sql_types::{Timestamptz, Uuid as SqlUuid};
use kernel::{Ctx, ReportScheduleId, Result, TenantId, UserId};
use platform::sweep::{self, Look, look};
use platform::{Conn, job};
use serde_json::json;

/// The kind of its jobs.
pub const JOB: &str = "report_delivery";

#[derive(QueryableByName)]
struct Due {
    #[diesel(sql_type = SqlUuid)]
    tenant_id: TenantId,
    #[diesel(sql_type = SqlUuid)]
    id: ReportScheduleId,
    #[diesel(sql_type = SqlUuid)]
    owner_id: UserId,
    /// by the clock that all machines have in common
    #[diesel(sql_type = Timestamptz)]
    now: DateTime<Utc>,
}

const DUE: Look = look! {
    what: "schedules of reports",
    row: "s",
    locks: "s",
    tells: "s.owner_id",
    from: "FROM report_schedules AS s WHERE s.status = 'active' AND s.deleted_at IS NULL \
           AND s.next_at <= statement_timestamp()",
};

/// Puts down what is due, of all tenants; of how many schedules that was.
pub fn put_down_due(conn: &mut Conn) -> Result<usize> {
    sweep::some(conn, &DUE, 500, put_down)
}

fn put_down(conn: &mut Conn, due: &Due) -> Result<()> {
    let ctx = Ctx::powerless(due.tenant_id, due.owner_id, due.now);
    if !store::is_active(conn, &ctx, due.owner_id)? {
        return Ok(drop(store::pause(conn, &ctx, due.id, "owner_gone")?));
    }
    let schedule: ReportSchedule = store::held(conn, &ctx, due.id)?;
    let next = deeds::next(&schedule.rule, &schedule.time_zone, due.now);
    store::set_next(conn, &ctx, due.id, next)?;
    for recipient in &schedule.recipient_ids {
        let theirs = Ctx::powerless(due.tenant_id, UserId(*recipient), due.now);
        let payload =
            json!({"schedule": due.id, "due_at": schedule.next_at.unwrap_or(due.now), "may": [], "key": null});
        job::enqueue(conn, &theirs, JOB, &payload)?;
    }
    Ok(())
}
