//! The queries of what customers were sorted as. Sets of them travel as arrays; what nothing has changed of is not written.
use super::{Classification, Moved};
use crate::schema::{classifications, segmentations};
use crate::segmentation::Segmentation;
use crate::segmentation::sweep::Waiting;
use chrono::{DateTime, Utc};
use diesel::prelude::*;
use diesel::result::QueryResult;
use diesel::sql_types::{Array, BigInt, Integer, Nullable, Text, Timestamptz, Uuid as SqlUuid};
use kernel::{AccountId, ClassificationId, Ctx, Page, Result, SegmentationId, SegmentationRunId, TenantId};
use platform::{Conn, Listing};
use std::collections::HashMap;
use uuid::Uuid;

/// What customers are, each by their place.
pub struct Rows<'a> {
    pub accounts: &'a [Uuid],
    pub classes: Vec<Option<&'a str>>,
    pub scores: Vec<Option<[u8; 3]>>,
}

#[derive(QueryableByName)]
struct Was {
    #[diesel(sql_type = SqlUuid)]
    account_id: Uuid,
    #[diesel(sql_type = Text)]
    class: String,
}

#[derive(QueryableByName)]
struct One {
    #[diesel(sql_type = SqlUuid)]
    tenant_id: TenantId,
    #[diesel(sql_type = SqlUuid)]
    account_id: Uuid,
}

/// What all accounts were sorted as that the actor may see: a part's `Listing` asks for its whole.
pub fn list(conn: &mut Conn, ctx: &Ctx, listing: &Listing<classifications::table>) -> Result<Page<Classification>> {
    let all = || classifications::table.filter(classifications::tenant_id.eq(ctx.tenant));
    listing.page(
        conn,
        ctx,
        |conn, ask| {
            let page = all().filter(ask.matching()).order(ask.order()).limit(ask.limit());
            page.select((Classification::as_select(), ask.keys())).load(conn)
        },
        |ask| all().filter(ask.matching()).select(classifications::id),
        |_| "",
    )
}

/// What an account is now, with the living segmentations that say so, by name.
pub fn now_of(conn: &mut Conn, ctx: &Ctx, account: AccountId) -> QueryResult<Vec<(Classification, Segmentation)>> {
    let same = segmentations::tenant_id
        .eq(classifications::tenant_id)
        .and(segmentations::id.eq(classifications::segmentation_id));
    classifications::table
        .inner_join(segmentations::table.on(same))
        .filter(classifications::tenant_id.eq(ctx.tenant))
        .filter(classifications::account_id.eq(account))
        .filter(classifications::valid_until_at.is_null())
        .filter(segmentations::deleted_at.is_null())
        .order((segmentations::name, segmentations::id))
        .select((Classification::as_select(), Segmentation::as_select()))
        .load(conn)
}

/// Those that are something else than before. Between the first and the last of them an index finds them all, for they
/// come in order.
pub fn put(
    conn: &mut Conn,
    ctx: &Ctx,
    (of, run): (SegmentationId, SegmentationRunId),
    rows: &Rows<'_>,
    now: DateTime<Utc>,
) -> QueryResult<Vec<Moved>> {
    let score = |at: usize| rows.scores.iter().map(|all| (*all)?.get(at).copied().map(i32::from)).collect::<Vec<_>>();
    let scores = [score(0), score(1), score(2)];
    let was = end(conn, ctx, of, (rows, &scores), now)?;
    let new = begin(conn, ctx, (of, run), (rows, &scores), now)?;
    Ok(moved(was, new))
}

type Scores = [Vec<Option<i32>>; 3];

/// What they were is over, where it is something else.
fn end(
    conn: &mut Conn,
    ctx: &Ctx,
    of: SegmentationId,
    (rows, [recency, frequency, monetary]): (&Rows<'_>, &Scores),
    now: DateTime<Utc>,
) -> QueryResult<Vec<Was>> {
    diesel::sql_query(
        "UPDATE classifications AS c SET valid_until_at = greatest(c.valid_from_at, $1) \
         FROM unnest($2, $3, $4, $5, $6) AS n (account_id, class, recency, frequency, monetary) \
         WHERE c.tenant_id = $7 AND c.segmentation_id = $8 AND c.account_id = n.account_id \
         AND c.account_id BETWEEN $9 AND $10 AND c.valid_until_at IS NULL \
         AND (c.class, c.recency_score, c.frequency_score, c.monetary_score) \
         IS DISTINCT FROM (n.class, n.recency, n.frequency, n.monetary) RETURNING c.account_id, c.class",
    )
    .bind::<Timestamptz, _>(now)
    .bind::<Array<SqlUuid>, _>(rows.accounts)
    .bind::<Array<Nullable<Text>>, _>(&rows.classes)
    .bind::<Array<Nullable<Integer>>, _>(recency)
    .bind::<Array<Nullable<Integer>>, _>(frequency)
    .bind::<Array<Nullable<Integer>>, _>(monetary)
    .bind::<SqlUuid, _>(ctx.tenant)
    .bind::<SqlUuid, _>(of)
    .bind::<SqlUuid, _>(rows.accounts.iter().min().copied().unwrap_or_default())
    .bind::<SqlUuid, _>(rows.accounts.iter().max().copied().unwrap_or_default())
    .load(conn)
}

/// What they are begins, where they are nothing now.
fn begin(
    conn: &mut Conn,
    ctx: &Ctx,
    (of, run): (SegmentationId, SegmentationRunId),
    (rows, [recency, frequency, monetary]): (&Rows<'_>, &Scores),
    now: DateTime<Utc>,
) -> QueryResult<Vec<Was>> {
    let fresh: Vec<Uuid> = rows.accounts.iter().map(|_| ClassificationId::new().0).collect();
    diesel::sql_query(
        "INSERT INTO classifications (tenant_id, id, segmentation_id, account_id, run_id, class, recency_score, \
         frequency_score, monetary_score, valid_from_at) SELECT $7, n.id, $8, n.account_id, $9, n.class, n.recency, \
         n.frequency, n.monetary, $1 FROM unnest($2, $3, $4, $5, $6, $10) \
         AS n (account_id, class, recency, frequency, monetary, id) WHERE n.class IS NOT NULL AND NOT EXISTS \
         (SELECT FROM classifications AS c WHERE c.tenant_id = $7 AND c.segmentation_id = $8 \
         AND c.account_id = n.account_id AND c.account_id BETWEEN $11 AND $12 AND c.valid_until_at IS NULL) \
         ON CONFLICT DO NOTHING RETURNING account_id, class",
    )
    .bind::<Timestamptz, _>(now)
    .bind::<Array<SqlUuid>, _>(rows.accounts)
    .bind::<Array<Nullable<Text>>, _>(&rows.classes)
    .bind::<Array<Nullable<Integer>>, _>(recency)
    .bind::<Array<Nullable<Integer>>, _>(frequency)
    .bind::<Array<Nullable<Integer>>, _>(monetary)
    .bind::<SqlUuid, _>(ctx.tenant)
    .bind::<SqlUuid, _>(of)
    .bind::<SqlUuid, _>(run)
    .bind::<Array<SqlUuid>, _>(&fresh)
    .bind::<SqlUuid, _>(rows.accounts.iter().min().copied().unwrap_or_default())
    .bind::<SqlUuid, _>(rows.accounts.iter().max().copied().unwrap_or_default())
    .load(conn)
}

/// Of whom only the scores have changed is what they were.
fn moved(was: Vec<Was>, new: Vec<Was>) -> Vec<Moved> {
    let mut was: HashMap<Uuid, String> = was.into_iter().map(|one| (one.account_id, one.class)).collect();
    let mut all: Vec<Moved> = new
        .into_iter()
        .map(|one| Moved { account: one.account_id, was: was.remove(&one.account_id), is: Some(one.class) })
        .collect();
    all.extend(was.into_iter().map(|(account, class)| Moved { account, was: Some(class), is: None }));
    all.retain(|one| one.was != one.is);
    all
}

/// How many are in each class now.
pub fn counts(conn: &mut Conn, tenant: TenantId, of: SegmentationId) -> QueryResult<Vec<(String, i64)>> {
    classifications::table
        .filter(classifications::tenant_id.eq(tenant))
        .filter(classifications::segmentation_id.eq(of))
        .filter(classifications::valid_until_at.is_null())
        .group_by(classifications::class)
        .select((classifications::class, diesel::dsl::count_star()))
        .load(conn)
}

/// What everybody was sorted as is over.
pub fn end_all(conn: &mut Conn, ctx: &Ctx, of: SegmentationId) -> QueryResult<usize> {
    let now = classifications::table
        .filter(classifications::tenant_id.eq(ctx.tenant))
        .filter(classifications::segmentation_id.eq(of))
        .filter(classifications::valid_until_at.is_null());
    diesel::update(now).set(classifications::valid_until_at.eq(ctx.now)).execute(conn)
}

/// Those that were archived, merged or erased.
pub fn end_gone(conn: &mut Conn, ctx: &Ctx, of: SegmentationId, now: DateTime<Utc>) -> QueryResult<Vec<Moved>> {
    let was: Vec<Was> = diesel::sql_query(
        "UPDATE classifications AS c SET valid_until_at = greatest(c.valid_from_at, $1) WHERE c.tenant_id = $2 \
         AND c.segmentation_id = $3 AND c.valid_until_at IS NULL AND NOT EXISTS (SELECT FROM accounts AS a \
         WHERE a.tenant_id = $2 AND a.id = c.account_id AND a.deleted_at IS NULL AND NOT EXISTS (SELECT FROM erasures \
         AS e WHERE e.tenant_id = $2 AND e.resource = 'account' AND e.record_id = a.id)) \
         RETURNING c.account_id, c.class",
    )
    .bind::<Timestamptz, _>(now)
    .bind::<SqlUuid, _>(ctx.tenant)
    .bind::<SqlUuid, _>(of)
    .load(conn)?;
    Ok(moved(was, Vec::new()))
}

/// Whom another run has sorted since a moment is sorted anew.
pub fn ask_again(
    conn: &mut Conn,
    tenant: TenantId,
    of: SegmentationId,
    run: SegmentationRunId,
    since: DateTime<Utc>,
) -> QueryResult<usize> {
    diesel::sql_query(
        "INSERT INTO customer_rescores (tenant_id, account_id) SELECT DISTINCT $1, c.account_id \
         FROM classifications AS c WHERE c.tenant_id = $1 AND c.segmentation_id = $2 AND c.run_id <> $3 \
         AND c.valid_from_at >= $4 ON CONFLICT DO NOTHING",
    )
    .bind::<SqlUuid, _>(tenant)
    .bind::<SqlUuid, _>(of)
    .bind::<SqlUuid, _>(run)
    .bind::<Timestamptz, _>(since)
    .execute(conn)
}

/// Takes customers of one tenant off the list, at most so many, in the order of their ids.
pub fn take_waiting(conn: &mut Conn, most: i64) -> QueryResult<Waiting> {
    let taken: Vec<One> = diesel::sql_query(
        "DELETE FROM customer_rescores AS r USING (SELECT w.tenant_id, w.account_id FROM customer_rescores AS w \
         WHERE w.tenant_id = (SELECT f.tenant_id FROM customer_rescores AS f ORDER BY f.tenant_id, f.account_id LIMIT 1 \
         FOR UPDATE SKIP LOCKED) ORDER BY w.tenant_id, w.account_id LIMIT $1 FOR UPDATE SKIP LOCKED) AS d \
         WHERE r.tenant_id = d.tenant_id AND r.account_id = d.account_id RETURNING r.tenant_id, r.account_id",
    )
    .bind::<BigInt, _>(most)
    .load(conn)?;
    let mut ids: Vec<Uuid> = taken.iter().map(|one| one.account_id).collect();
    ids.sort_unstable();
    Ok(taken.first().map(|first| (first.tenant_id, ids)))
}
