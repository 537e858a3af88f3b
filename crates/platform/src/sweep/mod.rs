//! What the clock decides, over all tenants. A pass goes once through all that is due, in the order of its keys, and holds
//! and settles each row in a transaction of its own. One that cannot be settled is told in the log and passed over until
//! the next pass: it keeps none behind it waiting. So is, untold, what somebody changes at the moment.
mod look;
mod store;

pub use crate::sweep_look as look;
pub use look::Look;

use crate::Conn;
use diesel::pg::Pg;
use diesel::{Connection, QueryableByName};
use kernel::Result;
use store::Key;

/// How many keys are asked for at once.
const CHUNK: i64 = 500;

/// Goes through what is due; how many rows were settled. Only what keeps the pass itself from asking, such as a lost
/// connection, ends it before.
pub fn pass<D: QueryableByName<Pg> + 'static>(
    conn: &mut Conn,
    look: &Look,
    settle: impl Fn(&mut Conn, &D) -> Result<()>,
) -> Result<usize> {
    some(conn, look, usize::MAX, settle)
}

/// The same, until so many are settled and those asked for with them: where somebody can make much due at once, what
/// else the clock decides does not wait for all of it.
pub fn some<D: QueryableByName<Pg> + 'static>(
    conn: &mut Conn,
    look: &Look,
    most: usize,
    settle: impl Fn(&mut Conn, &D) -> Result<()>,
) -> Result<usize> {
    let (mut after, mut count) = (Key::default(), 0);
    while count < most {
        let keys = store::keys(conn, look, after, CHUNK)?;
        let Some(last) = keys.last() else { break };
        after = *last;
        for key in keys {
            count += usize::from(one(conn, look, key, &settle)?);
        }
    }
    Ok(count)
}

/// Whether the row was settled.
fn one<D: QueryableByName<Pg> + 'static>(
    conn: &mut Conn,
    look: &Look,
    key: Key,
    settle: &impl Fn(&mut Conn, &D) -> Result<()>,
) -> Result<bool> {
    let mut is_held = false;
    let done = conn.transaction(|conn| {
        let Some(row) = store::hold(conn, look, key)? else { return Ok(false) };
        is_held = true;
        settle(conn, &row)?;
        Ok(true)
    });
    match done {
        Err(error) if is_held => {
            let Key { tenant, id } = key;
            tracing::error!(%error, what = look.what, %tenant, %id, "cannot be settled, and is passed over");
            Ok(false)
        }
        done => done,
    }
}
