//! The queries of the trail. `scope` is its readers' way in; the rest is for those who write, sign and verify it.
use super::chain::Hash;
use super::checkpoint::{Checkpoint, MANY, bytes, hex};
use super::log::AuditLog;
use crate::schema::{audit_checkpoints, audit_log};
use crate::{Batch, Conn, Listing};
use chrono::{DateTime, Utc};
use diesel::dsl::{AsExprOf, auto_type};
use diesel::prelude::*;
use diesel::result::QueryResult;
use diesel::sql_types::{Array, BigInt, Binary, Bool, Text, Timestamptz, Uuid as SqlUuid};
use kernel::{Action, Ctx, EventId, Page, Reach, Result, TenantId, UserId};
use serde_json::Value;
use uuid::Uuid;

pub type Table = audit_log::table;

/// All of the tenant for those whose permission reaches so far; for others, what they did themselves.
#[auto_type]
fn scope(ctx: &Ctx) -> _ {
    let tenant: TenantId = ctx.tenant;
    let user: UserId = ctx.actor.user;
    let reach: Reach = ctx.reach::<AuditLog>(Action::Read);
    let open: AsExprOf<bool, Bool> = (reach > Reach::None).into_sql::<Bool>();
    let all: AsExprOf<bool, Bool> = (reach == Reach::All).into_sql::<Bool>();
    audit_log::table.filter(audit_log::tenant_id.eq(tenant)).filter(open).filter(audit_log::actor_id.eq(user).or(all))
}

pub fn find(conn: &mut Conn, ctx: &Ctx, id: EventId) -> Result<AuditLog> {
    Ok(scope(ctx).filter(audit_log::id.eq(id)).select(AuditLog::as_select()).first(conn)?)
}

pub fn list(conn: &mut Conn, ctx: &Ctx, listing: &Listing<audit_log::table>) -> Result<Page<AuditLog>> {
    listing.page(
        conn,
        ctx,
        |conn, ask| {
            let page = scope(ctx).filter(ask.matching()).order(ask.order()).limit(ask.limit());
            page.select((AuditLog::as_select(), ask.keys())).load(conn)
        },
        |ask| scope(ctx).filter(ask.matching()).select(audit_log::id),
        |row| &row.action,
    )
}

/// Notes in the trail what the actor has done that is no change of a record (`identifier.revealed`), to which record of
/// which noun; in the transaction of what is noted, if there is one. `details` hold ids and names of fields, best no
/// value of a field, and never a secret: they can be erased, for only their digest is sealed.
pub fn note(
    conn: &mut Conn,
    ctx: &Ctx,
    action: &str,
    noun: &str,
    object_id: impl Into<Uuid>,
    details: impl Into<Option<Value>>,
) -> Result<()> {
    let object_id: Uuid = object_id.into();
    let row = (
        audit_log::tenant_id.eq(ctx.tenant),
        audit_log::id.eq(EventId::new()),
        audit_log::action.eq(action),
        audit_log::noun.eq(noun),
        audit_log::object_id.eq(object_id),
        audit_log::actor_id.eq(ctx.actor.user),
        audit_log::api_key_id.eq(ctx.actor.key),
        audit_log::session_id.eq(ctx.origin.session),
        audit_log::address.eq(ctx.origin.address.map(|address| address.to_string())),
        audit_log::request_id.eq(ctx.request),
        audit_log::occurred_at.eq(ctx.now),
        audit_log::details.eq(details.into()),
    );
    diesel::insert_into(audit_log::table).values(row).execute(conn)?;
    Ok(())
}

#[derive(QueryableByName)]
struct Count {
    #[diesel(sql_type = BigInt)]
    count: i64,
}

/// Empties address and details of rows for a privacy request, and says so in the ledger; how many there were.
pub fn erase_details(conn: &mut Conn, ctx: &Ctx, request: Uuid, ids: &[Uuid]) -> Result<i64> {
    let emptied: Count = diesel::sql_query("SELECT erase_audit_details($1, $2, $3, $4, $5) AS count")
        .bind::<SqlUuid, _>(ctx.tenant)
        .bind::<Array<SqlUuid>, _>(ids)
        .bind::<SqlUuid, _>(request)
        .bind::<SqlUuid, _>(ctx.actor.user)
        .bind::<Timestamptz, _>(ctx.now)
        .get_result(conn)?;
    Ok(emptied.count)
}

/// Takes from the events of records all columns but those that are `kept`, and leaves a pseudonym in those that are
/// `named`; says so in the ledger, with a digest of what was left. How many events there were.
pub fn erase_data(
    conn: &mut Conn,
    ctx: &Ctx,
    request: Uuid,
    records: &[Uuid],
    kept: &[String],
    named: &[String],
) -> Result<i64> {
    let emptied: Count = diesel::sql_query("SELECT erase_audit_data($1, $2, $3, $4, $5, $6, $7) AS count")
        .bind::<SqlUuid, _>(ctx.tenant)
        .bind::<Array<SqlUuid>, _>(records)
        .bind::<Array<Text>, _>(kept)
        .bind::<Array<Text>, _>(named)
        .bind::<SqlUuid, _>(request)
        .bind::<SqlUuid, _>(ctx.actor.user)
        .bind::<Timestamptz, _>(ctx.now)
        .get_result(conn)?;
    Ok(emptied.count)
}

#[derive(QueryableByName)]
struct Unsigned {
    #[diesel(sql_type = SqlUuid)]
    tenant_id: TenantId,
    #[diesel(sql_type = BigInt)]
    seq: i64,
    #[diesel(sql_type = Binary)]
    hash: Vec<u8>,
}

/// The chains, from tenant to tenant along the key, so that none is read but for its end.
const ENDS: &str = "WITH RECURSIVE t (id) AS ((SELECT tenant_id FROM audit_chain ORDER BY tenant_id LIMIT 1) UNION ALL \
     SELECT (SELECT tenant_id FROM audit_chain WHERE tenant_id > t.id ORDER BY tenant_id LIMIT 1) FROM t \
     WHERE t.id IS NOT NULL), ends AS (SELECT c.* FROM t CROSS JOIN LATERAL (SELECT tenant_id, seq, hash FROM audit_chain \
     WHERE tenant_id = t.id ORDER BY seq DESC LIMIT 1) AS c)";

/// The ends of the chains that it is time to sign, or of all that have grown.
pub(super) fn unsigned(conn: &mut Conn, now: DateTime<Utc>, all: bool) -> Result<Vec<(TenantId, i64, Hash)>> {
    let text = format!(
        "{ENDS} SELECT e.tenant_id, e.seq, e.hash FROM ends e LEFT JOIN LATERAL (SELECT seq, signed_at FROM audit_checkpoints \
         WHERE tenant_id = e.tenant_id ORDER BY seq DESC LIMIT 1) AS k ON true WHERE e.seq > coalesce(k.seq, 0) \
         AND ($1 OR k.seq IS NULL OR e.seq - k.seq >= $2 OR k.signed_at <= $3 - interval '1 hour')"
    );
    let query = diesel::sql_query(text).bind::<Bool, _>(all).bind::<BigInt, _>(MANY).bind::<Timestamptz, _>(now);
    let ends: Vec<Unsigned> = query.load(conn)?;
    Ok(ends.into_iter().map(|end| (end.tenant_id, end.seq, end.hash.try_into().unwrap_or_default())).collect())
}

pub(super) fn keep(conn: &mut Conn, one: &Checkpoint) -> QueryResult<()> {
    let row = (
        audit_checkpoints::tenant_id.eq(one.tenant_id),
        audit_checkpoints::seq.eq(one.seq),
        audit_checkpoints::hash.eq(bytes(&one.hash).unwrap_or_default()),
        audit_checkpoints::signed_at.eq(one.signed_at),
        audit_checkpoints::kid.eq(one.kid),
        audit_checkpoints::signature.eq(bytes(&one.signature).unwrap_or_default()),
    );
    diesel::insert_into(audit_checkpoints::table).values(row).execute(conn)?;
    Ok(())
}

pub(super) fn checkpoints(conn: &mut Conn, tenant: TenantId) -> QueryResult<Vec<Checkpoint>> {
    /// seq, hash, when, by which key, signature
    type Row = (i64, Vec<u8>, DateTime<Utc>, Uuid, Vec<u8>);
    let all: Vec<Row> = audit_checkpoints::table
        .filter(audit_checkpoints::tenant_id.eq(tenant))
        .order(audit_checkpoints::seq)
        .select((
            audit_checkpoints::seq,
            audit_checkpoints::hash,
            audit_checkpoints::signed_at,
            audit_checkpoints::kid,
            audit_checkpoints::signature,
        ))
        .load(conn)?;
    let one = |(seq, hash, signed_at, kid, signature): Row| Checkpoint {
        tenant_id: tenant,
        seq,
        hash: hex(&hash),
        signed_at,
        kid,
        signature: hex(&signature),
    };
    Ok(all.into_iter().map(one).collect())
}

/// How the trail stands, for who looks after the house.
#[derive(Clone, Copy, Debug, QueryableByName)]
pub struct Outline {
    /// rows that are in a chain
    #[diesel(sql_type = BigInt)]
    pub sealed: i64,
    #[diesel(sql_type = BigInt)]
    pub checkpoints: i64,
    /// rows that wait to be sealed
    #[diesel(sql_type = BigInt)]
    pub waiting: i64,
    /// those that have waited for longer than an hour: no worker runs, or it cannot seal
    #[diesel(sql_type = BigInt)]
    pub late: i64,
}

pub fn outline(conn: &mut Conn, now: DateTime<Utc>) -> Result<Outline> {
    let text = format!(
        "{ENDS} SELECT (SELECT coalesce(sum(seq), 0)::bigint FROM ends) AS sealed, (SELECT count(*) FROM audit_checkpoints) \
         AS checkpoints, count(a.*) AS waiting, count(a.*) FILTER (WHERE a.occurred_at < $1 - interval '1 hour') AS late \
         FROM audit_sealing s LEFT JOIN audit_log a ON a.xact >= s.position AND NOT EXISTS (SELECT FROM audit_chain c \
         WHERE c.tenant_id = a.tenant_id AND c.audit_id = a.id)"
    );
    Ok(diesel::sql_query(text).bind::<Timestamptz, _>(now).get_result(conn)?)
}

impl Batch for AuditLog {
    fn find(conn: &mut Conn, ctx: &Ctx, id: EventId) -> Result<Self> {
        find(conn, ctx, id)
    }
    fn batch(conn: &mut Conn, tenant: TenantId, ids: &[EventId]) -> Result<Vec<Self>> {
        Ok(audit_log::table
            .filter(audit_log::tenant_id.eq(tenant))
            .filter(audit_log::id.eq_any(ids))
            .select(AuditLog::as_select())
            .load(conn)?)
    }
}
