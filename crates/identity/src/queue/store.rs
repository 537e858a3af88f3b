//! The queries of a queue and its members. `scope` is the only way in.
use super::{NewQueue, Queue, QueueMember, QueuePatch};
use crate::schema::{queue_members, teams, users};
use crate::user::QUEUE;
use diesel::dsl::{AsExprOf, auto_type};
use diesel::prelude::*;
use diesel::result::QueryResult;
use diesel::sql_types::Bool;
use kernel::event::Verb;
use kernel::{Action, Ctx, Page, Reach, Result, TeamId, TenantId, UserId};
use platform::search::array_to_tsvector;
use platform::{Batch, Conn, Listing, Record};
use uuid::Uuid;

/// The queues of the tenant, for an actor who may do `action`; archived ones too.
#[auto_type]
fn scope(ctx: &Ctx, action: Action) -> _ {
    let tenant: TenantId = ctx.tenant;
    let kind: &'static str = QUEUE;
    let open: AsExprOf<bool, Bool> =
        (ctx.reach::<Queue>(Action::Read).min(ctx.reach::<Queue>(action)) > Reach::None).into_sql::<Bool>();
    users::table.filter(users::tenant_id.eq(tenant)).filter(users::kind.eq(kind)).filter(open)
}

pub fn find(conn: &mut Conn, ctx: &Ctx, id: UserId) -> Result<Queue> {
    Ok(scope(ctx, Action::Read)
        .filter(users::deleted_at.is_null())
        .filter(users::id.eq(id))
        .select(Queue::as_select())
        .first(conn)?)
}

pub fn list(conn: &mut Conn, ctx: &Ctx, listing: &Listing<users::table>) -> Result<Page<Queue>> {
    listing.page(
        conn,
        ctx,
        |conn, ask| {
            let page = scope(ctx, Action::Read).filter(ask.matching()).order(ask.order()).limit(ask.limit());
            page.select((Queue::as_select(), ask.keys())).load(conn)
        },
        |ask| scope(ctx, Action::Read).filter(ask.matching()).select(users::id),
        |queue| &queue.display_name,
    )
}

/// Nobody has the address, which a user has to have: no mail goes to `.invalid`, and no login comes from it.
pub(super) fn insert(conn: &mut Conn, ctx: &Ctx, new: &NewQueue, words: Vec<String>) -> QueryResult<Queue> {
    let id = new.id.unwrap_or_else(UserId::new);
    let row = (
        users::tenant_id.eq(ctx.tenant),
        users::id.eq(id),
        users::kind.eq(QUEUE),
        users::email.eq(format!("{id}@queue.invalid")),
        users::display_name.eq(&new.display_name),
        users::created_at.eq(ctx.now),
        users::updated_at.eq(ctx.now),
        users::created_by.eq(ctx.actor.user),
        users::updated_by.eq(ctx.actor.user),
        users::search.eq(array_to_tsvector(words)),
    );
    diesel::insert_into(users::table)
        .values(row)
        .returning(Queue::as_returning())
        .recorded::<Queue>(ctx, Verb::Created)
        .get_result(conn)
}

/// Nothing comes back where the queue may not be changed, or is no longer at version `base`.
pub(super) fn update(
    conn: &mut Conn,
    ctx: &Ctx,
    id: UserId,
    base: Option<i32>,
    patch: &QueuePatch,
    words: Option<Vec<String>>,
) -> QueryResult<Option<Queue>> {
    let (oldest, newest) = base.map_or((i32::MIN, i32::MAX), |version| (version, version));
    let target = scope(ctx, Action::Update)
        .filter(users::deleted_at.is_null())
        .filter(users::id.eq(id))
        .filter(users::version.between(oldest, newest));
    let search = words.map(|words| users::search.eq(array_to_tsvector(words)));
    diesel::update(target)
        .set((patch, search, moved(ctx)))
        .returning(Queue::as_returning())
        .recorded::<Queue>(ctx, Verb::Updated)
        .get_result(conn)
        .optional()
}

#[auto_type]
fn moved(ctx: &Ctx) -> _ {
    let now: chrono::DateTime<chrono::Utc> = ctx.now;
    let user: UserId = ctx.actor.user;
    (users::version.eq(users::version + 1_i32), users::updated_at.eq(now), users::updated_by.eq(user))
}

/// Archives a living queue, or restores an archived one.
pub(super) fn set_archived(
    conn: &mut Conn,
    ctx: &Ctx,
    id: UserId,
    base: Option<i32>,
    archived: bool,
) -> QueryResult<Option<Queue>> {
    let (oldest, newest) = base.map_or((i32::MIN, i32::MAX), |version| (version, version));
    let (verb, at) = if archived { (Verb::Deleted, Some(ctx.now)) } else { (Verb::Restored, None) };
    let target = scope(ctx, Action::Delete)
        .filter(users::deleted_at.is_null().eq(archived))
        .filter(users::id.eq(id))
        .filter(users::version.between(oldest, newest));
    diesel::update(target)
        .set((users::deleted_at.eq(at), moved(ctx)))
        .returning(Queue::as_returning())
        .recorded::<Queue>(ctx, verb)
        .get_result(conn)
        .optional()
}

pub(super) fn delete(conn: &mut Conn, ctx: &Ctx, id: UserId) -> QueryResult<Option<Queue>> {
    diesel::delete(scope(ctx, Action::Purge).filter(users::id.eq(id)))
        .returning(Queue::as_returning())
        .recorded::<Queue>(ctx, Verb::Purged)
        .get_result(conn)
        .optional()
}

/// The queue whether living or archived.
pub(super) fn find_any(conn: &mut Conn, ctx: &Ctx, id: UserId) -> QueryResult<Queue> {
    scope(ctx, Action::Read).filter(users::id.eq(id)).select(Queue::as_select()).first(conn)
}

/// Who serves a queue: users first, then teams, by name; archived ones are left out.
pub fn members(conn: &mut Conn, ctx: &Ctx, id: UserId) -> Result<Vec<QueueMember>> {
    find(conn, ctx, id)?;
    let of_queue =
        || queue_members::table.filter(queue_members::tenant_id.eq(ctx.tenant)).filter(queue_members::queue_id.eq(id));
    let mut all: Vec<QueueMember> = of_queue()
        .inner_join(users::table.on(users::id.nullable().eq(queue_members::user_id)))
        .filter(users::tenant_id.eq(ctx.tenant))
        .filter(users::deleted_at.is_null())
        .order((users::display_name, users::id))
        .select((queue_members::user_id, queue_members::team_id, users::display_name))
        .load(conn)?;
    let of_teams: Vec<QueueMember> = of_queue()
        .inner_join(teams::table.on(teams::id.nullable().eq(queue_members::team_id)))
        .filter(teams::tenant_id.eq(ctx.tenant))
        .filter(teams::deleted_at.is_null())
        .order((teams::name, teams::id))
        .select((queue_members::user_id, queue_members::team_id, teams::name))
        .load(conn)?;
    all.extend(of_teams);
    Ok(all)
}

/// `false` where they serve it already.
pub(super) fn add(
    conn: &mut Conn,
    ctx: &Ctx,
    id: UserId,
    user: Option<UserId>,
    team: Option<TeamId>,
) -> QueryResult<bool> {
    let row = (
        queue_members::tenant_id.eq(ctx.tenant),
        queue_members::queue_id.eq(id),
        queue_members::user_id.eq(user),
        queue_members::team_id.eq(team),
    );
    let new = diesel::insert_into(queue_members::table).values(row).on_conflict_do_nothing().execute(conn)?;
    Ok(new == 1)
}

/// `false` where they did not serve it.
pub(super) fn remove(conn: &mut Conn, ctx: &Ctx, id: UserId, member: Uuid) -> QueryResult<bool> {
    Ok(diesel::delete(queue_members::table.find((ctx.tenant, member, id))).execute(conn)? == 1)
}

/// The living queues that a user serves, themselves or by one of these teams, whoever asks.
pub(crate) fn of_user(conn: &mut Conn, tenant: TenantId, user: UserId, teams: &[TeamId]) -> QueryResult<Vec<UserId>> {
    let members: Vec<Uuid> = std::iter::once(user.into()).chain(teams.iter().copied().map(Uuid::from)).collect();
    queue_members::table
        .inner_join(users::table.on(users::id.eq(queue_members::queue_id).and(users::tenant_id.eq(tenant))))
        .filter(queue_members::tenant_id.eq(tenant))
        .filter(queue_members::member_id.eq_any(members))
        .filter(users::deleted_at.is_null())
        .select(queue_members::queue_id)
        .distinct()
        .load(conn)
}

/// Whether a team serves any queue.
pub(crate) fn is_served_by(conn: &mut Conn, ctx: &Ctx, team: TeamId) -> QueryResult<bool> {
    let served =
        queue_members::table.filter(queue_members::tenant_id.eq(ctx.tenant)).filter(queue_members::team_id.eq(team));
    diesel::select(diesel::dsl::exists(served)).get_result(conn)
}

impl Batch for Queue {
    fn find(conn: &mut Conn, ctx: &Ctx, id: UserId) -> Result<Self> {
        find(conn, ctx, id)
    }
    fn batch(conn: &mut Conn, tenant: TenantId, ids: &[UserId]) -> Result<Vec<Self>> {
        Ok(users::table
            .filter(users::tenant_id.eq(tenant))
            .filter(users::kind.eq(QUEUE))
            .filter(users::deleted_at.is_null())
            .filter(users::id.eq_any(ids))
            .select(Queue::as_select())
            .load(conn)?)
    }
}
