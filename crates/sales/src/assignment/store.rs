//! The queries of an assignment rule. `scope` is the only way in.
use super::choose::{Choice, Outcomes};
use super::order::LeadAssigned;
use super::{AssignmentRule, AssignmentRulePatch, NewAssignmentRule};
use crate::lead::OPEN;
use crate::lead::schema::{assignment_cursors as cursors, assignment_rules as rules, lead_assignments, leads};
use chrono::{DateTime, Utc};
use diesel::dsl::{auto_type, count_star};
use diesel::prelude::*;
use diesel::result::QueryResult;
use kernel::event::Verb;
use kernel::{AssignmentRuleId, Ctx, LeadAssignmentId, LeadId, Page, Result, TenantId, UserId};
use platform::{Batch, Conn, Listing, Record};
use std::collections::BTreeMap;

/// The rules of the tenant: they belong to nobody, so the permission at the door is enough.
#[auto_type]
fn scope(ctx: &Ctx) -> _ {
    let tenant: TenantId = ctx.tenant;
    rules::table.filter(rules::tenant_id.eq(tenant))
}

pub fn find(conn: &mut Conn, ctx: &Ctx, id: AssignmentRuleId) -> Result<AssignmentRule> {
    Ok(scope(ctx).filter(rules::id.eq(id)).select(AssignmentRule::as_select()).first(conn)?)
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
        .filter(rules::is_active)
        .order((rules::position, rules::id))
        .select(AssignmentRule::as_select())
        .load(conn)
}

pub(super) fn lock(conn: &mut Conn, ctx: &Ctx, id: AssignmentRuleId) -> QueryResult<AssignmentRule> {
    scope(ctx).filter(rules::id.eq(id)).for_update().select(AssignmentRule::as_select()).first(conn)
}

pub(super) fn insert(conn: &mut Conn, ctx: &Ctx, new: &NewAssignmentRule) -> QueryResult<AssignmentRule> {
    let given = (
        rules::tenant_id.eq(ctx.tenant),
        rules::id.eq(new.id.unwrap_or_else(AssignmentRuleId::new)),
        rules::created_at.eq(ctx.now),
        rules::updated_at.eq(ctx.now),
        rules::created_by.eq(ctx.actor.user),
        rules::updated_by.eq(ctx.actor.user),
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
) -> QueryResult<Option<AssignmentRule>> {
    let (oldest, newest) = base.map_or((i32::MIN, i32::MAX), |version| (version, version));
    let moved =
        (rules::version.eq(rules::version + 1), rules::updated_at.eq(ctx.now), rules::updated_by.eq(ctx.actor.user));
    diesel::update(scope(ctx).filter(rules::id.eq(id)).filter(rules::version.between(oldest, newest)))
        .set((patch, moved))
        .returning(AssignmentRule::as_returning())
        .recorded::<AssignmentRule>(ctx, Verb::Updated)
        .get_result(conn)
        .optional()
}

pub(super) fn delete(
    conn: &mut Conn,
    ctx: &Ctx,
    id: AssignmentRuleId,
    base: Option<i32>,
) -> QueryResult<Option<AssignmentRule>> {
    let (oldest, newest) = base.map_or((i32::MIN, i32::MAX), |version| (version, version));
    diesel::delete(scope(ctx).filter(rules::id.eq(id)).filter(rules::version.between(oldest, newest)))
        .returning(AssignmentRule::as_returning())
        .recorded::<AssignmentRule>(ctx, Verb::Purged)
        .get_result(conn)
        .optional()
}

/// Whose turn it was last.
pub(super) fn turn(conn: &mut Conn, ctx: &Ctx, rule: AssignmentRuleId) -> QueryResult<Option<UserId>> {
    let last: Option<Option<UserId>> =
        cursors::table.find((ctx.tenant, rule)).select(cursors::user_id).first(conn).optional()?;
    Ok(last.flatten())
}

/// The same, and whoever asks next waits.
pub(super) fn take_turn(conn: &mut Conn, ctx: &Ctx, rule: AssignmentRuleId) -> QueryResult<Option<UserId>> {
    diesel::insert_into(cursors::table)
        .values((cursors::tenant_id.eq(ctx.tenant), cursors::rule_id.eq(rule)))
        .on_conflict_do_nothing()
        .execute(conn)?;
    cursors::table.find((ctx.tenant, rule)).for_update().select(cursors::user_id).first(conn)
}

pub(super) fn set_turn(conn: &mut Conn, ctx: &Ctx, rule: AssignmentRuleId, user: UserId) -> QueryResult<usize> {
    diesel::update(cursors::table.find((ctx.tenant, rule))).set(cursors::user_id.eq(user)).execute(conn)
}

/// How many open leads each of them has in hand, beside this one, whoever sees them.
pub(super) fn in_hand(
    conn: &mut Conn,
    ctx: &Ctx,
    users: &[UserId],
    beside: LeadId,
) -> QueryResult<BTreeMap<UserId, i64>> {
    let counts: Vec<(UserId, i64)> = leads::table
        .filter(leads::tenant_id.eq(ctx.tenant))
        .filter(leads::owner_id.eq_any(users))
        .filter(leads::status.eq_any(OPEN))
        .filter(leads::deleted_at.is_null())
        .filter(leads::id.ne(beside))
        .group_by(leads::owner_id)
        .select((leads::owner_id, count_star()))
        .load(conn)?;
    Ok(counts.into_iter().collect())
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

/// When a lead that was asked for was given out last.
pub(super) fn last(conn: &mut Conn, ctx: &Ctx, lead: LeadId) -> QueryResult<Option<LeadAssigned>> {
    let last: Option<(AssignmentRuleId, UserId, DateTime<Utc>, Outcomes)> = lead_assignments::table
        .filter(lead_assignments::tenant_id.eq(ctx.tenant))
        .filter(lead_assignments::lead_id.eq(lead))
        .order(lead_assignments::id.desc())
        .select((
            lead_assignments::rule_id,
            lead_assignments::owner_id,
            lead_assignments::assigned_at,
            lead_assignments::rules,
        ))
        .first(conn)
        .optional()?;
    Ok(last.map(|(rule_id, owner_id, assigned_at, said)| LeadAssigned {
        rule_id,
        owner_id,
        assigned_at,
        rules: said.0,
    }))
}

impl Batch for AssignmentRule {
    fn find(conn: &mut Conn, ctx: &Ctx, id: AssignmentRuleId) -> Result<Self> {
        find(conn, ctx, id)
    }
    fn batch(conn: &mut Conn, tenant: TenantId, ids: &[AssignmentRuleId]) -> Result<Vec<Self>> {
        Ok(rules::table
            .filter(rules::tenant_id.eq(tenant))
            .filter(rules::id.eq_any(ids))
            .select(AssignmentRule::as_select())
            .load(conn)?)
    }
}
