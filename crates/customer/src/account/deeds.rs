//! What may be done with an account.
use super::duplicates::duplicates;
use super::refer::{parent_is_there, stands_below};
use super::store::{ANY, ORGANISATIONS};
use super::{
    Account, AccountPatch, Key, NewAccount, PERSON_TAKEN, TAX_NUMBER_TAKEN, address, lifecycle, person, store,
};
use diesel::Connection;
use diesel::result::{DatabaseErrorKind::UniqueViolation, Error as Sql};
use kernel::event::Verb;
use kernel::existing::conflict;
use kernel::{AccountId, ContactId, Ctx, Error, Existing, Noun, Result, error};
use platform::deed::{self, Called, Duplicates, Upsert, Upserted, attempt, in_turn, may_own, untouched};
use platform::search::Words;
use platform::{Conn, custom};

const TAX_NUMBER: u8 = 100;

pub fn create(conn: &mut Conn, ctx: &Ctx, new: &NewAccount, allowed: Duplicates) -> Result<Account> {
    if new.person.is_some() || new.person_id.is_some() {
        return person::create(conn, ctx, new, allowed);
    }
    may_own::<Account>(ctx, new.owner_id)?;
    parent_is_there(conn, ctx, new.parent_id)?;
    if allowed == Duplicates::Reject {
        let existing = duplicates(conn, ctx, new)?;
        if existing.iter().any(|one| one.score >= Existing::PROBABLE) {
            let taken = existing.iter().any(|one| one.match_rule == "tax_number");
            return Err(conflict(if taken { TAX_NUMBER_TAKEN } else { error::DUPLICATE }, &existing));
        }
    }
    if new.addresses.is_empty() {
        return insert(conn, ctx, new, None);
    }
    conn.transaction(|conn| {
        let made = insert(conn, ctx, new, None)?;
        address::begin(conn, ctx, made.id, &new.addresses)?;
        Ok(made)
    })
}

/// An organisation, or the account of a contact that is locked.
pub(super) fn insert(conn: &mut Conn, ctx: &Ctx, new: &NewAccount, person: Option<ContactId>) -> Result<Account> {
    let name = new.name.as_deref().unwrap_or_default();
    let words = words(name, new.legal_name.as_deref(), new.tax_number.as_deref());
    let words = custom::words(ctx, Account::NAME, &new.custom.0, words);
    attempt(conn, |conn| store::insert(conn, ctx, new, person, words)).map_err(|error| match person {
        Some(person) => person_taken(conn, ctx, error, person),
        None => named(conn, ctx, error, new.tax_number.as_deref()),
    })
}

/// With a `base`, only if the account is still at that version; without, on whatever is there now. Of one that is
/// somebody's, what their contact says is changed there.
pub fn update(conn: &mut Conn, ctx: &Ctx, id: AccountId, base: Option<i32>, patch: &AccountPatch) -> Result<Account> {
    may_own::<Account>(ctx, patch.owner_id)?;
    let searched = patch.name.is_some() || patch.legal_name.is_some() || patch.tax_number.is_some();
    let searched = searched || patch.custom.is_some();
    let of = (id, if person::is_of_any(patch) { ANY } else { ORGANISATIONS });
    let done = match searched || patch.parent_id.is_some() || patch.lifecycle_stage.is_some() {
        false => plain_update(conn, ctx, of, base, patch, Verb::Updated)?,
        true => conn.transaction(|conn| {
            if let Some(parent) = patch.parent_id.flatten() {
                parent_is_there(conn, ctx, Some(parent))?;
            }
            settled_update(conn, ctx, of, base, patch)
        })?,
    };
    match done {
        Some(account) => Ok(account),
        None => match store::find(conn, ctx, id)? {
            found if found.is_person && of.1 == ORGANISATIONS => person::update(conn, ctx, &found, base, patch),
            _ => Err(untouched(conn, ctx, store::find, id, base)),
        },
    }
}

/// A change of where it stands, of how far it has come, or of what it is found by. In a transaction. Nothing comes back
/// where there is none.
pub(super) fn settled_update(
    conn: &mut Conn,
    ctx: &Ctx,
    of: (AccountId, &'static [bool]),
    base: Option<i32>,
    patch: &AccountPatch,
) -> Result<Option<Account>> {
    if let Some(parent) = patch.parent_id.flatten() {
        // whoever gives an account another place waits: two who look at once would not see each other's circle
        in_turn(conn, &format!("{} account hierarchy", ctx.tenant))?;
        stands_below(conn, ctx, of.0, parent)?;
    }
    let after = match &patch.lifecycle_stage {
        Some(stage) => moved_update(conn, ctx, of, base, patch, stage)?,
        None => plain_update(conn, ctx, of, base, patch, Verb::Updated)?,
    };
    let Some(after) = after else { return Ok(None) };
    reindex(conn, ctx, &after)?;
    Ok(Some(after))
}

/// What it is found by follows what it says.
pub(super) fn reindex(conn: &mut Conn, ctx: &Ctx, account: &Account) -> Result<()> {
    let words = words(&account.name, account.legal_name.as_deref(), account.tax_number.as_deref());
    let words = custom::words(ctx, Account::NAME, &account.custom.0, words);
    store::set_words(conn, ctx, account.id, words)?;
    Ok(())
}

/// A change that says how far it has come: it is looked at first, for what is said may be so already.
fn moved_update(
    conn: &mut Conn,
    ctx: &Ctx,
    of: (AccountId, &'static [bool]),
    base: Option<i32>,
    patch: &AccountPatch,
    stage: &str,
) -> Result<Option<Account>> {
    let Some(before) = store::lock(conn, ctx, of)? else { return Ok(None) };
    let verb = if before.lifecycle_stage == stage { Verb::Updated } else { Verb::LifecycleChanged };
    let Some(after) = plain_update(conn, ctx, of, base, patch, verb)? else { return Ok(None) };
    lifecycle::moved(conn, ctx, &before, &after)?;
    Ok(Some(after))
}

fn plain_update(
    conn: &mut Conn,
    ctx: &Ctx,
    of: (AccountId, &'static [bool]),
    base: Option<i32>,
    patch: &AccountPatch,
    verb: Verb,
) -> Result<Option<Account>> {
    let number = patch.tax_number.as_ref().and_then(|number| number.as_deref());
    // a taken number ends the transaction it is found in: a savepoint leaves one to ask who has it
    let done = match number.is_some() {
        true => conn.transaction(|conn| store::update(conn, ctx, of, base, patch, verb)),
        false => store::update(conn, ctx, of, base, patch, verb),
    };
    done.map_err(|e| named(conn, ctx, e, number))
}

/// Locks the account for a change of its parts.
pub(crate) fn changeable(conn: &mut Conn, ctx: &Ctx, id: AccountId) -> Result<Account> {
    match store::lock(conn, ctx, (id, ANY))? {
        Some(account) => Ok(account),
        None => Err(untouched(conn, ctx, store::find, id, None)),
    }
}

/// A change of its parts is a change of the account.
pub(crate) fn touch(conn: &mut Conn, ctx: &Ctx, id: AccountId) -> Result<Account> {
    match plain_update(conn, ctx, (id, ANY), None, &AccountPatch::default(), Verb::Updated)? {
        Some(account) => Ok(account),
        None => Err(untouched(conn, ctx, store::find, id, None)),
    }
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
                Key::Name(name) => new.name = Some(name.clone()),
                Key::External { .. } => {}
            }
            create(conn, ctx, &new, Duplicates::Allow)
        },
        |conn, found, patch| {
            ask.new.iter().try_for_each(|new| person::is_still(&found, new))?;
            update(conn, ctx, found.id, ask.base, patch)
        },
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

/// What it is found by: the one choice of words, for imports too.
pub(super) fn words(name: &str, legal_name: Option<&str>, tax_number: Option<&str>) -> Vec<String> {
    let words = Words::new().name(name).maybe(legal_name, |all, text| all.name(text));
    words.maybe(tax_number, |all, text| all.whole(text)).lexemes()
}

/// The constraints of the table, by the codes of the room.
pub(super) fn named(conn: &mut Conn, ctx: &Ctx, error: Sql, number: Option<&str>) -> Error {
    match &error {
        Sql::DatabaseError(UniqueViolation, info) if info.constraint_name() == Some("accounts_tax_number_key") => {
            let found = store::alike(conn, ctx, "", number).unwrap_or_default();
            let existing: Vec<_> = found.iter().map(|one| Existing::new(one.id, "tax_number", TAX_NUMBER)).collect();
            conflict(TAX_NUMBER_TAKEN, &existing).source(error)
        }
        _ => error.into(),
    }
}

/// The contact is an account already, whoever sees that one.
fn person_taken(conn: &mut Conn, ctx: &Ctx, error: Sql, whose: ContactId) -> Error {
    match &error {
        Sql::DatabaseError(UniqueViolation, info) if info.constraint_name() == Some("accounts_person_key") => {
            let found = person::of_person(conn, ctx, whose).unwrap_or_default();
            let existing: Vec<_> = found.iter().map(|one| Existing::new(one.id, "person_id", 100)).collect();
            conflict(PERSON_TAKEN, &existing).source(error)
        }
        _ => error.into(),
    }
}
