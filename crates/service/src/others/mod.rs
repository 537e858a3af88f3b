//! What the wing asks of tables that are not its own: what is counted on, whether a queue is there, and whether
//! somebody sees a record of a wing that this one does not know.
mod schema;
mod store;

use kernel::{Action, Ctx, Error, Fault, Reach, Result, UserId, error, text};
use platform::{Conn, custom, visible};
use uuid::Uuid;

/// The next number of this name of which `of` makes one that is free. Who counts next waits for this transaction.
pub(crate) fn next_number(
    conn: &mut Conn,
    ctx: &Ctx,
    name: &str,
    of: impl Fn(&mut Conn, i64) -> Result<Option<String>>,
) -> Result<String> {
    loop {
        let count = store::count_on(conn, ctx, name)?;
        if let Some(number) = of(conn, count)? {
            return Ok(number);
        }
    }
}

/// Refused where there is no such queue.
pub(crate) fn is_queue(conn: &mut Conn, ctx: &Ctx, id: Option<UserId>) -> Result<()> {
    let Some(id) = id else { return Ok(()) };
    match store::is_queue(conn, ctx, id)? {
        true => Ok(()),
        false => Err(Error::from(error::UNKNOWN_REFERENCE).fault(unknown("/queue_id"))),
    }
}

/// Whether the caller sees a living record, of whatever wing.
pub(crate) fn sees(conn: &mut Conn, ctx: &Ctx, noun: &str, id: Uuid) -> Result<bool> {
    let all = custom::catalogues().ok_or_else(|| Error::internal("the catalogues are not open"))?;
    let Some(catalogue) = all.get(noun).filter(|_| ctx.grants.reach(noun, Action::Read) > Reach::None) else {
        return Ok(false);
    };
    Ok(!visible::among(conn, ctx, catalogue, &[id], Action::Read)?.is_empty())
}

/// That what is named there is not.
pub(crate) fn unknown(pointer: &str) -> Fault {
    Fault::new(pointer, error::UNKNOWN_REFERENCE.name, text!("there is no such record"))
}

pub(crate) use store::{letterhead, name_of};
