//! What ordinary writes leave behind: a row of the trail for each record that is new, its own id being the row's.
use diesel::prelude::*;
use diesel::sql_types::Uuid as SqlUuid;
use kernel::RequestId;

/// The tables of records that have a history; parts are in the history of their record.
#[derive(Clone, Copy, Debug)]
pub enum Table {
    Accounts,
    Contacts,
    Products,
    Orders,
}

impl Table {
    const fn names(self) -> (&'static str, &'static str) {
        match self {
            Self::Accounts => ("accounts", "account"),
            Self::Contacts => ("contacts", "contact"),
            Self::Products => ("products", "product"),
            Self::Orders => ("orders", "order"),
        }
    }
}

/// Of the rows that this very transaction has written.
pub fn write(conn: &mut PgConnection, tables: &[Table]) -> QueryResult<()> {
    let request = RequestId::new();
    for table in tables {
        let (table, noun) = table.names();
        let count = diesel::sql_query(format!(
            "INSERT INTO audit_log (tenant_id, id, action, noun, object_id, version, actor_id, request_id, \
             occurred_at, data) SELECT tenant_id, id, '{noun}.created', '{noun}', id, version, created_by, $1, created_at, \
             to_jsonb(r) - 'tenant_id' - 'search' FROM {table} r WHERE r.xmin = pg_current_xact_id()::xid"
        ))
        .bind::<SqlUuid, _>(request)
        .execute(conn)?;
        println!("{count:>10} events of {table}");
    }
    Ok(())
}
