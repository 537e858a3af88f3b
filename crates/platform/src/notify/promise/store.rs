//! Who they are.
use crate::Conn;
use diesel::RunQueryDsl;
use diesel::result::QueryResult;
use diesel::sql_types::{Integer, Nullable, Uuid as SqlUuid};
use kernel::{TenantId, UserId};
use uuid::Uuid;

#[derive(diesel::QueryableByName)]
pub(super) struct Somebody {
    #[diesel(sql_type = SqlUuid)]
    pub id: UserId,
}

/// Those of the people of a tenant who look after a record.
pub(super) fn looking_after(
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
pub(super) fn named(conn: &mut Conn, tenant: TenantId, case: Uuid, version: i32) -> QueryResult<Vec<Somebody>> {
    let text = "SELECT DISTINCT u.id FROM escalations AS e JOIN users AS u ON u.tenant_id = e.tenant_id \
                AND u.id = ANY (e.notified_ids) WHERE e.tenant_id = $1 AND e.case_id = $2 AND e.case_version = $3 \
                AND u.kind = 'person' AND u.is_active AND u.deleted_at IS NULL";
    diesel::sql_query(text).bind::<SqlUuid, _>(tenant).bind::<SqlUuid, _>(case).bind::<Integer, _>(version).load(conn)
}
