//! The queries of tenants, users, teams and roles, as far as the wing needs them.
use super::schema::{queue_members, roles, team_members, teams, tenants, user_roles, users};
use diesel::prelude::*;
use diesel::result::QueryResult;
use kernel::{Ctx, RoleId, TeamId, UserId};
use platform::Conn;

/// Where days of the tenant begin.
pub fn time_zone(conn: &mut Conn, ctx: &Ctx) -> QueryResult<String> {
    tenants::table.find(ctx.tenant).select(tenants::time_zone).first(conn)
}

/// Those of these who are there, users and queues.
pub fn living(conn: &mut Conn, ctx: &Ctx, ids: &[UserId]) -> QueryResult<Vec<UserId>> {
    users::table
        .filter(users::tenant_id.eq(ctx.tenant))
        .filter(users::deleted_at.is_null())
        .filter(users::is_active)
        .filter(users::id.eq_any(ids))
        .select(users::id)
        .load(conn)
}

/// Those of these teams that are there.
pub fn living_teams(conn: &mut Conn, ctx: &Ctx, ids: &[TeamId]) -> QueryResult<Vec<TeamId>> {
    let living = teams::table.filter(teams::tenant_id.eq(ctx.tenant)).filter(teams::deleted_at.is_null());
    living.filter(teams::id.eq_any(ids)).select(teams::id).load(conn)
}

/// Those of these roles that are there.
pub fn living_roles(conn: &mut Conn, ctx: &Ctx, ids: &[RoleId]) -> QueryResult<Vec<RoleId>> {
    let living = roles::table.filter(roles::tenant_id.eq(ctx.tenant)).filter(roles::deleted_at.is_null());
    living.filter(roles::id.eq_any(ids)).select(roles::id).load(conn)
}

/// Who works in these teams.
pub fn people_of(conn: &mut Conn, ctx: &Ctx, ids: &[TeamId]) -> QueryResult<Vec<UserId>> {
    team_members::table
        .filter(team_members::tenant_id.eq(ctx.tenant))
        .filter(team_members::team_id.eq_any(ids))
        .select(team_members::user_id)
        .load(conn)
}

/// Who has these roles.
pub fn people_with(conn: &mut Conn, ctx: &Ctx, ids: &[RoleId]) -> QueryResult<Vec<UserId>> {
    user_roles::table
        .filter(user_roles::tenant_id.eq(ctx.tenant))
        .filter(user_roles::role_id.eq_any(ids))
        .select(user_roles::user_id)
        .load(conn)
}

/// The managers among those who work in a team, or in the one above it.
pub fn managers_of(conn: &mut Conn, ctx: &Ctx, id: TeamId) -> QueryResult<Vec<UserId>> {
    let above: Option<Option<TeamId>> =
        teams::table.find((ctx.tenant, id)).select(teams::parent_id).first(conn).optional()?;
    let near: Vec<TeamId> = [Some(id), above.flatten()].into_iter().flatten().collect();
    let held = roles::tenant_id.eq(user_roles::tenant_id).and(roles::id.eq(user_roles::role_id));
    let theirs = team_members::tenant_id.eq(user_roles::tenant_id).and(team_members::user_id.eq(user_roles::user_id));
    user_roles::table
        .inner_join(roles::table.on(held))
        .inner_join(team_members::table.on(theirs))
        .filter(user_roles::tenant_id.eq(ctx.tenant))
        .filter(team_members::team_id.eq_any(near))
        .filter(roles::builtin.eq("manager"))
        .select(user_roles::user_id)
        .load(conn)
}

/// Who serves a queue, by themselves or by their team.
pub fn people_at(conn: &mut Conn, ctx: &Ctx, queue: UserId) -> QueryResult<Vec<UserId>> {
    let served = queue_members::table
        .filter(queue_members::tenant_id.eq(ctx.tenant))
        .filter(queue_members::queue_id.eq(queue))
        .select((queue_members::user_id, queue_members::team_id));
    let served: Vec<(Option<UserId>, Option<TeamId>)> = served.load(conn)?;
    let teams: Vec<TeamId> = served.iter().filter_map(|(_, team)| *team).collect();
    let mut people: Vec<UserId> = served.iter().filter_map(|(user, _)| *user).collect();
    people.extend(people_of(conn, ctx, &teams)?);
    Ok(people)
}
