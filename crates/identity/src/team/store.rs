//! The queries of a team and its members. `scope` is the only way in.
use super::{NewTeam, Team, TeamPatch};
use crate::schema::{team_members, teams};
use diesel::dsl::{AsExprOf, auto_type};
use diesel::prelude::*;
use diesel::result::QueryResult;
use diesel::sql_types::Bool;
use kernel::event::Verb;
use kernel::{Action, Ctx, Page, Reach, Result, TeamId, TenantId, UserId};
use platform::search::{Words, array_to_tsvector};
use platform::{Batch, Conn, Listing, Record};

/// The teams of the tenant, for an actor who may do `action`; archived ones too.
#[auto_type]
fn scope(ctx: &Ctx, action: Action) -> _ {
    let tenant: TenantId = ctx.tenant;
    let open: AsExprOf<bool, Bool> =
        (ctx.reach::<Team>(Action::Read).min(ctx.reach::<Team>(action)) > Reach::None).into_sql::<Bool>();
    teams::table.filter(teams::tenant_id.eq(tenant)).filter(open)
}

pub fn find(conn: &mut Conn, ctx: &Ctx, id: TeamId) -> Result<Team> {
    Ok(scope(ctx, Action::Read)
        .filter(teams::deleted_at.is_null())
        .filter(teams::id.eq(id))
        .select(Team::as_select())
        .first(conn)?)
}

pub fn list(conn: &mut Conn, ctx: &Ctx, listing: &Listing<teams::table>) -> Result<Page<Team>> {
    listing.page(
        conn,
        ctx,
        |conn, ask| {
            let page = scope(ctx, Action::Read).filter(ask.matching()).order(ask.order()).limit(ask.limit());
            page.select((Team::as_select(), ask.keys())).load(conn)
        },
        |ask| scope(ctx, Action::Read).filter(ask.matching()).select(teams::id),
        |team| &team.name,
    )
}

/// The living teams among `ids`, in no order.
pub fn many(conn: &mut Conn, ctx: &Ctx, ids: &[TeamId]) -> Result<Vec<Team>> {
    Ok(scope(ctx, Action::Read)
        .filter(teams::deleted_at.is_null())
        .filter(teams::id.eq_any(ids))
        .select(Team::as_select())
        .load(conn)?)
}

pub(super) fn insert(conn: &mut Conn, ctx: &Ctx, new: &NewTeam) -> QueryResult<Team> {
    let given = (
        teams::tenant_id.eq(ctx.tenant),
        teams::id.eq(new.id.unwrap_or_else(TeamId::new)),
        teams::created_at.eq(ctx.now),
        teams::updated_at.eq(ctx.now),
        teams::created_by.eq(ctx.actor.user),
        teams::updated_by.eq(ctx.actor.user),
        teams::search.eq(array_to_tsvector(words(&new.name))),
    );
    diesel::insert_into(teams::table)
        .values((given, new))
        .returning(Team::as_returning())
        .recorded::<Team>(ctx, Verb::Created)
        .get_result(conn)
}

/// Nothing comes back where the team may not be changed, or is no longer at version `base`.
pub(super) fn update(
    conn: &mut Conn,
    ctx: &Ctx,
    id: TeamId,
    base: Option<i32>,
    patch: &TeamPatch,
) -> QueryResult<Option<Team>> {
    let (oldest, newest) = base.map_or((i32::MIN, i32::MAX), |version| (version, version));
    let target = scope(ctx, Action::Update)
        .filter(teams::deleted_at.is_null())
        .filter(teams::id.eq(id))
        .filter(teams::version.between(oldest, newest));
    let search = patch.name.as_deref().map(|name| teams::search.eq(array_to_tsvector(words(name))));
    diesel::update(target)
        .set((patch, search, moved(ctx)))
        .returning(Team::as_returning())
        .recorded::<Team>(ctx, Verb::Updated)
        .get_result(conn)
        .optional()
}

#[auto_type]
fn moved(ctx: &Ctx) -> _ {
    let now: chrono::DateTime<chrono::Utc> = ctx.now;
    let user: UserId = ctx.actor.user;
    (teams::version.eq(teams::version + 1_i32), teams::updated_at.eq(now), teams::updated_by.eq(user))
}

/// Archives a living team, or restores an archived one.
pub(super) fn set_archived(
    conn: &mut Conn,
    ctx: &Ctx,
    id: TeamId,
    base: Option<i32>,
    archived: bool,
) -> QueryResult<Option<Team>> {
    let (oldest, newest) = base.map_or((i32::MIN, i32::MAX), |version| (version, version));
    let (verb, at) = if archived { (Verb::Deleted, Some(ctx.now)) } else { (Verb::Restored, None) };
    let target = scope(ctx, Action::Delete)
        .filter(teams::deleted_at.is_null().eq(archived))
        .filter(teams::id.eq(id))
        .filter(teams::version.between(oldest, newest));
    diesel::update(target)
        .set((teams::deleted_at.eq(at), moved(ctx)))
        .returning(Team::as_returning())
        .recorded::<Team>(ctx, verb)
        .get_result(conn)
        .optional()
}

pub(super) fn delete(conn: &mut Conn, ctx: &Ctx, id: TeamId) -> QueryResult<Option<Team>> {
    diesel::delete(scope(ctx, Action::Purge).filter(teams::id.eq(id)))
        .returning(Team::as_returning())
        .recorded::<Team>(ctx, Verb::Purged)
        .get_result(conn)
        .optional()
}

/// The team whether living or archived.
pub(super) fn find_any(conn: &mut Conn, ctx: &Ctx, id: TeamId) -> QueryResult<Team> {
    scope(ctx, Action::Read).filter(teams::id.eq(id)).select(Team::as_select()).first(conn)
}

/// Each living team and the one above it, whoever asks.
pub(super) fn tree(conn: &mut Conn, tenant: TenantId) -> QueryResult<Vec<(TeamId, Option<TeamId>)>> {
    teams::table
        .filter(teams::tenant_id.eq(tenant))
        .filter(teams::deleted_at.is_null())
        .select((teams::id, teams::parent_id))
        .load(conn)
}

/// The same, locked until the transaction ends: two moves must not make a circle between them.
pub(super) fn lock_tree(conn: &mut Conn, tenant: TenantId) -> QueryResult<Vec<(TeamId, Option<TeamId>)>> {
    teams::table
        .filter(teams::tenant_id.eq(tenant))
        .filter(teams::deleted_at.is_null())
        .order(teams::id)
        .select((teams::id, teams::parent_id))
        .for_update()
        .load(conn)
}

/// The living teams of a user, whoever asks.
pub(super) fn of_user(conn: &mut Conn, tenant: TenantId, user: UserId) -> QueryResult<Vec<TeamId>> {
    teams::table
        .inner_join(team_members::table.on(team_members::team_id.eq(teams::id).and(team_members::tenant_id.eq(tenant))))
        .filter(teams::tenant_id.eq(tenant))
        .filter(teams::deleted_at.is_null())
        .filter(team_members::user_id.eq(user))
        .select(teams::id)
        .load(conn)
}

/// `false` where the user is in it already.
pub(super) fn add_member(conn: &mut Conn, ctx: &Ctx, team: TeamId, user: UserId) -> QueryResult<bool> {
    let row = (team_members::tenant_id.eq(ctx.tenant), team_members::user_id.eq(user), team_members::team_id.eq(team));
    let new = diesel::insert_into(team_members::table).values(row).on_conflict_do_nothing().execute(conn)?;
    Ok(new == 1)
}

/// `false` where the user was not in it.
pub(super) fn remove_member(conn: &mut Conn, ctx: &Ctx, team: TeamId, user: UserId) -> QueryResult<bool> {
    Ok(diesel::delete(team_members::table.find((ctx.tenant, user, team))).execute(conn)? == 1)
}

fn words(name: &str) -> Vec<String> {
    Words::new().name(name).lexemes()
}

impl Batch for Team {
    fn find(conn: &mut Conn, ctx: &Ctx, id: TeamId) -> Result<Self> {
        find(conn, ctx, id)
    }
    fn batch(conn: &mut Conn, tenant: TenantId, ids: &[TeamId]) -> Result<Vec<Self>> {
        Ok(teams::table
            .filter(teams::tenant_id.eq(tenant))
            .filter(teams::deleted_at.is_null())
            .filter(teams::id.eq_any(ids))
            .select(Team::as_select())
            .load(conn)?)
    }
}
