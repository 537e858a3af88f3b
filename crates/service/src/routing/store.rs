//! The queries of a routing rule. `scope` is the only way in.
use super::schema::routing_rules as rules;
use super::{MANUAL, NewRoutingRule, RoutingRule, RoutingRulePatch};
use diesel::dsl::auto_type;
use diesel::prelude::*;
use diesel::result::QueryResult;
use kernel::event::Verb;
use kernel::{Ctx, Page, Result, RoutingRuleId, TenantId, UserId};
use platform::deed::ByName;
use platform::search::array_to_tsvector;
use platform::{Batch, Conn, Listing, Record};

/// The rules of the tenant, archived ones too: they belong to nobody, so the permission at the door is enough.
#[auto_type]
fn scope(ctx: &Ctx) -> _ {
    let tenant: TenantId = ctx.tenant;
    rules::table.filter(rules::tenant_id.eq(tenant))
}

pub fn find(conn: &mut Conn, ctx: &Ctx, id: RoutingRuleId) -> Result<RoutingRule> {
    let living = scope(ctx).filter(rules::deleted_at.is_null());
    Ok(living.filter(rules::id.eq(id)).select(RoutingRule::as_select()).first(conn)?)
}

/// The rule whether living or archived.
pub(crate) fn find_any(conn: &mut Conn, ctx: &Ctx, id: RoutingRuleId) -> QueryResult<RoutingRule> {
    scope(ctx).filter(rules::id.eq(id)).select(RoutingRule::as_select()).first(conn)
}

/// The living rules among `ids`, in no order.
pub fn many(conn: &mut Conn, ctx: &Ctx, ids: &[RoutingRuleId]) -> Result<Vec<RoutingRule>> {
    let living = scope(ctx).filter(rules::deleted_at.is_null());
    Ok(living.filter(rules::id.eq_any(ids)).select(RoutingRule::as_select()).load(conn)?)
}

/// The living rules with this name; several may share one, and few are enough to know.
pub(super) fn find_by(conn: &mut Conn, ctx: &Ctx, name: &ByName) -> Result<Vec<RoutingRule>> {
    let living = scope(ctx).filter(rules::deleted_at.is_null());
    Ok(living.filter(rules::name.eq(&name.0)).limit(10).select(RoutingRule::as_select()).load(conn)?)
}

pub fn list(conn: &mut Conn, ctx: &Ctx, listing: &Listing<rules::table>) -> Result<Page<RoutingRule>> {
    listing.page(
        conn,
        ctx,
        |conn, ask| {
            let page = scope(ctx).filter(ask.matching()).order(ask.order()).limit(ask.limit());
            page.select((RoutingRule::as_select(), ask.keys())).load(conn)
        },
        |ask| scope(ctx).filter(ask.matching()).select(rules::id),
        |rule| &rule.name,
    )
}

pub(super) fn lock(conn: &mut Conn, ctx: &Ctx, id: RoutingRuleId) -> QueryResult<RoutingRule> {
    let living = scope(ctx).filter(rules::deleted_at.is_null());
    living.filter(rules::id.eq(id)).for_update().select(RoutingRule::as_select()).first(conn)
}

/// The living rule of a queue.
pub(crate) fn of_queue(conn: &mut Conn, ctx: &Ctx, queue: UserId) -> QueryResult<Option<RoutingRule>> {
    let living = scope(ctx).filter(rules::deleted_at.is_null());
    living.filter(rules::queue_id.eq(queue)).select(RoutingRule::as_select()).first(conn).optional()
}

/// Those by which something is given out of these queues without anybody's doing.
pub(crate) fn giving(conn: &mut Conn, ctx: &Ctx, queues: &[UserId]) -> QueryResult<Vec<RoutingRule>> {
    scope(ctx)
        .filter(rules::deleted_at.is_null())
        .filter(rules::is_active)
        .filter(rules::strategy.ne(MANUAL))
        .filter(rules::queue_id.eq_any(queues))
        .order(rules::id)
        .select(RoutingRule::as_select())
        .load(conn)
}

pub(super) fn insert(conn: &mut Conn, ctx: &Ctx, new: &NewRoutingRule, words: Vec<String>) -> QueryResult<RoutingRule> {
    let given = (
        rules::tenant_id.eq(ctx.tenant),
        rules::id.eq(new.id.unwrap_or_else(RoutingRuleId::new)),
        rules::created_at.eq(ctx.now),
        rules::updated_at.eq(ctx.now),
        rules::created_by.eq(ctx.actor.user),
        rules::updated_by.eq(ctx.actor.user),
        rules::search.eq(array_to_tsvector(words)),
    );
    diesel::insert_into(rules::table)
        .values((given, new))
        .returning(RoutingRule::as_returning())
        .recorded::<RoutingRule>(ctx, Verb::Created)
        .get_result(conn)
}

/// Nothing comes back where the rule is not there, or is no longer at version `base`.
pub(super) fn update(
    conn: &mut Conn,
    ctx: &Ctx,
    id: RoutingRuleId,
    base: Option<i32>,
    patch: &RoutingRulePatch,
    words: Option<Vec<String>>,
) -> QueryResult<Option<RoutingRule>> {
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
        .returning(RoutingRule::as_returning())
        .recorded::<RoutingRule>(ctx, Verb::Updated)
        .get_result(conn)
        .optional()
}

/// Archives a living rule, or restores an archived one.
pub(super) fn set_archived(
    conn: &mut Conn,
    ctx: &Ctx,
    id: RoutingRuleId,
    base: Option<i32>,
    archived: bool,
) -> QueryResult<Option<RoutingRule>> {
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
        .returning(RoutingRule::as_returning())
        .recorded::<RoutingRule>(ctx, verb)
        .get_result(conn)
        .optional()
}

pub(super) fn delete(conn: &mut Conn, ctx: &Ctx, id: RoutingRuleId) -> QueryResult<Option<RoutingRule>> {
    diesel::delete(scope(ctx).filter(rules::id.eq(id)))
        .returning(RoutingRule::as_returning())
        .recorded::<RoutingRule>(ctx, Verb::Purged)
        .get_result(conn)
        .optional()
}

impl Batch for RoutingRule {
    fn find(conn: &mut Conn, ctx: &Ctx, id: RoutingRuleId) -> Result<Self> {
        find(conn, ctx, id)
    }
    fn batch(conn: &mut Conn, tenant: TenantId, ids: &[RoutingRuleId]) -> Result<Vec<Self>> {
        Ok(rules::table
            .filter(rules::tenant_id.eq(tenant))
            .filter(rules::deleted_at.is_null())
            .filter(rules::id.eq_any(ids))
            .select(RoutingRule::as_select())
            .load(conn)?)
    }
}
