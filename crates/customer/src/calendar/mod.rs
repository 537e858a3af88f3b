//! The calendar of a user, for programs that fetch it by a link: their meetings and their tasks, as iCalendar (RFC 5545).
//!
//! A user has one link at a time. What it holds is the id of a row that stands as long as the link is good; a new link
//! takes the place of the old one.
mod ics;
mod store;
mod zone;

pub use ics::text;
pub use store::is_good;

use crate::activity::{self, Activity};
use crate::task::{self, Task};
use chrono::{DateTime, TimeDelta, Utc};
use kernel::Action;
use kernel::{CalendarFeedId, Ctx, Reach, Result};
use platform::{Conn, audit};

/// How far back it goes.
const BACK: TimeDelta = TimeDelta::days(90);
const MOST: i64 = 2_000;

/// What is in it.
#[derive(Clone, Debug, Default)]
pub struct Entries {
    pub meetings: Vec<Activity>,
    pub tasks: Vec<Task>,
}

/// A link from now on, in place of the one before.
pub fn open(conn: &mut Conn, ctx: &Ctx) -> Result<CalendarFeedId> {
    let id = CalendarFeedId::new();
    store::put(conn, ctx, id)?;
    audit::note(conn, ctx, "calendar.opened", "user", ctx.actor.user, None)?;
    Ok(id)
}

/// No link any more. It is no fault to have had none.
pub fn shut(conn: &mut Conn, ctx: &Ctx) -> Result<()> {
    if store::remove(conn, ctx)? > 0 {
        audit::note(conn, ctx, "calendar.shut", "user", ctx.actor.user, None)?;
    }
    Ok(())
}

/// The actor's meetings and tasks, as they see them now.
pub fn entries(conn: &mut Conn, ctx: &Ctx) -> Result<Entries> {
    let since: DateTime<Utc> = ctx.now - BACK;
    let mut entries = Entries::default();
    if ctx.reach::<Activity>(Action::Read) > Reach::None {
        entries.meetings = activity::attended(conn, ctx, since, MOST)?;
    }
    if ctx.reach::<Task>(Action::Read) > Reach::None {
        entries.tasks = task::of_calendar(conn, ctx, since, MOST)?;
    }
    entries.hide(ctx);
    Ok(entries)
}

impl Entries {
    /// A field that is held back is not in the calendar either.
    fn hide(&mut self, ctx: &Ctx) {
        for meeting in &mut self.meetings {
            if !ctx.sees::<Activity>("subject") {
                meeting.subject = None;
            }
            if !ctx.sees::<Activity>("body") {
                meeting.body = None;
            }
            if !ctx.sees::<Activity>("participants") {
                meeting.participants.0.clear();
            }
            if !ctx.sees::<Activity>("ended_at") {
                meeting.ended_at = None;
            }
        }
        if !ctx.sees::<Activity>("started_at") || !ctx.sees::<Activity>("kind") {
            self.meetings.clear();
        }
        for task in &mut self.tasks {
            if !ctx.sees::<Task>("subject") {
                task.subject.clear();
            }
            if !ctx.sees::<Task>("description") {
                task.description = None;
            }
            if !ctx.sees::<Task>("recurrence") {
                task.recurrence = None;
            }
            if !ctx.sees::<Task>("reminders") {
                task.reminders.0.clear();
            }
            if !ctx.sees::<Task>("status") {
                "open".clone_into(&mut task.status);
            }
            if !ctx.sees::<Task>("status") || !ctx.sees::<Task>("completed_at") {
                task.completed_at = None;
            }
            if !ctx.sees::<Task>("priority") {
                "normal".clone_into(&mut task.priority);
            }
        }
        if !ctx.sees::<Task>("due_at") || !ctx.sees::<Task>("due_on") {
            self.tasks.clear();
        }
    }
}
