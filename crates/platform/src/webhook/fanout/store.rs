//! The queries of the fan-out, over all tenants: who goes through what, and what is put down.
use super::Eyes;
use crate::Conn;
use crate::event::Event;
use crate::filter::Part;
use crate::privacy::statement::Statement;
use crate::schema::{webhook_cursors, webhook_endpoints};
use crate::webhook::delivery::id_of;
use crate::webhook::endpoint::ENABLED;
use chrono::{DateTime, Utc};
use diesel::prelude::*;
use diesel::result::QueryResult;
use diesel::sql_types::{Array, BigInt, Text, Timestamptz, Uuid as SqlUuid};
use kernel::{Ctx, TenantId, UserId, WebhookEndpointId};
use std::collections::BTreeSet;
use uuid::Uuid;

/// An endpoint as the fan-out sees it.
#[derive(Clone, Debug)]
pub struct Subscriber {
    pub id: WebhookEndpointId,
    pub eyes: Eyes,
    pub events: Vec<String>,
    pub filter: Option<String>,
    pub changed_fields: Vec<String>,
    pub begins_after: Option<i64>,
}

type Row = (WebhookEndpointId, UserId, Option<Vec<String>>, Vec<String>, Option<String>, Vec<String>, Option<i64>);

const COLUMNS: (
    webhook_endpoints::id,
    webhook_endpoints::user_id,
    webhook_endpoints::nouns,
    webhook_endpoints::events,
    webhook_endpoints::filter,
    webhook_endpoints::changed_fields,
    webhook_endpoints::begins_after,
) = (
    webhook_endpoints::id,
    webhook_endpoints::user_id,
    webhook_endpoints::nouns,
    webhook_endpoints::events,
    webhook_endpoints::filter,
    webhook_endpoints::changed_fields,
    webhook_endpoints::begins_after,
);

fn read(tenant: TenantId, (id, user, nouns, events, filter, changed_fields, begins_after): Row) -> Subscriber {
    Subscriber { id, eyes: Eyes { tenant, user, nouns }, events, filter, changed_fields, begins_after }
}

/// The endpoints that something is sent to.
pub(super) fn subscribers(conn: &mut Conn, tenant: TenantId) -> QueryResult<Vec<Subscriber>> {
    let all: Vec<Row> = webhook_endpoints::table
        .filter(webhook_endpoints::tenant_id.eq(tenant))
        .filter(webhook_endpoints::deleted_at.is_null())
        .filter(webhook_endpoints::status.eq(ENABLED))
        .order(webhook_endpoints::id)
        .select(COLUMNS)
        .load(conn)?;
    Ok(all.into_iter().map(|row| read(tenant, row)).collect())
}

/// One of them.
pub fn subscriber(conn: &mut Conn, tenant: TenantId, id: WebhookEndpointId) -> QueryResult<Option<Subscriber>> {
    let one: Option<Row> = webhook_endpoints::table
        .find((tenant, id))
        .filter(webhook_endpoints::deleted_at.is_null())
        .filter(webhook_endpoints::status.eq(ENABLED))
        .select(COLUMNS)
        .first(conn)
        .optional()?;
    Ok(one.map(|row| read(tenant, row)))
}

/// From now on the events of the tenant are gone through: nothing that is not in the order yet is passed over.
pub fn begin(conn: &mut Conn, tenant: TenantId) -> QueryResult<()> {
    let text = "INSERT INTO webhook_cursors (tenant_id, position) \
                SELECT $1, coalesce(max(seq), 0) FROM audit_chain WHERE tenant_id = $1 ON CONFLICT DO NOTHING";
    diesel::sql_query(text).bind::<SqlUuid, _>(tenant).execute(conn)?;
    Ok(())
}

/// The tenants that have, or had, endpoints.
pub fn tenants(conn: &mut Conn) -> QueryResult<Vec<TenantId>> {
    webhook_cursors::table.order(webhook_cursors::tenant_id).select(webhook_cursors::tenant_id).load(conn)
}

#[derive(QueryableByName)]
struct Due {
    #[diesel(sql_type = SqlUuid)]
    tenant_id: TenantId,
}

/// Those of whom something has happened since.
pub fn due(conn: &mut Conn) -> QueryResult<Vec<TenantId>> {
    let text = "SELECT w.tenant_id FROM webhook_cursors AS w WHERE EXISTS (SELECT FROM audit_chain AS c \
                WHERE c.tenant_id = w.tenant_id AND c.seq > w.position)";
    let due: Vec<Due> = diesel::sql_query(text).load(conn)?;
    Ok(due.into_iter().map(|one| one.tenant_id).collect())
}

/// How far it has come, for whoever goes on; nothing where somebody does already.
pub(super) fn hold(conn: &mut Conn, tenant: TenantId) -> QueryResult<Option<i64>> {
    let cursor = webhook_cursors::table.find(tenant).select(webhook_cursors::position);
    cursor.for_update().skip_locked().first(conn).optional()
}

pub(super) fn moved(conn: &mut Conn, tenant: TenantId, position: i64) -> QueryResult<usize> {
    diesel::update(webhook_cursors::table.find(tenant)).set(webhook_cursors::position.eq(position)).execute(conn)
}

pub(super) fn begins_after(conn: &mut Conn, tenant: TenantId, id: WebhookEndpointId, seq: i64) -> QueryResult<usize> {
    let one = webhook_endpoints::table.find((tenant, id)).filter(webhook_endpoints::begins_after.is_null());
    diesel::update(one).set(webhook_endpoints::begins_after.eq(seq)).execute(conn)
}

/// The records among these of which a condition holds, archived ones too. That they are seen was asked before.
pub(super) fn holding(
    conn: &mut Conn,
    ctx: &Ctx,
    table: &'static str,
    condition: Vec<Part>,
    among: &BTreeSet<Uuid>,
) -> QueryResult<BTreeSet<Uuid>> {
    if among.is_empty() {
        return Ok(BTreeSet::new());
    }
    let mut statement = Statement::new("SELECT ");
    statement.name(table).sql(".id FROM ").name(table).sql(" WHERE ").name(table).sql(".tenant_id = ").id(ctx.tenant);
    statement.sql(" AND ").name(table).sql(".id = ANY (").ids(among).sql(") AND (").filter(condition).sql(")");
    Ok(statement.load_ids(conn)?.into_iter().collect())
}

/// What a delivery is put down with, and what becomes of one that is there already.
const PUT: &str = "INSERT INTO webhook_deliveries (tenant_id, id, endpoint_id, event_id, event_name, object_id, seq, status, \
     next_attempt_at, created_at, updated_at) SELECT $1, n.id, $2, n.event_id, n.name, n.object_id, n.seq, 'pending', \
     clock_timestamp(), $8, $8 FROM unnest($3, $4, $5, $6, $7) AS n (id, event_id, name, object_id, seq) ";

/// Puts down what is due at once; how many there were not yet.
pub fn put_down(
    conn: &mut Conn,
    tenant: TenantId,
    endpoint: WebhookEndpointId,
    events: &[Event],
    now: DateTime<Utc>,
) -> QueryResult<usize> {
    put(conn, tenant, endpoint, events, now, "ON CONFLICT (tenant_id, id) DO NOTHING")
}

/// The same, and what has ended begins anew.
pub fn put_down_again(
    conn: &mut Conn,
    tenant: TenantId,
    endpoint: WebhookEndpointId,
    events: &[Event],
    now: DateTime<Utc>,
) -> QueryResult<usize> {
    let again = "ON CONFLICT (tenant_id, id) DO UPDATE SET status = 'pending', next_attempt_at = clock_timestamp(), \
                 attempt_count = 0, finished_at = NULL, version = webhook_deliveries.version + 1, \
                 updated_at = excluded.updated_at WHERE webhook_deliveries.status <> 'pending'";
    put(conn, tenant, endpoint, events, now, again)
}

fn put(
    conn: &mut Conn,
    tenant: TenantId,
    endpoint: WebhookEndpointId,
    events: &[Event],
    now: DateTime<Utc>,
    otherwise: &str,
) -> QueryResult<usize> {
    if events.is_empty() {
        return Ok(0);
    }
    let text = [PUT, otherwise].concat();
    let ids: Vec<Uuid> = events.iter().map(|event| id_of(endpoint, event.id).0).collect();
    diesel::sql_query(text)
        .bind::<SqlUuid, _>(tenant)
        .bind::<SqlUuid, _>(endpoint)
        .bind::<Array<SqlUuid>, _>(ids)
        .bind::<Array<SqlUuid>, _>(events.iter().map(|event| event.id).collect::<Vec<_>>())
        .bind::<Array<Text>, _>(events.iter().map(|event| event.r#type.as_str()).collect::<Vec<_>>())
        .bind::<Array<SqlUuid>, _>(events.iter().map(|event| event.record_id).collect::<Vec<_>>())
        .bind::<Array<BigInt>, _>(events.iter().map(|event| event.seq).collect::<Vec<_>>())
        .bind::<Timestamptz, _>(now)
        .execute(conn)
}
