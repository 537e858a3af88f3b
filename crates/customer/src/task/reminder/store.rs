//! The queries of reminders: workers look for what is due, over all tenants.
use crate::schema::{task_reminders, tasks};
use crate::task::{ENDED, Task};
use chrono::{DateTime, Utc};
use diesel::prelude::*;
use diesel::sql_types::{Timestamptz, Uuid as SqlUuid};
use kernel::event::Verb;
use kernel::{Ctx, Result, TaskId, TenantId, UserId};
use platform::sweep::{self, Look, look};
use platform::{Conn, Record, crash};

#[derive(QueryableByName)]
struct Due {
    #[diesel(sql_type = SqlUuid)]
    tenant_id: TenantId,
    #[diesel(sql_type = SqlUuid)]
    id: TaskId,
    #[diesel(sql_type = SqlUuid)]
    assignee_id: UserId,
    /// by the clock that all machines have in common
    #[diesel(sql_type = Timestamptz)]
    now: DateTime<Utc>,
}

/// The task is held, as by whoever changes it.
const DUE: Look = look! {
    what: "reminders of tasks",
    row: "t",
    locks: "t",
    tells: "t.assignee_id",
    from: "FROM tasks AS t WHERE EXISTS (SELECT FROM task_reminders AS r WHERE r.tenant_id = t.tenant_id \
           AND r.task_id = t.id AND r.remind_at <= statement_timestamp())",
};

/// Fires what is due; of how many tasks that was.
pub fn fire_due(conn: &mut Conn) -> Result<usize> {
    sweep::pass(conn, &DUE, fire)
}

fn fire(conn: &mut Conn, due: &Due) -> Result<()> {
    let taken = task_reminders::table
        .filter(task_reminders::tenant_id.eq(due.tenant_id))
        .filter(task_reminders::task_id.eq(due.id))
        .filter(task_reminders::remind_at.le(due.now));
    // somebody else may have fired it between the look and the lock
    if diesel::delete(taken).execute(conn)? > 0 {
        tell(conn, due)?;
        crash::point("reminder_fired");
    }
    Ok(())
}

fn tell(conn: &mut Conn, due: &Due) -> Result<()> {
    let ctx = Ctx::powerless(due.tenant_id, due.assignee_id, due.now);
    let open = tasks::table
        .filter(tasks::tenant_id.eq(due.tenant_id))
        .filter(tasks::id.eq(due.id))
        .filter(tasks::deleted_at.is_null())
        .filter(tasks::status.ne_all(ENDED));
    let moved = (tasks::reminded_at.eq(due.now), tasks::version.eq(tasks::version + 1), tasks::updated_at.eq(due.now));
    diesel::update(open)
        .set(moved)
        .returning(Task::as_returning())
        .recorded::<Task>(&ctx, Verb::Reminded)
        .get_result::<Task>(conn)
        .optional()?;
    Ok(())
}
