//! What may be done with a queue.
use super::{NewQueue, Queue, QueuePatch, gain, store};
use crate::permission::Objects;
use crate::{role, team, user};
use diesel::Connection;
use kernel::{Ctx, Result, TeamId, UserId, error};
use platform::Conn;
use platform::deed::{self, untouched};
use platform::search::Words;

pub fn create(conn: &mut Conn, ctx: &Ctx, new: &NewQueue) -> Result<Queue> {
    Ok(store::insert(conn, ctx, new, words(&new.display_name))?)
}

/// With a `base`, only if the queue is still at that version.
pub fn update(conn: &mut Conn, ctx: &Ctx, id: UserId, base: Option<i32>, patch: &QueuePatch) -> Result<Queue> {
    let words = patch.display_name.as_deref().map(words);
    match store::update(conn, ctx, id, base, patch, words)? {
        Some(queue) => Ok(queue),
        None => Err(untouched(conn, ctx, store::find, id, base)),
    }
}

/// It keeps what it owns; nobody serves it until it is restored.
pub fn archive(conn: &mut Conn, ctx: &Ctx, id: UserId, base: Option<i32>) -> Result<Queue> {
    match store::set_archived(conn, ctx, id, base, true)? {
        Some(queue) => Ok(queue),
        None => Err(untouched(conn, ctx, store::find, id, base)),
    }
}

/// A queue that is not archived is answered as it is.
pub fn restore(conn: &mut Conn, ctx: &Ctx, id: UserId) -> Result<Queue> {
    let found = store::find_any(conn, ctx, id)?;
    if found.deleted_at.is_none() {
        return Ok(found);
    }
    store::set_archived(conn, ctx, id, None, false)?.ok_or_else(|| error::FORBIDDEN.into())
}

/// Gone for good; refused while it owns records.
pub fn purge(conn: &mut Conn, ctx: &Ctx, id: UserId, base: Option<i32>) -> Result<()> {
    deed::purge(conn, ctx, id, base, store::find_any, store::delete)
}

/// The user serves the queue from now on. Who does already stays.
pub fn add_user(conn: &mut Conn, ctx: &Ctx, objects: Objects, id: UserId, user: UserId) -> Result<Queue> {
    conn.transaction(|conn| {
        let before = store::find(conn, ctx, id)?;
        user::not_a_queue(&user::find(conn, ctx, user)?)?;
        gain::by_serving(ctx, &role::held(conn, ctx.tenant, user, objects)?, id)?;
        if store::add(conn, ctx, id, Some(user), None)? { touch(conn, ctx, id) } else { Ok(before) }
    })
}

/// All who are in the team serve the queue from now on.
pub fn add_team(conn: &mut Conn, ctx: &Ctx, objects: Objects, id: UserId, team: TeamId) -> Result<Queue> {
    conn.transaction(|conn| {
        let before = store::find(conn, ctx, id)?;
        team::find(conn, ctx, team)?;
        gain::by_serving(ctx, &role::held_in(conn, ctx.tenant, &[team], objects)?, id)?;
        if store::add(conn, ctx, id, None, Some(team))? { touch(conn, ctx, id) } else { Ok(before) }
    })
}

/// The user serves the queue no longer, unless one of their teams does.
pub fn remove_user(conn: &mut Conn, ctx: &Ctx, id: UserId, user: UserId) -> Result<Queue> {
    remove(conn, ctx, id, user.into())
}

/// The team serves the queue no longer.
pub fn remove_team(conn: &mut Conn, ctx: &Ctx, id: UserId, team: TeamId) -> Result<Queue> {
    remove(conn, ctx, id, team.into())
}

fn remove(conn: &mut Conn, ctx: &Ctx, id: UserId, member: uuid::Uuid) -> Result<Queue> {
    conn.transaction(|conn| {
        store::find(conn, ctx, id)?;
        if store::remove(conn, ctx, id, member)? { touch(conn, ctx, id) } else { Err(error::NOT_FOUND.into()) }
    })
}

/// A change of its members is a change of the queue.
fn touch(conn: &mut Conn, ctx: &Ctx, id: UserId) -> Result<Queue> {
    store::update(conn, ctx, id, None, &QueuePatch::default(), None)?.ok_or_else(|| error::FORBIDDEN.into())
}

fn words(name: &str) -> Vec<String> {
    Words::new().name(name).lexemes()
}
