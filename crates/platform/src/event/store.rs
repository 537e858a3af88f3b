//! The queries of events, in their order along the chain of the audit trail.
use crate::filter::{Part, Question, Value};
use crate::history::SLACK;
use crate::{Conn, moment};
use chrono::{DateTime, Duration, Utc};
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

/// What was changed was mostly changed not long before, and if not, then within a year or so.
const LATELY: [Duration; 2] = [Duration::days(45), Duration::days(400)];

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

const COLUMNS: &str = "c.seq, e.id, e.name, e.noun, e.object_id, e.version, e.actor_id, e.api_key_id, e.request_id, \
     e.occurred_at, e.data::text, NULL FROM ";
/// The events, in their order.
const CHAIN: &str = "audit_chain AS c JOIN event_log AS e ON e.tenant_id = c.tenant_id AND e.id = c.audit_id";

/// The same, link by link, however many come into question; from and to which id says what months are opened.
const STEPS: &str = "audit_chain AS c CROSS JOIN LATERAL (SELECT * FROM event_log AS l WHERE l.tenant_id = c.tenant_id \
     AND l.id = c.audit_id AND l.id >= ";

/// The events that come after a place in the order, at most so many; with `nouns`, those of these.
pub fn rows(conn: &mut Conn, tenant: TenantId, after: i64, limit: i64, nouns: Option<&[&str]>) -> Result<Window> {
    let Some(Span { upto, links, first, last }) = span(conn, tenant, after)? else {
        return Ok(Window { rows: Vec::new(), position: after, has_more: false });
    };
    let mut parts =
        vec![Part::Sql(COLUMNS), Part::Sql(STEPS), Part::Bind(Value::Id(first)), Part::Sql(" AND l.id <= ")];
    parts.extend([Part::Bind(Value::Id(last)), Part::Sql(" LIMIT 1) AS e WHERE c.tenant_id = ")]);
    parts.extend([id(tenant), Part::Sql(" AND c.seq > "), int(after), Part::Sql(" AND c.seq <= "), int(upto)]);
    if let Some(nouns) = nouns {
        let nouns = nouns.iter().map(|noun| (*noun).to_owned()).collect();
        parts.extend([Part::Sql(" AND e.noun = ANY ("), Part::Bind(Value::Texts(nouns)), Part::Sql(")")]);
    }
    parts.extend([Part::Sql(" ORDER BY c.seq LIMIT "), int(limit)]);
    let rows: Vec<Row> = Question::<RowSql>::new(parts).load(conn)?;
    let rows = with_before(conn, tenant, rows)?;
    let full = rows.last().filter(|_| is_full(&rows, limit)).map(|last| last.seq);
    let has_more = links == SPAN || full.is_some_and(|last| last < upto);
    Ok(Window { rows, position: full.unwrap_or(upto), has_more })
}

/// Those at these places in the order, as far as they are still kept.
pub fn rows_at(conn: &mut Conn, tenant: TenantId, places: &[i64]) -> Result<Vec<Row>> {
    let mut parts = vec![Part::Sql(COLUMNS), Part::Sql(CHAIN), Part::Sql(" WHERE c.tenant_id = ")];
    parts.extend([id(tenant), Part::Sql(" AND c.seq = ANY ("), Part::Bind(Value::Ints(places.to_vec()))]);
    parts.push(Part::Sql(") ORDER BY c.seq"));
    let rows: Vec<Row> = Question::<RowSql>::new(parts).load(conn)?;
    Ok(with_before(conn, tenant, rows)?)
}

/// Those of one record.
pub fn rows_of(conn: &mut Conn, tenant: TenantId, record: Uuid, after: i64, limit: i64) -> Result<Window> {
    let head = heads(conn, &[tenant])?.remove(&tenant).unwrap_or_default();
    let mut parts = vec![Part::Sql(COLUMNS), Part::Sql(CHAIN), Part::Sql(" WHERE e.tenant_id = ")];
    parts.extend([id(tenant), Part::Sql(" AND e.object_id = "), Part::Bind(Value::Id(record))]);
    parts.extend([Part::Sql(" AND e.id >= "), Part::Bind(Value::Id(moment::since(record, SLACK)))]);
    parts.extend([Part::Sql(" AND c.seq > "), int(after), Part::Sql(" AND c.seq <= "), int(head)]);
    parts.extend([Part::Sql(" ORDER BY c.seq LIMIT "), int(limit)]);
    let rows: Vec<Row> = Question::<RowSql>::new(parts).load(conn)?;
    let rows = with_before(conn, tenant, rows)?;
    let full = rows.last().filter(|_| is_full(&rows, limit)).map(|last| last.seq);
    Ok(Window { position: full.unwrap_or(head.max(after)), has_more: full.is_some_and(|last| last < head), rows })
}

/// What the records were before. The last months are asked first, and earlier ones, as far back as a record was there, where
/// they do not say: a question that says from when to when opens no other month.
fn with_before(conn: &mut Conn, tenant: TenantId, mut rows: Vec<Row>) -> QueryResult<Vec<Row>> {
    let Some(oldest) = rows.iter().map(|row| row.id.0).min() else { return Ok(rows) };
    let mut until = Uuid::max();
    for since in LATELY.map(|ago| moment::since(oldest, ago)).into_iter().chain([Uuid::nil()]) {
        let is_open = |row: &&Row| row.before.is_none() && !row.name.ends_with(".created");
        let made = |row: &Row| moment::since(row.record, SLACK);
        let open: Vec<&Row> = rows.iter().filter(is_open).filter(|row| made(row) < until).collect();
        let Some(first) = open.iter().map(|row| made(row)).min() else { return Ok(rows) };
        let known = before(conn, tenant, &open, since.max(first), until)?;
        let mut known: HashMap<Uuid, String> = known.into_iter().collect();
        rows.iter_mut().filter(|row| row.before.is_none()).for_each(|row| row.before = known.remove(&row.id.0));
        until = since;
    }
    Ok(rows)
}

/// The event of the same record before each of these, among those with ids from here to there.
fn before(
    conn: &mut Conn,
    tenant: TenantId,
    of: &[&Row],
    since: Uuid,
    until: Uuid,
) -> QueryResult<Vec<(Uuid, String)>> {
    let ids = |of: Vec<Uuid>| Part::Bind(Value::Ids(of));
    let mut parts = vec![Part::Sql("e.id, p.data::text FROM unnest(")];
    parts.extend([ids(of.iter().map(|row| row.id.0).collect()), Part::Sql(", ")]);
    parts.extend([ids(of.iter().map(|row| row.record).collect()), Part::Sql(", ")]);
    parts.push(Part::Bind(Value::Ints(of.iter().map(|row| i64::from(row.version)).collect())));
    parts.push(Part::Sql(
        "::int4[]) AS e (id, object_id, version) CROSS JOIN LATERAL (SELECT b.data FROM event_log AS b \
         WHERE b.object_id = e.object_id AND (b.version, b.id) < (e.version, e.id) AND b.tenant_id = ",
    ));
    parts.extend([id(tenant), Part::Sql(" AND b.id >= "), Part::Bind(Value::Id(since))]);
    parts.extend([Part::Sql(" AND b.id < "), Part::Bind(Value::Id(until))]);
    parts.push(Part::Sql(" ORDER BY b.version DESC, b.id DESC LIMIT 1) AS p"));
    Question::<(SqlUuid, Text)>::new(parts).load(conn)
}

fn is_full(rows: &[Row], limit: i64) -> bool {
    i64::try_from(rows.len()).is_ok_and(|many| many >= limit)
}

/// Some links that come after a place.
struct Span {
    /// the last
    upto: i64,
    /// how many there are
    links: i64,
    /// the smallest of the ids that they are of
    first: Uuid,
    last: Uuid,
}

fn span(conn: &mut Conn, tenant: TenantId, after: i64) -> QueryResult<Option<Span>> {
    // there is no smallest uuid before PostgreSQL 18
    let parts = vec![
        Part::Sql(
            "max(s.seq), count(*), min(s.id COLLATE \"C\")::uuid, max(s.id COLLATE \"C\")::uuid \
             FROM (SELECT seq, audit_id::text AS id FROM audit_chain WHERE tenant_id = ",
        ),
        id(tenant),
        Part::Sql(" AND seq > "),
        int(after),
        Part::Sql(" ORDER BY seq LIMIT "),
        int(SPAN),
        Part::Sql(") AS s"),
    ];
    type Ends = (Option<i64>, i64, Option<Uuid>, Option<Uuid>);
    type EndsSql = (Nullable<BigInt>, BigInt, Nullable<SqlUuid>, Nullable<SqlUuid>);
    let (upto, links, first, last): Ends = Question::<EndsSql>::new(parts).get_result(conn)?;
    let ends = upto.zip(first).zip(last);
    Ok(ends.map(|((upto, first), last)| Span { upto, links, first, last }))
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
