//! The queries of a pipeline. `scope` is the only way in.
use super::{NewPipeline, Pipeline, PipelinePatch};
use crate::schema::pipelines;
use diesel::dsl::auto_type;
use diesel::prelude::*;
use diesel::result::QueryResult;
use kernel::event::Verb;
use kernel::{Ctx, Page, PipelineId, Result, TenantId};
use platform::deed::ByName;
use platform::search::array_to_tsvector;
use platform::{Batch, Conn, Listing, Record};

/// The pipelines of the tenant, archived ones too: they belong to nobody, so the permission at the door is enough.
#[auto_type]
pub(super) fn scope(ctx: &Ctx) -> _ {
    let tenant: TenantId = ctx.tenant;
    pipelines::table.filter(pipelines::tenant_id.eq(tenant))
}

pub fn find(conn: &mut Conn, ctx: &Ctx, id: PipelineId) -> Result<Pipeline> {
    Ok(scope(ctx)
        .filter(pipelines::deleted_at.is_null())
        .filter(pipelines::id.eq(id))
        .select(Pipeline::as_select())
        .first(conn)?)
}

pub fn list(conn: &mut Conn, ctx: &Ctx, listing: &Listing<pipelines::table>) -> Result<Page<Pipeline>> {
    listing.page(
        conn,
        ctx,
        |conn, ask| {
            let page = scope(ctx).filter(ask.matching()).order(ask.order()).limit(ask.limit());
            page.select((Pipeline::as_select(), ask.keys())).load(conn)
        },
        |ask| scope(ctx).filter(ask.matching()).select(pipelines::id),
        |pipeline| &pipeline.name,
    )
}

/// The living pipelines among `ids`, in no order.
pub fn many(conn: &mut Conn, ctx: &Ctx, ids: &[PipelineId]) -> Result<Vec<Pipeline>> {
    Ok(scope(ctx)
        .filter(pipelines::deleted_at.is_null())
        .filter(pipelines::id.eq_any(ids))
        .select(Pipeline::as_select())
        .load(conn)?)
}

/// The living pipeline with this name.
pub(super) fn find_by(conn: &mut Conn, ctx: &Ctx, name: &ByName) -> Result<Vec<Pipeline>> {
    let living = scope(ctx).filter(pipelines::deleted_at.is_null());
    Ok(living.filter(pipelines::name.eq(&name.0)).select(Pipeline::as_select()).load(conn)?)
}

/// All living pipelines: which, what it is called, whether it is the default.
pub(crate) fn all(conn: &mut Conn, ctx: &Ctx) -> QueryResult<Vec<(PipelineId, String, bool)>> {
    scope(ctx)
        .filter(pipelines::deleted_at.is_null())
        .select((pipelines::id, pipelines::name, pipelines::is_default))
        .load(conn)
}

/// Where opportunities go that name no pipeline.
pub(crate) fn default(conn: &mut Conn, ctx: &Ctx) -> QueryResult<Option<PipelineId>> {
    scope(ctx)
        .filter(pipelines::deleted_at.is_null())
        .filter(pipelines::is_default)
        .select(pipelines::id)
        .first(conn)
        .optional()
}

pub(super) fn insert(
    conn: &mut Conn,
    ctx: &Ctx,
    new: &NewPipeline,
    is_default: bool,
    words: Vec<String>,
) -> QueryResult<Pipeline> {
    let given = (
        pipelines::tenant_id.eq(ctx.tenant),
        pipelines::id.eq(new.id.unwrap_or_else(PipelineId::new)),
        pipelines::is_default.eq(is_default),
        pipelines::created_at.eq(ctx.now),
        pipelines::updated_at.eq(ctx.now),
        pipelines::created_by.eq(ctx.actor.user),
        pipelines::updated_by.eq(ctx.actor.user),
        pipelines::search.eq(array_to_tsvector(words)),
    );
    diesel::insert_into(pipelines::table)
        .values((given, new))
        .returning(Pipeline::as_returning())
        .recorded::<Pipeline>(ctx, Verb::Created)
        .get_result(conn)
}

/// Nothing comes back where there is no such pipeline, or it is no longer at version `base`.
pub(super) fn update(
    conn: &mut Conn,
    ctx: &Ctx,
    id: PipelineId,
    base: Option<i32>,
    patch: &PipelinePatch,
    words: Option<Vec<String>>,
) -> QueryResult<Option<Pipeline>> {
    let (oldest, newest) = base.map_or((i32::MIN, i32::MAX), |version| (version, version));
    let target = scope(ctx)
        .filter(pipelines::deleted_at.is_null())
        .filter(pipelines::id.eq(id))
        .filter(pipelines::version.between(oldest, newest));
    let moved = (
        pipelines::version.eq(pipelines::version + 1),
        pipelines::updated_at.eq(ctx.now),
        pipelines::updated_by.eq(ctx.actor.user),
        words.map(|words| pipelines::search.eq(array_to_tsvector(words))),
    );
    diesel::update(target)
        .set((patch, moved))
        .returning(Pipeline::as_returning())
        .recorded::<Pipeline>(ctx, Verb::Updated)
        .get_result(conn)
        .optional()
}

/// Archives a living pipeline, or restores an archived one.
pub(super) fn set_archived(
    conn: &mut Conn,
    ctx: &Ctx,
    id: PipelineId,
    base: Option<i32>,
    archived: bool,
) -> QueryResult<Option<Pipeline>> {
    let (oldest, newest) = base.map_or((i32::MIN, i32::MAX), |version| (version, version));
    let (verb, at) = if archived { (Verb::Deleted, Some(ctx.now)) } else { (Verb::Restored, None) };
    let target = scope(ctx)
        .filter(pipelines::deleted_at.is_null().eq(archived))
        .filter(pipelines::id.eq(id))
        .filter(pipelines::version.between(oldest, newest));
    let moved = (
        pipelines::deleted_at.eq(at),
        pipelines::version.eq(pipelines::version + 1),
        pipelines::updated_at.eq(ctx.now),
        pipelines::updated_by.eq(ctx.actor.user),
    );
    diesel::update(target)
        .set(moved)
        .returning(Pipeline::as_returning())
        .recorded::<Pipeline>(ctx, verb)
        .get_result(conn)
        .optional()
}

pub(super) fn delete(conn: &mut Conn, ctx: &Ctx, id: PipelineId) -> QueryResult<Option<Pipeline>> {
    diesel::delete(scope(ctx).filter(pipelines::id.eq(id)))
        .returning(Pipeline::as_returning())
        .recorded::<Pipeline>(ctx, Verb::Purged)
        .get_result(conn)
        .optional()
}

/// The pipeline whether living or archived.
pub(super) fn find_any(conn: &mut Conn, ctx: &Ctx, id: PipelineId) -> QueryResult<Pipeline> {
    scope(ctx).filter(pipelines::id.eq(id)).select(Pipeline::as_select()).first(conn)
}

/// Locks the pipeline, so that its stages change one after the other.
pub(super) fn lock(conn: &mut Conn, ctx: &Ctx, id: PipelineId) -> QueryResult<Pipeline> {
    scope(ctx)
        .filter(pipelines::deleted_at.is_null())
        .filter(pipelines::id.eq(id))
        .for_update()
        .select(Pipeline::as_select())
        .first(conn)
}

impl Batch for Pipeline {
    fn find(conn: &mut Conn, ctx: &Ctx, id: PipelineId) -> Result<Self> {
        find(conn, ctx, id)
    }
    fn batch(conn: &mut Conn, tenant: TenantId, ids: &[PipelineId]) -> Result<Vec<Self>> {
        Ok(pipelines::table
            .filter(pipelines::tenant_id.eq(tenant))
            .filter(pipelines::deleted_at.is_null())
            .filter(pipelines::id.eq_any(ids))
            .select(Pipeline::as_select())
            .load(conn)?)
    }
}
