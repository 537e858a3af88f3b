//! The queries of a report. `scope` is the only way in; a public report is seen by all who read reports.
use super::{NewReport, Report, ReportPatch};
use crate::schema::reports;
use chrono::{DateTime, Utc};
use diesel::dsl::auto_type;
use diesel::prelude::*;
use diesel::result::QueryResult;
use kernel::event::Verb;
use kernel::{Action, Ctx, Page, Reach, ReportId, Result, TenantId, UserId};
use platform::search::{Words, array_to_tsvector};
use platform::visible::{self, Visible};
use platform::{Batch, Conn, Listing, Record as _};
use serde::Serialize;
use serde_json::Value;

/// The reports of the tenant on which the actor may do `action`, archived ones too.
#[auto_type]
fn scope(ctx: &Ctx, action: Action) -> _ {
    let tenant: TenantId = ctx.tenant;
    let visible: Visible<reports::table> = visible::rows(ctx, action);
    let open: bool = action == Action::Read && ctx.reach::<Report>(Action::Read) > Reach::None;
    reports::table
        .filter(reports::tenant_id.eq(tenant))
        .filter(visible.or(reports::is_public.eq(open).and(reports::is_public)))
}

pub fn find(conn: &mut Conn, ctx: &Ctx, id: ReportId) -> Result<Report> {
    let target = scope(ctx, Action::Read).filter(reports::deleted_at.is_null());
    Ok(target.filter(reports::id.eq(id)).select(Report::as_select()).first(conn)?)
}

/// Whether living or archived.
pub(super) fn find_any(conn: &mut Conn, ctx: &Ctx, id: ReportId) -> QueryResult<Report> {
    scope(ctx, Action::Read).filter(reports::id.eq(id)).select(Report::as_select()).first(conn)
}

/// The living reports among `ids` that the actor may see, in no order.
pub fn many(conn: &mut Conn, ctx: &Ctx, ids: &[ReportId]) -> Result<Vec<Report>> {
    let living = scope(ctx, Action::Read).filter(reports::deleted_at.is_null());
    Ok(living.filter(reports::id.eq_any(ids)).select(Report::as_select()).load(conn)?)
}

pub fn list(conn: &mut Conn, ctx: &Ctx, listing: &Listing<reports::table>) -> Result<Page<Report>> {
    listing.page(
        conn,
        ctx,
        |conn, ask| {
            let page = scope(ctx, Action::Read).filter(ask.matching()).order(ask.order()).limit(ask.limit());
            page.select((Report::as_select(), ask.keys())).load(conn)
        },
        |ask| scope(ctx, Action::Read).filter(ask.matching()).select(reports::id),
        |report| &report.name,
    )
}

pub(super) fn insert(conn: &mut Conn, ctx: &Ctx, new: &NewReport) -> QueryResult<Report> {
    let given = (
        reports::tenant_id.eq(ctx.tenant),
        reports::id.eq(new.id.unwrap_or_else(ReportId::new)),
        reports::owner_id.eq(new.owner_id.unwrap_or(ctx.actor.user)),
        (reports::created_at.eq(ctx.now), reports::updated_at.eq(ctx.now)),
        (reports::created_by.eq(ctx.actor.user), reports::updated_by.eq(ctx.actor.user)),
        reports::search.eq(array_to_tsvector(words(&new.name))),
    );
    let asked = (
        reports::resource.eq(&new.query.resource),
        reports::query.eq(json(&new.query)),
        reports::chart.eq(new.chart.as_ref().map(json)),
        reports::parameters.eq(json(&new.parameters)),
    );
    diesel::insert_into(reports::table)
        .values((given, asked, new))
        .returning(Report::as_returning())
        .recorded::<Report>(ctx, Verb::Created)
        .get_result(conn)
}

/// Nothing comes back where it may not be changed, or is no longer at version `base`.
pub(super) fn update(
    conn: &mut Conn,
    ctx: &Ctx,
    id: ReportId,
    base: Option<i32>,
    patch: &ReportPatch,
) -> QueryResult<Option<Report>> {
    let (oldest, newest) = base.map_or((i32::MIN, i32::MAX), |version| (version, version));
    let target = scope(ctx, Action::Update)
        .filter(reports::deleted_at.is_null())
        .filter(reports::id.eq(id))
        .filter(reports::version.between(oldest, newest));
    let asked = (
        patch.query.as_ref().map(|query| reports::resource.eq(&query.resource)),
        patch.query.as_ref().map(|query| reports::query.eq(json(query))),
        patch.chart.as_ref().map(|chart| reports::chart.eq(chart.as_ref().map(json))),
        patch.parameters.as_ref().map(|parameters| reports::parameters.eq(json(parameters))),
    );
    let search = patch.name.as_deref().map(|name| reports::search.eq(array_to_tsvector(words(name))));
    diesel::update(target)
        .set((patch, asked, search, moved(ctx)))
        .returning(Report::as_returning())
        .recorded::<Report>(ctx, Verb::Updated)
        .get_result(conn)
        .optional()
}

/// Archives a living one, or restores an archived one.
pub(super) fn set_archived(
    conn: &mut Conn,
    ctx: &Ctx,
    id: ReportId,
    base: Option<i32>,
    archived: bool,
) -> QueryResult<Option<Report>> {
    let (oldest, newest) = base.map_or((i32::MIN, i32::MAX), |version| (version, version));
    let (verb, at) = if archived { (Verb::Deleted, Some(ctx.now)) } else { (Verb::Restored, None) };
    let target = scope(ctx, Action::Delete)
        .filter(reports::deleted_at.is_null().eq(archived))
        .filter(reports::id.eq(id))
        .filter(reports::version.between(oldest, newest));
    diesel::update(target)
        .set((reports::deleted_at.eq(at), moved(ctx)))
        .returning(Report::as_returning())
        .recorded::<Report>(ctx, verb)
        .get_result(conn)
        .optional()
}

#[auto_type]
fn moved(ctx: &Ctx) -> _ {
    let now: DateTime<Utc> = ctx.now;
    let user: UserId = ctx.actor.user;
    (reports::version.eq(reports::version + 1_i32), reports::updated_at.eq(now), reports::updated_by.eq(user))
}

/// As it is kept.
fn json(said: &impl Serialize) -> Value {
    serde_json::to_value(said).unwrap_or_default()
}

fn words(name: &str) -> Vec<String> {
    Words::new().name(name).lexemes()
}

impl Batch for Report {
    fn find(conn: &mut Conn, ctx: &Ctx, id: ReportId) -> Result<Self> {
        find(conn, ctx, id)
    }
    fn batch(conn: &mut Conn, tenant: TenantId, ids: &[ReportId]) -> Result<Vec<Self>> {
        Ok(reports::table
            .filter(reports::tenant_id.eq(tenant))
            .filter(reports::deleted_at.is_null())
            .filter(reports::id.eq_any(ids))
            .select(Report::as_select())
            .load(conn)?)
    }
}
