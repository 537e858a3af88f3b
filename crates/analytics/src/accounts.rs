//! What the wing asks of accounts, which are another's: whether the caller sees them, and may change them.
use kernel::catalogue::{Catalogue, Catalogues};
use kernel::event::Verb;
use kernel::{AccountId, Action, Ctx, Error, Fault, Result, error, text};
use platform::import::many;
use platform::{Conn, custom, merge, visible};
use uuid::Uuid;

/// Records that are told of at once.
const AT_ONCE: usize = 5_000;

pub(crate) fn catalogues() -> Result<&'static Catalogues> {
    custom::catalogues().ok_or_else(|| Error::internal("the catalogues are not open"))
}

pub(crate) fn noun() -> Result<&'static Catalogue> {
    catalogues()?.get("account").ok_or_else(|| Error::internal("there are no accounts"))
}

/// Refused where the caller does not see the account.
pub(crate) fn seen(conn: &mut Conn, ctx: &Ctx, id: AccountId) -> Result<()> {
    let noun = noun()?;
    match visible::among(conn, ctx, noun, &[id.0], Action::Read)?.is_empty() {
        true => Err(merge::instead(conn, ctx, noun, id.0)),
        false => Ok(()),
    }
}

/// Refused where the caller does not see one of these accounts, each by its place, or may not change it.
pub(crate) fn changeable(conn: &mut Conn, ctx: &Ctx, ids: &[AccountId]) -> Result<()> {
    let noun = noun()?;
    ctx.must_all(noun.noun, &[Action::Read, Action::Update])?;
    let ids: Vec<Uuid> = ids.iter().map(|id| id.0).collect();
    let seen = visible::among(conn, ctx, noun, &ids, Action::Read)?;
    let missing = ids.iter().enumerate().filter(|(_, id)| !seen.iter().any(|(one, _)| one == *id));
    let missing = missing.map(|(at, _)| {
        let message = text!("there is no such record");
        Fault::new(format!("/account_ids/{at}"), error::UNKNOWN_REFERENCE.name, message)
    });
    let faults: Vec<Fault> = missing.collect();
    if !faults.is_empty() {
        return Err(Error::from(error::UNKNOWN_REFERENCE).faults(faults));
    }
    match visible::among(conn, ctx, noun, &ids, Action::Update)?.len() == seen.len() {
        true => Ok(()),
        false => Err(error::FORBIDDEN.into()),
    }
}

/// Accounts that are called something else than before. In a transaction.
pub(crate) fn told(conn: &mut Conn, ctx: &Ctx, ids: &[Uuid]) -> Result<()> {
    let noun = noun()?;
    for some in ids.chunks(AT_ONCE) {
        many::retold(conn, ctx, noun, Verb::Classified, some)?;
    }
    Ok(())
}
