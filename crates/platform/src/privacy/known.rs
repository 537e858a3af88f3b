//! Whether anything is held of somebody who is known by nothing but an address.
use super::plan::{Plan, ROOTS};
use super::statement::{Bind, Statement};
use super::{Data, Whose};
use crate::Conn;
use kernel::{Result, TenantId};
use std::collections::BTreeSet;
use uuid::Uuid;

/// The records of whoever has this text in a column that is theirs.
pub fn known(conn: &mut Conn, plan: &Plan, tenant: TenantId, text: &str) -> Result<Vec<Uuid>> {
    let mut found = BTreeSet::new();
    for table in &plan.tables {
        let is_root = ROOTS.iter().any(|(.., root)| *root == table.name);
        let to_root = plan.edges_of(table.name).find(|edge| ROOTS.iter().any(|(.., root)| *root == edge.parent));
        let Some(id) = is_root.then_some("id").or(to_root.map(|edge| edge.column)) else { continue };
        let theirs = |data| [Data::Personal, Data::Sensitive].contains(&data);
        let columns = table.columns.iter().filter(|column| column.kind == "text" && column.tag.whose != Whose::Anyone);
        for column in columns.filter(|column| theirs(column.tag.data)) {
            let mut statement = Statement::new("SELECT ");
            statement.name(id).sql(" AS id FROM ").name(table.name).sql(" WHERE tenant_id = ").bind(Bind::Id(tenant.0));
            statement.sql(" AND ").name(id).sql(" IS NOT NULL AND lower(").name(column.name).sql(") = lower(");
            statement.text(text).sql(") LIMIT 20");
            found.extend(statement.load_ids(conn)?);
        }
    }
    Ok(found.into_iter().collect())
}
