//! The queries of an escalation rule. `scope` is the only way in.
use super::schema::escalation_rules;
use super::{Actions, EscalationRule, EscalationRulePatch, NewEscalationRule};
use diesel::dsl::auto_type;
use diesel::prelude::*;
use diesel::result::QueryResult;
use kernel::event::Verb;
use kernel::{Ctx, EscalationRuleId, Page, Result, TenantId};
use platform::deed::ByName;
use platform::search::array_to_tsvector;
use platform::{Batch, Conn, Listing, Record};

/// The rules of the tenant, archived ones too: they belong to nobody, so the permission at the door is enough.
#[auto_type]
fn scope(ctx: &Ctx) -> _ {
    let tenant: TenantId = ctx.tenant;
    escalation_rules::table.filter(escalation_rules::tenant_id.eq(tenant))
}

pub fn find(conn: &mut Conn, ctx: &Ctx, id: EscalationRuleId) -> Result<EscalationRule> {
    let living = scope(ctx).filter(escalation_rules::deleted_at.is_null());
    Ok(living.filter(escalation_rules::id.eq(id)).select(EscalationRule::as_select()).first(conn)?)
}

/// The rule whether living or archived.
pub(super) fn find_any(conn: &mut Conn, ctx: &Ctx, id: EscalationRuleId) -> QueryResult<EscalationRule> {
    scope(ctx).filter(escalation_rules::id.eq(id)).select(EscalationRule::as_select()).first(conn)
}

/// The living rules with this name; several may share one, and few are enough to know.
pub(super) fn find_by(conn: &mut Conn, ctx: &Ctx, name: &ByName) -> Result<Vec<EscalationRule>> {
    let living = scope(ctx).filter(escalation_rules::deleted_at.is_null());
    Ok(living.filter(escalation_rules::name.eq(&name.0)).limit(10).select(EscalationRule::as_select()).load(conn)?)
}

pub fn list(conn: &mut Conn, ctx: &Ctx, listing: &Listing<escalation_rules::table>) -> Result<Page<EscalationRule>> {
    listing.page(
        conn,
        ctx,
        |conn, ask| {
            let page = scope(ctx).filter(ask.matching()).order(ask.order()).limit(ask.limit());
            page.select((EscalationRule::as_select(), ask.keys())).load(conn)
        },
        |ask| scope(ctx).filter(ask.matching()).select(escalation_rules::id),
        |rule| &rule.name,
    )
}

/// Those that are asked, in their order.
pub(crate) fn active(conn: &mut Conn, ctx: &Ctx) -> QueryResult<Vec<EscalationRule>> {
    scope(ctx)
        .filter(escalation_rules::deleted_at.is_null())
        .filter(escalation_rules::is_active)
        .order((escalation_rules::level, escalation_rules::id))
        .select(EscalationRule::as_select())
        .load(conn)
}

pub(super) fn insert(
    conn: &mut Conn,
    ctx: &Ctx,
    new: &NewEscalationRule,
    words: Vec<String>,
) -> QueryResult<EscalationRule> {
    let given = (
        escalation_rules::tenant_id.eq(ctx.tenant),
        escalation_rules::id.eq(new.id.unwrap_or_else(EscalationRuleId::new)),
        escalation_rules::created_at.eq(ctx.now),
        escalation_rules::updated_at.eq(ctx.now),
        escalation_rules::created_by.eq(ctx.actor.user),
        escalation_rules::updated_by.eq(ctx.actor.user),
        escalation_rules::actions.eq(Actions(new.actions.clone())),
        escalation_rules::active_from_at.eq(ctx.now),
        escalation_rules::search.eq(array_to_tsvector(words)),
    );
    diesel::insert_into(escalation_rules::table)
        .values((given, new))
        .returning(EscalationRule::as_returning())
        .recorded::<EscalationRule>(ctx, Verb::Created)
        .get_result(conn)
}

/// Nothing comes back where the rule is not there, or is no longer at version `base`.
pub(super) fn update(
    conn: &mut Conn,
    ctx: &Ctx,
    id: EscalationRuleId,
    base: Option<i32>,
    patch: &EscalationRulePatch,
    words: Option<Vec<String>>,
) -> QueryResult<Option<EscalationRule>> {
    let (oldest, newest) = base.map_or((i32::MIN, i32::MAX), |version| (version, version));
    let target = scope(ctx)
        .filter(escalation_rules::deleted_at.is_null())
        .filter(escalation_rules::id.eq(id))
        .filter(escalation_rules::version.between(oldest, newest));
    let moved = (
        escalation_rules::version.eq(escalation_rules::version + 1),
        escalation_rules::updated_at.eq(ctx.now),
        escalation_rules::updated_by.eq(ctx.actor.user),
        patch.actions.clone().map(|actions| escalation_rules::actions.eq(Actions(actions))),
        // what was due before that is left alone
        (patch.is_active == Some(true)).then(|| escalation_rules::active_from_at.eq(ctx.now)),
        words.map(|words| escalation_rules::search.eq(array_to_tsvector(words))),
    );
    diesel::update(target)
        .set((patch, moved))
        .returning(EscalationRule::as_returning())
        .recorded::<EscalationRule>(ctx, Verb::Updated)
        .get_result(conn)
        .optional()
}

/// Archives a living rule, or restores an archived one.
pub(super) fn set_archived(
    conn: &mut Conn,
    ctx: &Ctx,
    id: EscalationRuleId,
    base: Option<i32>,
    archived: bool,
) -> QueryResult<Option<EscalationRule>> {
    let (oldest, newest) = base.map_or((i32::MIN, i32::MAX), |version| (version, version));
    let (verb, at) = if archived { (Verb::Deleted, Some(ctx.now)) } else { (Verb::Restored, None) };
    let target = scope(ctx)
        .filter(escalation_rules::deleted_at.is_null().eq(archived))
        .filter(escalation_rules::id.eq(id))
        .filter(escalation_rules::version.between(oldest, newest));
    let moved = (
        escalation_rules::deleted_at.eq(at),
        escalation_rules::version.eq(escalation_rules::version + 1),
        escalation_rules::updated_at.eq(ctx.now),
        escalation_rules::updated_by.eq(ctx.actor.user),
    );
    diesel::update(target)
        .set(moved)
        .returning(EscalationRule::as_returning())
        .recorded::<EscalationRule>(ctx, verb)
        .get_result(conn)
        .optional()
}

pub(super) fn delete(conn: &mut Conn, ctx: &Ctx, id: EscalationRuleId) -> QueryResult<Option<EscalationRule>> {
    diesel::delete(scope(ctx).filter(escalation_rules::id.eq(id)))
        .returning(EscalationRule::as_returning())
        .recorded::<EscalationRule>(ctx, Verb::Purged)
        .get_result(conn)
        .optional()
}

/// The living ones among `ids`, in no order.
pub fn many(conn: &mut Conn, ctx: &Ctx, ids: &[EscalationRuleId]) -> Result<Vec<EscalationRule>> {
    let living = scope(ctx).filter(escalation_rules::deleted_at.is_null());
    Ok(living.filter(escalation_rules::id.eq_any(ids)).select(EscalationRule::as_select()).load(conn)?)
}

impl Batch for EscalationRule {
    fn find(conn: &mut Conn, ctx: &Ctx, id: EscalationRuleId) -> Result<Self> {
        find(conn, ctx, id)
    }
    fn batch(conn: &mut Conn, tenant: TenantId, ids: &[EscalationRuleId]) -> Result<Vec<Self>> {
        Ok(escalation_rules::table
            .filter(escalation_rules::tenant_id.eq(tenant))
            .filter(escalation_rules::deleted_at.is_null())
            .filter(escalation_rules::id.eq_any(ids))
            .select(EscalationRule::as_select())
            .load(conn)?)
    }
}
