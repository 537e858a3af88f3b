//! Ways walked backwards, over all records of a tenant.
use crate::Conn;
use crate::filter::Step;
use crate::privacy::statement::Statement;
use diesel::result::QueryResult;
use kernel::TenantId;
use kernel::catalogue::{Catalogue, Link};
use std::collections::BTreeSet;
use uuid::Uuid;

/// Rows along a way, and those that stand between two of them.
static ROWS: [&str; 9] = ["w0", "w1", "w2", "w3", "w4", "w5", "w6", "w7", "w8"];
static BETWEEN: [&str; 9] = ["x0", "x1", "x2", "x3", "x4", "x5", "x6", "x7", "x8"];

/// The records of the noun from which this way leads to rows whose column is one of these.
pub(super) fn leading(
    conn: &mut Conn,
    tenant: TenantId,
    base: &'static Catalogue,
    way: &[Step],
    (column, ids): (&'static str, &BTreeSet<Uuid>),
    most: usize,
) -> QueryResult<Vec<Uuid>> {
    let alias = |all: &[&'static str], at: usize| all.get(at).copied().unwrap_or("w0");
    let mut statement = Statement::new("SELECT DISTINCT w0.id FROM ");
    statement.name(base.table).sql(" AS w0");
    for (at, step) in (1..).zip(way) {
        statement.sql(", ").name(step.target.table).sql(" AS ").name(alias(&ROWS, at));
        if let Link::Through { table, .. } = step.link {
            statement.sql(", ").name(table).sql(" AS ").name(alias(&BETWEEN, at));
        }
    }
    statement.sql(" WHERE w0.tenant_id = ").id(tenant);
    for (at, step) in (1..).zip(way) {
        let (from, to, between) = (alias(&ROWS, at - 1), alias(&ROWS, at), alias(&BETWEEN, at));
        statement.sql(" AND ").name(to).sql(".tenant_id = ").id(tenant).sql(" AND ");
        match step.link {
            Link::One { column } => equal(&mut statement, (to, "id"), (from, column)),
            Link::Many { column } => equal(&mut statement, (to, column), (from, "id")),
            Link::Through { ours, theirs, resource, .. } => {
                statement.name(between).sql(".tenant_id = ").id(tenant).sql(" AND ");
                equal(&mut statement, (between, ours), (from, "id"));
                statement.sql(" AND ");
                equal(&mut statement, (between, theirs), (to, "id"));
                statement.sql(" AND ").name(between).sql(".resource = ").word(resource);
            }
        }
    }
    statement.sql(" AND ").name(alias(&ROWS, way.len())).sql(".").name(column).sql(" = ANY (").ids(ids).sql(")");
    statement.sql(" LIMIT ").int(i64::try_from(most).unwrap_or(i64::MAX));
    statement.load_ids(conn)
}

fn equal(statement: &mut Statement, one: (&'static str, &'static str), other: (&'static str, &'static str)) {
    statement.name(one.0).sql(".").name(one.1).sql(" = ").name(other.0).sql(".").name(other.1);
}
