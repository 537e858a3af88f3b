//! The queries of what waits and of what was given: whoever sees it, and workers over all tenants. What is changed is
//! locked before.
use crate::case::schema::cases;
use crate::case::{Case, store::touched};
use crate::routing::schema::case_turns as turns;
use chrono::{DateTime, Utc};
use diesel::dsl::case_when;
use diesel::prelude::*;
use diesel::result::QueryResult;
use diesel::sql_types::{Integer, Nullable, Timestamptz, Uuid as SqlUuid};
use kernel::event::Verb;
use kernel::{CaseId, Ctx, RoutingRuleId, TenantId, UserId};
use platform::sweep::{Look, look};
use platform::{Conn, Record};

/// How many are looked at in one go.
const MOST: i64 = 1_000;

#[derive(QueryableByName)]
pub struct Due {
    #[diesel(sql_type = SqlUuid)]
    pub tenant_id: TenantId,
    #[diesel(sql_type = SqlUuid)]
    pub id: CaseId,
    #[diesel(sql_type = SqlUuid)]
    pub queue_id: UserId,
    /// who has it
    #[diesel(sql_type = SqlUuid)]
    pub user_id: UserId,
    #[diesel(sql_type = Timestamptz)]
    pub since_at: DateTime<Utc>,
    #[diesel(sql_type = Nullable<Timestamptz>)]
    pub answer_by_at: Option<DateTime<Utc>>,
    /// by the clock that all machines have in common
    #[diesel(sql_type = Timestamptz)]
    pub now: DateTime<Utc>,
}

#[derive(QueryableByName)]
pub struct Idle {
    #[diesel(sql_type = SqlUuid)]
    pub tenant_id: TenantId,
    /// of the rule
    #[diesel(sql_type = SqlUuid)]
    pub id: RoutingRuleId,
    #[diesel(sql_type = SqlUuid)]
    pub created_by: UserId,
    /// by the clock that all machines have in common
    #[diesel(sql_type = Timestamptz)]
    pub now: DateTime<Utc>,
}

pub const DUE: Look = look! {
    what: "a case that was given to somebody",
    row: "t",
    locks: "t, c",
    tells: "t.queue_id, t.user_id, t.since_at, t.answer_by_at",
    from: "FROM case_turns AS t JOIN cases AS c ON c.tenant_id = t.tenant_id AND c.id = t.id \
           WHERE t.due_at <= statement_timestamp() AND t.user_id IS NOT NULL",
};

/// Rules of queues in which something waits.
pub const IDLE: Look = look! {
    what: "a queue in which cases wait",
    row: "r",
    locks: "r",
    tells: "r.created_by",
    from: "FROM routing_rules AS r WHERE r.is_active AND r.deleted_at IS NULL AND EXISTS (SELECT FROM case_turns AS t \
           WHERE t.tenant_id = r.tenant_id AND t.queue_id = r.queue_id AND t.user_id IS NULL)",
};

/// A case that waits, as far as it matters to whom it goes.
#[derive(Clone, Debug, Queryable)]
pub(crate) struct Waiting {
    pub id: CaseId,
    pub queue_id: UserId,
    pub channel: String,
    pub required_skills: Vec<String>,
    /// who had it and has not answered
    pub tried: Vec<UserId>,
}

/// What waits in these queues: the most urgent first, and of those the oldest.
pub(crate) fn waiting(conn: &mut Conn, ctx: &Ctx, queues: &[UserId]) -> QueryResult<Vec<Waiting>> {
    let at = |rank: i32| rank.into_sql::<Integer>();
    let rank = case_when(cases::priority.eq("urgent"), at(0))
        .when(cases::priority.eq("high"), at(1))
        .when(cases::priority.eq("normal"), at(2))
        .otherwise(at(3));
    let same = cases::tenant_id.eq(turns::tenant_id).and(cases::id.eq(turns::id));
    turns::table
        .inner_join(cases::table.on(same))
        .filter(turns::tenant_id.eq(ctx.tenant))
        .filter(turns::queue_id.eq_any(queues))
        .filter(turns::user_id.is_null())
        .order((rank, cases::created_at, cases::id))
        .limit(MOST)
        .select((cases::id, turns::queue_id, cases::channel, cases::required_skills, turns::tried))
        .load(conn)
}

/// What has waited since before that moment.
pub(super) fn late(conn: &mut Conn, ctx: &Ctx, queue: UserId, before: DateTime<Utc>) -> QueryResult<Vec<CaseId>> {
    turns::table
        .filter(turns::tenant_id.eq(ctx.tenant))
        .filter(turns::queue_id.eq(queue))
        .filter(turns::user_id.is_null())
        .filter(turns::since_at.le(before))
        .order((turns::since_at, turns::id))
        .limit(MOST)
        .select(turns::id)
        .load(conn)
}

/// One that waits in the queue still, locked; nothing, where somebody changes it at the moment.
pub(super) fn held(conn: &mut Conn, ctx: &Ctx, id: CaseId, queue: UserId) -> QueryResult<Option<Case>> {
    held_of(conn, ctx, id, &[queue])
}

/// The same of several queues.
pub(crate) fn held_of(conn: &mut Conn, ctx: &Ctx, id: CaseId, queues: &[UserId]) -> QueryResult<Option<Case>> {
    cases::table
        .filter(cases::tenant_id.eq(ctx.tenant))
        .filter(cases::id.eq(id))
        .filter(cases::owner_id.eq_any(queues))
        .filter(cases::status.eq_any(super::OPEN))
        .filter(cases::deleted_at.is_null())
        .for_no_key_update()
        .skip_locked()
        .select(Case::as_select())
        .first(conn)
        .optional()
}

/// One that is locked, or was just written.
pub(super) fn found(conn: &mut Conn, ctx: &Ctx, id: CaseId) -> QueryResult<Case> {
    cases::table.find((ctx.tenant, id)).select(Case::as_select()).first(conn)
}

/// It is somebody's, or a queue's, from now on.
pub(crate) fn give(conn: &mut Conn, ctx: &Ctx, id: CaseId, to: UserId, queue: Option<UserId>) -> QueryResult<Case> {
    diesel::update(cases::table.find((ctx.tenant, id)))
        .set((cases::owner_id.eq(to), queue.map(|queue| cases::queue_id.eq(queue)), touched(ctx)))
        .returning(Case::as_returning())
        .following::<Case>(ctx, Verb::Assigned)
        .get_result(conn)
}

/// Whoever has it is watched until they have answered; with a limit, by then.
pub(crate) fn keep(
    conn: &mut Conn,
    ctx: &Ctx,
    id: CaseId,
    (queue, user): (UserId, UserId),
    limit: Option<DateTime<Utc>>,
    tried: Vec<UserId>,
) -> QueryResult<usize> {
    let row = (
        turns::queue_id.eq(queue),
        turns::since_at.eq(ctx.now),
        turns::user_id.eq(Some(user)),
        turns::answer_by_at.eq(limit),
        turns::due_at.eq(limit),
        turns::tried.eq(tried),
    );
    diesel::insert_into(turns::table)
        .values((turns::tenant_id.eq(ctx.tenant), turns::id.eq(id), row.clone()))
        .on_conflict((turns::tenant_id, turns::id))
        .do_update()
        .set(row)
        .execute(conn)
}

/// It is looked at next what somebody was given and has not answered; what is looked at now, is.
pub(super) fn hurry(conn: &mut Conn, ctx: &Ctx, user: UserId) -> QueryResult<usize> {
    let ids: Vec<CaseId> = turns::table
        .filter(turns::tenant_id.eq(ctx.tenant))
        .filter(turns::user_id.eq(user))
        .order(turns::id)
        .for_no_key_update()
        .skip_locked()
        .select(turns::id)
        .load(conn)?;
    let own = turns::table.filter(turns::tenant_id.eq(ctx.tenant)).filter(turns::id.eq_any(ids));
    diesel::update(own).set(turns::due_at.eq(Some(ctx.now))).execute(conn)
}

pub(super) fn tried(conn: &mut Conn, ctx: &Ctx, id: CaseId) -> QueryResult<Vec<UserId>> {
    turns::table.find((ctx.tenant, id)).select(turns::tried).first(conn)
}

/// Who had a case that waits again.
pub(super) fn remember(conn: &mut Conn, ctx: &Ctx, id: CaseId, tried: &[UserId]) -> QueryResult<usize> {
    diesel::update(turns::table.find((ctx.tenant, id))).set(turns::tried.eq(tried)).execute(conn)
}

pub(super) fn set_due(
    conn: &mut Conn,
    ctx: &Ctx,
    id: CaseId,
    limit: Option<DateTime<Utc>>,
    due: Option<DateTime<Utc>>,
) -> QueryResult<usize> {
    diesel::update(turns::table.find((ctx.tenant, id)))
        .set((turns::answer_by_at.eq(limit), turns::due_at.eq(due)))
        .execute(conn)
}

/// It is watched no more.
pub(super) fn over(conn: &mut Conn, ctx: &Ctx, id: CaseId) -> QueryResult<usize> {
    diesel::delete(turns::table.find((ctx.tenant, id))).execute(conn)
}
