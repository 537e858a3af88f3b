//! Where a record is that is not there: with whom it became one, told to those who see that.
use super::{MERGED, store};
use crate::{Conn, visible};
use kernel::catalogue::Catalogue;
use kernel::{Action, Ctx, Error, Result, error};
use uuid::Uuid;

/// Why there is no such record: it became one with another that the actor sees, or there is none for them.
pub fn instead(conn: &mut Conn, ctx: &Ctx, noun: &'static Catalogue, id: Uuid) -> Error {
    match winner(conn, ctx, noun, id) {
        Ok(Some(winner)) => {
            Error::from(MERGED).member("merged", id.to_string()).member("merged_into", winner.to_string())
        }
        Ok(None) => error::NOT_FOUND.into(),
        Err(error) => error,
    }
}

/// Nothing is done with a record that became one with another.
pub fn refuse(conn: &mut Conn, ctx: &Ctx, noun: &'static Catalogue, id: Uuid) -> Result<()> {
    match store::last(conn, ctx, noun, id)? {
        None => Ok(()),
        Some(_) => Err(instead(conn, ctx, noun, id)),
    }
}

fn winner(conn: &mut Conn, ctx: &Ctx, noun: &'static Catalogue, id: Uuid) -> Result<Option<Uuid>> {
    let Some(last) = store::last(conn, ctx, noun, id)? else { return Ok(None) };
    let seen = visible::among(conn, ctx, noun, &[last], Action::Read)?;
    Ok(seen.first().map(|(id, _)| *id))
}
