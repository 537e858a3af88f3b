//! The queries of what nothing was done with: workers look for it, over all tenants.
use crate::lead::Lead;
use crate::lead::schema::leads;
use chrono::{DateTime, Utc};
use diesel::prelude::*;
use diesel::result::QueryResult;
use diesel::sql_types::{Timestamptz, Uuid as SqlUuid};
use kernel::{Ctx, LeadId, PoolId, TenantId, UserId};
use platform::Conn;
use platform::sweep::{Look, look};

#[derive(QueryableByName)]
pub struct Still {
    #[diesel(sql_type = SqlUuid)]
    pub tenant_id: TenantId,
    #[diesel(sql_type = SqlUuid)]
    pub id: LeadId,
    #[diesel(sql_type = SqlUuid)]
    pub owner_id: UserId,
    #[diesel(sql_type = SqlUuid)]
    pub pool_id: PoolId,
    /// by the clock that all machines have in common
    #[diesel(sql_type = Timestamptz)]
    pub now: DateTime<Utc>,
}

/// An activity counts that was written down since, or took place since; what is planned does not.
pub(super) const STILL: Look = look! {
    what: "a lead that lies still",
    row: "l",
    locks: "l",
    tells: "l.owner_id, l.pool_id",
    from: "FROM pools AS p JOIN leads AS l ON l.tenant_id = p.tenant_id AND l.pool_id = p.id \
           CROSS JOIN LATERAL (SELECT statement_timestamp() - make_interval(days => p.idle_days) AS since) AS s \
           WHERE p.is_active AND p.deleted_at IS NULL AND p.idle_days IS NOT NULL \
           AND l.pooled_at IS NULL AND l.deleted_at IS NULL \
           AND l.status NOT IN ('converted', 'unqualified') AND coalesce(l.assigned_at, l.created_at) <= s.since \
           AND NOT EXISTS (SELECT FROM activity_links AS k \
           JOIN activities AS a ON a.tenant_id = k.tenant_id AND a.id = k.activity_id \
           WHERE k.tenant_id = l.tenant_id AND k.record_id = l.id AND k.resource = 'lead' AND a.deleted_at IS NULL \
           AND (a.created_at > s.since OR a.started_at > s.since AND a.started_at <= statement_timestamp())) \
           AND NOT EXISTS (SELECT FROM restrictions AS x WHERE x.tenant_id = l.tenant_id AND x.record_id = l.id)",
};

/// One that is locked.
pub(super) fn found(conn: &mut Conn, ctx: &Ctx, id: LeadId) -> QueryResult<Lead> {
    leads::table.find((ctx.tenant, id)).select(Lead::as_select()).first(conn)
}
