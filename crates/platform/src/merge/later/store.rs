//! The queries of what a merge leaves for later: workers look over all tenants.
use crate::Conn;
use crate::schema::{merge_moves, merges};
use chrono::{DateTime, Duration, Utc};
use diesel::prelude::*;
use diesel::result::QueryResult;
use diesel::sql_types::{Array, Double, Nullable, Text, Timestamptz, Uuid as SqlUuid};
use kernel::{Ctx, MergeId, TenantId, UserId};
use uuid::Uuid;

#[derive(QueryableByName)]
pub struct Due {
    #[diesel(sql_type = SqlUuid, column_name = tenant_id)]
    pub tenant: TenantId,
    #[diesel(sql_type = SqlUuid)]
    pub id: MergeId,
    #[diesel(sql_type = Text)]
    pub resource: String,
    #[diesel(sql_type = SqlUuid, column_name = winner_id)]
    pub winner: Uuid,
    #[diesel(sql_type = Array<SqlUuid>, column_name = loser_ids)]
    pub losers: Vec<Uuid>,
    /// of the other side
    #[diesel(sql_type = Nullable<SqlUuid>, column_name = other_winner_id)]
    pub other_winner: Option<Uuid>,
    #[diesel(sql_type = Array<SqlUuid>, column_name = other_loser_ids)]
    pub other_losers: Vec<Uuid>,
    #[diesel(sql_type = SqlUuid)]
    pub created_by: UserId,
    /// by the clock that all machines have in common
    #[diesel(sql_type = Timestamptz)]
    pub now: DateTime<Utc>,
}

/// A merge that all know of: whoever writes now has begun after it. Transactions of another server are counted anew.
pub fn due(conn: &mut Conn, pause: Duration) -> QueryResult<Option<Due>> {
    let seconds = f64::from(i32::try_from(pause.num_seconds()).unwrap_or_default());
    diesel::sql_query(
        "SELECT tenant_id, id, resource, winner_id, loser_ids, other_winner_id, other_loser_ids, created_by, \
         clock_timestamp() AS now FROM merges \
         WHERE settled_at IS NULL AND status = 'done' AND created_at < clock_timestamp() - $1 * interval '1 second' \
         AND (xact < pg_snapshot_xmin(pg_current_snapshot())::text::bigint \
              OR created_at < clock_timestamp() - interval '1 hour') \
         ORDER BY created_at LIMIT 1 FOR UPDATE SKIP LOCKED",
    )
    .bind::<Double, _>(seconds)
    .get_result(conn)
    .optional()
}

pub fn set_settled(conn: &mut Conn, ctx: &Ctx, id: MergeId, count: i32) -> QueryResult<usize> {
    let done = (merges::settled_at.eq(ctx.now), merges::move_count.eq(count));
    diesel::update(merges::table.find((ctx.tenant, id))).set(done).execute(conn)
}

/// Takes away what it takes to undo merges that cannot be undone any more; of how many that was.
pub fn clear(conn: &mut Conn, now: DateTime<Utc>) -> QueryResult<usize> {
    conn.transaction(|conn| {
        let old = merges::table.filter(merges::status.eq("done")).filter(merges::undo_until.lt(now));
        let over = (merges::status.eq("final"), merges::changes.eq(serde_json::json!([])), merges::move_count.eq(0));
        let gone: Vec<(TenantId, MergeId)> =
            diesel::update(old).set(over).returning((merges::tenant_id, merges::id)).get_results(conn)?;
        let (tenants, ids): (Vec<TenantId>, Vec<MergeId>) = gone.iter().copied().unzip();
        let rows = merge_moves::table.filter(merge_moves::tenant_id.eq_any(tenants));
        diesel::delete(rows.filter(merge_moves::merge_id.eq_any(ids))).execute(conn)?;
        Ok(gone.len())
    })
}
