//! The queries of a rule. `scope` is the only way in.
use super::{LeadScoreRule, LeadScoreRulePatch, NewLeadScoreRule};
use crate::lead::schema::lead_score_rules as rules;
use diesel::dsl::auto_type;
use diesel::prelude::*;
use diesel::result::QueryResult;
use kernel::event::Verb;
use kernel::{Ctx, LeadScoreRuleId, Page, Result, TenantId};
use platform::{Batch, Conn, Listing, Record};

/// The rules of the tenant: they belong to nobody, so the permission at the door is enough.
#[auto_type]
fn scope(ctx: &Ctx) -> _ {
    let tenant: TenantId = ctx.tenant;
    rules::table.filter(rules::tenant_id.eq(tenant))
}

pub fn find(conn: &mut Conn, ctx: &Ctx, id: LeadScoreRuleId) -> Result<LeadScoreRule> {
    Ok(scope(ctx).filter(rules::id.eq(id)).select(LeadScoreRule::as_select()).first(conn)?)
}

pub fn list(conn: &mut Conn, ctx: &Ctx, listing: &Listing<rules::table>) -> Result<Page<LeadScoreRule>> {
    listing.page(
        conn,
        ctx,
        |conn, ask| {
            let page = scope(ctx).filter(ask.matching()).order(ask.order()).limit(ask.limit());
            page.select((LeadScoreRule::as_select(), ask.keys())).load(conn)
        },
        |ask| scope(ctx).filter(ask.matching()).select(rules::id),
        |rule| &rule.name,
    )
}

/// Those that leads are rated by.
pub(crate) fn active(conn: &mut Conn, ctx: &Ctx) -> QueryResult<Vec<LeadScoreRule>> {
    scope(ctx).filter(rules::is_active).order(rules::id).select(LeadScoreRule::as_select()).load(conn)
}

pub(super) fn insert(conn: &mut Conn, ctx: &Ctx, new: &NewLeadScoreRule) -> QueryResult<LeadScoreRule> {
    let given = (
        rules::tenant_id.eq(ctx.tenant),
        rules::id.eq(new.id.unwrap_or_else(LeadScoreRuleId::new)),
        rules::created_at.eq(ctx.now),
        rules::updated_at.eq(ctx.now),
        rules::created_by.eq(ctx.actor.user),
        rules::updated_by.eq(ctx.actor.user),
    );
    diesel::insert_into(rules::table)
        .values((given, new))
        .returning(LeadScoreRule::as_returning())
        .recorded::<LeadScoreRule>(ctx, Verb::Created)
        .get_result(conn)
}

/// Nothing comes back where the rule is not there, or is no longer at version `base`.
pub(super) fn update(
    conn: &mut Conn,
    ctx: &Ctx,
    id: LeadScoreRuleId,
    base: Option<i32>,
    patch: &LeadScoreRulePatch,
) -> QueryResult<Option<LeadScoreRule>> {
    let (oldest, newest) = base.map_or((i32::MIN, i32::MAX), |version| (version, version));
    let moved =
        (rules::version.eq(rules::version + 1), rules::updated_at.eq(ctx.now), rules::updated_by.eq(ctx.actor.user));
    diesel::update(scope(ctx).filter(rules::id.eq(id)).filter(rules::version.between(oldest, newest)))
        .set((patch, moved))
        .returning(LeadScoreRule::as_returning())
        .recorded::<LeadScoreRule>(ctx, Verb::Updated)
        .get_result(conn)
        .optional()
}

pub(super) fn delete(
    conn: &mut Conn,
    ctx: &Ctx,
    id: LeadScoreRuleId,
    base: Option<i32>,
) -> QueryResult<Option<LeadScoreRule>> {
    let (oldest, newest) = base.map_or((i32::MIN, i32::MAX), |version| (version, version));
    diesel::delete(scope(ctx).filter(rules::id.eq(id)).filter(rules::version.between(oldest, newest)))
        .returning(LeadScoreRule::as_returning())
        .recorded::<LeadScoreRule>(ctx, Verb::Purged)
        .get_result(conn)
        .optional()
}

impl Batch for LeadScoreRule {
    fn find(conn: &mut Conn, ctx: &Ctx, id: LeadScoreRuleId) -> Result<Self> {
        find(conn, ctx, id)
    }
    fn batch(conn: &mut Conn, tenant: TenantId, ids: &[LeadScoreRuleId]) -> Result<Vec<Self>> {
        Ok(rules::table
            .filter(rules::tenant_id.eq(tenant))
            .filter(rules::id.eq_any(ids))
            .select(LeadScoreRule::as_select())
            .load(conn)?)
    }
}
