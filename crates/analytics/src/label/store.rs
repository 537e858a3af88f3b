//! The queries of a label. `scope` is the only way in.
use super::{Label, LabelPatch, NewLabel};
use crate::schema::labels;
use crate::segmentation::Segmentation;
use diesel::dsl::auto_type;
use diesel::prelude::*;
use diesel::result::QueryResult;
use kernel::event::Verb;
use kernel::{Ctx, LabelId, Page, Result, SegmentationId, TenantId};
use platform::deed::ByName;
use platform::search::array_to_tsvector;
use platform::{Batch, Conn, Listing, Record};

/// The labels of the tenant, archived ones too: they belong to nobody, so the permission at the door is enough.
#[auto_type]
fn scope(ctx: &Ctx) -> _ {
    let tenant: TenantId = ctx.tenant;
    labels::table.filter(labels::tenant_id.eq(tenant))
}

pub fn find(conn: &mut Conn, ctx: &Ctx, id: LabelId) -> Result<Label> {
    let living = scope(ctx).filter(labels::deleted_at.is_null());
    Ok(living.filter(labels::id.eq(id)).select(Label::as_select()).first(conn)?)
}

/// The label whether living or archived.
pub(crate) fn find_any(conn: &mut Conn, ctx: &Ctx, id: LabelId) -> QueryResult<Label> {
    scope(ctx).filter(labels::id.eq(id)).select(Label::as_select()).first(conn)
}

/// The living labels among `ids`, in no order.
pub fn many(conn: &mut Conn, ctx: &Ctx, ids: &[LabelId]) -> Result<Vec<Label>> {
    let living = scope(ctx).filter(labels::deleted_at.is_null());
    Ok(living.filter(labels::id.eq_any(ids)).select(Label::as_select()).load(conn)?)
}

/// The living labels with this name; several may share one, and few are enough to know.
pub(super) fn find_by(conn: &mut Conn, ctx: &Ctx, name: &ByName) -> Result<Vec<Label>> {
    let living = scope(ctx).filter(labels::deleted_at.is_null());
    Ok(living.filter(labels::name.eq(&name.0)).limit(10).select(Label::as_select()).load(conn)?)
}

/// The living label with this key.
pub(crate) fn keyed(conn: &mut Conn, ctx: &Ctx, key: &str) -> QueryResult<Vec<Label>> {
    let living = scope(ctx).filter(labels::deleted_at.is_null());
    living.filter(labels::key.eq(key)).select(Label::as_select()).load(conn)
}

pub fn list(conn: &mut Conn, ctx: &Ctx, listing: &Listing<labels::table>) -> Result<Page<Label>> {
    listing.page(
        conn,
        ctx,
        |conn, ask| {
            let page = scope(ctx).filter(ask.matching()).order(ask.order()).limit(ask.limit());
            page.select((Label::as_select(), ask.keys())).load(conn)
        },
        |ask| scope(ctx).filter(ask.matching()).select(labels::id),
        |label| &label.name,
    )
}

pub(super) fn insert(conn: &mut Conn, ctx: &Ctx, new: &NewLabel, words: Vec<String>) -> QueryResult<Label> {
    let given = (
        labels::tenant_id.eq(ctx.tenant),
        labels::id.eq(new.id.unwrap_or_else(LabelId::new)),
        labels::created_at.eq(ctx.now),
        labels::updated_at.eq(ctx.now),
        labels::created_by.eq(ctx.actor.user),
        labels::updated_by.eq(ctx.actor.user),
        labels::search.eq(array_to_tsvector(words)),
    );
    diesel::insert_into(labels::table)
        .values((given, new))
        .returning(Label::as_returning())
        .recorded::<Label>(ctx, Verb::Created)
        .get_result(conn)
}

/// The label of a class, made where there is none.
pub(crate) fn of_class(
    conn: &mut Conn,
    ctx: &Ctx,
    of: &Segmentation,
    class: &str,
    words: Vec<String>,
) -> QueryResult<LabelId> {
    let theirs = scope(ctx).filter(labels::segmentation_id.eq(of.id)).filter(labels::class.eq(class));
    if let Some(id) = theirs.select(labels::id).first(conn).optional()? {
        return Ok(id);
    }
    let given = (
        labels::tenant_id.eq(ctx.tenant),
        labels::id.eq(LabelId::new()),
        labels::key.eq(format!("{}:{class}", of.key)),
        labels::name.eq(class),
        labels::segmentation_id.eq(of.id),
        labels::class.eq(class),
        labels::created_at.eq(ctx.now),
        labels::updated_at.eq(ctx.now),
        labels::created_by.eq(ctx.actor.user),
        labels::updated_by.eq(ctx.actor.user),
        labels::search.eq(array_to_tsvector(words)),
    );
    let made: Label = diesel::insert_into(labels::table)
        .values(given)
        .returning(Label::as_returning())
        .recorded::<Label>(ctx, Verb::Created)
        .get_result(conn)?;
    Ok(made.id)
}

/// The labels of the classes of a segmentation, archived ones too.
pub(crate) fn of_classes(conn: &mut Conn, ctx: &Ctx, of: SegmentationId) -> QueryResult<Vec<Label>> {
    scope(ctx).filter(labels::segmentation_id.eq(of)).order(labels::id).select(Label::as_select()).load(conn)
}

/// Nothing comes back where the label is not there, or is no longer at version `base`.
pub(super) fn update(
    conn: &mut Conn,
    ctx: &Ctx,
    id: LabelId,
    base: Option<i32>,
    patch: &LabelPatch,
    words: Option<Vec<String>>,
) -> QueryResult<Option<Label>> {
    let (oldest, newest) = base.map_or((i32::MIN, i32::MAX), |version| (version, version));
    let target = scope(ctx)
        .filter(labels::deleted_at.is_null())
        .filter(labels::id.eq(id))
        .filter(labels::version.between(oldest, newest));
    let moved = (
        labels::version.eq(labels::version + 1),
        labels::updated_at.eq(ctx.now),
        labels::updated_by.eq(ctx.actor.user),
        words.map(|words| labels::search.eq(array_to_tsvector(words))),
    );
    diesel::update(target)
        .set((patch, moved))
        .returning(Label::as_returning())
        .recorded::<Label>(ctx, Verb::Updated)
        .get_result(conn)
        .optional()
}

/// Archives a living label, or restores an archived one.
pub(super) fn set_archived(
    conn: &mut Conn,
    ctx: &Ctx,
    id: LabelId,
    base: Option<i32>,
    archived: bool,
) -> QueryResult<Option<Label>> {
    let (oldest, newest) = base.map_or((i32::MIN, i32::MAX), |version| (version, version));
    let (verb, at) = if archived { (Verb::Deleted, Some(ctx.now)) } else { (Verb::Restored, None) };
    let target = scope(ctx)
        .filter(labels::deleted_at.is_null().eq(archived))
        .filter(labels::id.eq(id))
        .filter(labels::version.between(oldest, newest));
    let moved = (
        labels::deleted_at.eq(at),
        labels::version.eq(labels::version + 1),
        labels::updated_at.eq(ctx.now),
        labels::updated_by.eq(ctx.actor.user),
    );
    diesel::update(target)
        .set(moved)
        .returning(Label::as_returning())
        .recorded::<Label>(ctx, verb)
        .get_result(conn)
        .optional()
}

pub(super) fn delete(conn: &mut Conn, ctx: &Ctx, id: LabelId) -> QueryResult<Option<Label>> {
    diesel::delete(scope(ctx).filter(labels::id.eq(id)))
        .returning(Label::as_returning())
        .recorded::<Label>(ctx, Verb::Purged)
        .get_result(conn)
        .optional()
}

impl Batch for Label {
    fn find(conn: &mut Conn, ctx: &Ctx, id: LabelId) -> Result<Self> {
        find(conn, ctx, id)
    }
    fn batch(conn: &mut Conn, tenant: TenantId, ids: &[LabelId]) -> Result<Vec<Self>> {
        Ok(labels::table
            .filter(labels::tenant_id.eq(tenant))
            .filter(labels::deleted_at.is_null())
            .filter(labels::id.eq_any(ids))
            .select(Label::as_select())
            .load(conn)?)
    }
}
