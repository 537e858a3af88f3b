//! Who is told of a promise that is about to be broken, or was: whoever looks after the record, or serves the queue that
//! does, and the managers of its team and of the one above; and of an escalation those whom its rule names. The clock has found it, and so
//! nobody has done it.
mod store;

use super::store::News;
use super::{ESCALATED, SLA_BREACHED, SLA_WARNED, fanout};
use crate::Conn;
use crate::event::Row;
use crate::history::fields;
use kernel::{Result, TenantId};
use serde_json::Value;

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
        ESCALATED => store::named(conn, tenant, row.record, version(&now))?,
        _ => store::looking_after(conn, tenant, fanout::id(&now, "owner_id"), fanout::id(&now, "team_id"))?,
    };
    Ok(people.into_iter().map(|one| fanout::of(row, one.id, kind)).collect())
}

fn version(columns: &Value) -> i32 {
    columns.get("version").and_then(Value::as_i64).and_then(|version| i32::try_from(version).ok()).unwrap_or_default()
}
