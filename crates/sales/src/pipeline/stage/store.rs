//! The queries of stages. Their pipeline was asked for before, or is whichever the opportunity is in.
use super::{NewStage, Stage, StagePatch};
use crate::schema::{pipelines, stages};
use diesel::dsl::auto_type;
use diesel::prelude::*;
use diesel::result::QueryResult;
use kernel::{Ctx, Page, PipelineId, Result, StageId, TenantId};
use platform::{Conn, Listing};

#[auto_type]
fn scope(ctx: &Ctx) -> _ {
    let tenant: TenantId = ctx.tenant;
    stages::table.filter(stages::tenant_id.eq(tenant))
}

/// The stages of these pipelines, each pipeline's in their order.
pub fn of_all(conn: &mut Conn, ctx: &Ctx, pipelines: &[PipelineId]) -> Result<Vec<Stage>> {
    Ok(scope(ctx)
        .filter(stages::pipeline_id.eq_any(pipelines))
        .order((stages::pipeline_id, stages::position, stages::id))
        .select(Stage::as_select())
        .load(conn)?)
}

/// The stages of all pipelines: a part's `Listing` asks for its whole.
pub fn list(conn: &mut Conn, ctx: &Ctx, listing: &Listing<stages::table>) -> Result<Page<Stage>> {
    listing.page(
        conn,
        ctx,
        |conn, ask| {
            let page = scope(ctx).filter(ask.matching()).order(ask.order()).limit(ask.limit());
            page.select((Stage::as_select(), ask.keys())).load(conn)
        },
        |ask| scope(ctx).filter(ask.matching()).select(stages::id),
        |one| &one.name,
    )
}

/// The stages among `ids`, in no order.
pub fn many(conn: &mut Conn, ctx: &Ctx, ids: &[StageId]) -> Result<Vec<Stage>> {
    Ok(scope(ctx).filter(stages::id.eq_any(ids)).select(Stage::as_select()).load(conn)?)
}

/// A stage of a living pipeline.
pub(crate) fn meant(conn: &mut Conn, ctx: &Ctx, id: StageId) -> QueryResult<Option<Stage>> {
    scope(ctx)
        .inner_join(
            pipelines::table.on(pipelines::tenant_id.eq(stages::tenant_id).and(pipelines::id.eq(stages::pipeline_id))),
        )
        .filter(pipelines::deleted_at.is_null())
        .filter(stages::id.eq(id))
        .select(Stage::as_select())
        .first(conn)
        .optional()
}

/// Where an opportunity begins in a pipeline: its first open stage.
pub(crate) fn begun(conn: &mut Conn, ctx: &Ctx, pipeline: PipelineId) -> QueryResult<Option<Stage>> {
    scope(ctx)
        .inner_join(
            pipelines::table.on(pipelines::tenant_id.eq(stages::tenant_id).and(pipelines::id.eq(stages::pipeline_id))),
        )
        .filter(pipelines::deleted_at.is_null())
        .filter(stages::pipeline_id.eq(pipeline))
        .filter(stages::kind.eq("open"))
        .order((stages::position, stages::id))
        .select(Stage::as_select())
        .first(conn)
        .optional()
}

pub(super) fn find(conn: &mut Conn, ctx: &Ctx, id: StageId) -> QueryResult<Option<Stage>> {
    scope(ctx).filter(stages::id.eq(id)).select(Stage::as_select()).first(conn).optional()
}

/// Adds stages, in their order, behind those that are there.
pub fn insert(conn: &mut Conn, ctx: &Ctx, pipeline: PipelineId, new: &[NewStage]) -> Result<Vec<Stage>> {
    let there = of_all(conn, ctx, &[pipeline])?;
    let last = there.iter().map(|stage| stage.position).max().unwrap_or_default();
    let row = |(one, place): (&NewStage, i32)| {
        let (probability, category) = match one.kind.as_str() {
            "won" => (100, "closed"),
            "lost" => (0, "omitted"),
            _ => (one.probability.unwrap_or_default(), "pipeline"),
        };
        (
            stages::tenant_id.eq(ctx.tenant),
            stages::id.eq(one.id.unwrap_or_else(StageId::new)),
            stages::pipeline_id.eq(pipeline),
            stages::key.eq(one.key.clone()),
            stages::position.eq(one.position.unwrap_or(last.saturating_add(place))),
            stages::name.eq(one.name.clone()),
            stages::labels.eq(one.labels.clone()),
            stages::kind.eq(one.kind.clone()),
            stages::probability.eq(probability),
            stages::forecast_category.eq(one.forecast_category.clone().unwrap_or_else(|| category.to_owned())),
            stages::required_fields.eq(one.required_fields.clone()),
            stages::transitions.eq(one.transitions.clone()),
            stages::rotting_days.eq(one.rotting_days),
            stages::created_at.eq(ctx.now),
            stages::updated_at.eq(ctx.now),
        )
    };
    let rows: Vec<_> = new.iter().zip(1..).map(row).collect();
    Ok(diesel::insert_into(stages::table).values(rows).returning(Stage::as_returning()).get_results(conn)?)
}

pub(super) fn update(conn: &mut Conn, ctx: &Ctx, id: StageId, patch: &StagePatch) -> QueryResult<Stage> {
    let moved = (stages::version.eq(stages::version + 1), stages::updated_at.eq(ctx.now));
    diesel::update(scope(ctx).filter(stages::id.eq(id)))
        .set((patch, moved))
        .returning(Stage::as_returning())
        .get_result(conn)
}

/// No stage of the pipeline leads there any more.
pub(super) fn forget(conn: &mut Conn, ctx: &Ctx, stage: &Stage) -> QueryResult<usize> {
    let others: Vec<Stage> = scope(ctx)
        .filter(stages::pipeline_id.eq(stage.pipeline_id))
        .filter(stages::id.ne(stage.id))
        .select(Stage::as_select())
        .load(conn)?;
    let mut changed = 0;
    for other in others.into_iter().filter(|other| other.transitions.contains(&stage.key)) {
        let left: Vec<String> = other.transitions.into_iter().filter(|key| *key != stage.key).collect();
        let patch = StagePatch { transitions: Some(left), ..StagePatch::default() };
        update(conn, ctx, other.id, &patch)?;
        changed += 1;
    }
    Ok(changed)
}

pub(super) fn delete(conn: &mut Conn, ctx: &Ctx, id: StageId) -> QueryResult<usize> {
    diesel::delete(scope(ctx).filter(stages::id.eq(id))).execute(conn)
}
