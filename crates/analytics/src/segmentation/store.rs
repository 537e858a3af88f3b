//! The queries of a segmentation. `scope` is the only way in.
use super::{NewSegmentation, Segmentation, SegmentationPatch};
use crate::schema::segmentations;
use chrono::{DateTime, Utc};
use diesel::dsl::auto_type;
use diesel::prelude::*;
use diesel::result::QueryResult;
use kernel::event::Verb;
use kernel::{Ctx, Page, Result, SegmentationId, SegmentationRunId, TenantId};
use platform::deed::ByName;
use platform::search::array_to_tsvector;
use platform::{Batch, Conn, Listing, Record};

/// The segmentations of the tenant, archived ones too: they belong to nobody, so the permission at the door is enough.
#[auto_type]
fn scope(ctx: &Ctx) -> _ {
    let tenant: TenantId = ctx.tenant;
    segmentations::table.filter(segmentations::tenant_id.eq(tenant))
}

pub fn find(conn: &mut Conn, ctx: &Ctx, id: SegmentationId) -> Result<Segmentation> {
    let living = scope(ctx).filter(segmentations::deleted_at.is_null());
    Ok(living.filter(segmentations::id.eq(id)).select(Segmentation::as_select()).first(conn)?)
}

/// The segmentation whether living or archived.
pub(crate) fn find_any(conn: &mut Conn, ctx: &Ctx, id: SegmentationId) -> QueryResult<Segmentation> {
    scope(ctx).filter(segmentations::id.eq(id)).select(Segmentation::as_select()).first(conn)
}

/// The living segmentations among `ids`, in no order.
pub fn many(conn: &mut Conn, ctx: &Ctx, ids: &[SegmentationId]) -> Result<Vec<Segmentation>> {
    let living = scope(ctx).filter(segmentations::deleted_at.is_null());
    Ok(living.filter(segmentations::id.eq_any(ids)).select(Segmentation::as_select()).load(conn)?)
}

/// The living segmentations with this name; several may share one, and few are enough to know.
pub(super) fn find_by(conn: &mut Conn, ctx: &Ctx, name: &ByName) -> Result<Vec<Segmentation>> {
    let living = scope(ctx).filter(segmentations::deleted_at.is_null());
    Ok(living.filter(segmentations::name.eq(&name.0)).limit(10).select(Segmentation::as_select()).load(conn)?)
}

/// The living segmentation with this key.
pub(crate) fn keyed(conn: &mut Conn, ctx: &Ctx, key: &str) -> QueryResult<Vec<Segmentation>> {
    let living = scope(ctx).filter(segmentations::deleted_at.is_null());
    living.filter(segmentations::key.eq(key)).select(Segmentation::as_select()).load(conn)
}

pub fn list(conn: &mut Conn, ctx: &Ctx, listing: &Listing<segmentations::table>) -> Result<Page<Segmentation>> {
    listing.page(
        conn,
        ctx,
        |conn, ask| {
            let page = scope(ctx).filter(ask.matching()).order(ask.order()).limit(ask.limit());
            page.select((Segmentation::as_select(), ask.keys())).load(conn)
        },
        |ask| scope(ctx).filter(ask.matching()).select(segmentations::id),
        |segmentation| &segmentation.name,
    )
}

pub(super) fn insert(
    conn: &mut Conn,
    ctx: &Ctx,
    new: &NewSegmentation,
    (words, next): (Vec<String>, Option<DateTime<Utc>>),
) -> QueryResult<Segmentation> {
    let given = (
        segmentations::tenant_id.eq(ctx.tenant),
        segmentations::id.eq(new.id.unwrap_or_else(SegmentationId::new)),
        segmentations::created_at.eq(ctx.now),
        segmentations::updated_at.eq(ctx.now),
        segmentations::created_by.eq(ctx.actor.user),
        segmentations::updated_by.eq(ctx.actor.user),
        segmentations::next_run_at.eq(next),
        segmentations::search.eq(array_to_tsvector(words)),
    );
    diesel::insert_into(segmentations::table)
        .values((given, new))
        .returning(Segmentation::as_returning())
        .recorded::<Segmentation>(ctx, Verb::Created)
        .get_result(conn)
}

/// Nothing comes back where the segmentation is not there, or is no longer at version `base`.
pub(super) fn update(
    conn: &mut Conn,
    ctx: &Ctx,
    id: SegmentationId,
    base: Option<i32>,
    patch: &SegmentationPatch,
    (words, next): (Option<Vec<String>>, Option<Option<DateTime<Utc>>>),
) -> QueryResult<Option<Segmentation>> {
    let (oldest, newest) = base.map_or((i32::MIN, i32::MAX), |version| (version, version));
    let target = scope(ctx)
        .filter(segmentations::deleted_at.is_null())
        .filter(segmentations::id.eq(id))
        .filter(segmentations::version.between(oldest, newest));
    let moved = (
        segmentations::version.eq(segmentations::version + 1),
        segmentations::updated_at.eq(ctx.now),
        segmentations::updated_by.eq(ctx.actor.user),
        next.map(|next| segmentations::next_run_at.eq(next)),
        words.map(|words| segmentations::search.eq(array_to_tsvector(words))),
    );
    diesel::update(target)
        .set((patch, moved))
        .returning(Segmentation::as_returning())
        .recorded::<Segmentation>(ctx, Verb::Updated)
        .get_result(conn)
        .optional()
}

/// Archives a living segmentation, or restores an archived one.
pub(super) fn set_archived(
    conn: &mut Conn,
    ctx: &Ctx,
    id: SegmentationId,
    base: Option<i32>,
    archived: bool,
) -> QueryResult<Option<Segmentation>> {
    let (oldest, newest) = base.map_or((i32::MIN, i32::MAX), |version| (version, version));
    let (verb, at) = if archived { (Verb::Deleted, Some(ctx.now)) } else { (Verb::Restored, None) };
    let target = scope(ctx)
        .filter(segmentations::deleted_at.is_null().eq(archived))
        .filter(segmentations::id.eq(id))
        .filter(segmentations::version.between(oldest, newest));
    let moved = (
        segmentations::deleted_at.eq(at),
        segmentations::last_run_id.eq(None::<SegmentationRunId>),
        segmentations::version.eq(segmentations::version + 1),
        segmentations::updated_at.eq(ctx.now),
        segmentations::updated_by.eq(ctx.actor.user),
    );
    diesel::update(target)
        .set(moved)
        .returning(Segmentation::as_returning())
        .recorded::<Segmentation>(ctx, verb)
        .get_result(conn)
        .optional()
}

pub(super) fn delete(conn: &mut Conn, ctx: &Ctx, id: SegmentationId) -> QueryResult<Option<Segmentation>> {
    diesel::delete(scope(ctx).filter(segmentations::id.eq(id)))
        .returning(Segmentation::as_returning())
        .recorded::<Segmentation>(ctx, Verb::Purged)
        .get_result(conn)
        .optional()
}

impl Batch for Segmentation {
    fn find(conn: &mut Conn, ctx: &Ctx, id: SegmentationId) -> Result<Self> {
        find(conn, ctx, id)
    }
    fn batch(conn: &mut Conn, tenant: TenantId, ids: &[SegmentationId]) -> Result<Vec<Self>> {
        Ok(segmentations::table
            .filter(segmentations::tenant_id.eq(tenant))
            .filter(segmentations::deleted_at.is_null())
            .filter(segmentations::id.eq_any(ids))
            .select(Segmentation::as_select())
            .load(conn)?)
    }
}

/// The living segmentations by which customers are sorted who change.
pub(super) fn sorting(conn: &mut Conn, ctx: &Ctx) -> QueryResult<Vec<Segmentation>> {
    scope(ctx)
        .filter(segmentations::deleted_at.is_null())
        .filter(segmentations::is_active)
        .filter(segmentations::last_run_id.is_not_null())
        .order(segmentations::id)
        .select(Segmentation::as_select())
        .load(conn)
}

/// From now on customers who change are sorted by this run.
pub(super) fn set_last(
    conn: &mut Conn,
    ctx: &Ctx,
    id: SegmentationId,
    run: SegmentationRunId,
) -> QueryResult<Option<Segmentation>> {
    let moved = (segmentations::version.eq(segmentations::version + 1), segmentations::updated_at.eq(ctx.now));
    diesel::update(scope(ctx).filter(segmentations::id.eq(id)))
        .set((segmentations::last_run_id.eq(run), moved))
        .returning(Segmentation::as_returning())
        .recorded::<Segmentation>(ctx, Verb::Updated)
        .get_result(conn)
        .optional()
}

/// When it is run by itself the next time.
pub(super) fn set_next(
    conn: &mut Conn,
    ctx: &Ctx,
    id: SegmentationId,
    next: Option<DateTime<Utc>>,
) -> QueryResult<Option<Segmentation>> {
    let moved = (segmentations::version.eq(segmentations::version + 1), segmentations::updated_at.eq(ctx.now));
    diesel::update(scope(ctx).filter(segmentations::id.eq(id)))
        .set((segmentations::next_run_at.eq(next), moved))
        .returning(Segmentation::as_returning())
        .recorded::<Segmentation>(ctx, Verb::Updated)
        .get_result(conn)
        .optional()
}
