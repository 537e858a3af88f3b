//! What may be done with a contract. Each deed that looks at its status, or at what its instalments say, locks it first.
//! How it goes its way is [`super::moving`]'s.
use super::store::{self, Origin};
use super::{Contract, ContractPatch, FIXED, Key, NUMBER_TAKEN, NewContract, VALUE_FIXED, installment};
use crate::order::next_number;
use crate::others;
use chrono::Datelike;
use customer::account;
use diesel::Connection;
use diesel::result::{DatabaseErrorKind::UniqueViolation, Error as Sql};
use kernel::existing::conflict;
use kernel::{Action, ContractId, Ctx, Error, Existing, Noun, Result, error, text};
use platform::deed::{self, Called, Upsert, Upserted, may_own, untouched};
use platform::search::Words;
use platform::{Conn, custom};

/// In these it is over.
const ENDED: &[&str] = &["expired", "terminated", "renewed"];

pub fn create(conn: &mut Conn, ctx: &Ctx, new: &NewContract) -> Result<Contract> {
    may_own::<Contract>(ctx, new.owner_id)?;
    account::is_there(conn, ctx, new.account_id)?;
    let done = conn.transaction(|conn| make(conn, ctx, new, Origin::default()));
    done.map_err(|error| with_existing(conn, ctx, error, new.number.as_deref()))
}

/// In a transaction: the contract with its instalments.
pub(super) fn make(conn: &mut Conn, ctx: &Ctx, new: &NewContract, from: Origin) -> Result<Contract> {
    let number = match &new.number {
        Some(number) => number.clone(),
        None => counted(conn, ctx)?,
    };
    let words = custom::words(ctx, Contract::NAME, &new.custom.0, words(&number, &new.title));
    let contract = store::insert(conn, ctx, new, &number, from, words).map_err(named)?;
    if let Some(all) = &new.installments {
        installment::put(conn, ctx, &contract, all)?;
    }
    Ok(contract)
}

/// The contract that has the number already, if one.
pub fn duplicates(conn: &mut Conn, ctx: &Ctx, new: &NewContract) -> Result<Vec<Existing>> {
    let Some(number) = &new.number else { return Ok(Vec::new()) };
    let found = store::find_by(conn, ctx, &Key::Number(number.clone()))?;
    Ok(found.iter().map(|one| Existing::new(one.id, "number", 100)).collect())
}

/// With a `base`, only if the contract is still at that version; without, on whatever is there now.
pub fn update(
    conn: &mut Conn,
    ctx: &Ctx,
    id: ContractId,
    base: Option<i32>,
    patch: &ContractPatch,
) -> Result<Contract> {
    may_own::<Contract>(ctx, patch.owner_id)?;
    account::is_there(conn, ctx, patch.account_id.flatten())?;
    let done = conn.transaction(|conn| {
        let before = changeable(conn, ctx, id, base)?;
        if before.status != "draft" && patch.changes_what_stands(&before, ENDED.contains(&before.status.as_str())) {
            return Err(refused(ctx, FIXED, &before));
        }
        agrees(conn, ctx, &before, patch)?;
        write(conn, ctx, &before, patch)
    });
    done.map_err(|error| with_existing(conn, ctx, error, patch.number.as_deref()))
}

/// Whether what a patch says goes together with what is there.
fn agrees(conn: &mut Conn, ctx: &Ctx, before: &Contract, patch: &ContractPatch) -> Result<()> {
    if let Some(value) = patch.value.as_ref().filter(|value| **value != before.value) {
        let has_plan = patch.installments.is_none() && installment::any(conn, ctx, before.id)?;
        let settled = before.paid.amount + before.waived.amount;
        if has_plan || value.currency != before.currency && !settled.is_zero() {
            return Err(VALUE_FIXED.into());
        }
        if value.amount < settled {
            return Err(Error::invalid("/value/amount", "range", text!("is less than was paid or waived already")));
        }
    }
    match (patch.start_on.unwrap_or(before.start_on), patch.end_on.unwrap_or(before.end_on)) {
        (Some(start), Some(end)) if end < start => {
            let place = if patch.end_on.is_some() { "/end_on" } else { "/start_on" };
            Err(Error::invalid(place, "range", text!("the last day is before the first")))
        }
        _ => Ok(()),
    }
}

fn write(conn: &mut Conn, ctx: &Ctx, before: &Contract, patch: &ContractPatch) -> Result<Contract> {
    let after = match store::update(conn, ctx, before.id, patch).map_err(named)? {
        Some(after) => after,
        None => return Err(untouched(conn, ctx, store::find, before.id, None)),
    };
    if let Some(all) = &patch.installments {
        installment::put(conn, ctx, &after, all)?;
    }
    if patch.number.is_some() || patch.title.is_some() || patch.custom.is_some() {
        let words = custom::words(ctx, Contract::NAME, &after.custom.0, words(&after.number, &after.title));
        store::set_words(conn, ctx, after.id, words)?;
    }
    Ok(after)
}

/// A refusal that says which status the contract is in, to whoever sees that.
pub(super) fn refused(ctx: &Ctx, code: kernel::Code, contract: &Contract) -> Error {
    match ctx.sees::<Contract>("status") {
        true => Error::from(code).detail(text!("it is {status}", status = contract.status)),
        false => code.into(),
    }
}

/// Locks the contract for a change.
pub(super) fn changeable(conn: &mut Conn, ctx: &Ctx, id: ContractId, base: Option<i32>) -> Result<Contract> {
    match store::lock(conn, ctx, Action::Update, id)? {
        Some(contract) if base.is_none_or(|version| version == contract.version) => Ok(contract),
        _ => Err(untouched(conn, ctx, store::find, id, base)),
    }
}

/// A change of its parts is a change of the contract.
pub(super) fn touch(conn: &mut Conn, ctx: &Ctx, contract: &Contract) -> Result<Contract> {
    let touched = store::update(conn, ctx, contract.id, &ContractPatch::default())?;
    touched.ok_or_else(|| error::FORBIDDEN.into())
}

/// The contract with this key is changed, or made where there is none.
pub fn upsert(
    conn: &mut Conn,
    ctx: &Ctx,
    key: &Key,
    ask: &Upsert<NewContract, ContractPatch>,
) -> Result<Upserted<Contract>> {
    deed::upsert(
        conn,
        ctx,
        key,
        ask,
        (store::find_by, store::find_any),
        |conn, new| {
            let mut new = new.clone();
            if let Key::Number(number) = key {
                new.number = Some(number.clone());
            }
            create(conn, ctx, &new)
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

pub fn archive(conn: &mut Conn, ctx: &Ctx, id: ContractId, base: Option<i32>) -> Result<Contract> {
    match store::set_archived(conn, ctx, id, base, true)? {
        Some(contract) => Ok(contract),
        None => Err(untouched(conn, ctx, store::find, id, base)),
    }
}

/// A contract that is not archived is answered as it is.
pub fn restore(conn: &mut Conn, ctx: &Ctx, id: ContractId) -> Result<Contract> {
    let found = store::find_any(conn, ctx, id)?;
    if found.deleted_at.is_none() {
        return Ok(found);
    }
    let done = store::set_archived(conn, ctx, id, None, false);
    let done = done.map_err(|e| with_existing(conn, ctx, named(e), Some(&found.number)))?;
    done.ok_or_else(|| error::FORBIDDEN.into())
}

/// Gone for good, with its instalments; one that was paid for stays as long as its payments.
pub fn purge(conn: &mut Conn, ctx: &Ctx, id: ContractId, base: Option<i32>) -> Result<()> {
    deed::purge(conn, ctx, id, base, store::find_any, store::delete)
}

/// The next number of the year that nobody has given by hand.
fn counted(conn: &mut Conn, ctx: &Ctx) -> Result<String> {
    let year = others::today(conn, ctx)?.year();
    next_number(conn, ctx, &format!("contract-{year}"), |conn, count| {
        let number = format!("C-{year}-{count:05}");
        let taken = store::is_taken(conn, ctx, &number)?;
        Ok((!taken).then_some(number))
    })
}

/// What it is found by: the one choice of words.
fn words(number: &str, title: &str) -> Vec<String> {
    Words::new().whole(number).name(title).lexemes()
}

/// The constraints of the table, by the codes of the room.
fn named(error: Sql) -> Error {
    match &error {
        Sql::DatabaseError(UniqueViolation, info) if info.constraint_name() == Some("contracts_number_key") => {
            Error::from(NUMBER_TAKEN).source(error)
        }
        _ => error.into(),
    }
}

/// Which contract has the number, if the caller may see it: asked after the transaction that failed on it.
fn with_existing(conn: &mut Conn, ctx: &Ctx, error: Error, number: Option<&str>) -> Error {
    match number {
        Some(number) if error.code == NUMBER_TAKEN => {
            let found = store::find_by(conn, ctx, &Key::Number(number.to_owned())).unwrap_or_default();
            let existing: Vec<_> = found.iter().map(|one| Existing::new(one.id, "number", 100)).collect();
            Error { members: conflict(NUMBER_TAKEN, &existing).members, ..error }
        }
        _ => error,
    }
}
