//! The rows of a place, whatever its table: SQL made of the program's own names, many rows at a time.
use super::{Fingerprint, Place, SERVER, Sealed};
use crate::Conn;
use diesel::prelude::*;
use diesel::result::QueryResult;
use diesel::sql_types::{Array, BigInt, Binary, Bool, Text, Uuid as SqlUuid};
use kernel::{DataKeyId, TenantId};
use uuid::Uuid;

/// A sealed value, and where it stands.
#[derive(QueryableByName)]
pub(super) struct Row {
    #[diesel(sql_type = SqlUuid)]
    pub id: Uuid,
    #[diesel(sql_type = Binary)]
    pub sealed: Sealed,
    #[diesel(sql_type = Text)]
    pub sort: String,
}

/// A value that is not sealed yet.
#[derive(QueryableByName)]
pub(super) struct Bare {
    #[diesel(sql_type = SqlUuid)]
    pub tenant: TenantId,
    #[diesel(sql_type = SqlUuid)]
    pub id: Uuid,
    #[diesel(sql_type = Binary)]
    pub bare: Vec<u8>,
}

/// Which rows are looked for.
pub(super) struct Ask<'a> {
    pub tenant: TenantId,
    /// `true`: by the key of the fingerprint; else by that of the value
    pub by_index: bool,
    pub keys: &'a [DataKeyId],
    pub after: Uuid,
    /// whether rows that somebody holds are waited for
    pub waits: bool,
    pub limit: i64,
}

/// The next rows that still need one of these keys, locked until the transaction ends.
pub(super) fn stale(conn: &mut Conn, place: &Place, ask: &Ask) -> QueryResult<Vec<Row>> {
    let Place { table, column, row, .. } = place;
    let (tenant, sort) = (tenant(place), place.index.map_or_else(|| "''".to_owned(), |(_, sort)| format!("t.{sort}")));
    let (key, skip) = (key_column(place, ask.by_index), if ask.waits { "" } else { "SKIP LOCKED" });
    let text = format!(
        "SELECT t.{row} AS id, t.{column} AS sealed, {sort} AS sort FROM {table} t WHERE {tenant} = $1 \
         AND t.{row} > $2 AND t.{key} = ANY ($3) ORDER BY t.{row} LIMIT $4 FOR NO KEY UPDATE {skip}"
    );
    diesel::sql_query(text)
        .bind::<SqlUuid, _>(ask.tenant)
        .bind::<SqlUuid, _>(ask.after)
        .bind::<Array<SqlUuid>, _>(ask.keys)
        .bind::<BigInt, _>(ask.limit)
        .load(conn)
}

/// Puts values and fingerprints in the place of those of rows that are locked.
pub(super) fn replace(
    conn: &mut Conn,
    place: &Place,
    tenant_id: TenantId,
    rows: &[Uuid],
    sealed: &[Sealed],
    prints: &[Fingerprint],
) -> QueryResult<usize> {
    let Place { table, column, row, .. } = place;
    let tenant = tenant(place);
    let sealed: Vec<&[u8]> = sealed.iter().map(Sealed::bytes).collect();
    let Some((index, _)) = place.index else {
        let text = format!(
            "UPDATE {table} t SET {column} = u.sealed FROM unnest($2, $3) AS u (id, sealed) \
             WHERE {tenant} = $1 AND t.{row} = u.id"
        );
        let update = diesel::sql_query(text).bind::<SqlUuid, _>(tenant_id).bind::<Array<SqlUuid>, _>(rows);
        return update.bind::<Array<Binary>, _>(sealed).execute(conn);
    };
    let text = format!(
        "UPDATE {table} t SET {column} = u.sealed, {index} = u.print FROM unnest($2, $3, $4) AS u (id, sealed, print) \
         WHERE {tenant} = $1 AND t.{row} = u.id"
    );
    let prints: Vec<&[u8]> = prints.iter().map(Fingerprint::bytes).collect();
    let update = diesel::sql_query(text).bind::<SqlUuid, _>(tenant_id).bind::<Array<SqlUuid>, _>(rows);
    update.bind::<Array<Binary>, _>(sealed).bind::<Array<Binary>, _>(prints).execute(conn)
}

/// The next values that are not sealed yet, of all tenants, locked until the transaction ends.
pub(super) fn bare(
    conn: &mut Conn,
    place: &Place,
    bare: &str,
    after: (TenantId, Uuid),
    limit: i64,
) -> QueryResult<Vec<Bare>> {
    let Place { table, row, .. } = place;
    let tenant = tenant(place);
    let text = format!(
        "SELECT {tenant} AS tenant, t.{row} AS id, t.{bare} AS bare FROM {table} t WHERE t.{bare} IS NOT NULL \
         AND ({tenant}, t.{row}) > ($1, $2) ORDER BY {order}t.{row} LIMIT $3 FOR NO KEY UPDATE SKIP LOCKED",
        order = if place.is_servers { "" } else { "t.tenant_id, " }
    );
    let query = diesel::sql_query(text).bind::<SqlUuid, _>(after.0).bind::<SqlUuid, _>(after.1);
    query.bind::<BigInt, _>(limit).load(conn)
}

/// Puts sealed values in the place of bare ones.
pub(super) fn cover(
    conn: &mut Conn,
    place: &Place,
    bare: &str,
    rows: &[(TenantId, Uuid)],
    sealed: &[Sealed],
) -> QueryResult<usize> {
    let Place { table, column, row, .. } = place;
    let tenant = tenant(place);
    let text = format!(
        "UPDATE {table} t SET {column} = u.sealed, {bare} = NULL FROM unnest($1, $2, $3) AS u (tenant, id, sealed) \
         WHERE {tenant} = u.tenant AND t.{row} = u.id"
    );
    let (tenants, rows): (Vec<TenantId>, Vec<Uuid>) = rows.iter().copied().unzip();
    let sealed: Vec<&[u8]> = sealed.iter().map(Sealed::bytes).collect();
    let update = diesel::sql_query(text).bind::<Array<SqlUuid>, _>(tenants).bind::<Array<SqlUuid>, _>(rows);
    update.bind::<Array<Binary>, _>(sealed).execute(conn)
}

/// Whether a value of the place needs the key.
pub(super) fn needs(
    conn: &mut Conn,
    place: &Place,
    by_index: bool,
    tenant_id: TenantId,
    key: DataKeyId,
) -> QueryResult<bool> {
    #[derive(QueryableByName)]
    struct Found {
        #[diesel(sql_type = Bool)]
        found: bool,
    }
    let (table, tenant, column) = (place.table, tenant(place), key_column(place, by_index));
    let text = format!("SELECT EXISTS (SELECT FROM {table} t WHERE {tenant} = $1 AND t.{column} = $2) AS found");
    let query = diesel::sql_query(text).bind::<SqlUuid, _>(tenant_id).bind::<SqlUuid, _>(key);
    query.get_result(conn).map(|Found { found }| found)
}

/// How many values of the place need each key.
pub(super) fn counts(conn: &mut Conn, place: &Place, by_index: bool) -> QueryResult<Vec<(TenantId, DataKeyId, i64)>> {
    #[derive(QueryableByName)]
    struct Count {
        #[diesel(sql_type = SqlUuid)]
        tenant: TenantId,
        #[diesel(sql_type = SqlUuid)]
        key: DataKeyId,
        #[diesel(sql_type = BigInt)]
        count: i64,
    }
    let (table, tenant, column) = (place.table, tenant(place), key_column(place, by_index));
    let text = format!(
        "SELECT {tenant} AS tenant, t.{column} AS key, count(*) AS count FROM {table} t \
         WHERE t.{column} IS NOT NULL GROUP BY 1, 2"
    );
    let all: Vec<Count> = diesel::sql_query(text).load(conn)?;
    Ok(all.into_iter().map(|Count { tenant, key, count }| (tenant, key, count)).collect())
}

/// The server's own rows have no tenant.
fn tenant(place: &Place) -> String {
    if place.is_servers { format!("'{SERVER}'::uuid") } else { "t.tenant_id".to_owned() }
}

fn key_column(place: &Place, by_index: bool) -> String {
    let column = place.index.filter(|_| by_index).map_or(place.column, |(index, _)| index);
    format!("{column}_key_id")
}
