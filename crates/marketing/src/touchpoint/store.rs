//! The queries of touchpoints: parts of contacts that were asked for, or whose list asks for them.
use super::schema::touchpoints;
use super::{NewTouchpoint, Touchpoint};
use diesel::prelude::*;
use diesel::result::QueryResult;
use kernel::event::Verb;
use kernel::{Ctx, Page, Result, TouchpointId};
use platform::{Conn, Listing, Record};

/// The touchpoints of all contacts that the actor may see: a part's `Listing` asks for its whole.
pub fn list(conn: &mut Conn, ctx: &Ctx, listing: &Listing<touchpoints::table>) -> Result<Page<Touchpoint>> {
    let all = || touchpoints::table.filter(touchpoints::tenant_id.eq(ctx.tenant));
    listing.page(
        conn,
        ctx,
        |conn, ask| {
            let page = all().filter(ask.matching()).order(ask.order()).limit(ask.limit());
            page.select((Touchpoint::as_select(), ask.keys())).load(conn)
        },
        |ask| all().filter(ask.matching()).select(touchpoints::id),
        |_| "",
    )
}

pub(super) fn find(conn: &mut Conn, ctx: &Ctx, id: TouchpointId) -> QueryResult<Touchpoint> {
    touchpoints::table.find((ctx.tenant, id)).select(Touchpoint::as_select()).first(conn)
}

/// The one that another system calls so.
pub(super) fn called(conn: &mut Conn, ctx: &Ctx, new: &NewTouchpoint) -> QueryResult<Option<Touchpoint>> {
    let Some((system, name)) = new.source_system.as_ref().zip(new.external_id.as_ref()) else { return Ok(None) };
    touchpoints::table
        .filter(touchpoints::tenant_id.eq(ctx.tenant))
        .filter(touchpoints::source_system.eq(system))
        .filter(touchpoints::external_id.eq(name))
        .select(Touchpoint::as_select())
        .first(conn)
        .optional()
}

/// Nothing comes back where it is there already.
pub(super) fn insert(conn: &mut Conn, ctx: &Ctx, new: &NewTouchpoint) -> QueryResult<Option<Touchpoint>> {
    let given = (
        touchpoints::tenant_id.eq(ctx.tenant),
        touchpoints::id.eq(new.id.unwrap_or_else(TouchpointId::new)),
        touchpoints::cost.eq(new.cost.as_ref().map(|cost| cost.amount)),
        touchpoints::cost_currency.eq(new.cost.as_ref().map(|cost| cost.currency.as_str())),
        touchpoints::happened_at.eq(new.happened_at.unwrap_or(ctx.now)),
        touchpoints::created_at.eq(ctx.now),
        touchpoints::created_by.eq(ctx.actor.user),
    );
    diesel::insert_into(touchpoints::table)
        .values((given, new))
        .on_conflict_do_nothing()
        .returning(Touchpoint::as_returning())
        .recorded::<Touchpoint>(ctx, Verb::Created)
        .get_result(conn)
        .optional()
}
