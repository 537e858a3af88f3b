//! What may be done with an account.
use super::duplicates::duplicates;
use super::{Account, AccountPatch, CATALOGUE, Key, NewAccount, OWN_PARENT, TAX_NUMBER_TAKEN, lifecycle, store};
use diesel::Connection;
use diesel::result::{DatabaseErrorKind::UniqueViolation, Error as Sql};
use kernel::event::Verb;
use kernel::existing::conflict;
use kernel::{AccountId, Ctx, Error, Existing, Fault, Kind, Noun, Result, error, text};
use platform::deed::{self, Called, Duplicates, Upsert, Upserted, attempt, in_turn, may_own, untouched};
use platform::search::Words;
use platform::{Conn, custom, merge};

const TAX_NUMBER: u8 = 100;
/// A hierarchy deeper than this is taken for a circle.
pub(super) const DEEPEST: usize = 32;

pub fn create(conn: &mut Conn, ctx: &Ctx, new: &NewAccount, allowed: Duplicates) -> Result<Account> {
    may_own::<Account>(ctx, new.owner_id)?;
    parent_is_there(conn, ctx, new.parent_id)?;
    if allowed == Duplicates::Reject {
        let existing = duplicates(conn, ctx, new)?;
        if existing.iter().any(|one| one.score >= Existing::PROBABLE) {
            let taken = existing.iter().any(|one| one.match_rule == "tax_number");
            return Err(conflict(if taken { TAX_NUMBER_TAKEN } else { error::DUPLICATE }, &existing));
        }
    }
    let words = words(&new.name, new.legal_name.as_deref(), new.tax_number.as_deref());
    let words = custom::words(ctx, Account::NAME, &new.custom.0, words);
    attempt(conn, |conn| store::insert(conn, ctx, new, words))
        .map_err(|e| named(conn, ctx, e, new.tax_number.as_deref()))
}

/// With a `base`, only if the account is still at that version; without, on whatever is there now.
pub fn update(conn: &mut Conn, ctx: &Ctx, id: AccountId, base: Option<i32>, patch: &AccountPatch) -> Result<Account> {
    may_own::<Account>(ctx, patch.owner_id)?;
    let searched = patch.name.is_some() || patch.legal_name.is_some() || patch.tax_number.is_some();
    let searched = searched || patch.custom.is_some();
    if !searched && patch.parent_id.is_none() && patch.lifecycle_stage.is_none() {
        return plain_update(conn, ctx, id, base, patch, Verb::Updated);
    }
    conn.transaction(|conn| {
        if let Some(parent) = patch.parent_id.flatten() {
            parent_is_there(conn, ctx, Some(parent))?;
        }
        settled_update(conn, ctx, id, base, patch)
    })
}

/// A change of where it stands, of how far it has come, or of what it is found by. In a transaction.
pub(super) fn settled_update(
    conn: &mut Conn,
    ctx: &Ctx,
    id: AccountId,
    base: Option<i32>,
    patch: &AccountPatch,
) -> Result<Account> {
    if let Some(parent) = patch.parent_id.flatten() {
        // whoever gives an account another place waits: two who look at once would not see each other's circle
        in_turn(conn, &format!("{} account hierarchy", ctx.tenant))?;
        stands_below(conn, ctx, id, parent)?;
    }
    let after = match &patch.lifecycle_stage {
        Some(stage) => moved_update(conn, ctx, id, base, patch, stage)?,
        None => plain_update(conn, ctx, id, base, patch, Verb::Updated)?,
    };
    let words = words(&after.name, after.legal_name.as_deref(), after.tax_number.as_deref());
    let words = custom::words(ctx, Account::NAME, &after.custom.0, words);
    store::set_words(conn, ctx, id, words)?;
    Ok(after)
}

/// A change that says how far it has come: it is looked at first, for what is said may be so already.
fn moved_update(
    conn: &mut Conn,
    ctx: &Ctx,
    id: AccountId,
    base: Option<i32>,
    patch: &AccountPatch,
    stage: &str,
) -> Result<Account> {
    let Some(before) = store::lock(conn, ctx, id)? else {
        return Err(untouched(conn, ctx, store::find, id, base));
    };
    let verb = if before.lifecycle_stage == stage { Verb::Updated } else { Verb::LifecycleChanged };
    let after = plain_update(conn, ctx, id, base, patch, verb)?;
    lifecycle::moved(conn, ctx, &before, &after)?;
    Ok(after)
}

fn plain_update(
    conn: &mut Conn,
    ctx: &Ctx,
    id: AccountId,
    base: Option<i32>,
    patch: &AccountPatch,
    verb: Verb,
) -> Result<Account> {
    let number = patch.tax_number.as_ref().and_then(|number| number.as_deref());
    // a taken number ends the transaction it is found in: a savepoint leaves one to ask who has it
    let done = match number.is_some() {
        true => conn.transaction(|conn| store::update(conn, ctx, id, base, patch, verb)),
        false => store::update(conn, ctx, id, base, patch, verb),
    };
    match done.map_err(|e| named(conn, ctx, e, number))? {
        Some(account) => Ok(account),
        None => Err(untouched(conn, ctx, store::find, id, base)),
    }
}

/// Locks the account for a change of its parts.
pub(crate) fn changeable(conn: &mut Conn, ctx: &Ctx, id: AccountId) -> Result<Account> {
    match store::lock(conn, ctx, id)? {
        Some(account) => Ok(account),
        None => Err(untouched(conn, ctx, store::find, id, None)),
    }
}

/// A change of its parts is a change of the account.
pub(crate) fn touch(conn: &mut Conn, ctx: &Ctx, id: AccountId) -> Result<Account> {
    plain_update(conn, ctx, id, None, &AccountPatch::default(), Verb::Updated)
}

/// The account with this key is changed, or made where there is none.
pub fn upsert(
    conn: &mut Conn,
    ctx: &Ctx,
    key: &Key,
    ask: &Upsert<NewAccount, AccountPatch>,
) -> Result<Upserted<Account>> {
    deed::upsert(
        conn,
        ctx,
        key,
        ask,
        (store::find_by, store::find_any),
        |conn, new| {
            let mut new = new.clone();
            match key {
                Key::TaxNumber(number) => new.tax_number = Some(number.clone()),
                Key::Name(name) => new.name.clone_from(name),
                Key::External { .. } => {}
            }
            create(conn, ctx, &new, Duplicates::Allow)
        },
        |conn, found, patch| update(conn, ctx, found.id, ask.base, patch),
    )
}

impl Called for Key {
    fn called(&self) -> Option<(&str, &str)> {
        match self {
            Self::External { source_system, external_id } => Some((source_system, external_id)),
            _ => None,
        }
    }
}

pub fn archive(conn: &mut Conn, ctx: &Ctx, id: AccountId, base: Option<i32>) -> Result<Account> {
    match store::set_archived(conn, ctx, id, base, true)? {
        Some(account) => Ok(account),
        None => Err(untouched(conn, ctx, store::find, id, base)),
    }
}

/// An account that is not archived is answered as it is.
pub fn restore(conn: &mut Conn, ctx: &Ctx, id: AccountId) -> Result<Account> {
    let found = store::find_any(conn, ctx, id)?;
    if found.deleted_at.is_none() {
        return Ok(found);
    }
    merge::refuse(conn, ctx, &CATALOGUE, id.0)?;
    unarchive(conn, ctx, &found)
}

pub(super) fn unarchive(conn: &mut Conn, ctx: &Ctx, found: &Account) -> Result<Account> {
    let id = found.id;
    let done = attempt(conn, |conn| store::set_archived(conn, ctx, id, None, false));
    let done = done.map_err(|e| named(conn, ctx, e, found.tax_number.as_deref()))?;
    done.ok_or_else(|| error::FORBIDDEN.into())
}

/// Gone for good; refused while other records refer to it.
pub fn purge(conn: &mut Conn, ctx: &Ctx, id: AccountId, base: Option<i32>) -> Result<()> {
    deed::purge(conn, ctx, id, base, store::find_any, |conn, ctx, id| {
        merge::refuse(conn, ctx, &CATALOGUE, id.0)?;
        Ok::<_, Error>(store::delete(conn, ctx, id)?)
    })
}

/// A record may refer to an account that the caller sees, and to no other.
pub fn is_there(conn: &mut Conn, ctx: &Ctx, id: Option<AccountId>) -> Result<()> {
    referred(conn, ctx, id, "/account_id")
}

fn parent_is_there(conn: &mut Conn, ctx: &Ctx, id: Option<AccountId>) -> Result<()> {
    referred(conn, ctx, id, "/parent_id")
}

fn referred(conn: &mut Conn, ctx: &Ctx, id: Option<AccountId>, pointer: &str) -> Result<()> {
    let Some(id) = id else { return Ok(()) };
    store::find(conn, ctx, id).map(drop).map_err(|error| match error.kind() {
        Kind::NotFound => Error::from(error::UNKNOWN_REFERENCE).fault(Fault::new(
            pointer,
            "unknown_reference",
            text!("there is no such account"),
        )),
        _ => error,
    })
}

/// Going up from `parent` never leads to `id`.
fn stands_below(conn: &mut Conn, ctx: &Ctx, id: AccountId, parent: AccountId) -> Result<()> {
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

/// What it is found by: the one choice of words, for imports too.
pub(super) fn words(name: &str, legal_name: Option<&str>, tax_number: Option<&str>) -> Vec<String> {
    let words = Words::new().name(name).maybe(legal_name, |all, text| all.name(text));
    words.maybe(tax_number, |all, text| all.whole(text)).lexemes()
}

/// The constraints of the table, by the codes of the room.
fn named(conn: &mut Conn, ctx: &Ctx, error: Sql, number: Option<&str>) -> Error {
    match &error {
        Sql::DatabaseError(UniqueViolation, info) if info.constraint_name() == Some("accounts_tax_number_key") => {
            let found = store::alike(conn, ctx, "", number).unwrap_or_default();
            let existing: Vec<_> = found.iter().map(|one| Existing::new(one.id, "tax_number", TAX_NUMBER)).collect();
            conflict(TAX_NUMBER_TAKEN, &existing).source(error)
        }
        _ => error.into(),
    }
}
