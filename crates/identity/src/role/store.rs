//! The queries of a role, and of who holds it. `scope` is the only way in.
use super::{NewRole, Role, RolePatch};
use crate::builtin::Builtin;
use crate::field::FieldAccesses;
use crate::permission::Permissions;
use crate::schema::{roles, team_members, user_roles, users};
use crate::user::PERSON;
use diesel::dsl::{AsExprOf, auto_type};
use diesel::prelude::*;
use diesel::result::QueryResult;
use diesel::sql_types::Bool;
use kernel::event::Verb;
use kernel::{Action, Ctx, Page, Reach, Result, RoleId, TeamId, TenantId, UserId};
use platform::search::{Words, array_to_tsvector};
use platform::{Conn, Listing, Record};

/// The roles of the tenant, for an actor who may do `action`; archived ones too.
#[auto_type]
fn scope(ctx: &Ctx, action: Action) -> _ {
    let tenant: TenantId = ctx.tenant;
    let open: AsExprOf<bool, Bool> =
        (ctx.reach::<Role>(Action::Read).min(ctx.reach::<Role>(action)) > Reach::None).into_sql::<Bool>();
    roles::table.filter(roles::tenant_id.eq(tenant)).filter(open)
}

pub(super) fn find(conn: &mut Conn, ctx: &Ctx, id: RoleId) -> Result<Role> {
    Ok(scope(ctx, Action::Read)
        .filter(roles::deleted_at.is_null())
        .filter(roles::id.eq(id))
        .select(Role::as_select())
        .first(conn)?)
}

/// The living role, held until the transaction ends.
pub(super) fn hold(conn: &mut Conn, ctx: &Ctx, id: RoleId) -> QueryResult<Role> {
    scope(ctx, Action::Read)
        .filter(roles::deleted_at.is_null())
        .filter(roles::id.eq(id))
        .for_update()
        .select(Role::as_select())
        .first(conn)
}

pub(super) fn list(conn: &mut Conn, ctx: &Ctx, listing: &Listing<roles::table>) -> Result<Page<Role>> {
    listing.page(
        conn,
        ctx,
        |conn, ask| {
            let page = scope(ctx, Action::Read).filter(ask.matching()).order(ask.order()).limit(ask.limit());
            page.select((Role::as_select(), ask.keys())).load(conn)
        },
        |ask| scope(ctx, Action::Read).filter(ask.matching()).select(roles::id),
        |role| &role.name,
    )
}

pub(super) fn insert(conn: &mut Conn, ctx: &Ctx, new: &NewRole) -> QueryResult<Role> {
    let given = (
        roles::tenant_id.eq(ctx.tenant),
        roles::id.eq(new.id.unwrap_or_else(RoleId::new)),
        roles::permissions.eq(Permissions(new.permissions.clone())),
        roles::fields.eq(FieldAccesses(new.fields.clone())),
        roles::created_at.eq(ctx.now),
        roles::updated_at.eq(ctx.now),
        roles::created_by.eq(ctx.actor.user),
        roles::updated_by.eq(ctx.actor.user),
        roles::search.eq(array_to_tsvector(words(&new.name))),
    );
    diesel::insert_into(roles::table)
        .values((given, new))
        .returning(Role::as_returning())
        .recorded::<Role>(ctx, Verb::Created)
        .get_result(conn)
}

/// The built-in roles of a new tenant.
pub(crate) fn found(conn: &mut Conn, ctx: &Ctx) -> QueryResult<Vec<Role>> {
    let make = |builtin: Builtin| {
        let given = (
            roles::tenant_id.eq(ctx.tenant),
            roles::id.eq(RoleId::new()),
            roles::name.eq(builtin.name()),
            roles::builtin.eq(builtin.key()),
            roles::description.eq(builtin.description()),
            roles::created_at.eq(ctx.now),
            roles::updated_at.eq(ctx.now),
            roles::created_by.eq(ctx.actor.user),
            roles::updated_by.eq(ctx.actor.user),
            roles::search.eq(array_to_tsvector(words(builtin.name()))),
        );
        diesel::insert_into(roles::table)
            .values(given)
            .returning(Role::as_returning())
            .recorded::<Role>(ctx, Verb::Created)
            .get_result(conn)
    };
    Builtin::ALL.into_iter().map(make).collect()
}

/// Nothing comes back where the role may not be changed, or is no longer at version `base`.
pub(super) fn update(
    conn: &mut Conn,
    ctx: &Ctx,
    id: RoleId,
    base: Option<i32>,
    patch: &RolePatch,
) -> QueryResult<Option<Role>> {
    let (oldest, newest) = base.map_or((i32::MIN, i32::MAX), |version| (version, version));
    let target = scope(ctx, Action::Update)
        .filter(roles::deleted_at.is_null())
        .filter(roles::id.eq(id))
        .filter(roles::version.between(oldest, newest));
    let permissions = patch.permissions.clone().map(Permissions);
    let fields = patch.fields.clone().map(FieldAccesses);
    let search = patch.name.as_deref().map(|name| roles::search.eq(array_to_tsvector(words(name))));
    diesel::update(target)
        .set((
            patch,
            permissions.map(|all| roles::permissions.eq(all)),
            fields.map(|all| roles::fields.eq(all)),
            search,
            moved(ctx),
        ))
        .returning(Role::as_returning())
        .recorded::<Role>(ctx, Verb::Updated)
        .get_result(conn)
        .optional()
}

#[auto_type]
fn moved(ctx: &Ctx) -> _ {
    let now: chrono::DateTime<chrono::Utc> = ctx.now;
    let user: UserId = ctx.actor.user;
    (roles::version.eq(roles::version + 1_i32), roles::updated_at.eq(now), roles::updated_by.eq(user))
}

/// Archives a living role, or restores an archived one.
pub(super) fn set_archived(
    conn: &mut Conn,
    ctx: &Ctx,
    id: RoleId,
    base: Option<i32>,
    archived: bool,
) -> QueryResult<Option<Role>> {
    let (oldest, newest) = base.map_or((i32::MIN, i32::MAX), |version| (version, version));
    let (verb, at) = if archived { (Verb::Deleted, Some(ctx.now)) } else { (Verb::Restored, None) };
    let target = scope(ctx, Action::Delete)
        .filter(roles::deleted_at.is_null().eq(archived))
        .filter(roles::id.eq(id))
        .filter(roles::version.between(oldest, newest));
    diesel::update(target)
        .set((roles::deleted_at.eq(at), moved(ctx)))
        .returning(Role::as_returning())
        .recorded::<Role>(ctx, verb)
        .get_result(conn)
        .optional()
}

pub(super) fn delete(conn: &mut Conn, ctx: &Ctx, id: RoleId) -> QueryResult<Option<Role>> {
    diesel::delete(scope(ctx, Action::Purge).filter(roles::id.eq(id)))
        .returning(Role::as_returning())
        .recorded::<Role>(ctx, Verb::Purged)
        .get_result(conn)
        .optional()
}

/// The role whether living or archived.
pub(super) fn find_any(conn: &mut Conn, ctx: &Ctx, id: RoleId) -> QueryResult<Role> {
    scope(ctx, Action::Read).filter(roles::id.eq(id)).select(Role::as_select()).first(conn)
}

/// The living roles of a user, whoever asks.
pub(crate) fn many(conn: &mut Conn, tenant: TenantId, user: UserId) -> QueryResult<Vec<Role>> {
    roles::table
        .inner_join(user_roles::table.on(user_roles::role_id.eq(roles::id).and(user_roles::tenant_id.eq(tenant))))
        .filter(roles::tenant_id.eq(tenant))
        .filter(user_roles::user_id.eq(user))
        .filter(roles::deleted_at.is_null())
        .order(roles::id)
        .select(Role::as_select())
        .load(conn)
}

/// The living roles that somebody in these teams holds, each once, whoever asks.
pub(super) fn of_members(conn: &mut Conn, tenant: TenantId, teams: &[TeamId]) -> QueryResult<Vec<Role>> {
    let members = team_members::table
        .filter(team_members::tenant_id.eq(tenant))
        .filter(team_members::team_id.eq_any(teams))
        .select(team_members::user_id);
    let held = user_roles::table
        .filter(user_roles::tenant_id.eq(tenant))
        .filter(user_roles::user_id.eq_any(members))
        .select(user_roles::role_id);
    roles::table
        .filter(roles::tenant_id.eq(tenant))
        .filter(roles::deleted_at.is_null())
        .filter(roles::id.eq_any(held))
        .select(Role::as_select())
        .load(conn)
}

/// `false` where the user has it already.
pub(crate) fn add(conn: &mut Conn, ctx: &Ctx, user: UserId, role: RoleId) -> QueryResult<bool> {
    let row = (user_roles::tenant_id.eq(ctx.tenant), user_roles::user_id.eq(user), user_roles::role_id.eq(role));
    let new = diesel::insert_into(user_roles::table).values(row).on_conflict_do_nothing().execute(conn)?;
    Ok(new == 1)
}

/// `false` where the user did not have it.
pub(super) fn remove(conn: &mut Conn, ctx: &Ctx, user: UserId, role: RoleId) -> QueryResult<bool> {
    Ok(diesel::delete(user_roles::table.find((ctx.tenant, user, role))).execute(conn)? == 1)
}

/// The built-in role, locked until the transaction ends: changes of who holds it come one after the other.
pub(super) fn lock(conn: &mut Conn, ctx: &Ctx, builtin: Builtin) -> QueryResult<RoleId> {
    roles::table
        .filter(roles::tenant_id.eq(ctx.tenant))
        .filter(roles::builtin.eq(builtin.key()))
        .select(roles::id)
        .for_update()
        .first(conn)
}

/// The active persons who hold a role.
pub(super) fn holders(conn: &mut Conn, ctx: &Ctx, role: RoleId) -> QueryResult<Vec<UserId>> {
    users::table
        .inner_join(user_roles::table.on(user_roles::user_id.eq(users::id).and(user_roles::tenant_id.eq(ctx.tenant))))
        .filter(users::tenant_id.eq(ctx.tenant))
        .filter(user_roles::role_id.eq(role))
        .filter(users::kind.eq(PERSON))
        .filter(users::is_active)
        .filter(users::deleted_at.is_null())
        .select(users::id)
        .load(conn)
}

/// The living roles of a tenant, whoever asks.
pub(super) fn living(conn: &mut Conn, tenant: TenantId) -> QueryResult<Vec<Role>> {
    let all = roles::table.filter(roles::tenant_id.eq(tenant)).filter(roles::deleted_at.is_null());
    all.order(roles::id).select(Role::as_select()).load(conn)
}

/// The active persons who hold any of these roles.
pub(super) fn people_with(conn: &mut Conn, tenant: TenantId, held: &[RoleId]) -> QueryResult<Vec<UserId>> {
    let holders = user_roles::table
        .filter(user_roles::tenant_id.eq(tenant))
        .filter(user_roles::role_id.eq_any(held))
        .select(user_roles::user_id);
    users::table
        .filter(users::tenant_id.eq(tenant))
        .filter(users::kind.eq(PERSON))
        .filter(users::is_active)
        .filter(users::deleted_at.is_null())
        .filter(users::id.eq_any(holders))
        .order(users::id)
        .select(users::id)
        .load(conn)
}

fn words(name: &str) -> Vec<String> {
    Words::new().name(name).lexemes()
}
