//! The queries of the keys of values.
use crate::Conn;
use crate::schema::data_keys;
use chrono::{DateTime, Utc};
use diesel::prelude::*;
use diesel::result::QueryResult;
use kernel::{DataKeyId, TenantId};

/// A key of values, wrapped.
#[derive(Clone, Debug, Queryable, Selectable)]
#[diesel(table_name = data_keys, check_for_backend(diesel::pg::Pg))]
pub(super) struct DataKey {
    pub tenant_id: TenantId,
    pub id: DataKeyId,
    pub purpose: String,
    pub master: String,
    pub wrapped: Vec<u8>,
    pub created_at: DateTime<Utc>,
    pub retired_at: Option<DateTime<Utc>>,
}

/// The key that seals now. It stays until the transaction ends, even if another takes its place meanwhile.
pub(super) fn current(conn: &mut Conn, tenant: TenantId, purpose: &str) -> QueryResult<Option<DataKey>> {
    data_keys::table
        .filter(data_keys::tenant_id.eq(tenant))
        .filter(data_keys::purpose.eq(purpose))
        .filter(data_keys::retired_at.is_null())
        .for_key_share()
        .select(DataKey::as_select())
        .first(conn)
        .optional()
}

pub(super) fn find(conn: &mut Conn, tenant: TenantId, id: DataKeyId) -> QueryResult<Option<DataKey>> {
    data_keys::table.find((tenant, id)).select(DataKey::as_select()).first(conn).optional()
}

/// The newest first.
pub(super) fn of_purpose(conn: &mut Conn, tenant: TenantId, purpose: &str) -> QueryResult<Vec<DataKey>> {
    data_keys::table
        .filter(data_keys::tenant_id.eq(tenant))
        .filter(data_keys::purpose.eq(purpose))
        .order(data_keys::id.desc())
        .select(DataKey::as_select())
        .load(conn)
}

/// Every key there is.
pub(super) fn all(conn: &mut Conn) -> QueryResult<Vec<DataKey>> {
    data_keys::table
        .order((data_keys::tenant_id, data_keys::purpose, data_keys::id))
        .select(DataKey::as_select())
        .load(conn)
}

/// One key for each master key that has wrapped any.
pub(super) fn samples(conn: &mut Conn) -> QueryResult<Vec<DataKey>> {
    data_keys::table.distinct_on(data_keys::master).order(data_keys::master).select(DataKey::as_select()).load(conn)
}

pub(super) fn is_empty(conn: &mut Conn) -> QueryResult<bool> {
    let one: Option<DataKeyId> = data_keys::table.select(data_keys::id).first(conn).optional()?;
    Ok(one.is_none())
}

/// Does nothing where there is a current one by now.
pub(super) fn insert(conn: &mut Conn, key: &DataKey) -> QueryResult<usize> {
    let row = (
        data_keys::tenant_id.eq(key.tenant_id),
        data_keys::id.eq(key.id),
        data_keys::purpose.eq(&key.purpose),
        data_keys::master.eq(&key.master),
        data_keys::wrapped.eq(&key.wrapped),
        data_keys::created_at.eq(key.created_at),
    );
    diesel::insert_into(data_keys::table).values(row).on_conflict_do_nothing().execute(conn)
}

/// The purposes that a tenant has keys for.
pub(super) fn purposes(conn: &mut Conn, tenant: TenantId) -> QueryResult<Vec<String>> {
    let current = data_keys::table.filter(data_keys::tenant_id.eq(tenant)).filter(data_keys::retired_at.is_null());
    current.order(data_keys::purpose).select(data_keys::purpose).load(conn)
}

/// Whose keys there are.
pub(super) fn tenants(conn: &mut Conn) -> QueryResult<Vec<TenantId>> {
    data_keys::table.distinct().order(data_keys::tenant_id).select(data_keys::tenant_id).load(conn)
}

/// The key seals no more.
pub(super) fn retire(conn: &mut Conn, tenant: TenantId, purpose: &str, now: DateTime<Utc>) -> QueryResult<usize> {
    let current = data_keys::table
        .filter(data_keys::tenant_id.eq(tenant))
        .filter(data_keys::purpose.eq(purpose))
        .filter(data_keys::retired_at.is_null());
    diesel::update(current).set(data_keys::retired_at.eq(now)).execute(conn)
}

/// Those that another has taken the place of.
pub(super) fn retired(conn: &mut Conn, tenant: TenantId) -> QueryResult<Vec<DataKey>> {
    data_keys::table
        .filter(data_keys::tenant_id.eq(tenant))
        .filter(data_keys::retired_at.is_not_null())
        .select(DataKey::as_select())
        .load(conn)
}

/// Waits for those who are sealing by it; `false` where it is gone.
pub(super) fn lock(conn: &mut Conn, tenant: TenantId, id: DataKeyId) -> QueryResult<bool> {
    let found: Option<DataKeyId> =
        data_keys::table.find((tenant, id)).for_update().select(data_keys::id).first(conn).optional()?;
    Ok(found.is_some())
}

pub(super) fn remove(conn: &mut Conn, tenant: TenantId, id: DataKeyId) -> QueryResult<usize> {
    diesel::delete(data_keys::table.find((tenant, id))).execute(conn)
}

/// Keys that another master key has wrapped, locked.
pub(super) fn wrapped_by_others(conn: &mut Conn, master: &str, limit: i64) -> QueryResult<Vec<DataKey>> {
    data_keys::table
        .filter(data_keys::master.ne(master))
        .order((data_keys::tenant_id, data_keys::id))
        .limit(limit)
        .for_no_key_update()
        .select(DataKey::as_select())
        .load(conn)
}

pub(super) fn rewrap(conn: &mut Conn, key: &DataKey) -> QueryResult<usize> {
    diesel::update(data_keys::table.find((key.tenant_id, key.id)))
        .set((data_keys::master.eq(&key.master), data_keys::wrapped.eq(&key.wrapped)))
        .execute(conn)
}
