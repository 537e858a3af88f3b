//! Whoever was erased is out of use.
use super::circle::Subject;
use super::erase::Deed;
use super::plan::Plan;
use super::statement::{Bind, Statement};
use crate::Conn;
use kernel::{EventId, Result};

/// Nothing can be written of them any more. It is told as an event without anything personal.
pub(super) fn archive(conn: &mut Conn, plan: &Plan, subject: Subject, deed: Deed, changed: bool) -> Result<()> {
    let Some(table) = plan.table(subject.table).filter(|table| table.has("deleted_at") && changed) else {
        return Ok(());
    };
    let mut statement = Statement::new("WITH changed AS (UPDATE ");
    statement.name(table.name).sql(" SET deleted_at = coalesce(deleted_at, ").bind(Bind::At(deed.now)).sql(")");
    if table.has("is_active") {
        statement.sql(", is_active = FALSE");
    }
    statement.sql(" WHERE tenant_id = ").id(subject.tenant).sql(" AND id = ").id(subject.id).sql(" RETURNING *)");
    told(&mut statement, format!("{}.erased", table.noun()), deed);
    statement.execute(conn)?;
    Ok(())
}

/// The row of the trail, which is the event, of the one record that is in `changed`.
pub(super) fn told(statement: &mut Statement, name: String, deed: Deed) {
    let noun = name.split('.').next().unwrap_or_default().to_owned();
    statement
        .sql(", event AS (INSERT INTO audit_log (tenant_id, id, action, noun, object_id, version, data, actor_id, ");
    statement
        .sql("request_id, occurred_at) SELECT tenant_id, ")
        .id(EventId::new())
        .sql(", ")
        .text(name)
        .sql("::text, ");
    statement.text(noun).sql("::text, id, version, to_jsonb(changed) - 'tenant_id' - 'search', ");
    statement.id(deed.actor).sql(", ").id(deed.request).sql(", ").bind(Bind::At(deed.now));
    statement.sql(" FROM changed) SELECT count(*) AS n FROM changed");
}
