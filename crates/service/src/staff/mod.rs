//! What the rooms of those who answer ask of users, teams and queues, which are not the wing's own.
mod schema;
pub(crate) mod store;

use kernel::{Ctx, Error, Fault, Result, UserId, error, text};
use platform::Conn;

/// Refused at `pointer` where there is no such person.
pub(crate) fn is_person(conn: &mut Conn, ctx: &Ctx, pointer: &str, id: UserId) -> Result<()> {
    if store::persons(conn, ctx, &[id])?.is_empty() { Err(unknown(pointer)) } else { Ok(()) }
}

/// Refused at `pointer` where there is no such queue.
pub(crate) fn is_queue(conn: &mut Conn, ctx: &Ctx, pointer: &str, id: UserId) -> Result<()> {
    if store::is_queue(conn, ctx, id)? { Ok(()) } else { Err(unknown(pointer)) }
}

fn unknown(pointer: &str) -> Error {
    let fault = Fault::new(pointer, error::UNKNOWN_REFERENCE.name, text!("there is no such record"));
    Error::from(error::UNKNOWN_REFERENCE).fault(fault)
}
