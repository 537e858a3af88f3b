//! The queue as its workers see it, over all tenants. Leases are measured by the clock of the database, the one that all
//! machines have in common.
use crate::Conn;
use crate::search::Words;
use diesel::pg::Pg;
use diesel::prelude::*;
use diesel::query_builder::{BoxedSqlQuery, SqlQuery};
use diesel::sql_types::{
    Array, BigInt, Double, Integer, Jsonb, Nullable, SmallInt, Text, Timestamptz, Uuid as SqlUuid,
};
use kernel::{Code, Ctx, Error, JobId, Kind, Result, TenantId, UserId};
use serde_json::Value;
use std::time::Duration;

/// How long a worker may be silent before another takes over, unless `GUANXI_JOB_LEASE` says otherwise.
pub const LEASE: Duration = Duration::from_secs(30);
/// How often a job is begun without getting anything done.
pub const MOST_ATTEMPTS: i32 = 5;

/// Never answered to a caller: the worker that meets it stops.
pub const LOST: Code = Code::new("job_lost", Kind::Busy, "Another worker has taken the job over.");

/// What goes first. Of what is equally urgent every tenant's first job goes before anybody's second.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Priority {
    /// somebody sits and waits for it
    Urgent,
    #[default]
    Usual,
    /// it takes its time in any case
    Long,
}

impl Priority {
    pub(super) const fn number(self) -> i16 {
        match self {
            Self::Urgent => 1,
            Self::Usual => 5,
            Self::Long => 9,
        }
    }

    pub(super) fn of(number: i16) -> Self {
        [Self::Urgent, Self::Long].into_iter().find(|one| one.number() == number).unwrap_or_default()
    }
}

/// A job in the hands of a worker.
#[derive(Clone, Debug, QueryableByName)]
pub struct Held {
    #[diesel(sql_type = SqlUuid)]
    pub tenant_id: TenantId,
    #[diesel(sql_type = SqlUuid)]
    pub id: JobId,
    #[diesel(sql_type = Text)]
    pub kind: String,
    #[diesel(sql_type = Jsonb)]
    pub payload: Value,
    #[diesel(sql_type = SqlUuid)]
    pub created_by: UserId,
    #[diesel(sql_type = Integer)]
    pub attempts: i32,
    #[diesel(sql_type = BigInt)]
    pub fence: i64,
    /// in seconds
    #[diesel(sql_type = Double)]
    lease: f64,
}

impl Held {
    /// How often its holder should give a sign of life.
    pub fn heartbeat(&self) -> Duration {
        Duration::from_secs_f64((self.lease / 3.0).clamp(0.2, 10.0))
    }
}

/// Puts a job down, in the transaction of whoever needs it done.
pub fn enqueue(conn: &mut Conn, ctx: &Ctx, kind: &str, payload: &Value) -> Result<JobId> {
    enqueue_as(conn, ctx, Priority::Usual, kind, payload)
}

/// The same, said how urgent it is.
pub fn enqueue_as(conn: &mut Conn, ctx: &Ctx, priority: Priority, kind: &str, payload: &Value) -> Result<JobId> {
    let id = JobId::new();
    // how many of the tenant's stand before it; of very many it is all the same
    diesel::sql_query(
        "INSERT INTO jobs (tenant_id, id, kind, payload, progress, priority, created_by, team_id, created_at, \
         updated_at, search, turn) SELECT $1, $2, $3, $4, '{}', $5, $6, $7, $8, $8, array_to_tsvector($9), \
         (SELECT count(*) FROM (SELECT FROM jobs WHERE tenant_id = $1 AND priority = $5 AND status = 'queued' \
         LIMIT 1000) AS before)",
    )
    .bind::<SqlUuid, _>(ctx.tenant)
    .bind::<SqlUuid, _>(id)
    .bind::<Text, _>(kind)
    .bind::<Jsonb, _>(payload)
    .bind::<SmallInt, _>(priority.number())
    .bind::<SqlUuid, _>(ctx.actor.user)
    .bind::<Nullable<SqlUuid>, _>(ctx.grants.teams().first().copied())
    .bind::<Timestamptz, _>(ctx.now)
    .bind::<Array<Text>, _>(Words::new().text(kind).lexemes())
    .execute(conn)?;
    Ok(id)
}

/// Puts a job down and takes it up at once: for a command, which does its work itself.
pub fn enqueue_held(conn: &mut Conn, ctx: &Ctx, kind: &str, payload: &Value) -> Result<Held> {
    let id = enqueue(conn, ctx, kind, payload)?;
    hold(conn, ctx.tenant, id)?.ok_or_else(|| Error::from(LOST))
}

const HELD: &str = "RETURNING tenant_id, id, kind, payload, created_by, attempts, fence";

/// What waits, in its order.
const WAITING: &str = "SELECT tenant_id, id FROM jobs WHERE status = 'queued' AND run_at <= clock_timestamp() \
                       AND kind = ANY ($1) ORDER BY priority, turn, run_at LIMIT 1 FOR UPDATE SKIP LOCKED";
/// What somebody held who fell silent.
const ORPHANED: &str = "SELECT tenant_id, id FROM jobs WHERE status = 'running' AND leased_until < clock_timestamp() \
                        AND kind = ANY ($1) ORDER BY leased_until LIMIT 1 FOR UPDATE SKIP LOCKED";

/// Takes up a job of these kinds: one whose worker fell silent, for it has waited already; else the one that comes first.
pub fn claim(conn: &mut Conn, kinds: &[&str], lease: Duration) -> Result<Option<Held>> {
    for which in [ORPHANED, WAITING] {
        let text = format!(
            "UPDATE jobs SET status = 'running', attempts = attempts + 1, fence = fence + 1, version = version + 1, \
             leased_until = clock_timestamp() + $2 * interval '1 second', updated_at = clock_timestamp() \
             WHERE (tenant_id, id) = ({which}) {HELD}, $2::float8 AS lease"
        );
        let claim = diesel::sql_query(text).bind::<Array<Text>, _>(kinds).bind::<Double, _>(lease.as_secs_f64());
        if let Some(held) = claim.get_result(conn).optional()? {
            return Ok(Some(held));
        }
    }
    Ok(None)
}

/// Takes up this job, whoever had it.
pub fn hold(conn: &mut Conn, tenant: TenantId, id: JobId) -> Result<Option<Held>> {
    let text = format!(
        "UPDATE jobs SET status = 'running', attempts = 1, fence = fence + 1, version = version + 1, cancel_asked = false, \
         leased_until = clock_timestamp() + $3 * interval '1 second', updated_at = clock_timestamp(), \
         finished_at = NULL, error = NULL WHERE tenant_id = $1 AND id = $2 {HELD}, $3::float8 AS lease"
    );
    let hold = diesel::sql_query(text).bind::<SqlUuid, _>(tenant).bind::<SqlUuid, _>(id);
    Ok(hold.bind::<Double, _>(LEASE.as_secs_f64()).get_result(conn).optional()?)
}

#[derive(QueryableByName)]
struct Asked {
    #[diesel(sql_type = diesel::sql_types::Bool)]
    cancel_asked: bool,
}

/// Keeps the lease, and puts down progress where there is some; whether the job was asked to end. Fails with [`LOST`]
/// where another worker has it by now: in a transaction with the work, nothing of that is kept.
pub fn keep(conn: &mut Conn, held: &Held, progress: Option<&Value>) -> Result<bool> {
    kept(conn, held, progress, progress.is_some())
}

/// The same, of progress that a worker who takes over begins anew.
pub fn tell(conn: &mut Conn, held: &Held, progress: &Value) -> Result<bool> {
    kept(conn, held, Some(progress), false)
}

fn kept(conn: &mut Conn, held: &Held, progress: Option<&Value>, lasts: bool) -> Result<bool> {
    let text = "UPDATE jobs SET leased_until = clock_timestamp() + $4 * interval '1 second', \
                progress = coalesce($5, progress), attempts = CASE WHEN $6 THEN 1 ELSE attempts END, \
                version = version + 1, updated_at = clock_timestamp() \
                WHERE tenant_id = $1 AND id = $2 AND fence = $3 AND status = 'running' RETURNING cancel_asked";
    let keep = mine(held, text).bind::<Double, _>(held.lease).bind::<Nullable<Jsonb>, _>(progress);
    let kept: Option<Asked> = keep.bind::<diesel::sql_types::Bool, _>(lasts).get_result(conn).optional()?;
    kept.map(|asked| asked.cancel_asked).ok_or_else(|| LOST.into())
}

#[derive(QueryableByName)]
struct Told {
    #[diesel(sql_type = Jsonb)]
    progress: Value,
}

/// How far a job had come when somebody last wrote it down.
pub fn progress(conn: &mut Conn, held: &Held) -> Result<Value> {
    let text = "SELECT progress FROM jobs WHERE tenant_id = $1 AND id = $2 AND fence = $3";
    let told: Option<Told> = mine(held, text).get_result(conn).optional()?;
    told.map(|told| told.progress).ok_or_else(|| LOST.into())
}

/// Ends a job.
pub fn end(conn: &mut Conn, held: &Held, status: &str, error: Option<&str>) -> Result<()> {
    let text = "UPDATE jobs SET status = $4, error = $5, leased_until = NULL, version = version + 1, \
                updated_at = clock_timestamp(), finished_at = clock_timestamp() \
                WHERE tenant_id = $1 AND id = $2 AND fence = $3 AND status = 'running'";
    let done = mine(held, text).bind::<Text, _>(status).bind::<Nullable<Text>, _>(error);
    if done.execute(conn)? == 1 { Ok(()) } else { Err(LOST.into()) }
}

/// Takes a job away that is done and leaves nothing to be seen.
pub fn discard(conn: &mut Conn, held: &Held) -> Result<()> {
    let text = "DELETE FROM jobs WHERE tenant_id = $1 AND id = $2 AND fence = $3 AND status = 'running'";
    if mine(held, text).execute(conn)? == 1 { Ok(()) } else { Err(LOST.into()) }
}

/// Lays a job back, to be tried again after a while: 2 s, then 8, 32, 128.
pub fn retry(conn: &mut Conn, held: &Held, error: &str) -> Result<()> {
    let pause = 2_f64 * 4_f64.powi(held.attempts.clamp(1, MOST_ATTEMPTS) - 1);
    let text = "UPDATE jobs SET status = 'queued', error = $4, run_at = clock_timestamp() + $5 * interval '1 second', \
                leased_until = NULL, version = version + 1, updated_at = clock_timestamp() \
                WHERE tenant_id = $1 AND id = $2 AND fence = $3 AND status = 'running'";
    let done = mine(held, text).bind::<Text, _>(error).bind::<Double, _>(pause);
    if done.execute(conn)? == 1 { Ok(()) } else { Err(LOST.into()) }
}

/// Lays a job back for whoever comes next.
pub fn release(conn: &mut Conn, held: &Held) -> Result<()> {
    let text = "UPDATE jobs SET status = 'queued', leased_until = NULL, attempts = 0, version = version + 1, \
                updated_at = clock_timestamp() WHERE tenant_id = $1 AND id = $2 AND fence = $3 AND status = 'running'";
    if mine(held, text).execute(conn)? == 1 { Ok(()) } else { Err(LOST.into()) }
}

fn mine<'a>(held: &Held, text: &'a str) -> BoxedSqlQuery<'a, Pg, SqlQuery> {
    let query = diesel::sql_query(text).into_boxed().bind::<SqlUuid, _>(held.tenant_id);
    query.bind::<SqlUuid, _>(held.id).bind::<BigInt, _>(held.fence)
}
