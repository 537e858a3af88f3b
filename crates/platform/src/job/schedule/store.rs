//! The queries of schedules: kept by a feature in its tenant, and looked over by workers in all.
use super::{NewSchedule, Recurrence};
use crate::Conn;
use crate::job::queue;
use crate::schema::job_schedules;
use chrono::{DateTime, Utc};
use diesel::prelude::*;
use diesel::sql_types::{Jsonb, SmallInt, Text, Timestamptz, Uuid as SqlUuid};
use kernel::{Actor, Ctx, Origin, RequestId, Result, ScheduleId, TenantId, UserId};
use serde_json::Value;
use std::sync::Arc;

/// Keeps a schedule; its jobs are the actor's.
pub fn put(conn: &mut Conn, ctx: &Ctx, new: &NewSchedule) -> Result<()> {
    let rule = Recurrence::read(new.rule, new.time_zone, new.starts_at)?;
    let next = rule.next(ctx.now.max(new.starts_at) - chrono::TimeDelta::seconds(1));
    let said = (
        job_schedules::kind.eq(new.kind),
        job_schedules::payload.eq(new.payload),
        job_schedules::priority.eq(new.priority.number()),
        job_schedules::rule.eq(new.rule),
        job_schedules::time_zone.eq(new.time_zone),
        job_schedules::starts_at.eq(new.starts_at),
        job_schedules::next_at.eq(next),
        job_schedules::updated_at.eq(ctx.now),
        job_schedules::created_by.eq(ctx.actor.user),
    );
    let key = (
        job_schedules::tenant_id.eq(ctx.tenant),
        job_schedules::id.eq(ScheduleId::new()),
        job_schedules::name.eq(new.name),
        job_schedules::created_at.eq(ctx.now),
    );
    diesel::insert_into(job_schedules::table)
        .values((key, said))
        .on_conflict((job_schedules::tenant_id, job_schedules::name))
        .do_update()
        .set(said)
        .execute(conn)?;
    Ok(())
}

/// Takes a schedule away; whether it was there.
pub fn remove(conn: &mut Conn, ctx: &Ctx, name: &str) -> Result<bool> {
    let target =
        job_schedules::table.filter(job_schedules::tenant_id.eq(ctx.tenant)).filter(job_schedules::name.eq(name));
    Ok(diesel::delete(target).execute(conn)? > 0)
}

#[derive(QueryableByName)]
struct Due {
    #[diesel(sql_type = SqlUuid)]
    tenant_id: TenantId,
    #[diesel(sql_type = SqlUuid)]
    id: ScheduleId,
    #[diesel(sql_type = Text)]
    kind: String,
    #[diesel(sql_type = Jsonb)]
    payload: Value,
    #[diesel(sql_type = SmallInt)]
    priority: i16,
    #[diesel(sql_type = Text)]
    rule: String,
    #[diesel(sql_type = Text)]
    time_zone: String,
    #[diesel(sql_type = Timestamptz)]
    starts_at: DateTime<Utc>,
    #[diesel(sql_type = SqlUuid)]
    created_by: UserId,
    /// by the clock that all machines have in common
    #[diesel(sql_type = Timestamptz)]
    now: DateTime<Utc>,
}

/// Puts down the jobs of all schedules that are due; how many.
pub fn put_down_due(conn: &mut Conn) -> Result<usize> {
    let mut count = 0;
    while conn.transaction(one)? {
        count += 1;
    }
    Ok(count)
}

fn one(conn: &mut Conn) -> Result<bool> {
    let due: Option<Due> = diesel::sql_query(
        "SELECT tenant_id, id, kind, payload, priority, rule, time_zone, starts_at, created_by, \
         clock_timestamp() AS now FROM job_schedules WHERE next_at <= clock_timestamp() ORDER BY next_at \
         LIMIT 1 FOR UPDATE SKIP LOCKED",
    )
    .get_result(conn)
    .optional()?;
    let Some(due) = due else { return Ok(false) };
    queue::enqueue_as(conn, &due.ctx(), queue::Priority::of(due.priority), &due.kind, &due.payload)?;
    let next = match Recurrence::read(&due.rule, &due.time_zone, due.starts_at) {
        Ok(rule) => rule.next(due.now),
        Err(error) => {
            tracing::error!(%error, schedule = %due.id, "a schedule cannot be read any more: it comes no more");
            None
        }
    };
    diesel::update(job_schedules::table.find((due.tenant_id, due.id)))
        .set((job_schedules::next_at.eq(next), job_schedules::last_at.eq(due.now)))
        .execute(conn)?;
    Ok(true)
}

impl Due {
    fn ctx(&self) -> Ctx {
        Ctx {
            tenant: self.tenant_id,
            actor: Actor { user: self.created_by, key: None },
            grants: Arc::default(),
            request: RequestId::new(),
            origin: Origin::default(),
            now: self.now,
        }
    }
}
