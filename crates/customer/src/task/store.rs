//! The queries of a task. `scope` is the only way in.
use super::deeds::Settled;
use super::{ENDED, Key, NewTask, OPEN, Task, TaskPatch};
use crate::schema::{task_links, tasks};
use chrono::{DateTime, Utc};
use diesel::dsl::auto_type;
use diesel::prelude::*;
use diesel::result::QueryResult;
use kernel::event::Verb;
use kernel::{Action, Ctx, Page, Result, TaskId, TenantId};
use platform::search::array_to_tsvector;
use platform::{Batch, Conn, Listing, Record, Visible, visible};
use uuid::Uuid;

diesel::define_sql_function! {
    /// When a task is due: of a whole day, when that begins on its clocks.
    fn task_due(
        due_at: diesel::sql_types::Nullable<diesel::sql_types::Timestamptz>,
        due_on: diesel::sql_types::Nullable<diesel::sql_types::Date>,
        time_zone: diesel::sql_types::Nullable<diesel::sql_types::Text>,
    ) -> diesel::sql_types::Nullable<diesel::sql_types::Timestamptz>;
}

/// The tasks of the tenant on which the actor may do `action`, archived ones too.
#[auto_type]
pub(super) fn scope(ctx: &Ctx, action: Action) -> _ {
    let tenant: TenantId = ctx.tenant;
    let visible: Visible<tasks::table> = visible::rows(ctx, action);
    tasks::table.filter(tasks::tenant_id.eq(tenant)).filter(visible)
}

pub fn find(conn: &mut Conn, ctx: &Ctx, id: TaskId) -> Result<Task> {
    let living = scope(ctx, Action::Read).filter(tasks::deleted_at.is_null());
    Ok(living.filter(tasks::id.eq(id)).select(Task::as_select()).first(conn)?)
}

pub fn list(conn: &mut Conn, ctx: &Ctx, listing: &Listing<tasks::table>) -> Result<Page<Task>> {
    listing.page(
        conn,
        ctx,
        |conn, ask| {
            let page = scope(ctx, Action::Read).filter(ask.matching()).order(ask.order()).limit(ask.limit());
            page.select((Task::as_select(), ask.keys())).load(conn)
        },
        |ask| scope(ctx, Action::Read).filter(ask.matching()).select(tasks::id),
        |task| &task.subject,
    )
}

/// The living tasks among `ids`, in no order.
pub fn many(conn: &mut Conn, ctx: &Ctx, ids: &[TaskId]) -> Result<Vec<Task>> {
    Ok(scope(ctx, Action::Read)
        .filter(tasks::deleted_at.is_null())
        .filter(tasks::id.eq_any(ids))
        .select(Task::as_select())
        .load(conn)?)
}

/// The living task with this key.
pub fn find_by(conn: &mut Conn, ctx: &Ctx, key: &Key) -> Result<Vec<Task>> {
    match platform::external::find::<Task>(conn, ctx, &key.source_system, &key.external_id)? {
        Some(id) => many(conn, ctx, &[TaskId(id)]),
        None => Ok(Vec::new()),
    }
}

/// The living tasks that have to do with a record, the newest first, from below a mark on: by an index that leads to the
/// record's own, whatever else there is.
pub fn of_record(
    conn: &mut Conn,
    ctx: &Ctx,
    (resource, record): (&str, Uuid),
    below: Option<(DateTime<Utc>, Uuid)>,
    limit: i64,
) -> Result<Vec<Task>> {
    let (at, id) = below.unwrap_or((DateTime::<Utc>::MAX_UTC, Uuid::max()));
    let same = task_links::tenant_id.eq(tasks::tenant_id).and(task_links::task_id.eq(tasks::id));
    let lower = task_links::occurred_at.lt(at).or(task_links::occurred_at.eq(at).and(task_links::task_id.lt(id)));
    let linked = scope(ctx, Action::Read)
        .inner_join(task_links::table.on(same))
        .filter(task_links::tenant_id.eq(ctx.tenant))
        .filter(task_links::record_id.eq(record))
        .filter(task_links::resource.eq(resource))
        .filter(tasks::deleted_at.is_null())
        .order((task_links::occurred_at.desc(), task_links::task_id.desc()))
        .limit(limit)
        .select(Task::as_select());
    Ok(match below {
        None => linked.load(conn)?,
        Some(_) => linked.filter(task_links::occurred_at.le(at).and(lower)).load(conn)?,
    })
}

/// What is to be done about a record, the soonest due first.
pub fn open_of(conn: &mut Conn, ctx: &Ctx, (resource, record): (&str, Uuid), limit: i64) -> Result<Vec<Task>> {
    let same = task_links::tenant_id.eq(tasks::tenant_id).and(task_links::task_id.eq(tasks::id));
    Ok(scope(ctx, Action::Read)
        .inner_join(task_links::table.on(same))
        .filter(task_links::tenant_id.eq(ctx.tenant))
        .filter(task_links::record_id.eq(record))
        .filter(task_links::resource.eq(resource))
        .filter(tasks::deleted_at.is_null())
        .filter(tasks::status.ne_all(ENDED))
        .order((task_due(tasks::due_at, tasks::due_on, tasks::time_zone).asc().nulls_last(), tasks::id))
        .limit(limit)
        .select(Task::as_select())
        .load(conn)?)
}

/// The living tasks of the actor that are due at some time, and are open or were completed since.
pub fn of_calendar(conn: &mut Conn, ctx: &Ctx, since: DateTime<Utc>, limit: i64) -> Result<Vec<Task>> {
    Ok(scope(ctx, Action::Read)
        .filter(tasks::assignee_id.eq(ctx.actor.user))
        .filter(tasks::deleted_at.is_null())
        .filter(tasks::due_at.is_not_null().or(tasks::due_on.is_not_null()))
        .filter(tasks::status.ne_all(ENDED).or(tasks::completed_at.ge(since).assume_not_null()))
        .order((tasks::updated_at.desc(), tasks::id))
        .limit(limit)
        .select(Task::as_select())
        .load(conn)?)
}

pub(super) fn insert(
    conn: &mut Conn,
    ctx: &Ctx,
    (id, new): (TaskId, &NewTask),
    settled: &Settled,
    words: Vec<String>,
) -> QueryResult<Task> {
    let given = (
        tasks::tenant_id.eq(ctx.tenant),
        tasks::id.eq(id),
        tasks::assignee_id.eq(new.assignee_id.unwrap_or(ctx.actor.user)),
        tasks::team_id.eq(new.team_id),
        tasks::status.eq(new.status.as_deref().unwrap_or(OPEN)),
        tasks::priority.eq(new.priority.as_deref().unwrap_or("normal")),
        tasks::created_at.eq(ctx.now),
        tasks::updated_at.eq(ctx.now),
        tasks::created_by.eq(ctx.actor.user),
        tasks::updated_by.eq(ctx.actor.user),
        tasks::search.eq(array_to_tsvector(words)),
    );
    diesel::insert_into(tasks::table)
        .values((given, columns(settled), new))
        .returning(Task::as_returning())
        .recorded::<Task>(ctx, Verb::Created)
        .get_result(conn)
}

/// Nothing comes back where it may not be changed, or is no longer at version `base`.
pub(super) fn update(
    conn: &mut Conn,
    ctx: &Ctx,
    (id, base): (TaskId, Option<i32>),
    patch: &TaskPatch,
    settled: &Settled,
    verb: Verb,
) -> QueryResult<Option<Task>> {
    let (oldest, newest) = base.map_or((i32::MIN, i32::MAX), |version| (version, version));
    let target = scope(ctx, Action::Update)
        .filter(tasks::deleted_at.is_null())
        .filter(tasks::id.eq(id))
        .filter(tasks::version.between(oldest, newest));
    let moved =
        (tasks::version.eq(tasks::version + 1), tasks::updated_at.eq(ctx.now), tasks::updated_by.eq(ctx.actor.user));
    diesel::update(target)
        .set((patch, moved, columns(settled)))
        .returning(Task::as_returning())
        .recorded::<Task>(ctx, verb)
        .get_result(conn)
        .optional()
}

/// What follows from the rest.
#[auto_type]
fn columns(settled: &Settled) -> _ {
    let (series, starts): (Option<TaskId>, Option<DateTime<Utc>>) = (settled.series_id, settled.series_starts_at);
    let (next, completed): (Option<TaskId>, Option<DateTime<Utc>>) = (settled.next_task_id, settled.completed_at);
    (
        tasks::series_id.eq(series),
        tasks::series_starts_at.eq(starts),
        tasks::next_task_id.eq(next),
        tasks::completed_at.eq(completed),
    )
}

/// What is searched follows every change; who changed it may see it no longer.
pub(super) fn set_words(conn: &mut Conn, ctx: &Ctx, id: TaskId, words: Vec<String>) -> QueryResult<usize> {
    diesel::update(tasks::table.find((ctx.tenant, id))).set(tasks::search.eq(array_to_tsvector(words))).execute(conn)
}

/// Locks the task, if the actor may change it.
pub(super) fn lock(conn: &mut Conn, ctx: &Ctx, id: TaskId) -> QueryResult<Option<Task>> {
    let living = scope(ctx, Action::Update).filter(tasks::deleted_at.is_null());
    living.filter(tasks::id.eq(id)).for_update().select(Task::as_select()).first(conn).optional()
}

/// Archives a living task, or restores an archived one.
pub(super) fn set_archived(
    conn: &mut Conn,
    ctx: &Ctx,
    id: TaskId,
    base: Option<i32>,
    archived: bool,
) -> QueryResult<Option<Task>> {
    let (oldest, newest) = base.map_or((i32::MIN, i32::MAX), |version| (version, version));
    let (verb, at) = if archived { (Verb::Deleted, Some(ctx.now)) } else { (Verb::Restored, None) };
    let target = scope(ctx, Action::Delete)
        .filter(tasks::deleted_at.is_null().eq(archived))
        .filter(tasks::id.eq(id))
        .filter(tasks::version.between(oldest, newest));
    let moved = (
        tasks::deleted_at.eq(at),
        tasks::version.eq(tasks::version + 1),
        tasks::updated_at.eq(ctx.now),
        tasks::updated_by.eq(ctx.actor.user),
    );
    diesel::update(target)
        .set(moved)
        .returning(Task::as_returning())
        .recorded::<Task>(ctx, verb)
        .get_result(conn)
        .optional()
}

pub(super) fn delete(conn: &mut Conn, ctx: &Ctx, id: TaskId) -> QueryResult<Option<Task>> {
    diesel::delete(scope(ctx, Action::Purge).filter(tasks::id.eq(id)))
        .returning(Task::as_returning())
        .recorded::<Task>(ctx, Verb::Purged)
        .get_result(conn)
        .optional()
}

/// The task whether living or archived, as far as the caller may see it.
pub(super) fn find_any(conn: &mut Conn, ctx: &Ctx, id: TaskId) -> QueryResult<Task> {
    scope(ctx, Action::Read).filter(tasks::id.eq(id)).select(Task::as_select()).first(conn)
}

impl Batch for Task {
    fn find(conn: &mut Conn, ctx: &Ctx, id: TaskId) -> Result<Self> {
        find(conn, ctx, id)
    }
    fn batch(conn: &mut Conn, tenant: TenantId, ids: &[TaskId]) -> Result<Vec<Self>> {
        Ok(tasks::table
            .filter(tasks::tenant_id.eq(tenant))
            .filter(tasks::deleted_at.is_null())
            .filter(tasks::id.eq_any(ids))
            .select(Task::as_select())
            .load(conn)?)
    }
}
