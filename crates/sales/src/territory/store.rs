//! The queries of a territory. `scope` is the only way in.
use super::schema::territories;
use super::{NewTerritory, Territory, TerritoryPatch};
use diesel::dsl::auto_type;
use diesel::prelude::*;
use diesel::result::QueryResult;
use kernel::event::Verb;
use kernel::{Ctx, Page, Result, TenantId, TerritoryId};
use platform::deed::ByName;
use platform::search::array_to_tsvector;
use platform::{Batch, Conn, Listing, Record};

/// The territories of the tenant, archived ones too: they belong to nobody, so the permission at the door is enough.
#[auto_type]
fn scope(ctx: &Ctx) -> _ {
    let tenant: TenantId = ctx.tenant;
    territories::table.filter(territories::tenant_id.eq(tenant))
}

pub fn find(conn: &mut Conn, ctx: &Ctx, id: TerritoryId) -> Result<Territory> {
    let living = scope(ctx).filter(territories::deleted_at.is_null());
    Ok(living.filter(territories::id.eq(id)).select(Territory::as_select()).first(conn)?)
}

/// The territory whether living or archived.
pub(super) fn find_any(conn: &mut Conn, ctx: &Ctx, id: TerritoryId) -> QueryResult<Territory> {
    scope(ctx).filter(territories::id.eq(id)).select(Territory::as_select()).first(conn)
}

/// The living territories among `ids`, in no order.
pub fn many(conn: &mut Conn, ctx: &Ctx, ids: &[TerritoryId]) -> Result<Vec<Territory>> {
    let living = scope(ctx).filter(territories::deleted_at.is_null());
    Ok(living.filter(territories::id.eq_any(ids)).select(Territory::as_select()).load(conn)?)
}

/// The living territory with this name.
pub(super) fn find_by(conn: &mut Conn, ctx: &Ctx, name: &ByName) -> Result<Vec<Territory>> {
    Ok(named(conn, ctx, &name.0)?)
}

pub(super) fn named(conn: &mut Conn, ctx: &Ctx, name: &str) -> QueryResult<Vec<Territory>> {
    let living = scope(ctx).filter(territories::deleted_at.is_null());
    living.filter(territories::name.eq(name)).select(Territory::as_select()).load(conn)
}

/// All living territories, by name.
pub(super) fn living(conn: &mut Conn, ctx: &Ctx) -> QueryResult<Vec<Territory>> {
    let living = scope(ctx).filter(territories::deleted_at.is_null());
    living.order((territories::name, territories::id)).select(Territory::as_select()).load(conn)
}

pub fn list(conn: &mut Conn, ctx: &Ctx, listing: &Listing<territories::table>) -> Result<Page<Territory>> {
    listing.page(
        conn,
        ctx,
        |conn, ask| {
            let page = scope(ctx).filter(ask.matching()).order(ask.order()).limit(ask.limit());
            page.select((Territory::as_select(), ask.keys())).load(conn)
        },
        |ask| scope(ctx).filter(ask.matching()).select(territories::id),
        |territory| &territory.name,
    )
}

pub(super) fn insert(conn: &mut Conn, ctx: &Ctx, new: &NewTerritory, words: Vec<String>) -> QueryResult<Territory> {
    let given = (
        territories::tenant_id.eq(ctx.tenant),
        territories::id.eq(new.id.unwrap_or_else(TerritoryId::new)),
        territories::created_at.eq(ctx.now),
        territories::updated_at.eq(ctx.now),
        territories::created_by.eq(ctx.actor.user),
        territories::updated_by.eq(ctx.actor.user),
        territories::search.eq(array_to_tsvector(words)),
    );
    diesel::insert_into(territories::table)
        .values((given, new))
        .returning(Territory::as_returning())
        .recorded::<Territory>(ctx, Verb::Created)
        .get_result(conn)
}

/// Nothing comes back where the territory is not there, or is no longer at version `base`.
pub(super) fn update(
    conn: &mut Conn,
    ctx: &Ctx,
    id: TerritoryId,
    base: Option<i32>,
    patch: &TerritoryPatch,
    words: Option<Vec<String>>,
) -> QueryResult<Option<Territory>> {
    let (oldest, newest) = base.map_or((i32::MIN, i32::MAX), |version| (version, version));
    let target = scope(ctx)
        .filter(territories::deleted_at.is_null())
        .filter(territories::id.eq(id))
        .filter(territories::version.between(oldest, newest));
    let moved = (
        territories::version.eq(territories::version + 1),
        territories::updated_at.eq(ctx.now),
        territories::updated_by.eq(ctx.actor.user),
        words.map(|words| territories::search.eq(array_to_tsvector(words))),
    );
    diesel::update(target)
        .set((patch, moved))
        .returning(Territory::as_returning())
        .recorded::<Territory>(ctx, Verb::Updated)
        .get_result(conn)
        .optional()
}

/// Archives a living territory, or restores an archived one.
pub(super) fn set_archived(
    conn: &mut Conn,
    ctx: &Ctx,
    id: TerritoryId,
    base: Option<i32>,
    archived: bool,
) -> QueryResult<Option<Territory>> {
    let (oldest, newest) = base.map_or((i32::MIN, i32::MAX), |version| (version, version));
    let (verb, at) = if archived { (Verb::Deleted, Some(ctx.now)) } else { (Verb::Restored, None) };
    let target = scope(ctx)
        .filter(territories::deleted_at.is_null().eq(archived))
        .filter(territories::id.eq(id))
        .filter(territories::version.between(oldest, newest));
    let moved = (
        territories::deleted_at.eq(at),
        territories::version.eq(territories::version + 1),
        territories::updated_at.eq(ctx.now),
        territories::updated_by.eq(ctx.actor.user),
    );
    diesel::update(target)
        .set(moved)
        .returning(Territory::as_returning())
        .recorded::<Territory>(ctx, verb)
        .get_result(conn)
        .optional()
}

pub(super) fn delete(conn: &mut Conn, ctx: &Ctx, id: TerritoryId) -> QueryResult<Option<Territory>> {
    diesel::delete(scope(ctx).filter(territories::id.eq(id)))
        .returning(Territory::as_returning())
        .recorded::<Territory>(ctx, Verb::Purged)
        .get_result(conn)
        .optional()
}

impl Batch for Territory {
    fn find(conn: &mut Conn, ctx: &Ctx, id: TerritoryId) -> Result<Self> {
        find(conn, ctx, id)
    }
    fn batch(conn: &mut Conn, tenant: TenantId, ids: &[TerritoryId]) -> Result<Vec<Self>> {
        Ok(territories::table
            .filter(territories::tenant_id.eq(tenant))
            .filter(territories::deleted_at.is_null())
            .filter(territories::id.eq_any(ids))
            .select(Territory::as_select())
            .load(conn)?)
    }
}
