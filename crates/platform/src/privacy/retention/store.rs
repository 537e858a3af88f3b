//! The queries of a retention policy. `scope` is the only way in.
use super::{NewRetentionPolicy, RetentionPolicy, RetentionPolicyPatch};
use crate::schema::{jobs, retention_policies};
use crate::search::{Words, array_to_tsvector};
use crate::{Batch, Conn, Listing, Record as _};
use chrono::{DateTime, Utc};
use diesel::dsl::{AsExprOf, auto_type};
use diesel::prelude::*;
use diesel::result::QueryResult;
use diesel::sql_types::Bool;
use kernel::event::Verb;
use kernel::{Action, Ctx, JobId, Page, Reach, Result, RetentionPolicyId, TenantId, UserId};

/// The policies of the tenant, for an actor who may do `action`; archived ones too.
#[auto_type]
fn scope(ctx: &Ctx, action: Action) -> _ {
    let tenant: TenantId = ctx.tenant;
    let open: AsExprOf<bool, Bool> =
        (ctx.reach::<RetentionPolicy>(Action::Read).min(ctx.reach::<RetentionPolicy>(action)) > Reach::None)
            .into_sql::<Bool>();
    retention_policies::table.filter(retention_policies::tenant_id.eq(tenant)).filter(open)
}

pub fn find(conn: &mut Conn, ctx: &Ctx, id: RetentionPolicyId) -> Result<RetentionPolicy> {
    let target = scope(ctx, Action::Read).filter(retention_policies::deleted_at.is_null());
    Ok(target.filter(retention_policies::id.eq(id)).select(RetentionPolicy::as_select()).first(conn)?)
}

/// Whether living or archived.
pub(super) fn find_any(conn: &mut Conn, ctx: &Ctx, id: RetentionPolicyId) -> QueryResult<RetentionPolicy> {
    let target = scope(ctx, Action::Read).filter(retention_policies::id.eq(id));
    target.select(RetentionPolicy::as_select()).first(conn)
}

pub fn list(conn: &mut Conn, ctx: &Ctx, listing: &Listing<retention_policies::table>) -> Result<Page<RetentionPolicy>> {
    listing.page(
        conn,
        ctx,
        |conn, ask| {
            let page = scope(ctx, Action::Read).filter(ask.matching()).order(ask.order()).limit(ask.limit());
            page.select((RetentionPolicy::as_select(), ask.keys())).load(conn)
        },
        |ask| scope(ctx, Action::Read).filter(ask.matching()).select(retention_policies::id),
        |policy| &policy.name,
    )
}

pub(super) fn insert(conn: &mut Conn, ctx: &Ctx, new: &NewRetentionPolicy) -> QueryResult<RetentionPolicy> {
    let given = (
        retention_policies::tenant_id.eq(ctx.tenant),
        retention_policies::id.eq(new.id.unwrap_or_else(RetentionPolicyId::new)),
        (retention_policies::created_at.eq(ctx.now), retention_policies::updated_at.eq(ctx.now)),
        (retention_policies::created_by.eq(ctx.actor.user), retention_policies::updated_by.eq(ctx.actor.user)),
        retention_policies::search.eq(array_to_tsvector(words(&new.name))),
    );
    diesel::insert_into(retention_policies::table)
        .values((given, new))
        .returning(RetentionPolicy::as_returning())
        .recorded::<RetentionPolicy>(ctx, Verb::Created)
        .get_result(conn)
}

/// Nothing comes back where the policy may not be changed, or is no longer at version `base`.
pub(super) fn update(
    conn: &mut Conn,
    ctx: &Ctx,
    id: RetentionPolicyId,
    base: Option<i32>,
    patch: &RetentionPolicyPatch,
) -> QueryResult<Option<RetentionPolicy>> {
    let (oldest, newest) = base.map_or((i32::MIN, i32::MAX), |version| (version, version));
    let target = scope(ctx, Action::Update)
        .filter(retention_policies::deleted_at.is_null())
        .filter(retention_policies::id.eq(id))
        .filter(retention_policies::version.between(oldest, newest));
    let search = patch.name.as_deref().map(|name| retention_policies::search.eq(array_to_tsvector(words(name))));
    diesel::update(target)
        .set((patch, search, moved(ctx)))
        .returning(RetentionPolicy::as_returning())
        .recorded::<RetentionPolicy>(ctx, Verb::Updated)
        .get_result(conn)
        .optional()
}

/// Archives a living policy, or restores an archived one.
pub(super) fn set_archived(
    conn: &mut Conn,
    ctx: &Ctx,
    id: RetentionPolicyId,
    base: Option<i32>,
    archived: bool,
) -> QueryResult<Option<RetentionPolicy>> {
    let (oldest, newest) = base.map_or((i32::MIN, i32::MAX), |version| (version, version));
    let (verb, at) = if archived { (Verb::Deleted, Some(ctx.now)) } else { (Verb::Restored, None) };
    let target = scope(ctx, Action::Delete)
        .filter(retention_policies::deleted_at.is_null().eq(archived))
        .filter(retention_policies::id.eq(id))
        .filter(retention_policies::version.between(oldest, newest));
    diesel::update(target)
        .set((retention_policies::deleted_at.eq(at), moved(ctx)))
        .returning(RetentionPolicy::as_returning())
        .recorded::<RetentionPolicy>(ctx, verb)
        .get_result(conn)
        .optional()
}

/// A run begins.
pub(super) fn begun(conn: &mut Conn, ctx: &Ctx, id: RetentionPolicyId, job: JobId) -> QueryResult<RetentionPolicy> {
    let set = (retention_policies::last_run_at.eq(ctx.now), retention_policies::job_id.eq(job), moved(ctx));
    let update = diesel::update(retention_policies::table.find((ctx.tenant, id))).set(set);
    update.returning(RetentionPolicy::as_returning()).recorded::<RetentionPolicy>(ctx, Verb::Started).get_result(conn)
}

/// A run has ended.
pub(super) fn ended(conn: &mut Conn, ctx: &Ctx, id: RetentionPolicyId, done: i64, kept: i64) -> QueryResult<()> {
    let set = (retention_policies::last_done.eq(done), retention_policies::last_kept.eq(kept), moved(ctx));
    let update = diesel::update(retention_policies::table.find((ctx.tenant, id))).set(set);
    let update = update.returning(RetentionPolicy::as_returning());
    let _: RetentionPolicy = update.recorded::<RetentionPolicy>(ctx, Verb::Completed).get_result(conn)?;
    Ok(())
}

/// The policies of all tenants whose last run was before, locked against other workers.
pub(super) fn due(conn: &mut Conn, before: DateTime<Utc>) -> QueryResult<Vec<(TenantId, RetentionPolicyId, UserId)>> {
    retention_policies::table
        .filter(retention_policies::is_active)
        .filter(retention_policies::deleted_at.is_null())
        .filter(retention_policies::last_run_at.is_null().or(retention_policies::last_run_at.lt(before)))
        .select((retention_policies::tenant_id, retention_policies::id, retention_policies::updated_by))
        .for_update()
        .skip_locked()
        .load(conn)
}

pub(super) fn is_running(conn: &mut Conn, tenant: TenantId, job: JobId) -> QueryResult<bool> {
    let running = jobs::table.find((tenant, job)).filter(jobs::status.eq_any(["queued", "running"]));
    Ok(running.select(jobs::id).first::<JobId>(conn).optional()?.is_some())
}

#[auto_type]
fn moved(ctx: &Ctx) -> _ {
    let now: DateTime<Utc> = ctx.now;
    let user: UserId = ctx.actor.user;
    (
        retention_policies::version.eq(retention_policies::version + 1_i32),
        retention_policies::updated_at.eq(now),
        retention_policies::updated_by.eq(user),
    )
}

fn words(name: &str) -> Vec<String> {
    Words::new().name(name).lexemes()
}

impl Batch for RetentionPolicy {
    fn find(conn: &mut Conn, ctx: &Ctx, id: RetentionPolicyId) -> Result<Self> {
        find(conn, ctx, id)
    }
    fn batch(conn: &mut Conn, tenant: TenantId, ids: &[RetentionPolicyId]) -> Result<Vec<Self>> {
        Ok(retention_policies::table
            .filter(retention_policies::tenant_id.eq(tenant))
            .filter(retention_policies::deleted_at.is_null())
            .filter(retention_policies::id.eq_any(ids))
            .select(RetentionPolicy::as_select())
            .load(conn)?)
    }
}
