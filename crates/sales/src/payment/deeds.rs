//! What may be done with a payment.
use super::matching::{changeable, freed, in_its_money, matched, must_be_free, of_matching};
use super::{Key, MATCHED, NewPayment, Payment, PaymentPatch, VOID, store};
use crate::contract::Contract;
use crate::others;
use customer::account;
use diesel::Connection;
use kernel::{AccountId, Action, Ctx, Existing, Noun, PaymentId, Result, error};
use platform::deed::{self, Called, Upsert, Upserted, may_own, untouched};
use platform::search::Words;
use platform::{Conn, custom};

/// What has the reference and the amount of another is likely the same.
const REFERENCE: u8 = 80;

/// With what it pays: one transaction.
pub fn create(conn: &mut Conn, ctx: &Ctx, new: &NewPayment) -> Result<Payment> {
    may_own::<Payment>(ctx, new.owner_id)?;
    account::is_there(conn, ctx, new.account_id)?;
    conn.transaction(|conn| {
        let contract = of_matching(conn, ctx, new.contract_id, new.matches.as_deref())?;
        // what somebody does not see of one record, they do not get by another
        let theirs = contract.as_ref().filter(|_| ctx.sees::<Contract>("account_id"));
        let account: Option<AccountId> = new.account_id.or_else(|| theirs?.account_id);
        let day = match new.received_on {
            Some(day) => day,
            None => others::today(conn, ctx)?,
        };
        let words = custom::words(ctx, Payment::NAME, &new.custom.0, words(new.reference.as_deref()));
        let payment = store::insert(conn, ctx, new, account, day, words)?;
        matched(conn, ctx, payment, contract, new.matches.as_deref())
    })
}

/// The payments that a new one may be.
pub fn duplicates(conn: &mut Conn, ctx: &Ctx, new: &NewPayment) -> Result<Vec<Existing>> {
    if !["reference", "amount", "currency"].iter().all(|field| ctx.sees::<Payment>(field)) {
        return Ok(Vec::new());
    }
    let found = store::alike(conn, ctx, new)?;
    Ok(found.iter().map(|one| Existing::new(one.id, "reference_and_amount", REFERENCE)).collect())
}

/// With a `base`, only if the payment is still at that version; without, on whatever is there now.
pub fn update(conn: &mut Conn, ctx: &Ctx, id: PaymentId, base: Option<i32>, patch: &PaymentPatch) -> Result<Payment> {
    may_own::<Payment>(ctx, patch.owner_id)?;
    account::is_there(conn, ctx, patch.account_id.flatten())?;
    conn.transaction(|conn| {
        let seen = store::find(conn, ctx, id)?;
        let contract = match patch.contract_id.is_some() || patch.amount.is_some() || patch.matches.is_some() {
            true => of_matching(conn, ctx, patch.contract_id.unwrap_or(seen.contract_id), patch.matches.as_deref())?,
            false => None,
        };
        let held = changeable(conn, ctx, id, base)?;
        if held.status == "void" {
            return Err(VOID.into());
        }
        let before = if patch.matches.is_some() { freed(conn, ctx, id)? } else { held };
        goes_together(&before, patch, contract.as_ref())?;
        let after = write(conn, ctx, &before, patch)?;
        match &patch.matches {
            Some(matches) => matched(conn, ctx, after, contract, Some(matches)),
            None => Ok(after),
        }
    })
}

/// Whether amount and contract may be what a patch says.
fn goes_together(before: &Payment, patch: &PaymentPatch, contract: Option<&Contract>) -> Result<()> {
    let amount = patch.amount.as_ref().filter(|amount| **amount != before.amount);
    let moves = patch.contract_id.is_some_and(|id| id != before.contract_id);
    if (amount.is_some() || moves) && !before.matched.amount.is_zero() {
        return Err(MATCHED.into());
    }
    match contract {
        Some(contract) => in_its_money(&amount.unwrap_or(&before.amount).currency, contract),
        None => Ok(()),
    }
}

fn write(conn: &mut Conn, ctx: &Ctx, before: &Payment, patch: &PaymentPatch) -> Result<Payment> {
    let after = match store::update(conn, ctx, before.id, patch)? {
        Some(after) => after,
        None => return Err(untouched(conn, ctx, store::find, before.id, None)),
    };
    if patch.reference.is_some() || patch.custom.is_some() {
        let words = words(after.reference.as_deref());
        store::set_words(conn, ctx, after.id, custom::words(ctx, Payment::NAME, &after.custom.0, words))?;
    }
    Ok(after)
}

/// It has paid nothing, and what it paid is due again. Void twice is void.
pub fn void(conn: &mut Conn, ctx: &Ctx, id: PaymentId) -> Result<Payment> {
    conn.transaction(|conn| {
        super::find(conn, ctx, id)?;
        let payment = freed(conn, ctx, id)?;
        if payment.status == "void" {
            return Ok(payment);
        }
        Ok(store::set_void(conn, ctx, id)?)
    })
}

/// The payment with this key is changed, or made where there is none.
pub fn upsert(
    conn: &mut Conn,
    ctx: &Ctx,
    key: &Key,
    ask: &Upsert<NewPayment, PaymentPatch>,
) -> Result<Upserted<Payment>> {
    deed::upsert(
        conn,
        ctx,
        key,
        ask,
        (store::find_by, store::find_any),
        |conn, new| create(conn, ctx, new),
        |conn, found, patch| update(conn, ctx, found.id, ask.base, patch),
    )
}

impl Called for Key {
    fn called(&self) -> Option<(&str, &str)> {
        let Self::External { source_system, external_id } = self;
        Some((source_system, external_id))
    }
}

/// One that has paid something stays.
pub fn archive(conn: &mut Conn, ctx: &Ctx, id: PaymentId, base: Option<i32>) -> Result<Payment> {
    conn.transaction(|conn| {
        if let Some(held) = store::lock(conn, ctx, Action::Delete, id)? {
            must_be_free(&held)?;
        }
        match store::set_archived(conn, ctx, id, base, true)? {
            Some(payment) => Ok(payment),
            None => Err(untouched(conn, ctx, store::find, id, base)),
        }
    })
}

/// A payment that is not archived is answered as it is.
pub fn restore(conn: &mut Conn, ctx: &Ctx, id: PaymentId) -> Result<Payment> {
    let found = store::find_any(conn, ctx, id)?;
    if found.deleted_at.is_none() {
        return Ok(found);
    }
    store::set_archived(conn, ctx, id, None, false)?.ok_or_else(|| error::FORBIDDEN.into())
}

/// Gone for good, once it has paid nothing any more.
pub fn purge(conn: &mut Conn, ctx: &Ctx, id: PaymentId, base: Option<i32>) -> Result<()> {
    deed::purge(conn, ctx, id, base, store::find_any, |conn, ctx, id| {
        must_be_free(&store::lock_any(conn, ctx, id)?.ok_or(error::FORBIDDEN)?)?;
        Ok::<_, kernel::Error>(store::delete(conn, ctx, id)?)
    })
}

/// What it is found by: the one choice of words.
fn words(reference: Option<&str>) -> Vec<String> {
    Words::new().maybe(reference, |all, text| all.whole(text)).lexemes()
}
