//! The queries of a knowledge base portal. `scope` is the only way in.
use super::{KbPortal, KbPortalPatch, NewKbPortal};
use crate::kb::schema::kb_portals;
use diesel::dsl::auto_type;
use diesel::prelude::*;
use diesel::result::QueryResult;
use kernel::event::Verb;
use kernel::{Ctx, KbPortalId, Page, Result, TenantId};
use platform::search::array_to_tsvector;
use platform::{Batch, Conn, Listing, Record};

/// The knowledge base portals of the tenant, archived ones too: they belong to nobody, so the permission at the door is enough.
#[auto_type]
fn scope(ctx: &Ctx) -> _ {
    let tenant: TenantId = ctx.tenant;
    kb_portals::table.filter(kb_portals::tenant_id.eq(tenant))
}

pub fn find(conn: &mut Conn, ctx: &Ctx, id: KbPortalId) -> Result<KbPortal> {
    let living = scope(ctx).filter(kb_portals::deleted_at.is_null());
    Ok(living.filter(kb_portals::id.eq(id)).select(KbPortal::as_select()).first(conn)?)
}

/// Whether living or archived.
pub(super) fn find_any(conn: &mut Conn, ctx: &Ctx, id: KbPortalId) -> QueryResult<KbPortal> {
    scope(ctx).filter(kb_portals::id.eq(id)).select(KbPortal::as_select()).first(conn)
}

/// The living knowledge base portals among `ids`, in no order.
pub fn many(conn: &mut Conn, ctx: &Ctx, ids: &[KbPortalId]) -> Result<Vec<KbPortal>> {
    let living = scope(ctx).filter(kb_portals::deleted_at.is_null());
    Ok(living.filter(kb_portals::id.eq_any(ids)).select(KbPortal::as_select()).load(conn)?)
}

pub fn list(conn: &mut Conn, ctx: &Ctx, listing: &Listing<kb_portals::table>) -> Result<Page<KbPortal>> {
    listing.page(
        conn,
        ctx,
        |conn, ask| {
            let page = scope(ctx).filter(ask.matching()).order(ask.order()).limit(ask.limit());
            page.select((KbPortal::as_select(), ask.keys())).load(conn)
        },
        |ask| scope(ctx).filter(ask.matching()).select(kb_portals::id),
        |one| &one.name,
    )
}

pub(super) fn insert(conn: &mut Conn, ctx: &Ctx, new: &NewKbPortal, words: Vec<String>) -> QueryResult<KbPortal> {
    let given = (
        kb_portals::tenant_id.eq(ctx.tenant),
        kb_portals::id.eq(new.id.unwrap_or_else(KbPortalId::new)),
        (kb_portals::created_at.eq(ctx.now), kb_portals::updated_at.eq(ctx.now)),
        (kb_portals::created_by.eq(ctx.actor.user), kb_portals::updated_by.eq(ctx.actor.user)),
        kb_portals::search.eq(array_to_tsvector(words)),
    );
    diesel::insert_into(kb_portals::table)
        .values((given, new))
        .returning(KbPortal::as_returning())
        .recorded::<KbPortal>(ctx, Verb::Created)
        .get_result(conn)
}

/// Nothing comes back where it is not there, or is no longer at version `base`.
pub(super) fn update(
    conn: &mut Conn,
    ctx: &Ctx,
    id: KbPortalId,
    base: Option<i32>,
    patch: &KbPortalPatch,
    words: Option<Vec<String>>,
) -> QueryResult<Option<KbPortal>> {
    let (oldest, newest) = base.map_or((i32::MIN, i32::MAX), |version| (version, version));
    let target = scope(ctx)
        .filter(kb_portals::deleted_at.is_null())
        .filter(kb_portals::id.eq(id))
        .filter(kb_portals::version.between(oldest, newest));
    let moved = (
        kb_portals::version.eq(kb_portals::version + 1),
        kb_portals::updated_at.eq(ctx.now),
        kb_portals::updated_by.eq(ctx.actor.user),
        words.map(|words| kb_portals::search.eq(array_to_tsvector(words))),
    );
    diesel::update(target)
        .set((patch, moved))
        .returning(KbPortal::as_returning())
        .recorded::<KbPortal>(ctx, Verb::Updated)
        .get_result(conn)
        .optional()
}

/// Archives a living one, or restores an archived one.
pub(super) fn set_archived(
    conn: &mut Conn,
    ctx: &Ctx,
    id: KbPortalId,
    base: Option<i32>,
    archived: bool,
) -> QueryResult<Option<KbPortal>> {
    let (oldest, newest) = base.map_or((i32::MIN, i32::MAX), |version| (version, version));
    let (verb, at) = if archived { (Verb::Deleted, Some(ctx.now)) } else { (Verb::Restored, None) };
    let target = scope(ctx)
        .filter(kb_portals::deleted_at.is_null().eq(archived))
        .filter(kb_portals::id.eq(id))
        .filter(kb_portals::version.between(oldest, newest));
    let moved = (
        kb_portals::deleted_at.eq(at),
        kb_portals::version.eq(kb_portals::version + 1),
        kb_portals::updated_at.eq(ctx.now),
        kb_portals::updated_by.eq(ctx.actor.user),
    );
    diesel::update(target)
        .set(moved)
        .returning(KbPortal::as_returning())
        .recorded::<KbPortal>(ctx, verb)
        .get_result(conn)
        .optional()
}

pub(super) fn delete(conn: &mut Conn, ctx: &Ctx, id: KbPortalId) -> QueryResult<Option<KbPortal>> {
    diesel::delete(scope(ctx).filter(kb_portals::id.eq(id)))
        .returning(KbPortal::as_returning())
        .recorded::<KbPortal>(ctx, Verb::Purged)
        .get_result(conn)
        .optional()
}

/// The living portal of the server that is called so, whoever's it is.
pub(super) fn called(conn: &mut Conn, slug: &str) -> QueryResult<Option<(TenantId, KbPortalId)>> {
    let living = kb_portals::table.filter(kb_portals::deleted_at.is_null()).filter(kb_portals::slug.eq(slug));
    living.select((kb_portals::tenant_id, kb_portals::id)).first(conn).optional()
}

/// The portal that visitors mean, if it is open to them; and whose it is.
pub fn open(conn: &mut Conn, slug: &str) -> QueryResult<Option<(TenantId, KbPortal)>> {
    kb_portals::table
        .filter(kb_portals::deleted_at.is_null())
        .filter(kb_portals::is_public)
        .filter(kb_portals::slug.eq(slug))
        .select((kb_portals::tenant_id, KbPortal::as_select()))
        .first(conn)
        .optional()
}

impl Batch for KbPortal {
    fn find(conn: &mut Conn, ctx: &Ctx, id: KbPortalId) -> Result<Self> {
        find(conn, ctx, id)
    }
    fn batch(conn: &mut Conn, tenant: TenantId, ids: &[KbPortalId]) -> Result<Vec<Self>> {
        Ok(kb_portals::table
            .filter(kb_portals::tenant_id.eq(tenant))
            .filter(kb_portals::deleted_at.is_null())
            .filter(kb_portals::id.eq_any(ids))
            .select(KbPortal::as_select())
            .load(conn)?)
    }
}
