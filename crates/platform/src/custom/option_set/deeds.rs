//! What may be done with an option set. What it says changes the fields that offer it.
use super::store;
use super::{KEY_TAKEN, NewOptionSet, OptionSet, OptionSetPatch};
use crate::Conn;
use crate::custom::{self, field};
use crate::deed::{attempt, untouched};
use diesel::Connection;
use diesel::result::{DatabaseErrorKind::UniqueViolation, Error as Sql};
use kernel::{Ctx, Error, OptionSetId, Result, error, text};

/// Options of a set, archived ones too: every server keeps all of them in mind.
const MOST_KEPT: usize = 2_000;

pub fn create(conn: &mut Conn, ctx: &Ctx, new: &NewOptionSet) -> Result<OptionSet> {
    attempt(conn, |conn| store::insert(conn, ctx, new)).map_err(named)
}

/// What is left out of the options stays among them, archived: records may hold it.
pub fn update(
    conn: &mut Conn,
    ctx: &Ctx,
    id: OptionSetId,
    base: Option<i32>,
    patch: &OptionSetPatch,
) -> Result<OptionSet> {
    conn.transaction(|conn| {
        let mut patch = patch.clone();
        if let Some(options) = &mut patch.options {
            field::settle(conn, ctx, id)?;
            let before = store::find(conn, ctx, id)?.options.0;
            let gone = before.into_iter().filter(|one| !options.0.iter().any(|other| other.key == one.key));
            let gone: Vec<_> = gone.map(|one| kernel::custom::Choice { is_archived: true, ..one }).collect();
            options.0.extend(gone);
            if options.0.len() > MOST_KEPT {
                let message =
                    text!("at most {most} options, those that are chosen no more among them", most = MOST_KEPT);
                return Err(Error::invalid("/options", "length", message));
            }
        }
        match store::update(conn, ctx, id, base, &patch)? {
            Some(set) => Ok(set),
            None => Err(untouched(conn, ctx, store::find, id, base)),
        }
    })
    .and_then(|set| custom::refresh(conn, ctx.tenant, ctx.grants.known()).map(|()| set))
}

/// Refused while a field offers it.
pub fn archive(conn: &mut Conn, ctx: &Ctx, id: OptionSetId, base: Option<i32>) -> Result<OptionSet> {
    conn.transaction(|conn| {
        store::find(conn, ctx, id)?;
        if field::offers(conn, ctx, id)? {
            return Err(error::IN_USE.into());
        }
        match store::set_archived(conn, ctx, id, base, true)? {
            Some(set) => Ok(set),
            None => Err(untouched(conn, ctx, store::find, id, base)),
        }
    })
}

/// One that is not archived is answered as it is.
pub fn restore(conn: &mut Conn, ctx: &Ctx, id: OptionSetId) -> Result<OptionSet> {
    let found = store::find_any(conn, ctx, id)?;
    if found.deleted_at.is_none() {
        return Ok(found);
    }
    let done = attempt(conn, |conn| store::set_archived(conn, ctx, id, None, false)).map_err(named)?;
    done.ok_or_else(|| error::FORBIDDEN.into())
}

fn named(error: Sql) -> Error {
    match &error {
        Sql::DatabaseError(UniqueViolation, info) if info.constraint_name() == Some("option_sets_key_key") => {
            Error::from(KEY_TAKEN).source(error)
        }
        _ => error.into(),
    }
}
