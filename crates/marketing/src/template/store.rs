//! The queries of a template. `scope` is the only way in.
use super::{NewTemplate, Template, TemplatePatch};
use crate::schema::{templates, tenants, users};
use diesel::dsl::auto_type;
use diesel::prelude::*;
use diesel::result::QueryResult;
use kernel::event::Verb;
use kernel::{Ctx, Page, Result, TemplateId, TenantId};
use platform::deed::ByName;
use platform::search::array_to_tsvector;
use platform::{Batch, Conn, Listing, Record};

/// The templates of the tenant, archived ones too: they belong to nobody, so the permission at the door is enough.
#[auto_type]
fn scope(ctx: &Ctx) -> _ {
    let tenant: TenantId = ctx.tenant;
    templates::table.filter(templates::tenant_id.eq(tenant))
}

pub fn find(conn: &mut Conn, ctx: &Ctx, id: TemplateId) -> Result<Template> {
    let living = scope(ctx).filter(templates::deleted_at.is_null());
    Ok(living.filter(templates::id.eq(id)).select(Template::as_select()).first(conn)?)
}

/// The template whether living or archived.
pub(super) fn find_any(conn: &mut Conn, ctx: &Ctx, id: TemplateId) -> QueryResult<Template> {
    scope(ctx).filter(templates::id.eq(id)).select(Template::as_select()).first(conn)
}

/// The living templates among `ids`, in no order.
pub fn many(conn: &mut Conn, ctx: &Ctx, ids: &[TemplateId]) -> Result<Vec<Template>> {
    let living = scope(ctx).filter(templates::deleted_at.is_null());
    Ok(living.filter(templates::id.eq_any(ids)).select(Template::as_select()).load(conn)?)
}

/// The living template with this name.
pub(super) fn find_by(conn: &mut Conn, ctx: &Ctx, name: &ByName) -> Result<Vec<Template>> {
    Ok(named(conn, ctx, &name.0)?)
}

pub(super) fn named(conn: &mut Conn, ctx: &Ctx, name: &str) -> QueryResult<Vec<Template>> {
    let living = scope(ctx).filter(templates::deleted_at.is_null());
    living.filter(templates::name.eq(name)).select(Template::as_select()).load(conn)
}

pub fn list(conn: &mut Conn, ctx: &Ctx, listing: &Listing<templates::table>) -> Result<Page<Template>> {
    listing.page(
        conn,
        ctx,
        |conn, ask| {
            let page = scope(ctx).filter(ask.matching()).order(ask.order()).limit(ask.limit());
            page.select((Template::as_select(), ask.keys())).load(conn)
        },
        |ask| scope(ctx).filter(ask.matching()).select(templates::id),
        |one| &one.name,
    )
}

pub(super) fn insert(conn: &mut Conn, ctx: &Ctx, new: &NewTemplate, words: Vec<String>) -> QueryResult<Template> {
    let given = (
        templates::tenant_id.eq(ctx.tenant),
        templates::id.eq(new.id.unwrap_or_else(TemplateId::new)),
        templates::created_at.eq(ctx.now),
        templates::updated_at.eq(ctx.now),
        templates::created_by.eq(ctx.actor.user),
        templates::updated_by.eq(ctx.actor.user),
        templates::search.eq(array_to_tsvector(words)),
    );
    diesel::insert_into(templates::table)
        .values((given, new))
        .returning(Template::as_returning())
        .recorded::<Template>(ctx, Verb::Created)
        .get_result(conn)
}

/// Nothing comes back where the template is not there, or is no longer at version `base`.
pub(super) fn update(
    conn: &mut Conn,
    ctx: &Ctx,
    id: TemplateId,
    base: Option<i32>,
    patch: &TemplatePatch,
    words: Option<Vec<String>>,
) -> QueryResult<Option<Template>> {
    let (oldest, newest) = base.map_or((i32::MIN, i32::MAX), |version| (version, version));
    let target = scope(ctx)
        .filter(templates::deleted_at.is_null())
        .filter(templates::id.eq(id))
        .filter(templates::version.between(oldest, newest));
    let moved = (
        templates::version.eq(templates::version + 1),
        templates::updated_at.eq(ctx.now),
        templates::updated_by.eq(ctx.actor.user),
        words.map(|words| templates::search.eq(array_to_tsvector(words))),
    );
    diesel::update(target)
        .set((patch, moved))
        .returning(Template::as_returning())
        .recorded::<Template>(ctx, Verb::Updated)
        .get_result(conn)
        .optional()
}

/// Archives a living template, or restores an archived one.
pub(super) fn set_archived(
    conn: &mut Conn,
    ctx: &Ctx,
    id: TemplateId,
    base: Option<i32>,
    archived: bool,
) -> QueryResult<Option<Template>> {
    let (oldest, newest) = base.map_or((i32::MIN, i32::MAX), |version| (version, version));
    let (verb, at) = if archived { (Verb::Deleted, Some(ctx.now)) } else { (Verb::Restored, None) };
    let target = scope(ctx)
        .filter(templates::deleted_at.is_null().eq(archived))
        .filter(templates::id.eq(id))
        .filter(templates::version.between(oldest, newest));
    let moved = (
        templates::deleted_at.eq(at),
        templates::version.eq(templates::version + 1),
        templates::updated_at.eq(ctx.now),
        templates::updated_by.eq(ctx.actor.user),
    );
    diesel::update(target)
        .set(moved)
        .returning(Template::as_returning())
        .recorded::<Template>(ctx, verb)
        .get_result(conn)
        .optional()
}

pub(super) fn delete(conn: &mut Conn, ctx: &Ctx, id: TemplateId) -> QueryResult<Option<Template>> {
    diesel::delete(scope(ctx).filter(templates::id.eq(id)))
        .returning(Template::as_returning())
        .recorded::<Template>(ctx, Verb::Purged)
        .get_result(conn)
        .optional()
}

/// What a tenant is called in its mails.
pub(crate) fn sender(conn: &mut Conn, ctx: &Ctx) -> QueryResult<String> {
    tenants::table.find(ctx.tenant).select(tenants::name).first(conn)
}

pub(super) fn address_of_actor(conn: &mut Conn, ctx: &Ctx) -> QueryResult<String> {
    users::table.find((ctx.tenant, ctx.actor.user)).select(users::email).first(conn)
}

impl Batch for Template {
    fn find(conn: &mut Conn, ctx: &Ctx, id: TemplateId) -> Result<Self> {
        find(conn, ctx, id)
    }
    fn batch(conn: &mut Conn, tenant: TenantId, ids: &[TemplateId]) -> Result<Vec<Self>> {
        Ok(templates::table
            .filter(templates::tenant_id.eq(tenant))
            .filter(templates::deleted_at.is_null())
            .filter(templates::id.eq_any(ids))
            .select(Template::as_select())
            .load(conn)?)
    }
}
