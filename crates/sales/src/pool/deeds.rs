//! What may be done with a pool.
use super::{NewPool, Pool, PoolPatch, QUEUE_TAKEN, store};
use crate::others;
use diesel::Connection;
use kernel::existing::conflict;
use kernel::{Ctx, Error, Existing, PoolId, Result, UserId, error, text};
use platform::Conn;
use platform::deed::{self, ByName, Upsert, Upserted, in_turn, untouched};
use platform::search::Words;

/// Its queue is nobody else's, and has no leads, which would lie in the pool by no rule of it.
pub fn create(conn: &mut Conn, ctx: &Ctx, new: &NewPool) -> Result<Pool> {
    conn.transaction(|conn| {
        if !others::store::is_queue(conn, ctx, new.queue_id)? {
            let message = text!("there is no such record");
            return Err(Error::invalid("/queue_id", error::UNKNOWN_REFERENCE.name, message));
        }
        queue_in_turn(conn, ctx, new.queue_id)?;
        if store::of_queue(conn, ctx, new.queue_id)?.is_some() || store::has_leads(conn, ctx, new.queue_id, None)? {
            let message = text!("the queue is of another pool, or owns leads already");
            return Err(Error::invalid("/queue_id", error::IN_USE.name, message));
        }
        Ok(store::insert(conn, ctx, new, words(&new.name))?)
    })
}

/// Until the transaction ends, nobody else makes a pool of the queue.
fn queue_in_turn(conn: &mut Conn, ctx: &Ctx, queue: UserId) -> Result<()> {
    in_turn(conn, &format!("{} pool {queue}", ctx.tenant))
}

/// With a `base`, only if the pool is still at that version; without, on whatever is there now.
pub fn update(conn: &mut Conn, ctx: &Ctx, id: PoolId, base: Option<i32>, patch: &PoolPatch) -> Result<Pool> {
    match store::update(conn, ctx, id, base, patch, patch.name.as_deref().map(words))? {
        Some(pool) => Ok(pool),
        None => Err(untouched(conn, ctx, store::find, id, base)),
    }
}

/// The pool with this name is changed, or made where there is none.
pub fn upsert(conn: &mut Conn, ctx: &Ctx, name: &ByName, ask: &Upsert<NewPool, PoolPatch>) -> Result<Upserted<Pool>> {
    deed::upsert(
        conn,
        ctx,
        name,
        ask,
        (store::find_by, store::find_any),
        |conn, new| create(conn, ctx, &NewPool { name: name.0.clone(), ..new.clone() }),
        |conn, found, patch| update(conn, ctx, found.id, ask.base, patch),
    )
}

/// What lies there stays there; nothing comes back to it by itself.
pub fn archive(conn: &mut Conn, ctx: &Ctx, id: PoolId, base: Option<i32>) -> Result<Pool> {
    match store::set_archived(conn, ctx, id, base, true)? {
        Some(pool) => Ok(pool),
        None => Err(untouched(conn, ctx, store::find, id, base)),
    }
}

/// A pool that is not archived is answered as it is. Its queue has to be its own still.
pub fn restore(conn: &mut Conn, ctx: &Ctx, id: PoolId) -> Result<Pool> {
    conn.transaction(|conn| {
        let found = store::find_any(conn, ctx, id)?;
        if found.deleted_at.is_none() {
            return Ok(found);
        }
        queue_in_turn(conn, ctx, found.queue_id)?;
        if let Some(other) = store::of_queue(conn, ctx, found.queue_id)? {
            return Err(conflict(QUEUE_TAKEN, &[Existing::new(other.id, "queue_id", 100)]));
        }
        if store::has_leads(conn, ctx, found.queue_id, Some(id))? {
            return Err(conflict(QUEUE_TAKEN, &[]));
        }
        store::set_archived(conn, ctx, id, None, false)?.ok_or_else(|| error::FORBIDDEN.into())
    })
}

/// Gone for good, with its ledger; refused while there are leads that are of it.
pub fn purge(conn: &mut Conn, ctx: &Ctx, id: PoolId, base: Option<i32>) -> Result<()> {
    deed::purge(conn, ctx, id, base, store::find_any, store::delete)
}

fn words(name: &str) -> Vec<String> {
    Words::new().name(name).lexemes()
}
