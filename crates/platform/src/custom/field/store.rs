//! The queries of a definition. `scope` is the only way in.
use super::{FieldDef, FieldDefPatch, NewFieldDef};
use crate::schema::field_defs;
use crate::search::{Words, array_to_tsvector};
use crate::{Conn, Listing, Record as _};
use chrono::{DateTime, Utc};
use diesel::dsl::{AsExprOf, auto_type};
use diesel::prelude::*;
use diesel::result::QueryResult;
use diesel::sql_types::Bool;
use kernel::custom::Type;
use kernel::event::Verb;
use kernel::{Action, Ctx, FieldDefId, OptionSetId, Page, Reach, Result, TenantId, UserId};

/// The definitions of the tenant, for an actor who may do `action`; archived ones too.
#[auto_type]
fn scope(ctx: &Ctx, action: Action) -> _ {
    let tenant: TenantId = ctx.tenant;
    let open: AsExprOf<bool, Bool> =
        (ctx.reach::<FieldDef>(Action::Read).min(ctx.reach::<FieldDef>(action)) > Reach::None).into_sql::<Bool>();
    field_defs::table.filter(field_defs::tenant_id.eq(tenant)).filter(open)
}

/// Of this noun, living.
pub fn find(conn: &mut Conn, ctx: &Ctx, object: &str, id: FieldDefId) -> Result<FieldDef> {
    let target =
        scope(ctx, Action::Read).filter(field_defs::deleted_at.is_null()).filter(field_defs::object.eq(object));
    Ok(target.filter(field_defs::id.eq(id)).select(FieldDef::as_select()).first(conn)?)
}

/// Whether living or archived.
pub(super) fn find_any(conn: &mut Conn, ctx: &Ctx, object: &str, id: FieldDefId) -> QueryResult<FieldDef> {
    let target = scope(ctx, Action::Read).filter(field_defs::id.eq(id)).filter(field_defs::object.eq(object));
    target.select(FieldDef::as_select()).first(conn)
}

pub fn list(conn: &mut Conn, ctx: &Ctx, object: &str, listing: &Listing<field_defs::table>) -> Result<Page<FieldDef>> {
    let of = || scope(ctx, Action::Read).filter(field_defs::object.eq(object));
    listing.page(
        conn,
        ctx,
        |conn, ask| {
            let page = of().filter(ask.matching()).order(ask.order()).limit(ask.limit());
            page.select((FieldDef::as_select(), ask.keys())).load(conn)
        },
        |ask| of().filter(ask.matching()).select(field_defs::id),
        |field| &field.key,
    )
}

pub(super) fn insert(conn: &mut Conn, ctx: &Ctx, object: &str, new: &NewFieldDef) -> QueryResult<FieldDef> {
    let given = (
        field_defs::tenant_id.eq(ctx.tenant),
        field_defs::id.eq(new.id.unwrap_or_else(FieldDefId::new)),
        (field_defs::created_at.eq(ctx.now), field_defs::updated_at.eq(ctx.now)),
        (field_defs::created_by.eq(ctx.actor.user), field_defs::updated_by.eq(ctx.actor.user)),
        (field_defs::object.eq(object), field_defs::holds.eq(new.r#type.name())),
        field_defs::search.eq(array_to_tsvector(Words::new().whole(&new.key).lexemes())),
    );
    diesel::insert_into(field_defs::table)
        .values((given, new))
        .returning(FieldDef::as_returning())
        .recorded::<FieldDef>(ctx, Verb::Created)
        .get_result(conn)
}

/// Nothing comes back where it may not be changed, or is no longer at version `base`.
pub(super) fn update(
    conn: &mut Conn,
    ctx: &Ctx,
    id: FieldDefId,
    base: Option<i32>,
    patch: &FieldDefPatch,
) -> QueryResult<Option<FieldDef>> {
    let (oldest, newest) = base.map_or((i32::MIN, i32::MAX), |version| (version, version));
    let target = scope(ctx, Action::Update)
        .filter(field_defs::deleted_at.is_null())
        .filter(field_defs::id.eq(id))
        .filter(field_defs::version.between(oldest, newest));
    let holds = patch.r#type.map(|holds: Type| field_defs::holds.eq(holds.name()));
    diesel::update(target)
        .set((patch, holds, moved(ctx)))
        .returning(FieldDef::as_returning())
        .recorded::<FieldDef>(ctx, Verb::Updated)
        .get_result(conn)
        .optional()
}

/// Archives a living one, or restores an archived one.
pub(super) fn set_archived(
    conn: &mut Conn,
    ctx: &Ctx,
    id: FieldDefId,
    base: Option<i32>,
    archived: bool,
) -> QueryResult<Option<FieldDef>> {
    let (oldest, newest) = base.map_or((i32::MIN, i32::MAX), |version| (version, version));
    let (verb, at) = if archived { (Verb::Deleted, Some(ctx.now)) } else { (Verb::Restored, None) };
    let target = scope(ctx, Action::Delete)
        .filter(field_defs::deleted_at.is_null().eq(archived))
        .filter(field_defs::id.eq(id))
        .filter(field_defs::version.between(oldest, newest));
    diesel::update(target)
        .set((field_defs::deleted_at.eq(at), moved(ctx)))
        .returning(FieldDef::as_returning())
        .recorded::<FieldDef>(ctx, verb)
        .get_result(conn)
        .optional()
}

#[auto_type]
fn moved(ctx: &Ctx) -> _ {
    let now: DateTime<Utc> = ctx.now;
    let user: UserId = ctx.actor.user;
    (
        field_defs::version.eq(field_defs::version + 1_i32),
        field_defs::updated_at.eq(now),
        field_defs::updated_by.eq(user),
    )
}

/// How many living ones the noun has.
pub(super) fn count(conn: &mut Conn, ctx: &Ctx, object: &str) -> QueryResult<i64> {
    let all = scope(ctx, Action::Read).filter(field_defs::deleted_at.is_null()).filter(field_defs::object.eq(object));
    all.count().get_result(conn)
}

/// Whether any of this key was archived, after a moment if one is named.
pub(super) fn was_there(
    conn: &mut Conn,
    ctx: &Ctx,
    object: &str,
    key: &str,
    since: Option<DateTime<Utc>>,
) -> QueryResult<bool> {
    let all = field_defs::table.filter(field_defs::tenant_id.eq(ctx.tenant)).filter(field_defs::object.eq(object));
    let past =
        all.filter(field_defs::key.eq(key)).filter(field_defs::deleted_at.gt(since.unwrap_or(DateTime::UNIX_EPOCH)));
    Ok(past.select(field_defs::id).first::<FieldDefId>(conn).optional()?.is_some())
}

/// The nouns whose fields offer the choices of a set.
pub(super) fn offering(conn: &mut Conn, ctx: &Ctx, set: OptionSetId) -> QueryResult<Vec<String>> {
    let all = field_defs::table.filter(field_defs::tenant_id.eq(ctx.tenant)).filter(field_defs::option_set_id.eq(set));
    let living = all.filter(field_defs::deleted_at.is_null()).order(field_defs::object);
    living.select(field_defs::object).distinct().load(conn)
}

/// Whether any field offers the choices of a set, archived ones too.
pub(crate) fn offers(conn: &mut Conn, ctx: &Ctx, set: OptionSetId) -> QueryResult<bool> {
    let all = field_defs::table.filter(field_defs::tenant_id.eq(ctx.tenant)).filter(field_defs::option_set_id.eq(set));
    Ok(all.select(field_defs::id).first::<FieldDefId>(conn).optional()?.is_some())
}

/// All definitions of a noun, archived ones too, and whether each is to have an index.
pub(crate) fn indexed(conn: &mut Conn, tenant: TenantId, object: &str) -> QueryResult<Vec<(FieldDef, bool)>> {
    let all = field_defs::table.filter(field_defs::tenant_id.eq(tenant)).filter(field_defs::object.eq(object));
    let all: Vec<FieldDef> = all.select(FieldDef::as_select()).load(conn)?;
    let wanted = |field: FieldDef| {
        let is_wanted = field.is_indexed && field.deleted_at.is_none();
        (field, is_wanted)
    };
    Ok(all.into_iter().map(wanted).collect())
}
