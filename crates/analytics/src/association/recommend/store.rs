//! The queries of recommendations. The account or the product was asked for before.
use super::Recommended;
use diesel::prelude::*;
use diesel::result::QueryResult;
use diesel::sql_types::{Array, BigInt, Uuid as SqlUuid};
use kernel::{AccountId, AssociationRunId, Ctx, ProductId};
use platform::Conn;
use uuid::Uuid;

/// By so many of the newest orders of an account it is told what it likes.
const NEWEST: i64 = 1_000;

#[derive(QueryableByName)]
struct Order {
    #[diesel(sql_type = SqlUuid)]
    id: Uuid,
}

#[derive(QueryableByName)]
struct Product {
    #[diesel(sql_type = SqlUuid)]
    product_id: ProductId,
}

/// The newest orders of an account that count. What was sent back was not bought.
pub fn orders(conn: &mut Conn, ctx: &Ctx, account: AccountId) -> QueryResult<Vec<Uuid>> {
    let orders: Vec<Order> = diesel::sql_query(
        "SELECT o.id FROM orders AS o WHERE o.tenant_id = $1 AND o.account_id = $2 AND o.deleted_at IS NULL \
         AND o.status NOT IN ('cancelled', 'returned') ORDER BY o.placed_at DESC, o.id LIMIT $3",
    )
    .bind::<SqlUuid, _>(ctx.tenant)
    .bind::<SqlUuid, _>(account)
    .bind::<BigInt, _>(NEWEST)
    .load(conn)?;
    Ok(orders.into_iter().map(|one| one.id).collect())
}

/// What was bought in orders.
pub fn bought(conn: &mut Conn, ctx: &Ctx, orders: &[Uuid]) -> QueryResult<Vec<ProductId>> {
    let all: Vec<Product> = diesel::sql_query(
        "SELECT DISTINCT l.product_id FROM order_lines AS l WHERE l.tenant_id = $1 AND l.order_id = ANY ($2) \
         AND l.product_id IS NOT NULL AND l.quantity > 0",
    )
    .bind::<SqlUuid, _>(ctx.tenant)
    .bind::<Array<SqlUuid>, _>(orders)
    .load(conn)?;
    Ok(all.into_iter().map(|one| one.product_id).collect())
}

/// The consequences of the rules of a run whose conditions are all in a basket.
pub fn fitting(
    conn: &mut Conn,
    ctx: &Ctx,
    run: AssociationRunId,
    basket: &[ProductId],
    most: i64,
) -> QueryResult<Vec<Recommended>> {
    diesel::sql_query(
        "SELECT b.product_id, p.sku, p.name, b.rule_id, b.condition_ids, b.order_count, b.support, b.confidence, b.lift \
         FROM (SELECT DISTINCT ON (r.consequence_id) r.consequence_id AS product_id, r.id AS rule_id, r.rank, \
         r.condition_ids, r.order_count, r.support, r.confidence, r.lift FROM association_rules AS r \
         WHERE r.tenant_id = $1 AND r.run_id = $2 AND r.condition_ids <@ $3 AND r.consequence_id <> ALL ($3) \
         ORDER BY r.consequence_id, r.rank) AS b JOIN products AS p ON p.tenant_id = $1 AND p.id = b.product_id \
         WHERE p.is_active AND p.deleted_at IS NULL ORDER BY b.rank LIMIT $4",
    )
    .bind::<SqlUuid, _>(ctx.tenant)
    .bind::<SqlUuid, _>(run)
    .bind::<Array<SqlUuid>, _>(basket)
    .bind::<BigInt, _>(most)
    .load(conn)
}
