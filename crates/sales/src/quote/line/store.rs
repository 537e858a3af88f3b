//! The queries of the lines of quotes. Their quote was asked for through its `scope` before.
use super::QuoteLine;
use super::pricing::Offered;
use crate::quote::schema::quote_lines;
use crate::quote::{self, Quote};
use diesel::prelude::*;
use kernel::{Ctx, Page, QuoteId, QuoteLineId, Result};
use platform::{Conn, Listing};

/// The lines of a quote that the caller may see, by position.
pub fn of(conn: &mut Conn, ctx: &Ctx, quote: QuoteId) -> Result<Vec<QuoteLine>> {
    quote::find(conn, ctx, quote)?;
    of_all(conn, ctx, &[quote])
}

/// The lines of quotes that the caller may see; each one's by position.
pub fn of_all(conn: &mut Conn, ctx: &Ctx, quotes: &[QuoteId]) -> Result<Vec<QuoteLine>> {
    Ok(quote_lines::table
        .filter(quote_lines::tenant_id.eq(ctx.tenant))
        .filter(quote_lines::quote_id.eq_any(quotes))
        .order((quote_lines::quote_id, quote_lines::position, quote_lines::id))
        .select(QuoteLine::as_select())
        .load(conn)?)
}

/// The lines of all quotes that the actor may see: a part's `Listing` asks for its whole.
pub fn list(conn: &mut Conn, ctx: &Ctx, listing: &Listing<quote_lines::table>) -> Result<Page<QuoteLine>> {
    let all = || quote_lines::table.filter(quote_lines::tenant_id.eq(ctx.tenant));
    listing.page(
        conn,
        ctx,
        |conn, ask| {
            let page = all().filter(ask.matching()).order(ask.order()).limit(ask.limit());
            page.select((QuoteLine::as_select(), ask.keys())).load(conn)
        },
        |ask| all().filter(ask.matching()).select(quote_lines::id),
        |one| &one.name,
    )
}

/// Puts these in place of all that are there; one whose key was there goes on with its id.
pub fn replace(conn: &mut Conn, ctx: &Ctx, quote: &Quote, lines: &[Offered]) -> Result<()> {
    let all =
        quote_lines::table.filter(quote_lines::tenant_id.eq(ctx.tenant)).filter(quote_lines::quote_id.eq(quote.id));
    let before: Vec<QuoteLine> = diesel::delete(all).returning(QuoteLine::as_returning()).get_results(conn)?;
    write(conn, ctx, quote, lines, &before)
}

/// Writes lines of a quote that has none; one that has the key of a line in `before` goes on as that line.
pub fn write(conn: &mut Conn, ctx: &Ctx, quote: &Quote, lines: &[Offered], before: &[QuoteLine]) -> Result<()> {
    let row = |line: &Offered| {
        let old = before.iter().find(|old| old.line_key == line.line_key);
        (
            (
                quote_lines::tenant_id.eq(ctx.tenant),
                quote_lines::id.eq(old.map_or_else(QuoteLineId::new, |old| old.id)),
                quote_lines::quote_id.eq(quote.id),
                quote_lines::line_key.eq(line.line_key.clone()),
                quote_lines::position.eq(line.position),
                quote_lines::product_id.eq(line.product_id),
                quote_lines::sku.eq(line.sku.clone()),
                quote_lines::name.eq(line.name.clone()),
                quote_lines::quantity.eq(line.asked.terms.quantity),
                quote_lines::unit_price.eq(line.asked.terms.unit_price),
                quote_lines::discount_rate.eq(line.asked.terms.discount_rate),
                quote_lines::discount_fixed.eq(line.asked.discount_fixed),
            ),
            (
                quote_lines::tax_rate.eq(line.asked.terms.tax_rate),
                quote_lines::subtotal_amount.eq(line.amounts.subtotal),
                quote_lines::discount_amount.eq(line.amounts.discount),
                quote_lines::shared_amount.eq(line.amounts.shared),
                quote_lines::tax_amount.eq(line.amounts.tax),
                quote_lines::total_amount.eq(line.amounts.total),
                quote_lines::currency.eq(quote.currency.clone()),
                quote_lines::version.eq(old.map_or(1, |old| old.version + 1)),
                quote_lines::created_at.eq(old.map_or(ctx.now, |old| old.created_at)),
                quote_lines::updated_at.eq(ctx.now),
            ),
        )
    };
    if !lines.is_empty() {
        let rows: Vec<_> = lines.iter().map(row).collect();
        diesel::insert_into(quote_lines::table).values(rows).execute(conn)?;
    }
    Ok(())
}
