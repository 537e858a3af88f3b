//! The queries of runs: parts of a segmentation, which is asked for before, or whose list asks for it.
use super::model::Model;
use super::{ClassCounts, ClassTransition, SegmentationRun, Transitions};
use crate::schema::{segmentation_runs, segmentations};
use crate::segmentation;
use chrono::{DateTime, NaiveDate, Utc};
use diesel::prelude::*;
use diesel::result::QueryResult;
use diesel::sql_types::{Bool, Timestamptz, Uuid as SqlUuid};
use kernel::{Ctx, Error, JobId, Page, Result, SegmentationId, SegmentationRunId, TenantId, UserId};
use platform::{Batch, Conn, Listing};
use serde_json::Value;

/// A segmentation that is due to be run by itself.
#[derive(QueryableByName)]
pub struct Due {
    #[diesel(sql_type = SqlUuid, column_name = tenant_id)]
    pub tenant: TenantId,
    #[diesel(sql_type = SqlUuid)]
    pub id: SegmentationId,
    #[diesel(sql_type = SqlUuid)]
    pub updated_by: UserId,
    #[diesel(sql_type = Timestamptz)]
    pub now: DateTime<Utc>,
}

#[derive(QueryableByName)]
struct UnderWay {
    #[diesel(sql_type = Bool)]
    is_under_way: bool,
}

/// A run of a segmentation that is there.
pub fn find(conn: &mut Conn, ctx: &Ctx, id: SegmentationRunId) -> Result<SegmentationRun> {
    let one = held(conn, ctx.tenant, id)?;
    segmentation::find(conn, ctx, one.segmentation_id)?;
    Ok(one)
}

/// The runs among `ids` of segmentations that are there.
pub fn many(conn: &mut Conn, ctx: &Ctx, ids: &[SegmentationRunId]) -> Result<Vec<SegmentationRun>> {
    let living = segmentations::table
        .filter(segmentations::tenant_id.eq(ctx.tenant))
        .filter(segmentations::deleted_at.is_null())
        .select(segmentations::id);
    Ok(segmentation_runs::table
        .filter(segmentation_runs::tenant_id.eq(ctx.tenant))
        .filter(segmentation_runs::id.eq_any(ids))
        .filter(segmentation_runs::segmentation_id.eq_any(living))
        .select(SegmentationRun::as_select())
        .load(conn)?)
}

/// The runs of all segmentations: a part's `Listing` asks for its whole.
pub fn list(conn: &mut Conn, ctx: &Ctx, listing: &Listing<segmentation_runs::table>) -> Result<Page<SegmentationRun>> {
    let all = || segmentation_runs::table.filter(segmentation_runs::tenant_id.eq(ctx.tenant));
    listing.page(
        conn,
        ctx,
        |conn, ask| {
            let page = all().filter(ask.matching()).order(ask.order()).limit(ask.limit());
            page.select((SegmentationRun::as_select(), ask.keys())).load(conn)
        },
        |ask| all().filter(ask.matching()).select(segmentation_runs::id),
        |_| "",
    )
}

/// The run, whoever works on it.
pub(crate) fn held(conn: &mut Conn, tenant: TenantId, id: SegmentationRunId) -> QueryResult<SegmentationRun> {
    segmentation_runs::table.find((tenant, id)).select(SegmentationRun::as_select()).first(conn)
}

/// By what a run sorted.
pub(crate) fn model(conn: &mut Conn, tenant: TenantId, id: SegmentationRunId) -> Result<Option<Model>> {
    let found: Option<Value> =
        segmentation_runs::table.find((tenant, id)).select(segmentation_runs::model).first(conn).optional()?;
    Ok(found.and_then(|found| serde_json::from_value(found).ok()))
}

/// Whether a job has a run of it in hand, or is about to.
pub(super) fn is_under_way(conn: &mut Conn, tenant: TenantId, of: SegmentationId) -> QueryResult<bool> {
    let found: UnderWay = diesel::sql_query(
        "SELECT EXISTS (SELECT FROM segmentation_runs AS r JOIN jobs AS j ON j.tenant_id = r.tenant_id \
         AND j.id = r.job_id WHERE r.tenant_id = $1 AND r.segmentation_id = $2 AND r.finished_at IS NULL \
         AND j.status IN ('queued', 'running')) AS is_under_way",
    )
    .bind::<SqlUuid, _>(tenant)
    .bind::<SqlUuid, _>(of)
    .get_result(conn)?;
    Ok(found.is_under_way)
}

pub(super) fn insert(
    conn: &mut Conn,
    ctx: &Ctx,
    of: SegmentationId,
    (as_of, is_dated): (NaiveDate, bool),
    currency: &str,
) -> QueryResult<SegmentationRun> {
    let given = (
        segmentation_runs::tenant_id.eq(ctx.tenant),
        segmentation_runs::id.eq(SegmentationRunId::new()),
        segmentation_runs::segmentation_id.eq(of),
        segmentation_runs::as_of_on.eq(as_of),
        segmentation_runs::is_dated.eq(is_dated),
        segmentation_runs::currency.eq(currency),
        segmentation_runs::created_at.eq(ctx.now),
        segmentation_runs::updated_at.eq(ctx.now),
        segmentation_runs::created_by.eq(ctx.actor.user),
    );
    diesel::insert_into(segmentation_runs::table)
        .values(given)
        .returning(SegmentationRun::as_returning())
        .get_result(conn)
}

pub(super) fn set_job(
    conn: &mut Conn,
    tenant: TenantId,
    id: SegmentationRunId,
    job: JobId,
) -> QueryResult<SegmentationRun> {
    diesel::update(segmentation_runs::table.find((tenant, id)))
        .set(segmentation_runs::job_id.eq(job))
        .returning(SegmentationRun::as_returning())
        .get_result(conn)
}

pub(super) fn start(
    conn: &mut Conn,
    tenant: TenantId,
    id: SegmentationRunId,
    now: DateTime<Utc>,
) -> QueryResult<usize> {
    let moved = (segmentation_runs::version.eq(segmentation_runs::version + 1), segmentation_runs::updated_at.eq(now));
    diesel::update(segmentation_runs::table.find((tenant, id)))
        .set((segmentation_runs::status.eq("running"), segmentation_runs::started_at.eq(now), moved))
        .execute(conn)
}

/// By what it sorts, before it writes what anybody is.
pub(super) fn set_model(
    conn: &mut Conn,
    tenant: TenantId,
    id: SegmentationRunId,
    model: &Model,
    (metrics, count): (&Value, i32),
) -> Result<()> {
    let model = serde_json::to_value(model).map_err(Error::internal)?;
    diesel::update(segmentation_runs::table.find((tenant, id)))
        .set((
            segmentation_runs::model.eq(model),
            segmentation_runs::metrics.eq(metrics),
            segmentation_runs::customer_count.eq(count),
        ))
        .execute(conn)?;
    Ok(())
}

/// How many have changed so far, and from where to where.
pub(super) fn set_moved(
    conn: &mut Conn,
    tenant: TenantId,
    id: SegmentationRunId,
    (count, transitions): (i32, Vec<ClassTransition>),
) -> QueryResult<usize> {
    diesel::update(segmentation_runs::table.find((tenant, id)))
        .set((segmentation_runs::changed_count.eq(count), segmentation_runs::transitions.eq(Transitions(transitions))))
        .execute(conn)
}

pub(super) fn end(
    conn: &mut Conn,
    tenant: TenantId,
    id: SegmentationRunId,
    (status, code): (&str, Option<&str>),
    counts: ClassCounts,
    now: DateTime<Utc>,
) -> QueryResult<usize> {
    let moved = (segmentation_runs::version.eq(segmentation_runs::version + 1), segmentation_runs::updated_at.eq(now));
    let ended = (
        segmentation_runs::status.eq(status),
        segmentation_runs::error_code.eq(code),
        segmentation_runs::class_counts.eq(counts),
        segmentation_runs::finished_at.eq(now),
    );
    diesel::update(segmentation_runs::table.find((tenant, id))).set((ended, moved)).execute(conn)
}

/// One that is due, held; of all tenants, as the worker is.
pub(super) fn due(conn: &mut Conn) -> QueryResult<Option<Due>> {
    diesel::sql_query(
        "SELECT tenant_id, id, updated_by, clock_timestamp() AS now FROM segmentations \
         WHERE next_run_at <= clock_timestamp() AND deleted_at IS NULL AND is_active LIMIT 1 FOR UPDATE SKIP LOCKED",
    )
    .get_result(conn)
    .optional()
}

impl Batch for SegmentationRun {
    fn find(conn: &mut Conn, ctx: &Ctx, id: SegmentationRunId) -> Result<Self> {
        find(conn, ctx, id)
    }
    fn batch(conn: &mut Conn, tenant: TenantId, ids: &[SegmentationRunId]) -> Result<Vec<Self>> {
        let living = segmentations::table
            .filter(segmentations::tenant_id.eq(tenant))
            .filter(segmentations::deleted_at.is_null())
            .select(segmentations::id);
        Ok(segmentation_runs::table
            .filter(segmentation_runs::tenant_id.eq(tenant))
            .filter(segmentation_runs::id.eq_any(ids))
            .filter(segmentation_runs::segmentation_id.eq_any(living))
            .select(SegmentationRun::as_select())
            .load(conn)?)
    }
}
