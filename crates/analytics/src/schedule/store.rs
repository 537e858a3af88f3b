//! The queries of a schedule. `scope` is the only way in for callers; the clock and the jobs that it puts down hold the
//! tenant themselves.
use super::{NewReportSchedule, ReportSchedule, ReportSchedulePatch};
use crate::schema::{report_schedules, users};
use chrono::{DateTime, Utc};
use diesel::dsl::auto_type;
use diesel::prelude::*;
use diesel::result::QueryResult;
use kernel::event::Verb;
use kernel::{Action, Ctx, Page, ReportScheduleId, Result, TenantId, UserId};
use platform::search::{Words, array_to_tsvector};
use platform::visible::{self, Visible};
use platform::{Batch, Conn, Listing, Record as _};
use serde_json::Value;
use uuid::Uuid;

/// The schedules of the tenant on which the actor may do `action`, archived ones too.
#[auto_type]
fn scope(ctx: &Ctx, action: Action) -> _ {
    let tenant: TenantId = ctx.tenant;
    let visible: Visible<report_schedules::table> = visible::rows(ctx, action);
    report_schedules::table.filter(report_schedules::tenant_id.eq(tenant)).filter(visible)
}

pub fn find(conn: &mut Conn, ctx: &Ctx, id: ReportScheduleId) -> Result<ReportSchedule> {
    let target = scope(ctx, Action::Read).filter(report_schedules::deleted_at.is_null());
    Ok(target.filter(report_schedules::id.eq(id)).select(ReportSchedule::as_select()).first(conn)?)
}

/// Whether living or archived.
pub(super) fn find_any(conn: &mut Conn, ctx: &Ctx, id: ReportScheduleId) -> QueryResult<ReportSchedule> {
    scope(ctx, Action::Read).filter(report_schedules::id.eq(id)).select(ReportSchedule::as_select()).first(conn)
}

pub fn list(conn: &mut Conn, ctx: &Ctx, listing: &Listing<report_schedules::table>) -> Result<Page<ReportSchedule>> {
    listing.page(
        conn,
        ctx,
        |conn, ask| {
            let page = scope(ctx, Action::Read).filter(ask.matching()).order(ask.order()).limit(ask.limit());
            page.select((ReportSchedule::as_select(), ask.keys())).load(conn)
        },
        |ask| scope(ctx, Action::Read).filter(ask.matching()).select(report_schedules::id),
        |schedule| &schedule.name,
    )
}

pub(super) fn insert(
    conn: &mut Conn,
    ctx: &Ctx,
    new: &NewReportSchedule,
    next_at: Option<DateTime<Utc>>,
) -> QueryResult<ReportSchedule> {
    let given = (
        report_schedules::tenant_id.eq(ctx.tenant),
        report_schedules::id.eq(new.id.unwrap_or_else(ReportScheduleId::new)),
        report_schedules::owner_id.eq(new.owner_id.unwrap_or(ctx.actor.user)),
        (report_schedules::created_at.eq(ctx.now), report_schedules::updated_at.eq(ctx.now)),
        (report_schedules::created_by.eq(ctx.actor.user), report_schedules::updated_by.eq(ctx.actor.user)),
        report_schedules::search.eq(array_to_tsvector(words(&new.name))),
    );
    let asked = (
        report_schedules::parameters.eq(Value::Object(new.parameters.clone())),
        report_schedules::status.eq("active"),
        report_schedules::next_at.eq(next_at),
    );
    diesel::insert_into(report_schedules::table)
        .values((given, asked, new))
        .returning(ReportSchedule::as_returning())
        .recorded::<ReportSchedule>(ctx, Verb::Created)
        .get_result(conn)
}

/// Nothing comes back where it may not be changed, or is no longer at version `base`.
pub(super) fn update(
    conn: &mut Conn,
    ctx: &Ctx,
    id: ReportScheduleId,
    base: Option<i32>,
    patch: &ReportSchedulePatch,
    next_at: Option<Option<DateTime<Utc>>>,
) -> QueryResult<Option<ReportSchedule>> {
    let (oldest, newest) = base.map_or((i32::MIN, i32::MAX), |version| (version, version));
    let target = scope(ctx, Action::Update)
        .filter(report_schedules::deleted_at.is_null())
        .filter(report_schedules::id.eq(id))
        .filter(report_schedules::version.between(oldest, newest));
    let parameters = patch.parameters.clone().map(|all| report_schedules::parameters.eq(Value::Object(all)));
    let begun = patch.status.as_ref().map(|_| report_schedules::status_reason.eq(None::<String>));
    let asked = (parameters, begun, next_at.map(|next| report_schedules::next_at.eq(next)));
    let search = patch.name.as_deref().map(|name| report_schedules::search.eq(array_to_tsvector(words(name))));
    diesel::update(target)
        .set((patch, asked, search, moved(ctx)))
        .returning(ReportSchedule::as_returning())
        .recorded::<ReportSchedule>(ctx, Verb::Updated)
        .get_result(conn)
        .optional()
}

/// Archives a living one, or restores an archived one.
pub(super) fn set_archived(
    conn: &mut Conn,
    ctx: &Ctx,
    id: ReportScheduleId,
    base: Option<i32>,
    archived: bool,
) -> QueryResult<Option<ReportSchedule>> {
    let (oldest, newest) = base.map_or((i32::MIN, i32::MAX), |version| (version, version));
    let (verb, at) = if archived { (Verb::Deleted, Some(ctx.now)) } else { (Verb::Restored, None) };
    let target = scope(ctx, Action::Delete)
        .filter(report_schedules::deleted_at.is_null().eq(archived))
        .filter(report_schedules::id.eq(id))
        .filter(report_schedules::version.between(oldest, newest));
    diesel::update(target)
        .set((report_schedules::deleted_at.eq(at), moved(ctx)))
        .returning(ReportSchedule::as_returning())
        .recorded::<ReportSchedule>(ctx, verb)
        .get_result(conn)
        .optional()
}

#[auto_type]
fn moved(ctx: &Ctx) -> _ {
    let now: DateTime<Utc> = ctx.now;
    let user: UserId = ctx.actor.user;
    (
        report_schedules::version.eq(report_schedules::version + 1_i32),
        report_schedules::updated_at.eq(now),
        report_schedules::updated_by.eq(user),
    )
}

fn words(name: &str) -> Vec<String> {
    Words::new().name(name).lexemes()
}

/// Who of these works here.
pub(super) fn people_of(conn: &mut Conn, ctx: &Ctx, ids: &[Uuid]) -> QueryResult<Vec<Uuid>> {
    let here = users::table.filter(users::tenant_id.eq(ctx.tenant)).filter(users::id.eq_any(ids));
    here.filter(users::is_active).filter(users::deleted_at.is_null()).select(users::id).load(conn)
}

pub(super) fn is_active(conn: &mut Conn, ctx: &Ctx, user: UserId) -> QueryResult<bool> {
    Ok(!people_of(conn, ctx, &[user.0])?.is_empty())
}

/// Where somebody gets letters, and in which language.
pub(super) fn address(conn: &mut Conn, ctx: &Ctx, user: UserId) -> QueryResult<Option<(String, Option<String>)>> {
    let here = users::table.find((ctx.tenant, user)).filter(users::is_active).filter(users::deleted_at.is_null());
    here.select((users::email, users::locale)).first(conn).optional()
}

/// One that is living, whoever asks.
pub(super) fn held(conn: &mut Conn, ctx: &Ctx, id: ReportScheduleId) -> QueryResult<ReportSchedule> {
    let living = report_schedules::table.find((ctx.tenant, id)).filter(report_schedules::deleted_at.is_null());
    living.select(ReportSchedule::as_select()).first(conn)
}

/// It was sent, and when it is next.
pub(super) fn set_next(
    conn: &mut Conn,
    ctx: &Ctx,
    id: ReportScheduleId,
    next: Option<DateTime<Utc>>,
) -> QueryResult<ReportSchedule> {
    let sent = (report_schedules::last_at.eq(ctx.now), report_schedules::next_at.eq(next));
    diesel::update(report_schedules::table.find((ctx.tenant, id)))
        .set((sent, moved(ctx)))
        .returning(ReportSchedule::as_returning())
        .recorded::<ReportSchedule>(ctx, Verb::Updated)
        .get_result(conn)
}

/// It is sent no more until somebody says so.
pub(super) fn pause(conn: &mut Conn, ctx: &Ctx, id: ReportScheduleId, why: &str) -> QueryResult<ReportSchedule> {
    let paused = (report_schedules::status.eq("paused"), report_schedules::status_reason.eq(why));
    diesel::update(report_schedules::table.find((ctx.tenant, id)))
        .set((paused, moved(ctx)))
        .returning(ReportSchedule::as_returning())
        .recorded::<ReportSchedule>(ctx, Verb::Updated)
        .get_result(conn)
}

impl Batch for ReportSchedule {
    fn find(conn: &mut Conn, ctx: &Ctx, id: ReportScheduleId) -> Result<Self> {
        find(conn, ctx, id)
    }
    fn batch(conn: &mut Conn, tenant: TenantId, ids: &[ReportScheduleId]) -> Result<Vec<Self>> {
        Ok(report_schedules::table
            .filter(report_schedules::tenant_id.eq(tenant))
            .filter(report_schedules::deleted_at.is_null())
            .filter(report_schedules::id.eq_any(ids))
            .select(ReportSchedule::as_select())
            .load(conn)?)
    }
}
