//! The queries of escalations. Their case was asked for through its `scope` before, or is locked.
use super::schema::escalations;
use super::{ESCALATED, Escalation};
use crate::case::schema::cases;
use crate::case::{self, Case};
use crate::escalation_rule::EscalationRule;
use chrono::{DateTime, Utc};
use diesel::prelude::*;
use diesel::result::QueryResult;
use diesel::sql_types::{Nullable, Text, Timestamptz, Uuid as SqlUuid};
use kernel::event::Verb;
use kernel::{CaseId, CaseSlaId, Ctx, EscalationId, EscalationRuleId, Page, Result, TeamId, TenantId, UserId};
use platform::sweep::{Look, look};
use platform::{Conn, Listing, Record};

/// What was done about a case that the caller may see, the newest first.
pub fn of(conn: &mut Conn, ctx: &Ctx, id: CaseId) -> Result<Vec<Escalation>> {
    case::find(conn, ctx, id)?;
    Ok(of_all(conn, ctx, &[id])?)
}

/// What was done about cases that the caller may see; about each the newest first.
pub fn of_all(conn: &mut Conn, ctx: &Ctx, ids: &[CaseId]) -> QueryResult<Vec<Escalation>> {
    escalations::table
        .filter(escalations::tenant_id.eq(ctx.tenant))
        .filter(escalations::case_id.eq_any(ids))
        .filter(escalations::outcome.eq(ESCALATED))
        .order((escalations::case_id, escalations::id.desc()))
        .select(Escalation::as_select())
        .load(conn)
}

/// What was asked of all cases that the actor may see: a part's `Listing` asks for its whole.
pub fn list(conn: &mut Conn, ctx: &Ctx, listing: &Listing<escalations::table>) -> Result<Page<Escalation>> {
    let all = || escalations::table.filter(escalations::tenant_id.eq(ctx.tenant));
    listing.page(
        conn,
        ctx,
        |conn, ask| {
            let page = all().filter(ask.matching()).order(ask.order()).limit(ask.limit());
            page.select((Escalation::as_select(), ask.keys())).load(conn)
        },
        |ask| all().filter(ask.matching()).select(escalations::id),
        |one| &one.outcome,
    )
}

/// A promise of which a rule has not been asked yet whose moment has come.
#[derive(QueryableByName)]
pub struct Due {
    #[diesel(sql_type = SqlUuid)]
    pub tenant_id: TenantId,
    #[diesel(sql_type = SqlUuid)]
    pub id: CaseSlaId,
    #[diesel(sql_type = SqlUuid)]
    pub case_id: CaseId,
    #[diesel(sql_type = Text)]
    pub metric: String,
    #[diesel(sql_type = Nullable<Timestamptz>)]
    pub due_at: Option<DateTime<Utc>>,
    #[diesel(sql_type = SqlUuid)]
    pub owner_id: UserId,
    #[diesel(sql_type = Nullable<SqlUuid>)]
    pub team_id: Option<TeamId>,
    #[diesel(sql_type = Text)]
    pub priority: String,
    /// by the clock that all machines have in common
    #[diesel(sql_type = Timestamptz)]
    pub now: DateTime<Utc>,
}

/// Marks are settled first: what was answered a moment ago is escalated no more.
pub const DUE: Look = look! {
    what: "a promise that is escalated",
    row: "s",
    locks: "s, c",
    tells: "s.case_id, s.metric, s.due_at, c.owner_id, c.team_id, c.priority",
    from: "FROM case_slas AS s JOIN cases AS c ON c.tenant_id = s.tenant_id AND c.id = s.case_id \
           WHERE s.status IN ('running', 'breached') AND s.due_at IS NOT NULL AND c.deleted_at IS NULL \
           AND EXISTS (SELECT FROM escalation_rules AS r WHERE r.tenant_id = s.tenant_id AND r.metric = s.metric \
           AND r.is_active AND r.deleted_at IS NULL \
           AND s.due_at + make_interval(mins => r.after_minutes) BETWEEN r.active_from_at AND statement_timestamp() \
           AND NOT EXISTS (SELECT FROM escalations AS e WHERE e.tenant_id = s.tenant_id AND e.rule_id = r.id \
           AND e.case_id = s.case_id AND e.sla_id = s.id AND e.level = r.level)) \
           AND NOT EXISTS (SELECT FROM sla_marks AS m WHERE m.tenant_id = s.tenant_id AND m.case_id = s.case_id)",
};

/// Of which rules and levels a promise was asked already.
pub fn asked(conn: &mut Conn, ctx: &Ctx, id: CaseSlaId) -> QueryResult<Vec<(EscalationRuleId, i32)>> {
    escalations::table
        .filter(escalations::tenant_id.eq(ctx.tenant))
        .filter(escalations::sla_id.eq(id))
        .select((escalations::rule_id, escalations::level))
        .load(conn)
}

/// A case that is locked gets another owner and priority, and says so, whoever it is of.
pub fn escalate(
    conn: &mut Conn,
    ctx: &Ctx,
    id: CaseId,
    owner: Option<UserId>,
    priority: Option<&str>,
) -> QueryResult<Case> {
    let moved = (cases::version.eq(cases::version + 1), cases::updated_at.eq(ctx.now));
    let changed = (owner.map(|owner| cases::owner_id.eq(owner)), priority.map(|priority| cases::priority.eq(priority)));
    diesel::update(cases::table.find((ctx.tenant, id)))
        .set((changed, moved))
        .returning(Case::as_returning())
        .following::<Case>(ctx, Verb::Escalated)
        .get_result(conn)
}

/// What is written down of it.
pub fn note(
    conn: &mut Conn,
    ctx: &Ctx,
    (case, sla): (CaseId, CaseSlaId),
    rule: &EscalationRule,
    said: &Said,
) -> QueryResult<usize> {
    let row = (
        escalations::tenant_id.eq(ctx.tenant),
        escalations::id.eq(EscalationId::new()),
        escalations::case_id.eq(case),
        escalations::sla_id.eq(sla),
        escalations::rule_id.eq(rule.id),
        escalations::level.eq(rule.level),
        escalations::outcome.eq(said.outcome),
        escalations::case_version.eq(said.case_version),
        escalations::notified_ids.eq(&said.notified),
        escalations::owner_id.eq(said.owner),
        escalations::priority.eq(said.priority),
        escalations::tag_ids.eq(&said.tags),
        escalations::occurred_at.eq(ctx.now),
    );
    diesel::insert_into(escalations::table).values(row).execute(conn)
}

/// What came of a rule.
#[derive(Default)]
pub struct Said {
    pub outcome: &'static str,
    pub case_version: Option<i32>,
    pub notified: Vec<UserId>,
    pub owner: Option<UserId>,
    pub priority: Option<&'static str>,
    pub tags: Vec<kernel::TagId>,
}
