//! The queries of the sealer, over all tenants.
use super::super::chain::Hash;
use super::{Link, Patience, Row};
use crate::Conn;
use diesel::prelude::*;
use diesel::result::QueryResult;
use diesel::sql_types::{Array, BigInt, Binary, Integer, Nullable, Uuid as SqlUuid};
use kernel::TenantId;
use std::collections::{HashMap, HashSet};
use uuid::Uuid;

/// The transactions below `low` have ended; none of this server has come to `high` yet.
#[derive(Clone, Copy, Debug, QueryableByName)]
pub struct Horizon {
    #[diesel(sql_type = BigInt)]
    pub low: i64,
    #[diesel(sql_type = BigInt)]
    pub high: i64,
}

/// How far all is sealed: what transactions before this one wrote, and what has an id before that one.
#[derive(Clone, Copy, Debug, QueryableByName)]
pub struct Sealed {
    #[diesel(sql_type = BigInt)]
    pub position: i64,
    #[diesel(sql_type = SqlUuid)]
    pub before: Uuid,
}

#[derive(QueryableByName)]
struct First {
    #[diesel(sql_type = Nullable<BigInt>)]
    xact: Option<i64>,
}

/// All of a row that is sealed, of rows that are called `a`.
pub const ROW: &str = "SELECT a.tenant_id, a.id, a.action, a.noun, a.object_id, a.version, a.actor_id, a.api_key_id, \
     a.session_id, a.request_id, a.occurred_at, a.xact, a.address, a.details::text AS details, a.data::text AS data FROM ";

/// Of rows that are called `d`. Counted, so that each is looked up by itself: the planner would rather read the whole chain.
const UNSEALED: &str =
    "(SELECT count(*) FROM audit_chain AS c WHERE c.tenant_id = d.tenant_id AND c.audit_id = d.id) = 0";

/// So many transactions are looked through at once, while there is something among them: of a long way that waits, no
/// more than is sealed is read.
const NEAR: i64 = 1_000;

const SEALED: &str = "SELECT position, sealed_before AS before FROM audit_sealing";

/// Whether there is anything to seal: all that an idle second costs. Closed months are not opened for it, for what they
/// have ended with stands in the question.
pub fn is_due(conn: &mut Conn) -> QueryResult<bool> {
    let Some(sealed) = diesel::sql_query(SEALED).get_result::<Sealed>(conn).optional()? else { return Ok(false) };
    let low = horizon(conn)?.low;
    let first = diesel::sql_query("SELECT min(xact) AS xact FROM audit_log WHERE xact >= $1 AND id >= $2")
        .bind::<BigInt, _>(sealed.position)
        .bind::<SqlUuid, _>(sealed.before);
    Ok(sealed.position > low || first.get_result::<First>(conn)?.xact.is_some_and(|first| first < low))
}

/// Takes the place of the one who seals; nothing where somebody else has it and is not waited for.
pub fn hold(conn: &mut Conn, patience: Patience) -> QueryResult<Option<Sealed>> {
    let how = match patience {
        Patience::None => " FOR UPDATE SKIP LOCKED",
        Patience::Wait => " FOR UPDATE",
    };
    diesel::sql_query([SEALED, how].concat()).get_result(conn).optional()
}

pub fn horizon(conn: &mut Conn) -> QueryResult<Horizon> {
    let text = "SELECT pg_snapshot_xmin(pg_current_snapshot())::text::bigint AS low, \
                pg_snapshot_xmax(pg_current_snapshot())::text::bigint AS high";
    diesel::sql_query(text).get_result(conn)
}

/// What is due of the transactions that come next, and up to which they were looked through.
pub fn next(conn: &mut Conn, sealed: Sealed, horizon: Horizon, limit: i64) -> QueryResult<(Horizon, Vec<Row>)> {
    let (position, mut near) = (sealed.position, NEAR);
    loop {
        let low = if position < horizon.low { horizon.low.min(position.saturating_add(near)) } else { horizon.low };
        let until = Horizon { low, ..horizon };
        let rows = due(conn, sealed, &until, limit)?;
        if !rows.is_empty() || low == horizon.low {
            return Ok((until, rows));
        }
        near = near.saturating_mul(8);
    }
}

/// What has ended since `position` and is in no chain, in the order of transactions. Where the server counts anew, all
/// that is in no chain: what came from elsewhere, whose numbers are still to come here, and what has ended here.
fn due(conn: &mut Conn, sealed: Sealed, horizon: &Horizon, limit: i64) -> QueryResult<Vec<Row>> {
    let text = format!(
        "{ROW} (SELECT * FROM audit_log AS d WHERE (($1 <= $2 AND d.xact >= $1 AND d.xact < $2) \
         OR ($1 > $2 AND (d.xact < $2 OR d.xact >= $3))) AND d.id >= $5 \
         AND {UNSEALED} ORDER BY d.xact < $2, d.xact, d.id LIMIT $4) AS a ORDER BY a.xact < $2, a.xact, a.id"
    );
    diesel::sql_query(text)
        .bind::<BigInt, _>(sealed.position)
        .bind::<BigInt, _>(horizon.low)
        .bind::<BigInt, _>(horizon.high)
        .bind::<BigInt, _>(limit)
        .bind::<SqlUuid, _>(sealed.before)
        .load(conn)
}

/// Unsealed rows of these records up to a version, which were written by transactions from `since` on: they have ended,
/// for a later version was written on top of theirs, and are not due by their number. It goes back version by version, as
/// far as transactions from `sealed.position` on have written them: what comes before one that was sealed is sealed.
pub fn earlier(
    conn: &mut Conn,
    since: i64,
    sealed: Sealed,
    records: &[(TenantId, Uuid, i32)],
) -> QueryResult<Vec<Row>> {
    const BEFORE: &str = "CROSS JOIN LATERAL (SELECT l.tenant_id, l.id, l.object_id, l.version, l.xact FROM audit_log AS l \
         WHERE l.tenant_id = w.tenant_id AND l.object_id = w.object_id AND l.id >= $6";
    let text = format!(
        "WITH RECURSIVE d AS (SELECT b.* FROM unnest($1, $2, $3) AS w (tenant_id, object_id, version) {BEFORE} \
         AND l.version <= w.version ORDER BY l.version DESC, l.id DESC LIMIT 1) AS b WHERE b.xact >= $5 \
         UNION ALL SELECT b.* FROM d AS w {BEFORE} AND (l.version, l.id) < (w.version, w.id) \
         ORDER BY l.version DESC, l.id DESC LIMIT 1) AS b WHERE b.xact >= $5), \
         early AS MATERIALIZED (SELECT d.tenant_id, d.id FROM d WHERE d.xact >= $4 AND {UNSEALED}) \
         {ROW} early JOIN audit_log AS a USING (tenant_id, id) ORDER BY a.xact, a.id"
    );
    diesel::sql_query(text)
        .bind::<Array<SqlUuid>, _>(records.iter().map(|one| one.0).collect::<Vec<TenantId>>())
        .bind::<Array<SqlUuid>, _>(records.iter().map(|one| one.1).collect::<Vec<Uuid>>())
        .bind::<Array<Integer>, _>(records.iter().map(|one| one.2).collect::<Vec<i32>>())
        .bind::<BigInt, _>(since)
        .bind::<BigInt, _>(sealed.position)
        .bind::<SqlUuid, _>(sealed.before)
        .load(conn)
}

#[derive(QueryableByName)]
struct Begun {
    #[diesel(sql_type = SqlUuid)]
    tenant_id: TenantId,
    #[diesel(sql_type = SqlUuid)]
    object_id: Uuid,
}

/// Those of the records of which something is sealed.
pub fn begun(conn: &mut Conn, records: &[(TenantId, Uuid)]) -> QueryResult<HashSet<(TenantId, Uuid)>> {
    let text = "SELECT w.tenant_id, w.object_id FROM unnest($1, $2) AS w (tenant_id, object_id) WHERE EXISTS \
                (SELECT FROM audit_log a JOIN audit_chain c ON c.tenant_id = a.tenant_id AND c.audit_id = a.id \
                WHERE a.tenant_id = w.tenant_id AND a.object_id = w.object_id AND a.version IS NOT NULL)";
    let begun: Vec<Begun> = diesel::sql_query(text)
        .bind::<Array<SqlUuid>, _>(records.iter().map(|one| one.0).collect::<Vec<TenantId>>())
        .bind::<Array<SqlUuid>, _>(records.iter().map(|one| one.1).collect::<Vec<Uuid>>())
        .load(conn)?;
    Ok(begun.into_iter().map(|one| (one.tenant_id, one.object_id)).collect())
}

#[derive(QueryableByName)]
pub struct Head {
    #[diesel(sql_type = SqlUuid)]
    tenant_id: TenantId,
    #[diesel(sql_type = BigInt)]
    seq: i64,
    #[diesel(sql_type = Binary)]
    hash: Vec<u8>,
}

/// Where the chains of these tenants end.
pub fn heads(conn: &mut Conn, tenants: &[TenantId]) -> QueryResult<HashMap<TenantId, (i64, Hash)>> {
    let text = "SELECT c.tenant_id, c.seq, c.hash FROM unnest($1) AS t (id) CROSS JOIN LATERAL (SELECT tenant_id, seq, hash \
                FROM audit_chain WHERE tenant_id = t.id ORDER BY seq DESC LIMIT 1) AS c";
    let heads: Vec<Head> = diesel::sql_query(text).bind::<Array<SqlUuid>, _>(tenants).load(conn)?;
    let head = |head: Head| (head.tenant_id, (head.seq, head.hash.try_into().unwrap_or_default()));
    Ok(heads.into_iter().map(head).collect())
}

pub fn append(conn: &mut Conn, links: &[Link]) -> QueryResult<usize> {
    let bytes = |hash: Option<Hash>| hash.map(|hash| hash.to_vec());
    let text = "INSERT INTO audit_chain (tenant_id, seq, audit_id, hash, data_hash, details_hash) \
                SELECT * FROM unnest($1, $2, $3, $4, $5, $6)";
    diesel::sql_query(text)
        .bind::<Array<SqlUuid>, _>(links.iter().map(|link| link.tenant).collect::<Vec<TenantId>>())
        .bind::<Array<BigInt>, _>(links.iter().map(|link| link.seq).collect::<Vec<i64>>())
        .bind::<Array<SqlUuid>, _>(links.iter().map(|link| link.audit).collect::<Vec<Uuid>>())
        .bind::<Array<Binary>, _>(links.iter().map(|link| link.hash.to_vec()).collect::<Vec<Vec<u8>>>())
        .bind::<Array<Nullable<Binary>>, _>(links.iter().map(|link| bytes(link.data)).collect::<Vec<Option<Vec<u8>>>>())
        .bind::<Array<Nullable<Binary>>, _>(
            links.iter().map(|link| bytes(link.details)).collect::<Vec<Option<Vec<u8>>>>(),
        )
        .execute(conn)
}

pub fn moved(conn: &mut Conn, position: i64) -> QueryResult<()> {
    diesel::sql_query("UPDATE audit_sealing SET position = $1").bind::<BigInt, _>(position).execute(conn)?;
    Ok(())
}
