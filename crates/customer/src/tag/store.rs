//! The queries of a tag. `scope` is the only way in.
use super::{NewTag, Tag, TagPatch, key};
use crate::schema::tags;
use diesel::dsl::auto_type;
use diesel::prelude::*;
use diesel::result::QueryResult;
use kernel::event::Verb;
use kernel::{Ctx, Page, Result, TagId, TenantId};
use platform::deed::ByName;
use platform::search::{Words, array_to_tsvector};
use platform::{Batch, Conn, Listing, Record};

/// The tags of the tenant, archived ones too: they belong to nobody, so the permission at the door is enough.
#[auto_type]
fn scope(ctx: &Ctx) -> _ {
    let tenant: TenantId = ctx.tenant;
    tags::table.filter(tags::tenant_id.eq(tenant))
}

pub fn find(conn: &mut Conn, ctx: &Ctx, id: TagId) -> Result<Tag> {
    let living = scope(ctx).filter(tags::deleted_at.is_null());
    Ok(living.filter(tags::id.eq(id)).select(Tag::as_select()).first(conn)?)
}

pub fn list(conn: &mut Conn, ctx: &Ctx, listing: &Listing<tags::table>) -> Result<Page<Tag>> {
    listing.page(
        conn,
        ctx,
        |conn, ask| {
            let page = scope(ctx).filter(ask.matching()).order(ask.order()).limit(ask.limit());
            page.select((Tag::as_select(), ask.keys())).load(conn)
        },
        |ask| scope(ctx).filter(ask.matching()).select(tags::id),
        |tag| &tag.name,
    )
}

/// The living tags among `ids`, in no order.
pub fn many(conn: &mut Conn, ctx: &Ctx, ids: &[TagId]) -> Result<Vec<Tag>> {
    let living = scope(ctx).filter(tags::deleted_at.is_null());
    Ok(living.filter(tags::id.eq_any(ids)).select(Tag::as_select()).load(conn)?)
}

/// The living tag that is called so.
pub(super) fn called(conn: &mut Conn, ctx: &Ctx, name: &str) -> QueryResult<Option<Tag>> {
    let living = scope(ctx).filter(tags::deleted_at.is_null());
    living.filter(tags::name_key.eq(key(name))).select(Tag::as_select()).first(conn).optional()
}

pub(super) fn find_by(conn: &mut Conn, ctx: &Ctx, name: &ByName) -> Result<Vec<Tag>> {
    Ok(called(conn, ctx, &name.0)?.into_iter().collect())
}

fn words(name: &str) -> Vec<String> {
    Words::new().name(name).lexemes()
}

pub(super) fn insert(conn: &mut Conn, ctx: &Ctx, new: &NewTag) -> QueryResult<Tag> {
    let given = (
        tags::tenant_id.eq(ctx.tenant),
        tags::id.eq(new.id.unwrap_or_else(TagId::new)),
        tags::name_key.eq(key(&new.name)),
        tags::created_at.eq(ctx.now),
        tags::updated_at.eq(ctx.now),
        tags::created_by.eq(ctx.actor.user),
        tags::updated_by.eq(ctx.actor.user),
        tags::search.eq(array_to_tsvector(words(&new.name))),
    );
    diesel::insert_into(tags::table)
        .values((given, new))
        .returning(Tag::as_returning())
        .recorded::<Tag>(ctx, Verb::Created)
        .get_result(conn)
}

/// Nothing comes back where there is no such tag, or it is no longer at version `base`.
pub(super) fn update(
    conn: &mut Conn,
    ctx: &Ctx,
    id: TagId,
    base: Option<i32>,
    patch: &TagPatch,
) -> QueryResult<Option<Tag>> {
    let (oldest, newest) = base.map_or((i32::MIN, i32::MAX), |version| (version, version));
    let target = scope(ctx)
        .filter(tags::deleted_at.is_null())
        .filter(tags::id.eq(id))
        .filter(tags::version.between(oldest, newest));
    let name = patch.name.as_deref();
    let moved = (
        tags::version.eq(tags::version + 1),
        tags::updated_at.eq(ctx.now),
        tags::updated_by.eq(ctx.actor.user),
        name.map(|name| (tags::name_key.eq(key(name)), tags::search.eq(array_to_tsvector(words(name))))),
    );
    diesel::update(target)
        .set((patch, moved))
        .returning(Tag::as_returning())
        .recorded::<Tag>(ctx, Verb::Updated)
        .get_result(conn)
        .optional()
}

/// Archives a living tag, or restores an archived one.
pub(super) fn set_archived(
    conn: &mut Conn,
    ctx: &Ctx,
    id: TagId,
    base: Option<i32>,
    archived: bool,
) -> QueryResult<Option<Tag>> {
    let (oldest, newest) = base.map_or((i32::MIN, i32::MAX), |version| (version, version));
    let (verb, at) = if archived { (Verb::Deleted, Some(ctx.now)) } else { (Verb::Restored, None) };
    let target = scope(ctx)
        .filter(tags::deleted_at.is_null().eq(archived))
        .filter(tags::id.eq(id))
        .filter(tags::version.between(oldest, newest));
    let moved = (
        tags::deleted_at.eq(at),
        tags::version.eq(tags::version + 1),
        tags::updated_at.eq(ctx.now),
        tags::updated_by.eq(ctx.actor.user),
    );
    diesel::update(target)
        .set(moved)
        .returning(Tag::as_returning())
        .recorded::<Tag>(ctx, verb)
        .get_result(conn)
        .optional()
}

pub(super) fn delete(conn: &mut Conn, ctx: &Ctx, id: TagId) -> QueryResult<Option<Tag>> {
    diesel::delete(scope(ctx).filter(tags::id.eq(id)))
        .returning(Tag::as_returning())
        .recorded::<Tag>(ctx, Verb::Purged)
        .get_result(conn)
        .optional()
}

/// The tag whether living or archived.
pub(super) fn find_any(conn: &mut Conn, ctx: &Ctx, id: TagId) -> QueryResult<Tag> {
    scope(ctx).filter(tags::id.eq(id)).select(Tag::as_select()).first(conn)
}

impl Batch for Tag {
    fn find(conn: &mut Conn, ctx: &Ctx, id: TagId) -> Result<Self> {
        find(conn, ctx, id)
    }
    fn batch(conn: &mut Conn, tenant: TenantId, ids: &[TagId]) -> Result<Vec<Self>> {
        Ok(tags::table
            .filter(tags::tenant_id.eq(tenant))
            .filter(tags::deleted_at.is_null())
            .filter(tags::id.eq_any(ids))
            .select(Tag::as_select())
            .load(conn)?)
    }
}
