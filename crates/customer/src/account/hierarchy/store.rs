//! The queries of a hierarchy: its ids whoever sees them, and the accounts of those that the actor sees.
use super::Account;
use crate::account::store::scope;
use crate::schema::accounts;
use diesel::prelude::*;
use diesel::result::QueryResult;
use diesel::sql_types::{Integer, Uuid as SqlUuid};
use kernel::{AccountId, Action, Ctx};
use platform::Conn;

#[derive(QueryableByName)]
struct Level {
    #[diesel(sql_type = SqlUuid)]
    id: AccountId,
    #[diesel(sql_type = Integer)]
    level: i32,
}

/// All living accounts above and below, with how far; one that came to stand above itself is walked once.
pub fn around(conn: &mut Conn, ctx: &Ctx, id: AccountId) -> QueryResult<Vec<(AccountId, i32)>> {
    let levels: Vec<Level> = diesel::sql_query(
        "WITH RECURSIVE below AS (SELECT id, 0 AS level FROM accounts WHERE tenant_id = $1 AND id = $2 \
         UNION ALL SELECT t.id, below.level + 1 FROM accounts AS t JOIN below ON t.parent_id = below.id \
         WHERE t.tenant_id = $1 AND t.deleted_at IS NULL AND below.level < 32), \
         above AS (SELECT id, parent_id, 0 AS level FROM accounts WHERE tenant_id = $1 AND id = $2 \
         UNION ALL SELECT t.id, t.parent_id, above.level - 1 FROM accounts AS t JOIN above ON t.id = above.parent_id \
         WHERE t.tenant_id = $1 AND t.deleted_at IS NULL AND above.level > -32) \
         SELECT id, level FROM below UNION SELECT id, level FROM above WHERE level < 0 ORDER BY level LIMIT 100000",
    )
    .bind::<SqlUuid, _>(ctx.tenant)
    .bind::<SqlUuid, _>(id)
    .load(conn)?;
    Ok(levels.into_iter().map(|one| (one.id, one.level)).collect())
}

/// Those of them that the actor sees.
pub fn seen(conn: &mut Conn, ctx: &Ctx, ids: &[AccountId], most: i64) -> QueryResult<Vec<Account>> {
    scope(ctx, Action::Read)
        .filter(accounts::deleted_at.is_null())
        .filter(accounts::id.eq_any(ids))
        .order(accounts::name)
        .limit(most)
        .select(Account::as_select())
        .load(conn)
}

/// Their ids.
pub fn seen_ids(conn: &mut Conn, ctx: &Ctx, ids: &[AccountId]) -> QueryResult<Vec<AccountId>> {
    let living = scope(ctx, Action::Read).filter(accounts::deleted_at.is_null());
    living.filter(accounts::id.eq_any(ids)).select(accounts::id).load(conn)
}
