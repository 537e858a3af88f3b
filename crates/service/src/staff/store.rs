//! The queries of users, teams and queues, as far as the wing needs them.
use super::schema::{queue_members, team_members, teams, users};
use diesel::dsl::{exists, not};
use diesel::prelude::*;
use diesel::result::QueryResult;
use kernel::{Ctx, TeamId, UserId};
use platform::Conn;
use std::collections::BTreeMap;

/// Those of these who are people, and there.
pub(crate) fn persons(conn: &mut Conn, ctx: &Ctx, ids: &[UserId]) -> QueryResult<Vec<UserId>> {
    if ids.is_empty() {
        return Ok(Vec::new());
    }
    users::table
        .filter(users::tenant_id.eq(ctx.tenant))
        .filter(users::kind.eq("person"))
        .filter(users::is_active)
        .filter(users::deleted_at.is_null())
        .filter(users::id.eq_any(ids))
        .order(users::id)
        .select(users::id)
        .load(conn)
}

/// Whether there is a queue of this id.
pub(crate) fn is_queue(conn: &mut Conn, ctx: &Ctx, id: UserId) -> QueryResult<bool> {
    let queue = users::table
        .filter(users::tenant_id.eq(ctx.tenant))
        .filter(users::id.eq(id))
        .filter(users::kind.eq("queue"))
        .filter(users::deleted_at.is_null());
    diesel::select(exists(queue)).get_result(conn)
}

/// The people who serve a queue, themselves or by one of their teams, the oldest user first.
pub(crate) fn serving(conn: &mut Conn, ctx: &Ctx, queue: UserId) -> QueryResult<Vec<UserId>> {
    let members = || queue_members::table.filter(queue_members::tenant_id.eq(ctx.tenant));
    let themselves: Vec<Option<UserId>> = members()
        .filter(queue_members::queue_id.eq(queue))
        .filter(queue_members::user_id.is_not_null())
        .select(queue_members::user_id)
        .load(conn)?;
    let archived = teams::table
        .filter(teams::tenant_id.eq(ctx.tenant))
        .filter(teams::id.eq(team_members::team_id))
        .filter(teams::deleted_at.is_not_null());
    let serving = members()
        .filter(queue_members::queue_id.eq(queue))
        .filter(queue_members::team_id.eq(team_members::team_id.nullable()));
    let by_teams: Vec<UserId> = team_members::table
        .filter(team_members::tenant_id.eq(ctx.tenant))
        .filter(exists(serving))
        .filter(not(exists(archived)))
        .select(team_members::user_id)
        .load(conn)?;
    let all: Vec<UserId> = themselves.into_iter().flatten().chain(by_teams).collect();
    persons(conn, ctx, &all)
}

/// The team in which each of these users works; of several, the oldest.
pub(crate) fn teams_of(conn: &mut Conn, ctx: &Ctx, ids: &[UserId]) -> QueryResult<BTreeMap<UserId, TeamId>> {
    let of_team = teams::tenant_id.eq(team_members::tenant_id).and(teams::id.eq(team_members::team_id));
    let all: Vec<(UserId, TeamId)> = team_members::table
        .inner_join(teams::table.on(of_team))
        .filter(team_members::tenant_id.eq(ctx.tenant))
        .filter(team_members::user_id.eq_any(ids))
        .filter(teams::deleted_at.is_null())
        .order(teams::id.desc())
        .select((team_members::user_id, teams::id))
        .load(conn)?;
    Ok(all.into_iter().collect())
}
