//! Who is told of a promise that is about to be broken, or was: whoever looks after the record, or serves the queue that
//! does, and the managers of its team and of the one above; and of an escalation those whom its rule names. The clock has found it, and so
//! nobody has done it.
use super::store::News;
use super::{ESCALATED, SLA_BREACHED, SLA_WARNED, fanout};
use crate::Conn;
use crate::event::Row;
use crate::history::fields;
use diesel::RunQueryDsl;
use diesel::result::QueryResult;
use diesel::sql_types::{Integer, Nullable, Uuid as SqlUuid};
use kernel::{Result, TenantId, UserId};
use serde_json::Value;
use uuid::Uuid;

#[derive(diesel::QueryableByName)]
struct Somebody {
    #[diesel(sql_type = SqlUuid)]
    id: UserId,
}

/// What an event of a case brings, if it is one of these.
pub(super) fn news(conn: &mut Conn, tenant: TenantId, row: &Row) -> Result<Vec<News>> {
    let kind = match row.name.as_str() {
        "case.sla_warned" => SLA_WARNED,
        "case.sla_breached" => SLA_BREACHED,
        "case.escalated" => ESCALATED,
        _ => return Ok(Vec::new()),
    };
    let now = fields::columns(None, &row.data);
    let people = match kind {
        ESCALATED => named(conn, tenant, row.record, version(&now))?,
        _ => looking_after(conn, tenant, fanout::id(&now, "owner_id"), fanout::id(&now, "team_id"))?,
    };
    Ok(people.into_iter().map(|one| fanout::of(row, one.id, kind)).collect())
}

fn version(columns: &Value) -> i32 {
    columns.get("version").and_then(Value::as_i64).and_then(|version| i32::try_from(version).ok()).unwrap_or_default()
}

/// Those of the people of a tenant who look after a record.
fn looking_after(
    conn: &mut Conn,
    tenant: TenantId,
    owner: Option<Uuid>,
    team: Option<Uuid>,
) -> QueryResult<Vec<Somebody>> {
    let text = "SELECT u.id FROM users AS u WHERE u.tenant_id = $1 AND u.kind = 'person' AND u.is_active \
                AND u.deleted_at IS NULL AND (u.id = $2 \
                OR EXISTS (SELECT FROM queue_members AS q LEFT JOIN team_members AS t ON t.tenant_id = q.tenant_id \
                AND t.team_id = q.team_id WHERE q.tenant_id = $1 AND q.queue_id = $2 \
                AND u.id IN (q.user_id, t.user_id)) \
                OR EXISTS (SELECT FROM team_members AS t JOIN user_roles AS h ON h.tenant_id = t.tenant_id \
                AND h.user_id = t.user_id JOIN roles AS r ON r.tenant_id = h.tenant_id AND r.id = h.role_id \
                WHERE t.tenant_id = $1 AND t.user_id = u.id AND r.builtin = 'manager' AND (t.team_id = $3 \
                OR EXISTS (SELECT FROM teams AS b WHERE b.tenant_id = $1 AND b.id = $3 \
                AND b.parent_id = t.team_id))))";
    diesel::sql_query(text)
        .bind::<SqlUuid, _>(tenant)
        .bind::<Nullable<SqlUuid>, _>(owner)
        .bind::<Nullable<SqlUuid>, _>(team)
        .load(conn)
}

/// Whom the rules name that were told with this version of a case.
fn named(conn: &mut Conn, tenant: TenantId, case: Uuid, version: i32) -> QueryResult<Vec<Somebody>> {
    let text = "SELECT DISTINCT u.id FROM escalations AS e JOIN users AS u ON u.tenant_id = e.tenant_id \
                AND u.id = ANY (e.notified_ids) WHERE e.tenant_id = $1 AND e.case_id = $2 AND e.case_version = $3 \
                AND u.kind = 'person' AND u.is_active AND u.deleted_at IS NULL";
    diesel::sql_query(text).bind::<SqlUuid, _>(tenant).bind::<SqlUuid, _>(case).bind::<Integer, _>(version).load(conn)
}
