//! The plan of a contract: all its instalments at once, by whichever way they come. Their contract is locked first, as by
//! payments: what is paid at the same time comes before or after.
use super::store::{self, Row};
use super::{Installment, InstallmentSplit, NewInstallment, PAID, Sums, UNEQUAL, WAIVED};
use crate::contract::Contract;
use crate::contract::deeds::{changeable, touch};
use crate::others;
use chrono::{Months, NaiveDate};
use diesel::Connection;
use kernel::money::{decimals, round};
use kernel::{ContractId, Ctx, Error, Fault, InstallmentId, Result, error, text};
use platform::Conn;
use rust_decimal::Decimal;

/// Puts these in place of all that are there; with a `base`, only if the contract is still at that version.
pub fn replace(
    conn: &mut Conn,
    ctx: &Ctx,
    id: ContractId,
    base: Option<i32>,
    all: &[NewInstallment],
) -> Result<Vec<Installment>> {
    conn.transaction(|conn| {
        let contract = changeable(conn, ctx, id, base)?;
        put(conn, ctx, &contract, all)?;
        touch(conn, ctx, &contract)?;
        Ok(store::of_all(conn, ctx, &[id])?)
    })
}

/// The same, each of them equal to the others: what cannot be parted is in the last.
pub fn split(
    conn: &mut Conn,
    ctx: &Ctx,
    id: ContractId,
    base: Option<i32>,
    ask: &InstallmentSplit,
) -> Result<Vec<Installment>> {
    conn.transaction(|conn| {
        let contract = changeable(conn, ctx, id, base)?;
        let all = equal(&contract, ask)?;
        put(conn, ctx, &contract, &all)?;
        touch(conn, ctx, &contract)?;
        Ok(store::of_all(conn, ctx, &[id])?)
    })
}

/// In whole units of the currency's own decimals.
fn equal(contract: &Contract, ask: &InstallmentSplit) -> Result<Vec<NewInstallment>> {
    let (value, count) = (contract.value.amount, Decimal::from(ask.count));
    let unit = Decimal::new(1, decimals(&contract.currency).unwrap_or(2));
    let units = value.checked_div(count).and_then(|part| part.checked_div(unit)).unwrap_or_default();
    let part = units.trunc() * unit;
    if part.is_zero() {
        return Err(Error::invalid("/count", "range", text!("is more than the value can be parted into")));
    }
    let one = |at: u32| {
        let due_on = ask.first_due_on.checked_add_months(Months::new(at.saturating_mul(ask.every_months)))?;
        let is_last = at + 1 == ask.count;
        let amount = if is_last { value - part * Decimal::from(at) } else { part };
        Some(NewInstallment { id: None, due_on, amount, description: None })
    };
    let all: Option<Vec<NewInstallment>> = (0..ask.count).map(one).collect();
    all.ok_or_else(|| Error::invalid("/first_due_on", "range", text!("goes beyond the calendar")))
}

/// Of a contract that is locked. Those that are named go on; of the others none may have got anything, and
/// nothing may be waived.
pub fn put(conn: &mut Conn, ctx: &Ctx, contract: &Contract, all: &[NewInstallment]) -> Result<()> {
    let there = store::of_all(conn, ctx, &[contract.id])?;
    fits(ctx, contract, all, &there)?;
    let named = |id: InstallmentId| all.iter().any(|one| one.id == Some(id));
    let gone: Vec<&Installment> = there.iter().filter(|old| !named(old.id)).collect();
    if gone.iter().any(|old| !old.paid.amount.is_zero()) {
        return Err(PAID.into());
    }
    if gone.iter().any(|old| !old.waived.amount.is_zero()) {
        return Err(WAIVED.into());
    }
    let today = others::today(conn, ctx)?;
    let row = |(one, position): (&NewInstallment, i32)| row(one, position, &there, today);
    let rows: Vec<Row> = all.iter().zip(1..).map(row).collect();
    store::replace(conn, ctx, contract, &rows)?;
    Ok(())
}

/// One whose day comes again is told again when that is over.
fn row(one: &NewInstallment, position: i32, there: &[Installment], today: NaiveDate) -> Row {
    let old = there.iter().find(|old| Some(old.id) == one.id);
    let sums = Sums {
        amount: one.amount,
        paid: old.map(|old| old.paid.amount).unwrap_or_default(),
        waived: old.map(|old| old.waived.amount).unwrap_or_default(),
    };
    let overdue_at = old.and_then(|old| old.overdue_at).filter(|_| one.due_on < today);
    Row {
        id: old.map_or_else(InstallmentId::new, |old| old.id),
        position,
        due_on: one.due_on,
        amount: one.amount,
        paid: sums.paid,
        status: sums.status(one.due_on, overdue_at.is_some(), today),
        overdue_at,
        description: one.description.clone(),
        version: old.map_or(1, |old| old.version + 1),
        created_at: old.map(|old| old.created_at),
    }
}

/// Each is money of the contract's currency, and all together are its value, where there are any.
fn fits(ctx: &Ctx, contract: &Contract, all: &[NewInstallment], there: &[Installment]) -> Result<()> {
    let faults: Vec<Fault> =
        all.iter().enumerate().filter_map(|(at, one)| fault(contract, at, all, one, there)).collect();
    if !faults.is_empty() {
        return Err(Error::from(error::INVALID).faults(faults));
    }
    let missing = contract.value.amount - all.iter().map(|one| one.amount).sum::<Decimal>();
    if all.is_empty() || missing.is_zero() {
        return Ok(());
    }
    let unequal = Error::from(UNEQUAL);
    if !["value", "currency"].iter().all(|field| ctx.sees::<Contract>(field)) {
        return Err(unequal.fault(Fault::of("/installments", UNEQUAL)));
    }
    let difference = missing.normalize().to_string();
    let detail = text!("the difference is {difference}", difference);
    let fault = Fault::new("/installments", UNEQUAL.name, detail.clone()).param("difference", difference);
    Err(unequal.detail(detail).fault(fault))
}

/// What is wrong with one of them.
fn fault(
    contract: &Contract,
    at: usize,
    all: &[NewInstallment],
    one: &NewInstallment,
    there: &[Installment],
) -> Option<Fault> {
    let place = |member: &str| format!("/installments/{at}/{member}");
    let currency = &contract.currency;
    if round(one.amount, currency) != one.amount {
        return Some(Fault::new(place("amount"), "decimals", text!("has more decimals than {currency}", currency)));
    }
    let id = one.id?;
    let is_twice = all.iter().take(at).any(|other| other.id == Some(id));
    let Some(old) = there.iter().find(|old| old.id == id).filter(|_| !is_twice) else {
        let message = text!("is no instalment of the contract, or is named twice");
        return Some(Fault::new(place("id"), error::UNKNOWN_REFERENCE.name, message));
    };
    let (paid, waived) = (old.paid.amount, old.waived.amount);
    let message = match () {
        () if one.amount < paid => text!("is less than it has got already"),
        () if one.amount < paid + waived => text!("is less than it has got and what of it is waived"),
        () => return None,
    };
    Some(Fault::new(place("amount"), "range", message))
}
