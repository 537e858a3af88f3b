//! The queries of a form. `scope` is the way of those who set it up; `open` is for whoever comes to the open door.
use super::{Form, FormPatch, NewForm};
use crate::schema::forms;
use diesel::dsl::{AsExprOf, auto_type};
use diesel::prelude::*;
use diesel::result::QueryResult;
use diesel::sql_types::Bool;
use kernel::event::Verb;
use kernel::{Action, Ctx, FormId, Page, Reach, Result, TenantId};
use platform::deed::ByName;
use platform::search::{Words, array_to_tsvector};
use platform::{Batch, Conn, Listing, Record};

#[auto_type]
fn scope(ctx: &Ctx, action: Action) -> _ {
    let tenant: TenantId = ctx.tenant;
    let open: AsExprOf<bool, Bool> =
        (ctx.reach::<Form>(Action::Read).min(ctx.reach::<Form>(action)) > Reach::None).into_sql::<Bool>();
    forms::table.filter(forms::tenant_id.eq(tenant)).filter(open)
}

pub fn find(conn: &mut Conn, ctx: &Ctx, id: FormId) -> Result<Form> {
    let living = scope(ctx, Action::Read).filter(forms::deleted_at.is_null());
    Ok(living.filter(forms::id.eq(id)).select(Form::as_select()).first(conn)?)
}

pub fn list(conn: &mut Conn, ctx: &Ctx, listing: &Listing<forms::table>) -> Result<Page<Form>> {
    listing.page(
        conn,
        ctx,
        |conn, ask| {
            let page = scope(ctx, Action::Read).filter(ask.matching()).order(ask.order()).limit(ask.limit());
            page.select((Form::as_select(), ask.keys())).load(conn)
        },
        |ask| scope(ctx, Action::Read).filter(ask.matching()).select(forms::id),
        |form| &form.name,
    )
}

/// The living forms among `ids`, in no order.
pub fn many(conn: &mut Conn, ctx: &Ctx, ids: &[FormId]) -> Result<Vec<Form>> {
    let living = scope(ctx, Action::Read).filter(forms::deleted_at.is_null());
    Ok(living.filter(forms::id.eq_any(ids)).select(Form::as_select()).load(conn)?)
}

/// The living forms with this name; several may share one, and few are enough to know.
pub(super) fn find_by(conn: &mut Conn, ctx: &Ctx, name: &ByName) -> Result<Vec<Form>> {
    let living = scope(ctx, Action::Read).filter(forms::deleted_at.is_null());
    Ok(living.filter(forms::name.eq(&name.0)).limit(10).select(Form::as_select()).load(conn)?)
}

fn words(name: &str) -> Vec<String> {
    Words::new().name(name).lexemes()
}

pub(super) fn insert(conn: &mut Conn, ctx: &Ctx, new: &NewForm) -> QueryResult<Form> {
    // made here and not by the client: the open door finds a form by its id alone
    let given = (
        forms::tenant_id.eq(ctx.tenant),
        forms::id.eq(FormId::new()),
        forms::user_id.eq(new.user_id.unwrap_or(ctx.actor.user)),
        forms::created_at.eq(ctx.now),
        forms::updated_at.eq(ctx.now),
        forms::created_by.eq(ctx.actor.user),
        forms::updated_by.eq(ctx.actor.user),
        forms::search.eq(array_to_tsvector(words(&new.name))),
    );
    diesel::insert_into(forms::table)
        .values((given, new))
        .returning(Form::as_returning())
        .recorded::<Form>(ctx, Verb::Created)
        .get_result(conn)
}

/// Nothing comes back where it may not be changed, or is no longer at version `base`.
pub(super) fn update(
    conn: &mut Conn,
    ctx: &Ctx,
    id: FormId,
    base: Option<i32>,
    patch: &FormPatch,
) -> QueryResult<Option<Form>> {
    let (oldest, newest) = base.map_or((i32::MIN, i32::MAX), |version| (version, version));
    let target = scope(ctx, Action::Update)
        .filter(forms::deleted_at.is_null())
        .filter(forms::id.eq(id))
        .filter(forms::version.between(oldest, newest));
    let moved =
        (forms::version.eq(forms::version + 1), forms::updated_at.eq(ctx.now), forms::updated_by.eq(ctx.actor.user));
    diesel::update(target)
        .set((patch, moved))
        .returning(Form::as_returning())
        .recorded::<Form>(ctx, Verb::Updated)
        .get_result(conn)
        .optional()
}

pub(super) fn set_words(conn: &mut Conn, ctx: &Ctx, one: &Form) -> QueryResult<usize> {
    diesel::update(scope(ctx, Action::Update).filter(forms::id.eq(one.id)))
        .set(forms::search.eq(array_to_tsvector(words(&one.name))))
        .execute(conn)
}

/// Archives a living form, or restores an archived one.
pub(super) fn set_archived(
    conn: &mut Conn,
    ctx: &Ctx,
    id: FormId,
    base: Option<i32>,
    archived: bool,
) -> QueryResult<Option<Form>> {
    let (oldest, newest) = base.map_or((i32::MIN, i32::MAX), |version| (version, version));
    let (verb, at) = if archived { (Verb::Deleted, Some(ctx.now)) } else { (Verb::Restored, None) };
    let target = scope(ctx, Action::Delete)
        .filter(forms::deleted_at.is_null().eq(archived))
        .filter(forms::id.eq(id))
        .filter(forms::version.between(oldest, newest));
    let moved = (
        forms::deleted_at.eq(at),
        forms::version.eq(forms::version + 1),
        forms::updated_at.eq(ctx.now),
        forms::updated_by.eq(ctx.actor.user),
    );
    diesel::update(target)
        .set(moved)
        .returning(Form::as_returning())
        .recorded::<Form>(ctx, verb)
        .get_result(conn)
        .optional()
}

pub(super) fn delete(conn: &mut Conn, ctx: &Ctx, id: FormId) -> QueryResult<Option<Form>> {
    diesel::delete(scope(ctx, Action::Purge).filter(forms::id.eq(id)))
        .returning(Form::as_returning())
        .recorded::<Form>(ctx, Verb::Purged)
        .get_result(conn)
        .optional()
}

/// The form whether living or archived.
pub(super) fn find_any(conn: &mut Conn, ctx: &Ctx, id: FormId) -> QueryResult<Form> {
    scope(ctx, Action::Read).filter(forms::id.eq(id)).select(Form::as_select()).first(conn)
}

/// One that is published, of whatever tenant: whoever is at the door names nothing but its id.
pub fn open(conn: &mut Conn, id: FormId) -> QueryResult<Option<(TenantId, Form)>> {
    forms::table
        .filter(forms::id.eq(id))
        .filter(forms::status.eq("published"))
        .filter(forms::deleted_at.is_null())
        .select((forms::tenant_id, Form::as_select()))
        .first(conn)
        .optional()
}

impl Batch for Form {
    fn find(conn: &mut Conn, ctx: &Ctx, id: FormId) -> Result<Self> {
        find(conn, ctx, id)
    }
    fn batch(conn: &mut Conn, tenant: TenantId, ids: &[FormId]) -> Result<Vec<Self>> {
        Ok(forms::table
            .filter(forms::tenant_id.eq(tenant))
            .filter(forms::deleted_at.is_null())
            .filter(forms::id.eq_any(ids))
            .select(Form::as_select())
            .load(conn)?)
    }
}
