//! The queries of a marketing plan. `scope` is the only way in.
use super::{MarketingPlan, MarketingPlanPatch, NewMarketingPlan};
use crate::schema::marketing_plans;
use diesel::dsl::auto_type;
use diesel::prelude::*;
use diesel::result::QueryResult;
use kernel::event::Verb;
use kernel::{Ctx, MarketingPlanId, Page, Result, TenantId};
use platform::deed::ByName;
use platform::search::array_to_tsvector;
use platform::{Batch, Conn, Listing, Record};

/// The marketing plans of the tenant, archived ones too: they belong to nobody, so the permission at the door is enough.
#[auto_type]
fn scope(ctx: &Ctx) -> _ {
    let tenant: TenantId = ctx.tenant;
    marketing_plans::table.filter(marketing_plans::tenant_id.eq(tenant))
}

pub fn find(conn: &mut Conn, ctx: &Ctx, id: MarketingPlanId) -> Result<MarketingPlan> {
    let living = scope(ctx).filter(marketing_plans::deleted_at.is_null());
    Ok(living.filter(marketing_plans::id.eq(id)).select(MarketingPlan::as_select()).first(conn)?)
}

/// The marketing plan whether living or archived.
pub(super) fn find_any(conn: &mut Conn, ctx: &Ctx, id: MarketingPlanId) -> QueryResult<MarketingPlan> {
    scope(ctx).filter(marketing_plans::id.eq(id)).select(MarketingPlan::as_select()).first(conn)
}

/// The living marketing plans among `ids`, in no order.
pub fn many(conn: &mut Conn, ctx: &Ctx, ids: &[MarketingPlanId]) -> Result<Vec<MarketingPlan>> {
    let living = scope(ctx).filter(marketing_plans::deleted_at.is_null());
    Ok(living.filter(marketing_plans::id.eq_any(ids)).select(MarketingPlan::as_select()).load(conn)?)
}

/// The living marketing plan with this name.
pub(super) fn find_by(conn: &mut Conn, ctx: &Ctx, name: &ByName) -> Result<Vec<MarketingPlan>> {
    Ok(named(conn, ctx, &name.0)?)
}

pub(super) fn named(conn: &mut Conn, ctx: &Ctx, name: &str) -> QueryResult<Vec<MarketingPlan>> {
    let living = scope(ctx).filter(marketing_plans::deleted_at.is_null());
    living.filter(marketing_plans::name.eq(name)).select(MarketingPlan::as_select()).load(conn)
}

pub fn list(conn: &mut Conn, ctx: &Ctx, listing: &Listing<marketing_plans::table>) -> Result<Page<MarketingPlan>> {
    listing.page(
        conn,
        ctx,
        |conn, ask| {
            let page = scope(ctx).filter(ask.matching()).order(ask.order()).limit(ask.limit());
            page.select((MarketingPlan::as_select(), ask.keys())).load(conn)
        },
        |ask| scope(ctx).filter(ask.matching()).select(marketing_plans::id),
        |one| &one.name,
    )
}

pub(super) fn insert(
    conn: &mut Conn,
    ctx: &Ctx,
    new: &NewMarketingPlan,
    words: Vec<String>,
) -> QueryResult<MarketingPlan> {
    let given = (
        marketing_plans::tenant_id.eq(ctx.tenant),
        marketing_plans::id.eq(new.id.unwrap_or_else(MarketingPlanId::new)),
        marketing_plans::created_at.eq(ctx.now),
        marketing_plans::updated_at.eq(ctx.now),
        marketing_plans::created_by.eq(ctx.actor.user),
        marketing_plans::updated_by.eq(ctx.actor.user),
        marketing_plans::status.eq(new.status.as_deref().unwrap_or("draft")),
        marketing_plans::budget_amount.eq(new.budget.as_ref().map(|budget| budget.amount)),
        marketing_plans::search.eq(array_to_tsvector(words)),
    );
    diesel::insert_into(marketing_plans::table)
        .values((given, new))
        .returning(MarketingPlan::as_returning())
        .recorded::<MarketingPlan>(ctx, Verb::Created)
        .get_result(conn)
}

/// Nothing comes back where the marketing plan is not there, or is no longer at version `base`.
pub(super) fn update(
    conn: &mut Conn,
    ctx: &Ctx,
    id: MarketingPlanId,
    base: Option<i32>,
    patch: &MarketingPlanPatch,
    words: Option<Vec<String>>,
) -> QueryResult<Option<MarketingPlan>> {
    let (oldest, newest) = base.map_or((i32::MIN, i32::MAX), |version| (version, version));
    let target = scope(ctx)
        .filter(marketing_plans::deleted_at.is_null())
        .filter(marketing_plans::id.eq(id))
        .filter(marketing_plans::version.between(oldest, newest));
    let moved = (
        marketing_plans::version.eq(marketing_plans::version + 1),
        marketing_plans::updated_at.eq(ctx.now),
        marketing_plans::updated_by.eq(ctx.actor.user),
        patch.budget.as_ref().map(|budget| marketing_plans::budget_amount.eq(budget.as_ref().map(|one| one.amount))),
        words.map(|words| marketing_plans::search.eq(array_to_tsvector(words))),
    );
    diesel::update(target)
        .set((patch, moved))
        .returning(MarketingPlan::as_returning())
        .recorded::<MarketingPlan>(ctx, Verb::Updated)
        .get_result(conn)
        .optional()
}

/// Archives a living marketing plan, or restores an archived one.
pub(super) fn set_archived(
    conn: &mut Conn,
    ctx: &Ctx,
    id: MarketingPlanId,
    base: Option<i32>,
    archived: bool,
) -> QueryResult<Option<MarketingPlan>> {
    let (oldest, newest) = base.map_or((i32::MIN, i32::MAX), |version| (version, version));
    let (verb, at) = if archived { (Verb::Deleted, Some(ctx.now)) } else { (Verb::Restored, None) };
    let target = scope(ctx)
        .filter(marketing_plans::deleted_at.is_null().eq(archived))
        .filter(marketing_plans::id.eq(id))
        .filter(marketing_plans::version.between(oldest, newest));
    let moved = (
        marketing_plans::deleted_at.eq(at),
        marketing_plans::version.eq(marketing_plans::version + 1),
        marketing_plans::updated_at.eq(ctx.now),
        marketing_plans::updated_by.eq(ctx.actor.user),
    );
    diesel::update(target)
        .set(moved)
        .returning(MarketingPlan::as_returning())
        .recorded::<MarketingPlan>(ctx, verb)
        .get_result(conn)
        .optional()
}

pub(super) fn delete(conn: &mut Conn, ctx: &Ctx, id: MarketingPlanId) -> QueryResult<Option<MarketingPlan>> {
    diesel::delete(scope(ctx).filter(marketing_plans::id.eq(id)))
        .returning(MarketingPlan::as_returning())
        .recorded::<MarketingPlan>(ctx, Verb::Purged)
        .get_result(conn)
        .optional()
}

impl Batch for MarketingPlan {
    fn find(conn: &mut Conn, ctx: &Ctx, id: MarketingPlanId) -> Result<Self> {
        find(conn, ctx, id)
    }
    fn batch(conn: &mut Conn, tenant: TenantId, ids: &[MarketingPlanId]) -> Result<Vec<Self>> {
        Ok(marketing_plans::table
            .filter(marketing_plans::tenant_id.eq(tenant))
            .filter(marketing_plans::deleted_at.is_null())
            .filter(marketing_plans::id.eq_any(ids))
            .select(MarketingPlan::as_select())
            .load(conn)?)
    }
}
