//! After so many new rows the planner must know of them, and the search indexes have words waiting outside the tree.
use diesel::connection::SimpleConnection;
use diesel::{PgConnection, QueryResult};

/// Takes the waiting words in and counts anew. Stands in no transaction.
pub fn refresh(conn: &mut PgConnection) -> QueryResult<()> {
    conn.batch_execute(
        "VACUUM (ANALYZE) accounts, contacts, contact_points, memberships, products, orders, order_lines, audit_log",
    )
}
