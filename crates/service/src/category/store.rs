//! The queries of a territory. `scope` is the only way in.
use super::schema::case_categories;
use super::{CaseCategory, CaseCategoryPatch, NewCaseCategory};
use diesel::dsl::auto_type;
use diesel::prelude::*;
use diesel::result::QueryResult;
use kernel::event::Verb;
use kernel::{CaseCategoryId, Ctx, Page, Result, TenantId};
use platform::deed::ByName;
use platform::search::array_to_tsvector;
use platform::{Batch, Conn, Listing, Record};

/// The categories of the tenant, archived ones too: they belong to nobody, so the permission at the door is enough.
#[auto_type]
fn scope(ctx: &Ctx) -> _ {
    let tenant: TenantId = ctx.tenant;
    case_categories::table.filter(case_categories::tenant_id.eq(tenant))
}

pub fn find(conn: &mut Conn, ctx: &Ctx, id: CaseCategoryId) -> Result<CaseCategory> {
    let living = scope(ctx).filter(case_categories::deleted_at.is_null());
    Ok(living.filter(case_categories::id.eq(id)).select(CaseCategory::as_select()).first(conn)?)
}

/// The category whether living or archived.
pub(super) fn find_any(conn: &mut Conn, ctx: &Ctx, id: CaseCategoryId) -> QueryResult<CaseCategory> {
    scope(ctx).filter(case_categories::id.eq(id)).select(CaseCategory::as_select()).first(conn)
}

/// The living categories among `ids`, in no order.
pub fn many(conn: &mut Conn, ctx: &Ctx, ids: &[CaseCategoryId]) -> Result<Vec<CaseCategory>> {
    let living = scope(ctx).filter(case_categories::deleted_at.is_null());
    Ok(living.filter(case_categories::id.eq_any(ids)).select(CaseCategory::as_select()).load(conn)?)
}

/// The living category with this name.
pub(super) fn find_by(conn: &mut Conn, ctx: &Ctx, name: &ByName) -> Result<Vec<CaseCategory>> {
    Ok(named(conn, ctx, &name.0)?)
}

pub(super) fn named(conn: &mut Conn, ctx: &Ctx, name: &str) -> QueryResult<Vec<CaseCategory>> {
    let living = scope(ctx).filter(case_categories::deleted_at.is_null());
    living.filter(case_categories::name.eq(name)).select(CaseCategory::as_select()).load(conn)
}

/// All living categories, by name.
pub(super) fn living(conn: &mut Conn, ctx: &Ctx) -> QueryResult<Vec<CaseCategory>> {
    let living = scope(ctx).filter(case_categories::deleted_at.is_null());
    living.order((case_categories::name, case_categories::id)).select(CaseCategory::as_select()).load(conn)
}

pub fn list(conn: &mut Conn, ctx: &Ctx, listing: &Listing<case_categories::table>) -> Result<Page<CaseCategory>> {
    listing.page(
        conn,
        ctx,
        |conn, ask| {
            let page = scope(ctx).filter(ask.matching()).order(ask.order()).limit(ask.limit());
            page.select((CaseCategory::as_select(), ask.keys())).load(conn)
        },
        |ask| scope(ctx).filter(ask.matching()).select(case_categories::id),
        |category| &category.name,
    )
}

pub(super) fn insert(
    conn: &mut Conn,
    ctx: &Ctx,
    new: &NewCaseCategory,
    words: Vec<String>,
) -> QueryResult<CaseCategory> {
    let given = (
        case_categories::tenant_id.eq(ctx.tenant),
        case_categories::id.eq(new.id.unwrap_or_else(CaseCategoryId::new)),
        case_categories::created_at.eq(ctx.now),
        case_categories::updated_at.eq(ctx.now),
        case_categories::created_by.eq(ctx.actor.user),
        case_categories::updated_by.eq(ctx.actor.user),
        case_categories::search.eq(array_to_tsvector(words)),
    );
    diesel::insert_into(case_categories::table)
        .values((given, new))
        .returning(CaseCategory::as_returning())
        .recorded::<CaseCategory>(ctx, Verb::Created)
        .get_result(conn)
}

/// Nothing comes back where the category is not there, or is no longer at version `base`.
pub(super) fn update(
    conn: &mut Conn,
    ctx: &Ctx,
    id: CaseCategoryId,
    base: Option<i32>,
    patch: &CaseCategoryPatch,
    words: Option<Vec<String>>,
) -> QueryResult<Option<CaseCategory>> {
    let (oldest, newest) = base.map_or((i32::MIN, i32::MAX), |version| (version, version));
    let target = scope(ctx)
        .filter(case_categories::deleted_at.is_null())
        .filter(case_categories::id.eq(id))
        .filter(case_categories::version.between(oldest, newest));
    let moved = (
        case_categories::version.eq(case_categories::version + 1),
        case_categories::updated_at.eq(ctx.now),
        case_categories::updated_by.eq(ctx.actor.user),
        words.map(|words| case_categories::search.eq(array_to_tsvector(words))),
    );
    diesel::update(target)
        .set((patch, moved))
        .returning(CaseCategory::as_returning())
        .recorded::<CaseCategory>(ctx, Verb::Updated)
        .get_result(conn)
        .optional()
}

/// Archives a living territory, or restores an archived one.
pub(super) fn set_archived(
    conn: &mut Conn,
    ctx: &Ctx,
    id: CaseCategoryId,
    base: Option<i32>,
    archived: bool,
) -> QueryResult<Option<CaseCategory>> {
    let (oldest, newest) = base.map_or((i32::MIN, i32::MAX), |version| (version, version));
    let (verb, at) = if archived { (Verb::Deleted, Some(ctx.now)) } else { (Verb::Restored, None) };
    let target = scope(ctx)
        .filter(case_categories::deleted_at.is_null().eq(archived))
        .filter(case_categories::id.eq(id))
        .filter(case_categories::version.between(oldest, newest));
    let moved = (
        case_categories::deleted_at.eq(at),
        case_categories::version.eq(case_categories::version + 1),
        case_categories::updated_at.eq(ctx.now),
        case_categories::updated_by.eq(ctx.actor.user),
    );
    diesel::update(target)
        .set(moved)
        .returning(CaseCategory::as_returning())
        .recorded::<CaseCategory>(ctx, verb)
        .get_result(conn)
        .optional()
}

pub(super) fn delete(conn: &mut Conn, ctx: &Ctx, id: CaseCategoryId) -> QueryResult<Option<CaseCategory>> {
    diesel::delete(scope(ctx).filter(case_categories::id.eq(id)))
        .returning(CaseCategory::as_returning())
        .recorded::<CaseCategory>(ctx, Verb::Purged)
        .get_result(conn)
        .optional()
}

impl Batch for CaseCategory {
    fn find(conn: &mut Conn, ctx: &Ctx, id: CaseCategoryId) -> Result<Self> {
        find(conn, ctx, id)
    }
    fn batch(conn: &mut Conn, tenant: TenantId, ids: &[CaseCategoryId]) -> Result<Vec<Self>> {
        Ok(case_categories::table
            .filter(case_categories::tenant_id.eq(tenant))
            .filter(case_categories::deleted_at.is_null())
            .filter(case_categories::id.eq_any(ids))
            .select(CaseCategory::as_select())
            .load(conn)?)
    }
}
