//! The query of who has fallen silent: workers look for them, over all tenants.
use chrono::{DateTime, Utc};
use diesel::prelude::QueryableByName;
use diesel::sql_types::{Timestamptz, Uuid as SqlUuid};
use kernel::{AgentId, TenantId, UserId};
use platform::sweep::{Look, look};

#[derive(QueryableByName)]
pub struct Silent {
    #[diesel(sql_type = SqlUuid)]
    pub tenant_id: TenantId,
    #[diesel(sql_type = SqlUuid)]
    pub id: AgentId,
    #[diesel(sql_type = SqlUuid)]
    pub user_id: UserId,
    /// by the clock that all machines have in common
    #[diesel(sql_type = Timestamptz)]
    pub now: DateTime<Utc>,
}

/// The interval is [`super::SILENCE`].
pub const SILENT: Look = look! {
    what: "an agent who is silent",
    row: "a",
    locks: "a",
    tells: "a.user_id",
    from: "FROM agents AS a JOIN agent_presence AS p ON p.tenant_id = a.tenant_id AND p.agent_id = a.id \
           WHERE a.status <> 'offline' AND p.last_seen_at < statement_timestamp() - interval '2 minutes'",
};
