//! What may be done with a task. Whatever changes one locks it first, so that what follows from a change follows once.
use super::{COMPLETED, ENDED, Key, NewTask, OPEN, Task, TaskPatch, series, store};
use crate::link::{self, Links, Participants};
use chrono::{DateTime, Utc};
use diesel::Connection;
use diesel::result::{DatabaseErrorKind::CheckViolation, Error as Sql};
use kernel::event::Verb;
use kernel::{Ctx, Error, Fault, Noun, Result, TaskId, error, text};
use platform::deed::{self, Called, Upsert, Upserted, may_own, untouched};
use platform::search::Words;
use platform::{Conn, custom};

/// What follows from the rest of a task.
#[derive(Clone, Debug, Default)]
pub(super) struct Settled {
    pub series_id: Option<TaskId>,
    pub series_starts_at: Option<DateTime<Utc>>,
    pub next_task_id: Option<TaskId>,
    pub completed_at: Option<DateTime<Utc>>,
}

pub fn create(conn: &mut Conn, ctx: &Ctx, new: &NewTask) -> Result<Task> {
    may_own::<Task>(ctx, new.assignee_id)?;
    let is_done = new.status.as_deref() == Some(COMPLETED);
    let due = series::due(new.due_at, new.due_on, new.time_zone.as_deref());
    if let Some(rule) = &new.recurrence {
        series::read(rule, new.time_zone.as_deref(), due)?;
        if is_done {
            let never = text!("what recurs is completed once it is there");
            return Err(Error::invalid("/status", "recurs", never));
        }
    }
    needs_due(new.reminders.needs_due(), due)?;
    let nobody = Participants::default();
    let team = link::check(conn, ctx, (&new.links, &nobody), (&Links::default(), &nobody))?;
    let new = NewTask { team_id: new.team_id.or(team), ..new.clone() };
    let id = new.id.unwrap_or_else(TaskId::new);
    let settled = Settled {
        series_id: new.recurrence.as_ref().map(|_| id),
        series_starts_at: new.recurrence.as_ref().and(due),
        next_task_id: None,
        completed_at: is_done.then_some(ctx.now),
    };
    insert(conn, ctx, id, &new, &settled)
}

fn insert(conn: &mut Conn, ctx: &Ctx, id: TaskId, new: &NewTask, settled: &Settled) -> Result<Task> {
    let words = custom::words(ctx, Task::NAME, &new.custom.0, words(&new.subject));
    store::insert(conn, ctx, (id, new), settled, words).map_err(named)
}

/// With a `base`, only if the task is still at that version; without, on whatever is there now.
pub fn update(conn: &mut Conn, ctx: &Ctx, id: TaskId, base: Option<i32>, patch: &TaskPatch) -> Result<Task> {
    may_own::<Task>(ctx, patch.assignee_id)?;
    conn.transaction(|conn| match store::lock(conn, ctx, id)? {
        Some(before) => change(conn, ctx, &before, base, patch),
        None => Err(untouched(conn, ctx, store::find, id, base)),
    })
}

/// Done. One that is done already is answered as it is: two at once complete it once.
pub fn complete(conn: &mut Conn, ctx: &Ctx, id: TaskId, base: Option<i32>) -> Result<Task> {
    turn(conn, ctx, id, base, COMPLETED, |status| status != COMPLETED)
}

/// To be done again. One that has not ended is answered as it is.
pub fn reopen(conn: &mut Conn, ctx: &Ctx, id: TaskId, base: Option<i32>) -> Result<Task> {
    turn(conn, ctx, id, base, OPEN, |status| ENDED.contains(&status))
}

fn turn(
    conn: &mut Conn,
    ctx: &Ctx,
    id: TaskId,
    base: Option<i32>,
    to: &str,
    is_due: impl Fn(&str) -> bool,
) -> Result<Task> {
    ctx.may_write::<Task>("status")?;
    conn.transaction(|conn| match store::lock(conn, ctx, id)? {
        Some(before) if is_due(&before.status) => {
            change(conn, ctx, &before, base, &TaskPatch { status: Some(to.to_owned()), ..TaskPatch::default() })
        }
        Some(before) => Ok(before),
        None => Err(untouched(conn, ctx, store::find, id, base)),
    })
}

/// A change of a task that is locked, and the next of its series where this one is done.
fn change(conn: &mut Conn, ctx: &Ctx, before: &Task, base: Option<i32>, patch: &TaskPatch) -> Result<Task> {
    let after = patch.over(before);
    let due = series::due(after.due_at, after.due_on, after.time_zone.as_deref());
    if let Some(links) = &patch.links {
        let nobody = Participants::default();
        link::check(conn, ctx, (links, &nobody), (&before.links, &nobody))?;
    }
    needs_due(after.reminders.needs_due(), due)?;
    let (was_done, is_done) = (before.status == COMPLETED, after.status == COMPLETED);
    let mut settled = settled(before, &after, due)?;
    settled.completed_at = if was_done { before.completed_at } else { Some(ctx.now) }.filter(|_| is_done);
    let after = Task { series_starts_at: settled.series_starts_at, ..after };
    let next = match is_done && !was_done && before.next_task_id.is_none() {
        true => series::next(&after, ctx.now)?.map(|due| (TaskId::new(), due)),
        false => None,
    };
    settled.next_task_id = next.map(|(id, _)| id).or(before.next_task_id);
    let verb = match (was_done || ENDED.contains(&before.status.as_str()), is_done) {
        (false, true) => Verb::Completed,
        (true, false) if !ENDED.contains(&after.status.as_str()) => Verb::Reopened,
        _ => Verb::Updated,
    };
    let Some(done) = store::update(conn, ctx, (before.id, base), patch, &settled, verb).map_err(named)? else {
        return Err(untouched(conn, ctx, store::find, before.id, base));
    };
    if patch.subject.is_some() || patch.custom.is_some() {
        let words = custom::words(ctx, Task::NAME, &done.custom.0, words(&done.subject));
        store::set_words(conn, ctx, done.id, words)?;
    }
    if let Some((id, due)) = next {
        let of_series = Settled { next_task_id: None, completed_at: None, ..settled };
        insert(conn, ctx, id, &series::following(ctx, &done, due), &of_series)?;
    }
    Ok(done)
}

/// A rule that is new begins with this task; one that was there goes on as it has begun, wherever this one is moved to.
fn settled(before: &Task, after: &Task, due: Option<DateTime<Utc>>) -> Result<Settled> {
    let mut settled = Settled {
        series_id: before.series_id,
        series_starts_at: before.series_starts_at,
        next_task_id: None,
        completed_at: None,
    };
    if let Some(rule) = &after.recurrence {
        let is_new = before.recurrence != after.recurrence || before.time_zone != after.time_zone;
        let starts_at = if is_new { due } else { before.series_starts_at.or(due) };
        series::read(rule, after.time_zone.as_deref(), starts_at.and(due).and(starts_at))?;
        if before.recurrence != after.recurrence {
            settled.series_id = Some(before.id);
        }
        settled.series_starts_at = starts_at;
    }
    Ok(settled)
}

fn needs_due(needs: bool, due: Option<DateTime<Utc>>) -> Result<()> {
    match needs && due.is_none() {
        true => Err(Error::invalid("/reminders", "required", text!("minutes before what? it is due at no time"))),
        false => Ok(()),
    }
}

/// The task with this key is changed, or made where there is none.
pub fn upsert(conn: &mut Conn, ctx: &Ctx, key: &Key, ask: &Upsert<NewTask, TaskPatch>) -> Result<Upserted<Task>> {
    deed::upsert(
        conn,
        ctx,
        key,
        ask,
        (store::find_by, store::find_any),
        |conn, new| create(conn, ctx, new),
        |conn, found, patch| update(conn, ctx, found.id, ask.base, patch),
    )
}

impl Called for Key {
    fn called(&self) -> Option<(&str, &str)> {
        Some((&self.source_system, &self.external_id))
    }
}

pub fn archive(conn: &mut Conn, ctx: &Ctx, id: TaskId, base: Option<i32>) -> Result<Task> {
    match store::set_archived(conn, ctx, id, base, true)? {
        Some(task) => Ok(task),
        None => Err(untouched(conn, ctx, store::find, id, base)),
    }
}

/// A task that is not archived is answered as it is.
pub fn restore(conn: &mut Conn, ctx: &Ctx, id: TaskId) -> Result<Task> {
    let found = store::find_any(conn, ctx, id)?;
    if found.deleted_at.is_none() {
        return Ok(found);
    }
    store::set_archived(conn, ctx, id, None, false)?.ok_or_else(|| error::FORBIDDEN.into())
}

/// Gone for good.
pub fn purge(conn: &mut Conn, ctx: &Ctx, id: TaskId, base: Option<i32>) -> Result<()> {
    deed::purge(conn, ctx, id, base, store::find_any, store::delete)
}

/// What it is found by: the one choice of words, for imports too.
pub(super) fn words(subject: &str) -> Vec<String> {
    Words::new().text(subject).lexemes()
}

/// The constraints of the table, as faults of the body.
fn named(error: Sql) -> Error {
    match &error {
        Sql::DatabaseError(CheckViolation, info) if info.constraint_name() == Some("tasks_due_once") => {
            let twice = Fault::new("/due_on", "one_of", text!("at a moment or all of a day, one of them"));
            Error::from(error::INVALID).fault(twice).source(error)
        }
        _ => error.into(),
    }
}

impl TaskPatch {
    /// The task as it will be, as far as something follows from it.
    fn over(&self, before: &Task) -> Task {
        let mut after = before.clone();
        self.status.iter().for_each(|status| after.status.clone_from(status));
        after.due_at = self.due_at.unwrap_or(after.due_at);
        after.due_on = self.due_on.unwrap_or(after.due_on);
        self.time_zone.iter().for_each(|zone| after.time_zone.clone_from(zone));
        self.recurrence.iter().for_each(|rule| after.recurrence.clone_from(rule));
        self.reminders.iter().for_each(|all| after.reminders.clone_from(all));
        after
    }
}
