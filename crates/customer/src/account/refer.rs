//! What may refer to an account, and which accounts may stand above which.
use super::{Account, OWN_PARENT, store};
use kernel::{AccountId, Ctx, Error, Fault, Kind, Result, error, text};
use platform::Conn;

/// A hierarchy deeper than this is taken for a circle.
pub(super) const DEEPEST: usize = 32;

/// A record may refer to an account that the caller sees, and to no other.
pub fn is_there(conn: &mut Conn, ctx: &Ctx, id: Option<AccountId>) -> Result<()> {
    referred(conn, ctx, id, "/account_id").map(drop)
}

/// Nobody stands below somebody.
pub(super) fn parent_is_there(conn: &mut Conn, ctx: &Ctx, id: Option<AccountId>) -> Result<()> {
    match referred(conn, ctx, id, "/parent_id")? {
        Some(parent) if parent.is_person => {
            Err(Error::invalid("/parent_id", "person", text!("is somebody's, and stands above no account")))
        }
        _ => Ok(()),
    }
}

fn referred(conn: &mut Conn, ctx: &Ctx, id: Option<AccountId>, pointer: &str) -> Result<Option<Account>> {
    let Some(id) = id else { return Ok(None) };
    store::find(conn, ctx, id).map(Some).map_err(|error| match error.kind() {
        Kind::NotFound => Error::from(error::UNKNOWN_REFERENCE).fault(Fault::new(
            pointer,
            "unknown_reference",
            text!("there is no such account"),
        )),
        _ => error,
    })
}

/// Going up from `parent` never leads to `id`.
pub(super) fn stands_below(conn: &mut Conn, ctx: &Ctx, id: AccountId, parent: AccountId) -> Result<()> {
    let mut above = Some(parent);
    for _ in 0..DEEPEST {
        match above {
            None => return Ok(()),
            Some(one) if one == id => break,
            Some(one) => above = store::above(conn, ctx, one)?,
        }
    }
    Err(Error::from(OWN_PARENT).fault(Fault::of("/parent_id", OWN_PARENT)))
}
