//! The queries of an agent. `scope` is the only way in.
use super::schema::{agent_presence, agents};
use super::{Agent, AgentPatch, NewAgent, OFFLINE};
use chrono::{DateTime, Utc};
use diesel::dsl::auto_type;
use diesel::prelude::*;
use diesel::result::QueryResult;
use kernel::event::Verb;
use kernel::{AgentId, Ctx, Page, Result, TenantId, UserId};
use platform::{Batch, Conn, Listing, Record};
use std::collections::BTreeMap;

/// The agents of the tenant: they belong to nobody, so the permission at the door is enough.
#[auto_type]
fn scope(ctx: &Ctx) -> _ {
    let tenant: TenantId = ctx.tenant;
    agents::table.filter(agents::tenant_id.eq(tenant))
}

pub fn find(conn: &mut Conn, ctx: &Ctx, id: AgentId) -> Result<Agent> {
    Ok(scope(ctx).filter(agents::id.eq(id)).select(Agent::as_select()).first(conn)?)
}

/// Those among `ids` who are there, in no order.
pub fn many(conn: &mut Conn, ctx: &Ctx, ids: &[AgentId]) -> Result<Vec<Agent>> {
    Ok(scope(ctx).filter(agents::id.eq_any(ids)).select(Agent::as_select()).load(conn)?)
}

pub fn list(conn: &mut Conn, ctx: &Ctx, listing: &Listing<agents::table>) -> Result<Page<Agent>> {
    listing.page(
        conn,
        ctx,
        |conn, ask| {
            let page = scope(ctx).filter(ask.matching()).order(ask.order()).limit(ask.limit());
            page.select((Agent::as_select(), ask.keys())).load(conn)
        },
        |ask| scope(ctx).filter(ask.matching()).select(agents::id),
        |_| "",
    )
}

pub(super) fn lock(conn: &mut Conn, ctx: &Ctx, id: AgentId) -> QueryResult<Agent> {
    scope(ctx).filter(agents::id.eq(id)).for_update().select(Agent::as_select()).first(conn)
}

/// The agent that a user is.
pub(crate) fn of_user(conn: &mut Conn, ctx: &Ctx, user: UserId) -> QueryResult<Option<Agent>> {
    scope(ctx).filter(agents::user_id.eq(user)).select(Agent::as_select()).first(conn).optional()
}

/// The same, and nobody else changes them meanwhile.
pub(crate) fn held(conn: &mut Conn, ctx: &Ctx, user: UserId) -> QueryResult<Option<Agent>> {
    let own = scope(ctx).filter(agents::user_id.eq(user)).for_no_key_update();
    own.select(Agent::as_select()).first(conn).optional()
}

/// Those of these users who are agents.
pub(crate) fn among(conn: &mut Conn, ctx: &Ctx, users: &[UserId]) -> QueryResult<Vec<Agent>> {
    scope(ctx).filter(agents::user_id.eq_any(users)).order(agents::user_id).select(Agent::as_select()).load(conn)
}

/// All of them, the oldest user first.
pub(crate) fn all(conn: &mut Conn, ctx: &Ctx, most: i64) -> QueryResult<Vec<Agent>> {
    scope(ctx).order(agents::user_id).limit(most).select(Agent::as_select()).load(conn)
}

pub(super) fn insert(conn: &mut Conn, ctx: &Ctx, new: &NewAgent) -> QueryResult<Agent> {
    let given = (
        agents::tenant_id.eq(ctx.tenant),
        agents::id.eq(new.id.unwrap_or_else(AgentId::new)),
        agents::status.eq(OFFLINE),
        agents::status_changed_at.eq(ctx.now),
        agents::created_at.eq(ctx.now),
        agents::updated_at.eq(ctx.now),
        agents::created_by.eq(ctx.actor.user),
        agents::updated_by.eq(ctx.actor.user),
    );
    diesel::insert_into(agents::table)
        .values((given, new))
        .returning(Agent::as_returning())
        .recorded::<Agent>(ctx, Verb::Created)
        .get_result(conn)
}

/// Nothing comes back where they are not there, or are no longer at version `base`.
pub(super) fn update(
    conn: &mut Conn,
    ctx: &Ctx,
    id: AgentId,
    base: Option<i32>,
    patch: &AgentPatch,
) -> QueryResult<Option<Agent>> {
    let (oldest, newest) = base.map_or((i32::MIN, i32::MAX), |version| (version, version));
    let target = scope(ctx).filter(agents::id.eq(id)).filter(agents::version.between(oldest, newest));
    let moved = (
        agents::version.eq(agents::version + 1),
        agents::updated_at.eq(ctx.now),
        agents::updated_by.eq(ctx.actor.user),
    );
    diesel::update(target)
        .set((patch, moved))
        .returning(Agent::as_returning())
        .recorded::<Agent>(ctx, Verb::Updated)
        .get_result(conn)
        .optional()
}

pub(super) fn set_status(conn: &mut Conn, ctx: &Ctx, id: AgentId, status: &str) -> QueryResult<Agent> {
    let moved = (
        agents::status.eq(status),
        agents::status_changed_at.eq(ctx.now),
        agents::version.eq(agents::version + 1),
        agents::updated_at.eq(ctx.now),
        agents::updated_by.eq(ctx.actor.user),
    );
    diesel::update(scope(ctx).filter(agents::id.eq(id)))
        .set(moved)
        .returning(Agent::as_returning())
        .recorded::<Agent>(ctx, Verb::Updated)
        .get_result(conn)
}

pub(super) fn delete(conn: &mut Conn, ctx: &Ctx, id: AgentId) -> QueryResult<Agent> {
    diesel::delete(scope(ctx).filter(agents::id.eq(id)))
        .returning(Agent::as_returning())
        .recorded::<Agent>(ctx, Verb::Purged)
        .get_result(conn)
}

/// They were heard of now.
pub(super) fn seen(conn: &mut Conn, ctx: &Ctx, id: AgentId) -> QueryResult<usize> {
    let row = (
        agent_presence::tenant_id.eq(ctx.tenant),
        agent_presence::agent_id.eq(id),
        agent_presence::last_seen_at.eq(ctx.now),
    );
    diesel::insert_into(agent_presence::table)
        .values(row)
        .on_conflict((agent_presence::tenant_id, agent_presence::agent_id))
        .do_update()
        .set(agent_presence::last_seen_at.eq(ctx.now))
        .execute(conn)
}

/// When each of them was heard of last; who never was is left out.
pub(crate) fn last_seen(conn: &mut Conn, ctx: &Ctx, ids: &[AgentId]) -> QueryResult<BTreeMap<AgentId, DateTime<Utc>>> {
    let all: Vec<(AgentId, DateTime<Utc>)> = agent_presence::table
        .filter(agent_presence::tenant_id.eq(ctx.tenant))
        .filter(agent_presence::agent_id.eq_any(ids))
        .select((agent_presence::agent_id, agent_presence::last_seen_at))
        .load(conn)?;
    Ok(all.into_iter().collect())
}

impl Batch for Agent {
    fn find(conn: &mut Conn, ctx: &Ctx, id: AgentId) -> Result<Self> {
        find(conn, ctx, id)
    }
    fn batch(conn: &mut Conn, tenant: TenantId, ids: &[AgentId]) -> Result<Vec<Self>> {
        Ok(agents::table
            .filter(agents::tenant_id.eq(tenant))
            .filter(agents::id.eq_any(ids))
            .select(Agent::as_select())
            .load(conn)?)
    }
}
