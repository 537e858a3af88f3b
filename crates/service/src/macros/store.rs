//! The queries of a macro. `scope` is the only way in.
use super::schema::macros;
use super::{Macro, MacroPatch, NewMacro};
use diesel::dsl::auto_type;
use diesel::prelude::*;
use diesel::result::QueryResult;
use kernel::event::Verb;
use kernel::{Ctx, MacroId, Page, Result, TenantId};
use platform::search::array_to_tsvector;
use platform::{Batch, Conn, Listing, Record};

/// The macros of the tenant, archived ones too: they belong to nobody, so the permission at the door is enough.
#[auto_type]
fn scope(ctx: &Ctx) -> _ {
    let tenant: TenantId = ctx.tenant;
    macros::table.filter(macros::tenant_id.eq(tenant))
}

pub fn find(conn: &mut Conn, ctx: &Ctx, id: MacroId) -> Result<Macro> {
    let living = scope(ctx).filter(macros::deleted_at.is_null());
    Ok(living.filter(macros::id.eq(id)).select(Macro::as_select()).first(conn)?)
}

/// Whether living or archived.
pub(super) fn find_any(conn: &mut Conn, ctx: &Ctx, id: MacroId) -> QueryResult<Macro> {
    scope(ctx).filter(macros::id.eq(id)).select(Macro::as_select()).first(conn)
}

/// The living macros among `ids`, in no order.
pub fn many(conn: &mut Conn, ctx: &Ctx, ids: &[MacroId]) -> Result<Vec<Macro>> {
    let living = scope(ctx).filter(macros::deleted_at.is_null());
    Ok(living.filter(macros::id.eq_any(ids)).select(Macro::as_select()).load(conn)?)
}

pub fn list(conn: &mut Conn, ctx: &Ctx, listing: &Listing<macros::table>) -> Result<Page<Macro>> {
    listing.page(
        conn,
        ctx,
        |conn, ask| {
            let page = scope(ctx).filter(ask.matching()).order(ask.order()).limit(ask.limit());
            page.select((Macro::as_select(), ask.keys())).load(conn)
        },
        |ask| scope(ctx).filter(ask.matching()).select(macros::id),
        |one| &one.name,
    )
}

pub(super) fn insert(conn: &mut Conn, ctx: &Ctx, new: &NewMacro, words: Vec<String>) -> QueryResult<Macro> {
    let given = (
        macros::tenant_id.eq(ctx.tenant),
        macros::id.eq(new.id.unwrap_or_else(MacroId::new)),
        (macros::created_at.eq(ctx.now), macros::updated_at.eq(ctx.now)),
        (macros::created_by.eq(ctx.actor.user), macros::updated_by.eq(ctx.actor.user)),
        macros::search.eq(array_to_tsvector(words)),
    );
    diesel::insert_into(macros::table)
        .values((given, new))
        .returning(Macro::as_returning())
        .recorded::<Macro>(ctx, Verb::Created)
        .get_result(conn)
}

/// Nothing comes back where it is not there, or is no longer at version `base`.
pub(super) fn update(
    conn: &mut Conn,
    ctx: &Ctx,
    id: MacroId,
    base: Option<i32>,
    patch: &MacroPatch,
    words: Option<Vec<String>>,
) -> QueryResult<Option<Macro>> {
    let (oldest, newest) = base.map_or((i32::MIN, i32::MAX), |version| (version, version));
    let target = scope(ctx)
        .filter(macros::deleted_at.is_null())
        .filter(macros::id.eq(id))
        .filter(macros::version.between(oldest, newest));
    let moved = (
        macros::version.eq(macros::version + 1),
        macros::updated_at.eq(ctx.now),
        macros::updated_by.eq(ctx.actor.user),
        words.map(|words| macros::search.eq(array_to_tsvector(words))),
    );
    diesel::update(target)
        .set((patch, moved))
        .returning(Macro::as_returning())
        .recorded::<Macro>(ctx, Verb::Updated)
        .get_result(conn)
        .optional()
}

/// Archives a living one, or restores an archived one.
pub(super) fn set_archived(
    conn: &mut Conn,
    ctx: &Ctx,
    id: MacroId,
    base: Option<i32>,
    archived: bool,
) -> QueryResult<Option<Macro>> {
    let (oldest, newest) = base.map_or((i32::MIN, i32::MAX), |version| (version, version));
    let (verb, at) = if archived { (Verb::Deleted, Some(ctx.now)) } else { (Verb::Restored, None) };
    let target = scope(ctx)
        .filter(macros::deleted_at.is_null().eq(archived))
        .filter(macros::id.eq(id))
        .filter(macros::version.between(oldest, newest));
    let moved = (
        macros::deleted_at.eq(at),
        macros::version.eq(macros::version + 1),
        macros::updated_at.eq(ctx.now),
        macros::updated_by.eq(ctx.actor.user),
    );
    diesel::update(target)
        .set(moved)
        .returning(Macro::as_returning())
        .recorded::<Macro>(ctx, verb)
        .get_result(conn)
        .optional()
}

pub(super) fn delete(conn: &mut Conn, ctx: &Ctx, id: MacroId) -> QueryResult<Option<Macro>> {
    diesel::delete(scope(ctx).filter(macros::id.eq(id)))
        .returning(Macro::as_returning())
        .recorded::<Macro>(ctx, Verb::Purged)
        .get_result(conn)
        .optional()
}

/// The living one with this name.
pub(super) fn called(conn: &mut Conn, ctx: &Ctx, name: &str) -> QueryResult<Option<Macro>> {
    let living = scope(ctx).filter(macros::deleted_at.is_null());
    living.filter(macros::name.eq(name)).select(Macro::as_select()).first(conn).optional()
}

impl Batch for Macro {
    fn find(conn: &mut Conn, ctx: &Ctx, id: MacroId) -> Result<Self> {
        find(conn, ctx, id)
    }
    fn batch(conn: &mut Conn, tenant: TenantId, ids: &[MacroId]) -> Result<Vec<Self>> {
        Ok(macros::table
            .filter(macros::tenant_id.eq(tenant))
            .filter(macros::deleted_at.is_null())
            .filter(macros::id.eq_any(ids))
            .select(Macro::as_select())
            .load(conn)?)
    }
}
