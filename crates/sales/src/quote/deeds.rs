//! What may be done with a quote while it is a draft. A deed that touches amounts locks the quote, settles what it comes
//! to, and writes it with its lines: one version, one event. How it goes on is [`super::moving`]'s.
use super::settle::{self, Settled};
use super::{FIXED, Key, NUMBER_TAKEN, NewQuote, Quote, QuotePatch, line, store};
use crate::opportunity::{self, Opportunity};
use crate::order::next_number;
use crate::{others, price_book};
use chrono::Datelike;
use customer::{account, contact};
use diesel::Connection;
use diesel::result::{DatabaseErrorKind::UniqueViolation, Error as Sql};
use kernel::existing::conflict;
use kernel::{Ctx, Error, Existing, Fault, Kind, Noun, OpportunityId, PriceBookId, QuoteId, Read, Result, error, text};
use platform::deed::{self, Called, Upsert, Upserted, may_own, untouched};
use platform::search::Words;
use platform::{Conn, custom};

pub fn create(conn: &mut Conn, ctx: &Ctx, new: &NewQuote) -> Result<Quote> {
    may_own::<Quote>(ctx, new.owner_id)?;
    account::is_there(conn, ctx, new.account_id)?;
    contact::is_there(conn, ctx, new.contact_id)?;
    let of = opportunity_of(conn, ctx, new.opportunity_id)?;
    price_book_is_there(conn, ctx, new.price_book_id)?;
    let done = conn.transaction(|conn| {
        let settled = settle::of_new(conn, ctx, new, of.as_ref())?;
        let number = match &new.number {
            Some(number) => number.clone(),
            None => counted(conn, ctx)?,
        };
        let words = custom::words(ctx, Quote::NAME, &new.custom.0, words(&number));
        let quote = store::insert(conn, ctx, new, &number, &settled, words).map_err(named)?;
        line::write(conn, ctx, &quote, &settled.lines, &[])?;
        Ok(quote)
    });
    done.map_err(|error| with_existing(conn, ctx, error, new.number.as_deref()))
}

/// The quote that has the number already, if one.
pub fn duplicates(conn: &mut Conn, ctx: &Ctx, new: &NewQuote) -> Result<Vec<Existing>> {
    let Some(number) = &new.number else { return Ok(Vec::new()) };
    let found = store::find_by(conn, ctx, &Key::Number(number.clone()))?;
    Ok(found.iter().map(|one| Existing::new(one.id, "number", 100)).collect())
}

/// With a `base`, only if the quote is still at that version; without, on whatever is there now.
pub fn update(conn: &mut Conn, ctx: &Ctx, id: QuoteId, base: Option<i32>, patch: &QuotePatch) -> Result<Quote> {
    may_own::<Quote>(ctx, patch.owner_id)?;
    account::is_there(conn, ctx, patch.account_id.flatten())?;
    contact::is_there(conn, ctx, patch.contact_id.flatten())?;
    opportunity_of(conn, ctx, patch.opportunity_id.flatten())?;
    price_book_is_there(conn, ctx, patch.price_book_id.flatten())?;
    let done = conn.transaction(|conn| {
        let before = changeable(conn, ctx, id, base)?;
        if before.status != "draft" && !patch.only_moves() {
            return Err(refused(ctx, FIXED, &before));
        }
        let settled = match patch.reckons() {
            true => Some(settle::of_patched(conn, ctx, &before, patch)?),
            false => None,
        };
        write(conn, ctx, &before, patch, settled.as_ref())
    });
    done.map_err(|error| with_existing(conn, ctx, error, patch.number.as_deref()))
}

fn write(conn: &mut Conn, ctx: &Ctx, before: &Quote, patch: &QuotePatch, settled: Option<&Settled>) -> Result<Quote> {
    let after = match store::update(conn, ctx, before.id, patch, settled).map_err(named)? {
        Some(after) => after,
        None => return Err(untouched(conn, ctx, store::find, before.id, None)),
    };
    if let Some(settled) = settled {
        line::replace(conn, ctx, &after, &settled.lines)?;
    }
    if patch.number.is_some() || patch.custom.is_some() {
        let words = custom::words(ctx, Quote::NAME, &after.custom.0, words(&after.number));
        store::set_words(conn, ctx, after.id, words)?;
    }
    Ok(after)
}

/// A refusal that says which status the quote is in, to whoever sees that.
pub(super) fn refused(ctx: &Ctx, code: kernel::Code, quote: &Quote) -> Error {
    match ctx.sees::<Quote>("status") {
        true => Error::from(code).detail(text!("it is {status}", status = quote.status)),
        false => code.into(),
    }
}

/// Locks the quote for a change.
pub(super) fn changeable(conn: &mut Conn, ctx: &Ctx, id: QuoteId, base: Option<i32>) -> Result<Quote> {
    match store::lock(conn, ctx, kernel::Action::Update, id)? {
        Some(quote) if base.is_none_or(|version| version == quote.version) => Ok(quote),
        _ => Err(untouched(conn, ctx, store::find, id, base)),
    }
}

/// The quote with this key is changed, or made where there is none; its lines are replaced where there are some in the
/// patch.
pub fn upsert(conn: &mut Conn, ctx: &Ctx, key: &Key, ask: &Upsert<NewQuote, QuotePatch>) -> Result<Upserted<Quote>> {
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

pub fn archive(conn: &mut Conn, ctx: &Ctx, id: QuoteId, base: Option<i32>) -> Result<Quote> {
    match store::set_archived(conn, ctx, id, base, true)? {
        Some(quote) => Ok(quote),
        None => Err(untouched(conn, ctx, store::find, id, base)),
    }
}

/// A quote that is not archived is answered as it is.
pub fn restore(conn: &mut Conn, ctx: &Ctx, id: QuoteId) -> Result<Quote> {
    let found = store::find_any(conn, ctx, id)?;
    if found.deleted_at.is_none() {
        return Ok(found);
    }
    let done = store::set_archived(conn, ctx, id, None, false);
    let done = done.map_err(|e| with_existing(conn, ctx, named(e), Some(&found.number)))?;
    done.ok_or_else(|| error::FORBIDDEN.into())
}

/// Gone for good, with its lines and links; one that an order or a contract came of stays as long as that.
pub fn purge(conn: &mut Conn, ctx: &Ctx, id: QuoteId, base: Option<i32>) -> Result<()> {
    deed::purge(conn, ctx, id, base, store::find_any, store::delete)
}

/// The opportunity that a body names.
fn opportunity_of(conn: &mut Conn, ctx: &Ctx, id: Option<OpportunityId>) -> Result<Option<Opportunity>> {
    let Some(id) = id else { return Ok(None) };
    let found = ctx.must::<Read<Opportunity>>().and_then(|()| opportunity::find(conn, ctx, id));
    found.map(Some).map_err(|error| unknown(error, "/opportunity_id"))
}

fn price_book_is_there(conn: &mut Conn, ctx: &Ctx, id: Option<PriceBookId>) -> Result<()> {
    let Some(id) = id else { return Ok(()) };
    let found = ctx.must::<Read<price_book::PriceBook>>().and_then(|()| price_book::find(conn, ctx, id));
    found.map(drop).map_err(|error| unknown(error, "/price_book_id"))
}

/// What is not there for the caller is no reference.
fn unknown(error: Error, pointer: &str) -> Error {
    match error.kind() {
        Kind::NotFound | Kind::Forbidden => {
            let fault = Fault::new(pointer, error::UNKNOWN_REFERENCE.name, text!("there is no such record"));
            Error::from(error::UNKNOWN_REFERENCE).fault(fault)
        }
        _ => error,
    }
}

/// The next number of the year that nobody has given by hand.
fn counted(conn: &mut Conn, ctx: &Ctx) -> Result<String> {
    let year = others::today(conn, ctx)?.year();
    next_number(conn, ctx, &format!("quote-{year}"), |conn, count| {
        let number = format!("Q-{year}-{count:05}");
        let taken = store::is_taken(conn, ctx, &number)?;
        Ok((!taken).then_some(number))
    })
}

/// What it is found by: the one choice of words.
pub(super) fn words(number: &str) -> Vec<String> {
    Words::new().whole(number).lexemes()
}

/// The constraints of the table, by the codes of the room.
fn named(error: Sql) -> Error {
    match &error {
        Sql::DatabaseError(UniqueViolation, info)
            if info
                .constraint_name()
                .is_some_and(|name| ["quotes_number_key", "quotes_revision_key"].contains(&name)) =>
        {
            Error::from(NUMBER_TAKEN).source(error)
        }
        _ => error.into(),
    }
}

/// Which quote has the number, if the caller may see it: asked after the transaction that failed on it.
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
