//! The queries of a rule. `scope` is the only way in.
use super::{LeadScoreRule, LeadScoreRulePatch, NewLeadScoreRule};
use crate::lead::schema::lead_score_rules as rules;
use diesel::dsl::auto_type;
use diesel::prelude::*;
use diesel::result::QueryResult;
use kernel::event::Verb;
use kernel::{Ctx, LeadScoreRuleId, Page, Result, TenantId};
use platform::deed::ByName;
use platform::search::array_to_tsvector;
use platform::{Batch, Conn, Listing, Record};
use std::collections::BTreeMap;

/// The rules of the tenant, archived ones too: they belong to nobody, so the permission at the door is enough.
#[auto_type]
fn scope(ctx: &Ctx) -> _ {
    let tenant: TenantId = ctx.tenant;
    rules::table.filter(rules::tenant_id.eq(tenant))
}

pub fn find(conn: &mut Conn, ctx: &Ctx, id: LeadScoreRuleId) -> Result<LeadScoreRule> {
    let living = scope(ctx).filter(rules::deleted_at.is_null());
    Ok(living.filter(rules::id.eq(id)).select(LeadScoreRule::as_select()).first(conn)?)
}

/// The rule whether living or archived.
pub(super) fn find_any(conn: &mut Conn, ctx: &Ctx, id: LeadScoreRuleId) -> QueryResult<LeadScoreRule> {
    scope(ctx).filter(rules::id.eq(id)).select(LeadScoreRule::as_select()).first(conn)
}

/// The living rules with this name; several may share one, and few are enough to know.
pub(super) fn find_by(conn: &mut Conn, ctx: &Ctx, name: &ByName) -> Result<Vec<LeadScoreRule>> {
    let living = scope(ctx).filter(rules::deleted_at.is_null());
    Ok(living.filter(rules::name.eq(&name.0)).limit(10).select(LeadScoreRule::as_select()).load(conn)?)
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
    let living = scope(ctx).filter(rules::deleted_at.is_null());
    living.filter(rules::is_active).order(rules::id).select(LeadScoreRule::as_select()).load(conn)
}

/// What these look at, archived ones too.
pub(crate) fn filters(
    conn: &mut Conn,
    ctx: &Ctx,
    ids: &[LeadScoreRuleId],
) -> QueryResult<BTreeMap<LeadScoreRuleId, String>> {
    let all: Vec<_> = scope(ctx).filter(rules::id.eq_any(ids)).select((rules::id, rules::filter)).load(conn)?;
    Ok(all.into_iter().collect())
}

pub(super) fn insert(
    conn: &mut Conn,
    ctx: &Ctx,
    new: &NewLeadScoreRule,
    words: Vec<String>,
) -> QueryResult<LeadScoreRule> {
    let given = (
        rules::tenant_id.eq(ctx.tenant),
        rules::id.eq(new.id.unwrap_or_else(LeadScoreRuleId::new)),
        rules::created_at.eq(ctx.now),
        rules::updated_at.eq(ctx.now),
        rules::created_by.eq(ctx.actor.user),
        rules::updated_by.eq(ctx.actor.user),
        rules::search.eq(array_to_tsvector(words)),
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
    words: Option<Vec<String>>,
) -> QueryResult<Option<LeadScoreRule>> {
    let (oldest, newest) = base.map_or((i32::MIN, i32::MAX), |version| (version, version));
    let target = scope(ctx)
        .filter(rules::deleted_at.is_null())
        .filter(rules::id.eq(id))
        .filter(rules::version.between(oldest, newest));
    let moved = (
        rules::version.eq(rules::version + 1),
        rules::updated_at.eq(ctx.now),
        rules::updated_by.eq(ctx.actor.user),
        words.map(|words| rules::search.eq(array_to_tsvector(words))),
    );
    diesel::update(target)
        .set((patch, moved))
        .returning(LeadScoreRule::as_returning())
        .recorded::<LeadScoreRule>(ctx, Verb::Updated)
        .get_result(conn)
        .optional()
}

/// Archives a living rule, or restores an archived one.
pub(super) fn set_archived(
    conn: &mut Conn,
    ctx: &Ctx,
    id: LeadScoreRuleId,
    base: Option<i32>,
    archived: bool,
) -> QueryResult<Option<LeadScoreRule>> {
    let (oldest, newest) = base.map_or((i32::MIN, i32::MAX), |version| (version, version));
    let (verb, at) = if archived { (Verb::Deleted, Some(ctx.now)) } else { (Verb::Restored, None) };
    let target = scope(ctx)
        .filter(rules::deleted_at.is_null().eq(archived))
        .filter(rules::id.eq(id))
        .filter(rules::version.between(oldest, newest));
    let moved = (
        rules::deleted_at.eq(at),
        rules::version.eq(rules::version + 1),
        rules::updated_at.eq(ctx.now),
        rules::updated_by.eq(ctx.actor.user),
    );
    diesel::update(target)
        .set(moved)
        .returning(LeadScoreRule::as_returning())
        .recorded::<LeadScoreRule>(ctx, verb)
        .get_result(conn)
        .optional()
}

pub(super) fn delete(conn: &mut Conn, ctx: &Ctx, id: LeadScoreRuleId) -> QueryResult<Option<LeadScoreRule>> {
    diesel::delete(scope(ctx).filter(rules::id.eq(id)))
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
            .filter(rules::deleted_at.is_null())
            .filter(rules::id.eq_any(ids))
            .select(LeadScoreRule::as_select())
            .load(conn)?)
    }
}
