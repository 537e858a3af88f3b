//! The queries of the months, which the functions of the owner and the catalogue of PostgreSQL answer.
use super::super::chain::Hash;
use super::super::floor::Floor;
use crate::{Conn, moment};
use chrono::{DateTime, Utc};
use diesel::prelude::*;
use diesel::result::QueryResult;
use diesel::sql_types::{Array, BigInt, Binary, Bool, Text, Timestamptz, Uuid as SqlUuid};
use kernel::TenantId;
use uuid::Uuid;

/// A portion of links that go together.
const PORTION: i64 = 50_000;

/// A partition of the trail.
#[derive(Clone, Debug, QueryableByName)]
pub struct Month {
    #[diesel(sql_type = Text)]
    pub name: String,
    /// the ids that it holds, from here
    #[diesel(sql_type = SqlUuid)]
    pub since: Uuid,
    /// and before this one
    #[diesel(sql_type = SqlUuid)]
    pub until: Uuid,
}

#[derive(QueryableByName)]
struct Count {
    #[diesel(sql_type = BigInt)]
    count: i64,
}

#[derive(QueryableByName)]
struct Clock {
    #[diesel(sql_type = Timestamptz)]
    now: DateTime<Utc>,
}

/// What time it is for the database, which all processes share.
pub fn clock(conn: &mut Conn) -> QueryResult<DateTime<Utc>> {
    Ok(diesel::sql_query("SELECT now() AS now").get_result::<Clock>(conn)?.now)
}

/// Makes this month and the next two, where they are missing; how many it made.
pub fn open(conn: &mut Conn, now: DateTime<Utc>) -> QueryResult<i64> {
    let text = "SELECT audit_open_months($1) AS count";
    Ok(diesel::sql_query(text).bind::<Timestamptz, _>(now).get_result::<Count>(conn)?.count)
}

/// Closes the months that ended a month ago; how many.
pub fn close(conn: &mut Conn, now: DateTime<Utc>) -> QueryResult<i64> {
    let text = "SELECT audit_close_months($1) AS count";
    Ok(diesel::sql_query(text).bind::<Timestamptz, _>(now).get_result::<Count>(conn)?.count)
}

/// All of them, the oldest first.
pub fn spans(conn: &mut Conn) -> QueryResult<Vec<Month>> {
    diesel::sql_query("SELECT name, since, until FROM audit_months ORDER BY until").load(conn)
}

/// The closed ones that hold no id from this one on, the oldest first.
pub(super) fn before(conn: &mut Conn, cut: Uuid) -> QueryResult<Vec<Month>> {
    let text = "SELECT m.name, m.since, m.until FROM audit_months AS m, audit_sealing AS s \
                WHERE m.until <= $1 AND m.until <= s.sealed_before ORDER BY m.until";
    diesel::sql_query(text).bind::<SqlUuid, _>(cut).load(conn)
}

#[derive(QueryableByName)]
struct Tenant {
    #[diesel(sql_type = SqlUuid)]
    id: TenantId,
}

/// Those that have rows up to the end of the month.
pub(super) fn tenants(conn: &mut Conn, month: &Month) -> QueryResult<Vec<TenantId>> {
    let text = "SELECT DISTINCT tenant_id AS id FROM audit_log WHERE id < $1 ORDER BY id";
    let all: Vec<Tenant> = diesel::sql_query(text).bind::<SqlUuid, _>(month.until).load(conn)?;
    Ok(all.into_iter().map(|one| one.id).collect())
}

#[derive(QueryableByName)]
struct Place {
    #[diesel(sql_type = BigInt)]
    seq: i64,
}

/// The last place up to which every link is of a row with an id below this one.
pub(super) fn last_below(conn: &mut Conn, tenant: TenantId, from: i64, cut: Uuid) -> QueryResult<i64> {
    let text = "SELECT coalesce((SELECT seq - 1 FROM audit_chain WHERE tenant_id = $1 AND seq > $2 AND audit_id >= $3 \
                ORDER BY seq LIMIT 1), (SELECT seq FROM audit_chain WHERE tenant_id = $1 ORDER BY seq DESC LIMIT 1), $2) AS seq";
    let place = diesel::sql_query(text).bind::<SqlUuid, _>(tenant).bind::<BigInt, _>(from).bind::<SqlUuid, _>(cut);
    Ok(place.get_result::<Place>(conn)?.seq)
}

/// The places beyond one whose rows have ids below this one.
pub(super) fn further(conn: &mut Conn, tenant: TenantId, beyond: i64, cut: Uuid) -> QueryResult<Vec<i64>> {
    let text = "SELECT seq FROM audit_chain WHERE tenant_id = $1 AND seq > $2 AND audit_id < $3 ORDER BY seq";
    let places = diesel::sql_query(text).bind::<SqlUuid, _>(tenant).bind::<BigInt, _>(beyond).bind::<SqlUuid, _>(cut);
    Ok(places.load::<Place>(conn)?.into_iter().map(|place| place.seq).collect())
}

#[derive(QueryableByName)]
struct Link {
    #[diesel(sql_type = Binary)]
    hash: Vec<u8>,
}

pub(super) fn hash(conn: &mut Conn, tenant: TenantId, seq: i64) -> QueryResult<Option<Hash>> {
    let text = "SELECT hash FROM audit_chain WHERE tenant_id = $1 AND seq = $2";
    let link = diesel::sql_query(text).bind::<SqlUuid, _>(tenant).bind::<BigInt, _>(seq);
    Ok(link.get_result::<Link>(conn).optional()?.and_then(|link| link.hash.try_into().ok()))
}

#[derive(QueryableByName)]
struct Kept {
    #[diesel(sql_type = SqlUuid)]
    cut: Uuid,
    #[diesel(sql_type = Timestamptz)]
    signed_at: DateTime<Utc>,
    #[diesel(sql_type = BigInt)]
    seq: i64,
    #[diesel(sql_type = Binary)]
    hash: Vec<u8>,
    #[diesel(sql_type = Array<BigInt>)]
    further: Vec<i64>,
    #[diesel(sql_type = SqlUuid)]
    kid: Uuid,
    #[diesel(sql_type = Binary)]
    signature: Vec<u8>,
}

/// Those of a tenant; the last is the one that counts.
pub fn floors(conn: &mut Conn, tenant: TenantId) -> QueryResult<Vec<Floor>> {
    let text = "SELECT cut, signed_at, seq, hash, further, kid, signature FROM audit_floors WHERE tenant_id = $1 \
                ORDER BY cut, signed_at";
    let all: Vec<Kept> = diesel::sql_query(text).bind::<SqlUuid, _>(tenant).load(conn)?;
    let floor = |one: Kept| {
        let Kept { cut, signed_at, seq, hash, further, kid, signature } = one;
        Floor { tenant, cut, signed_at, seq, hash: hash.try_into().unwrap_or_default(), further, kid, signature }
    };
    Ok(all.into_iter().map(floor).collect())
}

pub(super) fn keep(conn: &mut Conn, floor: &Floor) -> QueryResult<usize> {
    let text = "INSERT INTO audit_floors (tenant_id, cut, signed_at, seq, hash, further, kid, signature) \
                VALUES ($1, $2, $3, $4, $5, $6, $7, $8)";
    diesel::sql_query(text)
        .bind::<SqlUuid, _>(floor.tenant)
        .bind::<SqlUuid, _>(floor.cut)
        .bind::<Timestamptz, _>(floor.signed_at)
        .bind::<BigInt, _>(floor.seq)
        .bind::<Binary, _>(floor.hash.to_vec())
        .bind::<Array<BigInt>, _>(&floor.further)
        .bind::<SqlUuid, _>(floor.kid)
        .bind::<Binary, _>(&floor.signature)
        .execute(conn)
}

#[derive(QueryableByName)]
struct Done {
    #[diesel(sql_type = Bool)]
    done: bool,
}

/// Whether it was there, and is no more.
pub(super) fn drop_month(conn: &mut Conn, month: &Month) -> QueryResult<bool> {
    let text = "SELECT audit_drop_month($1) AS done";
    Ok(diesel::sql_query(text).bind::<Text, _>(&month.name).get_result::<Done>(conn)?.done)
}

/// Takes away the links of months that were dropped.
pub(super) fn forget_links(conn: &mut Conn) -> QueryResult<()> {
    loop {
        let gone = diesel::sql_query("SELECT audit_drop_links($1) AS count").bind::<BigInt, _>(PORTION);
        if gone.get_result::<Count>(conn)?.count < PORTION {
            return Ok(());
        }
    }
}

/// How the months stand, for who looks after the house.
#[derive(Clone, Copy, Debug, QueryableByName)]
pub struct Months {
    /// so many there are
    #[diesel(sql_type = BigInt)]
    pub count: i64,
    /// the next one is among them
    #[diesel(sql_type = Bool)]
    pub has_next: bool,
    /// rows that no month has
    #[diesel(sql_type = BigInt)]
    pub rest: i64,
}

/// Asked as whoever owns the tables.
pub fn outline(conn: &mut Conn, now: DateTime<Utc>) -> QueryResult<Months> {
    let text = "SELECT (SELECT count(*) FROM audit_months) AS count, (SELECT count(*) FROM audit_log_rest) AS rest, \
                EXISTS (SELECT FROM audit_months WHERE until > $1) AS has_next";
    // a month has 31 days at most
    let next = moment::first_of(now + chrono::Duration::days(31));
    diesel::sql_query(text).bind::<SqlUuid, _>(next).get_result(conn)
}
