//! The queries of a privacy request. `scope` is the only way in.
use super::{NewPrivacyRequest, PrivacyRequest, PrivacyRequestPatch};
use crate::history::SLACK;
use crate::schema::{event_log, jobs, privacy_requests, restrictions};
use crate::search::{Words, array_to_tsvector};
use crate::{Batch, Conn, Listing, Record as _, moment};
use chrono::{DateTime, NaiveDate, Utc};
use diesel::dsl::{AsExprOf, auto_type};
use diesel::prelude::*;
use diesel::result::QueryResult;
use diesel::sql_types::Bool;
use kernel::event::Verb;
use kernel::{Action, Ctx, JobId, Page, PrivacyRequestId, Reach, RestrictionId, Result, TenantId, UserId};
use serde_json::{Value, json};
use uuid::Uuid;

/// The requests of the tenant, for an actor who may do `action`.
#[auto_type]
fn scope(ctx: &Ctx, action: Action) -> _ {
    let tenant: TenantId = ctx.tenant;
    let open: AsExprOf<bool, Bool> =
        (ctx.reach::<PrivacyRequest>(Action::Read).min(ctx.reach::<PrivacyRequest>(action)) > Reach::None)
            .into_sql::<Bool>();
    privacy_requests::table.filter(privacy_requests::tenant_id.eq(tenant)).filter(open)
}

pub fn find(conn: &mut Conn, ctx: &Ctx, id: PrivacyRequestId) -> Result<PrivacyRequest> {
    let target = scope(ctx, Action::Read).filter(privacy_requests::id.eq(id));
    Ok(target.select(PrivacyRequest::as_select()).first(conn)?)
}

pub fn list(conn: &mut Conn, ctx: &Ctx, listing: &Listing<privacy_requests::table>) -> Result<Page<PrivacyRequest>> {
    listing.page(
        conn,
        ctx,
        |conn, ask| {
            let page = scope(ctx, Action::Read).filter(ask.matching()).order(ask.order()).limit(ask.limit());
            page.select((PrivacyRequest::as_select(), ask.keys())).load(conn)
        },
        |ask| scope(ctx, Action::Read).filter(ask.matching()).select(privacy_requests::id),
        |request| request.requester_name.as_deref().unwrap_or_default(),
    )
}

pub(super) fn insert(
    conn: &mut Conn,
    ctx: &Ctx,
    new: &NewPrivacyRequest,
    law: &str,
    due_on: NaiveDate,
) -> QueryResult<PrivacyRequest> {
    let who = (
        privacy_requests::subject_kind.eq(&new.subject_kind),
        privacy_requests::subject_id.eq(new.subject_id),
        privacy_requests::requester_name.eq(&new.requester_name),
        privacy_requests::requester_email.eq(&new.requester_email),
    );
    let what = (
        privacy_requests::kind.eq(&new.kind),
        privacy_requests::words.eq(&new.words),
        privacy_requests::channel.eq(&new.channel),
        privacy_requests::law.eq(law),
        privacy_requests::due_on.eq(due_on),
        privacy_requests::evidence.eq(&new.evidence),
    );
    let row = (
        privacy_requests::tenant_id.eq(ctx.tenant),
        privacy_requests::id.eq(new.id.unwrap_or_else(PrivacyRequestId::new)),
        who,
        what,
        (privacy_requests::created_at.eq(ctx.now), privacy_requests::updated_at.eq(ctx.now)),
        (privacy_requests::created_by.eq(ctx.actor.user), privacy_requests::updated_by.eq(ctx.actor.user)),
        privacy_requests::search.eq(array_to_tsvector(words(
            new.requester_name.as_deref(),
            new.requester_email.as_deref(),
            new.words.as_deref(),
        ))),
    );
    let insert = diesel::insert_into(privacy_requests::table).values(row).returning(PrivacyRequest::as_returning());
    insert.recorded::<PrivacyRequest>(ctx, Verb::Created).get_result(conn)
}

/// Locks the request, if the actor may change it.
pub(super) fn lock(conn: &mut Conn, ctx: &Ctx, id: PrivacyRequestId) -> QueryResult<Option<PrivacyRequest>> {
    let target = scope(ctx, Action::Update).filter(privacy_requests::id.eq(id)).for_update();
    target.select(PrivacyRequest::as_select()).first(conn).optional()
}

pub(super) fn update(
    conn: &mut Conn,
    ctx: &Ctx,
    before: &PrivacyRequest,
    patch: &PrivacyRequestPatch,
) -> QueryResult<PrivacyRequest> {
    let after = |new: &Option<Option<String>>, old: &Option<String>| new.clone().unwrap_or_else(|| old.clone());
    let (name, email) =
        (after(&patch.requester_name, &before.requester_name), after(&patch.requester_email, &before.requester_email));
    let said = after(&patch.words, &before.words);
    let search =
        privacy_requests::search.eq(array_to_tsvector(words(name.as_deref(), email.as_deref(), said.as_deref())));
    let update = diesel::update(privacy_requests::table.find((ctx.tenant, before.id)))
        .set((patch, search, moved(ctx)))
        .returning(PrivacyRequest::as_returning());
    update.recorded::<PrivacyRequest>(ctx, Verb::Updated).get_result(conn)
}

/// What a step changes: what is absent stays.
#[derive(Debug, Default, AsChangeset)]
#[diesel(table_name = privacy_requests)]
pub(super) struct Step {
    pub status: Option<&'static str>,
    pub verified_how: Option<String>,
    pub verified_at: Option<DateTime<Utc>>,
    pub started_at: Option<DateTime<Utc>>,
    pub closed_at: Option<DateTime<Utc>>,
    pub reason: Option<String>,
    pub outcome: Option<Value>,
    pub error: Option<Option<String>>,
    pub file_size: Option<Option<i64>>,
    pub file_sha256: Option<Option<String>>,
    pub file_expires_at: Option<Option<DateTime<Utc>>>,
    pub job_id: Option<Option<JobId>>,
}

/// Of a request that is locked, or that nobody else works on.
pub(super) fn step(
    conn: &mut Conn,
    ctx: &Ctx,
    id: PrivacyRequestId,
    step: &Step,
    verb: Verb,
) -> QueryResult<PrivacyRequest> {
    let update = diesel::update(privacy_requests::table.find((ctx.tenant, id)))
        .set((step, moved(ctx)))
        .returning(PrivacyRequest::as_returning());
    update.recorded::<PrivacyRequest>(ctx, verb).get_result(conn)
}

#[auto_type]
fn moved(ctx: &Ctx) -> _ {
    let now: DateTime<Utc> = ctx.now;
    let user: UserId = ctx.actor.user;
    (
        privacy_requests::version.eq(privacy_requests::version + 1_i32),
        privacy_requests::updated_at.eq(now),
        privacy_requests::updated_by.eq(user),
    )
}

fn words(name: Option<&str>, email: Option<&str>, said: Option<&str>) -> Vec<String> {
    let words = Words::new().maybe(name, |all, text| all.name(text)).maybe(email, |all, text| all.whole(text));
    words.maybe(said, |all, text| all.text(text)).lexemes()
}

/// Whether a job has not ended.
pub(super) fn is_running(conn: &mut Conn, tenant: TenantId, job: JobId) -> QueryResult<bool> {
    let running = jobs::table.find((tenant, job)).filter(jobs::status.eq_any(["queued", "running"]));
    Ok(running.select(jobs::id).first::<JobId>(conn).optional()?.is_some())
}

/// What has happened to a record since, as ids and names of events.
pub(super) fn changes(
    conn: &mut Conn,
    tenant: TenantId,
    record: Uuid,
    since: DateTime<Utc>,
) -> QueryResult<Vec<Value>> {
    let events = event_log::table
        .filter(event_log::tenant_id.eq(tenant))
        .filter(event_log::object_id.eq(record))
        .filter(event_log::occurred_at.ge(since))
        .filter(event_log::id.ge(moment::first_of(since - SLACK)))
        .order((event_log::version, event_log::id))
        .limit(1000)
        .select((event_log::id, event_log::name, event_log::version, event_log::occurred_at));
    let told = |(id, name, version, at): (Uuid, String, i32, DateTime<Utc>)| json!({"event_id": id, "name": name, "version": version, "occurred_at": at});
    Ok(events.load(conn)?.into_iter().map(told).collect())
}

pub(super) fn restrict(
    conn: &mut Conn,
    ctx: &Ctx,
    request: PrivacyRequestId,
    kind: &str,
    record: Uuid,
) -> QueryResult<usize> {
    let row = (
        restrictions::tenant_id.eq(ctx.tenant),
        restrictions::id.eq(RestrictionId::new()),
        restrictions::record_id.eq(record),
        restrictions::resource.eq(kind),
        restrictions::request_id.eq(request),
        restrictions::restricted_at.eq(ctx.now),
    );
    diesel::insert_into(restrictions::table).values(row).on_conflict_do_nothing().execute(conn)
}

pub(super) fn lift(conn: &mut Conn, tenant: TenantId, request: PrivacyRequestId) -> QueryResult<usize> {
    let stands = restrictions::table.filter(restrictions::tenant_id.eq(tenant));
    diesel::delete(stands.filter(restrictions::request_id.eq(request))).execute(conn)
}

/// Of these requests those whose files have expired, of whatever tenant, or that are not there.
pub fn expired(conn: &mut Conn, ids: &[Uuid], now: DateTime<Utc>) -> Result<Vec<Uuid>> {
    let good: Vec<Uuid> = privacy_requests::table
        .filter(privacy_requests::id.eq_any(ids))
        .filter(privacy_requests::file_expires_at.gt(now))
        .select(privacy_requests::id)
        .load(conn)?;
    Ok(ids.iter().copied().filter(|id| !good.contains(id)).collect())
}

impl Batch for PrivacyRequest {
    fn find(conn: &mut Conn, ctx: &Ctx, id: PrivacyRequestId) -> Result<Self> {
        find(conn, ctx, id)
    }
    fn batch(conn: &mut Conn, tenant: TenantId, ids: &[PrivacyRequestId]) -> Result<Vec<Self>> {
        Ok(privacy_requests::table
            .filter(privacy_requests::tenant_id.eq(tenant))
            .filter(privacy_requests::id.eq_any(ids))
            .select(PrivacyRequest::as_select())
            .load(conn)?)
    }
}
