//! The queries of who looks the chains through.
use super::super::seal::Row;
use super::super::seal::store::ROW;
use super::Kept;
use crate::Conn;
use diesel::prelude::*;
use diesel::result::QueryResult;
use diesel::sql_types::{Array, BigInt, Uuid as SqlUuid};
use kernel::TenantId;
use uuid::Uuid;

#[derive(QueryableByName)]
struct One {
    #[diesel(sql_type = SqlUuid)]
    id: Uuid,
}

#[derive(QueryableByName)]
struct Count {
    #[diesel(sql_type = BigInt)]
    count: i64,
}

/// All that have a trail, or had one.
pub fn tenants(conn: &mut Conn) -> QueryResult<Vec<TenantId>> {
    let text = "SELECT tenant_id AS id FROM audit_chain UNION SELECT tenant_id FROM audit_log \
                UNION SELECT tenant_id FROM audit_checkpoints UNION SELECT tenant_id FROM audit_floors";
    let all: Vec<One> = diesel::sql_query(text).load(conn)?;
    Ok(all.into_iter().map(|one| one.id.into()).collect())
}

/// The links that come after a row of the chain.
pub fn links(conn: &mut Conn, tenant: TenantId, after: i64, limit: i64) -> QueryResult<Vec<Kept>> {
    let text = "SELECT c.seq, c.audit_id, c.hash, c.data_hash, c.details_hash, coalesce(x.data, false) AS data_erased, coalesce(x.kept, '{}') AS data_kept, \
                coalesce(x.details, false) AS details_erased FROM audit_chain c LEFT JOIN LATERAL \
                (SELECT bool_or(part = 'data') AS data, bool_or(part = 'details') AS details, array_agg(kept) AS kept FROM audit_erasures \
                WHERE tenant_id = c.tenant_id AND audit_id = c.audit_id) AS x ON true \
                WHERE c.tenant_id = $1 AND c.seq > $2 ORDER BY c.seq LIMIT $3";
    diesel::sql_query(text).bind::<SqlUuid, _>(tenant).bind::<BigInt, _>(after).bind::<BigInt, _>(limit).load(conn)
}

pub fn rows(conn: &mut Conn, tenant: TenantId, ids: &[Uuid]) -> QueryResult<Vec<Row>> {
    let text = format!("{ROW} audit_log AS a WHERE a.tenant_id = $1 AND a.id = ANY ($2)");
    diesel::sql_query(text).bind::<SqlUuid, _>(tenant).bind::<Array<SqlUuid>, _>(ids).load(conn)
}

/// A row that should have been sealed by now and is in no chain.
pub fn stray(conn: &mut Conn, tenant: TenantId) -> QueryResult<Option<Uuid>> {
    let text = "SELECT a.id FROM audit_log a, audit_sealing s WHERE a.tenant_id = $1 AND a.xact < s.position AND NOT EXISTS \
                (SELECT FROM audit_chain c WHERE c.tenant_id = a.tenant_id AND c.audit_id = a.id) ORDER BY a.id LIMIT 1";
    one(conn, tenant, text)
}

/// Rows that are still to be sealed.
pub fn waiting(conn: &mut Conn, tenant: TenantId) -> QueryResult<i64> {
    let text = "SELECT count(*) AS count FROM audit_log a, audit_sealing s WHERE a.tenant_id = $1 AND a.xact >= s.position \
                AND NOT EXISTS (SELECT FROM audit_chain c WHERE c.tenant_id = a.tenant_id AND c.audit_id = a.id)";
    Ok(diesel::sql_query(text).bind::<SqlUuid, _>(tenant).get_result::<Count>(conn)?.count)
}

fn one(conn: &mut Conn, tenant: TenantId, text: &'static str) -> QueryResult<Option<Uuid>> {
    let found: Option<One> = diesel::sql_query(text).bind::<SqlUuid, _>(tenant).get_result(conn).optional()?;
    Ok(found.map(|one| one.id))
}
