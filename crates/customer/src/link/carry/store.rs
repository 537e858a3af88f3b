//! The queries of what records have to do with, whoever sees them: who carries has locked the record that it is of.
use crate::activity::Activity;
use crate::link::{Links, RecordLink};
use crate::schema::{activities, activity_links, task_links, tasks};
use crate::task::Task;
use diesel::prelude::*;
use diesel::result::QueryResult;
use kernel::event::Verb;
use kernel::{ActivityId, Ctx, TaskId};
use platform::{Conn, Record};

/// The activities that a record has to do with, and what else they have to do with: locked.
pub(super) fn activities(conn: &mut Conn, ctx: &Ctx, to: &RecordLink) -> QueryResult<Vec<(ActivityId, Links)>> {
    let here = activity_links::table
        .filter(activity_links::tenant_id.eq(ctx.tenant))
        .filter(activity_links::record_id.eq(to.record_id))
        .filter(activity_links::resource.eq(&to.resource))
        .select(activity_links::activity_id);
    activities::table
        .filter(activities::tenant_id.eq(ctx.tenant))
        .filter(activities::id.eq_any(here))
        .order(activities::id)
        .for_update()
        .select((activities::id, activities::links))
        .load(conn)
}

/// What one of them has to do with from now on.
pub(super) fn relink_activity(conn: &mut Conn, ctx: &Ctx, id: ActivityId, links: &Links) -> QueryResult<Activity> {
    let moved = (
        activities::links.eq(links),
        activities::version.eq(activities::version + 1),
        activities::updated_at.eq(ctx.now),
        activities::updated_by.eq(ctx.actor.user),
    );
    diesel::update(activities::table.find((ctx.tenant, id)))
        .set(moved)
        .returning(Activity::as_returning())
        .recorded::<Activity>(ctx, Verb::Updated)
        .get_result(conn)
}

/// The tasks that a record has to do with, and what else they have to do with: locked.
pub(super) fn tasks(conn: &mut Conn, ctx: &Ctx, to: &RecordLink) -> QueryResult<Vec<(TaskId, Links)>> {
    let here = task_links::table
        .filter(task_links::tenant_id.eq(ctx.tenant))
        .filter(task_links::record_id.eq(to.record_id))
        .filter(task_links::resource.eq(&to.resource))
        .select(task_links::task_id);
    tasks::table
        .filter(tasks::tenant_id.eq(ctx.tenant))
        .filter(tasks::id.eq_any(here))
        .order(tasks::id)
        .for_update()
        .select((tasks::id, tasks::links))
        .load(conn)
}

/// What one of them has to do with from now on.
pub(super) fn relink_task(conn: &mut Conn, ctx: &Ctx, id: TaskId, links: &Links) -> QueryResult<Task> {
    let moved = (
        tasks::links.eq(links),
        tasks::version.eq(tasks::version + 1),
        tasks::updated_at.eq(ctx.now),
        tasks::updated_by.eq(ctx.actor.user),
    );
    diesel::update(tasks::table.find((ctx.tenant, id)))
        .set(moved)
        .returning(Task::as_returning())
        .recorded::<Task>(ctx, Verb::Updated)
        .get_result(conn)
}
