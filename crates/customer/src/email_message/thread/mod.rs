//! Conversations. A message joins that of the nearest one that it answers, or of another that answers the same; what came
//! before what it answers is joined when that comes. Nobody can pull conversations together that do not answer them.
mod store;

pub(super) use store::called;

use kernel::{Ctx, EmailMessageId, Result};
use platform::Conn;

/// Where a new message stands.
pub(super) struct Place {
    pub thread: EmailMessageId,
    /// conversations that began with an answer to it
    early: Vec<EmailMessageId>,
}

pub(super) fn find(
    conn: &mut Conn,
    ctx: &Ctx,
    (id, name): (EmailMessageId, &str),
    references: &[String],
) -> Result<Place> {
    let early = store::answers(conn, ctx, name)?;
    let thread = match store::of(conn, ctx, references)? {
        Some(thread) => thread,
        None => early.first().copied().unwrap_or(id),
    };
    Ok(Place { thread, early })
}

/// What came early is of the same conversation, now that the message is there.
pub(super) fn settle(conn: &mut Conn, ctx: &Ctx, place: &Place) -> Result<()> {
    for other in place.early.iter().filter(|other| **other != place.thread) {
        store::join(conn, ctx, *other, place.thread)?;
    }
    Ok(())
}
