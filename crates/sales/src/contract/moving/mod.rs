//! The way of a contract: draft → signed, until its first day → active → expired, terminated or renewed. What somebody
//! decides is a deed that locks the contract, looks where it is, and writes one status with one event; what the day
//! decides, where the tenant is, is seen to by [`watch`], each once, by one worker.
mod store;

use super::deeds::{changeable, make, refused};
use super::store::{Origin, find, of_quote as made_of};
use super::{Contract, NewContract, QUOTE_CONTRACTED, TRANSITION_REFUSED, installment};
use crate::others;
use crate::quote;
use chrono::{Days, NaiveDate};
use diesel::Connection;
use kernel::event::Verb;
use kernel::{ContractId, Ctx, Error, QuoteId, Result, error, text};
use platform::custom::Custom;
use platform::deed::Upserted;
use platform::{Conn, crash, sweep};
use rust_decimal::Decimal;
use store::Due;

/// It was signed now, unless it was said when; it holds from its first day, or from now on.
pub fn sign(conn: &mut Conn, ctx: &Ctx, id: ContractId) -> Result<Contract> {
    conn.transaction(|conn| {
        let contract = changeable(conn, ctx, id, None)?;
        from(ctx, &contract, &["draft"])?;
        let today = others::today(conn, ctx)?;
        let status = if contract.start_on.is_some_and(|first| first > today) { "signed" } else { "active" };
        let signed = contract.signed_at.is_none().then_some(ctx.now);
        let signed = store::set_status(conn, ctx, contract.id, status, signed, Verb::Signed)?;
        signed.ok_or_else(|| error::FORBIDDEN.into())
    })
}

/// Before its time is over; what is due by then stays due.
pub fn terminate(conn: &mut Conn, ctx: &Ctx, id: ContractId) -> Result<Contract> {
    conn.transaction(|conn| {
        let contract = changeable(conn, ctx, id, None)?;
        from(ctx, &contract, &["signed", "active"])?;
        let ended = store::set_status(conn, ctx, contract.id, "terminated", None, Verb::Updated)?;
        ended.ok_or_else(|| error::FORBIDDEN.into())
    })
}

/// The next contract: a draft of the same, for as long from the day after the last one.
pub fn renew(conn: &mut Conn, ctx: &Ctx, id: ContractId) -> Result<Contract> {
    conn.transaction(|conn| {
        let old = changeable(conn, ctx, id, None)?;
        from(ctx, &old, &["active", "expired"])?;
        let renewed = store::set_status(conn, ctx, old.id, "renewed", None, Verb::Updated)?;
        renewed.ok_or(error::FORBIDDEN)?;
        make(conn, ctx, &next_of(&old), Origin { renews: Some(old.id), ..Origin::default() })
    })
}

/// The same for as long again, where it has a last day.
fn next_of(old: &Contract) -> NewContract {
    let days = next_days(old);
    let start = old.end_on.and_then(|last| last.succ_opt());
    NewContract {
        id: None,
        owner_id: Some(old.owner_id),
        team_id: old.team_id,
        number: None,
        title: old.title.clone(),
        account_id: old.account_id,
        start_on: start,
        end_on: days.map(|(_, last)| last),
        renewal: Some(old.renewal.clone()),
        value: old.value.clone(),
        signed_at: None,
        description: old.description.clone(),
        installments: None,
        custom: Custom::default(),
    }
}

fn next_days(old: &Contract) -> Option<(NaiveDate, NaiveDate)> {
    let (first, last) = old.start_on.zip(old.end_on)?;
    let length = u64::try_from((last - first).num_days()).ok()?;
    let start = last.succ_opt()?;
    Some((start, start.checked_add_days(Days::new(length))?))
}

/// The contract of a quote that was accepted: the one that there is already, or a new one.
pub fn of_quote(conn: &mut Conn, ctx: &Ctx, id: QuoteId) -> Result<Upserted<Contract>> {
    conn.transaction(|conn| {
        let quote = quote::accepted(conn, ctx, id)?;
        if let Some(id) = made_of(conn, ctx, quote.id)? {
            let found = find(conn, ctx, id).map_err(|_| Error::from(QUOTE_CONTRACTED))?;
            return Ok(Upserted::Updated(found));
        }
        if quote.total.amount < Decimal::ZERO {
            return Err(Error::invalid("", "range", text!("what comes to less than nothing is no contract")));
        }
        let new = NewContract {
            id: None,
            owner_id: Some(quote.owner_id),
            team_id: quote.team_id,
            number: None,
            title: quote.number.clone(),
            account_id: quote.account_id,
            start_on: None,
            end_on: None,
            renewal: None,
            value: quote.total.clone(),
            signed_at: None,
            description: quote.terms.clone(),
            installments: None,
            custom: Custom::default(),
        };
        make(conn, ctx, &new, Origin { quote: Some(quote.id), ..Origin::default() }).map(Upserted::Created)
    })
}

/// Begins and ends what has its day, of all tenants, and tells what is about to end, due and overdue. How much that was.
pub fn watch(conn: &mut Conn) -> Result<usize> {
    let moved = sweep::pass(conn, &store::BEGINNING, begin)? + sweep::pass(conn, &store::OVER, end)?;
    let told = sweep::pass(conn, &store::EXPIRING, expiring)?;
    Ok(moved + told + installment::watch(conn)?)
}

fn begin(conn: &mut Conn, due: &Due) -> Result<()> {
    store::settle(conn, &due.ctx(), due.id, "active", Verb::Updated)?;
    Ok(())
}

/// What goes on by itself has its next contract at once, unless that were over too.
fn end(conn: &mut Conn, due: &Due) -> Result<()> {
    let ctx = due.ctx();
    let next = match store::held(conn, &ctx, due.id)? {
        old if old.renewal == "automatic" => Some(old),
        _ => None,
    };
    let today = others::today(conn, &ctx)?;
    match next.filter(|old| next_days(old).is_some_and(|(_, last)| last >= today)) {
        Some(old) => {
            store::settle(conn, &ctx, old.id, "renewed", Verb::Updated)?;
            make(conn, &ctx, &next_of(&old), Origin { renews: Some(old.id), quote: None, status: "active" })?;
        }
        None => drop(store::settle(conn, &ctx, due.id, "expired", Verb::Expired)?),
    }
    crash::point("contract_ended");
    Ok(())
}

/// Thirty days before its last one, or as soon as it holds and that is nearer; one that goes on by itself is told too, for
/// whoever would end it.
fn expiring(conn: &mut Conn, due: &Due) -> Result<()> {
    store::tell_expiring(conn, &due.ctx(), due.id)?;
    crash::point("contract_expiring");
    Ok(())
}

fn from(ctx: &Ctx, contract: &Contract, statuses: &[&str]) -> Result<()> {
    if statuses.contains(&contract.status.as_str()) { Ok(()) } else { Err(refused(ctx, TRANSITION_REFUSED, contract)) }
}
