//! Following a record, and no more. That somebody does is noted, and is no change of the record.
use super::{Follower, store};
use crate::{Conn, audit, visible};
use kernel::catalogue::{Catalogue, Catalogues};
use kernel::{Action, Ctx, Error, Result};
use uuid::Uuid;

/// Who follows a record that the caller sees, the first who did first.
pub fn followers(conn: &mut Conn, ctx: &Ctx, all: &Catalogues, noun: &str, record: Uuid) -> Result<Vec<Follower>> {
    let noun = seen(conn, ctx, all, noun, record)?;
    Ok(store::of(conn, ctx, noun.noun, record)?)
}

/// Done twice, it is no fault.
pub fn follow(conn: &mut Conn, ctx: &Ctx, all: &Catalogues, noun: &str, record: Uuid) -> Result<()> {
    let noun = seen(conn, ctx, all, noun, record)?;
    match store::insert(conn, ctx, noun.noun, record)? {
        0 => Ok(()),
        _ => audit::note(conn, ctx, "record.followed", noun.noun, record, None),
    }
}

/// Likewise.
pub fn unfollow(conn: &mut Conn, ctx: &Ctx, all: &Catalogues, noun: &str, record: Uuid) -> Result<()> {
    let noun = seen(conn, ctx, all, noun, record)?;
    match store::remove(conn, ctx, noun.noun, record)? {
        0 => Ok(()),
        _ => audit::note(conn, ctx, "record.unfollowed", noun.noun, record, None),
    }
}

fn seen(conn: &mut Conn, ctx: &Ctx, all: &Catalogues, noun: &str, record: Uuid) -> Result<&'static Catalogue> {
    let noun = all.get(noun).ok_or_else(|| Error::internal("a noun without a catalogue"))?;
    visible::reached(conn, ctx, noun, record, &[Action::Read])?;
    Ok(noun)
}
