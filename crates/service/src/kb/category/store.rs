//! The queries of a knowledge base category. `scope` is the only way in.
use super::{KbCategory, KbCategoryPatch, NewKbCategory};
use crate::kb::schema::kb_categories;
use diesel::dsl::auto_type;
use diesel::prelude::*;
use diesel::result::QueryResult;
use kernel::event::Verb;
use kernel::{Ctx, KbCategoryId, KbPortalId, Page, Result, TenantId};
use platform::search::array_to_tsvector;
use platform::{Batch, Conn, Listing, Record};

/// The knowledge base categories of the tenant, archived ones too: they belong to nobody, so the permission at the door is enough.
#[auto_type]
fn scope(ctx: &Ctx) -> _ {
    let tenant: TenantId = ctx.tenant;
    kb_categories::table.filter(kb_categories::tenant_id.eq(tenant))
}

pub fn find(conn: &mut Conn, ctx: &Ctx, id: KbCategoryId) -> Result<KbCategory> {
    let living = scope(ctx).filter(kb_categories::deleted_at.is_null());
    Ok(living.filter(kb_categories::id.eq(id)).select(KbCategory::as_select()).first(conn)?)
}

/// Whether living or archived.
pub(super) fn find_any(conn: &mut Conn, ctx: &Ctx, id: KbCategoryId) -> QueryResult<KbCategory> {
    scope(ctx).filter(kb_categories::id.eq(id)).select(KbCategory::as_select()).first(conn)
}

/// The living knowledge base categories among `ids`, in no order.
pub fn many(conn: &mut Conn, ctx: &Ctx, ids: &[KbCategoryId]) -> Result<Vec<KbCategory>> {
    let living = scope(ctx).filter(kb_categories::deleted_at.is_null());
    Ok(living.filter(kb_categories::id.eq_any(ids)).select(KbCategory::as_select()).load(conn)?)
}

pub fn list(conn: &mut Conn, ctx: &Ctx, listing: &Listing<kb_categories::table>) -> Result<Page<KbCategory>> {
    listing.page(
        conn,
        ctx,
        |conn, ask| {
            let page = scope(ctx).filter(ask.matching()).order(ask.order()).limit(ask.limit());
            page.select((KbCategory::as_select(), ask.keys())).load(conn)
        },
        |ask| scope(ctx).filter(ask.matching()).select(kb_categories::id),
        |one| &one.name,
    )
}

pub(super) fn insert(conn: &mut Conn, ctx: &Ctx, new: &NewKbCategory, words: Vec<String>) -> QueryResult<KbCategory> {
    let given = (
        kb_categories::tenant_id.eq(ctx.tenant),
        kb_categories::id.eq(new.id.unwrap_or_else(KbCategoryId::new)),
        (kb_categories::created_at.eq(ctx.now), kb_categories::updated_at.eq(ctx.now)),
        (kb_categories::created_by.eq(ctx.actor.user), kb_categories::updated_by.eq(ctx.actor.user)),
        kb_categories::search.eq(array_to_tsvector(words)),
    );
    diesel::insert_into(kb_categories::table)
        .values((given, new))
        .returning(KbCategory::as_returning())
        .recorded::<KbCategory>(ctx, Verb::Created)
        .get_result(conn)
}

/// Nothing comes back where it is not there, or is no longer at version `base`.
pub(super) fn update(
    conn: &mut Conn,
    ctx: &Ctx,
    id: KbCategoryId,
    base: Option<i32>,
    patch: &KbCategoryPatch,
    words: Option<Vec<String>>,
) -> QueryResult<Option<KbCategory>> {
    let (oldest, newest) = base.map_or((i32::MIN, i32::MAX), |version| (version, version));
    let target = scope(ctx)
        .filter(kb_categories::deleted_at.is_null())
        .filter(kb_categories::id.eq(id))
        .filter(kb_categories::version.between(oldest, newest));
    let moved = (
        kb_categories::version.eq(kb_categories::version + 1),
        kb_categories::updated_at.eq(ctx.now),
        kb_categories::updated_by.eq(ctx.actor.user),
        words.map(|words| kb_categories::search.eq(array_to_tsvector(words))),
    );
    diesel::update(target)
        .set((patch, moved))
        .returning(KbCategory::as_returning())
        .recorded::<KbCategory>(ctx, Verb::Updated)
        .get_result(conn)
        .optional()
}

/// Archives a living one, or restores an archived one.
pub(super) fn set_archived(
    conn: &mut Conn,
    ctx: &Ctx,
    id: KbCategoryId,
    base: Option<i32>,
    archived: bool,
) -> QueryResult<Option<KbCategory>> {
    let (oldest, newest) = base.map_or((i32::MIN, i32::MAX), |version| (version, version));
    let (verb, at) = if archived { (Verb::Deleted, Some(ctx.now)) } else { (Verb::Restored, None) };
    let target = scope(ctx)
        .filter(kb_categories::deleted_at.is_null().eq(archived))
        .filter(kb_categories::id.eq(id))
        .filter(kb_categories::version.between(oldest, newest));
    let moved = (
        kb_categories::deleted_at.eq(at),
        kb_categories::version.eq(kb_categories::version + 1),
        kb_categories::updated_at.eq(ctx.now),
        kb_categories::updated_by.eq(ctx.actor.user),
    );
    diesel::update(target)
        .set(moved)
        .returning(KbCategory::as_returning())
        .recorded::<KbCategory>(ctx, verb)
        .get_result(conn)
        .optional()
}

pub(super) fn delete(conn: &mut Conn, ctx: &Ctx, id: KbCategoryId) -> QueryResult<Option<KbCategory>> {
    diesel::delete(scope(ctx).filter(kb_categories::id.eq(id)))
        .returning(KbCategory::as_returning())
        .recorded::<KbCategory>(ctx, Verb::Purged)
        .get_result(conn)
        .optional()
}

/// The living categories of a portal, in their order.
pub fn of_portal(conn: &mut Conn, ctx: &Ctx, portal: KbPortalId) -> QueryResult<Vec<KbCategory>> {
    scope(ctx)
        .filter(kb_categories::deleted_at.is_null())
        .filter(kb_categories::portal_id.eq(portal))
        .order((kb_categories::position, kb_categories::id))
        .select(KbCategory::as_select())
        .load(conn)
}

impl Batch for KbCategory {
    fn find(conn: &mut Conn, ctx: &Ctx, id: KbCategoryId) -> Result<Self> {
        find(conn, ctx, id)
    }
    fn batch(conn: &mut Conn, tenant: TenantId, ids: &[KbCategoryId]) -> Result<Vec<Self>> {
        Ok(kb_categories::table
            .filter(kb_categories::tenant_id.eq(tenant))
            .filter(kb_categories::deleted_at.is_null())
            .filter(kb_categories::id.eq_any(ids))
            .select(KbCategory::as_select())
            .load(conn)?)
    }
}
