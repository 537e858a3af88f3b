//! The queries of an activity. `scope` is the only way in.
use super::{Activity, ActivityPatch, Key, MEETING, NewActivity};
use crate::schema::{activities, activity_links};
use chrono::{DateTime, Utc};
use diesel::dsl::auto_type;
use diesel::prelude::*;
use diesel::result::QueryResult;
use kernel::event::Verb;
use kernel::{Action, ActivityId, Ctx, Page, Result, TeamId, TenantId};
use platform::search::array_to_tsvector;
use platform::{Batch, Conn, Listing, Record, Visible, visible};
use uuid::Uuid;

/// The activities of the tenant on which the actor may do `action`, archived ones too.
#[auto_type]
pub(super) fn scope(ctx: &Ctx, action: Action) -> _ {
    let tenant: TenantId = ctx.tenant;
    let visible: Visible<activities::table> = visible::rows(ctx, action);
    activities::table.filter(activities::tenant_id.eq(tenant)).filter(visible)
}

pub fn find(conn: &mut Conn, ctx: &Ctx, id: ActivityId) -> Result<Activity> {
    let living = scope(ctx, Action::Read).filter(activities::deleted_at.is_null());
    Ok(living.filter(activities::id.eq(id)).select(Activity::as_select()).first(conn)?)
}

pub fn list(conn: &mut Conn, ctx: &Ctx, listing: &Listing<activities::table>) -> Result<Page<Activity>> {
    listing.page(
        conn,
        ctx,
        |conn, ask| {
            let page = scope(ctx, Action::Read).filter(ask.matching()).order(ask.order()).limit(ask.limit());
            page.select((Activity::as_select(), ask.keys())).load(conn)
        },
        |ask| scope(ctx, Action::Read).filter(ask.matching()).select(activities::id),
        |activity| activity.subject.as_deref().unwrap_or_default(),
    )
}

/// The living activities among `ids`, in no order.
pub fn many(conn: &mut Conn, ctx: &Ctx, ids: &[ActivityId]) -> Result<Vec<Activity>> {
    Ok(scope(ctx, Action::Read)
        .filter(activities::deleted_at.is_null())
        .filter(activities::id.eq_any(ids))
        .select(Activity::as_select())
        .load(conn)?)
}

/// The living activity with this key.
pub fn find_by(conn: &mut Conn, ctx: &Ctx, key: &Key) -> Result<Vec<Activity>> {
    match platform::external::find::<Activity>(conn, ctx, &key.source_system, &key.external_id)? {
        Some(id) => many(conn, ctx, &[ActivityId(id)]),
        None => Ok(Vec::new()),
    }
}

/// The living activities that a record has to do with, the newest first, from below a mark on: by an index that leads to
/// the record's own, whatever else there is.
pub fn of_record(
    conn: &mut Conn,
    ctx: &Ctx,
    (resource, record): (&str, Uuid),
    below: Option<(DateTime<Utc>, Uuid)>,
    limit: i64,
) -> Result<Vec<Activity>> {
    let (at, id) = below.unwrap_or((DateTime::<Utc>::MAX_UTC, Uuid::max()));
    let same = activity_links::tenant_id.eq(activities::tenant_id).and(activity_links::activity_id.eq(activities::id));
    let lower = activity_links::occurred_at
        .lt(at)
        .or(activity_links::occurred_at.eq(at).and(activity_links::activity_id.lt(id)));
    let linked = scope(ctx, Action::Read)
        .inner_join(activity_links::table.on(same))
        .filter(activity_links::tenant_id.eq(ctx.tenant))
        .filter(activity_links::record_id.eq(record))
        .filter(activity_links::resource.eq(resource))
        .filter(activities::deleted_at.is_null());
    let page = match below {
        None => linked
            .order((activity_links::occurred_at.desc(), activity_links::activity_id.desc()))
            .limit(limit)
            .select(Activity::as_select())
            .load(conn),
        Some(_) => linked
            .filter(activity_links::occurred_at.le(at).and(lower))
            .order((activity_links::occurred_at.desc(), activity_links::activity_id.desc()))
            .limit(limit)
            .select(Activity::as_select())
            .load(conn),
    };
    Ok(page?)
}

/// When the last of what was done about a record began, or is to begin, whoever sees it.
pub fn latest(conn: &mut Conn, ctx: &Ctx, (resource, record): (&str, Uuid)) -> QueryResult<Option<DateTime<Utc>>> {
    let same = activity_links::tenant_id.eq(activities::tenant_id).and(activity_links::activity_id.eq(activities::id));
    activity_links::table
        .inner_join(activities::table.on(same))
        .filter(activity_links::tenant_id.eq(ctx.tenant))
        .filter(activity_links::record_id.eq(record))
        .filter(activity_links::resource.eq(resource))
        .filter(activities::deleted_at.is_null())
        .order(activity_links::occurred_at.desc())
        .select(activity_links::occurred_at)
        .first(conn)
        .optional()
}

/// The living meetings since a moment that the actor has to be at, or keeps.
pub fn attended(conn: &mut Conn, ctx: &Ctx, since: DateTime<Utc>, limit: i64) -> Result<Vec<Activity>> {
    let own = activity_links::table
        .filter(activity_links::tenant_id.eq(ctx.tenant))
        .filter(activity_links::record_id.eq(ctx.actor.user.0))
        .filter(activity_links::resource.eq("user"))
        .select(activity_links::activity_id);
    Ok(scope(ctx, Action::Read)
        .filter(activities::deleted_at.is_null())
        .filter(activities::kind.eq(MEETING))
        .filter(activities::started_at.ge(since))
        .filter(activities::owner_id.eq(ctx.actor.user).or(activities::id.eq_any(own)))
        .order((activities::started_at, activities::id))
        .limit(limit)
        .select(Activity::as_select())
        .load(conn)?)
}

pub(super) fn insert(
    conn: &mut Conn,
    ctx: &Ctx,
    new: &NewActivity,
    team: Option<TeamId>,
    words: Vec<String>,
) -> QueryResult<Activity> {
    let given = (
        activities::tenant_id.eq(ctx.tenant),
        activities::id.eq(new.id.unwrap_or_else(ActivityId::new)),
        activities::owner_id.eq(new.owner_id.unwrap_or(ctx.actor.user)),
        activities::team_id.eq(team),
        activities::started_at.eq(new.started_at.unwrap_or(ctx.now)),
        activities::created_at.eq(ctx.now),
        activities::updated_at.eq(ctx.now),
        activities::created_by.eq(ctx.actor.user),
        activities::updated_by.eq(ctx.actor.user),
        activities::search.eq(array_to_tsvector(words)),
    );
    diesel::insert_into(activities::table)
        .values((given, new))
        .returning(Activity::as_returning())
        .recorded::<Activity>(ctx, Verb::Created)
        .get_result(conn)
}

/// Nothing comes back where it may not be changed, or is no longer at version `base`.
pub(super) fn update(
    conn: &mut Conn,
    ctx: &Ctx,
    id: ActivityId,
    base: Option<i32>,
    patch: &ActivityPatch,
) -> QueryResult<Option<Activity>> {
    let (oldest, newest) = base.map_or((i32::MIN, i32::MAX), |version| (version, version));
    let target = scope(ctx, Action::Update)
        .filter(activities::deleted_at.is_null())
        .filter(activities::id.eq(id))
        .filter(activities::version.between(oldest, newest));
    let moved = (
        activities::version.eq(activities::version + 1),
        activities::updated_at.eq(ctx.now),
        activities::updated_by.eq(ctx.actor.user),
    );
    diesel::update(target)
        .set((patch, moved))
        .returning(Activity::as_returning())
        .recorded::<Activity>(ctx, Verb::Updated)
        .get_result(conn)
        .optional()
}

/// What is searched follows every change; who changed it may see it no longer.
pub(super) fn set_words(conn: &mut Conn, ctx: &Ctx, id: ActivityId, words: Vec<String>) -> QueryResult<usize> {
    let row = activities::table.find((ctx.tenant, id));
    diesel::update(row).set(activities::search.eq(array_to_tsvector(words))).execute(conn)
}

/// Locks the activity, if the actor may change it.
pub(super) fn lock(conn: &mut Conn, ctx: &Ctx, id: ActivityId) -> QueryResult<Option<Activity>> {
    let living = scope(ctx, Action::Update).filter(activities::deleted_at.is_null());
    living.filter(activities::id.eq(id)).for_update().select(Activity::as_select()).first(conn).optional()
}

/// Archives a living activity, or restores an archived one.
pub(super) fn set_archived(
    conn: &mut Conn,
    ctx: &Ctx,
    id: ActivityId,
    base: Option<i32>,
    archived: bool,
) -> QueryResult<Option<Activity>> {
    let (oldest, newest) = base.map_or((i32::MIN, i32::MAX), |version| (version, version));
    let (verb, at) = if archived { (Verb::Deleted, Some(ctx.now)) } else { (Verb::Restored, None) };
    let target = scope(ctx, Action::Delete)
        .filter(activities::deleted_at.is_null().eq(archived))
        .filter(activities::id.eq(id))
        .filter(activities::version.between(oldest, newest));
    let moved = (
        activities::deleted_at.eq(at),
        activities::version.eq(activities::version + 1),
        activities::updated_at.eq(ctx.now),
        activities::updated_by.eq(ctx.actor.user),
    );
    diesel::update(target)
        .set(moved)
        .returning(Activity::as_returning())
        .recorded::<Activity>(ctx, verb)
        .get_result(conn)
        .optional()
}

pub(super) fn delete(conn: &mut Conn, ctx: &Ctx, id: ActivityId) -> QueryResult<Option<Activity>> {
    diesel::delete(scope(ctx, Action::Purge).filter(activities::id.eq(id)))
        .returning(Activity::as_returning())
        .recorded::<Activity>(ctx, Verb::Purged)
        .get_result(conn)
        .optional()
}

/// The activity whether living or archived, as far as the caller may see it.
pub(super) fn find_any(conn: &mut Conn, ctx: &Ctx, id: ActivityId) -> QueryResult<Activity> {
    scope(ctx, Action::Read).filter(activities::id.eq(id)).select(Activity::as_select()).first(conn)
}

impl Batch for Activity {
    fn find(conn: &mut Conn, ctx: &Ctx, id: ActivityId) -> Result<Self> {
        find(conn, ctx, id)
    }
    fn batch(conn: &mut Conn, tenant: TenantId, ids: &[ActivityId]) -> Result<Vec<Self>> {
        Ok(activities::table
            .filter(activities::tenant_id.eq(tenant))
            .filter(activities::deleted_at.is_null())
            .filter(activities::id.eq_any(ids))
            .select(Activity::as_select())
            .load(conn)?)
    }
}
