//! The way of a quote: draft → (in approval →) approved → sent → accepted, rejected or expired; and revised, when the next
//! revision goes on as a draft and this one is superseded. Each deed locks the quote, looks where it is, and writes one
//! status with one event, so that of two who decide at once one wins.
//!
//! Whoever may approve decides on what is put forward (`quote:approve`). What has to be is a rule of the tenant: the
//! discount above which it wants to be asked.
mod store;

use super::deeds::{changeable, refused, words};
use super::line::{self, pricing};
use super::link::{self, Said};
use super::order::priced;
use super::{APPROVAL_NEEDED, EMPTY, EXPIRED, Quote, QuoteSending, TRANSITION_REFUSED, store as quotes};
use crate::opportunity::{self, Worth};
use crate::others;
use diesel::Connection;
use kernel::event::Verb;
use kernel::{Action, Ctx, Language, Noun, QuoteId, Result, error};
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
const REVISABLE: &[&str] = &["in_approval", "approved", "sent", "rejected", "expired"];

/// Puts a draft forward: it is approved at once, unless the tenant wants to be asked.
pub fn submit(conn: &mut Conn, ctx: &Ctx, id: QuoteId) -> Result<Quote> {
    conn.transaction(|conn| {
        let quote = changeable(conn, ctx, id, None)?;
        from(ctx, &quote, &["draft"])?;
        let status = if is_asked(conn, ctx, &quote)? { "in_approval" } else { "approved" };
        offers(&quote)?;
        go(conn, ctx, Action::Update, &quote, status, Verb::Updated)
    })
}

pub fn approve(conn: &mut Conn, ctx: &Ctx, id: QuoteId) -> Result<Quote> {
    conn.transaction(|conn| {
        let quote = to_approve(conn, ctx, id)?;
        go(conn, ctx, Action::Approve, &quote, "approved", Verb::Updated)
    })
}

/// Back to whoever has put it forward, as a draft.
pub fn reject_approval(conn: &mut Conn, ctx: &Ctx, id: QuoteId) -> Result<Quote> {
    conn.transaction(|conn| {
        let quote = to_approve(conn, ctx, id)?;
        go(conn, ctx, Action::Approve, &quote, "draft", Verb::Updated)
    })
}

/// To somebody, by a letter that a worker sends. What was sent already may be sent again, and to others.
pub fn send(conn: &mut Conn, ctx: &Ctx, id: QuoteId, ask: &QuoteSending) -> Result<Quote> {
    conn.transaction(|conn| {
        let quote = changeable(conn, ctx, id, None)?;
        from(ctx, &quote, SENDABLE)?;
        offers(&quote)?;
        if quote.is_over(others::today(conn, ctx)?) {
            return Err(EXPIRED.into());
        }
        if quote.status == "draft" && is_asked(conn, ctx, &quote)? {
            return Err(APPROVAL_NEEDED.into());
        }
        let language = match ask.language.as_deref().and_then(Language::of) {
            Some(language) => language,
            None => Language::of(&others::store::letterhead(conn, ctx)?.1).unwrap_or_default(),
        };
        let link = link::put_down(conn, ctx, &quote, ask, language)?;
        job::enqueue_as(conn, ctx, Priority::Urgent, JOB, &serde_json::json!({"link": link}))?;
        go(conn, ctx, Action::Update, &quote, "sent", Verb::Sent)
    })
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

/// What the customer says by the link of a letter. Said twice, it is answered the same.
pub fn decide(conn: &mut Conn, ctx: &Ctx, token: &str, said: &Said) -> Result<Quote> {
    conn.transaction(|conn| {
        let link = link::good(conn, ctx.tenant, token, ctx.now)?.ok_or(error::NOT_FOUND)?;
        let quote = quotes::lock(conn, ctx, Action::Update, link.quote_id)?.ok_or(error::NOT_FOUND)?;
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
        return go(conn, ctx, Action::Update, quote, "rejected", Verb::Rejected);
    }
    let accepted = go(conn, ctx, Action::Update, quote, "accepted", Verb::Accepted)?;
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
        go(conn, ctx, Action::Update, &old, "superseded", Verb::Updated)?;
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

fn to_approve(conn: &mut Conn, ctx: &Ctx, id: QuoteId) -> Result<Quote> {
    let Some(quote) = quotes::lock(conn, ctx, Action::Approve, id)? else {
        return Err(untouched(conn, ctx, quotes::find, id, None));
    };
    from(ctx, &quote, &["in_approval"])?;
    Ok(quote)
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

fn go(conn: &mut Conn, ctx: &Ctx, action: Action, quote: &Quote, status: &str, verb: Verb) -> Result<Quote> {
    store::set_status(conn, ctx, action, quote.id, status, verb)?.ok_or_else(|| error::FORBIDDEN.into())
}
