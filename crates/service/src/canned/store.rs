//! The queries of a canned response. `scope` is the only way in.
use super::schema::{canned_responses, users};
use super::{CannedResponse, CannedResponsePatch, NewCannedResponse};
use diesel::dsl::auto_type;
use diesel::prelude::*;
use diesel::result::QueryResult;
use kernel::event::Verb;
use kernel::{Action, CannedResponseId, Ctx, Page, Reach, Result, TenantId};
use platform::deed::ByName;
use platform::search::array_to_tsvector;
use platform::visible::{self, Visible};
use platform::{Batch, Conn, Listing, Record};

/// The canned responses of the tenant on which the actor may do `action`, archived ones too; a public one is seen by all
/// who read them.
#[auto_type]
fn scope(ctx: &Ctx, action: Action) -> _ {
    let tenant: TenantId = ctx.tenant;
    let visible: Visible<canned_responses::table> = visible::rows(ctx, action);
    let open: bool = action == Action::Read && ctx.reach::<CannedResponse>(Action::Read) > Reach::None;
    canned_responses::table
        .filter(canned_responses::tenant_id.eq(tenant))
        .filter(visible.or(canned_responses::is_public.eq(open).and(canned_responses::is_public)))
}

pub fn find(conn: &mut Conn, ctx: &Ctx, id: CannedResponseId) -> Result<CannedResponse> {
    let living = scope(ctx, Action::Read).filter(canned_responses::deleted_at.is_null());
    Ok(living.filter(canned_responses::id.eq(id)).select(CannedResponse::as_select()).first(conn)?)
}

/// Whether living or archived.
pub(super) fn find_any(conn: &mut Conn, ctx: &Ctx, id: CannedResponseId) -> QueryResult<CannedResponse> {
    scope(ctx, Action::Read).filter(canned_responses::id.eq(id)).select(CannedResponse::as_select()).first(conn)
}

/// The living canned responses among `ids`, in no order.
pub fn many(conn: &mut Conn, ctx: &Ctx, ids: &[CannedResponseId]) -> Result<Vec<CannedResponse>> {
    let living = scope(ctx, Action::Read).filter(canned_responses::deleted_at.is_null());
    Ok(living.filter(canned_responses::id.eq_any(ids)).select(CannedResponse::as_select()).load(conn)?)
}

/// The living one with this short code, if the caller sees it.
pub(super) fn find_by(conn: &mut Conn, ctx: &Ctx, code: &ByName) -> Result<Vec<CannedResponse>> {
    let living = scope(ctx, Action::Read).filter(canned_responses::deleted_at.is_null());
    Ok(living.filter(canned_responses::short_code.eq(&code.0)).select(CannedResponse::as_select()).load(conn)?)
}

pub fn list(conn: &mut Conn, ctx: &Ctx, listing: &Listing<canned_responses::table>) -> Result<Page<CannedResponse>> {
    listing.page(
        conn,
        ctx,
        |conn, ask| {
            let page = scope(ctx, Action::Read).filter(ask.matching()).order(ask.order()).limit(ask.limit());
            page.select((CannedResponse::as_select(), ask.keys())).load(conn)
        },
        |ask| scope(ctx, Action::Read).filter(ask.matching()).select(canned_responses::id),
        |one| &one.title,
    )
}

pub(super) fn insert(
    conn: &mut Conn,
    ctx: &Ctx,
    new: &NewCannedResponse,
    words: Vec<String>,
) -> QueryResult<CannedResponse> {
    let given = (
        canned_responses::tenant_id.eq(ctx.tenant),
        canned_responses::id.eq(new.id.unwrap_or_else(CannedResponseId::new)),
        canned_responses::owner_id.eq(new.owner_id.unwrap_or(ctx.actor.user)),
        (canned_responses::created_at.eq(ctx.now), canned_responses::updated_at.eq(ctx.now)),
        (canned_responses::created_by.eq(ctx.actor.user), canned_responses::updated_by.eq(ctx.actor.user)),
        canned_responses::search.eq(array_to_tsvector(words)),
    );
    diesel::insert_into(canned_responses::table)
        .values((given, new))
        .returning(CannedResponse::as_returning())
        .recorded::<CannedResponse>(ctx, Verb::Created)
        .get_result(conn)
}

/// Nothing comes back where it is not there, or is no longer at version `base`.
pub(super) fn update(
    conn: &mut Conn,
    ctx: &Ctx,
    id: CannedResponseId,
    base: Option<i32>,
    patch: &CannedResponsePatch,
    words: Option<Vec<String>>,
) -> QueryResult<Option<CannedResponse>> {
    let (oldest, newest) = base.map_or((i32::MIN, i32::MAX), |version| (version, version));
    let target = scope(ctx, Action::Update)
        .filter(canned_responses::deleted_at.is_null())
        .filter(canned_responses::id.eq(id))
        .filter(canned_responses::version.between(oldest, newest));
    let moved = (
        canned_responses::version.eq(canned_responses::version + 1),
        canned_responses::updated_at.eq(ctx.now),
        canned_responses::updated_by.eq(ctx.actor.user),
        words.map(|words| canned_responses::search.eq(array_to_tsvector(words))),
    );
    diesel::update(target)
        .set((patch, moved))
        .returning(CannedResponse::as_returning())
        .recorded::<CannedResponse>(ctx, Verb::Updated)
        .get_result(conn)
        .optional()
}

/// Archives a living one, or restores an archived one.
pub(super) fn set_archived(
    conn: &mut Conn,
    ctx: &Ctx,
    id: CannedResponseId,
    base: Option<i32>,
    archived: bool,
) -> QueryResult<Option<CannedResponse>> {
    let (oldest, newest) = base.map_or((i32::MIN, i32::MAX), |version| (version, version));
    let (verb, at) = if archived { (Verb::Deleted, Some(ctx.now)) } else { (Verb::Restored, None) };
    let target = scope(ctx, Action::Delete)
        .filter(canned_responses::deleted_at.is_null().eq(archived))
        .filter(canned_responses::id.eq(id))
        .filter(canned_responses::version.between(oldest, newest));
    let moved = (
        canned_responses::deleted_at.eq(at),
        canned_responses::version.eq(canned_responses::version + 1),
        canned_responses::updated_at.eq(ctx.now),
        canned_responses::updated_by.eq(ctx.actor.user),
    );
    diesel::update(target)
        .set(moved)
        .returning(CannedResponse::as_returning())
        .recorded::<CannedResponse>(ctx, verb)
        .get_result(conn)
        .optional()
}

pub(super) fn delete(conn: &mut Conn, ctx: &Ctx, id: CannedResponseId) -> QueryResult<Option<CannedResponse>> {
    diesel::delete(scope(ctx, Action::Purge).filter(canned_responses::id.eq(id)))
        .returning(CannedResponse::as_returning())
        .recorded::<CannedResponse>(ctx, Verb::Purged)
        .get_result(conn)
        .optional()
}

/// Name and address of whoever answers.
pub(super) fn answerer(conn: &mut Conn, ctx: &Ctx) -> QueryResult<(String, String)> {
    users::table.find((ctx.tenant, ctx.actor.user)).select((users::display_name, users::email)).first(conn)
}

impl Batch for CannedResponse {
    fn find(conn: &mut Conn, ctx: &Ctx, id: CannedResponseId) -> Result<Self> {
        find(conn, ctx, id)
    }
    fn batch(conn: &mut Conn, tenant: TenantId, ids: &[CannedResponseId]) -> Result<Vec<Self>> {
        Ok(canned_responses::table
            .filter(canned_responses::tenant_id.eq(tenant))
            .filter(canned_responses::deleted_at.is_null())
            .filter(canned_responses::id.eq_any(ids))
            .select(CannedResponse::as_select())
            .load(conn)?)
    }
}
