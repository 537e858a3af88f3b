//! The queries of a view. `scope` is the only way in; a public view is seen by all who read views.
use super::{NewView, View, ViewPatch};
use crate::schema::views;
use crate::search::{Words, array_to_tsvector};
use crate::visible::{self, Visible};
use crate::{Batch, Conn, Listing, Record as _};
use chrono::{DateTime, Utc};
use diesel::dsl::auto_type;
use diesel::prelude::*;
use diesel::result::QueryResult;
use kernel::event::Verb;
use kernel::{Action, Ctx, Page, Reach, Result, TenantId, UserId, ViewId};

/// The views of the tenant on which the actor may do `action`, archived ones too.
#[auto_type]
fn scope(ctx: &Ctx, action: Action) -> _ {
    let tenant: TenantId = ctx.tenant;
    let visible: Visible<views::table> = visible::rows(ctx, action);
    let open: bool = action == Action::Read && ctx.reach::<View>(Action::Read) > Reach::None;
    views::table.filter(views::tenant_id.eq(tenant)).filter(visible.or(views::is_public.eq(open).and(views::is_public)))
}

pub fn find(conn: &mut Conn, ctx: &Ctx, id: ViewId) -> Result<View> {
    let target = scope(ctx, Action::Read).filter(views::deleted_at.is_null());
    Ok(target.filter(views::id.eq(id)).select(View::as_select()).first(conn)?)
}

/// Whether living or archived.
pub(super) fn find_any(conn: &mut Conn, ctx: &Ctx, id: ViewId) -> QueryResult<View> {
    scope(ctx, Action::Read).filter(views::id.eq(id)).select(View::as_select()).first(conn)
}

pub fn list(conn: &mut Conn, ctx: &Ctx, listing: &Listing<views::table>) -> Result<Page<View>> {
    listing.page(
        conn,
        ctx,
        |conn, ask| {
            let page = scope(ctx, Action::Read).filter(ask.matching()).order(ask.order()).limit(ask.limit());
            page.select((View::as_select(), ask.keys())).load(conn)
        },
        |ask| scope(ctx, Action::Read).filter(ask.matching()).select(views::id),
        |view| &view.name,
    )
}

pub(super) fn insert(conn: &mut Conn, ctx: &Ctx, new: &NewView) -> QueryResult<View> {
    let given = (
        views::tenant_id.eq(ctx.tenant),
        views::id.eq(new.id.unwrap_or_else(ViewId::new)),
        views::owner_id.eq(new.owner_id.unwrap_or(ctx.actor.user)),
        (views::created_at.eq(ctx.now), views::updated_at.eq(ctx.now)),
        (views::created_by.eq(ctx.actor.user), views::updated_by.eq(ctx.actor.user)),
        views::search.eq(array_to_tsvector(words(&new.name))),
    );
    diesel::insert_into(views::table)
        .values((given, new))
        .returning(View::as_returning())
        .recorded::<View>(ctx, Verb::Created)
        .get_result(conn)
}

/// Nothing comes back where it may not be changed, or is no longer at version `base`.
pub(super) fn update(
    conn: &mut Conn,
    ctx: &Ctx,
    id: ViewId,
    base: Option<i32>,
    patch: &ViewPatch,
) -> QueryResult<Option<View>> {
    let (oldest, newest) = base.map_or((i32::MIN, i32::MAX), |version| (version, version));
    let target = scope(ctx, Action::Update)
        .filter(views::deleted_at.is_null())
        .filter(views::id.eq(id))
        .filter(views::version.between(oldest, newest));
    let search = patch.name.as_deref().map(|name| views::search.eq(array_to_tsvector(words(name))));
    diesel::update(target)
        .set((patch, search, moved(ctx)))
        .returning(View::as_returning())
        .recorded::<View>(ctx, Verb::Updated)
        .get_result(conn)
        .optional()
}

/// Archives a living one, or restores an archived one.
pub(super) fn set_archived(
    conn: &mut Conn,
    ctx: &Ctx,
    id: ViewId,
    base: Option<i32>,
    archived: bool,
) -> QueryResult<Option<View>> {
    let (oldest, newest) = base.map_or((i32::MIN, i32::MAX), |version| (version, version));
    let (verb, at) = if archived { (Verb::Deleted, Some(ctx.now)) } else { (Verb::Restored, None) };
    let target = scope(ctx, Action::Delete)
        .filter(views::deleted_at.is_null().eq(archived))
        .filter(views::id.eq(id))
        .filter(views::version.between(oldest, newest));
    diesel::update(target)
        .set((views::deleted_at.eq(at), moved(ctx)))
        .returning(View::as_returning())
        .recorded::<View>(ctx, verb)
        .get_result(conn)
        .optional()
}

/// An owner begins with one view of a list at most: whichever was said last.
pub(super) fn no_default(conn: &mut Conn, ctx: &Ctx, owner: UserId, object: &str) -> QueryResult<usize> {
    let others = views::table
        .filter(views::tenant_id.eq(ctx.tenant))
        .filter(views::owner_id.eq(owner))
        .filter(views::object.eq(object))
        .filter(views::is_default);
    diesel::update(others).set(views::is_default.eq(false)).execute(conn)
}

#[auto_type]
fn moved(ctx: &Ctx) -> _ {
    let now: DateTime<Utc> = ctx.now;
    let user: UserId = ctx.actor.user;
    (views::version.eq(views::version + 1_i32), views::updated_at.eq(now), views::updated_by.eq(user))
}

fn words(name: &str) -> Vec<String> {
    Words::new().name(name).lexemes()
}

impl Batch for View {
    fn find(conn: &mut Conn, ctx: &Ctx, id: ViewId) -> Result<Self> {
        find(conn, ctx, id)
    }
    fn batch(conn: &mut Conn, tenant: TenantId, ids: &[ViewId]) -> Result<Vec<Self>> {
        Ok(views::table
            .filter(views::tenant_id.eq(tenant))
            .filter(views::deleted_at.is_null())
            .filter(views::id.eq_any(ids))
            .select(View::as_select())
            .load(conn)?)
    }
}
