//! The queries of a dashboard. `scope` is the only way in; a public dashboard is seen by all who read dashboards.
use super::{Dashboard, DashboardPatch, NewDashboard};
use crate::schema::dashboards;
use chrono::{DateTime, Utc};
use diesel::dsl::auto_type;
use diesel::prelude::*;
use diesel::result::QueryResult;
use kernel::event::Verb;
use kernel::{Action, Ctx, DashboardId, Page, Reach, Result, TenantId, UserId};
use platform::search::{Words, array_to_tsvector};
use platform::visible::{self, Visible};
use platform::{Batch, Conn, Listing, Record as _};
use serde::Serialize;
use serde_json::Value;

/// The dashboards of the tenant on which the actor may do `action`, archived ones too.
#[auto_type]
fn scope(ctx: &Ctx, action: Action) -> _ {
    let tenant: TenantId = ctx.tenant;
    let visible: Visible<dashboards::table> = visible::rows(ctx, action);
    let open: bool = action == Action::Read && ctx.reach::<Dashboard>(Action::Read) > Reach::None;
    dashboards::table
        .filter(dashboards::tenant_id.eq(tenant))
        .filter(visible.or(dashboards::is_public.eq(open).and(dashboards::is_public)))
}

pub fn find(conn: &mut Conn, ctx: &Ctx, id: DashboardId) -> Result<Dashboard> {
    let target = scope(ctx, Action::Read).filter(dashboards::deleted_at.is_null());
    Ok(target.filter(dashboards::id.eq(id)).select(Dashboard::as_select()).first(conn)?)
}

/// Whether living or archived.
pub(super) fn find_any(conn: &mut Conn, ctx: &Ctx, id: DashboardId) -> QueryResult<Dashboard> {
    scope(ctx, Action::Read).filter(dashboards::id.eq(id)).select(Dashboard::as_select()).first(conn)
}

/// The living dashboards among `ids` that the actor may see, in no order.
pub fn many(conn: &mut Conn, ctx: &Ctx, ids: &[DashboardId]) -> Result<Vec<Dashboard>> {
    let living = scope(ctx, Action::Read).filter(dashboards::deleted_at.is_null());
    Ok(living.filter(dashboards::id.eq_any(ids)).select(Dashboard::as_select()).load(conn)?)
}

pub fn list(conn: &mut Conn, ctx: &Ctx, listing: &Listing<dashboards::table>) -> Result<Page<Dashboard>> {
    listing.page(
        conn,
        ctx,
        |conn, ask| {
            let page = scope(ctx, Action::Read).filter(ask.matching()).order(ask.order()).limit(ask.limit());
            page.select((Dashboard::as_select(), ask.keys())).load(conn)
        },
        |ask| scope(ctx, Action::Read).filter(ask.matching()).select(dashboards::id),
        |dashboard| &dashboard.name,
    )
}

pub(super) fn insert(conn: &mut Conn, ctx: &Ctx, new: &NewDashboard) -> QueryResult<Dashboard> {
    let given = (
        dashboards::tenant_id.eq(ctx.tenant),
        dashboards::id.eq(new.id.unwrap_or_else(DashboardId::new)),
        dashboards::owner_id.eq(new.owner_id.unwrap_or(ctx.actor.user)),
        (dashboards::created_at.eq(ctx.now), dashboards::updated_at.eq(ctx.now)),
        (dashboards::created_by.eq(ctx.actor.user), dashboards::updated_by.eq(ctx.actor.user)),
        dashboards::search.eq(array_to_tsvector(words(&new.name))),
    );
    let asked = dashboards::widgets.eq(json(&new.widgets));
    diesel::insert_into(dashboards::table)
        .values((given, asked, new))
        .returning(Dashboard::as_returning())
        .recorded::<Dashboard>(ctx, Verb::Created)
        .get_result(conn)
}

/// Nothing comes back where it may not be changed, or is no longer at version `base`.
pub(super) fn update(
    conn: &mut Conn,
    ctx: &Ctx,
    id: DashboardId,
    base: Option<i32>,
    patch: &DashboardPatch,
) -> QueryResult<Option<Dashboard>> {
    let (oldest, newest) = base.map_or((i32::MIN, i32::MAX), |version| (version, version));
    let target = scope(ctx, Action::Update)
        .filter(dashboards::deleted_at.is_null())
        .filter(dashboards::id.eq(id))
        .filter(dashboards::version.between(oldest, newest));
    let asked = patch.widgets.as_ref().map(|widgets| dashboards::widgets.eq(json(widgets)));
    let search = patch.name.as_deref().map(|name| dashboards::search.eq(array_to_tsvector(words(name))));
    diesel::update(target)
        .set((patch, asked, search, moved(ctx)))
        .returning(Dashboard::as_returning())
        .recorded::<Dashboard>(ctx, Verb::Updated)
        .get_result(conn)
        .optional()
}

/// Archives a living one, or restores an archived one.
pub(super) fn set_archived(
    conn: &mut Conn,
    ctx: &Ctx,
    id: DashboardId,
    base: Option<i32>,
    archived: bool,
) -> QueryResult<Option<Dashboard>> {
    let (oldest, newest) = base.map_or((i32::MIN, i32::MAX), |version| (version, version));
    let (verb, at) = if archived { (Verb::Deleted, Some(ctx.now)) } else { (Verb::Restored, None) };
    let target = scope(ctx, Action::Delete)
        .filter(dashboards::deleted_at.is_null().eq(archived))
        .filter(dashboards::id.eq(id))
        .filter(dashboards::version.between(oldest, newest));
    diesel::update(target)
        .set((dashboards::deleted_at.eq(at), moved(ctx)))
        .returning(Dashboard::as_returning())
        .recorded::<Dashboard>(ctx, verb)
        .get_result(conn)
        .optional()
}

#[auto_type]
fn moved(ctx: &Ctx) -> _ {
    let now: DateTime<Utc> = ctx.now;
    let user: UserId = ctx.actor.user;
    (
        dashboards::version.eq(dashboards::version + 1_i32),
        dashboards::updated_at.eq(now),
        dashboards::updated_by.eq(user),
    )
}

/// As it is kept.
fn json(said: &impl Serialize) -> Value {
    serde_json::to_value(said).unwrap_or_default()
}

fn words(name: &str) -> Vec<String> {
    Words::new().name(name).lexemes()
}

impl Batch for Dashboard {
    fn find(conn: &mut Conn, ctx: &Ctx, id: DashboardId) -> Result<Self> {
        find(conn, ctx, id)
    }
    fn batch(conn: &mut Conn, tenant: TenantId, ids: &[DashboardId]) -> Result<Vec<Self>> {
        Ok(dashboards::table
            .filter(dashboards::tenant_id.eq(tenant))
            .filter(dashboards::deleted_at.is_null())
            .filter(dashboards::id.eq_any(ids))
            .select(Dashboard::as_select())
            .load(conn)?)
    }
}
