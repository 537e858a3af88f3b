//! The queries of a sweep: what is due, and one of it held.
use super::Look;
use crate::Conn;
use diesel::pg::Pg;
use diesel::prelude::*;
use diesel::result::QueryResult;
use diesel::sql_types::{BigInt, Uuid as SqlUuid};
use uuid::Uuid;

/// What a row is known by: ids are unique in their tenant.
#[derive(Clone, Copy, Debug, Default, QueryableByName)]
pub struct Key {
    #[diesel(sql_type = SqlUuid, column_name = tenant_id)]
    pub tenant: Uuid,
    #[diesel(sql_type = SqlUuid)]
    pub id: Uuid,
}

/// The keys of what is due behind this one.
pub fn keys(conn: &mut Conn, look: &Look, after: Key, limit: i64) -> QueryResult<Vec<Key>> {
    diesel::sql_query(look.keys)
        .bind::<SqlUuid, _>(after.tenant)
        .bind::<SqlUuid, _>(after.id)
        .bind::<BigInt, _>(limit)
        .get_results(conn)
}

/// The row with this key, locked; nothing where it is settled by now, or somebody changes it at the moment.
pub fn hold<D: QueryableByName<Pg> + 'static>(conn: &mut Conn, look: &Look, key: Key) -> QueryResult<Option<D>> {
    diesel::sql_query(look.held).bind::<SqlUuid, _>(key.tenant).bind::<SqlUuid, _>(key.id).get_result(conn).optional()
}
