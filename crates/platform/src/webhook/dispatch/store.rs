//! The queries of the dispatch, over all tenants. Leases are measured by the clock of the database.
use super::{AT_ONCE, Held, LEASE, Tried};
use crate::Conn;
use crate::schema::webhook_endpoints;
use crate::webhook::fanout::Eyes;
use chrono::{DateTime, Utc};
use diesel::prelude::*;
use diesel::result::QueryResult;
use diesel::sql_types::{Array, BigInt, Double, Integer, Jsonb, Nullable, Text, Timestamptz, Uuid as SqlUuid};
use kernel::{Ctx, EventId, TenantId, UserId, WebhookDeliveryId, WebhookEndpointId};
use serde_json::json;
use std::time::Duration;
use uuid::Uuid;

/// Attempts that are kept of a delivery.
const KEPT: i32 = 20;

#[derive(QueryableByName)]
struct Taken {
    #[diesel(sql_type = SqlUuid)]
    tenant_id: TenantId,
    #[diesel(sql_type = SqlUuid)]
    id: WebhookDeliveryId,
    #[diesel(sql_type = SqlUuid)]
    endpoint_id: WebhookEndpointId,
    #[diesel(sql_type = SqlUuid)]
    event_id: EventId,
    #[diesel(sql_type = Text)]
    event_name: String,
    #[diesel(sql_type = SqlUuid)]
    object_id: Uuid,
    #[diesel(sql_type = Nullable<BigInt>)]
    seq: Option<i64>,
    #[diesel(sql_type = Integer)]
    attempt_count: i32,
    #[diesel(sql_type = BigInt)]
    fence: i64,
    #[diesel(sql_type = Text)]
    url: String,
    #[diesel(sql_type = SqlUuid)]
    user_id: UserId,
    #[diesel(sql_type = Nullable<Array<Text>>)]
    nouns: Option<Vec<String>>,
}

impl From<Taken> for Held {
    fn from(row: Taken) -> Self {
        Self {
            id: row.id,
            endpoint: row.endpoint_id,
            eyes: Eyes { tenant: row.tenant_id, user: row.user_id, nouns: row.nouns },
            url: row.url,
            event: row.event_id,
            event_name: row.event_name,
            object: row.object_id,
            seq: row.seq,
            attempt_count: row.attempt_count,
            fence: row.fence,
        }
    }
}

// A delivery that is known by its id is found by that: as long as a table has no statistics, PostgreSQL would sooner walk
// all that waits of a tenant, by the index of those that are pending, which holds where `status = 'pending'` stands as
// such. What is due is so by the moment at which the statement began, which does not move while it runs: so the index
// leads to it, and nothing is read of what waits for later.

/// Endpoint by endpoint along the index, those that have something pending; of each what is due first, as much as may be on
/// its way beside what is; and of all as much as there is room for: what is due first of each, then what is second.
const CLAIM: &str = "WITH RECURSIVE waiting AS ( \
       (SELECT tenant_id, endpoint_id FROM webhook_deliveries WHERE status = 'pending' \
        ORDER BY tenant_id, endpoint_id LIMIT 1) \
     UNION ALL \
       SELECT next.* FROM waiting AS w CROSS JOIN LATERAL (SELECT d.tenant_id, d.endpoint_id FROM webhook_deliveries AS d \
        WHERE d.status = 'pending' AND (d.tenant_id, d.endpoint_id) > (w.tenant_id, w.endpoint_id) \
        ORDER BY d.tenant_id, d.endpoint_id LIMIT 1) AS next \
     ), due AS ( \
       SELECT d.tenant_id, d.id, e.url, e.user_id, e.nouns, e.failing_at, d.place FROM waiting AS w \
       JOIN webhook_endpoints AS e ON e.tenant_id = w.tenant_id AND e.id = w.endpoint_id \
        AND e.status = 'enabled' AND e.deleted_at IS NULL \
       CROSS JOIN LATERAL (SELECT p.tenant_id, p.id, row_number() OVER (ORDER BY p.next_attempt_at) AS place \
        FROM webhook_deliveries AS p WHERE p.tenant_id = w.tenant_id AND p.endpoint_id = w.endpoint_id \
        AND p.status = 'pending' AND p.next_attempt_at <= statement_timestamp() ORDER BY p.next_attempt_at \
        LIMIT greatest(0, (CASE WHEN e.failing_at IS NULL THEN $1 ELSE 1 END) - (SELECT count(*) \
         FROM webhook_deliveries AS f WHERE f.tenant_id = w.tenant_id AND f.endpoint_id = w.endpoint_id \
         AND f.leased_until > statement_timestamp()))) AS d \
       ORDER BY d.place, e.failing_at IS NOT NULL, random() LIMIT $2 \
     ), mine AS ( \
       SELECT d.tenant_id, d.id, due.url, due.user_id, due.nouns FROM due JOIN webhook_deliveries AS d \
        ON d.tenant_id = due.tenant_id AND d.id = due.id WHERE d.status || '' = 'pending' \
        AND d.next_attempt_at <= statement_timestamp() FOR UPDATE OF d SKIP LOCKED \
     ) \
     UPDATE webhook_deliveries AS d SET fence = d.fence + 1, \
       leased_until = clock_timestamp() + $3 * interval '1 second', \
       next_attempt_at = clock_timestamp() + $3 * interval '1 second' \
     FROM mine WHERE d.tenant_id = mine.tenant_id AND d.id = mine.id \
     RETURNING d.tenant_id, d.id, d.endpoint_id, d.event_id, d.event_name, d.object_id, d.seq, d.attempt_count, d.fence, \
       mine.url, mine.user_id, mine.nouns";

/// Takes what is due, as much as there is room for.
pub fn claim(conn: &mut Conn, room: i64) -> QueryResult<Vec<Held>> {
    let taken: Vec<Taken> = diesel::sql_query(CLAIM)
        .bind::<BigInt, _>(AT_ONCE)
        .bind::<BigInt, _>(room)
        .bind::<Double, _>(LEASE.as_secs_f64())
        .load(conn)?;
    Ok(taken.into_iter().map(Held::from).collect())
}

/// Writes an attempt down, and when the next one is, if there is one. `false` where the lease has run out and another
/// worker has it, or it was begun anew.
pub(super) fn ended(conn: &mut Conn, one: &Tried, status: &str, pause: Option<Duration>) -> QueryResult<bool> {
    let text = "UPDATE webhook_deliveries SET status = $4, attempt_count = attempt_count + 1, leased_until = NULL, \
                attempts = (CASE WHEN jsonb_array_length(attempts) >= $7 THEN attempts - 0 ELSE attempts END) || $5, \
                next_attempt_at = clock_timestamp() + $6 * interval '1 second', version = version + 1, \
                updated_at = clock_timestamp(), finished_at = CASE WHEN $4 <> 'pending' THEN clock_timestamp() END \
                WHERE tenant_id = $1 AND id = $2 AND fence = $3 AND status || '' = 'pending'";
    let done = diesel::sql_query(text)
        .bind::<SqlUuid, _>(one.held.eyes.tenant)
        .bind::<SqlUuid, _>(one.held.id)
        .bind::<BigInt, _>(one.held.fence)
        .bind::<Text, _>(status)
        .bind::<Jsonb, _>(json!([one.attempt]))
        .bind::<Nullable<Double>, _>(pause.map(|pause| pause.as_secs_f64()))
        .bind::<Integer, _>(KEPT)
        .execute(conn)?;
    Ok(done == 1)
}

/// Something has come through again.
pub(super) fn came_through(conn: &mut Conn, ctx: &Ctx, id: WebhookEndpointId) -> QueryResult<()> {
    let failing = webhook_endpoints::table.find((ctx.tenant, id)).filter(webhook_endpoints::failing_at.is_not_null());
    let fine = (
        webhook_endpoints::failing_at.eq(None::<DateTime<Utc>>),
        webhook_endpoints::version.eq(webhook_endpoints::version + 1),
    );
    diesel::update(failing).set(fine).execute(conn)?;
    Ok(())
}

#[derive(QueryableByName)]
struct Since {
    #[diesel(sql_type = Nullable<Timestamptz>)]
    failing_at: Option<DateTime<Utc>>,
}

/// Since when nothing has come through: since now, where it was fine until now.
pub(super) fn failed(conn: &mut Conn, ctx: &Ctx, id: WebhookEndpointId) -> QueryResult<Option<DateTime<Utc>>> {
    let fine = webhook_endpoints::table.find((ctx.tenant, id)).filter(webhook_endpoints::failing_at.is_null());
    let failing =
        (webhook_endpoints::failing_at.eq(ctx.now), webhook_endpoints::version.eq(webhook_endpoints::version + 1));
    diesel::update(fine).set(failing).execute(conn)?;
    let text = "SELECT failing_at FROM webhook_endpoints WHERE tenant_id = $1 AND id = $2";
    let since: Option<Since> =
        diesel::sql_query(text).bind::<SqlUuid, _>(ctx.tenant).bind::<SqlUuid, _>(id).get_result(conn).optional()?;
    Ok(since.and_then(|since| since.failing_at))
}
