//! The queries of the lines of opportunities. Their opportunity was asked for through its `scope` before.
use super::OpportunityLine;
use crate::opportunity::schema::opportunity_lines;
use crate::opportunity::{self, Opportunity};
use crate::order::line::pricing::Priced;
use diesel::dsl::exists;
use diesel::prelude::*;
use kernel::{Ctx, OpportunityId, OpportunityLineId, Page, Result};
use platform::{Conn, Listing};

/// The lines of an opportunity that the caller may see, by position.
pub fn of(conn: &mut Conn, ctx: &Ctx, opportunity: OpportunityId) -> Result<Vec<OpportunityLine>> {
    opportunity::find(conn, ctx, opportunity)?;
    of_all(conn, ctx, &[opportunity])
}

/// The lines of opportunities that the caller may see; each one's by position.
pub fn of_all(conn: &mut Conn, ctx: &Ctx, opportunities: &[OpportunityId]) -> Result<Vec<OpportunityLine>> {
    Ok(opportunity_lines::table
        .filter(opportunity_lines::tenant_id.eq(ctx.tenant))
        .filter(opportunity_lines::opportunity_id.eq_any(opportunities))
        .order((opportunity_lines::opportunity_id, opportunity_lines::position, opportunity_lines::id))
        .select(OpportunityLine::as_select())
        .load(conn)?)
}

/// The lines of all opportunities that the actor may see: a part's `Listing` asks for its whole.
pub fn list(conn: &mut Conn, ctx: &Ctx, listing: &Listing<opportunity_lines::table>) -> Result<Page<OpportunityLine>> {
    let all = || opportunity_lines::table.filter(opportunity_lines::tenant_id.eq(ctx.tenant));
    listing.page(
        conn,
        ctx,
        |conn, ask| {
            let page = all().filter(ask.matching()).order(ask.order()).limit(ask.limit());
            page.select((OpportunityLine::as_select(), ask.keys())).load(conn)
        },
        |ask| all().filter(ask.matching()).select(opportunity_lines::id),
        |one| &one.name,
    )
}

/// Whether an opportunity has any.
pub fn any(conn: &mut Conn, ctx: &Ctx, opportunity: OpportunityId) -> Result<bool> {
    let here = opportunity_lines::table
        .filter(opportunity_lines::tenant_id.eq(ctx.tenant))
        .filter(opportunity_lines::opportunity_id.eq(opportunity));
    Ok(diesel::select(exists(here)).get_result(conn)?)
}

/// Puts these in place of all that are there; one whose key was there goes on with its id.
pub fn replace(conn: &mut Conn, ctx: &Ctx, opportunity: &Opportunity, lines: &[Priced]) -> Result<()> {
    let all = opportunity_lines::table
        .filter(opportunity_lines::tenant_id.eq(ctx.tenant))
        .filter(opportunity_lines::opportunity_id.eq(opportunity.id));
    let before: Vec<OpportunityLine> =
        diesel::delete(all).returning(OpportunityLine::as_returning()).get_results(conn)?;
    write(conn, ctx, opportunity, lines, &before)
}

/// Writes lines of an opportunity that has none; one that has the key of a line in `before` goes on as that line.
pub fn write(
    conn: &mut Conn,
    ctx: &Ctx,
    opportunity: &Opportunity,
    lines: &[Priced],
    before: &[OpportunityLine],
) -> Result<()> {
    let row = |line: &Priced| {
        let old = before.iter().find(|old| old.line_key == line.line_key);
        (
            (
                opportunity_lines::tenant_id.eq(ctx.tenant),
                opportunity_lines::id.eq(old.map_or_else(OpportunityLineId::new, |old| old.id)),
                opportunity_lines::opportunity_id.eq(opportunity.id),
                opportunity_lines::line_key.eq(line.line_key.clone()),
                opportunity_lines::position.eq(line.position),
                opportunity_lines::product_id.eq(line.product_id),
                opportunity_lines::sku.eq(line.sku.clone()),
                opportunity_lines::name.eq(line.name.clone()),
                opportunity_lines::quantity.eq(line.terms.quantity),
                opportunity_lines::unit_price.eq(line.terms.unit_price),
            ),
            (
                opportunity_lines::discount_rate.eq(line.terms.discount_rate),
                opportunity_lines::tax_rate.eq(line.terms.tax_rate),
                opportunity_lines::subtotal_amount.eq(line.amounts.subtotal),
                opportunity_lines::discount_amount.eq(line.amounts.discount),
                opportunity_lines::tax_amount.eq(line.amounts.tax),
                opportunity_lines::total_amount.eq(line.amounts.total),
                opportunity_lines::currency.eq(opportunity.currency.clone()),
                opportunity_lines::version.eq(old.map_or(1, |old| old.version + 1)),
                opportunity_lines::created_at.eq(old.map_or(ctx.now, |old| old.created_at)),
                opportunity_lines::updated_at.eq(ctx.now),
            ),
        )
    };
    if !lines.is_empty() {
        let rows: Vec<_> = lines.iter().map(row).collect();
        diesel::insert_into(opportunity_lines::table).values(rows).execute(conn)?;
    }
    Ok(())
}
