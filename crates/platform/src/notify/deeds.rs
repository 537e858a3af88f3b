//! What may be done with what one is told of: read, and put away.
use super::preference::{self, NotificationPreferences};
use super::schema::notifications;
use super::{Kept, Notification, NotificationMarks, store};
use crate::event::{self, Event};
use crate::{Conn, Listing, audit};
use kernel::catalogue::Catalogues;
use kernel::{Ctx, EventId, Page, Result};
use std::collections::HashMap;

/// Each with its event, as the actor sees it at this moment.
pub fn list(
    conn: &mut Conn,
    ctx: &Ctx,
    all: &'static Catalogues,
    listing: &Listing<notifications::table>,
) -> Result<Page<Notification>> {
    let page = store::list(conn, ctx, listing)?;
    let told = told(conn, ctx, all, &page.data)?;
    Ok(page.map(|kept| Notification { event: told.get(&kept.event_id).cloned(), kept }))
}

/// The events that they are of, as the actor sees them at this moment.
pub(super) fn told(
    conn: &mut Conn,
    ctx: &Ctx,
    all: &'static Catalogues,
    kept: &[Kept],
) -> Result<HashMap<EventId, Event>> {
    let mut places: Vec<i64> = kept.iter().map(|one| one.seq).collect();
    places.sort_unstable();
    places.dedup();
    let rows = event::rows_at(conn, ctx.tenant, &places)?;
    let told = event::tell(conn, ctx, all, &rows)?;
    Ok(told.into_iter().map(|event| (event.id, event)).collect())
}

/// That somebody has read something is no event, and is noted all the same.
pub fn mark(conn: &mut Conn, ctx: &Ctx, marks: &NotificationMarks) -> Result<usize> {
    let done = store::mark(conn, ctx, marks.ids.as_deref(), &marks.status)?;
    audit::note(conn, ctx, "notification.marked", "notification", ctx.actor.user, None)?;
    Ok(done)
}

/// What the actor wants to be told of from now on.
pub fn prefer(conn: &mut Conn, ctx: &Ctx, wanted: &NotificationPreferences) -> Result<NotificationPreferences> {
    preference::put(conn, ctx, wanted)?;
    audit::note(conn, ctx, "notification.preferred", "notification", ctx.actor.user, None)?;
    Ok(wanted.clone())
}
