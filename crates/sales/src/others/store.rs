//! The queries of tenants, users and teams, as far as the wing needs them.
use crate::schema::{pipelines, team_members, teams, tenants, users};
use diesel::dsl::{exists, not};
use diesel::prelude::*;
use diesel::result::QueryResult;
use kernel::{Ctx, TeamId, TenantId, UserId};
use platform::Conn;
use std::collections::BTreeMap;

/// What totals are reckoned in.
pub fn base_currency(conn: &mut Conn, ctx: &Ctx) -> QueryResult<String> {
    tenants::table.find(ctx.tenant).select(tenants::base_currency).first(conn)
}

/// Where days of the tenant begin, and with which month its years.
pub fn clock(conn: &mut Conn, ctx: &Ctx) -> QueryResult<(String, i32)> {
    tenants::table.find(ctx.tenant).select((tenants::time_zone, tenants::fiscal_year_start_month)).first(conn)
}

/// What the tenant is called, and the language it is written to in.
pub fn letterhead(conn: &mut Conn, ctx: &Ctx) -> QueryResult<(String, String)> {
    tenants::table.find(ctx.tenant).select((tenants::name, tenants::locale)).first(conn)
}

/// The tenants that have no pipeline, each with its first user.
pub fn without_pipeline(conn: &mut Conn) -> QueryResult<Vec<(TenantId, UserId)>> {
    let furnished = pipelines::table.filter(pipelines::tenant_id.eq(tenants::tenant_id));
    let bare: Vec<TenantId> = tenants::table.filter(not(exists(furnished))).select(tenants::tenant_id).load(conn)?;
    let mut all = Vec::with_capacity(bare.len());
    for tenant in bare {
        let first = users::table.filter(users::tenant_id.eq(tenant)).order(users::id).select(users::id);
        all.extend(first.first(conn).optional()?.map(|user| (tenant, user)));
    }
    Ok(all)
}

/// The living users with these addresses.
pub fn users_at(conn: &mut Conn, ctx: &Ctx, addresses: &[String]) -> QueryResult<BTreeMap<String, UserId>> {
    let found: Vec<(String, UserId)> = users::table
        .filter(users::tenant_id.eq(ctx.tenant))
        .filter(users::deleted_at.is_null())
        .filter(users::email.eq_any(addresses))
        .select((users::email, users::id))
        .load(conn)?;
    Ok(found.into_iter().collect())
}

/// The living teams with these names; of two with one name neither is meant.
pub fn teams_called(conn: &mut Conn, ctx: &Ctx, names: &[String]) -> QueryResult<BTreeMap<String, TeamId>> {
    let found: Vec<(String, TeamId)> = teams::table
        .filter(teams::tenant_id.eq(ctx.tenant))
        .filter(teams::deleted_at.is_null())
        .filter(teams::name.eq_any(names))
        .select((teams::name, teams::id))
        .load(conn)?;
    let mut called: BTreeMap<String, Vec<TeamId>> = BTreeMap::new();
    found.into_iter().for_each(|(name, id)| called.entry(name).or_default().push(id));
    let one = |(name, ids): (String, Vec<TeamId>)| match ids.as_slice() {
        [id] => Some((name, *id)),
        _ => None,
    };
    Ok(called.into_iter().filter_map(one).collect())
}

/// Each tenant with its time zone.
pub fn time_zones(conn: &mut Conn) -> QueryResult<Vec<(TenantId, String)>> {
    tenants::table.order(tenants::tenant_id).select((tenants::tenant_id, tenants::time_zone)).load(conn)
}

/// Which team stands above which; archived ones too, for they stand between others still.
pub fn team_tree(conn: &mut Conn, ctx: &Ctx) -> QueryResult<BTreeMap<TeamId, Option<TeamId>>> {
    let tree: Vec<(TeamId, Option<TeamId>)> =
        teams::table.filter(teams::tenant_id.eq(ctx.tenant)).select((teams::id, teams::parent_id)).load(conn)?;
    Ok(tree.into_iter().collect())
}

/// Whether there is a queue of this id.
pub fn is_queue(conn: &mut Conn, ctx: &Ctx, id: UserId) -> QueryResult<bool> {
    let queue = users::table
        .filter(users::tenant_id.eq(ctx.tenant))
        .filter(users::id.eq(id))
        .filter(users::kind.eq("queue"))
        .filter(users::deleted_at.is_null());
    diesel::select(exists(queue)).get_result(conn)
}

/// Those of these that are there, users and queues.
pub fn living(conn: &mut Conn, ctx: &Ctx, ids: &[UserId]) -> QueryResult<Vec<UserId>> {
    if ids.is_empty() {
        return Ok(Vec::new());
    }
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
    if ids.is_empty() {
        return Ok(Vec::new());
    }
    teams::table
        .filter(teams::tenant_id.eq(ctx.tenant))
        .filter(teams::deleted_at.is_null())
        .filter(teams::id.eq_any(ids))
        .select(teams::id)
        .load(conn)
}

/// Who works in these teams, person by person: the oldest user first.
pub fn people_of(conn: &mut Conn, ctx: &Ctx, ids: &[TeamId]) -> QueryResult<Vec<(TeamId, UserId)>> {
    let ids = living_teams(conn, ctx, ids)?;
    if ids.is_empty() {
        return Ok(Vec::new());
    }
    let of_user = users::tenant_id.eq(team_members::tenant_id).and(users::id.eq(team_members::user_id));
    team_members::table
        .inner_join(users::table.on(of_user))
        .filter(team_members::tenant_id.eq(ctx.tenant))
        .filter(team_members::team_id.eq_any(ids))
        .filter(users::kind.eq("person"))
        .filter(users::is_active)
        .filter(users::deleted_at.is_null())
        .order((users::id, team_members::team_id))
        .select((team_members::team_id, users::id))
        .load(conn)
}

/// The team in which each of these users works; of several, the oldest.
pub fn teams_of(conn: &mut Conn, ctx: &Ctx, ids: &[UserId]) -> QueryResult<BTreeMap<UserId, TeamId>> {
    if ids.is_empty() {
        return Ok(BTreeMap::new());
    }
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
