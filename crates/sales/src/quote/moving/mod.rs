//! The way of a quote: draft → (in review →) approved → sent → accepted, rejected or expired; and revised, when the next
//! revision goes on as a draft and this one is superseded. Each deed locks the quote, looks where it is, and writes one
//! status with one event, so that of two who decide at once one wins.
//!
//! Whoever may approve decides on what is put forward (`quote:approve`), and each time is written down ([`approval`]). What
//! has to be is a rule of the tenant: the discount above which it wants to be asked.
mod store;

use super::approval::{self, Round};
use super::deeds::{changeable, refused, words};
use super::line::{self, pricing};
use super::link::{self, NewQuoteLink, QuoteLink, Said};
use super::order::priced;
use super::{APPROVAL_NEEDED, EMPTY, EXPIRED, Quote, QuoteSending, TRANSITION_REFUSED, store as quotes};
use crate::opportunity::{self, Worth};
use crate::others;
use diesel::Connection;
use kernel::event::Verb;
use kernel::{Action, Ctx, Language, Noun, QuoteId, QuoteLinkId, Result, error};
use platform::custom::Custom;
use platform::deed::untouched;
use platform::job::{self, Priority};
use platform::{Conn, crash, custom, sweep};

/// The job that sends a quote.
pub const JOB: &str = "quote_letter";
/// From which statuses a quote goes to the customer.
const SENDABLE: &[&str] = &["draft", "approved", "sent"];
/// In which the customer may decide; what was approved and handed over is written down by whoever has sold it.
const OPEN: &[&str] = &["approved", "sent"];
const REVISABLE: &[&str] = &["in_review", "approved", "sent", "rejected", "expired"];

/// Puts a draft forward: it is approved at once, unless the tenant wants to be asked.
pub fn submit(conn: &mut Conn, ctx: &Ctx, id: QuoteId) -> Result<Quote> {
    conn.transaction(|conn| {
        let quote = changeable(conn, ctx, id, None)?;
        from(ctx, &quote, &["draft"])?;
        offers(&quote)?;
        if !is_asked(conn, ctx, &quote)? {
            return go(conn, ctx, Action::Update, &quote, "approved", Verb::Updated, None);
        }
        approval::ask(conn, ctx, &quote)?;
        go(conn, ctx, Action::Update, &quote, "in_review", Verb::Updated, Some(Round::Begins))
    })
}

pub fn approve(conn: &mut Conn, ctx: &Ctx, id: QuoteId) -> Result<Quote> {
    review(conn, ctx, id, "approved", Round::Ends { status: approval::APPROVED, reason: None })
}

/// Back to whoever has put it forward, as a draft.
pub fn reject_approval(conn: &mut Conn, ctx: &Ctx, id: QuoteId, reason: Option<&str>) -> Result<Quote> {
    review(conn, ctx, id, "draft", Round::Ends { status: approval::REJECTED, reason })
}

/// What somebody who may says of a quote that waits.
fn review(conn: &mut Conn, ctx: &Ctx, id: QuoteId, status: &str, said: Round) -> Result<Quote> {
    conn.transaction(|conn| {
        let Some(quote) = quotes::lock(conn, ctx, Action::Approve, id)? else {
            return Err(untouched(conn, ctx, quotes::find, id, None));
        };
        from(ctx, &quote, &["in_review"])?;
        ended(conn, ctx, &quote, said)?;
        go(conn, ctx, Action::Approve, &quote, status, Verb::Updated, Some(said))
    })
}

fn ended(conn: &mut Conn, ctx: &Ctx, quote: &Quote, said: Round) -> Result<()> {
    if let Round::Ends { status, reason } = said {
        approval::end(conn, ctx, quote, status, reason)?;
    }
    Ok(())
}

/// To somebody, by a letter that a worker sends. What was sent already may be sent again, and to others.
pub fn send(conn: &mut Conn, ctx: &Ctx, id: QuoteId, ask: &QuoteSending) -> Result<Quote> {
    conn.transaction(|conn| {
        let quote = ready(conn, ctx, id)?;
        let language = match ask.language.as_deref().and_then(Language::of) {
            Some(language) => language,
            None => Language::of(&others::store::letterhead(conn, ctx)?.1).unwrap_or_default(),
        };
        let link = link::put_down(conn, ctx, &quote, ask, language)?;
        job::enqueue_as(conn, ctx, Priority::Urgent, JOB, &serde_json::json!({"link": link}))?;
        go(conn, ctx, Action::Update, &quote, "sent", Verb::Sent, None)
    })
}

/// A link that whoever sells hands over by themselves, with its token: the first one is what sends the quote.
pub fn hand_over(conn: &mut Conn, ctx: &Ctx, id: QuoteId, new: &NewQuoteLink) -> Result<(QuoteLink, String)> {
    conn.transaction(|conn| {
        let quote = ready(conn, ctx, id)?;
        let made = link::hand_over(conn, ctx, &quote, new)?;
        let verb = if quote.status == "sent" { Verb::Updated } else { Verb::Sent };
        go(conn, ctx, Action::Update, &quote, "sent", verb, None)?;
        Ok(made)
    })
}

/// The link shows nothing any more. One that is over by that already is answered as it is.
pub fn revoke(conn: &mut Conn, ctx: &Ctx, id: QuoteLinkId) -> Result<QuoteLink> {
    conn.transaction(|conn| {
        let of = link::find(conn, ctx, id)?.quote_id;
        let quote = changeable(conn, ctx, of, None)?;
        let Some(revoked) = link::revoke(conn, ctx, id)? else { return link::find(conn, ctx, id) };
        go(conn, ctx, Action::Update, &quote, &quote.status, Verb::Updated, None)?;
        Ok(revoked)
    })
}

/// One that may go to its customer, locked.
fn ready(conn: &mut Conn, ctx: &Ctx, id: QuoteId) -> Result<Quote> {
    let quote = changeable(conn, ctx, id, None)?;
    from(ctx, &quote, SENDABLE)?;
    offers(&quote)?;
    if quote.is_over(others::today(conn, ctx)?) {
        return Err(EXPIRED.into());
    }
    match quote.status == "draft" && is_asked(conn, ctx, &quote)? {
        true => Err(APPROVAL_NEEDED.into()),
        false => Ok(quote),
    }
}

/// What the customer has said otherwise, written down by whoever may change the quote.
pub fn accept(conn: &mut Conn, ctx: &Ctx, id: QuoteId) -> Result<Quote> {
    noted(conn, ctx, id, &Said::of("accepted"))
}

pub fn reject(conn: &mut Conn, ctx: &Ctx, id: QuoteId, reason: Option<&str>) -> Result<Quote> {
    noted(conn, ctx, id, &Said { reason: reason.map(str::to_owned), ..Said::of("rejected") })
}

fn noted(conn: &mut Conn, ctx: &Ctx, id: QuoteId, said: &Said) -> Result<Quote> {
    conn.transaction(|conn| {
        let quote = changeable(conn, ctx, id, None)?;
        if quote.status == said.decision {
            return Ok(quote);
        }
        from(ctx, &quote, OPEN)?;
        link::note(conn, ctx, &quote, said)?;
        decided(conn, ctx, &quote, said.decision)
    })
}

/// What the customer says by a link. Said twice, it is answered the same.
pub fn decide(conn: &mut Conn, ctx: &Ctx, token: &str, said: &Said) -> Result<Quote> {
    conn.transaction(|conn| {
        let of = link::good(conn, ctx.tenant, token, ctx.now)?.ok_or(error::NOT_FOUND)?.quote_id;
        let quote = quotes::lock(conn, ctx, Action::Update, of)?.ok_or(error::NOT_FOUND)?;
        // somebody may have revoked it before the quote was held
        let link = link::good(conn, ctx.tenant, token, ctx.now)?.ok_or(error::NOT_FOUND)?;
        if quote.status == said.decision {
            return Ok(quote);
        }
        if quote.status == "expired" || quote.status == "sent" && quote.is_over(others::today(conn, ctx)?) {
            return Err(refused(ctx, EXPIRED, &quote));
        }
        from(ctx, &quote, &["sent"])?;
        link::decided(conn, ctx, &link, said)?;
        let quote = decided(conn, ctx, &quote, said.decision)?;
        crash::point("quote_decided");
        Ok(quote)
    })
}

/// What is accepted is what its opportunity comes to.
fn decided(conn: &mut Conn, ctx: &Ctx, quote: &Quote, decision: &str) -> Result<Quote> {
    if decision != "accepted" {
        return go(conn, ctx, Action::Update, quote, "rejected", Verb::Rejected, None);
    }
    let accepted = go(conn, ctx, Action::Update, quote, "accepted", Verb::Accepted, None)?;
    if let Some(id) = accepted.opportunity_id {
        let lines = line::of_all(conn, ctx, &[accepted.id])?;
        let worth = Worth {
            currency: accepted.currency.clone(),
            amount: Some(accepted.total.amount),
            lines: Some(lines.iter().map(|line| priced(&accepted, line)).collect()),
        };
        opportunity::agreed(conn, ctx, id, &worth)?;
    }
    Ok(accepted)
}

/// The next revision: a draft of the same, in place of this one.
pub fn revise(conn: &mut Conn, ctx: &Ctx, id: QuoteId) -> Result<Quote> {
    conn.transaction(|conn| {
        let old = changeable(conn, ctx, id, None)?;
        from(ctx, &old, REVISABLE)?;
        let waits = old.status == "in_review";
        let round = waits.then_some(Round::Ends { status: approval::WITHDRAWN, reason: None });
        if let Some(round) = round {
            ended(conn, ctx, &old, round)?;
        }
        go(conn, ctx, Action::Update, &old, "superseded", Verb::Updated, round)?;
        // what is unique stays with the one that had it
        let mut own = old.custom.clone();
        let known = ctx.grants.own();
        let unique = known.of(Quote::NAME).iter().filter(|own| own.is_unique);
        unique.for_each(|field| drop(own.0.remove(&field.key)));
        let words = custom::words(ctx, Quote::NAME, &own.0, words(&old.number));
        let next = store::insert_next(conn, ctx, &old, &Custom(own.0), words)?;
        let lines = line::of_all(conn, ctx, &[old.id])?;
        let lines: Vec<_> = lines.iter().map(pricing::standing).collect();
        line::write(conn, ctx, &next, &lines, &[])?;
        Ok(next)
    })
}

/// Ends what has run out, of all tenants: each once, by one worker. How many that were.
pub fn expire_due(conn: &mut Conn) -> Result<usize> {
    sweep::pass(conn, &store::OVER, |conn, due: &store::Due| {
        store::expire(conn, &Ctx::powerless(due.tenant_id, due.owner_id, due.now), due.id)?;
        crash::point("quote_expired");
        Ok(())
    })
}

fn from(ctx: &Ctx, quote: &Quote, statuses: &[&str]) -> Result<()> {
    if statuses.contains(&quote.status.as_str()) { Ok(()) } else { Err(refused(ctx, TRANSITION_REFUSED, quote)) }
}

fn offers(quote: &Quote) -> Result<()> {
    if quote.line_count > 0 { Ok(()) } else { Err(EMPTY.into()) }
}

/// Whether more is off than the tenant lets go without being asked.
fn is_asked(conn: &mut Conn, ctx: &Ctx, quote: &Quote) -> Result<bool> {
    let Some(limit) = store::approval_discount(conn, ctx)? else { return Ok(false) };
    let most = quote.subtotal.amount.checked_mul(limit);
    Ok(most.is_none_or(|most| quote.discount.amount > most))
}

fn go(
    conn: &mut Conn,
    ctx: &Ctx,
    action: Action,
    quote: &Quote,
    status: &str,
    verb: Verb,
    round: Option<Round>,
) -> Result<Quote> {
    store::set_status(conn, ctx, action, quote.id, (status, verb), round)?.ok_or_else(|| error::FORBIDDEN.into())
}
