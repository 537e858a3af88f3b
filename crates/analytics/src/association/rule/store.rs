//! The queries of rules: parts of a run, whose list asks for it.
use super::AssociationRule;
use crate::schema::association_rules;
use diesel::prelude::*;
use diesel::result::QueryResult;
use kernel::{AssociationRuleId, AssociationRunId, Ctx, Page, ProductId, Result, TenantId};
use platform::{Conn, Listing};
use rust_decimal::Decimal;

/// A rule that was found.
pub struct Fresh {
    pub rank: i32,
    pub conditions: Vec<ProductId>,
    pub consequence: ProductId,
    pub count: i32,
    pub support: Decimal,
    pub confidence: Decimal,
    pub lift: Decimal,
}

/// The rules of all runs: a part's `Listing` asks for its whole.
pub fn list(conn: &mut Conn, ctx: &Ctx, listing: &Listing<association_rules::table>) -> Result<Page<AssociationRule>> {
    let all = || association_rules::table.filter(association_rules::tenant_id.eq(ctx.tenant));
    listing.page(
        conn,
        ctx,
        |conn, ask| {
            let page = all().filter(ask.matching()).order(ask.order()).limit(ask.limit());
            page.select((AssociationRule::as_select(), ask.keys())).load(conn)
        },
        |ask| all().filter(ask.matching()).select(association_rules::id),
        |_| "",
    )
}

/// What a run found before it was stopped.
pub(in crate::association) fn clear(conn: &mut Conn, tenant: TenantId, run: AssociationRunId) -> QueryResult<usize> {
    let old = association_rules::table
        .filter(association_rules::tenant_id.eq(tenant))
        .filter(association_rules::run_id.eq(run));
    diesel::delete(old).execute(conn)
}

pub(in crate::association) fn insert(
    conn: &mut Conn,
    tenant: TenantId,
    run: AssociationRunId,
    some: &[Fresh],
) -> QueryResult<usize> {
    let row = |one: &Fresh| {
        (
            association_rules::tenant_id.eq(tenant),
            association_rules::id.eq(AssociationRuleId::new()),
            association_rules::run_id.eq(run),
            association_rules::rank.eq(one.rank),
            association_rules::condition_ids.eq(one.conditions.clone()),
            association_rules::consequence_id.eq(one.consequence),
            association_rules::order_count.eq(one.count),
            association_rules::support.eq(one.support),
            association_rules::confidence.eq(one.confidence),
            association_rules::lift.eq(one.lift),
        )
    };
    let rows: Vec<_> = some.iter().map(row).collect();
    diesel::insert_into(association_rules::table).values(rows).execute(conn)
}
