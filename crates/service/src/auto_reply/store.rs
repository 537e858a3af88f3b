//! The queries of a territory. `scope` is the only way in.
use super::schema::auto_reply_rules;
use super::{AutoReplyRule, AutoReplyRulePatch, NewAutoReplyRule};
use diesel::dsl::auto_type;
use diesel::prelude::*;
use diesel::result::QueryResult;
use kernel::event::Verb;
use kernel::{AutoReplyRuleId, Ctx, Page, Result, TenantId};
use platform::search::array_to_tsvector;
use platform::{Batch, Conn, Listing, Record};

/// The rules of the tenant, archived ones too: they belong to nobody, so the permission at the door is enough.
#[auto_type]
fn scope(ctx: &Ctx) -> _ {
    let tenant: TenantId = ctx.tenant;
    auto_reply_rules::table.filter(auto_reply_rules::tenant_id.eq(tenant))
}

pub fn find(conn: &mut Conn, ctx: &Ctx, id: AutoReplyRuleId) -> Result<AutoReplyRule> {
    let living = scope(ctx).filter(auto_reply_rules::deleted_at.is_null());
    Ok(living.filter(auto_reply_rules::id.eq(id)).select(AutoReplyRule::as_select()).first(conn)?)
}

/// The rule whether living or archived.
pub(super) fn find_any(conn: &mut Conn, ctx: &Ctx, id: AutoReplyRuleId) -> QueryResult<AutoReplyRule> {
    scope(ctx).filter(auto_reply_rules::id.eq(id)).select(AutoReplyRule::as_select()).first(conn)
}

/// The living rules among `ids`, in no order.
pub fn many(conn: &mut Conn, ctx: &Ctx, ids: &[AutoReplyRuleId]) -> Result<Vec<AutoReplyRule>> {
    let living = scope(ctx).filter(auto_reply_rules::deleted_at.is_null());
    Ok(living.filter(auto_reply_rules::id.eq_any(ids)).select(AutoReplyRule::as_select()).load(conn)?)
}

/// Those that are asked, the lowest first.
pub(super) fn active(conn: &mut Conn, ctx: &Ctx) -> QueryResult<Vec<AutoReplyRule>> {
    scope(ctx)
        .filter(auto_reply_rules::deleted_at.is_null())
        .filter(auto_reply_rules::is_active)
        .order((auto_reply_rules::position, auto_reply_rules::id))
        .select(AutoReplyRule::as_select())
        .load(conn)
}

pub fn list(conn: &mut Conn, ctx: &Ctx, listing: &Listing<auto_reply_rules::table>) -> Result<Page<AutoReplyRule>> {
    listing.page(
        conn,
        ctx,
        |conn, ask| {
            let page = scope(ctx).filter(ask.matching()).order(ask.order()).limit(ask.limit());
            page.select((AutoReplyRule::as_select(), ask.keys())).load(conn)
        },
        |ask| scope(ctx).filter(ask.matching()).select(auto_reply_rules::id),
        |rule| &rule.name,
    )
}

pub(super) fn insert(
    conn: &mut Conn,
    ctx: &Ctx,
    new: &NewAutoReplyRule,
    words: Vec<String>,
) -> QueryResult<AutoReplyRule> {
    let given = (
        auto_reply_rules::tenant_id.eq(ctx.tenant),
        auto_reply_rules::id.eq(new.id.unwrap_or_else(AutoReplyRuleId::new)),
        auto_reply_rules::position.eq(new.position.unwrap_or(100)),
        auto_reply_rules::is_active.eq(new.is_active.unwrap_or(true)),
        auto_reply_rules::created_at.eq(ctx.now),
        auto_reply_rules::updated_at.eq(ctx.now),
        auto_reply_rules::created_by.eq(ctx.actor.user),
        auto_reply_rules::updated_by.eq(ctx.actor.user),
        auto_reply_rules::search.eq(array_to_tsvector(words)),
    );
    diesel::insert_into(auto_reply_rules::table)
        .values((given, new))
        .returning(AutoReplyRule::as_returning())
        .recorded::<AutoReplyRule>(ctx, Verb::Created)
        .get_result(conn)
}

/// Nothing comes back where the rule is not there, or is no longer at version `base`.
pub(super) fn update(
    conn: &mut Conn,
    ctx: &Ctx,
    id: AutoReplyRuleId,
    base: Option<i32>,
    patch: &AutoReplyRulePatch,
    words: Option<Vec<String>>,
) -> QueryResult<Option<AutoReplyRule>> {
    let (oldest, newest) = base.map_or((i32::MIN, i32::MAX), |version| (version, version));
    let target = scope(ctx)
        .filter(auto_reply_rules::deleted_at.is_null())
        .filter(auto_reply_rules::id.eq(id))
        .filter(auto_reply_rules::version.between(oldest, newest));
    let moved = (
        auto_reply_rules::version.eq(auto_reply_rules::version + 1),
        auto_reply_rules::updated_at.eq(ctx.now),
        auto_reply_rules::updated_by.eq(ctx.actor.user),
        words.map(|words| auto_reply_rules::search.eq(array_to_tsvector(words))),
    );
    diesel::update(target)
        .set((patch, moved))
        .returning(AutoReplyRule::as_returning())
        .recorded::<AutoReplyRule>(ctx, Verb::Updated)
        .get_result(conn)
        .optional()
}

/// Archives a living territory, or restores an archived one.
pub(super) fn set_archived(
    conn: &mut Conn,
    ctx: &Ctx,
    id: AutoReplyRuleId,
    base: Option<i32>,
    archived: bool,
) -> QueryResult<Option<AutoReplyRule>> {
    let (oldest, newest) = base.map_or((i32::MIN, i32::MAX), |version| (version, version));
    let (verb, at) = if archived { (Verb::Deleted, Some(ctx.now)) } else { (Verb::Restored, None) };
    let target = scope(ctx)
        .filter(auto_reply_rules::deleted_at.is_null().eq(archived))
        .filter(auto_reply_rules::id.eq(id))
        .filter(auto_reply_rules::version.between(oldest, newest));
    let moved = (
        auto_reply_rules::deleted_at.eq(at),
        auto_reply_rules::version.eq(auto_reply_rules::version + 1),
        auto_reply_rules::updated_at.eq(ctx.now),
        auto_reply_rules::updated_by.eq(ctx.actor.user),
    );
    diesel::update(target)
        .set(moved)
        .returning(AutoReplyRule::as_returning())
        .recorded::<AutoReplyRule>(ctx, verb)
        .get_result(conn)
        .optional()
}

pub(super) fn delete(conn: &mut Conn, ctx: &Ctx, id: AutoReplyRuleId) -> QueryResult<Option<AutoReplyRule>> {
    diesel::delete(scope(ctx).filter(auto_reply_rules::id.eq(id)))
        .returning(AutoReplyRule::as_returning())
        .recorded::<AutoReplyRule>(ctx, Verb::Purged)
        .get_result(conn)
        .optional()
}

impl Batch for AutoReplyRule {
    fn find(conn: &mut Conn, ctx: &Ctx, id: AutoReplyRuleId) -> Result<Self> {
        find(conn, ctx, id)
    }
    fn batch(conn: &mut Conn, tenant: TenantId, ids: &[AutoReplyRuleId]) -> Result<Vec<Self>> {
        Ok(auto_reply_rules::table
            .filter(auto_reply_rules::tenant_id.eq(tenant))
            .filter(auto_reply_rules::deleted_at.is_null())
            .filter(auto_reply_rules::id.eq_any(ids))
            .select(AutoReplyRule::as_select())
            .load(conn)?)
    }
}
