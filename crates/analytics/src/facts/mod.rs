//! What is known of customers: what their orders come to, added up beside the orders. Whoever writes orders marks whose they
//! are, in the same statement, and waits for nobody; a worker adds those up anew, from the orders themselves. So whatever
//! has written them (a merge, an erasure, a file), what is kept is what there is, a few seconds later; `guanxi doctor`
//! compares the two.
mod store;

pub(crate) use store::{Base, Look, each, these, zone};

use diesel::Connection;
use kernel::Result;
use platform::{Conn, crash};

/// How many marks are taken in one go.
const SLICE: i32 = 10_000;

/// Adds up what has changed, of all tenants; how much that was. What another worker adds up at the moment is left to it.
pub fn fold(conn: &mut Conn) -> Result<usize> {
    let mut all = 0;
    loop {
        let folded = conn.transaction(|conn| -> Result<i64> {
            let folded = store::fold(conn, SLICE)?;
            crash::point("customer_facts_folded");
            Ok(folded)
        })?;
        all += usize::try_from(folded).unwrap_or_default();
        if folded < i64::from(SLICE) {
            return Ok(all);
        }
    }
}
