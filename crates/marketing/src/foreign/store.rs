//! The queries of what is not the wing's own.
use super::{orders, products, segment_members};
use diesel::dsl::{auto_type, exists};
use diesel::prelude::*;
use diesel::result::QueryResult;
use kernel::{Action, Ctx, OrderId, ProductId, SegmentId, TenantId};
use platform::{Conn, Visible, visible};
use std::collections::{BTreeMap, BTreeSet};
use uuid::Uuid;

/// The orders of the tenant on which the actor may do `action`.
#[auto_type]
fn scope(ctx: &Ctx, action: Action) -> _ {
    let tenant: TenantId = ctx.tenant;
    let visible: Visible<orders::table> = visible::rows(ctx, action);
    orders::table.filter(orders::tenant_id.eq(tenant)).filter(visible)
}

/// Whether there is such an order for the caller.
pub fn has_order(conn: &mut Conn, ctx: &Ctx, id: OrderId) -> QueryResult<bool> {
    let living = scope(ctx, Action::Read).filter(orders::deleted_at.is_null());
    diesel::select(exists(living.filter(orders::id.eq(id)))).get_result(conn)
}

/// The living products with these SKUs.
pub fn products_of(conn: &mut Conn, ctx: &Ctx, skus: &[&str]) -> QueryResult<BTreeMap<String, ProductId>> {
    let found: Vec<(String, ProductId)> = products::table
        .filter(products::tenant_id.eq(ctx.tenant))
        .filter(products::deleted_at.is_null())
        .filter(products::sku.eq_any(skus))
        .select((products::sku, products::id))
        .load(conn)?;
    Ok(found.into_iter().collect())
}

/// In which of these segments any of the records is.
pub fn segments_with(
    conn: &mut Conn,
    ctx: &Ctx,
    segments: &[SegmentId],
    records: &[Uuid],
) -> QueryResult<BTreeSet<SegmentId>> {
    let found: Vec<SegmentId> = segment_members::table
        .filter(segment_members::tenant_id.eq(ctx.tenant))
        .filter(segment_members::segment_id.eq_any(segments))
        .filter(segment_members::record_id.eq_any(records))
        .filter(segment_members::left_at.is_null())
        .select(segment_members::segment_id)
        .load(conn)?;
    Ok(found.into_iter().collect())
}
