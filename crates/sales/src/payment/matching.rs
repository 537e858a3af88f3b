//! Which instalments a payment pays. Contracts are locked first, in the order of their ids, and the payment then: whoever
//! matches at the same time waits, and finds what is left.
use super::{MATCHED, NewPaymentMatch, Payment, PaymentMatching, VOID, matches, store};
use crate::contract::installment::{self, Installment, Sums};
use crate::contract::{self, Contract};
use crate::others;
use chrono::NaiveDate;
use diesel::Connection;
use kernel::catalogue::Field;
use kernel::money::round;
use kernel::{Action, ContractId, Ctx, Error, Fault, InstallmentId, PaymentId, Result, error, text};
use platform::deed::untouched;
use platform::{Conn, crash};
use rust_decimal::Decimal;

/// Matches what of a payment is open: as it is said, or to the oldest instalments that are open first.
pub fn match_open(conn: &mut Conn, ctx: &Ctx, id: PaymentId, ask: &PaymentMatching) -> Result<Payment> {
    conn.transaction(|conn| {
        let of = super::find(conn, ctx, id)?.contract_id;
        let contract = of_matching(conn, ctx, ask.contract_id.or(of), ask.matches.as_deref())?;
        let payment = changeable(conn, ctx, id, None)?;
        matched(conn, ctx, payment, contract, ask.matches.as_deref())
    })
}

/// Of a payment that is held: writes its matches, what the instalments have got, and what their contract has.
pub(super) fn matched(
    conn: &mut Conn,
    ctx: &Ctx,
    payment: Payment,
    contract: Option<Contract>,
    asked: Option<&[NewPaymentMatch]>,
) -> Result<Payment> {
    if payment.status == "void" {
        return Err(VOID.into());
    }
    let Some(contract) = contract else { return Ok(payment) };
    in_its_money(&payment.currency, &contract)?;
    may_match(ctx, asked)?;
    let due = installment::due(conn, ctx, contract.id)?;
    let open = payment.unmatched.amount;
    let parts = match asked {
        Some(asked) => said(&due, asked, open, &payment.currency)?,
        None => oldest(&due, open),
    };
    if parts.is_empty() {
        return Ok(payment);
    }
    let today = others::today(conn, ctx)?;
    for (of, amount) in &parts {
        matches::add(conn, ctx, payment.id, of.id, &payment.currency, *amount)?;
        pay(conn, ctx, of, of.paid.amount + amount, today)?;
    }
    let sum: Decimal = parts.iter().map(|(_, amount)| *amount).sum();
    contract::store::set_paid(conn, ctx, contract.id, contract.paid.amount + sum)?;
    crash::point("payment_matched");
    let whose = payment.contract_id.is_none().then_some(contract.id);
    Ok(store::set_matched(conn, ctx, payment.id, payment.matched.amount + sum, whose)?)
}

fn pay(conn: &mut Conn, ctx: &Ctx, of: &Installment, paid: Decimal, today: NaiveDate) -> Result<()> {
    let status = Sums { paid, ..of.sums() }.status(of.due_on, of.overdue_at.is_some(), today);
    installment::set_paid(conn, ctx, of.id, paid, status)?;
    Ok(())
}

/// What is paid for a contract is in its money.
pub(super) fn in_its_money(currency: &str, contract: &Contract) -> Result<()> {
    match currency == contract.currency {
        true => Ok(()),
        false => Err(Error::invalid("/amount/currency", "currency", text!("is in another currency than the contract"))),
    }
}

/// The contract that is matched with, locked, by whoever sees it.
pub(super) fn of_matching(
    conn: &mut Conn,
    ctx: &Ctx,
    contract: Option<ContractId>,
    asked: Option<&[NewPaymentMatch]>,
) -> Result<Option<Contract>> {
    let Some(id) = contract else {
        return match asked.is_some_and(|asked| !asked.is_empty()) {
            true => Err(Error::invalid("/contract_id", "required", text!("says whose instalments it pays"))),
            false => Ok(None),
        };
    };
    let held = contract::store::lock(conn, ctx, Action::Read, id)?;
    let unknown = || {
        let fault = Fault::new("/contract_id", error::UNKNOWN_REFERENCE.name, text!("there is no such record"));
        Error::from(error::UNKNOWN_REFERENCE).fault(fault)
    };
    held.map(Some).ok_or_else(unknown)
}

/// How much of a payment an instalment takes tells what is open of it.
fn may_match(ctx: &Ctx, asked: Option<&[NewPaymentMatch]>) -> Result<()> {
    let hides = |field: &Field| ctx.grants.hides(installment::CATALOGUE.noun, field.name);
    if asked.is_none_or(|asked| !asked.is_empty()) && installment::CATALOGUE.fields.iter().any(hides) {
        return Err(Error::from(error::FORBIDDEN).detail(text!("some of the contract is held back from the caller")));
    }
    Ok(())
}

/// As it is said: no more than is due, and no more than there is.
fn said<'a>(
    due: &'a [Installment],
    asked: &[NewPaymentMatch],
    open: Decimal,
    currency: &str,
) -> Result<Vec<(&'a Installment, Decimal)>> {
    let (mut parts, mut faults): (Vec<(&Installment, Decimal)>, Vec<Fault>) = (Vec::new(), Vec::new());
    for (at, one) in asked.iter().enumerate() {
        let place = |member: &str| format!("/matches/{at}/{member}");
        let twice = parts.iter().any(|(of, _)| of.id == one.installment_id);
        let Some(of) = due.iter().find(|of| of.id == one.installment_id).filter(|_| !twice) else {
            let message = text!("is none of the contract's that are open");
            faults.push(Fault::new(place("installment_id"), error::UNKNOWN_REFERENCE.name, message));
            continue;
        };
        if round(one.amount, currency) != one.amount {
            let message = text!("has more decimals than {currency}", currency);
            faults.push(Fault::new(place("amount"), "decimals", message));
        } else if one.amount > of.sums().open() {
            faults.push(Fault::new(place("amount"), "range", text!("is more than the instalment has open")));
        }
        parts.push((of, one.amount));
    }
    if parts.iter().map(|(_, amount)| *amount).sum::<Decimal>() > open {
        faults.push(Fault::new("/matches", "range", text!("is more than the payment has open")));
    }
    if faults.is_empty() { Ok(parts) } else { Err(Error::from(error::INVALID).faults(faults)) }
}

fn oldest(due: &[Installment], mut open: Decimal) -> Vec<(&Installment, Decimal)> {
    let mut parts = Vec::new();
    for of in due {
        let part = open.min(of.sums().open());
        if part > Decimal::ZERO {
            parts.push((of, part));
            open -= part;
        }
    }
    parts
}

/// Takes a payment off all that it has paid.
pub fn unmatch(conn: &mut Conn, ctx: &Ctx, id: PaymentId) -> Result<Payment> {
    conn.transaction(|conn| {
        super::find(conn, ctx, id)?;
        freed(conn, ctx, id)
    })
}

/// In a transaction: holds what the payment has paid, and takes that back.
pub(super) fn freed(conn: &mut Conn, ctx: &Ctx, id: PaymentId) -> Result<Payment> {
    // contracts before payments, as whoever matches does; what was matched in between is held too
    let before = matches::contracts_of(conn, ctx, id)?;
    matches::lock_contracts(conn, ctx, &before)?;
    let payment = changeable(conn, ctx, id, None)?;
    let contracts = matches::contracts_of(conn, ctx, id)?;
    let held = matches::lock_contracts(conn, ctx, &contracts)?;
    let taken = matches::take(conn, ctx, id)?;
    if taken.is_empty() {
        return Ok(payment);
    }
    let today = others::today(conn, ctx)?;
    let of = |id: InstallmentId| taken.iter().find(|(one, _)| *one == id).map_or(Decimal::ZERO, |(_, amount)| *amount);
    let ids: Vec<InstallmentId> = taken.iter().map(|(installment, _)| *installment).collect();
    let installments = installment::lock_of(conn, ctx, &ids)?;
    for one in &installments {
        pay(conn, ctx, one, one.paid.amount - of(one.id), today)?;
    }
    for contract in held {
        let back = installments.iter().filter(|one| one.contract_id == contract.id).map(|one| of(one.id));
        contract::store::set_paid(conn, ctx, contract.id, contract.paid.amount - back.sum::<Decimal>())?;
    }
    Ok(store::set_matched(conn, ctx, id, Decimal::ZERO, None)?)
}

/// Locks the payment for a change.
pub(super) fn changeable(conn: &mut Conn, ctx: &Ctx, id: PaymentId, base: Option<i32>) -> Result<Payment> {
    match store::lock(conn, ctx, Action::Update, id)? {
        Some(payment) if base.is_none_or(|version| version == payment.version) => Ok(payment),
        _ => Err(untouched(conn, ctx, store::find, id, base)),
    }
}

/// What has paid something stays.
pub(super) fn must_be_free(payment: &Payment) -> Result<()> {
    if payment.matched.amount.is_zero() { Ok(()) } else { Err(MATCHED.into()) }
}
