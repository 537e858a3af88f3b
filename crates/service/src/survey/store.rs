//! The queries of a survey. `scope` is the only way in.
use super::schema::surveys;
use super::{NewSurvey, Survey, SurveyPatch};
use diesel::dsl::auto_type;
use diesel::prelude::*;
use diesel::result::QueryResult;
use kernel::event::Verb;
use kernel::{Ctx, Page, Result, SurveyId, TenantId};
use platform::search::array_to_tsvector;
use platform::{Batch, Conn, Listing, Record};

/// The surveys of the tenant, archived ones too: they belong to nobody, so the permission at the door is enough.
#[auto_type]
fn scope(ctx: &Ctx) -> _ {
    let tenant: TenantId = ctx.tenant;
    surveys::table.filter(surveys::tenant_id.eq(tenant))
}

pub fn find(conn: &mut Conn, ctx: &Ctx, id: SurveyId) -> Result<Survey> {
    let living = scope(ctx).filter(surveys::deleted_at.is_null());
    Ok(living.filter(surveys::id.eq(id)).select(Survey::as_select()).first(conn)?)
}

/// Whether living or archived.
pub(crate) fn find_any(conn: &mut Conn, ctx: &Ctx, id: SurveyId) -> QueryResult<Survey> {
    scope(ctx).filter(surveys::id.eq(id)).select(Survey::as_select()).first(conn)
}

/// The living surveys among `ids`, in no order.
pub fn many(conn: &mut Conn, ctx: &Ctx, ids: &[SurveyId]) -> Result<Vec<Survey>> {
    let living = scope(ctx).filter(surveys::deleted_at.is_null());
    Ok(living.filter(surveys::id.eq_any(ids)).select(Survey::as_select()).load(conn)?)
}

pub fn list(conn: &mut Conn, ctx: &Ctx, listing: &Listing<surveys::table>) -> Result<Page<Survey>> {
    listing.page(
        conn,
        ctx,
        |conn, ask| {
            let page = scope(ctx).filter(ask.matching()).order(ask.order()).limit(ask.limit());
            page.select((Survey::as_select(), ask.keys())).load(conn)
        },
        |ask| scope(ctx).filter(ask.matching()).select(surveys::id),
        |one| &one.name,
    )
}

pub(super) fn insert(conn: &mut Conn, ctx: &Ctx, new: &NewSurvey, words: Vec<String>) -> QueryResult<Survey> {
    let given = (
        surveys::tenant_id.eq(ctx.tenant),
        surveys::id.eq(new.id.unwrap_or_else(SurveyId::new)),
        (surveys::created_at.eq(ctx.now), surveys::updated_at.eq(ctx.now)),
        (surveys::created_by.eq(ctx.actor.user), surveys::updated_by.eq(ctx.actor.user)),
        surveys::search.eq(array_to_tsvector(words)),
    );
    diesel::insert_into(surveys::table)
        .values((given, new))
        .returning(Survey::as_returning())
        .recorded::<Survey>(ctx, Verb::Created)
        .get_result(conn)
}

/// Nothing comes back where it is not there, or is no longer at version `base`.
pub(super) fn update(
    conn: &mut Conn,
    ctx: &Ctx,
    id: SurveyId,
    base: Option<i32>,
    patch: &SurveyPatch,
    words: Option<Vec<String>>,
) -> QueryResult<Option<Survey>> {
    let (oldest, newest) = base.map_or((i32::MIN, i32::MAX), |version| (version, version));
    let target = scope(ctx)
        .filter(surveys::deleted_at.is_null())
        .filter(surveys::id.eq(id))
        .filter(surveys::version.between(oldest, newest));
    let moved = (
        surveys::version.eq(surveys::version + 1),
        surveys::updated_at.eq(ctx.now),
        surveys::updated_by.eq(ctx.actor.user),
        words.map(|words| surveys::search.eq(array_to_tsvector(words))),
    );
    diesel::update(target)
        .set((patch, moved))
        .returning(Survey::as_returning())
        .recorded::<Survey>(ctx, Verb::Updated)
        .get_result(conn)
        .optional()
}

/// Archives a living one, or restores an archived one.
pub(super) fn set_archived(
    conn: &mut Conn,
    ctx: &Ctx,
    id: SurveyId,
    base: Option<i32>,
    archived: bool,
) -> QueryResult<Option<Survey>> {
    let (oldest, newest) = base.map_or((i32::MIN, i32::MAX), |version| (version, version));
    let (verb, at) = if archived { (Verb::Deleted, Some(ctx.now)) } else { (Verb::Restored, None) };
    let target = scope(ctx)
        .filter(surveys::deleted_at.is_null().eq(archived))
        .filter(surveys::id.eq(id))
        .filter(surveys::version.between(oldest, newest));
    let moved = (
        surveys::deleted_at.eq(at),
        surveys::version.eq(surveys::version + 1),
        surveys::updated_at.eq(ctx.now),
        surveys::updated_by.eq(ctx.actor.user),
    );
    diesel::update(target)
        .set(moved)
        .returning(Survey::as_returning())
        .recorded::<Survey>(ctx, verb)
        .get_result(conn)
        .optional()
}

pub(super) fn delete(conn: &mut Conn, ctx: &Ctx, id: SurveyId) -> QueryResult<Option<Survey>> {
    diesel::delete(scope(ctx).filter(surveys::id.eq(id)))
        .returning(Survey::as_returning())
        .recorded::<Survey>(ctx, Verb::Purged)
        .get_result(conn)
        .optional()
}

/// The living one with this name.
pub(super) fn called(conn: &mut Conn, ctx: &Ctx, name: &str) -> QueryResult<Option<Survey>> {
    let living = scope(ctx).filter(surveys::deleted_at.is_null());
    living.filter(surveys::name.eq(name)).select(Survey::as_select()).first(conn).optional()
}

/// The living ones that are sent when a case is closed.
pub(crate) fn on_close(conn: &mut Conn, ctx: &Ctx) -> QueryResult<Vec<Survey>> {
    scope(ctx)
        .filter(surveys::deleted_at.is_null())
        .filter(surveys::is_active)
        .filter(surveys::is_sent_on_close)
        .order(surveys::id)
        .select(Survey::as_select())
        .load(conn)
}

impl Batch for Survey {
    fn find(conn: &mut Conn, ctx: &Ctx, id: SurveyId) -> Result<Self> {
        find(conn, ctx, id)
    }
    fn batch(conn: &mut Conn, tenant: TenantId, ids: &[SurveyId]) -> Result<Vec<Self>> {
        Ok(surveys::table
            .filter(surveys::tenant_id.eq(tenant))
            .filter(surveys::deleted_at.is_null())
            .filter(surveys::id.eq_any(ids))
            .select(Survey::as_select())
            .load(conn)?)
    }
}
