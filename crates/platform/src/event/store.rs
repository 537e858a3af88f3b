//! The queries of events, in their order along the chain of the audit trail.
use crate::Conn;
use crate::filter::{Part, Question, Value};
use chrono::{DateTime, Utc};
use diesel::prelude::*;
use diesel::result::QueryResult;
use diesel::sql_types::{BigInt, Int4, Nullable, Text, Timestamptz, Uuid as SqlUuid};
use kernel::{ApiKeyId, EventId, RequestId, Result, TenantId, UserId};
use std::collections::HashMap;
use uuid::Uuid;

/// An event as it is kept, in its place.
#[derive(Clone, Debug, Queryable)]
pub struct Row {
    pub seq: i64,
    pub id: EventId,
    pub name: String,
    pub noun: String,
    pub record: Uuid,
    pub version: i32,
    pub actor: UserId,
    pub key: Option<ApiKeyId>,
    pub request: RequestId,
    pub occurred_at: DateTime<Utc>,
    /// the columns of the record, as JSON
    pub data: String,
    /// the same as of the event before
    pub before: Option<String>,
}

type RowSql = (
    BigInt,
    SqlUuid,
    Text,
    Text,
    SqlUuid,
    Int4,
    SqlUuid,
    Nullable<SqlUuid>,
    SqlUuid,
    Timestamptz,
    Text,
    Nullable<Text>,
);

/// What was read of the order.
#[derive(Clone, Debug)]
pub struct Window {
    pub rows: Vec<Row>,
    /// how far the order was looked through: what comes next is after it
    pub position: i64,
    pub has_more: bool,
}

/// Links of the chain that are looked through at once, where events of few nouns are wanted.
const SPAN: i64 = 2_000;

const COLUMNS: &str = "c.seq, e.id, e.name, a.noun, e.object_id, e.version, e.actor_id, a.api_key_id, e.request_id, \
     e.occurred_at, e.data::text, p.data::text FROM ";
/// The event that an audit row stands beside, and the one before it of the same record.
const EVENT: &str = " JOIN event_log AS e ON e.tenant_id = a.tenant_id AND e.object_id = a.object_id \
     AND e.version = a.version AND e.id = a.id LEFT JOIN LATERAL (SELECT b.data FROM event_log AS b \
     WHERE b.tenant_id = e.tenant_id AND b.object_id = e.object_id AND (b.version, b.id) < (e.version, e.id) \
     ORDER BY b.version DESC, b.id DESC LIMIT 1) AS p ON e.name NOT LIKE '%.created'";

/// The events that come after a place in the order, at most so many; with `nouns`, those of these.
pub fn rows(conn: &mut Conn, tenant: TenantId, after: i64, limit: i64, nouns: Option<&[&str]>) -> Result<Window> {
    let Some((upto, links)) = span(conn, tenant, after)? else {
        return Ok(Window { rows: Vec::new(), position: after, has_more: false });
    };
    let mut parts =
        vec![Part::Sql(COLUMNS), Part::Sql("audit_chain AS c JOIN audit_log AS a ON a.tenant_id = c.tenant_id ")];
    parts.extend([Part::Sql("AND a.id = c.audit_id"), Part::Sql(EVENT), Part::Sql(" WHERE c.tenant_id = ")]);
    parts.extend([id(tenant), Part::Sql(" AND c.seq > "), int(after), Part::Sql(" AND c.seq <= "), int(upto)]);
    if let Some(nouns) = nouns {
        let nouns = nouns.iter().map(|noun| (*noun).to_owned()).collect();
        parts.extend([Part::Sql(" AND a.noun = ANY ("), Part::Bind(Value::Texts(nouns)), Part::Sql(")")]);
    }
    parts.extend([Part::Sql(" ORDER BY c.seq LIMIT "), int(limit)]);
    let rows: Vec<Row> = Question::<RowSql>::new(parts).load(conn)?;
    let full = rows.last().filter(|_| is_full(&rows, limit)).map(|last| last.seq);
    let has_more = links == SPAN || full.is_some_and(|last| last < upto);
    Ok(Window { rows, position: full.unwrap_or(upto), has_more })
}

/// Those at these places in the order, as far as they are still kept.
pub fn rows_at(conn: &mut Conn, tenant: TenantId, places: &[i64]) -> Result<Vec<Row>> {
    let chain = "audit_chain AS c JOIN audit_log AS a ON a.tenant_id = c.tenant_id AND a.id = c.audit_id";
    let mut parts = vec![Part::Sql(COLUMNS), Part::Sql(chain), Part::Sql(EVENT), Part::Sql(" WHERE c.tenant_id = ")];
    parts.extend([id(tenant), Part::Sql(" AND c.seq = ANY ("), Part::Bind(Value::Ints(places.to_vec()))]);
    parts.push(Part::Sql(") ORDER BY c.seq"));
    Ok(Question::<RowSql>::new(parts).load(conn)?)
}

/// Those of one record.
pub fn rows_of(conn: &mut Conn, tenant: TenantId, record: Uuid, after: i64, limit: i64) -> Result<Window> {
    let (_, head) = bounds(conn, tenant)?;
    let mut parts =
        vec![Part::Sql(COLUMNS), Part::Sql("audit_log AS a JOIN audit_chain AS c ON c.tenant_id = a.tenant_id ")];
    parts.extend([Part::Sql("AND c.audit_id = a.id"), Part::Sql(EVENT), Part::Sql(" WHERE a.tenant_id = ")]);
    parts.extend([id(tenant), Part::Sql(" AND a.object_id = "), Part::Bind(Value::Id(record))]);
    parts.extend([Part::Sql(" AND c.seq > "), int(after), Part::Sql(" AND c.seq <= "), int(head)]);
    parts.extend([Part::Sql(" ORDER BY c.seq LIMIT "), int(limit)]);
    let rows: Vec<Row> = Question::<RowSql>::new(parts).load(conn)?;
    let full = rows.last().filter(|_| is_full(&rows, limit)).map(|last| last.seq);
    Ok(Window { position: full.unwrap_or(head.max(after)), has_more: full.is_some_and(|last| last < head), rows })
}

fn is_full(rows: &[Row], limit: i64) -> bool {
    i64::try_from(rows.len()).is_ok_and(|many| many >= limit)
}

/// How far a span reaches that begins after a place, and how many links it has.
fn span(conn: &mut Conn, tenant: TenantId, after: i64) -> QueryResult<Option<(i64, i64)>> {
    let parts = vec![
        Part::Sql("max(s.seq), count(*) FROM (SELECT seq FROM audit_chain WHERE tenant_id = "),
        id(tenant),
        Part::Sql(" AND seq > "),
        int(after),
        Part::Sql(" ORDER BY seq LIMIT "),
        int(SPAN),
        Part::Sql(") AS s"),
    ];
    let (upto, links): (Option<i64>, i64) = Question::<(Nullable<BigInt>, BigInt)>::new(parts).get_result(conn)?;
    Ok(upto.map(|upto| (upto, links)))
}

/// The first place in the order that is still kept, and the last; 1 and 0 where there is none yet.
pub fn bounds(conn: &mut Conn, tenant: TenantId) -> QueryResult<(i64, i64)> {
    let end = |order: &'static str| {
        [
            Part::Sql("(SELECT seq FROM audit_chain WHERE tenant_id = "),
            id(tenant),
            Part::Sql(order),
            Part::Sql(" LIMIT 1)"),
        ]
    };
    let mut parts = vec![Part::Sql("coalesce(")];
    parts.extend(end(" ORDER BY seq"));
    parts.push(Part::Sql(", 1), coalesce("));
    parts.extend(end(" ORDER BY seq DESC"));
    parts.push(Part::Sql(", 0)"));
    Question::<(BigInt, BigInt)>::new(parts).get_result(conn)
}

/// Where the order of each of these tenants ends.
pub fn heads(conn: &mut Conn, tenants: &[TenantId]) -> Result<HashMap<TenantId, i64>> {
    let parts = vec![
        Part::Sql(
            "t.id, coalesce((SELECT seq FROM audit_chain WHERE tenant_id = t.id ORDER BY seq DESC LIMIT 1), 0) FROM unnest(",
        ),
        Part::Bind(Value::Ids(tenants.iter().map(|tenant| tenant.0).collect())),
        Part::Sql(") AS t (id)"),
    ];
    let heads: Vec<(TenantId, i64)> = Question::<(SqlUuid, BigInt)>::new(parts).load(conn)?;
    Ok(heads.into_iter().collect())
}

/// The place of an event; nothing where there is none of this id, or none that has a place yet.
pub fn position(conn: &mut Conn, tenant: TenantId, event: Uuid) -> QueryResult<Option<i64>> {
    let parts = vec![
        Part::Sql("seq FROM audit_chain WHERE tenant_id = "),
        id(tenant),
        Part::Sql(" AND audit_id = "),
        Part::Bind(Value::Id(event)),
    ];
    Question::<BigInt>::new(parts).get_result(conn).optional()
}

fn id(tenant: TenantId) -> Part {
    Part::Bind(Value::Id(tenant.0))
}

fn int(number: i64) -> Part {
    Part::Bind(Value::Int(number))
}
