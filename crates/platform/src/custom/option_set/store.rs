//! The queries of an option set. `scope` is the only way in.
use super::{NewOptionSet, OptionSet, OptionSetPatch};
use crate::schema::option_sets;
use crate::search::{Words, array_to_tsvector};
use crate::{Batch, Conn, Listing, Record as _};
use chrono::{DateTime, Utc};
use diesel::dsl::{AsExprOf, auto_type};
use diesel::prelude::*;
use diesel::result::QueryResult;
use diesel::sql_types::Bool;
use kernel::event::Verb;
use kernel::{Action, Ctx, OptionSetId, Page, Reach, Result, TenantId, UserId};

/// The option sets of the tenant, for an actor who may do `action`; archived ones too.
#[auto_type]
fn scope(ctx: &Ctx, action: Action) -> _ {
    let tenant: TenantId = ctx.tenant;
    let open: AsExprOf<bool, Bool> =
        (ctx.reach::<OptionSet>(Action::Read).min(ctx.reach::<OptionSet>(action)) > Reach::None).into_sql::<Bool>();
    option_sets::table.filter(option_sets::tenant_id.eq(tenant)).filter(open)
}

pub fn find(conn: &mut Conn, ctx: &Ctx, id: OptionSetId) -> Result<OptionSet> {
    let target = scope(ctx, Action::Read).filter(option_sets::deleted_at.is_null());
    Ok(target.filter(option_sets::id.eq(id)).select(OptionSet::as_select()).first(conn)?)
}

/// Whether living or archived.
pub(super) fn find_any(conn: &mut Conn, ctx: &Ctx, id: OptionSetId) -> QueryResult<OptionSet> {
    let target = scope(ctx, Action::Read).filter(option_sets::id.eq(id));
    target.select(OptionSet::as_select()).first(conn)
}

/// The living one with this key, whoever may read it: what it offers binds everybody.
pub fn called(conn: &mut Conn, ctx: &Ctx, key: &str) -> Result<Option<OptionSet>> {
    Ok(option_sets::table
        .filter(option_sets::tenant_id.eq(ctx.tenant))
        .filter(option_sets::deleted_at.is_null())
        .filter(option_sets::key.eq(key))
        .select(OptionSet::as_select())
        .first(conn)
        .optional()?)
}

pub fn list(conn: &mut Conn, ctx: &Ctx, listing: &Listing<option_sets::table>) -> Result<Page<OptionSet>> {
    listing.page(
        conn,
        ctx,
        |conn, ask| {
            let page = scope(ctx, Action::Read).filter(ask.matching()).order(ask.order()).limit(ask.limit());
            page.select((OptionSet::as_select(), ask.keys())).load(conn)
        },
        |ask| scope(ctx, Action::Read).filter(ask.matching()).select(option_sets::id),
        |set| &set.key,
    )
}

pub(super) fn insert(conn: &mut Conn, ctx: &Ctx, new: &NewOptionSet) -> QueryResult<OptionSet> {
    let given = (
        option_sets::tenant_id.eq(ctx.tenant),
        option_sets::id.eq(new.id.unwrap_or_else(OptionSetId::new)),
        (option_sets::created_at.eq(ctx.now), option_sets::updated_at.eq(ctx.now)),
        (option_sets::created_by.eq(ctx.actor.user), option_sets::updated_by.eq(ctx.actor.user)),
        option_sets::search.eq(array_to_tsvector(words(&new.key))),
    );
    diesel::insert_into(option_sets::table)
        .values((given, new))
        .returning(OptionSet::as_returning())
        .recorded::<OptionSet>(ctx, Verb::Created)
        .get_result(conn)
}

/// Nothing comes back where it may not be changed, or is no longer at version `base`.
pub(super) fn update(
    conn: &mut Conn,
    ctx: &Ctx,
    id: OptionSetId,
    base: Option<i32>,
    patch: &OptionSetPatch,
) -> QueryResult<Option<OptionSet>> {
    let (oldest, newest) = base.map_or((i32::MIN, i32::MAX), |version| (version, version));
    let target = scope(ctx, Action::Update)
        .filter(option_sets::deleted_at.is_null())
        .filter(option_sets::id.eq(id))
        .filter(option_sets::version.between(oldest, newest));
    diesel::update(target)
        .set((patch, moved(ctx)))
        .returning(OptionSet::as_returning())
        .recorded::<OptionSet>(ctx, Verb::Updated)
        .get_result(conn)
        .optional()
}

/// Archives a living one, or restores an archived one.
pub(super) fn set_archived(
    conn: &mut Conn,
    ctx: &Ctx,
    id: OptionSetId,
    base: Option<i32>,
    archived: bool,
) -> QueryResult<Option<OptionSet>> {
    let (oldest, newest) = base.map_or((i32::MIN, i32::MAX), |version| (version, version));
    let (verb, at) = if archived { (Verb::Deleted, Some(ctx.now)) } else { (Verb::Restored, None) };
    let target = scope(ctx, Action::Delete)
        .filter(option_sets::deleted_at.is_null().eq(archived))
        .filter(option_sets::id.eq(id))
        .filter(option_sets::version.between(oldest, newest));
    diesel::update(target)
        .set((option_sets::deleted_at.eq(at), moved(ctx)))
        .returning(OptionSet::as_returning())
        .recorded::<OptionSet>(ctx, verb)
        .get_result(conn)
        .optional()
}

#[auto_type]
fn moved(ctx: &Ctx) -> _ {
    let now: DateTime<Utc> = ctx.now;
    let user: UserId = ctx.actor.user;
    (
        option_sets::version.eq(option_sets::version + 1_i32),
        option_sets::updated_at.eq(now),
        option_sets::updated_by.eq(user),
    )
}

fn words(key: &str) -> Vec<String> {
    Words::new().whole(key).lexemes()
}

impl Batch for OptionSet {
    fn find(conn: &mut Conn, ctx: &Ctx, id: OptionSetId) -> Result<Self> {
        find(conn, ctx, id)
    }
    fn batch(conn: &mut Conn, tenant: TenantId, ids: &[OptionSetId]) -> Result<Vec<Self>> {
        Ok(option_sets::table
            .filter(option_sets::tenant_id.eq(tenant))
            .filter(option_sets::deleted_at.is_null())
            .filter(option_sets::id.eq_any(ids))
            .select(OptionSet::as_select())
            .load(conn)?)
    }
}
