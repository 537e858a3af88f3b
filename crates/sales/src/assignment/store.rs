//! The queries of an assignment rule. `scope` is the only way in.
use super::choose::{Choice, Outcomes};
use super::{AssignmentRule, AssignmentRulePatch, NewAssignmentRule};
use crate::lead::schema::{assignment_rules as rules, lead_assignments};
use chrono::{DateTime, Utc};
use diesel::dsl::auto_type;
use diesel::prelude::*;
use diesel::result::QueryResult;
use kernel::event::Verb;
use kernel::{AssignmentRuleId, Ctx, LeadAssignmentId, LeadId, Page, Result, TenantId, UserId};
use platform::deed::ByName;
use platform::search::array_to_tsvector;
use platform::{Batch, Conn, Listing, Record};

/// The rules of the tenant, archived ones too: they belong to nobody, so the permission at the door is enough.
#[auto_type]
fn scope(ctx: &Ctx) -> _ {
    let tenant: TenantId = ctx.tenant;
    rules::table.filter(rules::tenant_id.eq(tenant))
}

pub fn find(conn: &mut Conn, ctx: &Ctx, id: AssignmentRuleId) -> Result<AssignmentRule> {
    let living = scope(ctx).filter(rules::deleted_at.is_null());
    Ok(living.filter(rules::id.eq(id)).select(AssignmentRule::as_select()).first(conn)?)
}

/// The rule whether living or archived.
pub(super) fn find_any(conn: &mut Conn, ctx: &Ctx, id: AssignmentRuleId) -> QueryResult<AssignmentRule> {
    scope(ctx).filter(rules::id.eq(id)).select(AssignmentRule::as_select()).first(conn)
}

/// The living rules with this name; several may share one, and few are enough to know.
pub(super) fn find_by(conn: &mut Conn, ctx: &Ctx, name: &ByName) -> Result<Vec<AssignmentRule>> {
    let living = scope(ctx).filter(rules::deleted_at.is_null());
    Ok(living.filter(rules::name.eq(&name.0)).limit(10).select(AssignmentRule::as_select()).load(conn)?)
}

pub fn list(conn: &mut Conn, ctx: &Ctx, listing: &Listing<rules::table>) -> Result<Page<AssignmentRule>> {
    listing.page(
        conn,
        ctx,
        |conn, ask| {
            let page = scope(ctx).filter(ask.matching()).order(ask.order()).limit(ask.limit());
            page.select((AssignmentRule::as_select(), ask.keys())).load(conn)
        },
        |ask| scope(ctx).filter(ask.matching()).select(rules::id),
        |rule| &rule.name,
    )
}

/// Those that are asked, in their order.
pub(super) fn active(conn: &mut Conn, ctx: &Ctx) -> QueryResult<Vec<AssignmentRule>> {
    scope(ctx)
        .filter(rules::deleted_at.is_null())
        .filter(rules::is_active)
        .order((rules::position, rules::id))
        .select(AssignmentRule::as_select())
        .load(conn)
}

pub(super) fn lock(conn: &mut Conn, ctx: &Ctx, id: AssignmentRuleId) -> QueryResult<AssignmentRule> {
    let living = scope(ctx).filter(rules::deleted_at.is_null());
    living.filter(rules::id.eq(id)).for_update().select(AssignmentRule::as_select()).first(conn)
}

pub(super) fn insert(
    conn: &mut Conn,
    ctx: &Ctx,
    new: &NewAssignmentRule,
    words: Vec<String>,
) -> QueryResult<AssignmentRule> {
    let given = (
        rules::tenant_id.eq(ctx.tenant),
        rules::id.eq(new.id.unwrap_or_else(AssignmentRuleId::new)),
        rules::created_at.eq(ctx.now),
        rules::updated_at.eq(ctx.now),
        rules::created_by.eq(ctx.actor.user),
        rules::updated_by.eq(ctx.actor.user),
        rules::search.eq(array_to_tsvector(words)),
    );
    diesel::insert_into(rules::table)
        .values((given, new))
        .returning(AssignmentRule::as_returning())
        .recorded::<AssignmentRule>(ctx, Verb::Created)
        .get_result(conn)
}

/// Nothing comes back where the rule is not there, or is no longer at version `base`.
pub(super) fn update(
    conn: &mut Conn,
    ctx: &Ctx,
    id: AssignmentRuleId,
    base: Option<i32>,
    patch: &AssignmentRulePatch,
    words: Option<Vec<String>>,
) -> QueryResult<Option<AssignmentRule>> {
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
        .returning(AssignmentRule::as_returning())
        .recorded::<AssignmentRule>(ctx, Verb::Updated)
        .get_result(conn)
        .optional()
}

/// Archives a living rule, or restores an archived one.
pub(super) fn set_archived(
    conn: &mut Conn,
    ctx: &Ctx,
    id: AssignmentRuleId,
    base: Option<i32>,
    archived: bool,
) -> QueryResult<Option<AssignmentRule>> {
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
        .returning(AssignmentRule::as_returning())
        .recorded::<AssignmentRule>(ctx, verb)
        .get_result(conn)
        .optional()
}

pub(super) fn delete(conn: &mut Conn, ctx: &Ctx, id: AssignmentRuleId) -> QueryResult<Option<AssignmentRule>> {
    diesel::delete(scope(ctx).filter(rules::id.eq(id)))
        .returning(AssignmentRule::as_returning())
        .recorded::<AssignmentRule>(ctx, Verb::Purged)
        .get_result(conn)
        .optional()
}

/// Writes down by which rule a lead was given out, and what all said.
pub(super) fn put(conn: &mut Conn, ctx: &Ctx, lead: LeadId, choice: &Choice, said: Outcomes) -> QueryResult<usize> {
    let row = (
        lead_assignments::tenant_id.eq(ctx.tenant),
        lead_assignments::id.eq(LeadAssignmentId::new()),
        lead_assignments::lead_id.eq(lead),
        lead_assignments::rule_id.eq(choice.rule),
        lead_assignments::owner_id.eq(choice.owner),
        lead_assignments::rules.eq(said),
        lead_assignments::assigned_at.eq(ctx.now),
    );
    diesel::insert_into(lead_assignments::table).values(row).execute(conn)
}

/// To whom a lead that was asked for was given last, and when, and what the rules said.
pub(super) fn last(conn: &mut Conn, ctx: &Ctx, lead: LeadId) -> QueryResult<Option<(UserId, DateTime<Utc>, Outcomes)>> {
    lead_assignments::table
        .filter(lead_assignments::tenant_id.eq(ctx.tenant))
        .filter(lead_assignments::lead_id.eq(lead))
        .order(lead_assignments::id.desc())
        .select((lead_assignments::owner_id, lead_assignments::assigned_at, lead_assignments::rules))
        .first(conn)
        .optional()
}

/// How these give out, and what they look at, archived ones too.
pub(super) fn asks(
    conn: &mut Conn,
    ctx: &Ctx,
    ids: &[AssignmentRuleId],
) -> QueryResult<Vec<(AssignmentRuleId, String, Option<String>)>> {
    scope(ctx).filter(rules::id.eq_any(ids)).select((rules::id, rules::strategy, rules::filter)).load(conn)
}

impl Batch for AssignmentRule {
    fn find(conn: &mut Conn, ctx: &Ctx, id: AssignmentRuleId) -> Result<Self> {
        find(conn, ctx, id)
    }
    fn batch(conn: &mut Conn, tenant: TenantId, ids: &[AssignmentRuleId]) -> Result<Vec<Self>> {
        Ok(rules::table
            .filter(rules::tenant_id.eq(tenant))
            .filter(rules::deleted_at.is_null())
            .filter(rules::id.eq_any(ids))
            .select(AssignmentRule::as_select())
            .load(conn)?)
    }
}
