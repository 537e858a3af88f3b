//! The queries of a replay.
use crate::Conn;
use crate::job::Job;
use crate::moment::first_of;
use crate::schema::jobs;
use chrono::{DateTime, Duration, Utc};
use diesel::prelude::*;
use diesel::result::QueryResult;
use diesel::sql_types::{BigInt, Uuid as SqlUuid};
use kernel::{JobId, TenantId};

/// An event may have got its id so much before or after the moment that it tells: imports tell when they began.
const SLACK: Duration = Duration::hours(1);

pub(super) fn job(conn: &mut Conn, tenant: TenantId, id: JobId) -> QueryResult<Job> {
    jobs::table.find((tenant, id)).select(Job::as_select()).first(conn)
}

#[derive(QueryableByName)]
struct Places {
    #[diesel(sql_type = BigInt)]
    after: i64,
    #[diesel(sql_type = BigInt)]
    before: i64,
}

/// The places in the order between which lies all that happened between two moments; by the ids of the events, which tell
/// the time.
pub(super) fn places(
    conn: &mut Conn,
    tenant: TenantId,
    after: DateTime<Utc>,
    before: DateTime<Utc>,
) -> QueryResult<(i64, i64)> {
    let text = "SELECT coalesce(min(c.seq) - 1, 0) AS after, coalesce(max(c.seq) + 1, 0) AS before FROM audit_log AS a \
                JOIN audit_chain AS c ON c.tenant_id = a.tenant_id AND c.audit_id = a.id \
                WHERE a.tenant_id = $1 AND a.id >= $2 AND a.id < $3";
    let places: Places = diesel::sql_query(text)
        .bind::<SqlUuid, _>(tenant)
        .bind::<SqlUuid, _>(first_of(after - SLACK))
        .bind::<SqlUuid, _>(first_of(before + SLACK))
        .get_result(conn)?;
    Ok((places.after, places.before))
}
