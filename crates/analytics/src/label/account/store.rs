//! The queries of what accounts are called. The accounts were asked for before; sets of them travel as arrays.
use super::{AccountLabel, LabelAssignment};
use crate::label::Label;
use crate::schema::{account_labels, labels};
use chrono::{DateTime, Utc};
use diesel::prelude::*;
use diesel::result::QueryResult;
use diesel::sql_types::{Array, Nullable, Text, Timestamptz, Uuid as SqlUuid};
use kernel::{AccountId, Action, Ctx, LabelId, Reach, Result, SegmentationId, TenantId, UserId};
use platform::Conn;
use uuid::Uuid;

#[derive(QueryableByName)]
struct Touched {
    #[diesel(sql_type = SqlUuid)]
    account_id: Uuid,
}

/// A label whose time is over.
#[derive(QueryableByName)]
pub struct Expired {
    #[diesel(sql_type = SqlUuid, column_name = tenant_id)]
    pub tenant: TenantId,
    #[diesel(sql_type = SqlUuid, column_name = account_id)]
    pub account: Uuid,
    #[diesel(sql_type = SqlUuid)]
    pub created_by: UserId,
}

/// The labels of accounts that the caller sees, by name; none for whoever may read no labels.
pub fn of_all(conn: &mut Conn, ctx: &Ctx, accounts: &[AccountId]) -> Result<Vec<AccountLabel>> {
    if ctx.reach::<Label>(Action::Read) == Reach::None {
        return Ok(Vec::new());
    }
    let same = labels::tenant_id.eq(account_labels::tenant_id).and(labels::id.eq(account_labels::label_id));
    Ok(account_labels::table
        .inner_join(labels::table.on(same))
        .filter(account_labels::tenant_id.eq(ctx.tenant))
        .filter(account_labels::account_id.eq_any(accounts))
        .filter(labels::deleted_at.is_null())
        .order((labels::name, labels::id))
        .select((
            account_labels::account_id,
            labels::id,
            labels::key,
            labels::name,
            labels::color,
            account_labels::source,
            account_labels::evidence,
            account_labels::expires_at,
            account_labels::created_at,
            account_labels::created_by,
        ))
        .load(conn)?)
}

/// Those of whom somebody has said something else, or nothing, before.
pub fn put(conn: &mut Conn, ctx: &Ctx, label: LabelId, asked: &LabelAssignment) -> QueryResult<Vec<Uuid>> {
    let touched: Vec<Touched> = diesel::sql_query(
        "INSERT INTO account_labels AS a (tenant_id, account_id, label_id, source, evidence, expires_at, created_at, \
         created_by) SELECT DISTINCT $1, c.id, $2, 'manual', $3, $4, $5, $6 FROM unnest($7) AS c (id) \
         ON CONFLICT (tenant_id, account_id, label_id) DO UPDATE SET source = 'manual', evidence = EXCLUDED.evidence, \
         expires_at = EXCLUDED.expires_at, created_at = EXCLUDED.created_at, created_by = EXCLUDED.created_by \
         WHERE (a.source, a.evidence, a.expires_at) IS DISTINCT FROM ('manual', EXCLUDED.evidence, EXCLUDED.expires_at) \
         RETURNING account_id",
    )
    .bind::<SqlUuid, _>(ctx.tenant)
    .bind::<SqlUuid, _>(label)
    .bind::<Nullable<Text>, _>(asked.evidence.as_deref())
    .bind::<Nullable<Timestamptz>, _>(asked.expires_at)
    .bind::<Timestamptz, _>(ctx.now)
    .bind::<SqlUuid, _>(ctx.actor.user)
    .bind::<Array<SqlUuid>, _>(&asked.account_ids)
    .load(conn)?;
    Ok(ids(touched))
}

/// Whoever says that an account is of one class says that it is of no other.
pub fn take_automatic(
    conn: &mut Conn,
    ctx: &Ctx,
    segmentation: SegmentationId,
    accounts: &[AccountId],
) -> QueryResult<Vec<Uuid>> {
    let touched: Vec<Touched> = diesel::sql_query(
        "DELETE FROM account_labels AS a USING labels AS l WHERE a.tenant_id = $1 AND a.account_id = ANY ($2) \
         AND a.source = 'automatic' AND l.tenant_id = $1 AND l.id = a.label_id AND l.segmentation_id = $3 \
         RETURNING a.account_id",
    )
    .bind::<SqlUuid, _>(ctx.tenant)
    .bind::<Array<SqlUuid>, _>(accounts)
    .bind::<SqlUuid, _>(segmentation)
    .load(conn)?;
    Ok(ids(touched))
}

/// Those that were called so.
pub fn take(conn: &mut Conn, ctx: &Ctx, label: LabelId, accounts: &[AccountId]) -> QueryResult<Vec<Uuid>> {
    let theirs = account_labels::table
        .filter(account_labels::tenant_id.eq(ctx.tenant))
        .filter(account_labels::account_id.eq_any(accounts))
        .filter(account_labels::label_id.eq(label));
    diesel::delete(theirs).returning(account_labels::account_id).get_results(conn)
}

/// Those that somebody has called so.
pub fn take_manual(conn: &mut Conn, ctx: &Ctx, label: LabelId, accounts: &[AccountId]) -> QueryResult<Vec<Uuid>> {
    let theirs = account_labels::table
        .filter(account_labels::tenant_id.eq(ctx.tenant))
        .filter(account_labels::account_id.eq_any(accounts))
        .filter(account_labels::label_id.eq(label))
        .filter(account_labels::source.eq("manual"));
    diesel::delete(theirs).returning(account_labels::account_id).get_results(conn)
}

pub fn take_all(conn: &mut Conn, ctx: &Ctx, label: LabelId) -> QueryResult<Vec<Uuid>> {
    let theirs = account_labels::table
        .filter(account_labels::tenant_id.eq(ctx.tenant))
        .filter(account_labels::label_id.eq(label));
    diesel::delete(theirs).returning(account_labels::account_id).get_results(conn)
}

pub fn refuse(conn: &mut Conn, ctx: &Ctx, label: LabelId, accounts: &[AccountId]) -> QueryResult<usize> {
    diesel::sql_query(
        "INSERT INTO account_label_refusals (tenant_id, account_id, label_id, created_at, created_by) \
         SELECT DISTINCT $1, c.id, $2, $3, $4 FROM unnest($5) AS c (id) ON CONFLICT DO NOTHING",
    )
    .bind::<SqlUuid, _>(ctx.tenant)
    .bind::<SqlUuid, _>(label)
    .bind::<Timestamptz, _>(ctx.now)
    .bind::<SqlUuid, _>(ctx.actor.user)
    .bind::<Array<SqlUuid>, _>(accounts)
    .execute(conn)
}

pub fn unrefuse(conn: &mut Conn, ctx: &Ctx, label: LabelId, accounts: &[AccountId]) -> QueryResult<usize> {
    diesel::sql_query(
        "DELETE FROM account_label_refusals WHERE tenant_id = $1 AND label_id = $2 AND account_id = ANY ($3)",
    )
    .bind::<SqlUuid, _>(ctx.tenant)
    .bind::<SqlUuid, _>(label)
    .bind::<Array<SqlUuid>, _>(accounts)
    .execute(conn)
}

/// They are sorted anew a moment later.
pub fn ask_again(conn: &mut Conn, ctx: &Ctx, accounts: &[AccountId]) -> QueryResult<usize> {
    diesel::sql_query(
        "INSERT INTO customer_rescores (tenant_id, account_id) SELECT DISTINCT $1, c.id FROM unnest($2) AS c (id) \
         ON CONFLICT DO NOTHING",
    )
    .bind::<SqlUuid, _>(ctx.tenant)
    .bind::<Array<SqlUuid>, _>(accounts)
    .execute(conn)
}

/// Of all tenants, as the worker is.
pub fn expired(conn: &mut Conn) -> QueryResult<Vec<Expired>> {
    diesel::sql_query(
        "DELETE FROM account_labels WHERE expires_at <= clock_timestamp() RETURNING tenant_id, account_id, created_by",
    )
    .load(conn)
}

/// Accounts are called what they were sorted as, each by its place; nothing where it is nothing. Those that are called
/// something else than before.
pub fn settle(
    conn: &mut Conn,
    ctx: &Ctx,
    segmentation: SegmentationId,
    (accounts, to): (&[Uuid], &[Option<Uuid>]),
    now: DateTime<Utc>,
) -> QueryResult<Vec<Uuid>> {
    let touched: Vec<Touched> = diesel::sql_query(
        "WITH came AS (SELECT c.account_id, c.label_id FROM unnest($2, $3) AS c (account_id, label_id)), \
         gone AS (DELETE FROM account_labels AS a USING came AS c, labels AS l WHERE a.tenant_id = $1 \
         AND a.account_id = c.account_id AND a.account_id BETWEEN $7 AND $8 AND a.source = 'automatic' AND a.label_id IS DISTINCT FROM c.label_id \
         AND l.tenant_id = $1 AND l.id = a.label_id AND l.segmentation_id = $4 RETURNING a.account_id), \
         new AS (INSERT INTO account_labels (tenant_id, account_id, label_id, source, created_at, created_by) \
         SELECT $1, c.account_id, c.label_id, 'automatic', $5, $6 FROM came AS c WHERE c.label_id IS NOT NULL \
         AND NOT EXISTS (SELECT FROM account_label_refusals AS r WHERE r.tenant_id = $1 \
         AND r.account_id = c.account_id AND r.label_id = c.label_id) \
         AND NOT EXISTS (SELECT FROM account_labels AS a JOIN labels AS l ON l.tenant_id = a.tenant_id \
         AND l.id = a.label_id WHERE a.tenant_id = $1 AND a.account_id = c.account_id \
         AND a.account_id BETWEEN $7 AND $8 AND a.source = 'manual' \
         AND l.segmentation_id = $4) ON CONFLICT DO NOTHING RETURNING account_id) \
         SELECT account_id FROM gone UNION SELECT account_id FROM new",
    )
    .bind::<SqlUuid, _>(ctx.tenant)
    .bind::<Array<SqlUuid>, _>(accounts)
    .bind::<Array<Nullable<SqlUuid>>, _>(to)
    .bind::<SqlUuid, _>(segmentation)
    .bind::<Timestamptz, _>(now)
    .bind::<SqlUuid, _>(ctx.actor.user)
    .bind::<SqlUuid, _>(accounts.iter().min().copied().unwrap_or_default())
    .bind::<SqlUuid, _>(accounts.iter().max().copied().unwrap_or_default())
    .load(conn)?;
    Ok(ids(touched))
}

fn ids(touched: Vec<Touched>) -> Vec<Uuid> {
    touched.into_iter().map(|one| one.account_id).collect()
}
