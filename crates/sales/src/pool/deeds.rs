//! What may be done with a pool.
use super::{NewPool, Pool, PoolPatch, store};
use crate::others;
use diesel::Connection;
use kernel::{Ctx, Error, PoolId, Result, error, text};
use platform::Conn;
use platform::deed::{in_turn, untouched};

/// Its queue is nobody else's, and has no leads, which would lie in the pool by no rule of it.
pub fn create(conn: &mut Conn, ctx: &Ctx, new: &NewPool) -> Result<Pool> {
    conn.transaction(|conn| {
        if !others::store::is_queue(conn, ctx, new.queue_id)? {
            let message = text!("there is no such record");
            return Err(Error::invalid("/queue_id", error::UNKNOWN_REFERENCE.name, message));
        }
        in_turn(conn, &format!("{} pool {}", ctx.tenant, new.queue_id))?;
        if store::of_queue(conn, ctx, new.queue_id)?.is_some() || store::has_leads(conn, ctx, new.queue_id)? {
            let message = text!("the queue is of another pool, or owns leads already");
            return Err(Error::invalid("/queue_id", error::IN_USE.name, message));
        }
        Ok(store::insert(conn, ctx, new)?)
    })
}

/// With a `base`, only if the pool is still at that version; without, on whatever is there now.
pub fn update(conn: &mut Conn, ctx: &Ctx, id: PoolId, base: Option<i32>, patch: &PoolPatch) -> Result<Pool> {
    match store::update(conn, ctx, id, base, patch)? {
        Some(pool) => Ok(pool),
        None => Err(untouched(conn, ctx, store::find, id, base)),
    }
}

/// Gone for good; refused while there are leads that are of it.
pub fn remove(conn: &mut Conn, ctx: &Ctx, id: PoolId, base: Option<i32>) -> Result<Pool> {
    match store::delete(conn, ctx, id, base)? {
        Some(pool) => Ok(pool),
        None => Err(untouched(conn, ctx, store::find, id, base)),
    }
}
