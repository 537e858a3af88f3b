//! The queries of rounds. Their quote was asked for through its `scope` before, or is locked.
use super::{PENDING, QuoteApproval};
use crate::quote::schema::quote_approvals;
use crate::quote::{self, Quote};
use diesel::prelude::*;
use diesel::result::QueryResult;
use kernel::{Ctx, Page, QuoteApprovalId, QuoteId, Result};
use platform::{Conn, Listing};

/// The rounds of a quote that the caller may see, the first one first.
pub fn of(conn: &mut Conn, ctx: &Ctx, quote: QuoteId) -> Result<Vec<QuoteApproval>> {
    quote::find(conn, ctx, quote)?;
    of_all(conn, ctx, &[quote])
}

/// The rounds of quotes that the caller may see.
pub fn of_all(conn: &mut Conn, ctx: &Ctx, quotes: &[QuoteId]) -> Result<Vec<QuoteApproval>> {
    Ok(quote_approvals::table
        .filter(quote_approvals::tenant_id.eq(ctx.tenant))
        .filter(quote_approvals::quote_id.eq_any(quotes))
        .order((quote_approvals::quote_id, quote_approvals::requested_at, quote_approvals::id))
        .select(QuoteApproval::as_select())
        .load(conn)?)
}

/// The rounds of all quotes that the actor may see: a part's `Listing` asks for its whole.
pub fn list(conn: &mut Conn, ctx: &Ctx, listing: &Listing<quote_approvals::table>) -> Result<Page<QuoteApproval>> {
    let all = || quote_approvals::table.filter(quote_approvals::tenant_id.eq(ctx.tenant));
    listing.page(
        conn,
        ctx,
        |conn, ask| {
            let page = all().filter(ask.matching()).order(ask.order()).limit(ask.limit());
            page.select((QuoteApproval::as_select(), ask.keys())).load(conn)
        },
        |ask| all().filter(ask.matching()).select(quote_approvals::id),
        |one| &one.status,
    )
}

/// Somebody has put the quote forward.
pub fn ask(conn: &mut Conn, ctx: &Ctx, quote: &Quote) -> QueryResult<usize> {
    let row = (
        quote_approvals::tenant_id.eq(ctx.tenant),
        quote_approvals::id.eq(QuoteApprovalId::new()),
        quote_approvals::quote_id.eq(quote.id),
        quote_approvals::status.eq(PENDING),
        quote_approvals::requested_by.eq(ctx.actor.user),
        quote_approvals::requested_at.eq(ctx.now),
    );
    diesel::insert_into(quote_approvals::table).values(row).execute(conn)
}

/// What came of the round that waits.
pub fn end(conn: &mut Conn, ctx: &Ctx, quote: &Quote, status: &str, reason: Option<&str>) -> QueryResult<usize> {
    let waiting = quote_approvals::table
        .filter(quote_approvals::tenant_id.eq(ctx.tenant))
        .filter(quote_approvals::quote_id.eq(quote.id))
        .filter(quote_approvals::status.eq(PENDING));
    let said = (
        quote_approvals::status.eq(status),
        quote_approvals::decided_by.eq(ctx.actor.user),
        quote_approvals::decided_at.eq(ctx.now),
        quote_approvals::reason.eq(reason),
        quote_approvals::version.eq(quote_approvals::version + 1),
    );
    diesel::update(waiting).set(said).execute(conn)
}
