//! The queries of a user. `scope` is the only way in; `myself` is what everybody may do to themselves.
use super::{NewUser, User, UserPatch};
use crate::me::MePatch;
use crate::password::Hash;
use crate::schema::{passwords, team_members, users};
use diesel::dsl::{AsExprOf, auto_type};
use diesel::prelude::*;
use diesel::result::QueryResult;
use diesel::sql_types::Bool;
use kernel::event::Verb;
use kernel::{Action, Ctx, Page, Reach, Result, TeamId, TenantId, UserId};
use platform::search::array_to_tsvector;
use platform::{Batch, Conn, Listing, Record};

/// The users of the tenant, for an actor who may do `action`; archived ones too.
#[auto_type]
fn scope(ctx: &Ctx, action: Action) -> _ {
    let tenant: TenantId = ctx.tenant;
    let open: AsExprOf<bool, Bool> =
        (ctx.reach::<User>(Action::Read).min(ctx.reach::<User>(action)) > Reach::None).into_sql::<Bool>();
    users::table.filter(users::tenant_id.eq(tenant)).filter(open)
}

/// The actor.
#[auto_type]
fn own(ctx: &Ctx) -> _ {
    let tenant: TenantId = ctx.tenant;
    let user: UserId = ctx.actor.user;
    users::table.filter(users::tenant_id.eq(tenant)).filter(users::id.eq(user))
}

pub fn find(conn: &mut Conn, ctx: &Ctx, id: UserId) -> Result<User> {
    Ok(scope(ctx, Action::Read)
        .filter(users::deleted_at.is_null())
        .filter(users::id.eq(id))
        .select(User::as_select())
        .first(conn)?)
}

pub fn list(conn: &mut Conn, ctx: &Ctx, listing: &Listing<users::table>) -> Result<Page<User>> {
    listing.page(
        conn,
        ctx,
        |conn, ask| {
            let page = scope(ctx, Action::Read).filter(ask.matching()).order(ask.order()).limit(ask.limit());
            page.select((User::as_select(), ask.keys())).load(conn)
        },
        |ask| scope(ctx, Action::Read).filter(ask.matching()).select(users::id),
        |user| &user.display_name,
    )
}

/// The users of a team.
pub fn members(conn: &mut Conn, ctx: &Ctx, team: TeamId, listing: &Listing<users::table>) -> Result<Page<User>> {
    crate::team::find(conn, ctx, team)?;
    let of_team = || {
        let members = team_members::table.filter(team_members::tenant_id.eq(ctx.tenant));
        let members = members.filter(team_members::team_id.eq(team)).select(team_members::user_id);
        scope(ctx, Action::Read).filter(users::id.eq_any(members))
    };
    listing.page(
        conn,
        ctx,
        |conn, ask| {
            let page = of_team().filter(ask.matching()).order(ask.order()).limit(ask.limit());
            page.select((User::as_select(), ask.keys())).load(conn)
        },
        |ask| of_team().filter(ask.matching()).select(users::id),
        |user| &user.display_name,
    )
}

/// The living users among `ids`, in no order.
pub fn many(conn: &mut Conn, ctx: &Ctx, ids: &[UserId]) -> Result<Vec<User>> {
    Ok(scope(ctx, Action::Read)
        .filter(users::deleted_at.is_null())
        .filter(users::id.eq_any(ids))
        .select(User::as_select())
        .load(conn)?)
}

/// The actor's own record.
pub(crate) fn myself(conn: &mut Conn, ctx: &Ctx) -> Result<User> {
    Ok(own(ctx).select(User::as_select()).first(conn)?)
}

pub(super) fn insert(conn: &mut Conn, ctx: &Ctx, new: &NewUser, words: Vec<String>) -> QueryResult<User> {
    let given = (
        users::tenant_id.eq(ctx.tenant),
        users::id.eq(new.id.unwrap_or_else(UserId::new)),
        users::created_at.eq(ctx.now),
        users::updated_at.eq(ctx.now),
        users::created_by.eq(ctx.actor.user),
        users::updated_by.eq(ctx.actor.user),
        users::search.eq(array_to_tsvector(words)),
    );
    diesel::insert_into(users::table)
        .values((given, new))
        .returning(User::as_returning())
        .recorded::<User>(ctx, Verb::Created)
        .get_result(conn)
}

/// Nothing comes back where the user may not be changed, or is no longer at version `base`.
pub(super) fn update(
    conn: &mut Conn,
    ctx: &Ctx,
    id: UserId,
    base: Option<i32>,
    patch: &UserPatch,
) -> QueryResult<Option<User>> {
    let (oldest, newest) = base.map_or((i32::MIN, i32::MAX), |version| (version, version));
    let target = scope(ctx, Action::Update)
        .filter(users::deleted_at.is_null())
        .filter(users::id.eq(id))
        .filter(users::version.between(oldest, newest));
    diesel::update(target)
        .set((patch, moved(ctx)))
        .returning(User::as_returning())
        .recorded::<User>(ctx, Verb::Updated)
        .get_result(conn)
        .optional()
}

pub(super) fn update_own(conn: &mut Conn, ctx: &Ctx, base: Option<i32>, patch: &MePatch) -> QueryResult<Option<User>> {
    let (oldest, newest) = base.map_or((i32::MIN, i32::MAX), |version| (version, version));
    diesel::update(own(ctx).filter(users::version.between(oldest, newest)))
        .set((patch, moved(ctx)))
        .returning(User::as_returning())
        .recorded::<User>(ctx, Verb::Updated)
        .get_result(conn)
        .optional()
}

pub(super) fn set_verified(conn: &mut Conn, ctx: &Ctx) -> QueryResult<User> {
    diesel::update(own(ctx))
        .set((users::email_verified_at.eq(ctx.now), moved(ctx)))
        .returning(User::as_returning())
        .recorded::<User>(ctx, Verb::Updated)
        .get_result(conn)
}

/// A change of what belongs to a user is a change of the user. Whether it is allowed was asked before.
pub(super) fn touch(conn: &mut Conn, ctx: &Ctx, id: UserId) -> QueryResult<User> {
    diesel::update(users::table.find((ctx.tenant, id)))
        .set(moved(ctx))
        .returning(User::as_returning())
        .recorded::<User>(ctx, Verb::Updated)
        .get_result(conn)
}

#[auto_type]
fn moved(ctx: &Ctx) -> _ {
    let now: chrono::DateTime<chrono::Utc> = ctx.now;
    let user: UserId = ctx.actor.user;
    (users::version.eq(users::version + 1_i32), users::updated_at.eq(now), users::updated_by.eq(user))
}

pub(super) fn set_words(conn: &mut Conn, ctx: &Ctx, id: UserId, words: Vec<String>) -> QueryResult<usize> {
    diesel::update(users::table.find((ctx.tenant, id))).set(users::search.eq(array_to_tsvector(words))).execute(conn)
}

/// Archives a living user, or restores an archived one.
pub(super) fn set_archived(
    conn: &mut Conn,
    ctx: &Ctx,
    id: UserId,
    base: Option<i32>,
    archived: bool,
) -> QueryResult<Option<User>> {
    let (oldest, newest) = base.map_or((i32::MIN, i32::MAX), |version| (version, version));
    let (verb, at) = if archived { (Verb::Deleted, Some(ctx.now)) } else { (Verb::Restored, None) };
    let target = scope(ctx, Action::Delete)
        .filter(users::deleted_at.is_null().eq(archived))
        .filter(users::id.eq(id))
        .filter(users::version.between(oldest, newest));
    diesel::update(target)
        .set((users::deleted_at.eq(at), moved(ctx)))
        .returning(User::as_returning())
        .recorded::<User>(ctx, verb)
        .get_result(conn)
        .optional()
}

pub(super) fn delete(conn: &mut Conn, ctx: &Ctx, id: UserId) -> QueryResult<Option<User>> {
    diesel::delete(scope(ctx, Action::Purge).filter(users::id.eq(id)))
        .returning(User::as_returning())
        .recorded::<User>(ctx, Verb::Purged)
        .get_result(conn)
        .optional()
}

/// The user whether living or archived.
pub(super) fn find_any(conn: &mut Conn, ctx: &Ctx, id: UserId) -> QueryResult<User> {
    scope(ctx, Action::Read).filter(users::id.eq(id)).select(User::as_select()).first(conn)
}

/// Whoever has this address.
pub(super) fn by_email(conn: &mut Conn, ctx: &Ctx, email: &str) -> QueryResult<Option<UserId>> {
    users::table
        .filter(users::tenant_id.eq(ctx.tenant))
        .filter(users::deleted_at.is_null())
        .filter(users::email.eq(email))
        .select(users::id)
        .first(conn)
        .optional()
}

pub(super) fn set_password(conn: &mut Conn, ctx: &Ctx, id: UserId, hash: &Hash) -> QueryResult<usize> {
    let fresh = (passwords::hash.eq(&hash.0), passwords::changed_at.eq(ctx.now));
    diesel::insert_into(passwords::table)
        .values((passwords::tenant_id.eq(ctx.tenant), passwords::user_id.eq(id), fresh))
        .on_conflict((passwords::tenant_id, passwords::user_id))
        .do_update()
        .set(fresh)
        .execute(conn)
}

/// What is kept of a user's password.
pub(crate) fn password(conn: &mut Conn, tenant: TenantId, id: UserId) -> QueryResult<Option<Hash>> {
    let hash: Option<String> = passwords::table.find((tenant, id)).select(passwords::hash).first(conn).optional()?;
    Ok(hash.map(Hash))
}

impl Batch for User {
    fn find(conn: &mut Conn, ctx: &Ctx, id: UserId) -> Result<Self> {
        find(conn, ctx, id)
    }
    fn batch(conn: &mut Conn, tenant: TenantId, ids: &[UserId]) -> Result<Vec<Self>> {
        Ok(users::table
            .filter(users::tenant_id.eq(tenant))
            .filter(users::deleted_at.is_null())
            .filter(users::id.eq_any(ids))
            .select(User::as_select())
            .load(conn)?)
    }
}
